package client

import (
	"slices"

	"partita/engine"
)

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
	a := &p.asked
	a.token = 0
	body, ok := r.Body.(*engine.MetadataReply)
	if !ok {
		a.notUntil = now + p.backoff(p.cfg.RetryBackoffMs, retryMaxMs, &a.failures)
		return
	}
	a.notUntil, a.failures = now+engine.Time(p.cfg.RetryBackoffMs), 0
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
	again := t.known && t.id != m.Topic // deleted, and made once more
	t.id, t.known, t.fresh, t.count = m.Topic, true, now, int32(len(m.Partitions))
	for len(t.parts) < len(m.Partitions) {
		t.parts = append(t.parts, producerPart{lead: unknownLeader, id: -1, epoch: -1, acked: -1})
	}
	for i := range m.Partitions {
		if again {
			t.parts[i].lead = unknownLeader
		}
		t.parts[i].lead.learn(&m.Partitions[i])
	}
	early := t.early
	t.early = nil
	for i := range early {
		e := &early[i]
		if e.partition >= t.count {
			t.early = append(t.early, *e)
			continue
		}
		p.add(t, e.accepted, e.partition, &e.Entry)
	}
	p.dropEarly(t, len(t.early), now, engine.UnknownTopicOrPartition)
}
