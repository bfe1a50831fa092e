package kafka

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl/plain"

	"partita/engine"
	"partita/engine/sim"
)

// guarded is a place where users may do what rules allow, and user main everything.
func guarded(t *testing.T) *place {
	return startWith(t, 1, Config{Users: map[string]string{"main": "m", "main/ann": "a", "main/bob": "b"}},
		engine.ConfigEntry{Name: "authorizer.class.name", Value: "StandardAuthorizer"},
		engine.ConfigEntry{Name: "super.users", Value: sim.Admin + ";User:main"})
}

// as makes a client of a user, which does not try for long what is refused.
func (p *place) as(user string, options ...kgo.Opt) *kgo.Client {
	p.t.Helper()
	name := user[strings.LastIndexByte(user, '/')+1:]
	return p.franz(append(options, kgo.SASL(plain.Auth{User: user, Pass: name[:1]}.AsMechanism()), kgo.MetadataMinAge(50*time.Millisecond))...)
}

// allow has user main make one rule.
func (p *place) allow(b *kadm.ACLBuilder) {
	p.t.Helper()
	made, err := kadm.NewClient(p.as("main")).CreateACLs(within(p.t), b)
	if err != nil || len(made) == 0 || made[0].Err != nil {
		p.t.Fatal(err, made)
	}
}

// TestAccessRules: without a rule a user may do nothing; rules allow to write, to read, to
// be in a group and to use a transactional id; one that denies goes before all others.
func TestAccessRules(t *testing.T) {
	p := guarded(t)
	ctx := within(t)
	p.topic("ledger partitions=1")
	ann := func(options ...kgo.Opt) *kgo.Client {
		return p.as("main/ann", append(options, kgo.DefaultProduceTopic("ledger"), kgo.RecordRetries(3), kgo.UnknownTopicRetries(1), kgo.KeepRetryableFetchErrors())...)
	}
	send := func() error { return ann(withoutID()...).ProduceSync(ctx, kgo.StringRecord("x")).FirstErr() }
	read := func(options ...kgo.Opt) error {
		c := p.as("main/bob", append(options, kgo.ConsumeTopics("ledger"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
		defer c.CloseAllowingRebalance()
		f := c.PollFetches(ctx)
		return f.Err()
	}
	expect := func(what string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	topic := func(user string) *kadm.ACLBuilder {
		return kadm.NewACLs().Topics("ledger").Allow("User:" + user).AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral)
	}

	expect("writing without a rule", send(), kerr.TopicAuthorizationFailed)
	p.allow(topic("main/ann").Operations(kadm.OpWrite))
	expect("writing", send(), nil)
	expect("reading without a rule", read(), kerr.TopicAuthorizationFailed)
	p.allow(kadm.NewACLs().Topics("led").Allow("User:main/bob").AllowHosts().ResourcePatternType(kadm.ACLPatternPrefixed).Operations(kadm.OpRead))
	expect("reading", read(), nil)
	expect("in a group without a rule", read(kgo.ConsumerGroup("team")), kerr.GroupAuthorizationFailed)
	p.allow(kadm.NewACLs().Groups("team").Allow("User:main/bob").AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpRead))
	expect("in a group", read(kgo.ConsumerGroup("team")), nil)

	txn := func() error {
		c := ann(kgo.TransactionalID("till"))
		if err := c.BeginTransaction(); err != nil {
			return err
		}
		if err := c.ProduceSync(ctx, kgo.StringRecord("t")).FirstErr(); err != nil {
			return err
		}
		return c.EndTransaction(ctx, kgo.TryCommit)
	}
	expect("a transaction without a rule", txn(), kerr.TransactionalIDAuthorizationFailed)
	p.allow(kadm.NewACLs().TransactionalIDs("till").Allow("User:main/ann").AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpWrite))
	expect("a transaction", txn(), nil)

	admin := kadm.NewClient(ann())
	made, err := admin.CreateTopics(ctx, 1, 1, nil, "other")
	if err != nil || !errors.Is(made["other"].Err, kerr.TopicAuthorizationFailed) {
		t.Errorf("a topic made without a rule: %v, %+v", err, made)
	}
	if listed, err := admin.ListTopics(ctx); err != nil || len(listed) != 1 || !listed.Has("ledger") {
		t.Errorf("topics that ann sees: %v, %v", err, listed.Names())
	}
	if _, err := admin.CreateACLs(ctx, topic("main/ann").Operations(kadm.OpAll)); err == nil {
		described, err := admin.DescribeACLs(ctx, kadm.NewACLs().AnyResource().Allow().AllowHosts().Operations().ResourcePatternType(kadm.ACLPatternAny))
		if err == nil && len(described) > 0 && described[0].Err == nil {
			t.Errorf("ann may look at the rules: %+v", described)
		}
	}

	p.allow(kadm.NewACLs().Topics("*").Deny("User:main/ann").DenyHosts().ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpWrite))
	expect("writing against a rule that denies", send(), kerr.TopicAuthorizationFailed)
	gone, err := kadm.NewClient(p.as("main")).DeleteACLs(ctx, kadm.NewACLs().AnyResource().Deny().DenyHosts().Operations().ResourcePatternType(kadm.ACLPatternAny))
	if err != nil || len(gone) == 0 || len(gone[0].Deleted) != 1 {
		t.Errorf("deleted: %v, %+v", err, gone)
	}
	expect("writing again", send(), nil)

	out, err := p.refusedKcat("-P", "-t", "ledger", "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanisms=PLAIN",
		"-X", "sasl.username=main/bob", "-X", "sasl.password=b", "-X", "message.timeout.ms=5000")
	if err == nil || !strings.Contains(out, "authorization failed") {
		t.Errorf("kcat without a rule: %v, %s", err, out)
	}
}

