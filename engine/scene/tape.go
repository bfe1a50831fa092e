package scene

import (
	"partita/engine"
	"partita/engine/batch"
)

// tapeCells is how many cells of a partition are kept: the most that a stave shows.
// A power of two.
const tapeCells = 256

// readBytes bounds one read of new records.
const readBytes = 256 << 10

// tape is the newest cells of one partition, by offset modulo tapeCells.
type tape struct {
	id    engine.TopicID
	part  engine.Partition
	drawn engine.Offset // the oldest cell: nobody has looked at those before it
	next  engine.Offset // one past the newest cell
	epoch int32         // leader epoch that they were read in
	cells [tapeCells]uint32
	open  []span // transactions that began here and have not ended
	done  []span // that were committed, the newest spansMost
}

func (b *Builder) tapeOf(id engine.TopicID, p engine.Partition) *tape {
	for i := range b.tapes {
		if b.tapes[i].id == id && b.tapes[i].part == p {
			return &b.tapes[i]
		}
	}
	b.tapes = append(b.tapes, tape{id: id, part: p})
	return &b.tapes[len(b.tapes)-1]
}

func (t *tape) at(o engine.Offset) uint32 {
	if o >= t.next || o < t.drawn || o < t.next-tapeCells {
		return CellGap
	}
	return t.cells[o&(tapeCells-1)]
}

// span is what one transaction wrote to a partition, its marker included when it has ended.
type span struct {
	producer   int64
	first, end engine.Offset
}

// spansMost bounds the committed transactions that a tape remembers.
const spansMost = 64

// follow takes in the batches since the last call, the newest tapeCells offsets at most,
// and draws the cells from first on: of a fast partition few are ever seen.
func (t *tape) follow(e *engine.Engine, part *engine.PartitionView, first engine.Offset, open func([]byte) []byte) {
	if t.next > part.LogEnd || t.epoch != part.LeaderEpoch {
		t.drawn, t.next, t.epoch = 0, 0, part.LeaderEpoch // the log was cut, or began again, or is another's
		t.open, t.done = t.open[:0], t.done[:0]
	}
	start := max(t.next, part.LogStart, part.LogEnd-tapeCells)
	from := max(start, first)
	if from > t.next {
		t.drawn = from
	}
	at := from
	t.next = start
	t.walk(e, start, part.LogEnd, func(h *batch.Header, bytes []byte) {
		t.take(h, bytes)
		if t.next = engine.Offset(h.NextOffset()); t.next > from {
			at = t.draw(h, bytes, at, open)
		}
	})
	if first = max(first, t.next-tapeCells); first < t.drawn { // more of it is in view now
		at = first
		t.walk(e, first, t.drawn, func(h *batch.Header, bytes []byte) { at = t.draw(h, bytes, at, open) })
		t.drawn = first
	}
}

// walk visits the batches that have offsets in a range.
func (t *tape) walk(e *engine.Engine, from, end engine.Offset, visit func(h *batch.Header, bytes []byte)) {
	for from < end {
		bytes := e.Peek(t.id, t.part, from, readBytes)
		if len(bytes) == 0 {
			return
		}
		for len(bytes) > 0 && from < end {
			h, err := batch.Parse(bytes)
			if err != nil {
				return
			}
			visit(&h, bytes[:h.Size()])
			bytes, from = bytes[h.Size():], engine.Offset(h.NextOffset())
		}
	}
}

// take follows transactions.
func (t *tape) take(h *batch.Header, bytes []byte) {
	if commit, ok := marker(h, bytes); ok {
		t.end(h, commit)
	} else if h.IsTransactional() && !h.IsControl() {
		t.begin(h)
	}
}

// draw fills the cells of one batch, and of what is missing before it, from an offset on,
// and gives the offset after it. Offsets without a record, in a batch that stays
// compressed or after compaction, are gaps.
func (t *tape) draw(h *batch.Header, bytes []byte, from engine.Offset, open func([]byte) []byte) engine.Offset {
	end := engine.Offset(h.NextOffset())
	from = max(from, end-tapeCells)
	for o := from; o < end; o++ {
		t.cells[o&(tapeCells-1)] = CellGap
	}
	if h.IsControl() {
		if commit, ok := marker(h, bytes); ok && engine.Offset(h.BaseOffset) >= from {
			t.cells[h.BaseOffset&(tapeCells-1)] = CellAbort
			if commit {
				t.cells[h.BaseOffset&(tapeCells-1)] = CellCommit
			}
		}
		return max(from, end)
	}
	if h.Codec() != batch.None && open != nil {
		bytes = open(bytes)
	}
	var r batch.Record
	it := batch.Records(bytes)
	if int64(h.Count) == h.NextOffset()-h.BaseOffset { // nothing was cleaned away: one record an offset
		it.Skip(int64(from) - h.BaseOffset)
	}
	for it.Next(&r) {
		if o := engine.Offset(h.BaseOffset) + engine.Offset(r.OffsetDelta); o >= from {
			t.cells[o&(tapeCells-1)] = Cell(r.Key, r.Value)
		}
	}
	return max(from, end)
}

// marker reads whether a batch ends a transaction, and how.
func marker(h *batch.Header, bytes []byte) (commit, ok bool) {
	if !h.IsControl() {
		return false, false
	}
	var r batch.Record
	for it := batch.Records(bytes); it.Next(&r); {
		if m, err := batch.ParseEndTxn(&r); err == nil {
			commit, ok = m.Commit, true
		}
	}
	return commit, ok
}

// begin remembers where a transaction wrote first.
func (t *tape) begin(h *batch.Header) {
	for i := range t.open {
		if t.open[i].producer == h.ProducerID {
			return
		}
	}
	t.open = append(t.open, span{producer: h.ProducerID, first: engine.Offset(h.BaseOffset)})
}

// end is the end of a transaction, at its marker.
func (t *tape) end(h *batch.Header, committed bool) {
	for i, s := range t.open {
		if s.producer != h.ProducerID {
			continue
		}
		t.open = append(t.open[:i], t.open[i+1:]...)
		if committed {
			if len(t.done) == spansMost {
				t.done = append(t.done[:0], t.done[1:]...)
			}
			s.end = engine.Offset(h.BaseOffset) + 1
			t.done = append(t.done, s)
		}
		return
	}
}
