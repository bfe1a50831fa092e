package referee

import (
	"fmt"
	"strings"
	"testing"
)

// TestToolRecords: what kafka-console-producer writes, kafka-console-consumer and
// kafka-get-offsets read, with keys, headers and partitions; kafka-delete-records deletes.
func TestToolRecords(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "console", "--partitions", "1")
	same(t, "h:1\tk1\tone\nh:2\tk2\ttwo\nh:3\tk1\tthree\n", "kafka-console-producer", "--topic", "console",
		"--reader-property", "parse.key=true", "--reader-property", "parse.headers=true", "--compression-codec", "zstd")
	same(t, "", "kafka-console-consumer", "--topic", "console", "--from-beginning", "--max-messages", "3",
		"--formatter-property", "print.key=true", "--formatter-property", "print.partition=true", "--formatter-property", "print.offset=true", "--formatter-property", "print.headers=true")
	same(t, "", "kafka-get-offsets", "--topic", "console")
	same(t, "", "kafka-get-offsets", "--topic", "console", "--time", "earliest")
}

// TestToolGroups: kafka-consumer-groups describes, resets and deletes.
func TestToolGroups(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "grouped", "--partitions", "2")
	same(t, lines(10), "kafka-console-producer", "--topic", "grouped", "--reader-property", "parse.key=true")
	for _, protocol := range []string{"classic", "consumer"} {
		same(t, "", "kafka-console-consumer", "--topic", "grouped", "--group", "tool-"+protocol, "--from-beginning", "--max-messages", "10", "--consumer-property", "group.protocol="+protocol)
		same(t, "", "kafka-consumer-groups", "--describe", "--group", "tool-"+protocol, "--offsets", "--state")
	}
	same(t, "", "kafka-consumer-groups", "--describe", "--group", "tool-classic")
	same(t, "", "kafka-consumer-groups", "--describe", "--group", "tool-consumer", "--members", "--verbose")
	same(t, "", "kafka-consumer-groups", "--reset-offsets", "--group", "tool-classic", "--topic", "grouped:0", "--shift-by", "-1", "--execute")
	same(t, "", "kafka-consumer-groups", "--delete", "--group", "tool-classic", "--group", "nobody")
	same(t, "", "kafka-consumer-groups", "--describe", "--group", "tool-classic")
}

// lines are records with keys, one a line.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d\tv%d\n", i, i)
	}
	return b.String()
}

// TestToolSettings: kafka-configs describes and changes settings of topics and users.
func TestToolSettings(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "set", "--config", "retention.ms=1000000")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", "set", "--add-config", "segment.ms=60000,cleanup.policy=[delete,compact]", "--delete-config", "retention.ms")
	same(t, "", "kafka-configs", "--describe", "--entity-type", "topics", "--entity-name", "set")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", "set", "--add-config", "segment.ms=soon")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "topics", "--entity-name", "set", "--add-config", "no.such.thing=1")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "users", "--entity-name", "alice", "--add-config", "producer_byte_rate=1000000")
	same(t, "", "kafka-configs", "--describe", "--entity-type", "users", "--entity-name", "alice")
}

// TestToolDefaults: kafka-configs changes the settings of all brokers. No other test runs
// beside it: topics show what their brokers are set to.
func TestToolDefaults(t *testing.T) {
	same(t, "", "kafka-configs", "--alter", "--entity-type", "brokers", "--entity-default", "--add-config", "log.retention.ms=1000000000")
	same(t, "", "kafka-configs", "--describe", "--entity-type", "brokers", "--entity-default")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "brokers", "--entity-default", "--delete-config", "log.retention.ms")
}

// TestToolAccess: kafka-acls adds, lists and removes rules.
func TestToolAccess(t *testing.T) {
	t.Parallel()
	rule := []string{"--allow-principal", "User:bob", "--operation", "Read", "--topic", "secret"}
	same(t, "", "kafka-acls", append([]string{"--add"}, rule...)...)
	same(t, "", "kafka-acls", "--list", "--topic", "secret")
	same(t, "", "kafka-acls", append([]string{"--remove", "--force"}, rule...)...)
	same(t, "", "kafka-acls", "--list", "--topic", "secret")
}

// TestToolTransactions: kafka-transactions finds what is open and aborts it.
func TestToolTransactions(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "txns")
	same(t, "", "kafka-transactions", "list")
	same(t, "", "kafka-transactions", "describe", "--transactional-id", "nobody")
	same(t, "", "kafka-transactions", "describe-producers", "--topic", "txns", "--partition", "0")
	same(t, "", "kafka-transactions", "find-hanging", "--topic", "txns")
}

// TestToolReplicas: kafka-leader-election and kafka-reassign-partitions, with one broker.
func TestToolReplicas(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "placed", "--partitions", "2")
	same(t, "", "kafka-leader-election", "--election-type", "PREFERRED", "--topic", "placed", "--partition", "0")
	same(t, "", "kafka-leader-election", "--election-type", "UNCLEAN", "--topic", "placed", "--partition", "1")
	same(t, "", "kafka-reassign-partitions", "--list")
}

// TestToolPerf: kafka-producer-perf-test and kafka-consumer-perf-test do their work.
func TestToolPerf(t *testing.T) {
	t.Parallel()
	const count = 20_000
	at := partita(t)
	made := tool(t, at, "", "kafka-topics", "--create", "--topic", "perf", "--partitions", "3")
	produced := tool(t, at, "", "kafka-producer-perf-test", "--topic", "perf", "--num-records", fmt.Sprint(count), "--record-size", "100", "--throughput", "-1")
	consumed := tool(t, at, "", "kafka-consumer-perf-test", "--topic", "perf", "--num-records", fmt.Sprint(count), "--timeout", "30000")
	if made.status != 0 || produced.status != 0 || !strings.Contains(produced.out, fmt.Sprint(count, " records sent")) {
		t.Errorf("made %+v, produced %+v", made, produced)
	}
	fields := strings.Split(consumed.out[strings.LastIndex(strings.TrimSpace(consumed.out), "\n")+1:], ",")
	if consumed.status != 0 || len(fields) < 5 || strings.TrimSpace(fields[4]) != fmt.Sprint(count) {
		t.Errorf("consumed %+v, %q", consumed, fields)
	}
}
