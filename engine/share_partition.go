package engine

import "partita/engine/batch"

// ShareState is the state of a record in a share group. The numbers are those of Kafka's
// share state records.
type ShareState int8

// The states.
const (
	ShareAvailable    ShareState = iota // may be given out
	ShareAcquired                       // a member has it, for as long as its lock lasts
	ShareAcknowledged                   // processed
	_
	ShareArchived // never given out again: rejected, no record there, or delivered too often
)

// sharePartition is what a share group knows of one partition: its in-flight records,
// from the share-partition start offset (SPSO) to its end offset (SPEO). What lies before
// is done with, what lies after has not been given out yet.
type sharePartition struct {
	at          place
	start       Offset // SPSO
	records     []shareRecord
	leaderEpoch int32 // of the partition, when the state was last used
	// Of its records in the share state topic.
	snapshots  int32 // how many snapshots were written
	updates    int32 // since the last one
	snapshotAt Offset
	dirty      bool // something could not be written
}

type shareRecord struct {
	state      ShareState
	deliveries int16
	member     MemberID // who acquired it
	due        Time     // when its lock ends
}

// end is the offset after the last in-flight record.
func (sp *sharePartition) end() Offset { return sp.start + Offset(len(sp.records)) }

// next is the first offset that may be given out: one that is available, or the end.
func (sp *sharePartition) next() Offset {
	for i := range sp.records {
		if sp.records[i].state == ShareAvailable {
			return sp.start + Offset(i)
		}
	}
	return sp.end()
}

// runs calls visit for every longest run of offsets in [from, to) that are equal to each
// other, as far as same tells.
func (sp *sharePartition) runs(from, to Offset, same func(a, b *shareRecord) bool, visit func(first, end Offset, r *shareRecord)) {
	from, to = max(from, sp.start), min(to, sp.end())
	for from < to {
		r := &sp.records[from-sp.start]
		end := from + 1
		for end < to && same(r, &sp.records[end-sp.start]) {
			end++
		}
		visit(from, end, r)
		from = end
	}
}

func sameState(a, b *shareRecord) bool { return a.state == b.state && a.deliveries == b.deliveries }

func sameShare(a, b *shareRecord) bool { return *a == *b }

// shareOf gives the state of a partition in a share group. It begins where
// share.auto.offset.reset says, when the partition is first fetched.
func (e *Engine) shareOf(g *group, at place, p *partition) *sharePartition {
	i := 0
	for i < len(g.shares) && g.shares[i].at < at {
		i++
	}
	if i == len(g.shares) || g.shares[i].at != at {
		sp := &sharePartition{at: at, start: p.highWatermark(), leaderEpoch: p.epoch}
		if e.groupSetting(g.name, grpShareReset) == resetEarliest {
			sp.start = p.start
		}
		g.shares = InsertAt(g.shares, i, sp)
		e.emitShare(KindShareStart, g, sp, 0, -1, sp.start, 0)
		e.writeShare(g, sp, sp.start, sp.start)
	}
	sp := g.shares[i]
	if epoch := p.epoch; epoch != sp.leaderEpoch { // a new leader knows of no locks
		sp.leaderEpoch = epoch
		if n := max(p.end-sp.start, 0); int(n) < len(sp.records) { // and may have fewer records
			sp.records = append(sp.records[:0:0], sp.records[:n]...)
		}
		sp.start = min(sp.start, p.end)
		e.release(g, sp, 0, ShareAvailable)
	}
	if p.start > sp.start { // retention has taken records away
		e.moveShareStart(g, sp, p.start)
		e.writeShare(g, sp, sp.start, sp.start)
	}
	return sp
}

// moveShareStart moves the start offset to least, and past what is done with.
func (e *Engine) moveShareStart(g *group, sp *sharePartition, least Offset) {
	was, n := sp.start, int(max(least-sp.start, 0))
	for n < len(sp.records) && sp.records[n].state >= ShareAcknowledged {
		n++
	}
	if n == 0 {
		return
	}
	sp.records = append(sp.records[:0:0], sp.records[min(n, len(sp.records)):]...)
	sp.start += Offset(n)
	e.emitShare(KindShareStart, g, sp, 0, was, sp.start, 0)
}

