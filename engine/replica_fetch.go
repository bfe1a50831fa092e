package engine

// fetchState is where a follower's one fetch is.
type fetchState uint8

const (
	fetchNone    fetchState = iota
	fetchAsking             // on its way to the leader
	fetchParked             // the leader has nothing new
	fetchAnswer             // on its way back
	fetchBackoff            // refused: it waits before it asks again
	fetchLost               // on a broken link or to a broker that is down: it goes on when that is mended
	fetchStuck              // has come to a broker that is paused: the leader's, or its own with the answer
)

// replicaFetch is a follower's fetch, as it travels.
type replicaFetch struct {
	state  fetchState
	serial uint32 // of the timers that count
	to     int32  // broker
	sent   Time
	due    Time
	offset Offset // the follower's log end offset
	last   int32  // its latest epoch
	epoch  int32  // the leader epoch that it knows

	answered bool // what follows is there
	code     Code
	end      Offset // of the records
	hw       Offset
	start    Offset
	cuts     uint32 // of the leader's log
	forkAt   Offset // the logs differ: where the largest epoch that the leader has in common ends; else -1
	fork     int32  // that epoch
}

// key names one replica of a partition in timers.
func (p *partition) key(broker int32) uint32 { return uint32(p.index)<<4 | uint32(broker-FirstBroker) }

func (e *Engine) fireReplica(t timer) {
	p := e.partitionAt(TopicID(t.owner), Partition(t.key>>4))
	if p == nil || p.rep == nil {
		return
	}
	r := p.rep.at(FirstBroker + int32(t.key&15))
	switch {
	case r == nil:
	case t.kind == timerReplica:
		if t.epoch == uint64(r.fetch.serial) {
			e.fetchGoesOn(p, r)
		}
	case r.lead == nil:
	case t.kind == timerISR:
		r.lead.watching = false
		if b := e.brokerAt(r.broker); b.runs() {
			e.shrinkISR(p, r)
			e.expandISR(p, r)
		}
		e.watchISR(p, r)
	case t.kind == timerAlterISR:
		if r.lead.asked != nil && t.epoch == uint64(uint32(r.epoch)) {
			e.alterISR(p, r)
		}
	case t.kind == timerProduce:
		e.waiterTimedOut(r, t.epoch)
	}
}

// travel sends a follower's fetch, or the answer to it.
func (e *Engine) travel(p *partition, r *replica, from, to int32, state fetchState) {
	f := &r.fetch
	f.state, f.sent, f.due = state, e.now, e.now+e.delay(from, to)
	if !e.connected(from, to) || !e.brokerAt(to).up() {
		f.state = fetchLost
		return
	}
	e.fetchTimer(p, r, f.due)
}

func (e *Engine) fetchTimer(p *partition, r *replica, at Time) {
	r.fetch.serial++
	e.timers.set(timer{at: at, kind: timerReplica, owner: uint32(p.topic.id), key: p.key(r.broker), epoch: uint64(r.fetch.serial)})
}

// fetchNow lets a follower ask its leader for what comes next.
func (e *Engine) fetchNow(p *partition, r *replica) {
	r.fetch = replicaFetch{serial: r.fetch.serial + 1, to: r.leader, offset: r.leo, last: r.epochs.latest(), epoch: r.epoch, forkAt: -1}
	switch {
	case r.lead != nil || r.leader < 0 || r.leader == r.broker || e.manual || e.recovering:
	case !e.brokerAt(r.broker).runs():
		r.fetch.state = fetchLost
	default:
		e.travel(p, r, r.broker, r.leader, fetchAsking)
	}
}

