package engine

import (
	"maps"
	"slices"
)

// Snapshot is the whole state of an Engine at one instant. It does not change, and any
// number of engines can be restored from it.
type Snapshot struct{ state *Engine }

// Snapshot captures the state. Take it after Advance: what Ready holds is not part of
// it. It shares the bytes of the logs, which are written once, and costs about as much
// as the rest of the state is large.
func (e *Engine) Snapshot() *Snapshot { return &Snapshot{e.copy()} }

// Restore makes the engine what it was when the snapshot was taken, its digest, its
// random numbers and its timers included. The snapshot may come from another engine.
func (e *Engine) Restore(s *Snapshot) { *e = *s.state.copy() }

// copy is a deep copy, field by field: plain values come along with the struct, what
// the copy must not share is named here. TestSnapshotCopiesEveryField knows every field
// of the state that holds a reference, and fails when a new one is not decided on.
func (e *Engine) copy() *Engine {
	c := *e
	c.timers.heap = slices.Clone(e.timers.heap)
	c.topicByName = maps.Clone(e.topicByName)
	c.groupByName = maps.Clone(e.groupByName)
	c.broker.own = slices.Clone(e.broker.own)
	c.broker.texts = lent(e.broker.texts)
	c.acls = slices.Clone(e.acls)
	c.quotas = make([]*Quota, len(e.quotas))
	for i, q := range e.quotas {
		one := *q
		c.quotas[i] = &one
	}
	c.callers = make([]*caller, len(e.callers))
	for i, p := range e.callers {
		one := *p
		one.held = slices.Clone(p.held)
		c.callers[i] = &one
	}
	c.rates = make([]*rate, len(e.rates))
	for i, r := range e.rates {
		c.rates[i] = &rate{r.key, slices.Clone(r.windows)}
	}
	c.memberNames = lent(e.memberNames)
	c.parked = slices.Clone(e.parked)
	for i := range c.parked {
		c.parked[i].cmd.Into = nil
	}
	c.metadata = lent(e.metadata)
	c.brokers = slices.Clone(e.brokers)
	for i := range c.brokers {
		c.brokers[i].held = slices.Clone(e.brokers[i].held)
		c.brokers[i].late = slices.Clone(e.brokers[i].late)
	}
	c.parkedShares = slices.Clone(e.parkedShares)
	c.waitingShares = slices.Clone(e.waitingShares)
	c.shareSessions = make([]*shareSession, len(e.shareSessions))
	for i, s := range e.shareSessions {
		session := *s
		c.shareSessions[i] = &session
	}
	c.groupSettings = make([]*groupSettings, len(e.groupSettings))
	for i, s := range e.groupSettings {
		settings := *s
		c.groupSettings[i] = &settings
	}
	c.writer, c.scratch, c.ready = recordWriter{}, nil, Ready{} // buffers

	c.topics = make([]*topic, len(e.topics))
	for i, t := range e.topics {
		if t != nil {
			c.topics[i] = t.copy()
		}
	}
	c.txnByName = maps.Clone(e.txnByName)
	c.deferred = slices.Clone(e.deferred)
	c.txns = make([]*txn, len(e.txns))
	for i, x := range e.txns {
		if x != nil {
			one := *x
			one.partitions, one.markers, one.written = slices.Clone(x.partitions), slices.Clone(x.markers), slices.Clone(x.written)
			c.txns[i] = &one
		}
	}
	c.groups = make([]*group, len(e.groups))
	for i, g := range e.groups {
		if g != nil {
			c.groups[i] = g.copy(&c)
		}
	}
	return &c
}

// lent shares a list that is only ever appended to: whoever appends to either copy
// next to the other's elements gets an array of its own.
func lent[T any](list []T) []T { return list[:len(list):len(list)] }

func (t *topic) copy() *topic {
	c := *t
	partitions := make([]partition, len(t.partitions))
	c.partitions = make([]*partition, len(t.partitions))
	for i, p := range t.partitions {
		p.copyTo(&partitions[i])
		partitions[i].topic = &c
		c.partitions[i] = &partitions[i]
	}
	return &c
}

