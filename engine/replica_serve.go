package engine

import (
	"slices"

	"partita/engine/batch"
)

// defaultProduceTimeoutMs stands for Produce.TimeoutMs 0 (request.timeout.ms of clients).
const defaultProduceTimeoutMs = 30_000

// acting is the replica that serves the command at hand as the partition's leader, or
// why none does.
func (e *Engine) acting(p *partition) (*replica, Code) {
	r := p.rep.main
	if e.serving == 0 {
		if reg := p.rep.reg(); r.lead == nil || reg.leader != r.broker || !e.brokerAt(r.broker).runs() {
			switch b := e.brokerAt(reg.leader); {
			case b != nil && !b.up():
				return nil, NetworkException
			case b == nil || r.lead == nil:
				return nil, LeaderNotAvailable
			}
		}
		return r, None
	}
	r = p.rep.at(e.serving)
	if r == nil || r.lead == nil {
		if p.rep.known(e.brokerAt(e.serving)) == nil {
			return nil, UnknownTopicOrPartition
		}
		return nil, NotLeaderOrFollower
	}
	return r, None
}

// appendLate appends for a leader that has been replaced and does not know it: to its own
// tail.
func (e *Engine) appendLate(from Session, p *partition, r *replica, bytes []byte, h *batch.Header) (Offset, Time, Code) {
	if r.tail == nil {
		r.tail = &log{start: r.leo, end: r.leo, cleaned: r.leo}
	}
	main, rest, epoch := p.rep.main, p.log, p.epoch
	p.rep.main, p.log, p.epoch = r, *r.tail, r.epoch
	base, at, code := e.append(from, p, bytes, h)
	*r.tail = p.log
	p.rep.main, p.log, p.epoch = main, rest, epoch
	if h.ProducerID >= 0 {
		p.rebuildProducers() // they are the other leader's
	}
	return base, at, code
}

// awaitProduce holds back the reply to an acks=all produce until all in-sync replicas
// have its records. False: they have.
func (e *Engine) awaitProduce(from Session, tok Token, c *Produce, base Offset, at Time) bool {
	p := e.topics[c.Topic].partitions[c.Partition]
	if p.rep == nil {
		return false
	}
	r, _ := e.acting(p)
	h, _ := batch.Parse(c.Batch)
	end := base + Offset(h.LastOffsetDelta) + 1
	if end <= r.hw {
		return false
	}
	ms := int64(c.TimeoutMs)
	if ms <= 0 {
		ms = defaultProduceTimeoutMs
	}
	e.await(p, r, waiter{end: end, reply: Reply{To: from, Token: tok, Offset: base, At: at, ThrottleMs: e.throttleMs}}, ms)
	return true
}

// source is the replica that a consumer's fetch is to read from: the leader, or, when
// the client says which epoch or rack it goes by, a follower too (KIP-392). Nil: the only
// one.
func (e *Engine) source(p *partition, f *FetchPart, rack string) (*replica, Code) {
	if p.rep != nil && e.serving != 0 && (rack != "" || f.CheckEpoch) {
		if r := p.rep.at(e.serving); r != nil && r.epoch >= 0 {
			return r, f.check(r.epoch)
		}
	}
	return e.actingFor(p, f)
}

// actingFor is acting for a client that may know a leader epoch; the replica is nil when
// it is the only one.
func (e *Engine) actingFor(p *partition, f *FetchPart) (*replica, Code) {
	if p.rep == nil {
		if e.serving != 0 && e.serving != p.home {
			return nil, NotLeaderOrFollower
		}
		return nil, f.check(0)
	}
	r, code := e.acting(p)
	if code == None {
		code = f.check(r.epoch)
	}
	return r, code
}

// check compares the leader epoch that a client knows with the broker's (KIP-320).
func (f *FetchPart) check(epoch int32) Code {
	switch {
	case planted == bugLeaderEpoch:
	case f.CheckEpoch && f.LeaderEpoch < epoch:
		return FencedLeaderEpoch
	case f.CheckEpoch && f.LeaderEpoch > epoch:
		return UnknownLeaderEpoch
	}
	return None
}

// preferred is the follower that a consumer in a rack should read from: in sync, in the
// same rack, with the offset, and of those the one that has most; 0 when that is the
// leader itself, or nobody (KIP-392, RackAwareReplicaSelector).
func (e *Engine) preferred(p *partition, r *replica, rack string, offset Offset) int32 {
	if r.lead == nil || e.broker.value[brkReplicaSelector] == 0 || e.brokerAt(r.broker).rack == rack {
		return 0
	}
	best, leo := int32(0), Offset(-1)
	for i := range r.lead.followers {
		f := &r.lead.followers[i]
		b := e.brokerAt(f.broker)
		if b.rack == rack && !b.fenced && slices.Contains(r.lead.isr, b.id) && f.leo >= offset && f.leo > leo {
			best, leo = b.id, f.leo
		}
	}
	return best
}

// readReplica reads from a replica's log, or from that of the only one. The end is at
// most its high watermark.
func (p *partition) readReplica(r *replica, o, end Offset, limit int64) ([]byte, Offset) {
	if r != nil && r.tail != nil && o >= r.tail.start {
		return r.tail.read(o, end, limit)
	}
	return p.log.read(o, end, limit)
}

// tellLeader adds to a refused fetch who leads, as far as the broker knows (KIP-951).
func (e *Engine) tellLeader(p *partition, part *FetchedPart) {
	if p.rep == nil {
		return
	}
	reg := p.rep.reg()
	if e.serving != 0 {
		reg = p.rep.known(e.brokerAt(e.serving))
	}
	if reg != nil && reg.leader >= 0 && (part.Code == NotLeaderOrFollower || part.Code == FencedLeaderEpoch) {
		part.Leader, part.LeaderEpoch = reg.leader, reg.epoch
	}
}
