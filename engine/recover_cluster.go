package engine

import "strings"

// What Recover does with events about brokers and replicas. They say what came of the
// network; what a broker makes of it is the same code as the first time, only that while
// e.recovering nobody sends anything.

// recoverBroker applies an event about a broker, a link, or the controller.
func (e *Engine) recoverBroker(ev *Event) {
	b := e.brokerAt(int32(ev.Aux))
	switch ev.Kind {
	case KindControllerMoved:
		e.controller, e.controllerEpoch = int32(ev.Aux), ev.Epoch
		if b != nil {
			e.record(metadataRecord{broker: b.id, what: brokerLeads})
		}
	case KindLatencyChanged:
		e.latency = Time(ev.Aux)
	case KindLinkChanged:
		from, to := e.brokerAt(int32(ev.Offset)), e.brokerAt(int32(ev.End))
		if from != nil && to != nil && (from.cut&to.bit() != 0) != (ev.Aux != 0) {
			from.cut ^= to.bit()
		}
	case KindMetadataApplied:
		if b != nil {
			e.learn(b, uint64(ev.Offset))
		}
	default:
		if b != nil {
			e.recoverProcess(b, ev)
		}
	}
}

func (e *Engine) recoverProcess(b *broker, ev *Event) {
	switch BrokerChange(ev.Epoch) {
	case BrokerStarted:
		b.state, b.since, b.fresh = BrokerRunning, ev.At, true
		b.epoch++
	case BrokerUnfenced:
		b.fenced = false
		e.record(metadataRecord{broker: b.id, what: brokerAlive})
	case BrokerFenced:
		b.fenced = true
		e.record(metadataRecord{broker: b.id, what: brokerDead})
	case BrokerStopping:
		b.state = BrokerShutdown
	case BrokerStopped, BrokerCrashed:
		b.state = BrokerDown
		b.epoch++
		e.eachReplica(b.id, func(p *partition, r *replica) { e.stopReplica(p, r, NetworkException) })
	case BrokerPaused:
		b.state = BrokerSuspended
	case BrokerResumed:
		b.state = BrokerRunning
	case BrokerSlowed:
		b.slow = Time(ev.Offset)
	}
}

// recoverRegistration is what the controller decided about a partition.
func (e *Engine) recoverRegistration(p *partition, ev *Event) {
	reg := &registration{leader: int32(ev.Offset), epoch: ev.Epoch, version: int32(ev.End)}
	for i, text := range strings.Split(string(ev.Bytes), ";") {
		*[...]*[]int32{&reg.replicas, &reg.isr, &reg.adding, &reg.removing}[i] = parseBrokers(text)
	}
	if reg.version == 0 {
		e.register(p, reg)
		return
	}
	p.replication().lossy = p.replication().lossy || Election(ev.Aux) == ElectedUnclean
	e.decide(p, reg)
}

// parseBrokers reads what brokerList writes.
func parseBrokers(text string) (ids []int32) {
	for ; len(text) >= 3; text = strings.TrimPrefix(text[3:], ",") {
		ids = append(ids, int32(text[0]-'0')*100+int32(text[1]-'0')*10+int32(text[2]-'0'))
	}
	return ids
}

// recoverReplica applies an event about one replica.
func (e *Engine) recoverReplica(p *partition, ev *Event) {
	r := p.rep.at(int32(ev.Aux))
	if r == nil {
		return
	}
	switch ev.Kind {
	case KindLeading:
		r.hw = ev.Offset
	case KindHighWatermarkMoved:
		was, stable := r.hw, p.lastStable()
		if r.hw = ev.End; r == p.rep.main {
			e.settleTxns(p, stable, was)
		}
	case KindTruncated:
		p.rep.lossy = p.rep.lossy || ev.Code == KafkaStorageError
		e.truncateReplica(p, r, ev.Offset, ev.Code)
	case KindReplicaRestarted:
		r.beginAt(ev.Offset)
	case KindFollowerAppended:
		l := p.rep.at(r.leader)
		if l == nil {
			return
		}
		r.mirror(l, ev.End)
		// An epoch that it led without a record is cut before, which is no event.
		r.epochs = r.epochs.cutEnd(ev.Offset).follow(l.epochs, ev.Offset, ev.End)
		start := l.start
		if l == p.rep.main {
			start = p.start
		}
		if start = min(start, ev.End); start > r.start {
			r.start, r.epochs = start, r.epochs.cutStart(start)
		}
		r.leo, r.hw = ev.End, max(r.start, min(l.hw, ev.End))
	}
}
