package client

import (
	"slices"

	"partita/engine"
)

// Tick asks for metadata, gives up what took too long and sends what is ready.
func (p *Producer) Tick(now engine.Time) {
	p.expire(now)
	p.refresh(now)
	p.transact(now)
	for p.drain(now) {
	}
	p.transact(now) // what came to its end by that
	if p.Idle() {
		p.flushing = p.closing
	}
}

// Deadline is when Tick is next due; false when nothing is.
func (p *Producer) Deadline() (at engine.Time, ok bool) {
	soonest := func(t engine.Time) {
		if !ok || t < at {
			at, ok = t, true
		}
	}
	for _, t := range p.topics {
		if len(t.early) > 0 {
			soonest(p.asked.next())
			soonest(t.early[0].accepted + engine.Time(p.cfg.DeliveryTimeoutMs))
		}
		for i := range t.parts {
			part := &t.parts[i]
			if len(part.queue) == 0 {
				continue
			}
			switch {
			case part.lead.broker < 0:
				soonest(max(p.readyAt(part), p.asked.next()))
			case p.mayGo(part):
				soonest(max(p.readyAt(part), p.usableAt(part.lead.broker)))
			}
			soonest(part.queue[0].created + engine.Time(p.cfg.DeliveryTimeoutMs))
		}
	}
	for _, b := range p.sent {
		soonest(min(b.deadline, b.created+engine.Time(p.cfg.DeliveryTimeoutMs)))
	}
	if t, wanted := p.transactAt(); wanted {
		soonest(t)
	}
	return at, ok
}

func (a *askedMetadata) next() engine.Time {
	if a.token != 0 {
		return a.deadline
	}
	return a.notUntil
}

// readyAt is when the oldest batch of a partition may be sent.
func (p *Producer) readyAt(part *producerPart) engine.Time {
	b := part.queue[0]
	if !b.open || p.flushing || p.state == Committing {
		return b.notUntil
	}
	return b.created + engine.Time(p.cfg.LingerMs)
}

// mayGo holds back a partition whose broker has too many requests under way, or whose
// next batch must not be sent yet for its sequence.
func (p *Producer) mayGo(part *producerPart) bool {
	n := int64(0)
	for i := range p.rounds {
		if p.rounds[i].broker == part.lead.broker {
			n++
		}
	}
	return n < p.cfg.MaxInFlight && (p.cfg.MaxInFlight > 1 || part.inFlight == 0) && p.inSequence(part)
}

// drain sends one request to each broker: the oldest batch of every partition that is
// ready. It reports whether there was one.
func (p *Producer) drain(now engine.Time) bool {
	before := p.serial
	for _, t := range p.topics {
		for i := range t.parts {
			part := &t.parts[i]
			if len(part.queue) == 0 || p.readyAt(part) > now {
				continue
			}
			if part.lead.broker < 0 {
				p.outdated(t, now)
				continue
			}
			round := slices.IndexFunc(p.rounds, func(r round) bool { return r.serial > before && r.broker == part.lead.broker })
			if round < 0 {
				if !p.mayGo(part) || p.usableAt(part.lead.broker) > now {
					continue
				}
				p.serial++
				round = len(p.rounds)
				p.rounds = append(p.rounds, newRound(p.serial, part.lead.broker))
			} else if part.inFlight > 0 && p.cfg.MaxInFlight == 1 || !p.inSequence(part) {
				continue
			}
			p.dispatch(t, part, &p.rounds[round], now)
		}
	}
	if p.cfg.Acks == 0 {
		p.rounds = p.rounds[:0]
	}
	return p.serial > before
}

func newRound(serial uint64, broker int32) round { return round{serial: serial, broker: broker} }

// dispatch sends the oldest batch of a partition.
func (p *Producer) dispatch(t *producerTopic, part *producerPart, r *round, now engine.Time) {
	b := part.queue[0]
	part.queue = append(part.queue[:0], part.queue[1:]...)
	p.seal(part, b)
	p.token++
	b.token, b.broker, b.round = p.token, r.broker, r.serial
	r.left++
	b.attempts++
	b.deadline = now + engine.Time(p.cfg.RequestTimeoutMs)
	b.cmd = engine.Produce{Topic: t.id, Partition: b.part, Acks: p.cfg.Acks, Batch: b.bytes,
		TimeoutMs: int32(p.cfg.RequestTimeoutMs), TransactionalID: p.cfg.TransactionalID}
	p.requests = append(p.requests, Request{Token: b.token, Broker: b.broker, Command: &b.cmd})
	p.view.Queued -= b.records
	if p.cfg.Acks == 0 {
		p.acked(b, now, -1)
		return
	}
	p.view.InFlight += b.records
	part.inFlight++
	p.sent = append(p.sent, b)
}

// acked ends a batch that the cluster has, at base (-1 when it does not say).
func (p *Producer) acked(b *producerBatch, now engine.Time, base engine.Offset) {
	p.view.Acked += b.records
	end := base
	if base >= 0 {
		end += engine.Offset(b.records)
	}
	p.facts = append(p.facts, Fact{At: now, Kind: FactSent, Topic: b.topic.name, ID: b.topic.id,
		Partition: b.part, Offset: base, End: end})
	p.release(b)
}

