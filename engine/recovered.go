package engine

import "bytes"

// Recovered ends a recovery, at the time given: groups, committed offsets and
// transactions are read from their records, the members' sessions start, brokers send
// again what was on its way, and periodic work begins anew.
func (e *Engine) Recovered(at Time) {
	e.now = max(e.now, at)
	// Not the random numbers of the first time: they are in the ids of members.
	e.random.pcg.Seed(e.random.pcg.Uint64(), e.seq)
	e.timers.heap = e.timers.heap[:0]
	e.electing, e.balancing, e.expiring, e.expiringTxns = false, false, false, false
	if len(e.topics) > 1 {
		e.watchLogs()
	}
	if e.offsets != 0 {
		e.timers.set(timer{at: e.now + Time(e.broker.value[brkOffsetsCheckMs]), kind: timerOffsets})
	}
	if e.expireProducers(e.now) {
		e.watchProducers()
	}
	e.eachPartition(func(p *partition) {
		if p.rep != nil {
			e.resumeReplicas(p)
		}
	})
	for i := range e.brokers {
		e.resumeBroker(&e.brokers[i])
	}
	e.checkController(false)
	e.planBalance()
	e.loadAll()
	e.Advance()
}

// resumeBroker lets a broker's process go on.
func (e *Engine) resumeBroker(b *broker) {
	b.heard, b.sent = e.now, -1
	fresh := b.fresh
	b.fresh = false // it has registered, though nothing comes back to it
	e.lookAt(b, false)
	b.fresh = fresh
	e.sendMetadata(b)
	if b.state == BrokerShutdown {
		e.timers.set(timer{at: e.now + 2*e.latency + b.slow, kind: timerStop, owner: uint32(b.id), epoch: b.epoch})
	}
}

// resumeReplicas lets followers fetch, and leaders wait for them.
func (e *Engine) resumeReplicas(p *partition) {
	for _, r := range p.rep.replicas {
		if p.same(r) {
			r.tail = nil
		}
		if l := r.lead; l != nil {
			for i := range l.followers {
				l.followers[i].caughtUp = e.now
			}
			e.watchISR(p, r)
		} else if r.epoch >= 0 {
			e.fetchNow(p, r)
		}
	}
}

// same: what a replica has for itself is what the partition's log has.
func (p *partition) same(r *replica) bool {
	if r.tail == nil || r.leo > p.end {
		return false
	}
	for at := r.tail.start; at < r.leo; {
		own, next := r.tail.read(at, r.leo, 1)
		other, _ := p.log.read(at, r.leo, 1)
		if len(own) == 0 || !bytes.Equal(own, other) {
			return false
		}
		at = next
	}
	return true
}

// loadAll reads the logs of the coordinators.
func (e *Engine) loadAll() {
	each := func(id TopicID, load func(p *partition)) {
		if t := e.topicAt(id); id != 0 && t != nil {
			for _, p := range t.partitions {
				load(p)
			}
		}
	}
	each(e.offsets, e.loadGroups)
	each(e.transactions, func(p *partition) {
		if p.rep == nil || p.rep.main.lead != nil {
			e.loadTransactions(p.index)
		}
	})
	each(e.shareStates, e.loadShares)
}
