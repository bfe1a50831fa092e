package engine

import "partita/engine/batch"

const (
	// rememberedBatches is how many batches of a producer a partition can tell from
	// new ones when they come again: max.in.flight.requests.per.connection may be that
	// much with idempotence (ProducerStateEntry).
	rememberedBatches = 5

	// noSequence is the last sequence of a producer that wrote nothing in its epoch.
	noSequence = -1
)

// producers is what a partition knows of idempotent producers and transactions. It is
// made from the log alone, so that a leader that only has the log knows the same
// (Kafka's ProducerStateManager).
type producers struct {
	list    []producer   // by id
	open    []openTxn    // by first offset
	decided []openTxn    // their markers are written, but not below the high watermark
	aborted []abortedTxn // by marker
}

// producer is one producer id in one partition.
type producer struct {
	id               int64
	lastTime         int64  // largest timestamp of its last batch, for expiry
	txnFirst         Offset // of its open transaction, -1 for none
	coordinatorEpoch int32  // of its last marker, -1 for none
	epoch            int16
	count            int8 // of batches, oldest first
	batches          [rememberedBatches]producerBatch
}

// producerBatch is one remembered batch.
type producerBatch struct {
	first, last int32 // sequence numbers
	base        Offset
	at          Time // log append time, or -1
}

// openTxn is a transaction with records in the partition; marker is the offset of the
// marker that ended it.
type openTxn struct {
	producer      int64
	first, marker Offset
}

// abortedTxn is a line of the aborted index. stable is the last stable offset when the
// marker had been written: nothing before it can be aborted later.
type abortedTxn struct {
	producer      int64
	first, marker Offset
	stable        Offset
}

// find gives the place of a producer id in the list, and whether it is there. Most
// often it is near the end: ids grow.
func (ps *producers) find(id int64) (int, bool) {
	lo, hi := 0, len(ps.list)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if ps.list[mid].id < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(ps.list) && ps.list[lo].id == id
}

// lookup gives what is known of a producer, or nil.
func (ps *producers) lookup(id int64) *producer {
	if i, ok := ps.find(id); ok {
		return &ps.list[i]
	}
	return nil
}

// lastSequence is the number of the last record in the producer's epoch.
func (p *producer) lastSequence() int32 {
	if p.count == 0 {
		return noSequence
	}
	return p.batches[p.count-1].last
}

// check tells whether a client's batch may be appended: dup is the same batch, if it
// is one of the last five. A first batch may have any sequence: the producer may have
// been forgotten (so Kafka no longer sends UNKNOWN_PRODUCER_ID).
func (ps *producers) check(h *batch.Header) (dup *producerBatch, code Code) {
	p := ps.lookup(h.ProducerID)
	if p == nil || planted == bugDuplicate {
		return nil, None
	}
	if p.epoch == h.ProducerEpoch {
		last := h.LastSequence()
		for i := range p.batches[:p.count] {
			if b := &p.batches[i]; b.first == h.BaseSequence && b.last == last {
				return b, None
			}
		}
	}
	switch {
	case h.ProducerEpoch < p.epoch && planted == bugProducerEpoch:
	case h.ProducerEpoch < p.epoch:
		return nil, InvalidProducerEpoch
	case h.ProducerEpoch != p.epoch && h.BaseSequence != 0,
		h.ProducerEpoch == p.epoch && h.BaseSequence != batch.AddSequence(p.lastSequence(), 1):
		return nil, OutOfOrderSequenceNumber
	}
	return nil, p.checkTxn(h)
}

// checkTxn refuses records outside of the transaction that the producer has open.
func (p *producer) checkTxn(h *batch.Header) Code {
	if p.txnFirst >= 0 && !h.IsTransactional() {
		return InvalidTxnState
	}
	return None
}

