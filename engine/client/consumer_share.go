package client

import (
	"slices"

	"partita/engine"
	"partita/engine/batch"
)

// sharing is the consumer as a member of a share group (KIP-932, share=true): it joins
// as a modern one does, but records are given out one by one, to whoever asks, for as
// long as a lock lasts, and each is accepted, released or rejected.
type sharing struct {
	sessions  []shareSession
	delivered []handed // what the last poll returned, for implicit acknowledgement
	settling  bool     // acknowledgements of the last poll are to be sent before the next
}

// shareSession is what a broker remembers of the consumer's fetches.
type shareSession struct {
	broker int32
	epoch  int32 // 0: none is open
	parts  []*part
	gone   []engine.OwnedTopic // in the session, and to be taken out of it
}

// acknowledgements are the words of the setting of that name.
var acknowledgements = []string{"lose", "accept", "release", "reject"}

func (s *sharing) session(broker int32) *shareSession {
	for i := range s.sessions {
		if s.sessions[i].broker == broker {
			return &s.sessions[i]
		}
	}
	s.sessions = append(s.sessions, shareSession{broker: broker})
	return &s.sessions[len(s.sessions)-1]
}

// answered moves a session on after a request, or gives it up.
func (s *shareSession) answered(ok bool) {
	switch {
	case !ok:
		s.epoch, s.parts, s.gone = 0, nil, nil
	case s.epoch == maxInt32:
		s.epoch = 1
	default:
		s.epoch++
	}
}

// acknowledge notes how records are settled, in the order of their offsets.
func (p *part) acknowledge(first, last engine.Offset, t engine.AckType) {
	i := len(p.acks)
	for i > 0 && p.acks[i-1].First > first {
		i--
	}
	if i > 0 && p.acks[i-1].Last+1 == first && p.acks[i-1].Types[0] == t {
		p.acks[i-1].Last = last
		return
	}
	p.acks = slices.Insert(p.acks, i, engine.ShareAck{First: first, Last: last, Types: []engine.AckType{t}})
}

// pollShare is one look of KafkaShareConsumer.poll at everything that it may do.
func (c *Consumer) pollShare() {
	if c.reconcile(); c.ended != 0 {
		return
	}
	if !c.cfg.ShareExplicit {
		for i := range c.delivered {
			if h := &c.delivered[i]; h.id == h.part.id {
				h.part.acknowledge(h.offset, h.offset, engine.AckAccept)
			}
		}
	}
	c.delivered = nil
	if !c.collectShare() {
		c.shareFetch()
		return
	}
	c.handAt, c.handFrom, c.started, c.doing = 0, c.generation, c.now, processes
	c.delivered, c.settling = slices.Clone(c.hand), c.cfg.ShareExplicit
	c.crashes(CrashPolled)
}

func (c *Consumer) collectShare() bool {
	c.hand = c.hand[:0]
	for _, p := range c.parts {
		n := min(len(p.shared), int(c.cfg.MaxPollRecords)-len(c.hand))
		if p.paused || n == 0 {
			continue
		}
		for _, f := range p.shared[:n] {
			c.hand = append(c.hand, handed{p, f})
		}
		p.shared = p.shared[n:]
		end := c.hand[len(c.hand)-1].offset + 1
		p.position = max(p.position, end)
		c.fact(Fact{Kind: FactPolled, Topic: p.topic, ID: p.id, Partition: p.index, Offset: c.hand[len(c.hand)-n].offset, End: end, Epoch: c.generation})
	}
	return len(c.hand) > 0
}

