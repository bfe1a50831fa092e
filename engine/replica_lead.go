package engine

import "slices"

// leadership is what a replica knows as the partition's leader.
type leadership struct {
	isr       []int32 // as the controller has acknowledged it
	version   int32   // partition epoch of that
	asked     []int32 // the ISR that it has asked the controller for; nil: none
	start     Offset  // where its leader epoch begins
	followers []follower
	waiting   []waiter // by end
	serial    uint32
	watching  bool // a timer looks for lagging followers
}

// follower is a follower as the partition leader sees it: what its fetches told
// (Kafka's ReplicaState).
type follower struct {
	broker    int32
	leo       Offset // it has everything before; -1: not heard of yet
	caughtUp  Time   // when it last had everything
	fetched   Time   // its last fetch
	leaderEnd Offset // the leader's log end offset then
}

// waiter is a reply that is held back until the high watermark reaches end.
type waiter struct {
	end    Offset
	serial uint32
	group  bool // a coordinator's: it speaks of coordinators, not of replicas
	reply  Reply
}

// never is long before any time.
const never Time = -1 << 62

// lead makes a replica the partition's leader.
func (e *Engine) lead(p *partition, r *replica, reg *registration) {
	r.fetch = replicaFetch{serial: r.fetch.serial + 1}
	if reg.epoch > p.epoch { // else another was chosen since, and this one is late
		p.takeOver(r)
		p.epoch = reg.epoch
		e.localize(p)
	}
	if r == p.rep.main {
		r.start = max(r.start, p.start)
		r.hw = max(r.hw, r.start)
	}
	r.epochs = r.epochs.assign(reg.epoch, r.leo)
	e.emit(Event{Kind: KindLeading, Topic: p.topic.id, Partition: p.index, Epoch: reg.epoch, Offset: r.hw, End: r.leo, Aux: int64(r.broker)})
	was := r.lead
	r.lead = &leadership{start: r.leo}
	if was != nil {
		r.lead.waiting, r.lead.serial = was.waiting, was.serial
	}
	e.relead(p, r, reg)
	for i := range r.lead.followers {
		f := &r.lead.followers[i]
		if slices.Contains(reg.isr, f.broker) {
			f.caughtUp = e.now
		}
	}
	e.watchISR(p, r)
	if p.topic.internal && r == p.rep.main {
		e.loadPartition(p)
	}
	if p.waiting > 0 {
		e.wakeFetches(p.topic.id, p.index)
	}
}

// relead takes over a registration of the same leader epoch.
func (e *Engine) relead(p *partition, r *replica, reg *registration) {
	l := r.lead
	l.isr, l.version, l.asked = reg.isr, reg.version, nil
	var followers []follower
	for _, id := range reg.replicas {
		if id == r.broker {
			continue
		}
		f := follower{broker: id, leo: -1, caughtUp: never, fetched: never, leaderEnd: -1}
		if old := l.follower(id); old != nil {
			f = *old
		} else if o := p.rep.at(id); o != nil && o.fetch.state == fetchParked && o.fetch.to == r.broker && o.fetch.epoch == r.epoch {
			// It has asked before this broker heard that it is a follower, as after a pause. Its
			// fetch is not sent again while nothing is new.
			f.leo, f.fetched, f.leaderEnd = o.fetch.offset, e.now, r.leo
			if f.leo >= r.leo {
				f.caughtUp = e.now
			}
		}
		followers = append(followers, f)
	}
	l.followers = followers
	e.advance(p, r)
	e.expandISR(p, r)
	e.watchISR(p, r)
}

func (l *leadership) follower(broker int32) *follower {
	for i := range l.followers {
		if l.followers[i].broker == broker {
			return &l.followers[i]
		}
	}
	return nil
}

// caught: the follower has everything, or had not long ago (replica.lag.time.max.ms).
func (e *Engine) caught(f *follower, r *replica) bool {
	return f.leo == r.leo || e.now-f.caughtUp <= e.ms(brkReplicaLagMaxMs)
}

