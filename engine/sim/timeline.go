package sim

import (
	"partita/engine"
)

// Timeline is the tape of a world: every line that changed the world, with its place in
// time, and the world's whole state at some places. From these it goes to any instant,
// forward and back. Lines that were said after the instant are done again when their
// time comes, until somebody changes the past: then they are kept as a branch of their
// own, and the world goes another way.
//
// A place is counted in steps: two things may happen in one millisecond, and a line may
// come between them.
type Timeline struct {
	world *World
	run   func(line string) // does a line again
	save  func() any        // captures what the owner has beside the world; may be nil
	load  func(any)

	limit     int64 // bytes of all marks
	branches  []branch
	branch    int    // the one that the world is on
	done      int    // of its entries, those behind the world
	marks     []mark // the first is the start; the others in the order in which they were made
	lastWork  int64  // World.worked at the newest mark of this branch behind the world
	lastMark  engine.Time
	replaying bool
	outside   bool // a client from outside has taken part: it cannot go back
}

// place is an instant: so many steps and so many lines have been done.
type place struct {
	steps   uint64
	entries int
	at      engine.Time
}

type entry struct {
	steps uint64 // done before it
	at    engine.Time
	line  string
}

// branch is one way that the world went.
type branch struct {
	parent  int   // the branch that it left; -1 for the first
	fork    place // where
	entries []entry
	end     place // the furthest that the world has been
}

// mark is the whole state at one place.
type mark struct {
	place
	branch int
	state  *Snapshot
	beside any
	size   int64
}

// Bounds of a timeline.
const (
	markWork    = 8192 // pieces of work between two marks, at least
	markMs      = 500  // and so much time: much is done in a millisecond of a fast world
	marksMost   = 96
	entriesMost = 20_000 // lines; when there are more the past is forgotten
)

// NewTimeline starts recording a world. Run does one line of it again. Save and load
// may be nil; they capture and restore what the owner keeps beside the world and shows
// together with it. Marks are thinned out, older ones more, so that they take about
// limit bytes.
func NewTimeline(w *World, limit int64, run func(line string), save func() any, load func(any)) *Timeline {
	t := &Timeline{world: w, limit: limit, run: run, save: save, load: load}
	w.tape = t
	t.begin()
	return t
}

// begin forgets the past.
func (t *Timeline) begin() {
	t.branches, t.branch, t.done, t.marks = []branch{{parent: -1}}, 0, 0, nil
	t.mark()
	t.branches[0].end = t.place()
}

// Tape is the world's timeline, nil when nobody records it.
func (w *World) Tape() *Timeline { return w.tape }

func (t *Timeline) place() place {
	return place{t.world.steps, t.done, t.world.now}
}

// before: p is not after q.
func (p *place) before(q *place) bool { return p.steps <= q.steps && p.entries <= q.entries }

// next is the time of the line to be done next, when it is its turn.
func (t *Timeline) next() (engine.Time, bool) {
	if t == nil {
		return 0, false
	}
	entries := t.branches[t.branch].entries
	if t.done == len(entries) || entries[t.done].steps > t.world.steps {
		return 0, false
	}
	return max(entries[t.done].at, t.world.now), true
}

// again does the line whose turn it is; false when it is no line's turn.
func (t *Timeline) again() bool {
	if _, ok := t.next(); !ok {
		return false
	}
	t.replaying = true
	t.run(t.branches[t.branch].entries[t.done].line)
	t.replaying = false
	t.done++
	t.world.moments++
	return true
}

// Edit notes that a line has just changed the world. What was recorded after this
// place becomes a branch of its own.
func (t *Timeline) Edit(line string) {
	if t == nil || t.replaying {
		return
	}
	b := &t.branches[t.branch]
	t.reached()
	here := t.place()
	if t.done < len(b.entries) || !b.end.before(&here) {
		t.branches = append(t.branches, branch{parent: t.branch, fork: here, entries: b.entries[:t.done:t.done]})
		t.branch = len(t.branches) - 1
		b = &t.branches[t.branch]
	}
	b.entries = append(b.entries, entry{t.world.steps, t.world.now, line})
	t.done++
	t.world.moments++
	b.end = t.place()
	if len(b.entries) > entriesMost {
		t.begin()
	}
}

// reached notes how far the world has come on its branch.
func (t *Timeline) reached() {
	here, end := t.place(), &t.branches[t.branch].end
	if end.before(&here) {
		here.at = max(here.at, end.at)
		*end = here
	}
}

