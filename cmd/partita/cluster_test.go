package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
)

// target is a cluster for the commands to talk to, with a topic orders of three partitions.
type target struct {
	name   string
	server string
	broker string // the id of its first broker
}

// each runs a test against a Kafka of somebody else's and against a room of ours.
func each(t *testing.T, test func(t *testing.T, s target)) {
	t.Parallel()
	for _, c := range []func(t *testing.T) target{somebodys, ours} {
		s := c(t)
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

func somebodys(t *testing.T) target {
	t.Helper()
	c, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, "orders"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return target{"kfake", c.ListenAddrs()[0], "0"}
}

// ours is partita serve, on ports of its own.
func ours(t *testing.T) target {
	t.Helper()
	return target{"partita", serving(t), "101"}
}

// serving runs partita serve until the test is done, and gives its bootstrap server.
func serving(t *testing.T, flags ...string) (server string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	log := &bytes.Buffer{} // not written to before it is ready
	p := program{in: strings.NewReader(""), out: io.Discard, errors: log, ready: func(string) { ready <- log.String() }}
	go func() {
		ended <- p.run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0", "--kafka", "127.0.0.1:0"}, flags...)...)
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("partita serve: %v", err)
		}
	})
	select {
	case text := <-ready:
		_, rest, _ := strings.Cut(text, "bootstrap.servers=")
		server = strings.TrimSpace(rest)
	case err := <-ended:
		ended <- nil
		t.Fatalf("partita serve: %v", err)
	}
	if len(flags) == 0 {
		must(t, server, "", "topics", "delete", "orders") // a room's own has six partitions
		must(t, server, "", "topics", "create", "orders", "--partitions", "3")
	}
	return server
}

// command runs one command line with an input against a server.
func command(t *testing.T, server, input string, args ...string) (output string, err error) {
	t.Helper()
	var out, messages bytes.Buffer
	p := program{in: strings.NewReader(input), out: &out, errors: &messages}
	err = p.run(context.Background(), append(args, "--bootstrap-server", server)...)
	return out.String(), err
}

// must is command for one that has to succeed.
func must(t *testing.T, server, input string, args ...string) string {
	t.Helper()
	out, err := command(t, server, input, args...)
	if err != nil {
		t.Fatalf("partita %s: %v", strings.Join(args, " "), err)
	}
	return out
}

func TestTopics(t *testing.T) { each(t, testTopics) }

func testTopics(t *testing.T, c target) {
	s := c.server
	if out := must(t, s, "", "topics", "create", "bills", "notes", "--partitions", "2", "--config", "retention.ms=60000"); out != "Created topic bills.\nCreated topic notes.\n" {
		t.Errorf("create: %q", out)
	}
	if out := must(t, s, "", "topics", "create", "bills", "--if-not-exists"); out != "" {
		t.Errorf("create again: %q", out)
	}
	if out := must(t, s, "", "topics", "list"); out != "bills\nnotes\norders\n" {
		t.Errorf("list: %q", out)
	}
	must(t, s, "", "topics", "alter", "bills", "--partitions", "4", "--config", "segment.ms=1000", "--delete-config", "retention.ms")
	out := must(t, s, "", "topics", "describe", "bills")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[0], "Topic: bills\tTopicId: ") || !strings.HasSuffix(lines[0], "\tPartitionCount: 4\tReplicationFactor: 1\tConfigs: segment.ms=1000") {
		t.Errorf("describe:\n%s", out)
	}
	if lines[4] != strings.ReplaceAll("\tTopic: bills\tPartition: 3\tLeader: 0\tReplicas: 0\tIsr: 0", " 0", " "+c.broker) {
		t.Errorf("describe: %q", lines[4])
	}
	if out := must(t, s, "", "topics", "delete", "notes"); out != "Deleted topic notes.\n" {
		t.Errorf("delete: %q", out)
	}
}

func TestProduceAndConsume(t *testing.T) { each(t, testProduceAndConsume) }