// shareFetch asks every leader for records, and takes along what is to be acknowledged
// there.
func (c *Consumer) shareFetch() {
	for _, k := range c.byLeader() {
		s := c.session(k.to)
		cmd := &engine.ShareFetch{Group: c.cfg.GroupID, Member: c.memberID, SessionEpoch: s.epoch, MaxWaitMs: int32(c.cfg.FetchMaxWaitMs),
			MinBytes: int32(c.cfg.FetchMinBytes), MaxBytes: int32(c.cfg.FetchMaxBytes), MaxRecords: int32(c.cfg.MaxPollRecords)}
		var named []*part
		for _, p := range k.parts {
			if s.epoch == 0 {
				p.acks = nil // there is nothing acquired in a new session
			}
			if len(p.acks) > 0 || !names(s.parts, p) {
				named = append(named, p)
				cmd.Parts = append(cmd.Parts, p.takeAcks())
			}
		}
		cmd.Forget, s.gone = s.gone, nil
		for _, p := range s.parts {
			if !names(k.parts, p) {
				cmd.Forget = append(cmd.Forget, engine.OwnedTopic{Topic: p.id, Partitions: []engine.Partition{p.index}})
			}
		}
		s.parts = k.parts
		c.send(call{kind: callShare, to: k.to, parts: named, acks: cmd.Parts}, cmd)
	}
}

// names reports whether a partition is in a list, be it from an earlier assignment.
func names(list []*part, p *part) bool {
	return slices.ContainsFunc(list, func(q *part) bool { return q.id == p.id && q.index == p.index })
}

// renamed: the name of the partition's topic is another topic's now. What was to be
// settled is of the old one, and sessions have to hear of the new one.
func (c *Consumer) renamed(p *part, was engine.TopicID) {
	p.acks, p.shared = nil, nil
	for i := range c.sessions {
		s := &c.sessions[i]
		if at := slices.Index(s.parts, p); at >= 0 {
			s.parts = slices.Delete(slices.Clone(s.parts), at, at+1)
			s.gone = append(slices.Clip(s.gone), engine.OwnedTopic{Topic: was, Partitions: []engine.Partition{p.index}})
		}
	}
}

func (p *part) takeAcks() engine.SharePart {
	acks := p.acks
	p.acks = nil
	return engine.SharePart{Topic: p.id, Partition: p.index, Acks: acks}
}

// byLeader lists the leaders that may be asked now, each with its partitions.
func (c *Consumer) byLeader() (asked []call) {
	for _, p := range c.parts {
		to := p.lead.broker
		if p.gone || !c.reachable(p, to) ||
			slices.ContainsFunc(c.calls, func(k call) bool { return (k.kind == callShare || k.kind == callSettle) && k.to == to }) {
			continue
		}
		at := slices.IndexFunc(asked, func(k call) bool { return k.to == to })
		if at < 0 {
			at = len(asked)
			asked = append(asked, call{to: to})
		}
		asked[at].parts = append(asked[at].parts, p)
	}
	return asked
}

// shared takes the answer to a ShareFetch.
func (c *Consumer) shareFetched(k *call, r *engine.Reply) {
	body, ok := r.Body.(*engine.ShareFetchReply)
	ok = ok && r.Code == engine.None
	c.session(k.to).answered(ok)
	if !ok {
		if !r.Code.Retriable() && r.Code != engine.ShareSessionNotFound && r.Code != engine.UnknownMemberID && r.Code != engine.GroupIDNotFound {
			c.fail(Fact{Code: r.Code})
			return
		}
		for _, p := range k.parts {
			p.retryAt = c.retryAt(&p.failures)
		}
		c.settled(k, func(int) engine.Code { return r.Code })
		return
	}
	c.settled(k, func(i int) engine.Code {
		for j := range body.Parts {
			if got := &body.Parts[j]; got.Topic == k.acks[i].Topic && got.Partition == k.acks[i].Partition {
				return got.AckCode
			}
		}
		return engine.None
	})
	for i := range body.Parts {
		got := &body.Parts[i]
		at := slices.IndexFunc(c.parts, func(p *part) bool { return p.id == got.Topic && p.index == got.Partition })
		switch {
		case at < 0: // not assigned any more: the lock will time out
		case got.Code != engine.None:
			c.partFailed(c.parts[at], got.Code)
		default:
			c.parts[at].failures = 0
			if len(got.Acquired) > 0 && !c.unpack(c.parts[at], got) {
				c.fail(Fact{Code: engine.CorruptMessage, Topic: c.parts[at].topic, Partition: got.Partition})
			}
		}
	}
}

