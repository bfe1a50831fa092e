package script_test

import (
	_ "embed"
	"strings"
	"testing"
	"unicode/utf8"

	"partita/engine/script"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"", ""},
		{"  # only a comment", ""},
		{"topic create orders partitions=3 # more", "topic create orders partitions=3"},
		{"send\torders  \"a value\" key=\"truck 7\"", "send orders \"a value\" key=\"truck 7\""},
		{`send orders "a \"b\" \\c"`, `send orders "a \"b\" \\c"`},
		{`send orders "" key=`, `send orders "" key=`},
		{`send orders "# no comment" key=a#b`, `send orders "# no comment" key=a#b`},
		{`send orders "a=b"`, `send orders "a=b"`},
		{"send orders väl key=ö\r", "send orders väl key=ö"},
	} {
		l, err := script.Parse(c.line)
		if err != nil {
			t.Errorf("%q: %v", c.line, err)
		} else if got := l.String(); got != c.want {
			t.Errorf("%q reads as %q, want %q", c.line, got, c.want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	many := "send orders v"
	for range script.MaxSettings + 1 {
		many += " s" + strings.Repeat("x", len(many)%97) + "=1"
	}
	for _, c := range []struct{ line, want string }{
		{`send orders "a`, "column 13: the quote that opens here is never closed"},
		{`send orders key="a`, "column 17: the quote that opens here is never closed"},
		{`send orders a"b"`, "column 14: quotes go around a whole word"},
		{`send orders "a"b`, "column 16: a blank must follow the closing quote"},
		{`send orders =b`, "column 13: a setting needs a name"},
		{`topic create partitions=3 orders`, "column 27: words come before settings"},
		{`topic create ö partitions=3 partitions=4`, "column 29: partitions is set twice"},
		{"send orders \x00", "column 13: this character cannot stand in a line"},
		{"send orders \xff", "column 13: this character cannot stand in a line"},
		{"topic create orders\ntopic delete orders", "column 20: this character cannot stand in a line"},
		{strings.Repeat("a", script.MaxLine+1), "a line has at most 65536 bytes"},
	} {
		if _, err := script.Parse(c.line); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%.40q: %v, want %q", c.line, err, c.want)
		}
	}
	if _, err := script.Parse(many); err == nil || !strings.Contains(err.Error(), "at most 64 settings") && !strings.Contains(err.Error(), "set twice") {
		t.Errorf("too many settings: %v", err)
	}
}

func TestEquivalent(t *testing.T) {
	const kafka = " --bootstrap-server localhost:9092 "
	for _, c := range []struct{ line, want string }{
		{"topic create orders partitions=3 retention.ms=1m",
			"kafka-topics" + kafka + "--create --topic orders --partitions 3 --config retention.ms=60000"},
		{"topic delete orders", "kafka-topics" + kafka + "--delete --topic orders"},
		{"topic partitions orders 6", "kafka-topics" + kafka + "--alter --topic orders --partitions 6"},
		{"topic config orders retention.ms=60s segment.ms=",
			"kafka-configs" + kafka + "--alter --entity-type topics --entity-name orders --add-config retention.ms=60000 --delete-config segment.ms"},
		{"send orders \"it's\" key=truck-7",
			`echo 'truck-7:it'\''s' | kafka-console-producer` + kafka + "--topic orders --property parse.key=true --property key.separator=:"},
		{"producer add p1 topic=orders rate=5/s acks=all linger.ms=5",
			"kafka-producer-perf-test --num-records 1000000 --record-size 100 --topic orders --throughput 5 --producer-props bootstrap.servers=localhost:9092 acks=all linger.ms=5"},
		{"consumer add c1 group=billing topics=orders process=2s commit=after session.timeout.ms=6s",
			"kafka-console-consumer --bootstrap-server localhost:9092 --group billing --topic orders --consumer-property enable.auto.commit=false --consumer-property session.timeout.ms=6000"},
		{"consumer leave c1", "consumer.close()"},
		{"consumer crash c1", "kill -9, of the process of c1"},
		{"consumer seek c1 orders-0 5", `consumer.seek(new TopicPartition("orders", 0), 5)`},
		{"group reset billing orders-0 5", "kafka-consumer-groups" + kafka + "--group billing --topic orders:0 --reset-offsets --to-offset 5 --execute"},
		{"group reset billing orders-0 earliest", "kafka-consumer-groups" + kafka + "--group billing --topic orders:0 --reset-offsets --to-earliest --execute"},
		{"group delete \"a b\"", "kafka-consumer-groups" + kafka + "--delete --group 'a b'"},
		{"show group billing", "kafka-consumer-groups" + kafka + "--describe --group billing"},
		{"advance 5s", ""},
		{"topic", ""},
		{"\"", ""},
	} {
		if got := script.Equivalent(c.line); got != c.want {
			t.Errorf("%s\n got: %s\nwant: %s", c.line, got, c.want)
		}
	}
}

// TestHelp checks that every verb's example is a line that its verb takes, and that
// the grammar of doc.go shows every verb.
//
//go:embed doc.go
var doc string

func TestHelp(t *testing.T) {
	r := newRunner()
	out, err := r.Run("help")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"topic create orders partitions=8", "producer add p1 topic=orders",
	} {
		if _, err := r.Run(line); err != nil {
			t.Fatal(err)
		}
	}
	for _, example := range strings.Split(out, "\n") {
		_, err := r.Run(example)
		if err != nil && (strings.Contains(err.Error(), "needs more words") || strings.Contains(err.Error(), "no setting") || strings.Contains(err.Error(), "know what to do")) {
			t.Errorf("the example %s: %v", example, err)
		}
		words := strings.Fields(example)
		head := words[0]
		if len(words) > 1 && head != "send" && head != "advance" && head != "speed" && head != "fails" && head != "link" {
			head += " " + words[1]
		}
		if !strings.Contains(doc, head) {
			t.Errorf("doc.go does not show %s", head)
		}
	}
}

