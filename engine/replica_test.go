package engine

import (
	"slices"
	"strings"
	"testing"

	"partita/engine/batch"
)

// cluster drives an engine of several brokers in tests, and checks it after each step.
type cluster struct {
	t      testing.TB
	e      *Engine
	now    Time
	token  Token
	events []Event
	codes  map[Token]Code
	bodies map[Token]Reply
	silent map[Token]bool // acks=0
}

func newCluster(t testing.TB, brokers int, latency int64, settings ...string) *cluster {
	cfg := Config{Seed: 1, Brokers: brokers, LatencyMs: latency}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		cfg.Defaults = append(cfg.Defaults, ConfigEntry{Name: name, Value: value})
	}
	return &cluster{t: t, e: New(cfg), codes: map[Token]Code{}, bodies: map[Token]Reply{}}
}

// take collects what Ready has, and checks the state.
func (c *cluster) take() {
	c.t.Helper()
	ready := c.e.Ready()
	for _, ev := range ready.Events {
		ev.Bytes = []byte(string(ev.Bytes))
		c.events = append(c.events, ev)
	}
	for _, r := range ready.Replies {
		if _, twice := c.codes[r.Token]; twice {
			c.t.Fatalf("command %d is answered twice", r.Token)
		}
		c.codes[r.Token], c.bodies[r.Token] = r.Code, r
	}
	c.e.Advance()
	if err := c.e.Check(); err != nil {
		c.t.Fatalf("at %d: %v", c.now, err)
	}
}

// at gives a command to a broker and returns its token.
func (c *cluster) at(broker int32, cmd Command) Token {
	c.t.Helper()
	c.token++
	if p, ok := cmd.(*Produce); ok && p.Acks == 0 {
		if c.silent == nil {
			c.silent = map[Token]bool{}
		}
		c.silent[c.token] = true
	}
	c.e.ApplyTo(c.now, broker, 7, c.token, cmd)
	c.take()
	return c.token
}

// do gives a command to whichever broker is right; it must be answered at once.
func (c *cluster) do(cmd Command) Reply {
	c.t.Helper()
	tok := c.at(0, cmd)
	r, ok := c.bodies[tok]
	if !ok {
		c.t.Fatalf("%T is not answered", cmd)
	}
	return r
}

func (c *cluster) must(cmd Command) Reply {
	c.t.Helper()
	r := c.do(cmd)
	if r.Code != None {
		c.t.Fatalf("%T: %v", cmd, r.Code)
	}
	return r
}

// wait lets time pass, timer by timer.
func (c *cluster) wait(ms Time) {
	c.t.Helper()
	to := c.now + ms
	for steps := 0; ; steps++ {
		at, ok := c.e.Deadline()
		if !ok || at > to {
			break
		}
		if steps > 100_000 {
			c.t.Fatal("the engine does not come to rest")
		}
		c.now = max(c.now, at)
		c.e.Tick(c.now)
		c.take()
	}
	c.now = to
	c.e.Tick(to)
	c.take()
}

// topic makes a topic and waits until every broker knows it.
func (c *cluster) topic(name string, partitions int32, factor int16, settings ...ConfigEntry) TopicID {
	c.t.Helper()
	id := c.must(&CreateTopic{Name: name, Partitions: partitions, ReplicationFactor: factor, Config: settings}).Body.(*CreateTopicReply).Topic
	c.wait(1000)
	return id
}

func batchOf(at Time, values ...string) []byte {
	var b batch.Builder
	b.Reset(nil)
	for _, v := range values {
		b.Add(int64(at), nil, []byte(v), nil)
	}
	return b.Finish()
}

func (c *cluster) produce(broker int32, id TopicID, acks int16, values ...string) Token {
	c.t.Helper()
	return c.at(broker, &Produce{Topic: id, Acks: acks, Batch: batchOf(c.now, values...)})
}

func (c *cluster) view(id TopicID) PartitionView {
	v, _ := c.e.Partition(id, 0)
	return v
}

func (c *cluster) code(tok Token, want Code) {
	c.t.Helper()
	if got, ok := c.codes[tok]; !ok || got != want {
		c.t.Fatalf("at %d: command %d is answered %v %v, want %v", c.now, tok, ok, got, want)
	}
}

func (c *cluster) pending(tok Token) {
	c.t.Helper()
	if code, ok := c.codes[tok]; ok {
		c.t.Fatalf("at %d: command %d is answered already: %v", c.now, tok, code)
	}
}

// TestAcksAllWaitsForFollowers: two legs of latency to get the records, two for the next
// fetch to say so.
func TestAcksAllWaitsForFollowers(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.topic("orders", 1, 3)
	start := c.now
	tok := c.produce(101, id, -1, "a", "b")
	c.pending(tok)
	if v := c.view(id); v.LogEnd != 2 || v.HighWatermark != 0 {
		t.Fatalf("after the append: %+v", v)
	}
	c.wait(9)
	c.pending(tok)
	c.wait(1)
	c.code(tok, None)
	if v := c.view(id); v.HighWatermark != 2 || c.now-start != 10 {
		t.Fatalf("then: %+v at %d", v, c.now-start)
	}
	c.code(c.produce(102, id, -1, "c"), NotLeaderOrFollower)
	if tok := c.produce(101, id, 1, "d"); c.codes[tok] != None {
		t.Fatal("acks=1 waits")
	}
}

