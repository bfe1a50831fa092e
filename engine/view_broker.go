package engine

import "slices"

// BrokerView is one broker as it is now.
type BrokerView struct {
	ID         int32
	Rack       string
	State      BrokerState
	Fenced     bool // the controller takes it for dead
	Controller bool
	DelayMs    int64 // see SlowBroker
	Held       int   // commands that wait at it, because it is paused or slow
}

// ReplicaView is one broker's copy of a partition.
type ReplicaView struct {
	Broker        int32
	LogStart      Offset
	LogEnd        Offset
	HighWatermark Offset
	LeaderEpoch   int32  // that its broker knows; -1 when it knows none
	Leads         bool   // it acts as leader, rightly or because it does not know better
	InSync        bool   // in the ISR, as the controller has it
	Up            bool   // its broker's process is there
	Fork          Offset // where its log becomes another than the partition's; -1: nowhere
	Fetch         ReplicaFetchView
}

// ReplicaFetchView is a follower's fetch on its way.
type ReplicaFetchView struct {
	State  ReplicaFetchState
	Leader int32  // the broker that it is sent to
	Sent   Time   // when this leg began
	Due    Time   // when it ends; for a parked fetch when it came there
	Offset Offset // asked for
	End    Offset // one past the last record of an answer; Offset for none
}

// ReplicaFetchState is where a follower's fetch is.
type ReplicaFetchState uint8

// The states.
const (
	ReplicaFetchNone    ReplicaFetchState = iota
	ReplicaFetchAsking                    // on its way to the leader
	ReplicaFetchParked                    // the leader has nothing new: it waits there
	ReplicaFetchAnswer                    // on its way back
	ReplicaFetchBackoff                   // refused: the follower waits before it asks again
	ReplicaFetchLost                      // on a broken link, or sent to a broker that is down
	ReplicaFetchStuck                     // at a broker that is paused
)

// Brokers calls visit for every broker by id, until it returns false.
func (e *Engine) Brokers(visit func(BrokerView) bool) {
	for i := range e.brokers {
		b := &e.brokers[i]
		if !visit(BrokerView{b.id, b.rack, b.state, b.fenced, b.id == e.controller, int64(b.slow), len(b.held)}) {
			return
		}
	}
}

// Controller is the id of the broker that is the controller, -1 while there is none.
func (e *Engine) Controller() int32 { return e.controller }

// Connected reports whether the network gets packets from one broker to another.
func (e *Engine) Connected(from, to int32) bool {
	return e.brokerAt(from) != nil && e.brokerAt(to) != nil && e.connected(from, to)
}

// BrokerLatencyMs is the one-way latency between brokers.
func (e *Engine) BrokerLatencyMs() int64 { return int64(e.latency) }

// Replicas calls visit for every replica of a partition that has a place in its
// assignment, the preferred leader first, until visit returns false.
func (e *Engine) Replicas(id TopicID, index Partition, visit func(ReplicaView) bool) {
	p := e.partitionAt(id, index)
	if p == nil {
		return
	}
	if p.rep == nil {
		visit(ReplicaView{Broker: p.home, LogStart: p.start, LogEnd: p.end, HighWatermark: p.end, Leads: true, InSync: true, Up: true, Fork: -1})
		return
	}
	reg := p.rep.reg()
	for _, broker := range reg.replicas {
		v := ReplicaView{Broker: broker, LeaderEpoch: -1, Fork: -1,
			InSync: slices.Contains(reg.isr, broker), Up: e.brokerAt(broker).up()}
		if r := p.rep.at(broker); r != nil {
			f := &r.fetch
			v.LogStart, v.LogEnd, v.HighWatermark, v.LeaderEpoch, v.Leads = max(r.start, min(p.start, r.leo)), r.leo, r.hw, r.epoch, r.lead != nil
			if r.tail != nil {
				v.Fork = r.tail.start
			}
			v.Fetch = ReplicaFetchView{ReplicaFetchState(f.state), f.to, f.sent, f.due, f.offset, f.offset}
			if f.answered {
				v.Fetch.End = f.end
			}
		}
		if !visit(v) {
			return
		}
	}
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
