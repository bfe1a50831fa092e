package kafka

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"partita/engine/sim"
)

// TestSASL: who proves who they are comes to the room of their name, by each mechanism;
// a wrong password and no password at all do not come in.
func TestSASL(t *testing.T) {
	p := startWith(t, 1, Config{Users: map[string]string{"class": "secret", "class/ann": "her, own=secret"}})
	good := map[string]sasl.Mechanism{
		"plain":    plain.Auth{User: "class", Pass: "secret"}.AsMechanism(),
		"member":   plain.Auth{User: "class/ann", Pass: "her, own=secret"}.AsMechanism(),
		"scram256": scram.Auth{User: "class", Pass: "secret"}.AsSha256Mechanism(),
		"scram512": scram.Auth{User: "class/ann", Pass: "her, own=secret"}.AsSha512Mechanism(),
	}
	for name, m := range good {
		if err := p.franz(kgo.SASL(m), kgo.DefaultProduceTopic("of-"+name), kgo.AllowAutoTopicCreation()).ProduceSync(within(t), kgo.StringRecord("x")).FirstErr(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, ok := p.rooms.Find("class")
	if !ok {
		t.Fatal("there is no room class")
	}
	h.Look(func(w *sim.World) {
		for name := range good {
			if _, ok := w.Engine().Topic("of-" + name); !ok {
				t.Errorf("the record of %s is not in the room", name)
			}
		}
	})
	p.main().Look(func(w *sim.World) {
		if _, ok := w.Engine().Topic("of-plain"); ok {
			t.Error("the record came to the main room")
		}
	})
	for name, m := range map[string]sasl.Mechanism{
		"plain": plain.Auth{User: "class", Pass: "Secret"}.AsMechanism(), "unknown": plain.Auth{User: "other", Pass: "secret"}.AsMechanism(),
		"scram": scram.Auth{User: "class", Pass: "Secret"}.AsSha256Mechanism(), "scram unknown": scram.Auth{User: "other", Pass: "secret"}.AsSha512Mechanism(),
	} {
		if err := p.franz(kgo.SASL(m)).Ping(within(t)); !errors.Is(err, kerr.SaslAuthenticationFailed) {
			t.Errorf("%s with a wrong password: %v", name, err)
		}
	}
	r := p.dial()
	r.send(kmsg.NewPtrMetadataRequest())
	if err := r.take(1, kmsg.NewPtrMetadataResponse()); err == nil {
		t.Error("a client without a password was answered")
	}
	if text := p.kcat("", "-L", "-X", "security.protocol=SASL_PLAINTEXT", "-X", "sasl.mechanisms=SCRAM-SHA-256", "-X", "sasl.username=class", "-X", "sasl.password=secret"); !strings.Contains(text, "of-plain") {
		t.Errorf("kcat -L says %s", text)
	}
}

// TestScramCredentials: a user that is made by request can come in, until it is deleted.
func TestScramCredentials(t *testing.T) {
	p := startWith(t, 1, Config{Users: map[string]string{"main": "secret"}})
	admin := kadm.NewClient(p.franz(kgo.SASL(plain.Auth{User: "main", Pass: "secret"}.AsMechanism())))
	made, err := admin.AlterUserSCRAMs(within(t), nil, []kadm.UpsertSCRAM{{User: "main/bob", Mechanism: kadm.ScramSha512, Iterations: 4096, Password: "bob's"}})
	if err != nil || made.Error() != nil {
		t.Fatal(err, made.Error())
	}
	bob := func() error {
		return p.franz(kgo.SASL(scram.Auth{User: "main/bob", Pass: "bob's"}.AsSha512Mechanism())).Ping(within(t))
	}
	if err := bob(); err != nil {
		t.Error(err)
	}
	if all, err := admin.DescribeUserSCRAMs(within(t), "main/bob", "nobody"); err != nil || len(all["main/bob"].CredInfos) != 1 || !errors.Is(all["nobody"].Err, kerr.ResourceNotFound) {
		t.Errorf("described: %v, %+v", err, all)
	}
	if gone, err := admin.AlterUserSCRAMs(within(t), []kadm.DeleteSCRAM{{User: "main/bob", Mechanism: kadm.ScramSha512}}, nil); err != nil || gone.Error() != nil {
		t.Error(err, gone)
	}
	if err := bob(); !errors.Is(err, kerr.SaslAuthenticationFailed) {
		t.Errorf("a deleted user: %v", err)
	}
}

// TestTLS: connections are encrypted with the server's certificate.
func TestTLS(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	p := startWith(t, 1, Config{TLS: &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert}, PrivateKey: key}}},
		Users: map[string]string{"main": "secret"}})
	parsed, _ := x509.ParseCertificate(cert)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	p.topic("private partitions=1")
	c := p.franz(kgo.DialTLSConfig(&tls.Config{RootCAs: roots}), kgo.SASL(scram.Auth{User: "main", Pass: "secret"}.AsSha512Mechanism()), kgo.DefaultProduceTopic("private"), kgo.ConsumeTopics("private"))
	if err := c.ProduceSync(within(t), kgo.StringRecord(strings.Repeat("x", 10_000))).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if got := take(t, c, 1); len(got[0].Value) != 10_000 {
		t.Errorf("%d bytes came", len(got[0].Value))
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600); err != nil {
		t.Fatal(err)
	}
	safe := []string{"-X", "security.protocol=SASL_SSL", "-X", "sasl.mechanisms=SCRAM-SHA-256", "-X", "sasl.username=main", "-X", "sasl.password=secret", "-X", "ssl.ca.location=" + file}
	p.kcat("hello\n", append(safe, "-P", "-t", "private")...)
	if text := p.kcat("", append(safe, "-C", "-t", "private", "-o", "1", "-e")...); text != "hello\n" {
		t.Errorf("kcat read %q", text)
	}
	r := p.dial() // without TLS
	r.send(kmsg.NewPtrApiVersionsRequest())
	if err := r.take(1, kmsg.NewPtrApiVersionsResponse()); err == nil {
		t.Error("a connection without TLS was answered")
	}
}

// TestOnlyThisMachine: without passwords nobody from outside comes in, unless asked for.
func TestOnlyThisMachine(t *testing.T) {
	_, rooms := pipes(t)
	for addr, config := range map[string]Config{"0.0.0.0:0": {}, ":0": {}, "[::]:0": {}} {
		config.Addr = addr
		if err := New(rooms, config).Listen(); err == nil || !strings.Contains(err.Error(), "--kafka-users") {
			t.Errorf("%s: %v", addr, err)
		}
	}
	s := New(rooms, Config{Addr: "0.0.0.0:0", Open: true})
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	s.Close(t.Context())
}
