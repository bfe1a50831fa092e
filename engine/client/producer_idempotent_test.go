package client_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

func idempotentConfig() client.ProducerConfig {
	cfg := client.DefaultProducerConfig()
	cfg.LingerMs = 0
	return cfg
}

// oneByOne sends n records, each in a batch of its own, and lets time pass.
func (b *bench) oneByOne(from, n int, at engine.Time) {
	for i := range n {
		b.send(at+engine.Time(i), "", strconv.Itoa(from+i))
		b.run(at + engine.Time(i))
	}
}

// until runs until a time in steps of 10 ms.
func (b *bench) until(from, to engine.Time) {
	for at := from; at <= to; at += 10 {
		b.run(at)
	}
}

func numbers(n int) (list []string) {
	for i := range n {
		list = append(list, strconv.Itoa(i))
	}
	return list
}

func (b *bench) wrote(want []string) {
	b.t.Helper()
	if _, values := b.log(0); !slices.Equal(values, want) {
		b.t.Errorf("the log has %v, want %v; view %+v", values, want, b.p.View())
	}
}

func TestIdempotenceWritesOnceAndInOrder(t *testing.T) {
	for _, c := range []struct {
		name           string
		request, reply bool
	}{{"requests are lost", true, false}, {"replies are lost", false, true}} {
		cfg := idempotentConfig()
		cfg.RequestTimeoutMs = 3_000
		b := newBench(t, cfg, 1)
		n := 0
		b.lose = func(cmd engine.Command) (bool, bool) {
			if _, ok := cmd.(*engine.Produce); !ok {
				return false, false
			}
			n++
			bad := n == 2 || n == 4 || n == 7
			return bad && c.request, bad && c.reply
		}
		b.oneByOne(0, 10, 0)
		b.until(10, 30_000)
		b.wrote(numbers(10))
		if v := b.p.View(); v.Acked != 10 || v.State != client.Ready || v.ProducerID < 0 || v.Epoch != 0 {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

// TestNoIdempotenceGetsItWrong is the same without: it shows what idempotence is for.
func TestNoIdempotenceGetsItWrong(t *testing.T) {
	cfg := idempotentConfig()
	cfg.EnableIdempotence = false
	b := newBench(t, cfg, 1)
	n := 0
	b.lose = func(cmd engine.Command) (bool, bool) {
		if _, ok := cmd.(*engine.Produce); ok {
			n++
		}
		return n == 2, n == 4
	}
	b.oneByOne(0, 5, 0)
	b.until(10, 70_000)
	if _, values := b.log(0); slices.Equal(values, numbers(5)) || len(values) < 5 {
		t.Errorf("the log has %v", values)
	}
}

func TestAGapRaisesTheEpoch(t *testing.T) {
	cfg := idempotentConfig()
	cfg.RequestTimeoutMs, cfg.DeliveryTimeoutMs = 1_000, 3_000
	b := newBench(t, cfg, 1)
	var down bool
	b.lose = func(cmd engine.Command) (bool, bool) { _, ok := cmd.(*engine.Produce); return ok && down, false }
	b.oneByOne(0, 3, 0)
	down = true
	b.oneByOne(90, 2, 10)
	b.until(20, 5_000)
	down = false
	if v := b.p.View(); v.Failed != 2 {
		t.Errorf("%+v", v)
	}
	b.oneByOne(3, 3, 5_010)
	b.until(5_020, 8_000)
	b.wrote(numbers(6))
	if v := b.p.View(); v.Epoch != 1 || v.Acked != 6 {
		t.Errorf("%+v", v)
	}
}

func TestRecordsWaitForTheProducerID(t *testing.T) {
	b := newBench(t, idempotentConfig(), 1)
	n := 0
	b.lose = func(cmd engine.Command) (bool, bool) {
		_, ok := cmd.(*engine.InitProducerID)
		if ok {
			n++
		}
		return ok && n < 3, false
	}
	b.oneByOne(0, 3, 0)
	if b.produced != 0 {
		t.Error("records without a producer id")
	}
	b.until(10, 62_000)
	b.wrote(numbers(3))
}

func TestBatchesThatAreTooLargeAreSplit(t *testing.T) {
	for _, idempotent := range []bool{true, false} {
		cfg := idempotentConfig()
		cfg.EnableIdempotence, cfg.LingerMs, cfg.BatchSize = idempotent, 5, 100_000
		if !idempotent {
			cfg.MaxInFlight = 1 // or the halves overtake each other
		}
		b := newBench(t, cfg, 1)
		b.e.Apply(0, 1, 1, &engine.AlterConfig{Topic: "orders", Entries: []engine.ConfigEntry{{Name: "max.message.bytes", Value: "300"}}})
		b.e.Advance()
		for i := range 100 {
			b.send(0, "", strconv.Itoa(i))
		}
		b.run(0)
		b.run(5)
		b.until(10, 100)
		b.wrote(numbers(100))
		if v := b.p.View(); v.Acked != 100 || v.Epoch > 0 {
			t.Errorf("idempotent %v: %+v", idempotent, v)
		}
		one := strings.Repeat("x", 400)
		b.send(200, "", one)
		b.until(200, 300)
		if v := b.p.View(); v.Failed != 1 {
			t.Errorf("one record that is too large cannot be split: %+v", v)
		}
	}
}

func TestProducerFollowsTheLeader(t *testing.T) {
	cfg := idempotentConfig()
	cfg.MaxInFlight = 2
	p := client.NewProducer(cfg, 1)
	leader, epoch := int32(101), int32(1)
	var log []string
	now := engine.Time(0)
	var waiting []client.Request
	answer := func(hold bool) {
		for len(p.Requests()) > 0 {
			requests := append([]client.Request(nil), p.Requests()...)
			p.Sent()
			for _, r := range requests {
				reply := engine.Reply{Token: r.Token}
				switch c := r.Command.(type) {
				case *engine.Metadata:
					reply.Body = &engine.MetadataReply{Topics: []engine.TopicMetadata{{Name: "orders", Topic: 1, Partitions: []engine.PartitionMetadata{{Leader: leader, LeaderEpoch: epoch}}}}}
				case *engine.InitProducerID:
					reply.Body = &engine.InitProducerIDReply{ProducerID: 7}
				case *engine.Produce:
					h, _ := batch.Parse(c.Batch)
					log = append(log, strconv.Itoa(int(r.Broker))+":"+strconv.Itoa(int(h.BaseSequence)))
					if r.Broker != leader {
						reply.Code = engine.NotLeaderOrFollower
					}
					if hold {
						waiting = append(waiting, r)
						continue
					}
				}
				p.Reply(now, &reply)
			}
		}
	}
	send := func() {
		if err := p.Send(now, "orders", 0, nil, []byte("v"), nil); err != nil {
			t.Fatal(err)
		}
		p.Tick(now)
	}
	send()
	answer(false)
	leader, epoch = 102, 2
	for range 3 {
		send()
		answer(true)
	}
	if want := "101:0 101:1 101:2"; strings.Join(log, " ") != want || len(waiting) != 2 {
		t.Fatalf("%v, %d under way, want %s: max.in.flight is 2", log, len(waiting), want)
	}
	for _, r := range waiting {
		p.Reply(now, &engine.Reply{Token: r.Token, Code: engine.NotLeaderOrFollower})
	}
	for now = 1; now < 2_000; now++ {
		if at, ok := p.Deadline(); ok && at <= now {
			p.Tick(now)
		}
		answer(false)
	}
	log = slices.DeleteFunc(log, func(s string) bool { return s[:3] != "102" })
	if want := "102:1 102:2 102:3"; strings.Join(log, " ") != want || !p.Idle() {
		t.Errorf("%v, want %s", log, want)
	}
}

func TestIdempotenceSettings(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"acks=1", ""}, {"retries=0", ""}, {"enable.idempotence=false acks=1 max.in.flight.requests.per.connection=9", ""},
		{"enable.idempotence=true acks=1", "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence."},
		{"enable.idempotence=true retries=0", "Must set retries to non-zero when using the idempotent producer."},
		{"max.in.flight.requests.per.connection=6", "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer."},
		{"transactional.id=t acks=1", "Cannot set a transactional.id without also enabling idempotence."},
		{"transactional.id=t", ""}, {"compression.type=none", ""},
	} {
		cfg := client.DefaultProducerConfig()
		for _, pair := range strings.Fields(c.settings) {
			name, value, _ := strings.Cut(pair, "=")
			if err := cfg.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		if err := cfg.Check(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.settings, got, c.want)
		}
	}
	cfg := client.DefaultProducerConfig()
	if err := cfg.Set("compression.type", "gzip"); err == nil || !strings.Contains(err.Error(), "not modelled") {
		t.Errorf("gzip: %v", err)
	}
	if err := cfg.Set("compression.type", "zip"); err == nil || err.Error() != "Invalid value zip for configuration compression.type: String must be one of: none, gzip, snappy, lz4, zstd" {
		t.Errorf("zip: %v", err)
	}
}
