package engine

import "partita/engine/batch"

const (
	// deleteRetentionMs is how long a tombstone stays after it was first cleaned, so
	// that every reader can see it (delete.retention.ms, default).
	deleteRetentionMs = 86_400_000

	// A log is cleaned when more than half of its closed segments' bytes were written
	// since the last time (min.cleanable.dirty.ratio, default).
	dirtyShare = 2
)

// compact cleans the logs of topics with cleanup.policy=compact.
func (e *Engine) compact(t *topic) {
	for _, p := range t.partitions {
		if clean, dirty := p.cleanAndDirty(); worthCleaning(clean, dirty) {
			e.cleanLog(p)
		}
	}
}

// worthCleaning compares the bytes before and after the first dirty offset.
func worthCleaning(clean, dirty int64) bool {
	return dirtyShare*dirty > clean+dirty
}

// cleanAndDirty are the bytes of the closed segments before and after p.cleaned.
func (p *partition) cleanAndDirty() (clean, dirty int64) {
	for i := 0; i < len(p.segments)-1; i++ {
		n := int64(len(p.segments[i].data))
		if p.segments[i].base < p.cleaned {
			clean += n
		} else {
			dirty += n
		}
	}
	return clean, dirty
}

// cleanLog keeps the newest record of each key in the closed segments. What is kept
// keeps its offset; the active segment is not touched. Segments that were lent stay
// as they are: what is kept goes into new ones.
func (e *Engine) cleanLog(p *partition) {
	closed := len(p.segments) - 1
	if closed < 1 {
		return
	}
	c := cleaner{now: int64(e.now), newest: map[string]int{}}
	for _, s := range p.segments[:closed] {
		if s.base >= p.cleaned {
			c.index(s)
		}
	}
	was := int64(0)
	for _, s := range p.segments[:closed] {
		was += int64(len(s.data))
		c.rewrite(s)
	}
	active := p.segments[closed]
	from := p.cleaned
	p.cleaned = active.base
	p.segments = append(c.out, active)
	p.bytes += c.kept - was
	e.emit(Event{Kind: KindLogCleaned, Topic: p.topic.id, Partition: p.index, Offset: from, End: active.base, Aux: was - c.kept})
}

// cleaner is one cleaning of one log, as Kafka's Cleaner: the newest offset of each
// key in the dirty part, then what is to be kept of everything.
type cleaner struct {
	now     int64
	newest  map[string]int // by key, a place in offsets
	offsets []int64
	out     []*segment
	kept    int64        // bytes in out
	header  batch.Header // of the batch in buf
	buf     []byte
}

// index notes the offsets of a dirty segment's keys.
func (c *cleaner) index(s *segment) {
	for i := range s.batches {
		bytes := s.batch(i)
		h, _ := batch.Parse(bytes)
		var r batch.Record
		for it := batch.Records(bytes); it.Next(&r); {
			if r.Key == nil {
				continue
			}
			at, ok := c.newest[string(r.Key)]
			if !ok { // only now the key is copied
				at = len(c.offsets)
				c.newest[string(r.Key)] = at
				c.offsets = append(c.offsets, 0)
			}
			c.offsets[at] = h.BaseOffset + int64(r.OffsetDelta)
		}
	}
}

// keep tells whether a record stays: it has a key, is the newest with it, and if it
// is a tombstone its time has not come.
func (c *cleaner) keep(h *batch.Header, r *batch.Record) bool {
	if r.Key == nil {
		return false
	}
	if at, ok := c.newest[string(r.Key)]; ok && h.BaseOffset+int64(r.OffsetDelta) < c.offsets[at] {
		return false
	}
	horizon, set := h.DeleteHorizon()
	return r.Value != nil || !set || c.now < horizon
}

// rewrite copies what is kept of a segment to the output.
func (c *cleaner) rewrite(s *segment) {
	for i := range s.batches {
		bytes := s.batch(i)
		h, err := batch.Parse(bytes)
		if err != nil || h.Codec() != batch.None || h.IsControl() || h.ProducerID >= 0 {
			c.emit(bytes, &h) // such batches are not looked into
			continue
		}
		total, kept, tombstones := 0, 0, 0
		var r batch.Record
		for it := batch.Records(bytes); it.Next(&r); total++ {
			if c.keep(&h, &r) {
				kept++
				if r.Value == nil {
					tombstones++
				}
			}
		}
		_, stamped := h.DeleteHorizon()
		stamp := tombstones > 0 && !stamped
		switch {
		case kept == 0:
		case kept == total && !stamp:
			c.emit(bytes, &h)
		default:
			c.emit(c.shrink(bytes, &h, stamp), &c.header)
		}
	}
}

// shrink encodes what is kept of a batch. Its base offset and last offset stay; a
// batch that keeps tombstones for the first time gets its delete horizon (KIP-534).
func (c *cleaner) shrink(bytes []byte, h *batch.Header, stamp bool) []byte {
	n := *h
	if stamp {
		n.Attributes |= batch.HasDeleteHorizon
		n.BaseTimestamp = c.now + deleteRetentionMs
	}
	n.Count, n.MaxTimestamp = 0, -1
	dst := n.Append(c.buf[:0])
	var r batch.Record
	for it := batch.Records(bytes); it.Next(&r); {
		if !c.keep(h, &r) {
			continue
		}
		var headers []batch.RecordHeader
		var one batch.RecordHeader
		for hs := r.Headers(); hs.Next(&one); {
			headers = append(headers, one)
		}
		at := h.BaseTimestamp + r.TimestampDelta
		dst = batch.AppendRecord(dst, r.OffsetDelta, at-n.BaseTimestamp, r.Key, r.Value, headers)
		n.Count++
		n.MaxTimestamp = max(n.MaxTimestamp, at)
	}
	if h.IsLogAppendTime() {
		n.MaxTimestamp = h.MaxTimestamp
	}
	n.Append(dst[:0]) // in place, now that the count is known
	batch.Seal(dst)
	c.buf, c.header = dst, n
	return dst
}

// emit appends a batch to the output, merging small segments.
func (c *cleaner) emit(bytes []byte, h *batch.Header) {
	var out *segment
	if n := len(c.out); n > 0 && len(c.out[n-1].data)+len(bytes) <= chunkBytes {
		out = c.out[n-1]
	} else {
		out = &segment{base: Offset(h.BaseOffset), maxTime: -1, first: h.MaxTimestamp}
		c.out = append(c.out, out)
	}
	out.maxTime = max(out.maxTime, h.MaxTimestamp)
	out.batches = append(out.batches, batchEntry{last: Offset(h.LastOffset()), maxTime: h.MaxTimestamp,
		pos: int32(len(out.data)), count: h.Count})
	out.data = append(out.data, bytes...)
	c.kept += int64(len(bytes))
}
