package client

import (
	"slices"

	"partita/engine"
)

// positions finds out where to start: at the committed offset, or where
// auto.offset.reset says.
func (c *Consumer) positions() {
	var cmd *engine.OffsetFetch
	busy := c.waiting(callOffsets)
	for _, p := range c.parts {
		switch {
		case p.state == fromCommitted && !busy:
			if cmd == nil {
				cmd = &engine.OffsetFetch{Group: c.cfg.GroupID, RequireStable: c.cfg.ReadCommitted}
				if c.isModern() {
					cmd.Member, cmd.Epoch = c.memberID, c.generation
				}
			}
			cmd.Partitions = append(cmd.Partitions, engine.TopicPartition{Topic: p.topic, Partition: p.index})
		case p.state == fromReset && !p.finding && !p.gone:
			if !c.reachable(p, p.lead.broker) {
				continue
			}
			timestamp := engine.TimestampLatest
			if c.cfg.AutoOffsetReset == "earliest" {
				timestamp = engine.TimestampEarliest
			}
			p.finding = true
			c.send(call{kind: callReset, to: p.lead.broker, part: p}, &engine.ListOffsets{Topic: p.id, Partition: p.index, Timestamp: timestamp,
				Committed: c.cfg.ReadCommitted, CheckEpoch: p.lead.epoch >= 0, LeaderEpoch: p.lead.epoch})
		case p.state == positioned || p.state == validating:
			c.validate(p)
		}
	}
	switch {
	case cmd == nil:
	case c.offsetsAt > c.now:
		c.wake(c.offsetsAt)
	case c.coordinated():
		c.send(call{kind: callOffsets, to: -c.coordinator}, cmd)
	}
}

// reachable reports whether a request about a partition can go to a broker now, and
// sees to it that it can later.
func (c *Consumer) reachable(p *part, broker int32) bool {
	if broker < 0 {
		c.outdated() // there is no leader, as far as is known
		return false
	}
	at := max(p.retryAt, c.usableAt(broker))
	if at > c.now {
		c.wake(at)
	}
	return at <= c.now
}

func (c *Consumer) offsetsFetched(r *engine.Reply) {
	body, ok := r.Body.(*engine.OffsetFetchReply)
	if r.Code != engine.None || !ok {
		if !r.Code.Retriable() && r.Code != engine.StaleMemberEpoch && r.Code != engine.UnknownMemberID { // heartbeats look after those
			c.fail(Fact{Code: r.Code})
			return
		}
		c.offsetsAt = c.retryAt(&c.offsetsFail)
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
			c.offsetsAt = c.retryAt(&c.offsetsFail) // UNSTABLE_OFFSET_COMMIT: asked for again
		case o.Code == engine.None && o.Offset >= 0:
			c.moveTo(p, o.Offset)
			p.committed, p.epoch, p.seen = o.Offset, o.LeaderEpoch, unknownLeader // to be validated
		case o.Code != engine.None && o.Code != engine.UnknownTopicOrPartition:
			c.fail(Fact{Code: o.Code, Topic: p.topic, ID: p.id, Partition: p.index})
			return
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
	p.seen = p.lead
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
	p.retryAt = c.retryAt(&p.failures)
}

// fetch asks for the next records of every partition of which none wait for poll: one
// Fetch for each broker, and one at a time. It is sent in poll only, so no partition
// ever has more than one fetch ahead.
func (c *Consumer) fetch() {
	if len(c.parts) == 0 {
		return
	}
	var asked []call
	c.turn = (c.turn + 1) % len(c.parts)
	for i := range c.parts {
		p := c.parts[(c.turn+i)%len(c.parts)]
		if p.state != positioned || p.paused || p.gone || p.buffered() {
			continue
		}
		from := c.source(p)
		if !c.reachable(p, from) || slices.ContainsFunc(c.calls, func(k call) bool { return k.kind == callFetch && k.to == from }) {
			continue
		}
		at := slices.IndexFunc(asked, func(k call) bool { return k.to == from })
		if at < 0 {
			at = len(asked)
			asked = append(asked, call{kind: callFetch, to: from})
		}
		asked[at].parts = append(asked[at].parts, p)
	}
	if len(asked) > 0 && c.fetchAt > c.now {
		c.wake(c.fetchAt)
		return
	}
	for _, k := range asked {
		k.fetch = &engine.Fetch{Parts: make([]engine.FetchPart, len(k.parts)), MinBytes: int32(c.cfg.FetchMinBytes), MaxBytes: int32(c.cfg.FetchMaxBytes),
			MaxWaitMs: int32(c.cfg.FetchMaxWaitMs), Committed: c.cfg.ReadCommitted, Rack: c.cfg.ClientRack}
		for i, p := range k.parts {
			k.fetch.Parts[i] = engine.FetchPart{Topic: p.id, Partition: p.index, Offset: p.position,
				MaxBytes: int32(c.cfg.PartitionFetchBytes), CheckEpoch: p.seen.epoch >= 0, LeaderEpoch: p.seen.epoch}
		}
		c.send(k, k.fetch)
	}
}

// source is the broker to fetch from: the partition leader, or for a while the replica
// that it prefers for this client.rack (KIP-392).
func (c *Consumer) source(p *part) int32 {
	if p.preferred != 0 && c.now < p.preferTill {
		return p.preferred
	}
	p.preferred = 0
	return p.seen.broker
}

// fetched takes the answer to a Fetch. It says nothing to partitions that were
// revoked or moved since.
func (c *Consumer) fetched(k *call, r *engine.Reply) {
	body, ok := r.Body.(*engine.FetchReply)
	if r.Code != engine.None || !ok {
		for _, p := range k.parts {
			p.preferred = 0
		}
		if r.Code != engine.NetworkException { // that has a pause of its own
			c.fetchAt = c.retryAt(&c.fetchFail)
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
		if p.revoked || p.state != positioned || p.buffered() || p.position != k.fetch.Parts[i].Offset {
			continue
		}
		switch {
		case got.Code == engine.None:
			p.failures, p.hw = 0, got.HighWatermark
			if got.Preferred > 0 {
				p.preferred, p.preferTill = got.Preferred, c.now+engine.Time(min(c.cfg.MetadataMaxAgeMs, 1<<53))
			}
			if len(got.Records) > 0 {
				empty = false
				p.bytes, p.aborted, p.from = got.Records, got.Aborted, k.fetch.Parts[i].Topic
				c.queue = append(c.queue, p)
			}
		case p.preferred != 0: // the follower cannot help: the leader can
			p.preferred = 0
			if got.Code.RefreshMetadata() {
				c.outdated()
			}
		case got.Code == engine.OffsetOutOfRange:
			c.resetPosition(p)
		case !p.lead.hint(got.Leader, got.LeaderEpoch):
			c.partFailed(p, got.Code)
		default: // it goes on with the new leader at once
			c.outdated()
		}
		if c.ended != 0 {
			return
		}
	}
	if empty && k.sent == c.now {
		c.fetchAt = c.now + 1 // no time has passed: with fetch.max.wait.ms=0 none ever would
	}
}