// fetchGoesOn takes a fetch to its next stage.
func (e *Engine) fetchGoesOn(p *partition, r *replica) {
	f := &r.fetch
	here := e.brokerAt(r.broker)
	there := e.brokerAt(f.to)
	switch f.state {
	case fetchAsking, fetchParked:
		switch l := p.rep.at(f.to); {
		case !there.up() || f.state == fetchAsking && !e.connected(here.id, f.to):
			f.state = fetchLost
		case !there.runs():
			f.state = fetchStuck
		case f.state == fetchAsking && e.serveFollower(p, l, r):
			f.state = fetchParked
			e.newsTimer(p, r)
		case f.answered:
			e.travel(p, r, f.to, r.broker, fetchAnswer)
		default:
			e.answerFollower(p, l, r)
		}
	case fetchAnswer:
		switch {
		case !here.up() || !e.connected(f.to, here.id):
			f.state = fetchLost
		case !here.runs():
			f.state = fetchStuck
		default:
			e.takeAnswer(p, r)
		}
	case fetchBackoff:
		e.fetchNow(p, r)
	}
}

// newsTimer: a parked fetch is answered after replica.fetch.wait.max.ms, and sent again.
// While there is no news, that is left out.
func (e *Engine) newsTimer(p *partition, r *replica) {
	f, wait := &r.fetch, e.ms(brkReplicaFetchWaitMs)
	if l := p.rep.at(f.to); l != nil && (l.hw != r.hw || l.start > r.start) {
		e.fetchTimer(p, r, e.now+wait-(e.now-f.due)%wait)
	}
}

// serveFollower is the leader's part of a follower's fetch. It reports whether there is
// nothing to answer yet.
func (e *Engine) serveFollower(p *partition, l, r *replica) (park bool) {
	f := &r.fetch
	e.readFor(p, l, r)
	if f.code == None && f.forkAt < 0 {
		if r.tail != nil {
			r.mirror(l, r.leo)
		}
		e.followed(p, l, r.broker, f.offset) // after its answer has the high watermark of before
		park = f.end == f.offset && l.start <= r.start
	}
	f.answered = !park
	return park
}

// answerFollower sends a parked fetch what there is now.
func (e *Engine) answerFollower(p *partition, l, r *replica) {
	e.readFor(p, l, r)
	r.fetch.answered = true
	e.travel(p, r, r.fetch.to, r.broker, fetchAnswer)
}

// readFor fills in the answer to a follower's fetch.
func (e *Engine) readFor(p *partition, l, r *replica) {
	f := &r.fetch
	f.code, f.forkAt, f.end = None, -1, f.offset
	switch {
	case l == nil || l.lead == nil:
		f.code = NotLeaderOrFollower
		return
	case f.epoch != l.epoch && planted != bugLeaderEpoch:
		f.code = FencedLeaderEpoch
		if f.epoch > l.epoch {
			f.code = UnknownLeaderEpoch
		}
		return
	}
	if l == p.rep.main {
		l.start, l.hw = p.start, max(l.hw, p.start)
	}
	f.hw, f.start, f.cuts = l.hw, l.start, l.cuts
	fork, forkAt := l.epochs.endFor(f.last, l.leo)
	switch {
	case f.offset < l.start, f.last >= 0 && fork < 0, f.last < 0 && f.offset > l.leo:
		f.code, f.end = OffsetOutOfRange, l.leo
	case f.last >= 0 && (fork < f.last || forkAt < f.offset) && planted != bugLeaderEpoch:
		f.fork, f.forkAt = fork, forkAt
	default:
		f.end = p.readEnd(l, f.offset, e.broker.value[brkReplicaFetchMaxBytes])
	}
}

// readEnd is where the batches of a replica end that fit into limit bytes, but at least
// one.
func (p *partition) readEnd(l *replica, from Offset, limit int64) Offset {
	end, first := from, true
	for _, part := range [2]*log{&p.log, l.tail} {
		stop := l.leo
		if part == nil {
			continue
		}
		if part == &p.log {
			stop = l.shared()
		}
		for i := part.segmentAt(end); i < len(part.segments) && end < stop; i++ {
			s := part.segments[i]
			for b := s.find(end); b < s.find(stop); b++ {
				if limit -= int64(s.end(b+1) - s.batches[b].pos); limit < 0 && !first {
					return end
				}
				end, first = s.batches[b].last+1, false
			}
		}
		end = max(end, min(stop, l.leo))
	}
	return end
}

