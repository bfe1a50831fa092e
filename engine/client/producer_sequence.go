package client

import (
	"partita/engine"
	"partita/engine/batch"
)

// Sequences, after Java's TransactionManager and RecordAccumulator. Without idempotence
// none of this does anything.

func addSequence(seq int32, n int64) int32 { return batch.AddSequence(seq, int32(n)) }

// follows reports whether sequence b comes after a; they wrap around after 2^31-1.
func follows(a, b int32) bool {
	d := uint32(b-a) & maxInt32
	return d > 0 && d < 1<<30
}

// inSequence reports whether the next batch of a partition may be sent, now that the
// ones before it are where they are.
func (p *Producer) inSequence(part *producerPart) bool {
	if !p.idempotent {
		return true
	}
	if p.id < 0 || p.state == FatalError || p.state == AbortableError {
		return false
	}
	b := part.queue[0]
	first := p.firstUnderWay(part)
	if b.sequenced { // sent again: only when everything before it has been answered
		return first == nil || !follows(first.seq, b.seq)
	}
	stale := part.id != p.id || part.epoch != p.epoch
	return !part.unresolved && (first == nil || !stale && part.acked >= 0 && part.batches-first.nth < min(window, p.cfg.MaxInFlight))
}

// window is how many batches of a partition a broker remembers. None may be sent while
// one so far back is not answered, nor a second one while the first is not: a broker
// takes any sequence from a producer that it does not know. Over TCP, where requests and
// answers stay in order, Java need not think of that, but a simulated network may lose
// one alone.
const window = 5

// firstUnderWay is the batch with the lowest sequence that was sent and is not done,
// be it under way or waiting to be sent again.
func (p *Producer) firstUnderWay(part *producerPart) (first *producerBatch) {
	look := func(b *producerBatch) {
		if b.sequenced && &b.topic.parts[b.part] == part && (first == nil || follows(b.seq, first.seq)) {
			first = b
		}
	}
	for _, b := range p.sent {
		look(b)
	}
	for _, b := range part.queue {
		if !b.sequenced {
			break
		}
		look(b)
	}
	return first
}

// seal finishes a batch before it is sent, the first time with its sequence.
func (p *Producer) seal(part *producerPart, b *producerBatch) {
	if p.idempotent && !b.sequenced {
		if part.id != p.id || part.epoch != p.epoch {
			part.id, part.epoch, part.next, part.acked = p.id, p.epoch, 0, -1
		}
		b.sequenced, b.id, b.epoch, b.seq = true, p.id, p.epoch, part.next
		part.next = addSequence(part.next, b.records)
		b.nth = part.batches
		part.batches++
	}
	if b.sealed {
		return
	}
	b.open, b.sealed = false, true
	h := &b.build.Header
	if b.sequenced {
		h.ProducerID, h.ProducerEpoch, h.BaseSequence = b.id, b.epoch, b.seq
	}
	if p.cfg.TransactionalID != "" {
		h.Attributes |= batch.Transactional
		p.started = true
	}
	b.bytes = b.build.Finish()
}

// resequence gives a batch that has a sequence another one. What came of splitting a
// larger one is not sealed yet.
func (b *producerBatch) resequence(id int64, epoch int16, seq int32) {
	b.id, b.epoch, b.seq, b.reset = id, epoch, seq, true
	if !b.sealed {
		return
	}
	h, _ := batch.Parse(b.bytes)
	h.ProducerID, h.ProducerEpoch, h.BaseSequence = id, epoch, seq
	h.Append(b.bytes[:0])
	batch.Seal(b.bytes)
}

// noteAcked keeps the last sequence that is known to be written.
func (p *Producer) noteAcked(b *producerBatch) {
	part := &b.topic.parts[b.part]
	if last := addSequence(b.seq, b.records-1); b.sequenced && b.epoch == part.epoch && (part.acked < 0 || follows(part.acked, last)) {
		part.acked = last
	}
}

// mayRetry is Java's canRetry: whether a batch may be sent again after an error.
func (p *Producer) mayRetry(b *producerBatch, code engine.Code) bool {
	part := &b.topic.parts[b.part]
	switch {
	case !b.sequenced:
	case code == engine.UnknownProducerID:
		if b.reset {
			return true
		}
		if p.cfg.TransactionalID == "" {
			p.bumpFor(part)
			return true
		}
	case code == engine.OutOfOrderSequenceNumber:
		if !part.unresolved && (b.reset || addSequence(part.acked, 1) != b.seq) {
			return true // it is not its turn: the one before it is sent again too
		}
		if p.cfg.TransactionalID == "" {
			p.bumpFor(part)
			return true
		}
	}
	return code.Retriable()
}

