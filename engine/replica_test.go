package engine

import (
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