// copyTo copies a partition with its replicas.
func (p *partition) copyTo(c *partition) {
	*c = *p
	p.log.copyTo(&c.log)
	c.producers.list = slices.Clone(p.producers.list)
	c.producers.open = slices.Clone(p.producers.open)
	c.producers.decided = slices.Clone(p.producers.decided)
	c.producers.aborted = slices.Clone(p.producers.aborted)
	if p.rep == nil {
		return
	}
	c.rep = &replication{lossy: p.rep.lossy, regs: lent(p.rep.regs), replicas: make([]*replica, len(p.rep.replicas))}
	for i, r := range p.rep.replicas {
		c.rep.replicas[i] = r.copy()
		if r == p.rep.main {
			c.rep.main = c.rep.replicas[i]
		}
	}
	if c.rep.main == nil { // it was moved elsewhere, and the next leader does not know yet
		c.rep.main = p.rep.main.copy()
	}
}

func (r *replica) copy() *replica {
	c := *r
	if r.tail != nil {
		c.tail = new(log)
		r.tail.copyTo(c.tail)
	}
	if r.lead != nil {
		lead := *r.lead
		lead.followers, lead.waiting = slices.Clone(lead.followers), slices.Clone(lead.waiting)
		c.lead = &lead
	}
	return &c
}

// copyTo shares all segments but the active one, the only one that is written to.
// Whoever has to change another one (truncation) must put a copy in its place first.
func (l *log) copyTo(c *log) {
	*c = *l
	c.segments = slices.Clone(l.segments)
	if n := len(c.segments); n > 0 {
		c.segments[n-1] = c.segments[n-1].copy()
	}
}

func (s *segment) copy() *segment {
	c := *s
	c.data, c.batches = lent(s.data), lent(s.batches)
	return &c
}

// copy copies a group for the engine to, whose topics are already there.
func (g *group) copy(to *Engine) *group {
	c := *g
	c.log = to.partitionAt(g.log.topic.id, g.log.index)
	c.votes = slices.Clone(g.votes)
	c.owner = maps.Clone(g.owner)
	c.shares = make([]*sharePartition, len(g.shares))
	for i, sp := range g.shares {
		shares := *sp
		shares.records = slices.Clone(sp.records)
		c.shares[i] = &shares
	}
	c.pending = slices.Clone(g.pending)
	c.offsets = make([]*topicOffsets, len(g.offsets))
	for i, o := range g.offsets {
		c.offsets[i] = &topicOffsets{name: o.name, partitions: slices.Clone(o.partitions)}
	}
	c.byName = make(map[string]*member, len(g.byName))
	c.byInstance = make(map[string]*member, len(g.byInstance))
	for _, name := range slices.Sorted(maps.Keys(g.byName)) {
		c.byName[name] = g.byName[name].copy()
	}
	c.members = make([]*member, len(g.members))
	for i, m := range g.members {
		c.members[i] = c.byName[m.name]
		if m.instance != "" {
			c.byInstance[m.instance] = c.members[i]
		}
	}
	if g.leader != nil {
		c.leader = c.byName[g.leader.name]
	}
	return &c
}

func (m *member) copy() *member {
	c := *m
	c.protocols = slices.Clone(m.protocols) // written over when the member joins again
	return &c
}

// Rough sizes in bytes, of what a state has many of.
const (
	partitionBytes = 200
	segmentBytes   = 8
	timerBytes     = 48
	memberBytes    = 300
)

// Size is about what the snapshot takes by itself, in bytes, without the logs that it
// shares.
func (s *Snapshot) Size() int64 {
	e := s.state
	n := int64(len(e.timers.heap))*timerBytes + 500
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		n += partitionBytes * int64(len(t.partitions))
		for _, p := range t.partitions {
			n += segmentBytes * int64(len(p.segments))
		}
	}
	for _, g := range e.groups {
		if g != nil {
			n += memberBytes * int64(len(g.members)+len(g.offsets)+1)
		}
	}
	return n
}

// Held is about how many bytes of the logs the snapshot holds and the engine e does not:
// what would be freed with it.
func (s *Snapshot) Held(e *Engine) int64 {
	n := int64(0)
	for id, t := range s.state.topics {
		if t == nil {
			continue
		}
		for i, p := range t.partitions {
			live := e.partitionAt(TopicID(id), Partition(i))
			if live != nil && live.start == p.start && live.end >= p.end {
				continue
			}
			for _, part := range p.segments {
				if live == nil || part.base < live.start || part.base >= live.end {
					n += int64(len(part.data))
				}
			}
		}
	}
	return n
}
