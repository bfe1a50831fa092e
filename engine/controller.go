package engine

import "slices"

// registration is what the controller has decided about a partition. It never changes
// once it is made.
type registration struct {
	seq      uint64 // its place in the metadata log
	leader   int32  // -1: none
	epoch    int32  // leader epoch
	version  int32  // partition epoch: counts every change
	replicas []int32
	isr      []int32
	adding   []int32 // under reassignment
	removing []int32
}

// metadataRecord is one entry of the metadata log: a partition, or what a broker is.
type metadataRecord struct {
	at        Time
	topic     TopicID // 0: it is about a broker
	partition Partition
	broker    int32
	what      int8 // of a broker: alive, dead, the controller
}

const (
	brokerAlive = iota
	brokerDead
	brokerLeads
)

// metadataSeq is the end of the metadata log.
func (e *Engine) metadataSeq() uint64 { return e.metadataBase + uint64(len(e.metadata)) }

// record appends to the metadata log and sends it to the brokers.
func (e *Engine) record(r metadataRecord) uint64 {
	r.at = e.now
	least := e.metadataSeq()
	for i := range e.brokers {
		if b := &e.brokers[i]; b.up() {
			least = min(least, b.applied)
		}
	}
	if drop := int(int64(least - e.metadataBase)); drop > 64 {
		e.metadata = append([]metadataRecord(nil), e.metadata[drop:]...)
		e.metadataBase = least
	}
	e.metadata = append(e.metadata, r)
	for i := range e.brokers {
		e.sendMetadata(&e.brokers[i])
	}
	return e.metadataSeq()
}

// sendMetadata lets a broker that the controller reaches know what is decided by now.
func (e *Engine) sendMetadata(b *broker) {
	if e.recovering || e.controller < 0 || b.applied == e.metadataSeq() && !b.fresh || !e.reaches(e.controller, b.id) {
		return
	}
	if at := e.now + e.delay(e.controller, b.id); b.coming != at || b.sent != e.now {
		b.coming, b.sent = at, e.now
		e.timers.set(timer{at: at, kind: timerMetadata, owner: uint32(b.id), epoch: uint64(e.now)})
	}
}

// learn lets a broker apply the metadata log up to what was decided at a time.
func (e *Engine) learn(b *broker, until uint64) {
	loads := b.fresh || b.applied < e.metadataBase
	if loads || b.applied < e.metadataSeq() && uint64(e.metadata[b.applied-e.metadataBase].at) <= until {
		e.emit(Event{Kind: KindMetadataApplied, Aux: int64(b.id), Offset: Offset(until)})
	}
	if loads { // a snapshot
		b.fresh, b.applied, b.alive, b.believe = false, e.metadataSeq(), 0, e.controller
		for i := range e.brokers {
			if !e.brokers[i].fenced {
				b.alive |= e.brokers[i].bit()
			}
		}
		e.eachPartition(func(p *partition) { e.learnPartition(b, p) })
		return
	}
	for b.applied < e.metadataSeq() {
		r := e.metadata[b.applied-e.metadataBase]
		if uint64(r.at) > until {
			return
		}
		b.applied++
		if r.topic != 0 {
			if p := e.partitionAt(r.topic, r.partition); p != nil {
				e.learnPartition(b, p)
			}
			continue
		}
		bit := uint16(1) << (r.broker - FirstBroker)
		switch r.what {
		case brokerAlive:
			b.alive |= bit
			e.eachPartition(func(p *partition) { // its followers may be in ISRs again
				if p.rep != nil && p.rep.led(b.id) {
					e.expandISR(p, p.rep.at(b.id))
				}
			})
		case brokerDead:
			b.alive &^= bit
		case brokerLeads:
			b.believe = r.broker
		}
	}
}

// hears: the controller gets this broker's heartbeats.
func (e *Engine) hears(b *broker) bool {
	return e.controller >= 0 && b.runs() && e.brokerAt(e.controller).runs() && e.connected(b.id, e.controller)
}

// lookAt follows a change of what the controller hears of a broker. Heartbeats are not
// sent one by one: while they come, nothing happens.
func (e *Engine) lookAt(b *broker, heard bool) {
	b.watch++
	if heard {
		b.heard = e.now - (e.now-b.since)%e.ms(brkBrokerHeartbeatMs)
	}
	hears := e.hears(b)
	if hears && b.fresh {
		e.fence(b) // it registers anew: what it led before it ended goes elsewhere
	}
	t := timer{kind: timerLiveness, owner: uint32(b.id), epoch: b.watch}
	switch {
	case hears && b.fenced && b.state == BrokerRunning:
		// It registers or beats, catches up with the metadata, and says so.
		t.at = e.now + 2*e.delay(b.id, e.controller) + e.delay(e.controller, b.id)
	case !hears && !b.fenced && e.controller >= 0:
		t.at = max(e.now, b.heard+e.ms(brkBrokerSessionMs))
	default:
		return
	}
	e.timers.set(t)
}

