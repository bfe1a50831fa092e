package engine

import "slices"

// log is a run of record batches: a partition's, or what one replica has for itself.
type log struct {
	start    Offset // log start offset
	end      Offset // log end offset
	cleaned  Offset // the first offset that compaction has not seen
	bytes    int64  // in all segments
	segments []*segment
}

// replication is what a partition has beyond one log, when it has several replicas or
// its broker was ever down.
//
// There is one copy of the bytes. The partition's own log is that of main, the replica
// that became leader last. Every other replica's is the same up to where its own tail
// begins, or, without a tail, up to its log end offset. A replica gets a tail when
// another with less, or something else, becomes leader; it loses it by truncation.
type replication struct {
	regs     []*registration // what the controller decided; as old as some broker still needs
	replicas []*replica      // in no order that means anything
	main     *replica
	lossy    bool // an unclean election or a power failure took records that may have been committed
}

// replica is one broker's copy of a partition.
type replica struct {
	broker int32
	leo    Offset // log end offset
	hw     Offset // high watermark, as this broker knows it
	start  Offset // log start offset
	epochs epochCache
	tail   *log   // nil: none
	cuts   uint32 // how often it was truncated

	epoch  int32       // leader epoch that its broker knows; -1 after a start
	leader int32       // whom it takes for the leader, -1 for none
	lead   *leadership // it acts as leader
	fetch  replicaFetch
}

// reg is the partition's registration now.
func (rep *replication) reg() *registration { return rep.regs[len(rep.regs)-1] }

// at is the replica of a broker, nil when it has none.
func (rep *replication) at(broker int32) *replica {
	for _, r := range rep.replicas {
		if r.broker == broker {
			return r
		}
	}
	return nil
}

// led: the broker acts as the partition's leader.
func (rep *replication) led(broker int32) bool {
	r := rep.at(broker)
	return r != nil && r.lead != nil
}

// replication gives what it has, making it for a partition that did not need it so far.
func (p *partition) replication() *replication {
	if p.rep == nil {
		only := []int32{p.home}
		r := &replica{broker: p.home, leo: p.end, hw: p.end, start: p.start, leader: p.home,
			epochs: epochCache{{0, p.start}}, lead: &leadership{isr: only}}
		p.rep = &replication{regs: []*registration{{leader: p.home, replicas: only, isr: only}},
			replicas: []*replica{r}, main: r}
	}
	return p.rep
}

// place gives a new partition its replicas. Those whose brokers are there are in sync;
// the first of these is to lead.
func (e *Engine) place(p *partition, replicas []int32) {
	reg := &registration{leader: -1, replicas: replicas, isr: e.filter(replicas)}
	if e.eligible(reg.isr[0]) {
		reg.leader = reg.isr[0]
	}
	e.emitRegistered(p, reg, ElectedClean)
	e.register(p, reg)
}

// register gives a new partition what was decided about it.
func (e *Engine) register(p *partition, reg *registration) {
	p.home = reg.replicas[0]
	if len(reg.replicas) == 1 && reg.leader == p.home && e.brokerAt(p.home).up() {
		return
	}
	p.rep = &replication{regs: []*registration{reg}}
	for _, id := range reg.replicas {
		p.rep.replicas = append(p.rep.replicas, &replica{broker: id, epoch: -1, leader: -1})
	}
	p.rep.main = p.rep.replicas[0]
	p.epoch = -1
	reg.seq = e.record(metadataRecord{topic: p.topic.id, partition: p.index})
}

// eachPartition visits all partitions, by topic and index.
func (e *Engine) eachPartition(visit func(p *partition)) {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			visit(p)
		}
	}
}

// eachHosted visits the partitions that have a replica on a broker.
func (e *Engine) eachHosted(broker int32, visit func(p *partition)) {
	e.eachPartition(func(p *partition) {
		if p.rep == nil && p.home == broker || p.rep != nil && slices.Contains(p.rep.reg().replicas, broker) {
			visit(p)
		}
	})
}

