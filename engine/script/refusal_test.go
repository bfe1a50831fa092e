package script_test

import (
	"strings"
	"testing"

	"partita/engine/script"
	"partita/engine/sim"
)

// TestRefusals checks that what is wrong is said, and what to do.
func TestRefusals(t *testing.T) {
	r := newRunner()
	for _, line := range []string{
		"topic create orders partitions=3",
		"consumer add c1 group=billing topics=orders",
		"consumer add c2 group=billing topics=orders",
	} {
		if _, err := r.Run(line); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ line, want string }{
		{"topc create orders", "no verb called topc: there are topic, send, producer"},
		{"topic", "topic what? There are create, delete, partitions, config"},
		{"topic make orders", "no topic make: there are create, delete"},
		{"topic create", "topic create needs more words, as in: topic create orders"},
		{"topic delete orders now", "column 21: topic delete does not know what to do with now"},
		{"topic delete orders force=true", "column 21: topic delete has no setting force"},
		{"topic create orders", "TOPIC_ALREADY_EXISTS: there is a topic called orders already"},
		{"topic create <script>", "INVALID_TOPIC_EXCEPTION: <script> cannot be the name"},
		{"topic create x partitions=0", "partitions is a whole number from 1 to 10000, not 0"},
		{"topic create x partitions=9999", "10,000 partitions are the most"},
		{"topic create x retention.mss=1", "INVALID_CONFIG: "},
		{"topic delete payments", "UNKNOWN_TOPIC_OR_PARTITION: no topic called payments: there is orders"},
		{"topic partitions orders 2", "INVALID_PARTITIONS: orders has 3 partitions, and that number can only grow"},
		{"send payments hello", "no topic called payments: there is orders"},
		{"send orders", "send needs one value"},
		{"send orders a partition=3", "partition is a whole number from 0 to 2, not 3"},
		{"producer add p1", "producer add needs a topic"},
		{"producer add p1 topic=orders rate=1000000/s", "rate is at most 100000/s"},
		{"producer add p1 topic=orders rate=fast", "fast is not a rate: write 5/s"},
		{"producer add p1 topic=orders keys=a-1..b-3", "keys=a-1..b-3 is not a range"},
		{"producer pause p9", "no producer called p9: there are none yet"},
		{"consumer crash c9", "no consumer called c9: there are c1, c2"},
		{"consumer thaw c1", "c1 is running, so it cannot thaw"},
		{"consumer add c1 group=billing topics=orders", "there is a consumer called c1 already"},
		{"consumer add c3 topics=orders", "consumer add needs a group and topics"},
		{"consumer add c3 group=billing topics=orders process=soon", "\"soon\" is not a time"},
		{"consumer add c3 group=billing topics=orders commit=maybe", "Invalid value maybe for configuration commit"},
		{"member freeze audit kcat", "no group called audit"},
		{"member thaw billing kcat", "no frozen member called kcat: there are none yet"},
		{"group delete audit", "GROUP_ID_NOT_FOUND: no group called audit"},
		{"expect owner orders c1", "orders is not a partition: write the topic, a dash and the number"},
		{"expect owner orders-7 c1", "there is no orders-7: orders has the partitions 0 to 2"},
		{"advance", "advance needs more words, as in: advance 500ms"},
		{"advance 40d", "one line advances by at most 30 days"},
		{"play", "there is no clock to move here"},
		{"key=a", "a line begins with a word"},
	} {
		if _, err := r.Run(c.line); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s\n got: %v\nwant: %s", c.line, err, c.want)
		}
	}
	r.Live = true
	for _, line := range []string{"advance 1s", "settle", "play", "pause", "speed 2"} {
		if _, err := r.Run(line); err == nil || !strings.HasPrefix(err.Error(), "this room follows the wall clock") {
			t.Errorf("%s in a live room: %v", line, err)
		}
	}
}

func TestOpening(t *testing.T) {
	r := newRunner()
	for _, line := range strings.Split(script.Opening, "\n") {
		if _, err := r.Run(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	for _, line := range []string{
		"expect group billing state=Stable members=2",
		"expect group audit state=Stable members=1",
		"expect order billing",
		"expect duplicates billing 0",
	} {
		if _, err := r.Run(line); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	flights := 0
	for at := r.World.Now(); at < 20_000; at += 50 {
		r.World.Advance(at, 0)
		r.World.Flights(func(*sim.Flight) { flights++ })
	}
	if flights < 100 {
		t.Errorf("only %d flights were seen in 6 s", flights)
	}
}

// TestTenThousandLines runs a long script in which clients come and go.
func TestTenThousandLines(t *testing.T) {
	r := newRunner()
	lines := []string{"topic create orders partitions=3"}
	for len(lines) < 10_000 {
		lines = append(lines,
			"producer add p1 topic=orders rate=50/s keys=truck-10..truck-15",
			"consumer add c1 group=billing topics=orders session.timeout.ms=6s auto.offset.reset=earliest",
			"consumer add c2 group=billing topics=orders session.timeout.ms=6s auto.offset.reset=earliest",
			"send orders \"a value\" key=truck-10",
			"advance 5s",
			"consumer crash c1",
			"consumer remove c1",
			"consumer remove c2",
			"producer remove p1",
			"settle",
			"advance 10s",                       // the session of c1 runs out
			"expect partition orders-0 start=0") // billing comes and goes: a group without members and offsets does not last
	}
	for n, line := range lines {
		if _, err := r.Run(line); err != nil {
			t.Fatalf("line %d: %s: %v", n+1, line, err)
		}
	}
	if err := r.World.Engine().Check(); err != nil {
		t.Error(err)
	}
}
