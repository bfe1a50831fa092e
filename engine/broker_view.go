package engine

import "slices"

// BrokerView is one broker as it is now.
type BrokerView struct {
	ID         int32
	Rack       string
	State      BrokerState
	Fenced     bool // the controller takes it for dead
	Controller bool
	SlowMs     int64
	Cut        []int32 // nothing gets from it to these
}

// Brokers appends the brokers by id.
func (e *Engine) Brokers(dst []BrokerView) []BrokerView {
	for i := range e.brokers {
		b := &e.brokers[i]
		v := BrokerView{ID: b.id, Rack: b.rack, State: b.state, Fenced: b.fenced, Controller: b.id == e.controller, SlowMs: int64(b.slow)}
		for j := range e.brokers {
			if o := &e.brokers[j]; o != b && b.cut&o.bit() != 0 {
				v.Cut = append(v.Cut, o.id)
			}
		}
		dst = append(dst, v)
	}
	return dst
}

// ReplicaView is one replica of a partition as it is now, as its own broker knows it.
type ReplicaView struct {
	Broker   int32
	LEO      Offset
	HW       Offset
	LogStart Offset
	Leader   bool
	InSync   bool // in the ISR
	Online   bool // its broker's process is there
	Adding   bool // by a reassignment under way
	Removing bool
	Diverged Offset // its log is its own from here on, and not the leader's; -1: nowhere
	// Records on their way to it from the leader: from Sent to Due, as many as Coming.
	From      int32
	Coming    int64
	Sent, Due Time
}

// Replicas appends the replicas of a partition: in the order of its assignment, the
// preferred leader first, then those of which a log is left over.
func (e *Engine) Replicas(id TopicID, index Partition, dst []ReplicaView) []ReplicaView {
	p := e.partitionAt(id, index)
	if p == nil {
		return dst
	}
	if p.rep == nil {
		return append(dst, ReplicaView{Broker: p.home, LEO: p.end, HW: p.end, LogStart: p.start,
			Leader: true, InSync: true, Online: true, Diverged: -1})
	}
	reg := p.rep.reg()
	for _, broker := range reg.replicas {
		v := ReplicaView{Broker: broker, Leader: reg.leader == broker, InSync: slices.Contains(reg.isr, broker),
			Online: e.brokerAt(broker).up(), Adding: slices.Contains(reg.adding, broker),
			Removing: slices.Contains(reg.removing, broker), Diverged: -1}
		if r := p.rep.at(broker); r != nil {
			v.LEO, v.HW, v.LogStart = r.leo, r.hw, r.start
			if r.tail != nil && r.leo > r.tail.start {
				v.Diverged = r.tail.start
			}
			if f := &r.fetch; f.state == fetchAnswer && f.end > r.leo && !v.Leader {
				v.From, v.Coming, v.Sent, v.Due = f.to, int64(f.end-r.leo), f.sent, f.due
			}
		}
		dst = append(dst, v)
	}
	return dst
}

// LeaderEpochs calls visit for each leader epoch in the log of a partition's replica,
// with the offset where it begins, until visit returns false.
func (e *Engine) LeaderEpochs(id TopicID, index Partition, broker int32, visit func(epoch int32, start Offset) bool) {
	p := e.partitionAt(id, index)
	if p == nil {
		return
	}
	if p.rep == nil {
		if broker == p.home {
			visit(0, p.start)
		}
		return
	}
	if r := p.rep.at(broker); r != nil {
		for _, s := range r.epochs {
			if !visit(s.epoch, s.start) {
				return
			}
		}
	}
}