// unpack takes the records that were acquired. Offsets without a record are settled as
// gaps.
func (c *Consumer) unpack(p *part, got *engine.SharedPart) bool {
	var r batch.Record
	runs := got.Acquired
	next := runs[0].First
	gap := func(to engine.Offset) {
		if next <= to {
			p.acknowledge(next, to, engine.AckGap)
		}
		next = to + 1
	}
	endRun := func() {
		gap(runs[0].Last)
		if runs = runs[1:]; len(runs) > 0 {
			next = runs[0].First
		}
	}
	for p.bytes, p.left = got.Records, 0; p.buffered(); {
		if p.left == 0 {
			if !p.open() {
				return false
			}
			continue
		}
		if !p.next(&r) {
			return false
		}
		o := engine.Offset(p.header.BaseOffset) + engine.Offset(r.OffsetDelta)
		for len(runs) > 0 && o > runs[0].Last {
			endRun()
		}
		if len(runs) > 0 && o >= runs[0].First {
			gap(o - 1)
			p.shared = append(p.shared, fetched{id: got.Topic, offset: o, end: o + 1, key: r.Key, value: r.Value, deliveries: runs[0].Deliveries})
			next = o + 1
		}
	}
	for len(runs) > 0 {
		endRun()
	}
	return true
}

// settle sends the acknowledgements of explicit mode (commitSync), and reports whether
// there is an answer to wait for. With close the sessions end.
func (c *Consumer) settle(end bool) bool {
	for i := range c.sessions {
		s := &c.sessions[i]
		k := call{kind: callSettle, to: s.broker}
		for _, p := range s.parts {
			if len(p.acks) > 0 {
				k.parts = append(k.parts, p)
				k.acks = append(k.acks, p.takeAcks())
			}
		}
		if s.epoch == 0 || len(k.acks) == 0 && !end {
			continue
		}
		cmd := &engine.ShareAcknowledge{Group: c.cfg.GroupID, Member: c.memberID, SessionEpoch: s.epoch, Parts: k.acks}
		if end {
			cmd.SessionEpoch, s.epoch = -1, 0
		}
		c.send(k, cmd)
	}
	return c.waiting(callSettle)
}

// acknowledged takes the answer to a ShareAcknowledge.
func (c *Consumer) acknowledged(k *call, r *engine.Reply) {
	body, ok := r.Body.(*engine.ShareAcknowledgeReply)
	if s := c.session(k.to); s.epoch > 0 {
		s.answered(r.Code == engine.None)
	}
	c.settled(k, func(i int) engine.Code {
		if r.Code == engine.None && ok && i < len(body.Codes) {
			return body.Codes[i]
		}
		return r.Code
	})
}

// settled tells how the acknowledgements of a request fared: InvalidRecordState says
// that the lock was lost.
func (c *Consumer) settled(k *call, code func(i int) engine.Code) {
	for i, p := range k.parts {
		for _, a := range k.acks[i].Acks {
			if a.Types[0] == engine.AckGap {
				continue
			}
			c.fact(Fact{Kind: FactAcknowledged, Code: code(i), Topic: p.topic, ID: p.id, Partition: p.index,
				Offset: a.First, End: a.Last + 1, Epoch: int32(a.Types[0])})
		}
	}
}

// settleProcessed acknowledges what the application has processed, in explicit mode.
func (c *Consumer) settleProcessed() {
	t := engine.AckType(c.cfg.App.Acknowledge)
	for i := range c.delivered {
		if h := &c.delivered[i]; t != engine.AckGap && !h.part.revoked && h.id == h.part.id {
			h.part.acknowledge(h.offset, h.offset, t)
		}
	}
	c.delivered, c.settling = nil, false
	if !c.crashes(CrashWritten) && c.settle(false) {
		c.doing = settles
		c.crashes(CrashCommitting)
	}
}
