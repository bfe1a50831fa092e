package client_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// pipeline is orders with records in it, done for what workers write, and one worker.
type pipeline struct {
	*world
	pairs  []string
	worker *member
}

func newPipeline(t *testing.T, pairs ...string) *pipeline {
	w := newWorld(t)
	w.latency, w.anyValue = 5, true
	w.topic("orders", 2)
	w.topic("done", 2)
	p := &pipeline{world: w, pairs: append(pairs, "max.poll.records=3", "process=10", "session.timeout.ms=6000", "request.timeout.ms=3000")}
	feeder := w.startProducer("feeder")
	w.feed(feeder, 0, 40, 2)
	w.run(w.now + 1_000)
	return p
}

// start starts a worker process, with crash.at for the first of them.
func (p *pipeline) start(crash string) {
	p.worker = p.world.start("worker", append(p.pairs, "crash.at="+crash)...)
}

// results reads done, as a read_committed consumer does.
func (p *pipeline) results() []string {
	reader := p.world.start("reader", "group.id=results", "topics=done", "isolation.level=read_committed")
	p.run(p.now + 20_000)
	return reader.values
}

// times counts how often each of n records is in a list: never, once, again.
func times(list []string, n int) (never, once, again int) {
	for i := range n {
		switch c := len(slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s != strconv.Itoa(i) })); c {
		case 0:
			never++
		case 1:
			once++
		default:
			again++
		}
	}
	return never, once, again
}

var steps = []string{"never", "polled", "processed", "written", "offsets", "committing", "committed"}

// TestExactlyOnceInsideTheCluster: wherever the worker crashes, each record in gives one
// record out, for those who read committed ones.
func TestExactlyOnceInsideTheCluster(t *testing.T) {
	for _, step := range steps {
		p := newPipeline(t, "output=done", "processing.guarantee=exactly_once", "transactional.id=worker")
		p.start(step)
		p.run(p.now + 3_000)
		if crashed := p.worker.c.Crashed(); crashed != (step != "never") {
			t.Fatalf("%s: crashed %v; %+v", step, crashed, p.worker.facts)
		}
		if step != "never" {
			p.crash(p.worker)
			p.start("never")
		}
		p.run(p.now + 30_000)
		list := p.results()
		if never, once, again := times(list, 40); once != 40 {
			t.Errorf("%s: %d never, %d once, %d more than once", step, never, once, again)
		}
		if at := p.committedAt("orders", 0) + p.committedAt("orders", 1); at != 40 {
			t.Errorf("%s: committed offsets add up to %d", step, at)
		}
	}
}

// TestAtLeastOnce: nothing is missing, and after some crashes a poll's records come twice.
func TestAtLeastOnce(t *testing.T) {
	for _, step := range steps {
		p := newPipeline(t, "output=done")
		p.start(step)
		p.run(p.now + 3_000)
		if step != "never" && step != "offsets" {
			if !p.worker.c.Crashed() {
				t.Fatalf("%s: it did not crash", step)
			}
			p.crash(p.worker)
			p.start("never")
		}
		p.run(p.now + 30_000)
		never, once, again := times(p.results(), 40)
		twice := step == "written" // and what was committing has arrived
		if never != 0 || again > 0 != twice || once+again != 40 {
			t.Errorf("%s: %d never, %d once, %d more than once", step, never, once, again)
		}
	}
}

// TestWorkersShareTheWorkThroughRebalances: workers come and go, and the network loses
// things; with transactions each record still gives one.
func TestWorkersShareTheWorkThroughRebalances(t *testing.T) {
	p := newPipeline(t, "output=done", "processing.guarantee=exactly_once", "max.poll.interval.ms=10000")
	n := 0
	p.lose = func(m *member, cmd engine.Command) (bool, bool) {
		n++
		return n%31 == 7, n%29 == 3
	}
	var workers []*member
	for i := range 3 {
		workers = append(workers, p.world.start(fmt.Sprint("w", i), p.pairs...))
		p.run(p.now + 2_000)
	}
	p.world.crash(workers[0])
	p.run(p.now + 20_000)
	workers[1].c.Close(p.now)
	p.run(p.now + 60_000)
	p.lose = nil
	p.run(p.now + 60_000)
	if never, once, again := times(p.results(), 40); once != 40 {
		t.Errorf("%d never, %d once, %d more than once", never, once, again)
	}
	if s := workers[1].see().State; s != client.Closed {
		t.Errorf("the closed worker is in state %d", s)
	}
}