// appended follows an append to a replicated log.
func (e *Engine) appended(p *partition) {
	r := p.rep.main
	r.leo = p.end
	for _, o := range p.rep.replicas {
		if o.fetch.state == fetchParked && o.fetch.to == r.broker {
			if f := r.lead.follower(o.broker); f != nil {
				f.caughtUp = e.now // until now it had everything
			}
			e.answerFollower(p, r, o)
		}
	}
	e.advance(p, r)
	e.watchISR(p, r)
}

// followed takes in what a follower's fetch says: that it has everything before offset.
func (e *Engine) followed(p *partition, r *replica, broker int32, offset Offset) {
	f := r.lead.follower(broker)
	if f == nil {
		return
	}
	switch {
	case offset >= r.leo:
		f.caughtUp = e.now
	case offset >= f.leaderEnd:
		f.caughtUp = max(f.caughtUp, f.fetched)
	}
	f.leo, f.fetched, f.leaderEnd = offset, e.now, r.leo
	e.expandISR(p, r)
	e.advance(p, r)
	e.watchISR(p, r) // the controller may not be there to be asked
}

// mayJoin: the follower fetches, and has all that is committed, and all that was there
// when this leader epoch began.
func (e *Engine) mayJoin(p *partition, r *replica, f *follower) bool {
	if o := p.rep.at(f.broker); f.fetched != e.now && (o == nil || o.fetch.state != fetchParked || o.fetch.to != r.broker) {
		return false
	}
	return !slices.Contains(r.lead.isr, f.broker) && f.leo >= r.hw && f.leo >= r.lead.start && e.eligible(f.broker)
}

func (e *Engine) expandISR(p *partition, r *replica) {
	l := r.lead
	next := l.isr
	for i := range l.followers {
		if f := &l.followers[i]; e.mayJoin(p, r, f) {
			next = append(next[:len(next):len(next)], f.broker)
		}
	}
	e.askISR(p, r, next)
}

// shrinkISR asks to take out who has not caught up for replica.lag.time.max.ms.
func (e *Engine) shrinkISR(p *partition, r *replica) {
	l := r.lead
	next := make([]int32, 0, len(l.isr))
	for _, id := range l.isr {
		if f := l.follower(id); f == nil || e.caught(f, r) {
			next = append(next, id)
		}
	}
	e.askISR(p, r, next)
}

// askISR sends AlterPartition to the controller, one at a time.
func (e *Engine) askISR(p *partition, r *replica, next []int32) {
	if l := r.lead; !e.recovering && l.asked == nil && len(next) != len(l.isr) && e.controller >= 0 && e.reaches(r.broker, e.controller) {
		l.asked = next
		e.timers.set(timer{at: e.now + e.delay(r.broker, e.controller), kind: timerAlterISR,
			owner: uint32(p.topic.id), key: p.key(r.broker), epoch: uint64(uint32(r.epoch))})
	}
}

// alterISR is the controller's part: it refuses what rests on old knowledge. The leader
// learns the answer from the metadata.
func (e *Engine) alterISR(p *partition, r *replica) {
	l, reg := r.lead, p.rep.reg()
	if e.controller < 0 || !e.reaches(r.broker, e.controller) || reg.leader != r.broker ||
		(reg.epoch != r.epoch || reg.version != l.version) && planted != bugLeaderEpoch || !e.allEligible(l.asked) {
		l.asked = nil
		e.watchISR(p, r)
		return
	}
	next := *reg
	next.isr = l.asked
	e.completeReassignment(p, &next)
	e.elect(p, &next, ElectedClean)
}

func (e *Engine) allEligible(ids []int32) bool {
	for _, id := range ids {
		if !e.eligible(id) {
			return false
		}
	}
	return true
}

// watchISR sets a timer when some follower is behind: no follower, no timer. Kafka looks
// every half of replica.lag.time.max.ms, counted from the start of the broker.
func (e *Engine) watchISR(p *partition, r *replica) {
	l := r.lead
	if l.watching {
		return
	}
	for i := range l.followers {
		f := &l.followers[i]
		if in := slices.Contains(l.isr, f.broker); in && f.leo != r.leo || !in && e.mayJoin(p, r, f) {
			l.watching = true
			period := max(e.ms(brkReplicaLagMaxMs)/2, 1)
			since := e.brokerAt(r.broker).since
			e.timers.set(timer{at: e.now + period - (e.now-since)%period, kind: timerISR, owner: uint32(p.topic.id), key: p.key(r.broker)})
			return
		}
	}
}