// acquire gives records to a member: those of the batches that are available, up to most
// of them, or to the end of the batch in which that many are reached, as far as
// group.share.partition.max.record.locks allows. It returns how many bytes of the batches
// are needed, and what was acquired.
func (e *Engine) acquire(g *group, sp *sharePartition, m MemberID, batches []byte, most int32, gone func(h *batch.Header) bool) (int, []Acquired) {
	size, taken, started := 0, int32(0), sp.next()
	limit := int(e.broker.value[brkShareLocks])
	due := e.now + Time(e.groupSetting(g.name, grpShareLockMs))
	end, hidden, next := started, false, started
	for taken < most && size < len(batches) {
		h, err := batch.Parse(batches[size:])
		first, last := max(Offset(h.BaseOffset), started), Offset(h.LastOffset())
		if err != nil {
			break
		}
		for ; next < min(first, sp.end()); next++ { // compaction has taken these since they were given out
			if r := &sp.records[next-sp.start]; r.state == ShareAvailable {
				r.state, hidden = ShareArchived, true
			}
		}
		if first >= sp.end() && len(sp.records) >= limit {
			break
		}
		size += h.Size()
		next = last + 1
		fresh := last >= sp.end()
		for sp.end() <= last && len(sp.records) < limit {
			r := shareRecord{}
			if o := sp.end(); o < first || gone(&h) { // nothing there, or nothing for members
				r.state = ShareArchived
				hidden = true
			}
			sp.records = append(sp.records, r)
		}
		for end = first; end <= last && end < sp.end() && (fresh || taken < most); end++ {
			if r := &sp.records[end-sp.start]; r.state == ShareAvailable || planted == bugSharedTwice && r.state == ShareAcquired {
				*r = shareRecord{ShareAcquired, r.deliveries + 1, m, due}
				taken++
			}
		}
	}
	var list []Acquired
	sp.runs(started, end, sameShare, func(first, end Offset, r *shareRecord) {
		if r.state == ShareAcquired && r.member == m && r.due == due {
			list = append(list, Acquired{first, end - 1, r.deliveries})
			e.emitShare(KindShareAcquired, g, sp, m, first, end, int64(r.deliveries))
		}
	})
	if hidden {
		e.moveShareStart(g, sp, sp.start)
		e.writeShare(g, sp, started, end)
	}
	if taken > 0 {
		e.timers.set(timer{at: due, kind: timerShareLock, owner: uint32(g.id), key: uint32(sp.at.topic()), epoch: uint64(sp.at.partition())})
	}
	return size, list
}

//go:noinline
func (e *Engine) emitShare(kind Kind, g *group, sp *sharePartition, m MemberID, first, end Offset, aux int64) {
	e.emit(Event{Kind: kind, Group: g.id, Member: m, Topic: sp.at.topic(), Partition: sp.at.partition(), Offset: first, End: end, Aux: aux})
}

// acknowledge settles records that a member has acquired, all of them or none.
func (e *Engine) acknowledge(g *group, sp *sharePartition, m MemberID, acks []ShareAck) Code {
	for i := range acks {
		a := &acks[i]
		if len(a.Types) == 0 || a.First > a.Last || len(a.Types) > 1 && Offset(len(a.Types)) != a.Last-a.First+1 || i > 0 && a.First <= acks[i-1].Last {
			return InvalidRequest
		}
		for _, t := range a.Types {
			if t < AckGap || t > AckReject {
				return InvalidRequest
			}
		}
		if a.Last >= sp.end() {
			return InvalidRequest
		}
		for o := max(a.First, sp.start); o <= a.Last; o++ { // what lies before is done with anyway
			if r := &sp.records[o-sp.start]; r.state != ShareAcquired || r.member != m {
				return InvalidRecordState
			}
		}
	}
	for i := range acks {
		a := &acks[i]
		for o := max(a.First, sp.start); o <= a.Last; {
			t, end := a.typeAt(o), o+1
			for end <= a.Last && a.typeAt(end) == t {
				end++
			}
			e.emitShare(KindShareAcknowledged, g, sp, m, o, end, int64(t))
			e.settleShared(g, sp, o, end, m, [...]ShareState{ShareArchived, ShareAcknowledged, ShareAvailable, ShareArchived}[t])
			o = end
		}
	}
	if len(acks) > 0 {
		e.stored(g, sp, acks[0].First, acks[len(acks)-1].Last+1)
	}
	return None
}

