package sim

import "partita/engine"

// window is how many offsets of a partition a ledger remembers one by one.
const window = 65_536

// account is one partition of a ledger.
type account struct {
	opened     bool
	base       engine.Offset // the oldest offset remembered
	end        engine.Offset // one past the newest
	counts     ring          // how often each was processed; empty while each was once, and none left out
	committed  engine.Offset
	duplicates int64 // times that a record was processed again
	skipped    int64 // committed, never processed, and older than the window
	last       engine.Offset
	by         *Consumer // who processed last; nil after a new start
	owner      *Consumer // who had the partition last
	moved      bool      // to owner, whose position is not known yet
	known      int64     // lost records that were told of
	disorder   int64     // records processed after a later one by the same owner
	unread     bool      // nobody has it since then: it was taken away, or its owner does not run
	since      engine.Time
}

// open starts remembering at the first offset that was ever polled.
func (a *account) open(at engine.Offset) {
	if !a.opened {
		a.opened, a.base, a.end = true, at, at
	}
}

func (a *account) count(o engine.Offset) uint8 {
	switch {
	case o < a.base || o >= a.end:
		return 0
	case a.counts.len() == 0:
		return 1
	}
	return a.counts.count(o)
}

// add counts one record, and moves the window when it is newer than the newest.
func (a *account) add(o engine.Offset) {
	a.open(o)
	if o < a.base {
		return // too old to remember
	}
	if a.follows(o, o+1) {
		return
	}
	if o >= a.end {
		a.reach(o + 1)
	}
	n := &a.counts.span(o, o+1)[0]
	if *n > 0 {
		a.duplicates++
	}
	if *n < 255 {
		*n++
	}
}

// addRun counts records that are all newer than the newest.
func (a *account) addRun(first, end engine.Offset) {
	a.open(first)
	if a.follows(first, end) {
		return
	}
	a.reach(first + 1) // which may be far ahead
	a.reach(end)
	a.once(first, end)
}

// follows counts records of an account where all is in order, if it still is with them.
// Else the account has a ring from now on; most never need one.
func (a *account) follows(first, end engine.Offset) bool {
	if a.counts.len() > 0 {
		return false
	}
	if first == a.end {
		a.end, a.base = end, max(a.base, end-window)
		return true
	}
	before := a.end
	a.end = a.base
	a.reach(before)
	a.once(a.base, before)
	return false
}

// once says of offsets in the ring that each was processed once.
func (a *account) once(first, end engine.Offset) {
	for o := first; o < end; {
		span := a.counts.span(o, end)
		for i := range span {
			span[i] = 1
		}
		o += engine.Offset(len(span))
	}
}

func (a *account) reach(end engine.Offset) {
	if end-a.end > window { // a seek far ahead: nothing older stays in the window
		a.base, a.end = end-1, end-1
		a.counts = ring{}
	}
	for int64(end-a.base) > a.counts.len() && a.counts.len() < window {
		a.counts.grow(a.base, a.end)
	}
	for a.end < end {
		span := a.counts.span(a.end, end)
		for i := range span {
			if a.end-a.base >= window {
				if span[i] == 0 && a.base < a.committed {
					a.skipped++
				}
				a.base++
			}
			span[i] = 0
			a.end++
		}
	}
}