func testProduceAndConsume(t *testing.T, c target) {
	s := c.server
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		must(t, s, "k1:"+codec+"\nk2:NULL\n", "produce", "orders", "--key-separator", ":", "--null-marker", "NULL", "--header", "from=test", "--compression-codec", codec, "--partition", "1")
	}
	out := must(t, s, "", "consume", "orders", "--partition", "1", "--offset", "2", "--max-messages", "2", "--format", `%t-%p@%o %k=%s %h\n`)
	if want := "orders-1@2 k1=gzip from=test\norders-1@3 k2=null from=test\n"; out != want {
		t.Errorf("got %q, want %q", out, want)
	}
	out = must(t, s, "", "consume", "orders", "--from-beginning", "--max-messages", "1", "--format", "json")
	if !strings.Contains(out, `"topic":"orders","partition":1,"offset":0,`) || !strings.Contains(out, `"key":"k1","value":"none","headers":{"from":"test"}`) {
		t.Errorf("json: %s", out)
	}
	must(t, s, "x\ny\n", "produce", "orders", "--acks", "1", "--key", "same", "--rate", "1000")
	if out := must(t, s, "", "consume", "orders", "--group", "readers", "--from-beginning", "--max-messages", "12", "--format", "key"); strings.Count(out, "same\t") != 2 {
		t.Errorf("the group read %q", out)
	}
	out = must(t, s, "", "groups", "describe", "readers")
	if !strings.Contains(out, "Consumer group 'readers' has no active members.") || !strings.Contains(out, "GROUP           TOPIC           PARTITION       CURRENT-OFFSET  LOG-END-OFFSET  LAG ") {
		t.Errorf("describe:\n%s", out)
	}
	if fields := strings.Fields(row(out, "orders          1")); len(fields) < 6 || fields[5] != "0" {
		t.Errorf("the group is behind in partition 1:\n%s", out)
	}
}

// row is the line of a table that holds text.
func row(table, text string) string {
	for line := range strings.Lines(table) {
		if strings.Contains(line, text) {
			return line
		}
	}
	return ""
}

func TestGroups(t *testing.T) { each(t, testGroups) }

func testGroups(t *testing.T, c target) {
	s := c.server
	must(t, s, strings.Repeat("record\n", 10), "produce", "orders", "--partition", "0")
	must(t, s, "", "consume", "orders", "--group", "g", "--from-beginning", "--max-messages", "10")
	if out := must(t, s, "", "groups", "list", "--state"); !strings.Contains(out, "g               Empty") {
		t.Errorf("list: %q", out)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{"0", []string{"--topic", "orders:0", "--to-earliest"}},
		{"7", []string{"--topic", "orders:0", "--shift-by", "-3"}},
		{"10", []string{"--topic", "orders:0", "--shift-by", "5"}}, // not past the end
		{"4", []string{"--topic", "orders:0", "--to-offset", "4"}},
		{"10", []string{"--all-topics", "--to-current"}},
		{"0", []string{"--topic", "orders", "--by-duration", "1h"}},
	} {
		out := must(t, s, "", append([]string{"groups", "reset-offsets", "g"}, c.args...)...)
		if fields := strings.Fields(row(out, "orders          0")); len(fields) != 4 || fields[3] != c.want || !strings.Contains(out, "--execute") {
			t.Errorf("%v:\n%s", c.args, out)
		}
	}
	must(t, s, "", "groups", "reset-offsets", "g", "--topic", "orders", "--to-offset", "4", "--execute")
	if fields := strings.Fields(row(must(t, s, "", "groups", "describe", "g"), "orders          0")); fields[3] != "4" || fields[5] != "6" {
		t.Errorf("after the reset: %v", fields)
	}
	if out := must(t, s, "", "groups", "delete", "g"); out != "Deletion of requested consumer groups ('g') was successful.\n" {
		t.Errorf("delete: %q", out)
	}
}

// TestCommandErrors: what is wrong is said, with what to do about it.
func TestCommandErrors(t *testing.T) { each(t, testCommandErrors) }