func (a *ShareAck) typeAt(o Offset) AckType {
	if len(a.Types) == 1 {
		return a.Types[0]
	}
	return a.Types[o-a.First]
}

// settleShared takes acquired records of a member (0 for anyone) from it. One that was
// given out as often as group.share.delivery.count.limit allows does not become
// available again.
func (e *Engine) settleShared(g *group, sp *sharePartition, from, to Offset, m MemberID, state ShareState) {
	sp.runs(from, to, sameShare, func(first, end Offset, r *shareRecord) {
		if r.state != ShareAcquired || m != 0 && r.member != m {
			return
		}
		state := state
		if state == ShareAvailable && int64(r.deliveries) >= e.broker.value[brkShareDeliveries] {
			state = ShareArchived
			e.emitShare(KindShareArchived, g, sp, r.member, first, end, int64(r.deliveries))
		}
		for o := first; o < end; o++ {
			r := &sp.records[o-sp.start]
			*r = shareRecord{state: state, deliveries: r.deliveries}
		}
	})
}

// stored writes what has changed, moves the start offset past what is done with, and
// lets those in that wait for records.
func (e *Engine) stored(g *group, sp *sharePartition, from, to Offset) {
	e.moveShareStart(g, sp, sp.start)
	e.writeShare(g, sp, from, to)
	e.wakeShares(sp.at.topic(), sp.at.partition())
}

// release gives back what a member (0 for anyone) has acquired: its session ends, and
// the records count as not delivered.
func (e *Engine) release(g *group, sp *sharePartition, m MemberID, state ShareState) {
	any := false
	sp.runs(sp.start, sp.end(), sameShare, func(first, end Offset, r *shareRecord) {
		if r.state != ShareAcquired || m != 0 && r.member != m {
			return
		}
		any = true
		e.emitShare(KindShareReleased, g, sp, r.member, first, end, int64(r.deliveries-1))
		for o := first; o < end; o++ {
			r := &sp.records[o-sp.start]
			*r = shareRecord{state: state, deliveries: r.deliveries - 1}
		}
	})
	if any {
		e.stored(g, sp, sp.start, sp.end())
	}
}

// shareLockTimer looks at the locks of a partition, which its leader keeps: a paused one
// does so later, and with one that has ended they are gone.
func (e *Engine) shareLockTimer(t timer) {
	at := placeOf(TopicID(t.key), Partition(t.epoch))
	if g, p := e.groups[t.owner], e.partitionAt(at.topic(), at.partition()); g != nil && p != nil && e.coordinated(p, t) && planted != bugLocked {
		e.expireLocks(g, at)
	}
}

// expireLocks gives back the records whose locks have ended.
func (e *Engine) expireLocks(g *group, at place) {
	for _, sp := range g.shares {
		if sp.at != at {
			continue
		}
		any := false
		sp.runs(sp.start, sp.end(), sameShare, func(first, end Offset, r *shareRecord) {
			if r.state == ShareAcquired && r.due <= e.now {
				any = true
				e.emitShare(KindShareLockExpired, g, sp, r.member, first, end, int64(r.deliveries))
				e.settleShared(g, sp, first, end, r.member, ShareAvailable)
			}
		})
		if any {
			e.stored(g, sp, sp.start, sp.end())
		}
		return
	}
}
