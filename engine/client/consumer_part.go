package client

import (
	"slices"

	"partita/engine"
	"partita/engine/batch"
)

// part is one assigned partition.
type part struct {
	topic     string
	index     engine.Partition
	id        engine.TopicID
	gone      bool // its topic does not exist, as far as is known
	revoked   bool // not assigned any more
	paused    bool
	state     positionState
	finding   bool          // ListOffsets or OffsetForLeaderEpoch is under way
	retryAt   engine.Time   // not before: fetch and these
	failures  int           // in a row
	position  engine.Offset // next to be returned by poll; -1 not known
	processed engine.Offset
	began     engine.Offset // position before the last poll
	committed engine.Offset
	hw        engine.Offset
	epoch     int32 // leader epoch of the last record returned; -1

	lead       leader // by metadata
	seen       leader // the one that the position is good for; behind lead until validated
	preferred  int32  // fetch from this replica (KIP-392); 0: the leader
	preferTill engine.Time

	// What was fetched and not returned: the batch being read, and those after it.
	bytes      []byte
	from       engine.TopicID // that they come from
	at         []byte         // the batch being read
	header     batch.Header
	records    batch.Iterator
	left       int32               // records of the batch at hand
	aborted    []engine.AbortedTxn // of a read_committed fetch, those not come to
	unfinished []engine.Offset     // in the pool, oldest first
	shared     []fetched           // in a share group: acquired, and not returned by poll
	acks       []engine.ShareAck   // and to be sent
	skipped    []int64             // producer ids whose transactions were aborted, until their markers
}

// positionState says where the position of a partition comes from.
type positionState uint8

const (
	fromCommitted positionState = iota // OffsetFetch will tell
	fromReset                          // ListOffsets will tell, by auto.offset.reset
	positioned
	validating // OffsetForLeaderEpoch will tell
)

// buffered reports whether there may be something fetched that poll did not return.
func (p *part) buffered() bool { return p.left > 0 || len(p.bytes) > 0 }

// drop forgets what was fetched.
func (c *Consumer) drop(p *part) {
	p.bytes, p.at, p.left, p.aborted, p.skipped, p.shared = nil, nil, 0, nil, nil, nil
	c.queue = slices.DeleteFunc(c.queue, func(q *part) bool { return q == p })
}

// moveTo sets the position from outside.
func (c *Consumer) moveTo(p *part, o engine.Offset) {
	c.drop(p)
	c.withdraw(p)
	p.state, p.position, p.processed, p.epoch = positioned, o, o, -1
	p.failures, p.retryAt = 0, 0
}

// handOver moves records from what was fetched into the application's hands, and the
// position with them. It returns false for bytes that are no records.
func (c *Consumer) handOver(p *part) bool {
	var r batch.Record
	atOnce := c.atOnce()
	for c.records < c.cfg.MaxPollRecords {
		if p.left == 0 {
			if len(p.bytes) == 0 {
				return true
			}
			if !p.open() {
				return false
			}
			continue
		}
		if atOnce && p.header.Codec() == batch.None && p.header.Whole(len(p.at)) {
			c.handRun(p)
		} else if !p.next(&r) {
			return false
		} else if o := engine.Offset(p.header.BaseOffset) + engine.Offset(r.OffsetDelta); o >= p.position {
			c.hand = append(c.hand, handed{p, fetched{id: p.from, offset: o, end: o + 1, key: r.Key, value: r.Value}})
			c.records++
			p.position, p.epoch = o+1, p.header.LeaderEpoch
		}
		if p.left == 0 {
			p.passed()
		}
	}
	return true
}

// handRun hands over what is left of a batch, as far as one poll returns it, without a
// look at the records: a batch that has all its offsets has them in order.
func (c *Consumer) handRun(p *part) {
	after := engine.Offset(p.header.NextOffset())
	next := after - engine.Offset(p.left)
	first := max(next, p.position)
	end := min(after, first+engine.Offset(c.cfg.MaxPollRecords-c.records))
	if first < end {
		c.hand = append(c.hand, handed{p, fetched{id: p.from, offset: first, end: end, run: p.at}})
		c.records += int64(end - first)
		p.position, p.epoch = end, p.header.LeaderEpoch
	}
	if p.left = int32(after - max(end, next)); p.left > 0 {
		p.records.Skip(int64(end - next))
	}
}

// open starts with the next batch.
func (p *part) open() bool {
	h, err := batch.Parse(p.bytes)
	if err != nil || h.Count < 0 {
		return false
	}
	p.header, p.left = h, h.Count
	p.records = batch.Records(p.bytes)
	p.at, p.bytes = p.bytes[:h.Size()], p.bytes[h.Size():]
	if p.hidden() || h.IsControl() {
		p.left = 0 // applications never see what is in there
	}
	if p.left == 0 {
		p.passed()
	}
	return true
}

// hidden reports whether the batch belongs to an aborted transaction. The fetch names
// those (only for read_committed); a marker ends each.
func (p *part) hidden() bool {
	h := &p.header
	if h.ProducerID < 0 {
		return false
	}
	begun := func(a engine.AbortedTxn) bool { return int64(a.First) <= h.LastOffset() }
	if slices.ContainsFunc(p.aborted, begun) {
		p.aborted = slices.DeleteFunc(slices.Clone(p.aborted), func(a engine.AbortedTxn) bool {
			if begun(a) {
				p.skipped = append(p.skipped, a.ProducerID)
			}
			return begun(a)
		})
	}
	i := slices.Index(p.skipped, h.ProducerID)
	if i >= 0 && h.IsControl() {
		p.skipped = slices.Delete(p.skipped, i, i+1)
	}
	return i >= 0 && h.IsTransactional()
}

// passed moves the position past the batch, whose last records compaction may have
// removed.
func (p *part) passed() { p.position = max(p.position, engine.Offset(p.header.NextOffset())) }

// next reads a record. Those of a compressed batch, which cannot be opened here, have
// offsets, but neither key nor value.
func (p *part) next(r *batch.Record) bool {
	p.left--
	if p.header.Codec() != batch.None {
		*r = batch.Record{OffsetDelta: p.header.LastOffsetDelta - p.left}
		return true
	}
	return p.records.Next(r)
}
