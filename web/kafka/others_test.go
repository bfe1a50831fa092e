package kafka

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// clients are programs in testdata that speak through a client library of another
// language. Each has the verbs "codecs" and "group".
var clients = map[string][]string{
	"librdkafka":   {"/usr/bin/python3", "testdata/confluent.py"},
	"librdkafka-2": {"/usr/bin/python3", "testdata/confluent.py"}, // newer than Debian's
	"kafka-python": {"/usr/bin/python3", "testdata/kafkapython.py"},
	"kafkajs":      {"node", "testdata/kafkajs.mjs"},
}

// program is a client's command line.
func (p *place) program(client, topic, verb string) []string {
	ui, err := filepath.Abs("../ui") // where npm's packages are
	if err != nil {
		p.t.Fatal(err)
	}
	env := []string{"env", "PARTITA_UI=" + ui, "PARTITA_CLIENT=" + client}
	if client == newest {
		env = append(env, "PYTHONPATH="+newestDir(p.t))
	}
	return append(env, append(clients[client], p.Addr(), topic, verb)...)
}

// newest is the client that go run ./cmd/check clients installs from Python's package
// index.
const newest = "librdkafka-2"

// newestDir is where that is.
func newestDir(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	found, _ := filepath.Glob(filepath.Join(cache, "partita", "confluent-kafka-2.*"))
	if len(found) == 0 {
		t.Fatal("the newest librdkafka is missing: go run ./cmd/check clients installs it")
	}
	return found[len(found)-1]
}

// client runs a client to its end.
func (p *place) client(client, topic, verb string) {
	p.t.Helper()
	args := p.program(client, topic, verb)
	if out := run(p.t, "", args[0], args[1:]...); !strings.HasSuffix(out, "done\n") {
		p.t.Errorf("%s said %q", client, out)
	}
}

// TestCodecsOfOthers: each client reads what it sent with every codec that it has.
func TestCodecsOfOthers(t *testing.T) {
	p := start(t)
	for name := range clients {
		t.Run(name, func(t *testing.T) {
			p := &place{t, p.rooms, p.Server, p.log}
			p.topic(name + " partitions=1")
			p.client(name, name, "codecs")
		})
	}
}

// TestLibrdkafkaTransactions: what librdkafka commits is read, what it aborts is not.
func TestLibrdkafkaTransactions(t *testing.T) {
	p := start(t)
	p.topic("txn partitions=1")
	p.client("librdkafka", "txn", "txn")
}

// TestLibrdkafkaAdmin: librdkafka's admin client makes, describes, changes and deletes.
func TestLibrdkafkaAdmin(t *testing.T) {
	p := start(t)
	p.client(newest, "administered", "admin")
}

// TestLibrdkafkaFenced: a producer whose transactional id another has taken is told so, for
// good, and what it wrote is aborted.
func TestLibrdkafkaFenced(t *testing.T) {
	p := start(t)
	for _, name := range []string{"librdkafka", newest} {
		p.topic(name + " partitions=1")
		p.client(name, name, "fenced")
	}
}
