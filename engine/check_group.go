package engine

import "strconv"

func (e *Engine) checkGroups() error {
	for _, g := range e.groups {
		if g == nil || g.state == GroupDead || !e.served(g.log) {
			continue
		}
		if err := e.checkGroup(g); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) broken(rule Invariant, what string) error {
	return broken(rule, "group "+g.name, what)
}

func (e *Engine) checkGroup(g *group) error {
	joins, syncs, led := 0, 0, g.leader == nil && (len(g.members) == 0 || g.kind != GroupClassic)
	for _, m := range g.members {
		switch {
		case g.byName[m.name] != m || e.MemberName(m.id) != m.name || m.pending:
			return g.broken(MembersKnown, "a member does not go by its id: "+m.name)
		case m.instance != "" && g.byInstance[m.instance] != m:
			return g.broken(MembersKnown, "a static member does not go by its instance id: "+m.instance)
		case m.join.parked && g.state != GroupPreparingRebalance:
			return g.broken(MembersWait, "a JoinGroup is parked in state "+g.state.String())
		case m.sync.parked && g.state != GroupCompletingRebalance:
			return g.broken(MembersWait, "a SyncGroup is parked in state "+g.state.String())
		case !m.join.parked && !m.sync.parked && !e.armed(g, m):
			return g.broken(SessionsWatched, "no timer watches the session of "+m.name)
		}
		if m.join.parked {
			joins++
		}
		if m.pendingSync {
			syncs++
		}
		led = led || m == g.leader
	}
	switch {
	case joins != g.awaitingJoin || syncs != g.pendingSync || len(g.byName) != len(g.members)+g.pendingJoin:
		return g.broken(MembersWait, "those who wait are counted wrong")
	case !led:
		return g.broken(GroupLed, "the group leader is not a member")
	case g.state == GroupEmpty && len(g.members) > 0:
		return g.broken(GroupStates, "Empty with members")
	case g.kind != GroupClassic:
	case (g.state == GroupStable || g.state == GroupCompletingRebalance) && (len(g.members) == 0 || !g.common(g.protocol)):
		return g.broken(GroupStates, g.state.String()+" without a protocol that all members offer")
	}
	return g.checkOwners()
}

func (e *Engine) checkCommits() error {
	for _, g := range e.groups {
		if g == nil || g.state == GroupDead || !e.served(g.log) {
			continue
		}
		for _, o := range g.appendOffsets(nil) {
			if rep := g.log.rep; rep != nil && rep.lossy {
				break // tombstones may be lost, and what they were about is there again
			}
			tp := TopicPartition{o.Topic, o.Partition}
			if p := e.partitionAt(e.topicByName[o.Topic], o.Partition); p == nil || o.Offset > p.end && (p.rep == nil || !p.rep.lossy) {
				return g.broken(CommitWithinLog, tp.String()+" has "+itoa(o.Offset))
			}
		}
	}
	return nil
}

// armed: a timer will look at the member's session in time.
func (e *Engine) armed(g *group, m *member) bool {
	if m.timerAt < 0 || m.timerAt > m.deadline {
		return false
	}
	for i := range e.timers.heap {
		if t := &e.timers.heap[i]; t.kind == timerSession && t.at == m.timerAt && t.owner == uint32(g.id) && t.key == uint32(m.id) {
			return true
		}
	}
	return false
}

// checkOwners: in a Stable group of consumers a partition has at most one owner.
func (g *group) checkOwners() error {
	if g.state != GroupStable || g.protocolType != "consumer" {
		return nil
	}
	owners := map[TopicPartition]bool{}
	for _, m := range g.members {
		a, err := ParseAssignment(m.assignment)
		if err != nil {
			continue // not a consumer's assignment: the group leader's business
		}
		for _, tps := range a.Partitions {
			for _, p := range tps.Partitions {
				tp := TopicPartition{tps.Topic, Partition(p)}
				if owners[tp] {
					return g.broken(OneOwner, tp.String()+" in generation "+strconv.Itoa(int(g.generation)))
				}
				owners[tp] = true
			}
		}
	}
	return nil
}