func mustParse(b []byte) batch.Header {
	h, err := batch.Parse(b)
	if err != nil {
		panic(err)
	}
	return h
}

// TestFetchFromFollower: the leader names the follower in the client's rack, which serves
// up to its own high watermark; epochs are checked everywhere.
func TestFetchFromFollower(t *testing.T) {
	c := newCluster(t, 3, 5, "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector")
	for i, rack := range []string{"a", "b", "c"} {
		c.e.brokers[i].rack = rack
	}
	id := c.topic("orders", 1, 3)
	tok := c.produce(101, id, -1, "a")
	c.wait(1000)
	c.code(tok, None)
	fetch := func(broker int32, rack string, epoch int32) FetchedPart {
		cmd := &Fetch{Parts: []FetchPart{{Topic: id, MaxBytes: 1000, CheckEpoch: epoch >= 0, LeaderEpoch: epoch}}, MaxBytes: 1000, Rack: rack}
		return c.bodies[c.at(broker, cmd)].Body.(*FetchReply).Parts[0]
	}
	if p := fetch(101, "b", 0); p.Preferred != 102 || len(p.Records) > 0 {
		t.Fatalf("the leader says %+v", p)
	}
	if p := fetch(102, "b", 0); p.Code != None || len(p.Records) == 0 || p.HighWatermark != 1 {
		t.Fatalf("the follower says %+v", p)
	}
	if p := fetch(101, "a", 0); p.Preferred != 0 || len(p.Records) == 0 {
		t.Fatalf("in the leader's rack: %+v", p)
	}
	if p := fetch(102, "", -1); p.Code != NotLeaderOrFollower || p.Leader != 101 {
		t.Fatalf("an old client at a follower: %+v", p)
	}
	if p := fetch(102, "b", 1); p.Code != UnknownLeaderEpoch {
		t.Fatalf("a newer epoch: %+v", p)
	}
	c.must(&StopBroker{Broker: 101})
	c.wait(1000)
	if p := fetch(102, "", 0); p.Code != FencedLeaderEpoch || p.Leader != 102 || p.LeaderEpoch != 1 {
		t.Fatalf("an older epoch: %+v", p)
	}
	r := c.bodies[c.at(102, &OffsetForLeaderEpoch{Topic: id, Epoch: 0, CheckEpoch: true, Current: 1})]
	if b := r.Body.(*OffsetForLeaderEpochReply); b.Epoch != 0 || b.End != 1 {
		t.Fatalf("epoch 0: %+v", b)
	}
}

// TestPowerFailure: one broker alone loses what the disk did not have yet; replicas that
// are up keep it.
func TestPowerFailure(t *testing.T) {
	for _, factor := range []int16{1, 3} {
		c := newCluster(t, 3, 5)
		id := c.topic("orders", 1, factor)
		c.produce(101, id, 1, "old")
		c.wait(6000)
		tok := c.produce(101, id, -1, "young")
		c.wait(100)
		c.code(tok, None)
		c.must(&CrashBroker{Broker: 101, LoseUnsynced: true})
		if ev := c.happened(KindTruncated, 0); ev == nil || ev.Code != KafkaStorageError || ev.Offset != 1 || ev.End != 2 {
			t.Fatalf("%+v", ev)
		}
		c.wait(13_000)
		c.must(&StartBroker{Broker: 101})
		c.wait(5000)
		want := []string{"old", "young"}
		if factor == 1 {
			want = want[:1]
		}
		if got := c.values(id); !slices.Equal(got, want) {
			t.Fatalf("%d replicas: readable %v", factor, got)
		}
	}
}

// TestFollowerLearnsHighWatermark: at the latest replica.fetch.wait.max.ms after its
// fetch was parked; and idle followers have no timers.
func TestFollowerLearnsHighWatermark(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.topic("orders", 1, 3)
	c.produce(101, id, 1, "a")
	c.wait(11)
	if r := c.replica(id, 102); r.LEO != 1 || r.HW != 0 || c.view(id).HighWatermark != 1 {
		t.Fatalf("%+v", r)
	}
	c.wait(520)
	if r := c.replica(id, 102); r.HW != 1 {
		t.Fatalf("%+v", r)
	}
	c.wait(1000)
	for _, timer := range c.e.timers.heap {
		if timer.at < c.now+10_000 && timer.kind != timerLogCleaner && timer.kind != timerISR {
			t.Errorf("a timer of kind %d in an idle cluster", timer.kind)
		}
	}
}

func BenchmarkProduceReplicated(b *testing.B) {
	e := New(Config{Brokers: 3, LatencyMs: 1})
	e.Apply(0, 1, 1, &CreateTopic{Name: "orders", Partitions: 1, ReplicationFactor: 3, Config: []ConfigEntry{{Name: "retention.bytes", Value: "1000000"}}})
	e.Tick(100)
	e.Advance()
	cmd := &Produce{Topic: 1, Acks: -1, Batch: batchOf(0, strings.Repeat("x", 100))}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Apply(Time(100+i/100), 1, Token(i), cmd)
		if i%64 == 0 {
			e.Advance()
		}
	}
}
