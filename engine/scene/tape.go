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
	if o >= t.next || o < t.next-tapeCells {
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

// follow decodes the records since the last call, the newest tapeCells at most.
func (t *tape) follow(e *engine.Engine, part *engine.PartitionView, open func([]byte) []byte) {
	if t.next > part.LogEnd || t.epoch != part.LeaderEpoch {
		t.next, t.epoch = 0, part.LeaderEpoch // the log was cut, or began again, or is another's
		t.open, t.done = t.open[:0], t.done[:0]
	}
	t.next = max(t.next, part.LogStart, part.LogEnd-tapeCells)
	for t.next < part.LogEnd {
		bytes := e.Peek(t.id, t.part, t.next, readBytes)
		if len(bytes) == 0 {
			return
		}
		for len(bytes) > 0 {
			h, err := batch.Parse(bytes)
			if err != nil {
				return
			}
			one := bytes[:h.Size()]
			bytes = bytes[h.Size():]
			if h.Codec() != batch.None && open != nil {
				one = open(one)
			}
			t.take(&h, one)
		}
	}
}

// take fills the cells of one batch. Offsets without a record, in a batch that
// stays compressed or after compaction, are gaps.
func (t *tape) take(h *batch.Header, bytes []byte) {
	end := engine.Offset(h.NextOffset())
	for t.next < engine.Offset(h.BaseOffset) {
		t.put(t.next, CellGap)
	}
	start := t.next
	t.next = max(start, end-tapeCells) // the others would be written over
	for t.next < end {
		t.put(t.next, CellGap)
	}
	if h.IsControl() {
		t.marker(h, bytes)
		return
	}
	if h.IsTransactional() {
		t.begin(h)
	}
	var r batch.Record
	it := batch.Records(bytes)
	if int64(h.Count) == h.NextOffset()-h.BaseOffset { // nothing was cleaned away: one record an offset
		it.Skip(int64(max(start, end-tapeCells)) - h.BaseOffset)
	}
	for it.Next(&r) {
		if o := engine.Offset(h.BaseOffset) + engine.Offset(r.OffsetDelta); o >= start && o >= end-tapeCells {
			t.cells[o&(tapeCells-1)] = Cell(r.Key, r.Value)
		}
	}
}

// marker draws the end of a transaction.
func (t *tape) marker(h *batch.Header, bytes []byte) {
	var r batch.Record
	for it := batch.Records(bytes); it.Next(&r); {
		if m, err := batch.ParseEndTxn(&r); err == nil {
			cell := CellAbort
			if m.Commit {
				cell = CellCommit
			}
			t.end(h, m.Commit)
			t.cells[h.BaseOffset&(tapeCells-1)] = cell
		}
	}
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

func (t *tape) put(o engine.Offset, cell uint32) {
	t.cells[o&(tapeCells-1)] = cell
	t.next = o + 1
}