// short: the ISR is smaller than min.insync.replicas, of which no more can be asked than
// there are replicas.
func (p *partition) short(l *leadership) bool {
	return int64(len(l.isr)) < min(p.config().value[setMinISR], int64(len(l.followers)+1))
}

// advance moves the leader's high watermark to what every member of the ISR has, and
// followers that are about to join it. Below min.insync.replicas it stays where it is
// (KIP-966).
func (e *Engine) advance(p *partition, r *replica) {
	l := r.lead
	hw := r.leo
	if p.short(l) || e.recovering {
		return
	}
	for i := range l.followers {
		f := &l.followers[i]
		if planted == bugWatermarkAlone {
			continue
		}
		if slices.Contains(l.isr, f.broker) || slices.Contains(l.asked, f.broker) ||
			e.caught(f, r) && e.eligible(f.broker) {
			hw = min(hw, f.leo)
		}
	}
	if hw <= r.hw {
		return
	}
	was, stable := r.hw, p.lastStable()
	r.hw = hw
	e.emit(Event{Kind: KindHighWatermarkMoved, Topic: p.topic.id, Partition: p.index, Epoch: r.epoch, Offset: was, End: hw, Aux: int64(r.broker)})
	if r == p.rep.main {
		e.settleTxns(p, stable, was)
		e.highWatermarkMoved(p)
	}
	e.releaseWaiters(p, r)
	if p.waiting > 0 {
		e.wakeFetches(p.topic.id, p.index)
	}
	for _, o := range p.rep.replicas {
		if o.fetch.state == fetchParked && o.fetch.to == r.broker {
			e.newsTimer(p, o)
		}
	}
}

// await holds back a reply until the high watermark of the leader reaches end.
func (e *Engine) await(p *partition, r *replica, w waiter, timeoutMs int64) {
	l := r.lead
	l.serial++
	w.serial = l.serial
	l.waiting = append(l.waiting, w)
	e.timers.set(timer{at: e.now + Time(timeoutMs), kind: timerProduce, owner: uint32(p.topic.id), key: p.key(r.broker), epoch: uint64(w.serial)})
}

func (e *Engine) releaseWaiters(p *partition, r *replica) {
	l, n := r.lead, 0
	for n < len(l.waiting) && l.waiting[n].end <= r.hw {
		w := l.waiting[n]
		n++
		if p.short(l) {
			w.fail(NotEnoughReplicasAfterAppend)
		}
		e.ready.Replies = append(e.ready.Replies, w.reply)
	}
	if l.waiting = l.waiting[n:]; len(l.waiting) == 0 {
		l.waiting = nil
	}
}

// fail turns a reply into a refusal, with the code that its kind has for it.
func (w *waiter) fail(code Code) {
	if w.group && code != NetworkException {
		if code == NotLeaderOrFollower {
			code = NotCoordinator
		} else {
			code = CoordinatorNotAvailable
		}
	}
	if w.reply.Code = code; !w.group {
		w.reply.Offset, w.reply.At = -1, -1
	}
	if b, ok := w.reply.Body.(*OffsetCommitReply); ok {
		codes := make([]Code, len(b.Codes)) // a snapshot may share the old ones
		for i := range codes {
			codes[i] = code
		}
		w.reply.Body = &OffsetCommitReply{codes}
	}
}

func (e *Engine) failWaiters(l *leadership, code Code) {
	for i := range l.waiting {
		w := &l.waiting[i]
		w.fail(code)
		e.ready.Replies = append(e.ready.Replies, w.reply)
	}
	l.waiting = nil
}

func (e *Engine) waiterTimedOut(r *replica, serial uint64) {
	l := r.lead
	for i := range l.waiting {
		if w := &l.waiting[i]; uint64(w.serial) == serial {
			w.fail(RequestTimedOut)
			e.ready.Replies = append(e.ready.Replies, w.reply)
			l.waiting = append(append([]waiter(nil), l.waiting[:i]...), l.waiting[i+1:]...)
			return
		}
	}
}