// refusedKcat sends one record with kcat and gives what it says about that.
func (p *place) refusedKcat(args ...string) (string, error) {
	cmd := exec.CommandContext(within(p.t), "kcat", append([]string{"-b", p.Addr()}, args...)...)
	cmd.Stdin = strings.NewReader("x\n")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestNoRules: where clients have users and nobody is named a super user, everybody may do
// what no rule is about.
func TestNoRules(t *testing.T) {
	p := startWith(t, 1, Config{Users: map[string]string{"main": "m", "main/ann": "a"}},
		engine.ConfigEntry{Name: "authorizer.class.name", Value: "StandardAuthorizer"},
		engine.ConfigEntry{Name: "super.users", Value: sim.Admin},
		engine.ConfigEntry{Name: "allow.everyone.if.no.acl.found", Value: "true"})
	p.topic("open partitions=1")
	send := func(user string) error {
		return p.as(user, kgo.DefaultProduceTopic("open"), kgo.UnknownTopicRetries(1), kgo.RecordRetries(2)).ProduceSync(within(t), kgo.StringRecord("x")).FirstErr()
	}
	if err := send("main/ann"); err != nil {
		t.Error(err)
	}
	p.allow(kadm.NewACLs().Topics("open").Allow("User:main").AllowHosts().ResourcePatternType(kadm.ACLPatternLiteral).Operations(kadm.OpWrite))
	if err := send("main/ann"); !errors.Is(err, kerr.TopicAuthorizationFailed) {
		t.Errorf("with a rule for somebody else: %v", err)
	}
	if err := send("main"); err != nil {
		t.Error(err)
	}
}

// throttles collects how long brokers throttled a client.
type throttles struct {
	mu  sync.Mutex
	all []time.Duration
}

func (h *throttles) OnBrokerThrottle(_ kgo.BrokerMetadata, d time.Duration, after bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if after && d > 0 {
		h.all = append(h.all, d)
	}
}

func (h *throttles) longest() (most time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range h.all {
		most = max(most, d)
	}
	return most
}

// TestQuotas: a client over its quota is told to wait, when it produces and when it
// fetches, and one without a quota is not.
func TestQuotas(t *testing.T) {
	p := start(t)
	p.topic("metered partitions=1")
	ctx := within(t)
	admin := kadm.NewClient(p.franz())
	entity := kadm.ClientQuotaEntity{{Type: "client-id", Name: kadm.StringPtr("busy")}}
	set := func(op ...kadm.AlterClientQuotaOp) {
		t.Helper()
		altered, err := admin.AlterClientQuotas(ctx, []kadm.AlterClientQuotaEntry{{Entity: entity, Ops: op}})
		if err != nil || len(altered) != 1 || altered[0].Err != nil {
			t.Fatal(err, altered)
		}
	}
	set(kadm.AlterClientQuotaOp{Key: "producer_byte_rate", Value: 100_000}, kadm.AlterClientQuotaOp{Key: "consumer_byte_rate", Value: 100_000})
	described, err := admin.DescribeClientQuotas(ctx, true, []kadm.DescribeClientQuotaComponent{{Type: "client-id", MatchName: kadm.StringPtr("busy"), MatchType: kmsg.QuotasMatchTypeExact}})
	if err != nil || len(described) != 1 || len(described[0].Values) != 2 || described[0].Values[0].Value != 100_000 {
		t.Errorf("described: %v, %+v", err, described)
	}
	client := func(name string) (*kgo.Client, *throttles) {
		h := &throttles{}
		return p.franz(kgo.ClientID(name), kgo.WithHooks(h), kgo.DefaultProduceTopic("metered"), kgo.ConsumeTopics("metered"),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.ProducerBatchCompression(kgo.NoCompression())), h
	}
	const size = 900_000 // of one record: bytes for some 9 s, of which 10 s are measured
	value := []byte(strings.Repeat("x", size))
	for _, name := range []string{"idle", "busy"} {
		c, told := client(name)
		for range 2 {
			if err := c.ProduceSync(ctx, &kgo.Record{Value: value}).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
		if throttled := told.longest() > 0; throttled != (name == "busy") {
			t.Errorf("%s produced and was throttled for %v", name, told.longest())
		}
	}
	set(kadm.AlterClientQuotaOp{Key: "producer_byte_rate", Remove: true})
	for _, name := range []string{"idle", "busy"} {
		c, told := client(name)
		poll, stop := context.WithCancel(ctx)
		go func() {
			for poll.Err() == nil {
				c.PollFetches(poll)
			}
		}()
		for limit := time.After(3 * time.Second); told.longest() == 0 && name == "busy"; {
			select {
			case <-time.After(10 * time.Millisecond):
				continue
			case <-limit:
				t.Error("busy fetched and was never throttled")
			}
			break
		}
		if stop(); name == "idle" && told.longest() > 0 {
			t.Errorf("idle fetched and was throttled for %v", told.longest())
		}
	}
}
