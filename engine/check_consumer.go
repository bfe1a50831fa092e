package engine

import "strconv"

// Invariants of consumer groups.
const (
	OneOwnerAcrossEpochs Invariant = "one-owner-across-epochs"
	EpochsAscend         Invariant = "epochs-ascend"
	RevocationWatched    Invariant = "revocation-watched"
	ShareLocked          Invariant = "share-locked"
	ShareDeliveries      Invariant = "share-deliveries"
	ShareStart           Invariant = "share-start"
)

func (e *Engine) checkConsumerGroups() error {
	for _, g := range e.groups {
		if g == nil || g.kind == GroupClassic || !e.served(g.log) {
			continue
		}
		if err := e.checkModern(g); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) checkModern(g *group) error {
	held, moderns := 0, 0
	targets := map[place]bool{}
	if g.assignmentEpoch > g.generation {
		return g.broken(EpochsAscend, "the target assignment is of epoch "+strconv.Itoa(int(g.assignmentEpoch)))
	}
	for _, m := range g.members {
		if m.modern {
			moderns++
		}
		if m.epoch > g.assignmentEpoch || m.previousEpoch > g.assignmentEpoch {
			return g.broken(EpochsAscend, m.name+" is in epoch "+strconv.Itoa(int(m.epoch)))
		}
		if g.kind == GroupShare {
			continue
		}
		for _, x := range m.everything() {
			if held++; g.owner[x] != m.id {
				return g.broken(OneOwnerAcrossEpochs, e.TopicName(x.topic())+"-"+strconv.Itoa(int(x.partition()))+" is with "+m.name+" and not its only")
			}
		}
		for _, x := range m.target {
			if targets[x] && g.assignmentEpoch == g.generation {
				return g.broken(OneOwnerAcrossEpochs, e.TopicName(x.topic())+"-"+strconv.Itoa(int(x.partition()))+" is the target of "+m.name+" and another")
			}
			targets[x] = true
		}
		if (m.progress == ProgressRevoking) != (len(m.revoking) > 0) && m.epoch != leaveStaticEpoch ||
			m.modern && m.progress == ProgressRevoking && m.epoch != leaveStaticEpoch && !e.watched(g, m) {
			return g.broken(RevocationWatched, m.name)
		}
	}
	if held != len(g.owner) || moderns != g.moderns {
		return g.broken(OneOwnerAcrossEpochs, "those who own partitions are counted wrong")
	}
	return nil
}

func (e *Engine) checkShares() error {
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		for _, sp := range g.shares {
			p := e.partitionAt(sp.at.topic(), sp.at.partition())
			where := g.name + ", partition " + strconv.Itoa(int(sp.at.partition()))
			if p != nil && sp.leaderEpoch == p.epoch && sp.end() > max(p.end, sp.start) || len(sp.records) > 0 && sp.records[0].state >= ShareAcknowledged {
				return g.broken(ShareStart, where+": from "+itoa(sp.start)+" to "+itoa(sp.end()))
			}
			if p == nil || sp.leaderEpoch != p.epoch || !e.served(p) {
				continue // nobody keeps its locks
			}
			for i := range sp.records {
				r := &sp.records[i]
				if int64(r.deliveries) > e.broker.value[brkShareDeliveries] {
					return g.broken(ShareDeliveries, where)
				}
				if acquired := r.state == ShareAcquired; acquired != (r.member != 0) || acquired != (r.due != 0) || acquired && r.due < e.now {
					return g.broken(ShareLocked, where)
				}
			}
		}
	}
	return nil
}

// watched: a timer will look whether the member has revoked in time.
func (e *Engine) watched(g *group, m *member) bool {
	for i := range e.timers.heap {
		if t := &e.timers.heap[i]; t.kind == timerDue && t.at == m.due && t.owner == uint32(g.id) && t.key == uint32(m.id) {
			return true
		}
	}
	return false
}
