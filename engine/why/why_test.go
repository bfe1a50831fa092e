package why_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/script"
	"partita/engine/sim"
	"partita/engine/why"
)

// world runs lines in a world of its own.
func world(t *testing.T, lines string) (*sim.World, func(lines string)) {
	t.Helper()
	w := sim.New(sim.Config{Seed: 1})
	r := &script.Runner{World: w}
	r.Record(1<<22, nil, nil)
	run := func(lines string) {
		t.Helper()
		for line := range strings.Lines(lines) {
			if _, err := r.Run(strings.TrimSpace(line)); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
	run(lines)
	return w, run
}

func ask(t *testing.T, w *sim.World, thing string) string {
	t.Helper()
	answer, err := (&why.Asker{World: w}).Why(thing)
	if err != nil {
		t.Fatal(thing, err)
	}
	return why.Text(answer)
}

// inOrder fails unless all of the lines are in a text, in this order.
func inOrder(t *testing.T, text string, lines ...string) {
	t.Helper()
	rest := "\n" + text
	for _, line := range lines {
		i := strings.Index(rest, "\n"+line)
		if i < 0 {
			t.Errorf("%q is not there, or in another place:\n%s", line, text)
			return
		}
		rest = rest[i+1:]
	}
}

const crash = `topic create orders partitions=3
producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 value="ride {n}" acks=all
consumer add c1 group=billing topics=orders process=100ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.offset.reset=earliest
consumer add c2 group=billing topics=orders process=100ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.offset.reset=earliest
advance 12s
consumer crash c1
advance 10s`

func TestWhyReadTwice(t *testing.T) {
	w, _ := world(t, crash)
	text := ask(t, w, "record orders-0 21")
	inOrder(t, text,
		"orders-0, offset 21", "key: truck-1", "value: ride 56", "timestamp: CreateTime:11200",
		"Where does it come from?", "at 0 ms › producer add p1 topic=orders",
		`murmur2("truck-1") = -918409904`, "-918409904 & 0x7fffffff = 1229073744", "1229073744 % 3 partitions = 0",
		"setting partitioner.class=default (default default, producer p1)",
		"billing processed it 2 times.",
		"Why was it read twice?", "enable.auto.commit=true permits it.",
		"setting auto.commit.interval.ms=5000 (default 5000, consumer c2)",
		"at 11205 ms c1 polls offsets 21 to 21 of orders-0.",
		"at 12000 ms › consumer crash c1", "at 12000 ms c1 crashes",
		"at 20000 ms c1 missed its session timeout.", "at 20000 ms billing rebalances: c1 is gone.", "at 20000 ms Generation 2",
		"at 20000 ms c2 gets orders-0", "at 20000 ms orders-0 moves to c2, which starts again at offset 21.",
		"at 20005 ms c2 polls offsets 21 to", "at 20205 ms c2 processes orders-0 again from offset 21 on")
	verdict := ask(t, w, "verdict duplicated orders-0 21 billing")
	inOrder(t, verdict, "Why was it read twice?", "at 12000 ms › consumer crash c1", "at 20205 ms c2 processes orders-0 again")
}

// TestWhyTheGroupWaits: who is gone without a goodbye waits for nobody; the others wait for it.
func TestWhyTheGroupWaits(t *testing.T) {
	for _, gone := range []string{"crash", "freeze"} {
		w, run := world(t, strings.Replace(strings.TrimSuffix(crash, "\nadvance 10s"), "consumer crash", "consumer "+gone, 1))
		run("consumer add c3 group=billing topics=orders\nadvance 4s")
		inOrder(t, ask(t, w, "member billing c1"), "Why does the group wait for it?", "The group rebalances, and this member does not join again.", "When would the coordinator give up on it?")
		inOrder(t, ask(t, w, "member billing c2"), "Why does it wait?", "The group rebalances. The coordinator answers nobody until every member has joined again")
	}
}

func TestWhyMembersAndMarks(t *testing.T) {
	w, run := world(t, crash)
	inOrder(t, ask(t, w, "member billing c1"), "Why is it not in the group?", "It crashed without a goodbye", "setting session.timeout.ms=8000 (default 45000, consumer c1)",
		"at 12000 ms › consumer crash c1", "at 20000 ms c1 missed its session timeout.")
	inOrder(t, ask(t, w, "member billing c2"), "Why does it have orders-0, orders-1, orders-2?", "orders: 3 / 1 = 3 each, and the first 0 get one more", "last heartbeat 22000 + session.timeout.ms 8000 = 30000 ms: 8000 ms from now")
	inOrder(t, ask(t, w, "place billing orders-0"), "lag = log end offset 38 − committed 21 = 17", "at 11000 ms c1 commits 21 of orders-0.")
	inOrder(t, ask(t, w, "group billing"), `abs("billing".hashCode() = -109829509) % 50 = 9`, "17 + 0 + 9 = 26")
	run(`consumer add c3 group=billing topics=orders
consumer add c4 group=billing topics=orders
consumer add c5 group=billing topics=orders
advance 12s`)
	idle := 0
	for _, name := range []string{"c2", "c3", "c4", "c5"} {
		text := ask(t, w, "member billing "+name)
		if strings.Contains(text, "Why is it idle?") {
			idle++
			inOrder(t, text, "Why is it idle?", "3 partitions < 4 members")
		} else {
			inOrder(t, text, "Why does it have orders-", "orders: 3 / 4 = 0 each, and the first 3 get one more")
		}
		if strings.Contains(text, "It has others now") {
			t.Errorf("the arithmetic of range is another one than the assignor's:\n%s", text)
		}
	}
	if idle != 1 {
		t.Errorf("%d members are idle", idle)
	}
	w, _ = world(t, `topic create a partitions=1
topic create b partitions=1
consumer add c1 group=billing topics=a,b
consumer add c2 group=billing topics=a,b
advance 12s`)
	text := ask(t, w, "member billing c2") + ask(t, w, "member billing c1")
	inOrder(t, text, "Why is it idle?", "a: 1 / 2 = 0 each, and the first 1 get one more", "it is number 1 from 0: 1 × 0 + 1 = 1, so it gets none")
	if strings.Contains(text, "2 partitions < 2 members") {
		t.Errorf("an untrue formula:\n%s", text)
	}
}

func TestWhyReplicas(t *testing.T) {
	w, run := world(t, `cluster brokers=3
topic create orders partitions=1 replication=3 min.insync.replicas=1
producer add p1 topic=orders rate=10/s acks=1
advance 5s
broker pause 103
producer pause p1
advance 1s
send orders a
advance 50ms`)
	inOrder(t, ask(t, w, "hw orders-0"), "high watermark = min(log end offsets of the ISR)", "min(101: ", "setting min.insync.replicas=1 (default 1, topic orders)", "setting replica.lag.time.max.ms=30000")
	run("advance 40s")
	inOrder(t, ask(t, w, "hw orders-0"), "Not in the ISR, so they do not count: 103:", "at 5000 ms › broker pause 103", "at 5000 ms Broker 103 pauses")
	run(`broker crash 101
advance 15s`)
	inOrder(t, ask(t, w, "partition orders-0"), "Who leads it, and why?", "Broker 102, since leader epoch", "at 46050 ms › broker crash 101", "at 46050 ms Broker 101 crashes.")
	inOrder(t, ask(t, w, "broker 101"), "Its process is not running.", "at 46050 ms › broker crash 101")
}

// TestWhyLost loses acknowledged records: the leader alone had them.
func TestWhyLost(t *testing.T) {
	w, _ := world(t, `cluster brokers=2
topic create orders partitions=1 replication=2 unclean.leader.election.enable=true
producer add p1 topic=orders rate=10/s acks=1
advance 5s
broker pause 102
advance 45s
broker crash 101
broker resume 102
advance 20s`)
	if len(w.Breaches()) == 0 {
		t.Fatal("nothing was lost")
	}
	b := w.Breaches()[0]
	text := ask(t, w, "verdict lost orders-0 "+strconv.FormatInt(int64(b.Offset), 10))
	inOrder(t, text, "Why was it lost?", b.Setting+" permits it.", "at 50000 ms › broker crash 101")
	if !slices.ContainsFunc([]string{"acks=1", "unclean.leader.election.enable=true"}, func(s string) bool { return b.Setting == s }) {
		t.Errorf("permitted by %s", b.Setting)
	}
}

func TestWhyTransactions(t *testing.T) {
	w, run := world(t, `topic create orders partitions=1
producer add p1 topic=orders rate=0/s transactional.id=t1
advance 1s
producer begin p1
producer send p1 a key=k
advance 1s`)
	inOrder(t, ask(t, w, "lso orders-0"), "min(1, 0) = 0", "setting transaction.timeout.ms=60000 (default 60000, transactional.id t1)", "at 1000 ms › producer send p1 a key=k")
	inOrder(t, ask(t, w, "record orders-0 0"), "With isolation.level=read_uncommitted. With read_committed not yet")
	run(`producer abort p1
advance 1s`)
	inOrder(t, ask(t, w, "record orders-0 1"), "Why is there no record?", "It is a marker that the transaction coordinator wrote to abort the transaction of producer id 0.")
}

// TestWhyChangesNothing asks about everything at many instants.
func TestWhyChangesNothing(t *testing.T) {
	w, run := world(t, crash+"\nconsumer add c3 group=billing topics=orders process=50ms group.instance.id=i\nadvance 20s")
	things := []string{"topic orders", "group billing", "producer p1", "broker 101"}
	for _, p := range []string{"orders-0", "orders-1", "orders-2"} {
		things = append(things, "partition "+p, "hw "+p, "leo "+p, "lso "+p, "start "+p, "place billing "+p, "record "+p+" 0", "record "+p+" 7", "record "+p+" 999")
	}
	for _, c := range []string{"c1", "c2", "c3"} {
		things = append(things, "member billing "+c)
	}
	for at := 0; at < 42_000; at += 3_700 {
		run("seek " + strconv.Itoa(at) + "ms")
		digest, steps := w.Engine().Digest(), w.Steps()
		for _, thing := range things {
			_, _ = (&why.Asker{World: w}).Why(thing) // there may be no such thing yet
		}
		if w.Engine().Digest() != digest || w.Steps() != steps || w.Now() != engine.Time(at) {
			t.Fatalf("a question changed the world at %d ms", at)
		}
	}
	for _, wrong := range []string{"", "orders", "record", "record orders-0 x", "record orders-9 0", "member billing nobody", "note 999999", "verdict lost orders-0 1", "hw orders", "broker 999"} {
		if answer, err := (&why.Asker{World: w}).Why(wrong); err == nil {
			t.Errorf("%q is answered: %s", wrong, answer)
		}
	}
}

// TestWhyFromTheConsole: a record sent by hand comes from its line.
func TestWhyFromTheConsole(t *testing.T) {
	w, _ := world(t, `topic create orders partitions=1
advance 1s
send orders a key=k
advance 1s
send orders b key=k
advance 1s`)
	inOrder(t, ask(t, w, "record orders-0 0"), "producer: console", "Where does it come from?", "at 1000 ms › send orders a key=k")
	inOrder(t, ask(t, w, "record orders-0 1"), "Where does it come from?", "at 2000 ms › send orders b key=k")
}

// TestQuestion: names with blanks and quotes come through.
func TestQuestion(t *testing.T) {
	w, _ := world(t, `topic create orders
consumer add c1 group="my \"own\" group" topics=orders
advance 5s`)
	for _, words := range [][]string{{"member", `my "own" group`, "c1"}, {"group", `my "own" group`}, {"place", `my "own" group`, "orders-0"}} {
		if text := ask(t, w, why.Question(words...)); text == "" {
			t.Error(words)
		}
	}
	answer, err := (&why.Asker{World: w}).Why(`group "my \"own\" group"`)
	if err != nil || !strings.Contains(answer, "o\tmember \"my \\\\\"own\\\\\" group\" c1\t") {
		t.Errorf("%v %s", err, answer)
	}
}
