package sim

import (
	"math/rand/v2"
	"slices"
	"testing"

	"partita/engine"
)

func TestAgendaKeepsOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var a agenda
	var want []due
	for range 2_000 {
		if r.IntN(3) > 0 || len(want) == 0 {
			a.add(due{at: engine.Time(r.IntN(50))})
			want = append(want, due{at: a.heap[slices.IndexFunc(a.heap, func(d due) bool { return d.id == a.next })].at, id: a.next})
			continue
		}
		i := 0
		for j := range want {
			if want[j].before(&want[i]) {
				i = j
			}
		}
		if got := a.pop(); got.id != want[i].id {
			t.Fatalf("popped %d at %d, want %d at %d", got.id, got.at, want[i].id, want[i].at)
		}
		want = slices.Delete(want, i, i+1)
	}
}

func TestAccountCountsAndForgets(t *testing.T) {
	a := account{committed: -1}
	for o := engine.Offset(10); o < 20; o++ {
		a.add(o)
	}
	a.add(12)
	a.add(12)
	if a.count(9) != 0 || a.count(10) != 1 || a.count(12) != 3 || a.count(20) != 0 || a.duplicates != 2 {
		t.Fatalf("counts %d %d %d %d, duplicates %d", a.count(9), a.count(10), a.count(12), a.count(20), a.duplicates)
	}
	a.committed = 40
	a.add(10 + window + 5) // 10 to 15 leave the window, and 20 to the new one were skipped
	if a.base != 16 || a.count(15) != 0 || a.count(16) != 1 || a.count(10+window+5) != 1 {
		t.Fatalf("base %d, counts %d %d %d", a.base, a.count(15), a.count(16), a.count(10+window+5))
	}
	a.add(3)
	if a.duplicates != 2 {
		t.Fatal("a record older than the window was counted")
	}
	a.add(a.end + 10*window)
	if a.end-a.base > window || a.count(a.end-1) != 1 || a.count(a.end-2) != 0 {
		t.Fatalf("after a long seek: base %d, end %d", a.base, a.end)
	}
}

// TestCopiedAccountsGoTheirOwnWay: pages are shared until one of both writes.
func TestCopiedAccountsGoTheirOwnWay(t *testing.T) {
	a := account{committed: -1}
	a.addRun(0, 3*pageSize)
	a.add(7) // again: from now on there is a ring
	b := a
	b.counts = a.counts.share()
	a.add(5)
	b.addRun(3*pageSize, 5*pageSize)
	b.add(pageSize)
	a.addRun(3*pageSize, 3*pageSize+1)
	for _, c := range []struct {
		name string
		of   *account
		at   engine.Offset
		want uint8
	}{
		{"a", &a, 5, 2}, {"b", &b, 5, 1}, {"a", &a, pageSize, 1}, {"b", &b, pageSize, 2},
		{"a", &a, 3 * pageSize, 1}, {"a", &a, 3*pageSize + 1, 0}, {"b", &b, 3*pageSize + 1, 1}, {"b", &b, 5*pageSize - 1, 1},
	} {
		if got := c.of.count(c.at); got != c.want {
			t.Errorf("%s at %d: %d, want %d", c.name, c.at, got, c.want)
		}
	}
	if a.duplicates != 2 || b.duplicates != 2 {
		t.Errorf("duplicates %d and %d", a.duplicates, b.duplicates)
	}
}

func TestLostCountsWhatWasCommittedAndNeverProcessed(t *testing.T) {
	w := New(Config{Seed: 1})
	a := account{committed: 15}
	a.open(5)
	a.add(5)
	a.add(7)
	if n := w.lost("g", 1, 0, &a); n != 8 { // 6 and 8 to 14
		t.Fatalf("lost %d, want 8", n)
	}
}
