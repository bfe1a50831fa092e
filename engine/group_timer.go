package engine

// keepAlive moves the end of a member's session to ms from now. A timer that fires
// before that is left to fire: it looks again at the deadline then. So a heartbeat
// costs no timer.
func (e *Engine) keepAlive(g *group, m *member, ms int32) {
	m.deadline = e.now + Time(ms)
	if m.timerAt < 0 || m.timerAt > m.deadline {
		e.armSession(g, m)
	}
}

func (e *Engine) armSession(g *group, m *member) {
	if planted == bugUnwatched {
		return
	}
	m.timerAt = m.deadline
	e.timers.set(timer{at: m.deadline, kind: timerSession, owner: uint32(g.id), key: uint32(m.id)})
}

func (e *Engine) fireGroup(g *group, t timer) {
	switch t.kind {
	case timerJoin:
		if t.epoch == g.joinEpoch {
			e.joinTimedOut(g)
		}
	case timerSync:
		if t.epoch == g.syncEpoch {
			e.syncTimedOut(g)
		}
	case timerPending:
		if m := g.byName[e.memberNames[t.key]]; m != nil && m.pending {
			g.remove(m)
			e.emitRemoved(0, g, m, RemovedPending)
			e.completeIfAllJoined(g)
		}
	case timerDue:
		if m := g.member(e.memberNames[t.key]); m != nil && m.due == t.at && g.kind != GroupClassic {
			e.expire(g, m, RemovedRebalanceTimeout)
		}
	case timerSession:
		if m := g.member(e.memberNames[t.key]); m != nil && m.timerAt == t.at {
			e.sessionTimer(g, m)
		}
	}
}

func (e *Engine) sessionTimer(g *group, m *member) {
	m.timerAt = -1
	switch {
	case m.deadline > e.now:
		e.armSession(g, m)
	case g.state == GroupDead:
	case !m.isNew && (m.join.parked || m.sync.parked):
		// It waits for others: its session starts afresh when it is answered.
	default:
		e.sessionEnded(g, m)
	}
}

// sessionEnded takes out a member that was not heard of for its session timeout.
func (e *Engine) sessionEnded(g *group, m *member) {
	if g.kind != GroupClassic {
		e.expire(g, m, RemovedSessionTimeout)
		return
	}
	e.answerJoin(g, m, UnknownMemberID, &JoinGroupReply{Generation: -1})
	g.remove(m)
	e.emitRemoved(0, g, m, RemovedSessionTimeout)
	if g.state == GroupPreparingRebalance {
		e.completeIfAllJoined(g)
	} else {
		e.rebalance(g, 0, CauseMemberExpired, m.id)
	}
}

// completeIfAllJoined ends the join phase when nobody is missing any more; even the
// initial one, unlike maybeCompleteJoin.
func (e *Engine) completeIfAllJoined(g *group) {
	if g.state == GroupPreparingRebalance && g.allJoined() {
		e.completeJoin(g, 0)
	}
}