func testCommandErrors(t *testing.T, c target) {
	s := c.server
	for _, c := range []struct {
		line string
		want string
	}{
		{"topics describe nothing", "topic nothing: UNKNOWN_TOPIC_OR_PARTITION: there is no such topic: `partita topics list` shows"},
		{"topics create orders", "topic orders: TOPIC_ALREADY_EXISTS: "},
		{"topics create new --config retention", "write it as name=value"},
		{"topics alter orders", "say what to change"},
		{"topics alter orders --partitions 2", "topic orders: INVALID_PARTITIONS: "},
		{"produce orders --acks 2", "there are 0 (do not wait), 1"},
		{"produce orders --compression-codec rar", "there are none, gzip"},
		{"produce orders --partitioner mine", "there are default"},
		{"produce orders --key-separator :", `line 1 has no ":"`},
		{"produce orders --header x", "write it as name=value"},
		{"produce orders --file /no/such/file", "no such file"},
		{"consume orders --offset 4", "--offset needs --partition"},
		{"consume orders --partition 0 --offset x", "write a number"},
		{"consume orders --group g --partition 0", "takes partitions and offsets from the group"},
		{"consume orders --format nice", "there are value, key, full, json"},
		{"consume nothing --from-beginning", "topic nothing: UNKNOWN_TOPIC_OR_PARTITION"},
		{"groups describe nobody", "group nobody: GROUP_ID_NOT_FOUND: there is no such group"},
		{"groups reset-offsets g --to-latest", "say which partitions"},
		{"groups reset-offsets g --topic orders", "say once where to"},
		{"groups reset-offsets g --topic orders:9 --to-latest", "topic orders has partitions 0 to 2"},
		{"groups reset-offsets g --topic orders --to-datetime yesterday", "write it as 2006-01-02T15:04:05"},
		{"topics list --user u --sasl-mechanism MD5", "no SASL mechanism called"},
		{"topics list --tls-ca /no/such/file", "--tls-ca: open"},
		{"bench --records 0", "count from 1"},
		{"topics create", "topics create needs the name of a topic, as in: partita topics create orders"},
		{"topics alter orders more", `topics alter takes one topic, and does not know what to do with "more"`},
		{"topics remove orders", "no command called topics remove: there are alter, create, delete, describe, list"},
		{"topics list --bootstrap-servers x", "no flag called --bootstrap-servers: did you mean --bootstrap-server?"},
		{"topics list --zoo x", "no flag called --zoo: `partita topics list --help` shows which there are"},
		{"topics --list", "no flag called --list: write `partita topics list`"},
		{"consume --topic orders", "no flag called --topic: write `partita consume orders --from-beginning --format full`"},
		{"topics create --topic orders", "no flag called --topic: write `partita topics create orders --partitions 6 --config retention.ms=60000`"},
		{"groups delete --group g", "no flag called --group: write `partita groups delete billing`"},
		{"topics list --timeout 0s", "--timeout 0s: it is at least 100ms"},
		{"topics create x --partitions many", "--partitions many: write a whole number"},
		{"produce", "produce needs the name of a topic, as in: echo hello | partita produce orders"},
		{"produce orders --partition 9", "--partition 9: topic orders has partitions 0 to 2"},
		{"produce orders --partition -5", "--partition -5: partitions count from 0"},
		{"produce orders --rate -1", "--rate -1: write records a second"},
		{"produce orders --acks 1 --idempotent", "--idempotent needs --acks all"},
		{"consume orders --partition 9", "--partition 9: topic orders has partitions 0 to 2"},
		{"consume orders --partition 0 --offset 99", "--offset 99: the log of orders-0 goes from 0 to 0"},
		{"consume orders --max-messages -3", "--max-messages -3: write a number from 1 on"},
		{"consume orders --format %q", "--format %q: there are %t topic"},
		{"consume orders --idle 5", "--idle 5: write a time with its unit, as in 500ms"},
		{"groups list --state Bored", "--state Bored: there are PreparingRebalance"},
		{"groups list billing", "groups list takes no name: `partita groups describe billing` shows one group"},
		{"groups reset-offsets g --topic orders --to-offset x", "--to-offset x: write a whole number"},
		{"groups delete", "groups delete needs the name of a group, as in: partita groups delete billing"},
	} {
		_, err := command(t, s, "no separator\n", strings.Fields(c.line)...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("partita %s: %v, want %q", c.line, err, c.want)
		}
	}
	if _, err := command(t, "127.0.0.1:1", "", "topics", "list", "--timeout", "2s"); err == nil || !strings.Contains(err.Error(), "Start one with `partita serve`") {
		t.Errorf("nobody there: %v", err)
	}
}

func TestBenchCommand(t *testing.T) { each(t, testBenchCommand) }

func testBenchCommand(t *testing.T, c target) {
	s := c.server
	out := must(t, s, "", "bench", "--records", "5000", "--partitions", "2", "--latency", "200ms")
	for _, want := range []string{"RECORDS/S", "produced", "consumed", "p50 ", "p99 "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if out := must(t, s, "", "topics", "list"); out != "orders\n" {
		t.Errorf("the bench left a topic behind: %q", out)
	}
}

func TestCompletion(t *testing.T) { each(t, testCompletion) }

func testCompletion(t *testing.T, c target) {
	s := c.server
	var out bytes.Buffer
	p := program{in: strings.NewReader(""), out: &out, errors: &bytes.Buffer{}}
	if err := p.run(context.Background(), "__complete", "topics", "describe", "--bootstrap-server", s, "o"); err != nil || !strings.HasPrefix(out.String(), "orders\n") {
		t.Errorf("%v: %q", err, out.String())
	}
	for flag, want := range map[string]string{"--compression-codec": "none\ngzip\n", "--acks": "all\n1\n"} {
		out.Reset()
		if err := p.run(context.Background(), "__complete", "produce", "orders", flag, ""); err != nil || !strings.HasPrefix(out.String(), want) {
			t.Errorf("%s: %v: %q", flag, err, out.String())
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		out.Reset()
		if err := p.run(context.Background(), "completion", shell); err != nil || out.Len() < 1000 {
			t.Errorf("%s: %v, %s", shell, err, fmt.Sprint(out.Len()))
		}
	}
}
