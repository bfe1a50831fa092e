package engine

// rebalance starts a rebalance, or goes on with the one under way.
func (e *Engine) rebalance(g *group, from Session, cause Cause, who MemberID) {
	if g.canRebalance() {
		e.beginRebalance(g, from, cause, who)
		e.joinOrWait(g, from)
	} else {
		e.maybeCompleteJoin(g, from)
	}
}

// beginRebalance sends every member back to JoinGroup: the next heartbeat or parked
// SyncGroup tells it.
func (e *Engine) beginRebalance(g *group, from Session, cause Cause, who MemberID) {
	if g.state == GroupCompletingRebalance {
		e.failSyncs(g, RebalanceInProgress)
	}
	e.forgetSyncs(g)
	g.initial = g.state == GroupEmpty
	if g.initial {
		// The group is new: give others time to join before the first assignment.
		g.delayMs = e.broker.value[brkGroupInitialDelayMs]
		g.remainingMs = max(g.rebalanceTimeoutMs()-g.delayMs, 0)
		e.setJoinTimer(g, g.delayMs)
	}
	g.transition(GroupPreparingRebalance, e.now)
	e.emit(Event{Kind: KindRebalance, Session: from, Group: g.id, Member: who, Epoch: g.generation, Aux: int64(cause)})
}

// joinOrWait ends the join phase when everybody has joined, else gives the members
// the rebalance timeout. The initial rebalance always waits its delay.
func (e *Engine) joinOrWait(g *group, from Session) {
	switch {
	case g.initial:
	case g.allJoined():
		e.completeJoin(g, from)
	default:
		e.setJoinTimer(g, g.rebalanceTimeoutMs())
	}
}

// maybeCompleteJoin ends the join phase when everybody has joined.
func (e *Engine) maybeCompleteJoin(g *group, from Session) {
	if g.state == GroupPreparingRebalance && g.previous != GroupEmpty && g.allJoined() {
		e.completeJoin(g, from)
	}
}

func (e *Engine) setJoinTimer(g *group, ms int64) {
	g.joinEpoch++
	e.timers.set(timer{at: e.now + Time(ms), kind: timerJoin, owner: uint32(g.id), epoch: g.joinEpoch})
}

// joinTimedOut ends the join phase, or extends the initial delay for those who came
// during it, up to the rebalance timeout in all.
func (e *Engine) joinTimedOut(g *group) {
	if g.initial && g.newMemberAdded && g.remainingMs != 0 {
		g.newMemberAdded = false
		was := g.delayMs
		g.delayMs = min(e.broker.value[brkGroupInitialDelayMs], g.remainingMs)
		g.remainingMs = max(g.remainingMs-was, 0)
		e.setJoinTimer(g, g.delayMs)
		return
	}
	e.completeJoin(g, 0)
}

// completeJoin ends the join phase: dynamic members that did not rejoin are out,
// the rest enters the next generation.
func (e *Engine) completeJoin(g *group, from Session) {
	g.joinEpoch++ // whatever join timer is set means nothing any more
	g.initial = false
	if g.awaitingJoin < len(g.members) {
		g.removeAll(func(m *member) bool {
			late := !m.join.parked && m.instance == ""
			if late {
				e.emitRemoved(from, g, m, RemovedRebalanceTimeout)
			}
			return late
		})
	}
	switch {
	case g.state == GroupDead:
	case g.electLeader():
		e.nextGeneration(g, from)
	case len(g.members) > 0:
		// Only static members, and none has rejoined: wait until their sessions end.
		// At least a second, else a rebalance timeout of 0 would fire for ever.
		e.setJoinTimer(g, max(g.rebalanceTimeoutMs(), 1000))
	default:
		g.generation++
		g.protocol = ""
		g.transition(GroupEmpty, e.now)
		e.emit(Event{Kind: KindGroupEmpty, Session: from, Group: g.id, Epoch: g.generation})
		e.writeGroup(from, g)
	}
}

// electLeader sees to it that the group leader is a member that has joined.
func (g *group) electLeader() bool {
	if g.leader == nil || g.leader.join.parked {
		return g.leader != nil
	}
	for _, m := range g.members {
		if m.join.parked {
			g.leader = m
			return true
		}
	}
	return false
}

// nextGeneration answers the parked JoinGroups and waits for SyncGroups.
func (e *Engine) nextGeneration(g *group, from Session) {
	if planted != bugGeneration {
		g.generation++
	}
	g.protocol = g.selectProtocol()
	g.transition(GroupCompletingRebalance, e.now)
	e.emit(Event{Kind: KindGeneration, Session: from, Group: g.id, Member: g.leader.id, Epoch: g.generation,
		Aux: int64(len(g.members)), Bytes: []byte(g.protocol)})
	for _, m := range g.members {
		if m.join.parked {
			e.answerJoin(g, m, None, g.joined(m, m == g.leader))
		}
		e.keepAlive(g, m, m.sessionTimeoutMs)
		m.isNew, m.pendingSync = false, true
	}
	g.pendingSync = len(g.members)
	g.syncEpoch++
	e.timers.set(timer{at: e.now + Time(g.rebalanceTimeoutMs()), kind: timerSync, owner: uint32(g.id), epoch: g.syncEpoch})
}

// forgetSyncs stops waiting for SyncGroups.
func (e *Engine) forgetSyncs(g *group) {
	g.syncEpoch++
	if g.pendingSync > 0 {
		for _, m := range g.members {
			m.pendingSync = false
		}
		g.pendingSync = 0
	}
}

func (e *Engine) emitRemoved(from Session, g *group, m *member, why Removal) {
	e.emit(Event{Kind: KindMemberRemoved, Session: from, Group: g.id, Member: m.id, Aux: int64(why)})
}