// Seek goes to an instant: all that is due by then is done, and nothing later. It is an
// error to go before the start, or back when clients from outside have taken part. The
// way there may take about budget pieces of work, as for World.Advance.
func (t *Timeline) Seek(to engine.Time, budget int) error {
	w := t.world
	if to < w.now {
		if err := t.mayGoBack(); err != nil {
			return err
		}
		if to < t.marks[0].at {
			return Refusal(Phrase("the timeline starts at ", itoa(int64(t.marks[0].at)), " ms"))
		}
	}
	here, best := t.place(), t.best(func(m *mark) bool { return m.at <= to })
	if to < w.now || !t.outside && !best.before(&here) {
		t.rewind(best)
	}
	if got := w.Advance(to, budget); got < to {
		return Refusal(Phrase("too much happens on the way there: time stands at ", itoa(int64(got)), " ms"))
	}
	return nil
}

func (t *Timeline) mayGoBack() error {
	if t.outside {
		return Refusal(Mark + "a client from outside takes part in this cluster, and cannot go back in time with it")
	}
	return nil
}

// best is the latest mark on the branch for which fit holds; the start if none does.
func (t *Timeline) best(fit func(*mark) bool) *mark {
	best := &t.marks[0]
	for i := range t.marks {
		m := &t.marks[i]
		if t.shares(m) && best.before(&m.place) && fit(m) {
			best = m
		}
	}
	return best
}

// rewind goes to a mark, which may lie ahead too.
func (t *Timeline) rewind(m *mark) {
	t.reached()
	t.world.Restore(m.state)
	t.done = m.entries
	t.lastWork, t.lastMark = t.world.worked(), t.world.now
	if t.load != nil {
		t.load(m.beside)
	}
}

// shares reports whether a mark lies on the branch, or before the two part.
func (t *Timeline) shares(m *mark) bool {
	a, b := m.branch, t.branch
	for a != b {
		last := max(a, b) // a branch is younger than the one that it left
		if !m.before(&t.branches[last].fork) {
			return false
		}
		if a == last {
			a = t.branches[a].parent
		} else {
			b = t.branches[b].parent
		}
	}
	return true
}

// Step goes on until something happens that people can see: an event of the cluster, or
// something that a client does. It gives false when nothing is left to happen.
func (t *Timeline) Step() bool {
	w := t.world
	for was := w.moments; w.moments == was; {
		at, ok := w.Next()
		if !ok {
			return false
		}
		w.step(at)
	}
	return true
}

// StepBack goes to where Step came from.
func (t *Timeline) StepBack() error {
	w := t.world
	if err := t.mayGoBack(); err != nil {
		return err
	}
	if w.moments <= t.marks[0].state.world.moments {
		return Refusal(Mark + "this is where the timeline starts")
	}
	target := w.moments - 1
	t.rewind(t.best(func(m *mark) bool { return m.state.world.moments < target })) // one in the moment itself may lie behind its beginning
	for w.moments < target {
		t.Step()
	}
	return nil
}

// Branch is one way that the world went, for people.
type Branch struct {
	Fork, End engine.Time // where it left another one, and the furthest that the world has been
	Lines     int         // of its own, after the fork
	Line      string      // the first of them
	Here      bool        // the world is on it
}

// Branches lists the ways that the world went, the oldest first.
func (t *Timeline) Branches() []Branch {
	t.reached()
	list := make([]Branch, len(t.branches))
	for i := range t.branches {
		b := &t.branches[i]
		list[i] = Branch{Fork: b.fork.at, End: b.end.at, Lines: len(b.entries) - b.fork.entries, Here: i == t.branch}
		if list[i].Lines > 0 {
			list[i].Line = b.entries[b.fork.entries].line
		}
	}
	return list
}

// Go changes to a branch, a place in Branches, at the time that it is; at the branch's
// end where that comes first.
func (t *Timeline) Go(branch, budget int) error {
	if branch < 0 || branch >= len(t.branches) {
		return Refusal(Mark + "there is no such fork")
	}
	if err := t.mayGoBack(); err != nil {
		return err
	}
	t.reached()
	to := min(t.world.now, t.branches[branch].end.at)
	t.branch = branch
	t.rewind(t.best(func(m *mark) bool { return m.at <= to }))
	return t.Seek(to, budget)
}

// Span is from where to where Seek goes without making new history.
func (t *Timeline) Span() (start, end engine.Time) {
	t.reached()
	return t.marks[0].at, max(t.branches[t.branch].end.at, t.world.now)
}

// Edits calls visit for the lines of a branch in their order, done or yet to come; a
// branch below 0 is the one that the world is on. It reports whether there is such a branch.
func (t *Timeline) Edits(branch int, visit func(at engine.Time, line string)) bool {
	if branch < 0 {
		branch = t.branch
	}
	if branch >= len(t.branches) {
		return false
	}
	for _, e := range t.branches[branch].entries {
		visit(e.at, e.line)
	}
	return true
}