// judge fences a broker that was not heard for its session, or lets one in.
func (e *Engine) judge(b *broker) {
	switch hears := e.hears(b); {
	case e.controller < 0:
	case hears && b.fenced && b.state == BrokerRunning:
		b.fenced = false
		e.emitBroker(0, b, BrokerUnfenced)
		e.record(metadataRecord{broker: b.id, what: brokerAlive})
		e.eachHosted(b.id, func(p *partition) { e.change(p, ElectedClean) })
	case !hears && !b.fenced:
		e.fence(b)
	}
}

// fence takes a broker for dead: it leads nothing and leaves every ISR.
func (e *Engine) fence(b *broker) {
	if b.fenced {
		return
	}
	b.fenced = true
	e.emitBroker(0, b, BrokerFenced)
	e.record(metadataRecord{broker: b.id, what: brokerDead})
	e.leaveAll(b)
}

// leaveAll finds other leaders for what a broker leads, and takes it out of the ISRs.
func (e *Engine) leaveAll(b *broker) {
	e.eachHosted(b.id, func(p *partition) { e.change(p, ElectedClean) })
	e.planBalance()
}

// eligible: the controller lets the broker lead and be in an ISR.
func (e *Engine) eligible(id int32) bool {
	b := e.brokerAt(id)
	return b != nil && !b.fenced && b.state != BrokerShutdown
}

// checkController looks whether the controller still is one, and has another elected if
// not: at once when it resigns, else when the others have missed it for
// controller.quorum.fetch.timeout.ms.
//
// The quorum's voters are the brokers. Those that are down or paused are not counted:
// a real quorum has voters on other machines, of which enough are always there. So the
// controller needs at least half of the brokers that run, and who wants to be it more.
func (e *Engine) checkController(resigns bool) {
	if c := e.controller; c >= 0 {
		reach, all := e.votes(c)
		if e.brokerAt(c).state == BrokerRunning && 2*reach >= all {
			return
		}
		e.controller = -1
		e.emit(Event{Kind: KindControllerMoved, Aux: -1, Epoch: e.controllerEpoch})
	}
	wait := e.ms(brkQuorumFetchMs)
	switch {
	case resigns:
		wait = e.latency
	case e.electing:
		return
	case len(e.brokers) == 1:
		wait = 0
	}
	e.electing = true
	e.elections++
	e.timers.set(timer{at: e.now + wait, kind: timerController, epoch: e.elections})
}

// votes counts the brokers that run, and how many of them one reaches, itself included.
func (e *Engine) votes(id int32) (reach, all int) {
	for i := range e.brokers {
		if b := &e.brokers[i]; b.runs() {
			all++
			if e.reaches(id, b.id) {
				reach++
			}
		}
	}
	return reach, all
}

func (e *Engine) electController(serial uint64) {
	if serial != e.elections {
		return
	}
	e.electing = false
	if e.controller >= 0 {
		return
	}
	for i := range e.brokers {
		b := &e.brokers[i]
		if reach, all := e.votes(b.id); b.state == BrokerRunning && 2*reach > all {
			e.leadController(b)
			return
		}
	}
}

// leadController makes a broker the controller. Every session starts afresh.
func (e *Engine) leadController(c *broker) {
	e.controller = c.id
	e.controllerEpoch++
	e.emit(Event{Kind: KindControllerMoved, Aux: int64(c.id), Epoch: e.controllerEpoch})
	e.record(metadataRecord{broker: c.id, what: brokerLeads})
	for i := range e.brokers {
		b := &e.brokers[i]
		b.heard = e.now
		e.lookAt(b, false)
	}
	e.eachPartition(func(p *partition) {
		if p.rep != nil {
			e.change(p, ElectedClean)
		}
	})
	e.planBalance()
}

// change brings a partition's ISR and leader in line with the brokers that are there,
// as Kafka's PartitionChangeBuilder: the last member of an ISR stays in it, the leader
// stays while it can, else the first replica that is in sync follows it.
func (e *Engine) change(p *partition, how Election) {
	reg := p.replication().reg()
	next := *reg
	next.isr = e.filter(reg.isr)
	e.elect(p, &next, how)
}

