package engine

import "partita/engine/batch"

// cleaner is one cleaning of one log, as Kafka's Cleaner: the newest offset of each
// key in the dirty part, then what is to be kept of everything. Compressed batches that
// nobody can open stay as they are, and so do older values of their keys. Of the others
// what is kept is written without a codec, unless it is everything.
type cleaner struct {
	now     int64
	opened  func(bytes []byte) []byte
	config  *topicConfig
	newest  map[string]int // by key, a place in offsets
	offsets []int64
	last    []lastRecord // of active producers
	out     []*segment
	kept    int64        // bytes in out
	header  batch.Header // of the batch in buf
	buf     []byte

	aborted []AbortedTxn // that the walk has not come to, by first offset
	open    []walkedTxn
	live    []AbortedTxn // that still have records below the end of the cleaning
}

// walkedTxn is a transaction that the walk through the log is in.
type walkedTxn struct {
	AbortedTxn
	aborted bool
	seen    bool // a batch of it is still there
}

// begin notes a transaction; a producer has one at a time.
func (c *cleaner) begin(t walkedTxn) {
	if was := c.txn(t.ProducerID); was != nil {
		*was = t
	} else {
		c.open = append(c.open, t)
	}
}

// txn finds a producer's transaction in the walk.
func (c *cleaner) txn(producer int64) *walkedTxn {
	for i := range c.open {
		if c.open[i].ProducerID == producer {
			return &c.open[i]
		}
	}
	return nil
}

// walk takes note of a batch and tells whether its records may go: those of an aborted
// transaction, and the marker of a transaction that has left nothing else in the log
// (Kafka: CleanedTransactionMetadata).
func (c *cleaner) walk(h *batch.Header, bytes []byte) (discard bool) {
	for len(c.aborted) > 0 && int64(c.aborted[0].First) <= h.LastOffset() {
		c.begin(walkedTxn{AbortedTxn: c.aborted[0], aborted: true})
		c.aborted = c.aborted[1:]
	}
	t := c.txn(h.ProducerID)
	switch {
	case h.IsControl():
		return c.walkMarker(t, bytes)
	case !h.IsTransactional():
		return false
	case t == nil:
		c.begin(walkedTxn{AbortedTxn: AbortedTxn{ProducerID: h.ProducerID}, seen: true})
		return false
	}
	t.seen = true
	return t.aborted
}

// walkMarker ends a producer's transaction in the walk.
func (c *cleaner) walkMarker(t *walkedTxn, bytes []byte) (discard bool) {
	var r batch.Record
	it := batch.Records(bytes)
	if !it.Next(&r) {
		return true // an earlier cleaning has emptied it
	}
	m, err := batch.ParseEndTxn(&r)
	if err != nil {
		return false
	}
	if t == nil || t.aborted == m.Commit {
		return true
	}
	if discard = !t.seen; t.seen && t.aborted {
		c.live = append(c.live, t.AbortedTxn)
	}
	*t = c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	return discard
}

// index notes the offsets of the keys of a segment from an offset on.
func (c *cleaner) index(s *segment, from Offset) {
	for i := range s.batches {
		if s.batches[i].last < from {
			continue
		}
		bytes := s.batch(i)
		h, _ := batch.Parse(bytes)
		if c.walk(&h, bytes) || h.IsControl() {
			continue
		}
		var r batch.Record
		for it := batch.Records(c.opened(bytes)); it.Next(&r); {
			offset := h.BaseOffset + int64(r.OffsetDelta)
			if r.Key == nil || offset < int64(from) {
				continue
			}
			at, ok := c.newest[string(r.Key)]
			if !ok { // only now the key is copied
				at = len(c.offsets)
				c.newest[string(r.Key)] = at
				c.offsets = append(c.offsets, 0)
			}
			c.offsets[at] = offset
		}
	}
}

// keep tells whether a record stays: it has a key, is the newest with it, and if it
// is a tombstone its time has not come.
func (c *cleaner) keep(h *batch.Header, r *batch.Record) bool {
	if h.IsControl() {
		return true
	}
	if r.Key == nil {
		return false
	}
	if at, ok := c.newest[string(r.Key)]; ok && h.BaseOffset+int64(r.OffsetDelta) < c.offsets[at] != (planted == bugNewestDropped) {
		return false
	}
	return r.Value != nil || !c.expired(h)
}

