package sim

import (
	"fmt"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// story lets consumers of one group process records while they crash, come back and go
// back, and tells all that can be known of it. With runs they process batches at once,
// which a test makes certain of.
func story(t *testing.T, seed uint64, runs bool) string {
	w := New(Config{Seed: seed, LatencyMs: 3})
	var told strings.Builder
	w.OnNote = func(at engine.Time, tone uint8, text string) { fmt.Fprintln(&told, at, tone, text) }
	many := 0
	w.OnFact = func(c *Consumer, f *client.Fact) {
		if f.Kind == client.FactProcessed && f.End-f.Offset > 1 {
			many++
		}
		for o := f.Offset; f.Kind == client.FactProcessed && o < f.End; o++ {
			fmt.Fprintln(&told, f.At, c.Name, f.Topic, f.Partition, o, f.Epoch)
		}
	}
	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 3}, nil)
	topic, _ := w.engine.Topic("orders")
	p := client.DefaultProducerConfig()
	p.ClientID = "shop"
	keys := []string{"a", "b", "c"}
	if seed%2 == 0 {
		keys = nil
	}
	if _, err := w.AddProducer(p, Generator{Topic: "orders", Rate: 300_000, Keys: keys, Value: "{n}"}, ""); err != nil {
		t.Fatal(err)
	}
	w.Advance(300, 0)
	var all []*Consumer
	for i := range 3 {
		cfg := client.DefaultConsumerConfig()
		cfg.ClientID, cfg.GroupID, cfg.Topics = fmt.Sprint("c", i), "billing", []string{"orders"}
		cfg.AutoOffsetReset, cfg.SessionTimeoutMs = "latest", 6_000
		cfg.MaxPollRecords = 3 + int64(seed)*int64(i)*40
		c, err := w.AddConsumer(cfg, "")
		if err != nil {
			t.Fatal(err)
		}
		w.SetSink(c, Sink(i))
		all = append(all, c)
	}
	for step := range 24 {
		w.Advance(w.Now()+engine.Time(700+100*(step%5)), 0)
		c := all[(step+int(seed))%3]
		switch step % 6 {
		case 1:
			w.Crash(c)
		case 3:
			for _, c := range all {
				if c.State() == Crashed {
					w.Restart(c)
				}
			}
		case 4, 5: // back a little, and before what was ever read
			for _, c := range all {
				if c.State() != Running {
					continue
				}
				w.Do(c, func(m *client.Consumer, now engine.Time) {
					for _, part := range c.View().Partitions {
						to := max(0, part.Position-engine.Offset(7*step))
						if step%6 == 5 {
							to = engine.Offset(step)
						}
						_ = m.Seek(now, "orders", part.Partition, to)
					}
				})
			}
		}
		for _, c := range all {
			c.machine.Config().Runs = runs
		}
	}
	fmt.Fprintf(&told, "%+v %+v %d\n", w.Tally("billing"), w.Counts("billing"), w.worked())
	for part := range engine.Partition(3) {
		v, _ := w.engine.Partition(topic.ID, part)
		for o := range v.LogEnd {
			fmt.Fprint(&told, w.Processed("billing", topic.ID, part, o), " ")
		}
		fmt.Fprintln(&told, w.Footsteps("billing", topic.ID, part))
	}
	fmt.Fprintln(&told, w.Breaches(), w.Happenings())
	if runs != (many > 0) {
		t.Errorf("seed %d: %d runs", seed, many)
	}
	return told.String()
}

// TestRunsAreRecords: it makes no difference to anybody whether records are processed one
// by one or in runs.
func TestRunsAreRecords(t *testing.T) {
	for seed := range uint64(4) {
		one, many := strings.Split(story(t, seed, false), "\n"), strings.Split(story(t, seed, true), "\n")
		for i := range min(len(one), len(many)) {
			if one[i] != many[i] {
				t.Fatalf("seed %d, line %d of %d and %d:\n%.200s\n%.200s", seed, i, len(one), len(many), one[i], many[i])
			}
		}
	}
}

// TestAccountOfRuns: one account counts each record in a ring from the start, one each
// record, and one all at once.
func TestAccountOfRuns(t *testing.T) {
	for _, gaps := range []engine.Offset{0, window - 1} {
		ring, one, many := account{committed: 1 << 20}, account{committed: 1 << 20}, account{committed: 1 << 20}
		ring.counts.grow(0, 0)
		at := engine.Offset(5)
		for i, n := range []engine.Offset{1, 70, 3, 50_000, window, 1, window - 1, 12} {
			if i > 4 {
				at += gaps // with the run, farther than the window
			}
			for o := at; o < at+n; o++ {
				ring.add(o)
				one.add(o)
			}
			many.addRun(at, at+n)
			at += n
			for _, a := range []*account{&one, &many} {
				if a.base != ring.base || a.end != ring.end || a.skipped != ring.skipped || a.duplicates != ring.duplicates {
					t.Fatalf("run %d: base %d, end %d, skipped %d; want %d, %d, %d", i, a.base, a.end, a.skipped, ring.base, ring.end, ring.skipped)
				}
				for o := max(0, a.base-2); o < a.end+2; o++ {
					if a.count(o) != ring.count(o) {
						t.Fatalf("run %d: offset %d was processed %d times; want %d", i, o, a.count(o), ring.count(o))
					}
				}
			}
		}
		if gaps == 0 && (one.counts.len()+many.counts.len() > 0) {
			t.Error("a ring where all was in order")
		}
	}
}
