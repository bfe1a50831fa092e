// Package remote is what the command line does with a cluster over the network: any that
// speaks Kafka's protocol. Each command writes what Kafka's own tool of that purpose
// would write, and an error that says what to do.
package remote

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// Options say which cluster, and who asks.
type Options struct {
	Servers   []string // host:port, any brokers of the cluster
	Timeout   time.Duration
	ClientID  string
	User      string // SASL user; empty: no SASL
	Password  string
	Mechanism string // PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
	TLS       bool
	CAFile    string // PEM of who signed the brokers' certificates; empty: the system's
}

// Mechanisms are the SASL mechanisms that Options.Mechanism may name.
var Mechanisms = []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}

// timeoutLeast is as soon as an answer can be given up.
const timeoutLeast = 100 * time.Millisecond

// Opt is an option of the client for one command.
type Opt = kgo.Opt

// Cluster is a connection to a cluster.
type Cluster struct {
	client *kgo.Client
	admin  *kadm.Client
	opts   Options
}

// Dial connects.
func Dial(ctx context.Context, o Options, more ...Opt) (*Cluster, error) {
	if o.Timeout < timeoutLeast {
		return nil, fmt.Errorf("--timeout %s: it is at least %s", o.Timeout, timeoutLeast)
	}
	opts := []kgo.Opt{
		kgo.SeedBrokers(o.Servers...),
		kgo.ClientID(o.ClientID),
		kgo.DialTimeout(o.Timeout),
		kgo.RetryTimeout(o.Timeout),
		kgo.RequestTimeoutOverhead(o.Timeout),
		kgo.MetadataMinAge(250 * time.Millisecond),
	}
	if o.TLS || o.CAFile != "" {
		config, err := tlsConfig(o.CAFile)
		if err != nil {
			return nil, err
		}
		opts = append(opts, kgo.DialTLSConfig(config), kgo.DialTimeout(o.Timeout))
	}
	if o.User != "" {
		mechanism, err := mechanism(o)
		if err != nil {
			return nil, err
		}
		opts = append(opts, kgo.SASL(mechanism))
	}
	client, err := kgo.NewClient(append(opts, more...)...)
	if err != nil {
		return nil, fmt.Errorf("these options do not go together: %w", err)
	}
	c := &Cluster{client: client, admin: kadm.NewClient(client), opts: o}
	c.admin.SetTimeoutMillis(int32(o.Timeout.Milliseconds()))
	ping, stop := context.WithTimeout(ctx, o.Timeout)
	defer stop()
	if err := client.Ping(ping); err != nil {
		client.Close()
		return nil, c.explain(err)
	}
	return c, nil
}

// Close ends the connection; records not yet sent are lost.
func (c *Cluster) Close() { c.client.Close() }

func tlsConfig(file string) (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if file == "" {
		return config, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--tls-ca: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("--tls-ca: %s holds no certificate in PEM form", file)
	}
	return config, nil
}

func mechanism(o Options) (sasl.Mechanism, error) {
	switch o.Mechanism {
	case "PLAIN":
		return plain.Auth{User: o.User, Pass: o.Password}.AsMechanism(), nil
	case "SCRAM-SHA-256":
		return scram.Auth{User: o.User, Pass: o.Password}.AsSha256Mechanism(), nil
	case "SCRAM-SHA-512":
		return scram.Auth{User: o.User, Pass: o.Password}.AsSha512Mechanism(), nil
	}
	return nil, fmt.Errorf("no SASL mechanism called %q: there are %s", o.Mechanism, strings.Join(Mechanisms, ", "))
}

// explain turns an error of the client's into one that says what to do.
func (c *Cluster) explain(err error) error {
	var dial *net.OpError
	servers := strings.Join(c.opts.Servers, ", ")
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &dial) && dial.Op == "dial":
		return fmt.Errorf("no broker answers at %s (%w). Start one with `partita serve`, or name another with --bootstrap-server", servers, dial.Err)
	case errors.Is(err, kerr.SaslAuthenticationFailed):
		return fmt.Errorf("the broker refuses user %q: check --user and --password (%w)", c.opts.User, err)
	case errors.Is(err, kerr.IllegalSaslState) || errors.Is(err, kerr.UnsupportedSaslMechanism):
		return fmt.Errorf("the broker does not know users, or not by %s: leave out --user, or choose another --sasl-mechanism (%w)", c.opts.Mechanism, err)
	case strings.Contains(err.Error(), "closed the connection immediately"):
		hint := "does it want TLS (--tls) or a user (--user and --password)?"
		if c.opts.TLS || c.opts.CAFile != "" {
			hint = "it may not speak TLS: leave out --tls"
		}
		return fmt.Errorf("%s closed the connection at once: %s", servers, hint)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %s. Is it a Kafka port, and does it want TLS or a SASL user? --timeout waits longer", servers, c.opts.Timeout)
	}
	return explainCode(err)
}

// advice is what to do about Kafka's errors.
var advice = map[*kerr.Error]string{
	kerr.UnknownTopicOrPartition:    "there is no such topic: `partita topics list` shows which there are",
	kerr.TopicAlreadyExists:         "there is such a topic already: choose another name, or change it with `partita topics alter`",
	kerr.InvalidTopicException:      "that is no name for a topic: 1 to 249 of a-z, A-Z, 0-9, dot, underscore and hyphen",
	kerr.InvalidPartitions:          "that many partitions cannot be: at least 1, and never fewer than there are",
	kerr.InvalidReplicationFactor:   "the cluster has fewer brokers than that",
	kerr.InvalidConfig:              "a setting is unknown, or its value is not allowed",
	kerr.GroupIDNotFound:            "there is no such group: `partita groups list` shows which there are",
	kerr.NonEmptyGroup:              "the group has members: stop its consumers first",
	kerr.UnknownMemberID:            "the group has members: stop its consumers first",
	kerr.TopicAuthorizationFailed:   "you may not do that with this topic: an ACL is missing, or you are not who you think (--user)",
	kerr.GroupAuthorizationFailed:   "you may not do that with this group: an ACL is missing, or you are not who you think (--user)",
	kerr.MessageTooLarge:            "the record is larger than the topic's max.message.bytes",
	kerr.NotEnoughReplicas:          "fewer replicas are in sync than min.insync.replicas asks for",
	kerr.ClusterAuthorizationFailed: "you may not do that with this cluster: an ACL is missing, or you are not who you think (--user)",
}

func explainCode(err error) error {
	var code *kerr.Error
	if errors.As(err, &code) {
		if what := advice[code]; what != "" {
			return fmt.Errorf("%s: %s", code.Message, what)
		}
		return fmt.Errorf("%s: %s", code.Message, strings.TrimSuffix(strings.ToLower(code.Description[:1])+code.Description[1:], "."))
	}
	return err
}