// expired tells whether the batch has a delete horizon, and it is reached.
func (c *cleaner) expired(h *batch.Header) bool {
	horizon, set := h.DeleteHorizon()
	return set && c.now >= horizon
}

// lastOfProducer tells whether a batch says what an active producer wrote last: then at
// least its header stays.
func (c *cleaner) lastOfProducer(h *batch.Header) bool {
	for i := range c.last {
		if l := &c.last[i]; l.producer == h.ProducerID {
			if l.data < 0 {
				return h.IsControl() && l.epoch == h.ProducerEpoch
			}
			return h.LastOffset() == int64(l.data)
		}
	}
	return false
}

// rewrite copies what is kept of a segment to the output.
func (c *cleaner) rewrite(s *segment) {
	for i := range s.batches {
		stored := s.batch(i)
		bytes := c.opened(stored)
		h, _ := batch.Parse(bytes)
		discard := c.walk(&h, bytes)
		emptied := discard && h.IsControl() // the marker of a transaction without records
		if h.IsControl() {
			discard = discard && c.expired(&h)
		} else if h.Codec() != batch.None && !discard {
			c.emit(bytes, &h)
			continue
		}
		kept, tombstones := int32(0), false
		var r batch.Record
		for it := batch.Records(bytes); !discard && it.Next(&r); {
			if c.keep(&h, &r) {
				kept++
				tombstones = tombstones || r.Value == nil
			}
		}
		_, stamped := h.DeleteHorizon()
		stamp := (tombstones || emptied) && !stamped
		switch {
		case kept == 0 && !c.lastOfProducer(&h):
		case kept == 0 || kept < h.Count || stamp:
			c.emit(c.shrink(bytes, &h, stamp && kept > 0, kept), &c.header)
		default:
			c.emit(stored, &h)
		}
	}
	c.out[len(c.out)-1].modified = s.modified
}

// shrink encodes what is kept of a batch. Its base offset and last offset stay; a
// batch that keeps tombstones, or an idle marker, for the first time gets its delete
// horizon (KIP-534).
func (c *cleaner) shrink(bytes []byte, h *batch.Header, stamp bool, kept int32) []byte {
	n := *h
	if stamp {
		n.Attributes |= batch.HasDeleteHorizon
		n.BaseTimestamp = c.now + c.config.value[setDeleteRetentionMs]
	}
	n.Count, n.MaxTimestamp = kept, -1
	dst := n.Append(c.buf[:0])
	var r batch.Record
	for it := batch.Records(bytes); kept > 0 && it.Next(&r); {
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
		n.MaxTimestamp = max(n.MaxTimestamp, at)
	}
	if h.IsLogAppendTime() || kept == 0 {
		n.MaxTimestamp = h.MaxTimestamp
	}
	if kept == 0 {
		n.Attributes &^= 7 | batch.HasDeleteHorizon // nothing is compressed, nothing waits
		n.BaseTimestamp = -1
	}
	n.Append(dst[:0]) // in place, now that the largest timestamp is known
	batch.Seal(dst)
	c.buf, c.header = dst, n
	return dst
}

// emit appends a batch to the segment that is being written.
func (c *cleaner) emit(bytes []byte, h *batch.Header) {
	out := c.out[len(c.out)-1]
	switch {
	case len(out.data) == 0:
		out.first = h.MaxTimestamp
	case len(out.data)+len(bytes) > chunkBytes:
		more := *out
		more.base, more.before, more.maxTime = Offset(h.BaseOffset), out.before+int64(len(out.data)), -1
		more.data, more.batches = nil, nil
		out = &more
		c.out = append(c.out, out)
	}
	out.maxTime = max(out.maxTime, h.MaxTimestamp)
	out.batches = append(out.batches, batchEntry{last: Offset(h.LastOffset()), maxTime: h.MaxTimestamp,
		pos: int32(len(out.data)), count: h.Count})
	out.data = append(out.data, bytes...)
	out.index(int64(len(bytes)), c.config.value[setIndexIntervalBytes])
	c.kept += int64(len(bytes))
}