// takeAnswer is the follower's part: it appends, or truncates, and asks again.
func (e *Engine) takeAnswer(p *partition, r *replica) {
	f, l := &r.fetch, p.rep.at(r.fetch.to)
	switch {
	case f.code == OffsetOutOfRange:
		e.restartLog(p, r)
	case f.code != None:
		f.state = fetchBackoff
		e.fetchTimer(p, r, e.now+e.ms(brkReplicaFetchBackoffMs))
		return
	case f.forkAt >= 0:
		e.truncateReplica(p, r, r.truncationPoint(f.fork, f.forkAt), None)
	case l != nil && l.cuts == f.cuts: // else what was sent is not there to be copied any more
		e.appendFollower(p, l, r)
	}
	e.fetchNow(p, r)
}

func (e *Engine) appendFollower(p *partition, l, r *replica) {
	f := &r.fetch
	was := r.leo
	r.mirror(l, f.end)
	r.epochs = r.epochs.follow(l.epochs, was, f.end)
	if f.start > r.start {
		r.start = f.start
		r.epochs = r.epochs.cutStart(f.start)
	}
	r.leo, r.hw = f.end, max(r.start, min(f.hw, f.end))
	if f.end > was {
		e.emit(Event{Kind: KindFollowerAppended, Topic: p.topic.id, Partition: p.index, Epoch: r.epoch, Offset: was, End: f.end, Aux: int64(r.broker)})
	}
	if p.waiting > 0 { // consumers may read here (KIP-392)
		e.wakeFetches(p.topic.id, p.index)
	}
}

// mirror makes a follower's log the leader's up to an offset: so far they are the same.
func (r *replica) mirror(l *replica, end Offset) {
	r.tail = nil
	if l.tail != nil && end > l.tail.start {
		r.tail = &log{start: l.tail.start, end: l.tail.start, cleaned: l.tail.start}
		r.tail.take(l.tail, l.tail.start, end)
	}
}

// restartLog is what a follower does whose log end offset is not in the leader's log: it
// cuts what it has too much, or starts again where the leader's log starts.
func (e *Engine) restartLog(p *partition, r *replica) {
	f := &r.fetch
	switch {
	case f.end < r.leo:
		e.truncateReplica(p, r, f.end, None)
	case f.start > r.leo:
		e.emit(Event{Kind: KindReplicaRestarted, Topic: p.topic.id, Partition: p.index, Offset: f.start, End: r.leo, Aux: int64(r.broker)})
		r.beginAt(f.start)
	}
}

// beginAt empties a replica's log.
func (r *replica) beginAt(at Offset) {
	r.tail, r.epochs = nil, nil
	r.start, r.leo, r.hw = at, at, at
	r.cuts++
}

// truncationPoint is where to cut, so that the log ends with an epoch that the leader has
// too: it answered that its largest epoch not above ours is fork and ends at end (KIP-101,
// KIP-595).
func (r *replica) truncationPoint(fork int32, end Offset) Offset {
	own, ownEnd := r.epochs.endFor(fork, r.leo)
	switch {
	case own < 0:
		return min(end, r.leo)
	case own != fork:
		return min(ownEnd, r.leo) // ask again from there
	}
	return min(ownEnd, end, r.leo)
}

// kick lets fetches go on that were lost or stuck, to and from a broker.
func (e *Engine) kick(broker int32) {
	e.eachPartition(func(p *partition) {
		if p.rep == nil {
			return
		}
		for _, r := range p.rep.replicas {
			f := &r.fetch
			if r.broker != broker && f.to != broker {
				continue
			}
			switch {
			case f.state == fetchLost, f.state == fetchParked && !p.rep.led(f.to):
				e.fetchNow(p, r)
			case f.state == fetchStuck:
				if f.state = fetchAsking; f.answered {
					f.state = fetchAnswer
				}
				e.fetchGoesOn(p, r)
			}
		}
	})
}