// FuzzScript runs arbitrary lines: nothing panics, work is bounded, the cluster stays
// sound, and what is refused is refused in one clear line.
func FuzzScript(f *testing.F) {
	f.Add(script.Opening)
	files, _ := goldens.ReadDir("testdata")
	for _, file := range files {
		text, _ := goldens.ReadFile("testdata/" + file.Name())
		f.Add(string(text))
	}
	f.Add("topic create a partitions=10000\nproducer add p topic=a rate=100000/s keys=null\nadvance 30d\ntopic delete a\nadvance 1m")
	f.Add("consumer add \"\" group=\"\" topics=,\nconsumer add a group=g topics=nothing\nsettle\nclear\nsettle")
	f.Add(`echo 'a:b' | kafka-console-producer --topic orders --property parse.key=true`)
	f.Add("kafka-consumer-groups --group g --reset-offsets --topic orders:0,1 --shift-by -1 --execute")
	f.Add("kcat -C -t orders -o -5 -c 2 -f '%t %k\\n'")
	f.Add("fails fails fails expect state a crashed")
	f.Fuzz(func(t *testing.T, text string) {
		r := newRunner()
		r.MaxWork = 3_000
		lines := strings.Split(text, "\n")
		for _, line := range lines[:min(len(lines), 60)] {
			out, err := r.Run(line)
			if !utf8.ValidString(out) {
				t.Fatalf("%q prints what is not UTF-8", line)
			}
			if err == nil {
				continue
			}
			if s := err.Error(); s == "" || strings.Contains(s, "\n") || !utf8.ValidString(s) || len(s) > 4000 {
				t.Fatalf("%q is refused with %q", line, s)
			}
		}
		if err := r.World.Engine().Check(); err != nil {
			t.Fatal(err)
		}
		script.Equivalent(text)
	})
}