// eachReplica visits the logs that a broker has.
func (e *Engine) eachReplica(broker int32, visit func(p *partition, r *replica)) {
	e.eachPartition(func(p *partition) {
		if p.rep == nil && p.home != broker {
			return
		}
		if r := p.replication().at(broker); r != nil {
			visit(p, r)
		}
	})
}

// learnPartition lets a broker act on what it knows of a partition now.
func (e *Engine) learnPartition(b *broker, p *partition) {
	if p.rep == nil {
		return
	}
	reg, r := p.rep.known(b), p.rep.at(b.id)
	switch {
	case reg == nil:
	case !slices.Contains(reg.replicas, b.id):
		if r != nil {
			e.dropReplica(p, r)
		}
	case r == nil:
		r = &replica{broker: b.id, epoch: -1}
		p.rep.replicas = append(p.rep.replicas, r)
		fallthrough
	case reg.epoch > r.epoch:
		r.epoch, r.leader = reg.epoch, reg.leader
		if reg.leader == b.id {
			e.lead(p, r, reg)
		} else {
			e.stopReplica(p, r, NotLeaderOrFollower)
			r.epoch, r.leader = reg.epoch, reg.leader
			e.fetchNow(p, r)
		}
	case r.lead != nil:
		e.relead(p, r, reg)
	}
}

// stopReplica ends what a replica does, answering whom it keeps waiting. It has to learn
// its role anew.
func (e *Engine) stopReplica(p *partition, r *replica, code Code) {
	r.fetch = replicaFetch{serial: r.fetch.serial + 1}
	r.epoch, r.leader = -1, -1
	if l := r.lead; l != nil {
		r.lead = nil
		e.failWaiters(l, code)
		if p.waiting > 0 {
			e.wakeFetches(p.topic.id, p.index)
		}
		if p.topic.internal && r == p.rep.main {
			if code == NotLeaderOrFollower {
				code = NotCoordinator
			}
			e.unloadPartition(p, code)
		}
	}
}

// dropReplica deletes a log that was moved elsewhere.
func (e *Engine) dropReplica(p *partition, r *replica) {
	e.stopReplica(p, r, NotLeaderOrFollower)
	p.rep.replicas = slices.DeleteFunc(p.rep.replicas, func(o *replica) bool { return o == r })
}

// shared is where a replica's log ceases to be the partition's.
func (r *replica) shared() Offset {
	if r.tail != nil {
		return r.tail.start
	}
	return r.leo
}

// takeOver makes r's log the partition's own. What others have beyond it they keep for
// themselves.
func (p *partition) takeOver(r *replica) {
	cut := r.shared()
	for _, o := range p.rep.replicas {
		if shared := o.shared(); o != r && shared > cut {
			t := &log{start: cut, end: cut, cleaned: cut}
			t.take(&p.log, cut, shared)
			if o.tail != nil {
				t.take(o.tail, shared, o.leo)
			}
			o.tail, o.start = t, max(o.start, min(p.start, o.leo))
			o.hw = max(o.hw, o.start)
		}
	}
	other := cut < p.end || r.tail != nil
	p.log.truncate(cut)
	if r.tail != nil {
		if r.start > cut { // nothing that they share is left
			p.log = log{start: r.start, end: r.start, cleaned: r.start}
		}
		p.log.take(r.tail, cut, r.leo)
		r.tail = nil
	}
	p.rep.main = r
	if other && planted != bugStaleProducers {
		p.rebuildProducers()
	}
}

// truncateReplica cuts a replica's log at an offset. Even where there is nothing to cut,
// an epoch without records goes.
func (e *Engine) truncateReplica(p *partition, r *replica, to Offset, why Code) {
	was := r.leo
	to = min(to, was)
	r.epochs = r.epochs.cutEnd(to)
	if to == was || planted == bugNotTruncated {
		return
	}
	switch {
	case r.tail == nil:
	case to <= r.tail.start:
		r.tail = nil
	default:
		r.tail.truncate(to)
	}
	r.leo, r.hw, r.start = to, min(r.hw, to), min(r.start, to)
	r.cuts++
	e.emit(Event{Kind: KindTruncated, Code: why, Topic: p.topic.id, Partition: p.index, Epoch: r.epochs.latest(),
		Offset: to, End: was, Aux: int64(r.broker)})
}

