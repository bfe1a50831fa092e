package engine

import (
	"testing"

	"partita/engine/batch"
)

func fetchOf(id TopicID, offset Offset, minBytes, maxWait int32) *Fetch {
	return &Fetch{Parts: []FetchPart{{Topic: id, Offset: offset, MaxBytes: 1 << 20}},
		MinBytes: minBytes, MaxBytes: 1 << 20, MaxWaitMs: maxWait}
}

func TestFetchParksUntilMinBytes(t *testing.T) {
	e, id := newTopic(t, 1)
	one := records(0, "a")
	if got := replies(e, 0, fetchOf(id, 0, int32(2*len(one)), 500)); len(got) != 0 {
		t.Fatalf("answered at once: %+v", got)
	}
	if got := replies(e, 10, &Produce{Topic: id, Batch: one}); len(got) != 0 {
		t.Fatalf("answered with too few bytes: %+v", got)
	}
	got := replies(e, 20, &Produce{Topic: id, Batch: one})
	if len(got) != 1 || len(got[0].Body.(*FetchReply).Parts[0].Records) != 2*len(one) {
		t.Fatalf("replies: %+v", got)
	}
	e.Tick(1000)
	if got := drain(e); len(got) != 0 {
		t.Fatalf("answered twice: %+v", got)
	}
}

func TestFetchGivesUpAfterMaxWait(t *testing.T) {
	e, id := newTopic(t, 1)
	replies(e, 0, fetchOf(id, 0, 1, 500))
	if at, ok := e.Deadline(); !ok || at != 500 {
		t.Fatalf("deadline %d %v", at, ok)
	}
	e.Tick(499)
	if got := drain(e); len(got) != 0 {
		t.Fatalf("early: %+v", got)
	}
	e.Tick(500)
	got := drain(e)
	if len(got) != 1 || got[0].Body.(*FetchReply).Parts[0].Records != nil {
		t.Fatalf("replies: %+v", got)
	}
}

func TestFetchLimits(t *testing.T) {
	e, id := newTopic(t, 2)
	one := int32(len(records(0, "a")))
	for range 10 {
		for p := range Partition(2) {
			ask(t, e, 0, &Produce{Topic: id, Partition: p, Acks: 1, Batch: records(0, "a")})
		}
	}
	fetch := func(offset Offset, perPart, all int32) (first, second int32) {
		r := ask(t, e, 0, &Fetch{Parts: []FetchPart{
			{Topic: id, Partition: 0, Offset: offset, MaxBytes: perPart},
			{Topic: id, Partition: 1, Offset: offset, MaxBytes: perPart}}, MaxBytes: all})
		parts := r.Body.(*FetchReply).Parts
		return int32(len(parts[0].Records)) / one, int32(len(parts[1].Records)) / one
	}
	for _, c := range []struct {
		name          string
		offset        Offset
		perPart, all  int32
		first, second int32
	}{
		{"all", 0, 1 << 20, 1 << 20, 10, 10},
		{"from the middle", 7, 1 << 20, 1 << 20, 3, 3},
		{"three batches each", 0, 3*one + 1, 1 << 20, 3, 3},
		{"the whole reply is bounded", 0, 1 << 20, 4 * one, 4, 0},
		{"the first batch always comes", 0, 1, 1, 1, 0},
		{"nothing at the end", 10, 1 << 20, 1 << 20, 0, 0},
	} {
		if first, second := fetch(c.offset, c.perPart, c.all); first != c.first || second != c.second {
			t.Errorf("%s: %d and %d batches, want %d and %d", c.name, first, second, c.first, c.second)
		}
	}
}

func TestFetchReadsEveryOffsetAcrossSegments(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "segment.bytes", Value: "250"})
	for i := range 50 {
		ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(int64(i), "a", "b", "c")[:]})
	}
	for start := range Offset(150) {
		next := start
		for next < 150 {
			got, code := e.Read(id, 0, next, 1)
			h, err := batch.Parse(got)
			if code != None || err != nil || Offset(h.BaseOffset) > next || Offset(h.NextOffset()) <= next {
				t.Fatalf("reading %d: %v %v %+v", next, code, err, h)
			}
			next = Offset(h.NextOffset())
		}
	}
}

func TestDeletedTopicAnswersParkedFetch(t *testing.T) {
	e, id := newTopic(t, 1)
	replies(e, 0, fetchOf(id, 0, 1, 60_000))
	got := replies(e, 1, &DeleteTopic{Name: "orders"})
	if len(got) != 2 || got[1].Body.(*FetchReply).Parts[0].Code != UnknownTopicOrPartition {
		t.Fatalf("replies: %+v", got)
	}
}

func TestDisconnectDropsParkedFetches(t *testing.T) {
	e, id := newTopic(t, 1)
	replies(e, 0, fetchOf(id, 0, 1, 500))
	replies(e, 0, &Disconnect{})
	e.Tick(10_000)
	if got := drain(e); len(got) != 0 {
		t.Fatalf("a dead session was answered: %+v", got)
	}
}

func TestProduceAllocatesNothing(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "retention.bytes", Value: "1000000"})
	cmd := &Produce{Topic: id, Acks: 1, Batch: records(0, string(make([]byte, 100)))}
	at := Time(0)
	run := func() {
		for range 100 {
			e.Apply(at, client, 1, cmd)
		}
		at += 1000
		e.Advance()
	}
	for range 1000 {
		run()
	}
	// Segments are allocated, 64 kB at a time; nothing else is.
	if perBatch := testing.AllocsPerRun(1000, run) / 100; perBatch > 0.05 {
		t.Errorf("%.3f allocations for each one-record batch", perBatch)
	}
}

func BenchmarkProduce(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(map[int]string{1: "1record", 100: "100records"}[n], func(b *testing.B) {
			e := New(Config{Defaults: []ConfigEntry{{Name: "log.retention.check.interval.ms", Value: "1000"}}})
			e.Apply(0, client, 1, &CreateTopic{Name: "orders", Partitions: 6,
				Config: []ConfigEntry{{Name: "retention.bytes", Value: "1000000"}, {Name: "segment.bytes", Value: "65536"}}})
			id := e.Ready().Replies[0].Body.(*CreateTopicReply).Topic
			e.Advance()
			values := make([]string, n)
			for i := range values {
				values[i] = string(make([]byte, 100))
			}
			cmd := &Produce{Topic: id, Acks: 1, Batch: records(0, values...)}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				cmd.Partition = Partition(i % 6)
				e.Apply(Time(i), client, 1, cmd) // retention runs each 1,000 batches
				if i++; i%64 == 0 {
					e.Advance()
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
