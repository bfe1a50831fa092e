package client

import (
	"slices"

	"partita/engine"
)

// Tick asks for metadata, gives up what took too long and sends what is ready.
func (p *Producer) Tick(now engine.Time) {
	p.expire(now)
	p.refresh(now)
	for _, t := range p.topics {
		for i := range t.parts {
			p.drain(t, &t.parts[i], now)
		}
	}
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
			if len(part.queue) > 0 {
				if p.mayFly(part) {
					soonest(p.readyAt(part))
				}
				soonest(part.queue[0].created + engine.Time(p.cfg.DeliveryTimeoutMs))
			}
		}
	}
	for _, b := range p.sent {
		soonest(b.deadline)
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
	if !b.open || p.flushing {
		return b.notUntil
	}
	return b.created + engine.Time(p.cfg.LingerMs)
}

// mayFly holds back a partition with too much under way. Kafka counts requests of a
// connection, each with at most one batch of a partition; a command has one batch.
func (p *Producer) mayFly(part *producerPart) bool { return part.inFlight < p.cfg.MaxInFlight }

func (p *Producer) drain(t *producerTopic, part *producerPart, now engine.Time) {
	for len(part.queue) > 0 && p.mayFly(part) && p.readyAt(part) <= now {
		b := part.queue[0]
		part.queue = append(part.queue[:0], part.queue[1:]...)
		if b.open {
			p.close(b)
		}
		p.token++
		b.token = p.token
		b.attempts++
		b.deadline = now + engine.Time(p.cfg.RequestTimeoutMs)
		b.cmd = engine.Produce{Topic: t.id, Partition: b.part, Acks: p.cfg.Acks, Batch: b.bytes}
		p.requests = append(p.requests, Request{Token: b.token, Command: &b.cmd})
		p.view.Queued -= b.records
		if p.cfg.Acks == 0 {
			p.acked(b, now, -1)
			continue
		}
		p.view.InFlight += b.records
		part.inFlight++
		p.sent = append(p.sent, b)
	}
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
	if p.cfg.Acks != 0 {
		p.spare = append(p.spare, b)
	}
}

// Reply takes the answer to one request. Answers to requests given up are ignored.
func (p *Producer) Reply(now engine.Time, r *engine.Reply) {
	if r.Token == p.asked.token && p.asked.token != 0 {
		p.metadata(now, r)
		p.Tick(now)
		return
	}
	i := slices.IndexFunc(p.sent, func(b *producerBatch) bool { return b.token == r.Token })
	if i < 0 {
		return
	}
	b := p.land(i)
	switch {
	case r.Code == engine.None:
		p.acked(b, now, r.Offset)
	default:
		p.retry(b, now, r.Code)
	}
	p.Tick(now)
}

// land takes batch i from those under way.
func (p *Producer) land(i int) *producerBatch {
	b := p.sent[i]
	p.sent = slices.Delete(p.sent, i, i+1)
	p.view.InFlight -= b.records
	b.topic.parts[b.part].inFlight--
	return b
}

// retry puts a batch back at the head of its queue, or gives it up.
func (p *Producer) retry(b *producerBatch, now engine.Time, code engine.Code) {
	late := now-b.created >= engine.Time(p.cfg.DeliveryTimeoutMs)
	if !code.Retriable() || late || b.attempts > p.cfg.Retries {
		p.failed(b, now, code)
		return
	}
	if code.RefreshMetadata() {
		b.topic.fresh = now - engine.Time(p.cfg.MetadataMaxAgeMs)
	}
	b.notUntil = now + engine.Time(p.cfg.RetryBackoffMs)
	part := &b.topic.parts[b.part]
	part.queue = engine.InsertAt(part.queue, 0, b)
	p.view.Queued += b.records
}

// expire handles requests without an answer and batches older than
// delivery.timeout.ms.
func (p *Producer) expire(now engine.Time) {
	for i := 0; i < len(p.sent); {
		if p.sent[i].deadline > now {
			i++
			continue
		}
		p.retry(p.land(i), now, engine.RequestTimedOut)
	}
	limit := engine.Time(p.cfg.DeliveryTimeoutMs)
	for _, t := range p.topics {
		for i := range t.parts {
			part := &t.parts[i]
			for len(part.queue) > 0 && now-part.queue[0].created >= limit {
				b := part.queue[0]
				part.queue = slices.Delete(part.queue, 0, 1)
				if b.open {
					p.close(b)
				}
				p.view.Queued -= b.records
				p.failed(b, now, engine.RequestTimedOut)
			}
		}
		gone := 0
		for gone < len(t.early) && now-t.early[gone].accepted >= limit {
			gone++
		}
		p.dropEarly(t, gone, now, engine.RequestTimedOut)
	}
}

// dropEarly gives up the first n records of a topic that waited for its metadata.
func (p *Producer) dropEarly(t *producerTopic, n int, now engine.Time, code engine.Code) {
	if n == 0 {
		return
	}
	t.early = slices.Delete(t.early, 0, n)
	p.view.Queued -= int64(n)
	p.view.Failed += int64(n)
	p.facts = append(p.facts, Fact{At: now, Kind: FactSendFailed, Code: code, Topic: t.name, Partition: -1,
		Offset: -1, End: engine.Offset(n)})
}

// refresh asks for the metadata of topics that are unknown or whose answer is old.
func (p *Producer) refresh(now engine.Time) {
	a := &p.asked
	if a.token != 0 && now >= a.deadline {
		a.token = 0
	}
	if a.token != 0 || now < a.notUntil {
		return
	}
	stale := engine.Time(p.cfg.MetadataMaxAgeMs)
	a.cmd.Names = a.cmd.Names[:0]
	for _, t := range p.topics {
		if !t.known && len(t.early) > 0 || t.known && now-t.fresh >= stale {
			a.cmd.Names = append(a.cmd.Names, t.name)
		}
	}
	if len(a.cmd.Names) == 0 {
		return
	}
	p.token++
	a.token, a.deadline = p.token, now+engine.Time(p.cfg.RequestTimeoutMs)
	p.requests = append(p.requests, Request{Token: a.token, Command: &a.cmd})
}

func (p *Producer) metadata(now engine.Time, r *engine.Reply) {
	p.asked.token = 0
	p.asked.notUntil = now + engine.Time(p.cfg.RetryBackoffMs)
	body, ok := r.Body.(*engine.MetadataReply)
	if !ok {
		return
	}
	for i := range body.Topics {
		m := &body.Topics[i]
		t := p.topic(m.Name)
		switch {
		case m.Code == engine.None:
			p.learn(t, m, now)
		case !m.Code.Retriable():
			p.dropEarly(t, len(t.early), now, m.Code)
		default:
			t.fresh = now
		}
	}
}

// learn takes what the cluster says of a topic and places the records that waited.
func (p *Producer) learn(t *producerTopic, m *engine.TopicMetadata, now engine.Time) {
	t.id, t.known, t.fresh, t.count = m.Topic, true, now, int32(len(m.Partitions))
	for len(t.parts) < len(m.Partitions) {
		t.parts = append(t.parts, producerPart{})
	}
	early := t.early
	t.early = nil
	for i := range early {
		e := &early[i]
		if e.partition >= t.count {
			t.early = append(t.early, *e)
			continue
		}
		p.add(t, e.accepted, e.partition, e.key, e.value, e.headers, e.timestamp)
	}
	p.dropEarly(t, len(t.early), now, engine.UnknownTopicOrPartition)
}