// requeue puts a batch back: by its sequence, or else at the head.
func (p *Producer) requeue(b *producerBatch) {
	part := &b.topic.parts[b.part]
	at := 0
	for b.sequenced && at < len(part.queue) && part.queue[at].sequenced && follows(part.queue[at].seq, b.seq) {
		at++
	}
	part.queue = engine.InsertAt(part.queue, at, b)
	p.view.Queued += b.records
}

// bumpFor asks for a new epoch because of a partition whose sequences are broken.
func (p *Producer) bumpFor(part *producerPart) {
	p.bump, part.rewrite = true, true
}

// giveUp fails a batch. What comes behind it must not be held up by the gap it leaves:
// without transactions the epoch rises, with them the transaction is to be aborted.
func (p *Producer) giveUp(b *producerBatch, now engine.Time, code engine.Code, adjust bool) {
	part := &b.topic.parts[b.part]
	if p.idempotent {
		switch {
		case code == engine.ClusterAuthorizationFailed, code == engine.TransactionalIDAuthorizationFailed,
			code == engine.ProducerFenced, code == engine.UnsupportedVersion, code == engine.InvalidProducerIDMapping:
			p.fatal(now, code)
		case p.cfg.TransactionalID != "":
			p.abortable(now, code)
		case adjust && b.sequenced:
			p.bumpFor(part)
		}
	}
	p.failed(b, now, code)
}

// resolve lets partitions go on in which it was unknown whether a batch was written,
// once nothing of them is under way; and then raises the epoch where that is needed,
// which an idempotent producer does by itself.
func (p *Producer) resolve(now engine.Time) {
	for _, t := range p.topics {
		for i := range t.parts {
			part := &t.parts[i]
			switch {
			case !part.unresolved || p.firstUnderWay(part) != nil:
				continue
			case addSequence(part.acked, 1) == part.expected: // it was written after all
			case p.cfg.TransactionalID != "":
				p.abortable(now, engine.RequestTimedOut)
			default:
				p.bumpFor(part)
			}
			part.unresolved = false
		}
	}
	if !p.bump || p.id < 0 {
		return
	}
	p.bump = false
	if p.cfg.TransactionalID != "" {
		return // the end of the transaction raises it
	}
	if p.epoch++; p.epoch < 0 { // after 32767: another producer id
		p.id, p.epoch, p.state = -1, -1, Uninitialized
	}
	for _, t := range p.topics {
		for i := range t.parts {
			if t.parts[i].rewrite {
				p.rewrite(&t.parts[i])
			}
		}
	}
}

// rewrite starts the sequences of a partition at 0 in the new epoch, also those of
// batches that wait to be sent again.
func (p *Producer) rewrite(part *producerPart) {
	part.rewrite, part.unresolved = false, false
	part.id, part.epoch, part.next, part.acked = p.id, p.epoch, 0, -1
	give := func(b *producerBatch) {
		b.resequence(p.id, p.epoch, part.next)
		part.next = addSequence(part.next, b.records)
	}
	for _, b := range part.queue {
		if b.sequenced && p.id >= 0 {
			give(b)
		}
	}
}

// splitUp sends a batch that was too large again in smaller ones: of batch.size first,
// and then each time of half the size.
func (p *Producer) splitUp(big *producerBatch) {
	target := p.cfg.BatchSize
	h, _ := batch.Parse(big.bytes)
	if big.split || int64(len(big.bytes)) <= target {
		target = int64(len(big.bytes)) / 2
	}
	part := &big.topic.parts[big.part]
	seq, at := big.seq, 0
	var small *producerBatch
	put := func() {
		if small == nil {
			return
		}
		if big.sequenced {
			small.sequenced, small.id, small.epoch, small.seq, small.reset = true, big.id, big.epoch, seq, big.reset
			small.nth = big.nth
			seq = addSequence(seq, small.records)
		}
		small.open, small.split, small.attempts = false, true, big.attempts
		for big.sequenced && at < len(part.queue) && part.queue[at].sequenced && follows(part.queue[at].seq, small.seq) {
			at++
		}
		part.queue = engine.InsertAt(part.queue, at, small)
		at++
		p.view.Queued += small.records
	}
	var r batch.Record
	for it := batch.Records(big.bytes); it.Next(&r); {
		var headers []batch.RecordHeader
		var one batch.RecordHeader
		for hs := r.Headers(); hs.Next(&one); {
			headers = append(headers, one)
		}
		e := batch.Entry{Timestamp: h.Timestamp(&r), Key: r.Key, Value: r.Value, Headers: headers}
		if small == nil || small.build.AddWithin(target, &e) == 0 {
			put()
			small = p.newBatch(big.topic, big.part, big.created)
			small.build.AddWithin(batch.MaxSize, &e)
		}
		small.records++
	}
	put()
	p.spare = append(p.spare, big)
}
