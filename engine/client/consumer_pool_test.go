package client_test

import (
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// disorder counts the records that were processed after a later one of their partition.
func (m *member) disorder() (n int) {
	last := map[string]int{}
	for _, record := range m.log {
		tp, offset, _ := strings.Cut(record, "@")
		o, _ := strconv.Atoi(offset)
		if before, ok := last[tp]; ok && before > o {
			n++
		}
		last[tp] = max(last[tp], o)
	}
	return n
}

// pooledWorld has two partitions with 40 records each, and one consumer with threads.
func pooledWorld(t *testing.T, pairs ...string) (*world, *member) {
	w := newWorld(t)
	w.topic("orders", 2)
	for p := range engine.Partition(2) {
		w.produce("orders", p, 40)
	}
	return w, w.start("a", append([]string{"commit=after", "process=20", "process.spread=100", "max.poll.records=10", "session.timeout.ms=6000",
		"auto.commit.interval.ms=500"}, pairs...)...)
}

func TestThreadsKeepOrWreckTheOrder(t *testing.T) {
	for _, order := range []string{"partition", "record"} {
		w, m := pooledWorld(t, "threads=4", "threads.order="+order)
		w.run(60_000)
		w.count("orders", 0, 40, 0, 0)
		w.count("orders", 1, 40, 0, 0)
		if n := m.disorder(); n > 0 != (order == "record") {
			t.Errorf("threads.order=%s: %d records out of order", order, n)
		}
		for p := range engine.Partition(2) {
			if got := w.committedAt("orders", p); got != 40 {
				t.Errorf("threads.order=%s: orders-%d is committed at %d", order, p, got)
			}
		}
	}
}

func TestThreadsAreFaster(t *testing.T) {
	at := func(pairs ...string) engine.Time {
		w, m := pooledWorld(t, append(pairs, "process=100", "process.spread=0")...)
		for len(m.log) < 80 {
			w.run(w.now + 100)
		}
		return w.now
	}
	one, two, eight := at(), at("threads=2"), at("threads=8", "threads.order=record")
	if two > one*6/10 || eight > one*2/10 {
		t.Errorf("80 records take %d ms, with two threads %d, with eight %d", one, two, eight)
	}
}

// TestWhatThreadsMayCommit: after a crash, records that were not finished are processed
// again, unless the highest finished one was committed: then they are lost.
func TestWhatThreadsMayCommit(t *testing.T) {
	for _, mark := range []string{"lowest", "highest"} {
		w, m := pooledWorld(t, "threads=8", "threads.order=record", "threads.commit="+mark, "auto.commit.interval.ms=100")
		w.run(101)
		w.crash(m)
		w.start("b", "commit=after")
		w.run(60_000)
		lost := 0
		for p := range 2 {
			for o := range 40 {
				if w.times["orders-"+strconv.Itoa(p)+"@"+strconv.Itoa(o)] == 0 {
					lost++
				}
			}
		}
		if lost > 0 != (mark == "highest") {
			t.Errorf("threads.commit=%s: %d records are lost", mark, lost)
		}
	}
}

func TestThreadsThroughARebalance(t *testing.T) {
	w, _ := pooledWorld(t, "threads=4")
	w.run(300)
	w.start("b", "commit=after", "process=20", "threads=2")
	w.run(60_000)
	w.divided(2, 1, 1)
	if len(w.times) != 80 {
		t.Errorf("%d of 80 records were processed", len(w.times))
	}
}

func TestThreadSettings(t *testing.T) {
	cfg := client.DefaultConsumerConfig()
	cfg.Set("threads", "4")
	cfg.Set("commit", "before")
	if cfg.Check() == nil {
		t.Error("threads and commit=before")
	}
	if err := cfg.Set("threads", "0"); err == nil {
		t.Error("threads=0")
	}
}
