package sim

// worked counts pieces of work since the world began: what it takes to get here.
func (w *World) worked() int64 { return int64(w.steps) + w.work }

// due makes a mark when enough was done since the last one.
func (t *Timeline) due() {
	if t != nil && t.world.worked()-t.lastWork >= markWork && t.world.now-t.lastMark >= markMs {
		t.mark()
	}
}

// mark captures the state, and drops the marks that are worth least when there are too
// many. A place that has a mark already gets no second one.
func (t *Timeline) mark() {
	here := t.place()
	t.lastWork, t.lastMark = t.world.worked(), t.world.now
	for i := range t.marks {
		m := &t.marks[i]
		if near := m.state.world.worked() - t.lastWork; near > -markWork/2 && near < markWork/2 && t.shares(m) {
			return
		}
	}
	m := mark{place: here, branch: t.branch, state: t.world.Capture()}
	m.size = m.state.size()
	if t.save != nil {
		m.beside = t.save()
	}
	t.marks = append(t.marks, m)
	for len(t.marks) > 2 && (len(t.marks) > marksMost || t.Bytes() > t.limit) {
		t.thin()
	}
}

// Bytes is about what the marks take: their own memory, and the records that only they
// still hold.
func (t *Timeline) Bytes() int64 {
	n := int64(0)
	for i := range t.marks {
		n += t.marks[i].size + t.marks[i].state.log.Held(t.world.engine)
	}
	return n
}

// thin drops one mark: of another branch if there is one, else the one whose loss
// lengthens the way from the mark before it least, measured by how long ago it was. So
// marks lie close where the world is and ever further apart behind it. The start and
// the newest stay.
func (t *Timeline) thin() {
	now := t.world.worked()
	drop, least := -1, int64(0)
	for i := 1; i < len(t.marks)-1; i++ {
		m := &t.marks[i]
		if !t.shares(m) {
			drop = i
			break
		}
		at := m.state.world.worked()
		before, after := t.marks[0].state.world.worked(), max(now, at)
		for j := range t.marks {
			if w := t.marks[j].state.world.worked(); j != i && t.shares(&t.marks[j]) {
				if w <= at {
					before = max(before, w)
				} else {
					after = min(after, w)
				}
			}
		}
		age := max(now-at, at-now) + markWork
		if worth := (after - before) * 1024 / age; drop < 0 || worth < least {
			drop, least = i, worth
		}
	}
	t.marks[drop].state = nil
	t.marks = append(t.marks[:drop], t.marks[drop+1:]...)
}

// Rough sizes in bytes, of what a state has many of.
const (
	linkBytes   = 120
	parcelBytes = 300
	clientBytes = 4000
	dueBytes    = 40
	heldBytes   = 56

	happeningBytes = 100 // marks share most of them
)

// size is about what a state takes, without the bytes of the logs.
func (s *Snapshot) size() int64 {
	w := &s.world
	n := s.log.Size() + clientBytes*int64(len(w.consumers)+len(w.producers)+1) + linkBytes*int64(len(w.links)) +
		dueBytes*int64(len(w.agenda.heap)) + 24*int64(len(w.members)) + happeningBytes*int64(len(w.chronicle.happened)+len(w.chronicle.footsteps)/4) + heldBytes*int64(w.custody.held) + 64*int64(w.custody.held)
	for _, p := range w.underway {
		n += parcelBytes + int64(len(p.produce.Batch))
	}
	for _, l := range w.ledgers {
		if l == nil {
			continue
		}
		for _, topic := range l.topics {
			for i := range topic {
				n += 100 + 24*int64(len(topic[i].counts.pages)) + 2*pageSize // most pages are shared with the mark before
			}
		}
	}
	return n
}