func (p *Producer) failed(b *producerBatch, now engine.Time, code engine.Code) {
	p.view.Failed += b.records
	p.facts = append(p.facts, Fact{At: now, Kind: FactSendFailed, Code: code, Topic: b.topic.name, ID: b.topic.id,
		Partition: b.part, Offset: -1, End: engine.Offset(b.records)})
	p.release(b)
}

// release gives a batch's memory back. With acks=0 the request is lent until Sent, so
// its bytes must not be used again yet; such batches are left to the collector.
func (p *Producer) release(b *producerBatch) {
	p.memory = max(0, p.memory-int64(len(b.bytes)))
	if p.view.Queued == 0 && p.view.InFlight == 0 {
		p.memory = 0 // what Send reckoned was an estimate
	}
	if p.cfg.Acks != 0 && b.sealed {
		p.spare = append(p.spare, b)
	}
}

// Reply takes the answer to one request. Answers to requests given up are ignored.
func (p *Producer) Reply(now engine.Time, r *engine.Reply) {
	switch {
	case r.Token == 0:
		return
	case r.Token == p.asked.token:
		p.metadata(now, r)
	case r.Token == p.txnToken:
		p.txnAnswered(now, r)
	default:
		i := slices.IndexFunc(p.sent, func(b *producerBatch) bool { return b.token == r.Token })
		if i < 0 {
			return
		}
		p.answered(p.land(i), now, r)
	}
	p.Tick(now)
}

// answered takes the answer to a batch.
func (p *Producer) answered(b *producerBatch, now engine.Time, r *engine.Reply) {
	if r.Code == engine.NetworkException {
		p.hangUp(b.broker, now)
	} else {
		p.works(b.broker)
	}
	switch {
	case r.Code == engine.None || r.Code == engine.DuplicateSequenceNumber:
		base := r.Offset
		if r.Code != engine.None {
			base = -1
		}
		p.noteAcked(b)
		p.acked(b, now, base)
	case r.Code == engine.MessageTooLarge && b.records > 1:
		p.splitUp(b)
	default:
		p.retry(b, now, r.Code)
	}
}

// hangUp ends all that is under way to a broker whose connection broke.
func (p *Producer) hangUp(broker int32, now engine.Time) {
	p.broken(broker, now)
	for _, t := range p.topics {
		p.outdated(t, now)
	}
	for {
		i := slices.IndexFunc(p.sent, func(b *producerBatch) bool { return b.broker == broker })
		if i < 0 {
			return
		}
		p.retry(p.land(i), now, engine.NetworkException)
	}
}

// outdated has a topic's metadata asked for again.
func (p *Producer) outdated(t *producerTopic, now engine.Time) {
	t.fresh = min(t.fresh, now-engine.Time(p.cfg.MetadataMaxAgeMs))
}

// land takes batch i from those under way.
func (p *Producer) land(i int) *producerBatch {
	b := p.sent[i]
	p.sent = slices.Delete(p.sent, i, i+1)
	p.view.InFlight -= b.records
	b.topic.parts[b.part].inFlight--
	if i := slices.IndexFunc(p.rounds, func(r round) bool { return r.serial == b.round }); i >= 0 {
		if p.rounds[i].left--; p.rounds[i].left == 0 {
			p.rounds = slices.Delete(p.rounds, i, i+1)
		}
	}
	return b
}

// retry puts a batch back into its queue, or gives it up.
func (p *Producer) retry(b *producerBatch, now engine.Time, code engine.Code) {
	if code.RefreshMetadata() {
		p.outdated(b.topic, now)
	}
	late := now-b.created >= engine.Time(p.cfg.DeliveryTimeoutMs)
	if late || b.attempts > p.cfg.Retries || !p.mayRetry(b, code) {
		p.giveUp(b, now, code, b.attempts <= p.cfg.Retries && !late)
		return
	}
	failures := int(b.attempts) - 1
	b.notUntil = now + p.backoff(p.cfg.RetryBackoffMs, retryMaxMs, &failures)
	p.requeue(b)
}

// expire handles requests without an answer and batches older than
// delivery.timeout.ms.
func (p *Producer) expire(now engine.Time) {
	limit := engine.Time(p.cfg.DeliveryTimeoutMs)
	for {
		i := slices.IndexFunc(p.sent, func(b *producerBatch) bool { return b.deadline <= now || now-b.created >= limit })
		if i < 0 {
			break
		}
		if b := p.sent[i]; b.deadline <= now {
			p.hangUp(b.broker, now)
		} else {
			p.overdue(p.land(i), now)
		}
	}
	for _, t := range p.topics {
		for i := range t.parts {
			part := &t.parts[i]
			for len(part.queue) > 0 && now-part.queue[0].created >= limit {
				b := part.queue[0]
				part.queue = slices.Delete(part.queue, 0, 1)
				p.view.Queued -= b.records
				p.overdue(b, now)
			}
		}
		gone := 0
		for gone < len(t.early) && now-t.early[gone].accepted >= limit {
			gone++
		}
		p.dropEarly(t, gone, now, engine.RequestTimedOut)
	}
}

// overdue gives up a batch that is older than delivery.timeout.ms. One that was sent
// before may have been written or not.
func (p *Producer) overdue(b *producerBatch, now engine.Time) {
	if b.sequenced && b.attempts > 1 {
		part := &b.topic.parts[b.part]
		part.unresolved, part.expected = true, addSequence(b.seq, b.records)
	}
	p.giveUp(b, now, engine.RequestTimedOut, false)
}