// checkMarker tells whether a coordinator may write a marker: not with an epoch that
// the producer has left behind, nor from a coordinator that was replaced.
func (ps *producers) checkMarker(id int64, epoch int16, coordinatorEpoch int32) Code {
	switch p := ps.lookup(id); {
	case p == nil:
	case epoch < p.epoch:
		return InvalidProducerEpoch
	case coordinatorEpoch < p.coordinatorEpoch:
		return TransactionCoordinatorFenced
	}
	return None
}

// update takes note of a batch that was appended at base. It asks no questions: what
// is in the log has happened.
func (ps *producers) update(h *batch.Header, stored []byte, base Offset, at Time) {
	i, ok := ps.find(h.ProducerID)
	if !ok {
		ps.list = append(ps.list, producer{})
		copy(ps.list[i+1:], ps.list[i:])
		ps.list[i] = producer{id: h.ProducerID, epoch: h.ProducerEpoch, txnFirst: -1, coordinatorEpoch: -1}
	}
	p := &ps.list[i]
	if p.epoch != h.ProducerEpoch {
		p.epoch, p.count = h.ProducerEpoch, 0
	}
	if p.lastTime = h.MaxTimestamp; at >= 0 {
		p.lastTime = int64(at)
	}
	if h.IsControl() {
		ps.end(p, stored, base)
		return
	}
	if p.count == rememberedBatches {
		copy(p.batches[:], p.batches[1:])
		p.count--
	}
	p.batches[p.count] = producerBatch{first: h.BaseSequence, last: h.LastSequence(), base: base, at: at}
	p.count++
	if h.IsTransactional() && p.txnFirst < 0 {
		p.txnFirst = base
		ps.open = append(ps.open, openTxn{producer: p.id, first: base})
	}
}

// end closes the transaction that a marker is about. One without records here leaves
// no trace but the coordinator's epoch.
func (ps *producers) end(p *producer, stored []byte, at Offset) {
	m, ok := marker(stored)
	if !ok {
		return
	}
	p.coordinatorEpoch = m.CoordinatorEpoch
	if p.txnFirst < 0 {
		return
	}
	first := p.txnFirst
	p.txnFirst = -1
	kept := ps.open[:0]
	for _, o := range ps.open {
		if o.producer != p.id {
			kept = append(kept, o)
		}
	}
	ps.open = kept
	ps.decided = append(ps.decided, openTxn{p.id, first, at})
	if !m.Commit {
		stable := at + 1
		if len(ps.open) > 0 {
			stable = ps.open[0].first
		}
		ps.aborted = append(ps.aborted, abortedTxn{p.id, first, at, stable})
	}
}

// marker reads the end-of-transaction marker of a control batch.
func marker(stored []byte) (batch.EndTxn, bool) {
	var r batch.Record
	it := batch.Records(stored)
	if !it.Next(&r) {
		return batch.EndTxn{}, false // compaction may leave a control batch empty
	}
	m, err := batch.ParseEndTxn(&r)
	return m, err == nil
}

// expire forgets producers that were last heard of before (producer.id.expiration.ms),
// but none with an open transaction. It tells whether any is left.
func (ps *producers) expire(before int64) bool {
	kept := ps.list[:0]
	for i := range ps.list {
		if p := &ps.list[i]; p.txnFirst >= 0 || p.lastTime > before {
			kept = append(kept, *p)
		}
	}
	ps.list = kept
	return len(kept) > 0
}

// admit decides on a client's batch that has a producer id or ought to have one.
func (e *Engine) admit(from Session, p *partition, c *Produce, h *batch.Header) (dup *producerBatch, code Code) {
	if h.IsControl() || h.ProducerID < 0 || h.BaseSequence < 0 {
		return nil, InvalidRecord // LogValidator
	}
	if h.ProducerEpoch < 0 {
		return nil, InvalidProducerEpoch
	}
	if h.IsTransactional() {
		if code := e.enlisted(from, p, c, h); code != None {
			return nil, code
		}
	}
	return p.producers.check(h)
}
