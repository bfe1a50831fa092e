package client_test

import (
	"fmt"
	"slices"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// crashAmidst lets a consumer with a commit policy crash in the middle of ten records
// and another one take over.
func crashAmidst(t *testing.T, policy string) *world {
	w := newWorld(t)
	w.topic("orders", 1)
	a := w.start("a", "commit="+policy, "process=1s", "session.timeout.ms=6000", "max.poll.records=10")
	w.run(1_000)
	w.produce("orders", 0, 10)
	w.run(5_500)
	if len(a.log) != 4 || a.see().InHand != 6 {
		t.Fatalf("before the crash %d records are processed, %d in hand", len(a.log), a.see().InHand)
	}
	w.crash(a)
	w.run(7_000)
	w.start("b", "commit="+policy)
	w.run(30_000)
	return w
}

func TestCommitPoliciesAtACrash(t *testing.T) {
	for policy, want := range map[string]struct{ never, again int }{
		"after":  {0, 4}, // nothing was committed yet: at least once
		"before": {6, 0}, // all ten were committed: at most once
		"auto":   {0, 4}, // the commit of the next poll never came
		"none":   {0, 4},
	} {
		t.Run(policy, func(t *testing.T) {
			crashAmidst(t, policy).count("orders", 0, 10, want.never, want.again)
		})
	}
}

func TestAutoCommitCoversEarlierPolls(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.start("a", "process=1s", "max.poll.records=2", "auto.commit.interval.ms=3000")
	w.run(1_000)
	w.produce("orders", 0, 10)
	// Polls at 1000, 3000, 5000: the interval passes at 3000, so the poll then commits
	// what the first one returned.
	w.run(2_999)
	if at := w.committedAt("orders", 0); at > 0 {
		t.Errorf("committed %d before the interval passed", at)
	}
	w.run(3_000)
	if at := w.committedAt("orders", 0); at != 2 {
		t.Errorf("committed %d at the second poll, want 2", at)
	}
	w.run(30_000)
	if at := w.committedAt("orders", 0); at != 10 {
		t.Errorf("committed %d in the end", at)
	}
}

func TestCommitOnRequest(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	a := w.start("a", "commit=none", "process=1s")
	w.run(1_000)
	w.produce("orders", 0, 5)
	w.run(3_500)
	if err := a.c.Commit(w.now); err != nil {
		t.Error(err)
	}
	w.run(3_600)
	if at := w.committedAt("orders", 0); at != 2 || a.see().Partitions[0].Committed != 2 || a.did[client.FactCommitted] != 1 {
		t.Errorf("committed %d, want the 2 records processed", at)
	}
	a.c.Close(w.now)
	w.run(4_000)
	if at := w.committedAt("orders", 0); at != 2 {
		t.Errorf("closing committed %d without auto commit", at)
	}
	if a.c.Commit(w.now) == nil || a.c.Seek(w.now, "orders", 0, 1) == nil {
		t.Error("a closed consumer commits and seeks")
	}
}

func TestAutoOffsetReset(t *testing.T) {
	for policy, want := range map[string]int{"earliest": 5, "latest": 2} {
		w := newWorld(t)
		w.topic("orders", 1)
		w.produce("orders", 0, 3)
		a := w.start("a", "auto.offset.reset="+policy)
		w.run(5_000)
		w.produce("orders", 0, 2)
		w.run(10_000)
		if len(a.log) != want || a.did[client.FactOffsetReset] != 1 {
			t.Errorf("%s: %d records, %d resets", policy, len(a.log), a.did[client.FactOffsetReset])
		}
	}
	w := newWorld(t)
	w.topic("orders", 1)
	a := w.start("a", "auto.offset.reset=none")
	w.run(10_000)
	a.has(t, "fatal OFFSET_OUT_OF_RANGE orders-0 -1")
	if v := a.see(); v.State != client.Failed || len(w.group("g").Members) != 0 {
		t.Errorf("%+v", v)
	}
}

func TestOffsetOutOfRangeResets(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.produce("orders", 0, 10)
	a := w.start("a")
	w.run(5_000)
	if err := a.c.Seek(w.now, "orders", 0, 50); err != nil {
		t.Error(err)
	}
	w.run(10_000)
	a.has(t, "reset NONE orders-0 0")
	w.count("orders", 0, 10, 0, 10)
}

func TestCommittedOffsetIsWhereTheNextOneStarts(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.produce("orders", 0, 8)
	a := w.start("a")
	w.run(5_000)
	a.c.Close(w.now)
	w.run(6_000)
	w.produce("orders", 0, 4)
	b := w.start("b")
	w.run(10_000)
	if len(b.log) != 4 || b.log[0] != "orders-0@8" || b.did[client.FactOffsetReset] != 0 {
		t.Errorf("b processed %v", b.log)
	}
}

func TestSeekPutsRecordsInHandDown(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.produce("orders", 0, 10)
	a := w.start("a", "process=1s")
	w.run(3_500)
	if err := a.c.Seek(w.now, "orders", 0, 1); err != nil {
		t.Error(err)
	}
	if v := a.see(); v.InHand != 0 || v.Partitions[0].Position != 1 || v.Partitions[0].Processed != 1 {
		t.Errorf("%+v", v)
	}
	w.run(6_000)
	if want := []string{"orders-0@0", "orders-0@1", "orders-0@2", "orders-0@1", "orders-0@2"}; !slices.Equal(a.log, want) {
		t.Errorf("processed %v", a.log)
	}
	for _, err := range []error{a.c.Seek(w.now, "orders", 0, -1), a.c.Seek(w.now, "orders", 7, 0), a.c.Pause(w.now, "bills", 0)} {
		if err == nil {
			t.Error("a wrong seek or pause is accepted")
		}
	}
}

func TestPause(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a := w.start("a")
	w.run(2_000)
	if err := a.c.Pause(w.now, "orders", 0); err != nil {
		t.Error(err)
	}
	w.produce("orders", 0, 3) // a fetch for it is under way: its records wait
	w.produce("orders", 1, 3)
	w.run(5_000)
	w.produce("orders", 0, 2)
	w.run(8_000)
	w.count("orders", 0, 5, 5, 0)
	w.count("orders", 1, 3, 0, 0)
	if v := a.see(); !v.Partitions[0].Paused || len(v.Partitions) != 2 {
		t.Errorf("%+v", v)
	}
	if err := a.c.Resume(w.now, "orders", 0); err != nil {
		t.Error(err)
	}
	w.run(10_000)
	w.count("orders", 0, 5, 0, 0)
}

func TestMaxPollRecordsAndPrefetch(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	w.produce("orders", 0, 7) // one batch, of which polls take pieces
	w.produce("orders", 1, 7)
	var fetches [2]int
	w.lose = func(_ *member, cmd engine.Command) (bool, bool) {
		if f, ok := cmd.(*engine.Fetch); ok {
			for _, p := range f.Parts {
				fetches[p.Partition]++
			}
		}
		return false, false
	}
	a := w.start("a", "max.poll.records=4", "process=100ms")
	w.run(450)
	if len(a.log) != 4 || a.see().InHand != 4 {
		t.Errorf("%d processed and %d in hand", len(a.log), a.see().InHand)
	}
	// The second poll has emptied partition 0, which is fetched ahead while its last
	// records are processed. Partition 1 still has records waiting.
	if fetches != [2]int{2, 1} {
		t.Errorf("partitions were fetched %v times", fetches)
	}
	w.produce("orders", 0, 1)
	w.run(20_000)
	w.count("orders", 0, 8, 0, 0)
	w.count("orders", 1, 7, 0, 0)
	var zero, one []string
	for _, r := range a.log {
		if r[:8] == "orders-0" {
			zero = append(zero, r)
		} else {
			one = append(one, r)
		}
	}
	if !slices.IsSorted(zero) || !slices.IsSorted(one) {
		t.Errorf("out of order: %v", a.log)
	}
}

func TestOneTickProcessesAtMostOnePoll(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.produce("orders", 0, 1000)
	a := w.start("a", "max.poll.records=10")
	most, before := 0, 0
	for ticks := 0; ticks < 2000 && before < 1000; ticks++ {
		at, who := w.next()
		if w.now = max(w.now, at); who != nil {
			who.c.Tick(w.now)
			w.settle(who)
		} else if len(w.flights) > 0 {
			w.land()
		} else {
			w.e.Tick(w.now)
			w.handle()
		}
		most, before = max(most, len(a.log)-before), len(a.log)
	}
	if before != 1000 || most != 10 {
		t.Errorf("%d records, at most %d at a time", before, most)
	}
}

func TestFetchWithoutWaitingLetsTimePass(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.start("a", "fetch.max.wait.ms=0", "fetch.min.bytes=0", "retry.backoff.ms=0")
	w.start("b", "topics=missing", "retry.backoff.ms=0")
	w.run(2_000) // run fails when time stands still
}

func TestInHand(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	w.produce("orders", 0, 5)
	a := w.start("a", "process=1s")
	w.run(2_500)
	var got []engine.Offset
	a.c.InHand(w.topics["orders"], 0, func(o engine.Offset, key, value []byte) bool {
		if string(key) != "k" || string(value) != fmt.Sprint(o) {
			t.Errorf("record %d is %s=%s", o, key, value)
		}
		got = append(got, o)
		return len(got) < 2
	})
	if !slices.Equal(got, []engine.Offset{2, 3}) {
		t.Errorf("in hand: %v", got)
	}
	a.c.SetProcess(0)
	w.run(2_501)
	w.count("orders", 0, 5, 0, 0)
}

// TestDigest fixes a run with everything in it: the same commands natively and in
// WebAssembly, today and tomorrow. A change of behaviour changes the number.
func TestDigest(t *testing.T) {
	w := newWorld(t)
	w.latency = 7
	w.topic("orders", 6)
	for _, name := range []string{"a", "b", "c"} {
		w.start(name, "process=3ms", "session.timeout.ms=6000", "max.poll.records=20", "partition.assignment.strategy=sticky")
		w.start(name+"2", "group.id=h", "partition.assignment.strategy=cooperative-sticky", "commit=after")
	}
	for i := range 200 {
		w.run(engine.Time(i) * 100)
		w.produce("orders", engine.Partition(i%6), 1+i%5)
		switch i {
		case 50:
			w.crash(w.members[0])
		case 100:
			w.members[3].c.Close(w.now)
		case 120:
			w.start("d", "group.instance.id=d")
		}
	}
	w.run(60_000)
	const want = 0x2130d90b45173935
	if got := w.e.Digest(); got != want {
		t.Errorf("the digest is %#x, not %#x", got, uint64(want))
	}
}