// unsyncedMs is how long a record may be in memory only where flush.ms does not say less:
// a broker leaves it to the operating system when the disk gets it.
const unsyncedMs = 5_000

// loseUnsynced takes away what a machine without power had not written to its disk.
func (e *Engine) loseUnsynced(b *broker) {
	e.eachReplica(b.id, func(p *partition, r *replica) {
		to, c := r.leo, &p.config().value
		since := int64(e.now) - min(unsyncedMs, c[setFlushMs])
		least := to - Offset(c[setFlushMessages]-1) // more are never unsynced
		if r.tail != nil {
			to = r.tail.unsynced(to, least, since)
		}
		if to <= r.shared() {
			to = p.log.unsynced(to, least, since)
		}
		if r == p.rep.main {
			r.start = max(r.start, p.start)
		}
		p.rep.lossy = p.rep.lossy || to < r.leo
		e.truncateReplica(p, r, max(to, r.start), KafkaStorageError) // the log start is on the disk
	})
}

// unsynced is the offset, up to end and not before least, from which on batches are
// younger than a time.
func (l *log) unsynced(end, least Offset, since int64) Offset {
	for i := len(l.segments) - 1; i >= 0; i-- {
		s := l.segments[i]
		for n := s.find(end); n > 0; n-- {
			if s.batches[n-1].maxTime <= since || s.offset(n-1) < least {
				return end
			}
			end = s.offset(n - 1)
		}
	}
	return end
}

// truncate drops what begins at or after an offset. Segments are replaced, not written
// to: snapshots may share them.
func (l *log) truncate(to Offset) {
	if to >= l.end {
		return
	}
	n := len(l.segments)
	for n > 0 && l.segments[n-1].base >= to {
		n--
		l.bytes -= int64(len(l.segments[n].data))
	}
	l.segments = append([]*segment(nil), l.segments[:n]...)
	if n > 0 {
		s := l.segments[n-1]
		l.bytes -= int64(len(s.data))
		s = s.part(0, s.find(to))
		l.bytes += int64(len(s.data))
		l.segments[n-1] = s
	}
	l.end, l.cleaned = to, min(l.cleaned, to)
	l.start = min(l.start, to)
}

// take appends the batches from..to of another log, without copying their bytes.
func (l *log) take(other *log, from, to Offset) {
	for i := other.segmentAt(from); i < len(other.segments); i++ {
		s := other.segments[i]
		if a, b := s.find(from), s.find(to); a < b {
			s = s.part(a, b)
			l.segments = append(l.segments, s)
			l.bytes += int64(len(s.data))
		}
	}
	l.end = to
}

// offset is where batch i of a segment begins.
func (s *segment) offset(i int) Offset {
	if i == 0 {
		return s.base
	}
	return s.batches[i-1].last + 1
}

// part is a segment of batches a to b, with the same bytes.
func (s *segment) part(a, b int) *segment {
	lo, hi := s.end(a), s.end(b)
	n := *s
	n.base, n.before, n.maxTime = s.offset(a), s.before+int64(lo), -1
	n.data, n.batches = s.data[lo:hi:hi], append([]batchEntry(nil), s.batches[a:b]...)
	for i := range n.batches {
		n.batches[i].pos -= lo
		n.maxTime = max(n.maxTime, n.batches[i].maxTime)
	}
	return &n
}

// brokerList is "101,102".
func brokerList(ids []int32) []byte {
	var b []byte
	for i, id := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, byte('0'+id/100), byte('0'+id/10%10), byte('0'+id%10))
	}
	return b
}
