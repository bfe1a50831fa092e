package sim_test

import (
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
	"partita/engine/sim"
)

func newWorld(t testing.TB, latency int64) *sim.World {
	t.Helper()
	w := sim.New(sim.Config{Seed: 7, LatencyMs: latency})
	if code := w.Call(&engine.CreateTopic{Name: "orders", Partitions: 3}, nil); code != engine.None {
		t.Fatal(code)
	}
	return w
}

func addProducer(t testing.TB, w *sim.World, name string, gen sim.Generator) *sim.Producer {
	t.Helper()
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = name
	p, err := w.AddProducer(cfg, gen, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

var trucks = []string{"truck-10", "truck-11", "truck-12", "truck-13", "truck-14", "truck-15"}

// TestSlicesMakeNoDifference checks that a world which is advanced in small slices, by
// time and by work, does what one does that is advanced at once.
func TestSlicesMakeNoDifference(t *testing.T) {
	run := func(advance func(w *sim.World)) uint64 {
		w := newWorld(t, 30)
		addProducer(t, w, "p1", sim.Generator{Topic: "orders", Rate: 333_333, Keys: trucks, Value: "{n}"})
		addProducer(t, w, "p2", sim.Generator{Topic: "orders", Rate: 50_000_000, Value: "x{n}y{n}"})
		advance(w)
		return w.Engine().Digest()
	}
	want := run(func(w *sim.World) { w.Advance(700, 0) })
	got := run(func(w *sim.World) {
		for at := engine.Time(0); at <= 700; at += 7 {
			for w.Advance(at, 5) < at {
			}
		}
	})
	if got != want {
		t.Errorf("digest %x in slices, %x at once", got, want)
	}
}

// TestRateIsExact checks that a producer makes as many records as its rate says, even
// many in one millisecond.
func TestRateIsExact(t *testing.T) {
	for _, rate := range []int64{500, 1_000, 3_000, 333_333, 1_500_000, sim.MaxRate} {
		w := newWorld(t, 0)
		p := addProducer(t, w, "p", sim.Generator{Topic: "orders", Rate: rate, Value: "{n}"})
		w.Advance(4_000, 0)
		w.SetPaused(p, true)
		w.Advance(5_000, 0)
		if want := rate * 4 / 1000; p.Sent()+p.Failed() != want || p.Failed() != 0 {
			t.Errorf("at %d/1000 a second: %d sent, %d failed in 4 s, want %d", rate, p.Sent(), p.Failed(), want)
		}
	}
}

// TestLinkKeepsOrder checks that no parcel overtakes an earlier one when latency drops
// in between, and that flights show what is under way.
func TestLinkKeepsOrder(t *testing.T) {
	w := newWorld(t, 0)
	for _, v := range []string{"0", "1", "2"} {
		if err := w.Send("orders", 0, []byte("k"), []byte(v)); err != nil {
			t.Fatal(err)
		}
		w.Advance(w.Now()+100, 0)
	}
	w.SetLatency(1_000)
	for i := range 4 {
		_ = w.Send("orders", 0, []byte("k"), []byte{byte('3' + i)})
		w.SetLatency(1_000 - 300*int64(i))
		w.Advance(w.Now()+20, 0)
	}
	flights := 0
	w.Flights(func(f *sim.Flight) {
		flights++
		if f.Producer == nil || f.Producer.Name != "console" || f.Partition != 0 || f.Records != 1 ||
			f.Offset != -1 || string(f.Key) != "k" || f.Arrives <= w.Now() || f.Sent > w.Now() {
			t.Errorf("a flight looks like this: %+v", *f)
		}
	})
	if flights != 4 {
		t.Errorf("%d flights, want 4", flights)
	}
	w.Advance(w.Now()+5_000, 0)
	bytes, _ := w.Engine().Read(1, 0, 0, 1<<20)
	got := ""
	for len(bytes) > 0 {
		h, err := batch.Parse(bytes)
		if err != nil {
			t.Fatal(err)
		}
		var r batch.Record
		for it := batch.Records(bytes); it.Next(&r); {
			got += string(r.Value)
		}
		bytes = bytes[h.Size():]
	}
	if got != "0123456" {
		t.Errorf("records arrived in the order %s", got)
	}
}

// TestExternalSessions checks that clients from outside are answered at once, and that
// their replies and the events come through the callbacks.
func TestExternalSessions(t *testing.T) {
	w := newWorld(t, 50)
	var replies []engine.Reply
	var events []engine.Kind
	w.OnReply = func(r *engine.Reply) { replies = append(replies, *r) }
	w.OnEvent = func(ev *engine.Event) { events = append(events, ev.Kind) }
	w.Submit(sim.ExternalBase+3, 9, &engine.CreateTopic{Name: "rides", Partitions: 1})
	w.Submit(sim.ExternalBase+4, 10, &engine.DeleteTopic{Name: "rides"})
	if len(replies) != 2 || replies[0].To != sim.ExternalBase+3 || replies[0].Token != 9 || replies[1].Token != 10 {
		t.Errorf("replies %+v", replies)
	}
	if len(events) != 2 || events[0] != engine.KindTopicCreated || events[1] != engine.KindTopicDeleted {
		t.Errorf("events %v", events)
	}
}

func TestClearStartsAgain(t *testing.T) {
	w := newWorld(t, 10)
	addProducer(t, w, "p1", sim.Generator{Topic: "orders", Rate: 5_000})
	w.Advance(3_000, 0)
	cleared := false
	w.OnClear = func() { cleared = true }
	w.Clear()
	if _, ok := w.Engine().Topic("orders"); ok || !cleared || w.Now() != 3_000 || len(w.Producers()) != 0 {
		t.Error("something is left, or time went back")
	}
	if got := w.Advance(4_000, 0); got != 4_000 {
		t.Errorf("time stands at %d", got)
	}
}

// BenchmarkWorldProduce moves 100 records in each millisecond of virtual time.
func BenchmarkWorldProduce(b *testing.B) {
	w := newWorld(b, 2)
	addProducer(b, w, "p1", sim.Generator{Topic: "orders", Rate: sim.MaxRate, Keys: trucks, Value: "position {n}"})
	w.Call(&engine.AlterConfig{Topic: "orders", Entries: []engine.ConfigEntry{{Name: "retention.ms", Value: "1000"}, {Name: "segment.ms", Value: "1000"}}}, nil)
	w.Advance(1_000, 0)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		w.Advance(w.Now()+1, 0)
	}
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkWorld moves 100 records in each millisecond of virtual time all the way:
// produced, fetched by three consumers of one group, processed and committed.
func BenchmarkWorld(b *testing.B) {
	w := newWorld(b, 2)
	addProducer(b, w, "p1", sim.Generator{Topic: "orders", Rate: sim.MaxRate, Keys: trucks, Value: "position {n}"})
	w.Call(&engine.AlterConfig{Topic: "orders", Entries: []engine.ConfigEntry{{Name: "retention.ms", Value: "1000"}, {Name: "segment.ms", Value: "1000"}}}, nil)
	for _, name := range []string{"c1", "c2", "c3"} {
		cfg := client.DefaultConsumerConfig()
		cfg.ClientID, cfg.GroupID, cfg.Topics = name, "billing", []string{"orders"}
		if _, err := w.AddConsumer(cfg, ""); err != nil {
			b.Fatal(err)
		}
	}
	w.Advance(10_000, 0)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		w.Advance(w.Now()+1, 0)
	}
	b.ReportMetric(float64(b.N)*100/b.Elapsed().Seconds(), "records/s")
}
