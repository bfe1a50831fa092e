package client

import "partita/engine"

// positions finds out where to start: at the committed offset, or where
// auto.offset.reset says.
func (c *Consumer) positions() {
	var cmd *engine.OffsetFetch
	busy := c.waiting(callOffsets)
	for _, p := range c.parts {
		switch {
		case p.state == fromCommitted && !busy:
			if cmd == nil {
				cmd = &engine.OffsetFetch{Group: c.cfg.GroupID}
			}
			cmd.Partitions = append(cmd.Partitions, engine.TopicPartition{Topic: p.topic, Partition: p.index})
		case p.state == fromReset && !p.finding && !p.gone:
			if p.retryAt > c.now {
				c.wake(p.retryAt)
				continue
			}
			timestamp := engine.TimestampLatest
			if c.cfg.AutoOffsetReset == "earliest" {
				timestamp = engine.TimestampEarliest
			}
			p.finding = true
			c.send(call{kind: callReset, part: p}, &engine.ListOffsets{Topic: p.id, Partition: p.index, Timestamp: timestamp, Committed: c.cfg.ReadCommitted})
		}
	}
	switch {
	case cmd == nil:
	case c.offsetsAt > c.now:
		c.wake(c.offsetsAt)
	default:
		c.send(call{kind: callOffsets}, cmd)
	}
}

func (c *Consumer) offsetsFetched(r *engine.Reply) {
	body, ok := r.Body.(*engine.OffsetFetchReply)
	if r.Code != engine.None || !ok {
		if !r.Code.Retriable() {
			c.fail(Fact{Code: r.Code})
			return
		}
		c.offsetsAt = c.backoff(&c.offsetsFail)
		return
	}
	c.offsetsFail = 0
	for i := range body.Offsets {
		o := &body.Offsets[i]
		at, ok := c.find(o.Topic, o.Partition)
		if !ok || c.parts[at].state != fromCommitted {
			continue
		}
		p := c.parts[at]
		switch {
		case o.Code.Retriable() && o.Code != engine.UnknownTopicOrPartition:
			c.offsetsAt = c.backoff(&c.offsetsFail) // UNSTABLE_OFFSET_COMMIT: asked for again
		case o.Code == engine.None && o.Offset >= 0:
			c.moveTo(p, o.Offset)
			p.committed, p.epoch = o.Offset, o.LeaderEpoch
		default:
			c.resetPosition(p)
		}
	}
}

// resetPosition lets auto.offset.reset decide. With none, Java's poll throws
// NoOffsetForPartitionException or OffsetOutOfRangeException.
func (c *Consumer) resetPosition(p *part) {
	if c.cfg.AutoOffsetReset == "none" {
		c.fail(Fact{Code: engine.OffsetOutOfRange, Topic: p.topic, ID: p.id, Partition: p.index, Offset: p.position})
		return
	}
	c.drop(p)
	p.state, p.retryAt, p.failures = fromReset, 0, 0
}

// positionFound takes the answer to a ListOffsets.
func (c *Consumer) positionFound(p *part, r *engine.Reply) {
	p.finding = false
	if p.revoked || p.state != fromReset {
		return
	}
	if r.Code != engine.None || r.Offset < 0 {
		c.partFailed(p, r.Code)
		return
	}
	c.moveTo(p, r.Offset)
	c.fact(Fact{Kind: FactOffsetReset, Topic: p.topic, ID: p.id, Partition: p.index, Offset: r.Offset, Epoch: c.generation})
}

// partFailed tries a partition again later, or ends the consumer.
func (c *Consumer) partFailed(p *part, code engine.Code) {
	if code != engine.None && !code.Retriable() {
		c.fail(Fact{Code: code, Topic: p.topic, ID: p.id, Partition: p.index, Offset: p.position})
		return
	}
	if code.RefreshMetadata() {
		c.outdated()
	}
	p.retryAt = c.backoff(&p.failures)
}

// fetch asks for the next records of every partition of which none wait for poll.
// There is one fetch at a time, sent in poll only; so no partition ever has more than
// one fetch ahead.
func (c *Consumer) fetch() {
	if c.waiting(callFetch) || len(c.parts) == 0 {
		return
	}
	var parts []*part
	c.turn = (c.turn + 1) % len(c.parts)
	for i := range c.parts {
		p := c.parts[(c.turn+i)%len(c.parts)]
		switch {
		case p.state != positioned || p.paused || p.gone || p.buffered():
		case p.retryAt > c.now:
			c.wake(p.retryAt)
		default:
			parts = append(parts, p)
		}
	}
	switch {
	case len(parts) == 0:
		return
	case c.fetchAt > c.now:
		c.wake(c.fetchAt)
		return
	}
	cmd := &engine.Fetch{Parts: make([]engine.FetchPart, len(parts)), MinBytes: int32(c.cfg.FetchMinBytes),
		MaxBytes: int32(c.cfg.FetchMaxBytes), MaxWaitMs: int32(c.cfg.FetchMaxWaitMs), Committed: c.cfg.ReadCommitted}
	for i, p := range parts {
		cmd.Parts[i] = engine.FetchPart{Topic: p.id, Partition: p.index, Offset: p.position, MaxBytes: int32(c.cfg.PartitionFetchBytes)}
	}
	c.send(call{kind: callFetch, fetch: cmd, parts: parts}, cmd)
}

// fetched takes the answer to a Fetch. It says nothing to partitions that were
// revoked or moved since.
func (c *Consumer) fetched(k *call, r *engine.Reply) {
	body, ok := r.Body.(*engine.FetchReply)
	if r.Code != engine.None || !ok {
		c.fetchAt = c.backoff(&c.fetchFail)
		if r.Code.RefreshMetadata() {
			c.outdated()
		}
		return
	}
	c.fetchFail = 0
	empty := true
	for i := range body.Parts {
		if i == len(k.parts) {
			break
		}
		p, got := k.parts[i], &body.Parts[i]
		if p.revoked || p.state != positioned || p.position != k.fetch.Parts[i].Offset {
			continue
		}
		switch got.Code {
		case engine.None:
			p.failures, p.hw = 0, got.HighWatermark
			if len(got.Records) > 0 {
				empty = false
				p.bytes = got.Records
				c.queue = append(c.queue, p)
			}
		case engine.OffsetOutOfRange:
			if c.resetPosition(p); c.ended != 0 {
				return
			}
		default:
			if c.partFailed(p, got.Code); c.ended != 0 {
				return
			}
		}
	}
	if empty && k.sent == c.now {
		c.fetchAt = c.now + 1 // no time has passed: with fetch.max.wait.ms=0 none ever would
	}
}
