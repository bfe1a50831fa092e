package e2e

import (
	"testing"
)

// row is one record as a seat remembers it.
type row struct {
	Topic      string
	Partition  int
	Offset     int64
	Generation int
	Key        *string
}

// ledger is what all seats processed, each in its own order.
type ledger struct {
	tabs []*tab
	rows [][]row
}

// read adds what a seat has processed so far. Each seat is read once.
func (l *ledger) read(b *tab) {
	b.t.Helper()
	var rows []row
	b.eval(&rows, `document.querySelector("partita-seat").history()`)
	l.tabs = append(l.tabs, b)
	l.rows = append(l.rows, rows)
}

// check holds the seats to what a consumer group promises. ends are the log end offsets.
func (l *ledger) check(t *testing.T, ends map[int]int64) {
	t.Helper()
	type reign struct{ partition, generation int }
	type place struct {
		partition int
		offset    int64
	}
	owners := map[reign]*tab{}
	times := map[place]int{}
	homes := map[string]int{} // partition by key
	for i, rows := range l.rows {
		last := map[reign]int64{}
		for _, r := range rows {
			at := reign{r.Partition, r.Generation}
			if owner := owners[at]; owner != nil && owner != l.tabs[i] {
				t.Fatalf("orders-%d had two owners in generation %d", r.Partition, r.Generation)
			}
			owners[at] = l.tabs[i]
			if before, ok := last[at]; ok && r.Offset <= before {
				t.Fatalf("orders-%d in generation %d: offset %d was processed after %d by the same owner", r.Partition, r.Generation, r.Offset, before)
			}
			last[at] = r.Offset
			if r.Key == nil {
				t.Fatalf("orders-%d: the record at %d has lost its key", r.Partition, r.Offset)
			}
			if home, ok := homes[*r.Key]; ok && home != r.Partition {
				t.Fatalf("key %s is in partitions %d and %d", *r.Key, home, r.Partition)
			}
			homes[*r.Key] = r.Partition
			times[place{r.Partition, r.Offset}]++
		}
	}
	all, again := int64(0), 0
	for p, end := range ends {
		all += end
		for offset := range end {
			switch n := times[place{p, offset}]; {
			case n == 0:
				t.Errorf("orders-%d: nobody processed the record at %d (log end %d)", p, offset, end)
			case n > 1:
				again++
			}
		}
	}
	if len(ends) != 6 || all < 200 || len(times) != int(all) {
		t.Errorf("%d partitions with %d records, of which %d were processed", len(ends), all, len(times))
	}
	t.Logf("%d records, %d of them processed more than once, by %d tabs", all, again, len(l.tabs))
}