// filter gives those of an ISR that may stay: all eligible ones, or else the last that
// there is.
func (e *Engine) filter(isr []int32) []int32 {
	kept := make([]int32, 0, len(isr))
	for _, id := range isr {
		if e.eligible(id) {
			kept = append(kept, id)
		}
	}
	if len(kept) == 0 {
		return isr
	}
	return kept
}

// elect chooses the leader for next, and commits it if anything is new.
func (e *Engine) elect(p *partition, next *registration, how Election) {
	fits := func(id int32) bool {
		return e.eligible(id) && (slices.Contains(next.isr, id) || planted == bugAnyLeader)
	}
	if preferred := next.replicas[0]; how == ElectedPreferred && fits(preferred) {
		next.leader = preferred
	}
	if !fits(next.leader) {
		next.leader = -1
		if i := slices.IndexFunc(next.replicas, fits); i >= 0 {
			next.leader = next.replicas[i]
		} else if how == ElectedUnclean || p.topic.config.value[setUncleanElection] != 0 {
			if i := slices.IndexFunc(next.replicas, e.eligible); i >= 0 {
				next.leader, how, p.rep.lossy = next.replicas[i], ElectedUnclean, true
				next.isr = next.replicas[i : i+1 : i+1]
			}
		}
	}
	e.commit(p, next, how)
}

// commit writes a partition's new registration into the metadata log, when it differs.
// The leader epoch goes up with the leader, and when a replica goes for good.
func (e *Engine) commit(p *partition, next *registration, how Election) {
	old := p.rep.reg()
	moved := next.leader != old.leader
	gone := len(next.replicas) < len(old.replicas)
	if !moved && slices.Equal(next.isr, old.isr) && slices.Equal(next.replicas, old.replicas) && slices.Equal(next.adding, old.adding) {
		return
	}
	r := *next
	r.version = old.version + 1
	r.epoch = old.epoch
	if moved || gone {
		r.epoch++
	}
	if how != ElectedUnclean && how != ElectedPreferred {
		how = ElectedClean
	}
	e.emitRegistered(p, &r, how)
	e.decide(p, &r)
	if moved || gone {
		e.emit(Event{Kind: KindLeaderChanged, Topic: p.topic.id, Partition: p.index, Epoch: r.epoch,
			Offset: Offset(old.leader), End: Offset(r.leader), Aux: int64(how)})
	}
	if !slices.Equal(r.isr, old.isr) {
		e.emitISR(p, &r, old.isr)
	}
}

// decide appends a registration to the metadata log, and forgets those that no broker
// needs any more.
func (e *Engine) decide(p *partition, r *registration) {
	r.seq = e.record(metadataRecord{topic: p.topic.id, partition: p.index})
	p.rep.regs = append(p.rep.regs[p.rep.stale(e):], r)
}

func (e *Engine) emitRegistered(p *partition, r *registration, how Election) {
	var text []byte
	for i, list := range [...][]int32{r.replicas, r.isr, r.adding, r.removing} {
		if i > 0 {
			text = append(text, ';')
		}
		text = append(text, brokerList(list)...)
	}
	e.emit(Event{Kind: KindRegistered, Topic: p.topic.id, Partition: p.index, Epoch: r.epoch, Offset: Offset(r.leader),
		End: Offset(r.version), Aux: int64(how), Bytes: text})
}

func (e *Engine) emitISR(p *partition, r *registration, old []int32) {
	who := int64(0)
	for _, id := range old {
		if !slices.Contains(r.isr, id) {
			who = -int64(id)
		}
	}
	for _, id := range r.isr {
		if !slices.Contains(old, id) {
			who = int64(id)
		}
	}
	e.emit(Event{Kind: KindISRChanged, Topic: p.topic.id, Partition: p.index, Epoch: r.epoch, Aux: who, Bytes: brokerList(r.isr)})
}

// stale counts the registrations that no broker needs any more.
func (rep *replication) stale(e *Engine) int {
	n := 0
	for ; n+1 < len(rep.regs); n++ {
		for i := range e.brokers {
			if b := &e.brokers[i]; b.up() && b.applied < rep.regs[n+1].seq {
				return n
			}
		}
	}
	return n
}

// known is the partition's registration as a broker knows it; nil: it does not.
func (rep *replication) known(b *broker) *registration {
	for i := len(rep.regs) - 1; i >= 0; i-- {
		if rep.regs[i].seq <= b.applied {
			return rep.regs[i]
		}
	}
	return nil
}
