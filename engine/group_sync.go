package engine

func (c *SyncGroup) apply(e *Engine, from Session, tok Token) {
	code, g := e.closed(c.Group), e.groupNamed(c.Group)
	if code == None && (g == nil || g.state == GroupEmpty) {
		code = UnknownMemberID
	}
	if code == None && g.kind != GroupClassic {
		body, code := e.syncConsumer(g, c)
		e.reply(from, tok, code, body)
		return
	}
	var m *member
	if code == None {
		m, code = g.checkSync(c)
	}
	if code != None {
		e.reply(from, tok, code, &SyncGroupReply{})
		return
	}
	g.synced(m)
	if g.pendingSync == 0 {
		g.syncEpoch++ // the sync timer has nothing to look for
	}
	if g.state == GroupStable {
		e.reply(from, tok, None, g.synchronized(m))
		return
	}
	m.sync = call{to: from, token: tok, parked: true}
	if g.leader == m {
		e.assign(g, c, from)
	}
}

func (g *group) checkSync(c *SyncGroup) (*member, Code) {
	if g.state == GroupDead {
		return nil, CoordinatorNotAvailable
	}
	m, code := g.check(c.Member, c.Instance)
	switch {
	case code != None:
	case c.Generation != g.generation && planted != bugOldGeneration:
		code = IllegalGeneration
	case c.ProtocolType != "" && c.ProtocolType != g.protocolType, c.Protocol != "" && c.Protocol != g.protocol:
		code = InconsistentGroupProtocol
	case g.state == GroupPreparingRebalance:
		code = RebalanceInProgress
	}
	return m, code
}

func (g *group) synchronized(m *member) *SyncGroupReply {
	return &SyncGroupReply{ProtocolType: g.protocolType, Protocol: g.protocol, Assignment: m.assignment}
}

// assign takes the group leader's assignments, stores the group and hands them out.
// A member that the group leader left out gets none.
func (e *Engine) assign(g *group, c *SyncGroup, from Session) {
	for _, m := range g.members {
		m.assignment = nil
	}
	for i := range c.Assignments {
		if m := g.member(c.Assignments[i].Member); m != nil {
			m.assignment = c.Assignments[i].Bytes
		}
	}
	if code := e.writeGroup(from, g); code != None {
		e.failSyncs(g, code)
		e.rebalance(g, from, CauseNotStored, g.leader.id)
		return
	}
	for _, m := range g.members {
		e.emit(Event{Kind: KindAssigned, Session: from, Group: g.id, Member: m.id, Epoch: g.generation, Bytes: m.assignment})
		e.answerSync(g, m, None, g.synchronized(m))
	}
	g.transition(GroupStable, e.now)
	e.emit(Event{Kind: KindGroupStable, Session: from, Group: g.id, Epoch: g.generation})
}

// answerSync answers a parked SyncGroup. The session starts afresh: it could lapse
// unnoticed while the member waited.
func (e *Engine) answerSync(g *group, m *member, code Code, body *SyncGroupReply) {
	if e.answer(&m.sync, code, body) {
		e.keepAlive(g, m, m.sessionTimeoutMs)
	}
}

// failSyncs takes back the assignments and answers the parked SyncGroups with code.
func (e *Engine) failSyncs(g *group, code Code) {
	for _, m := range g.members {
		m.assignment = nil
		e.answerSync(g, m, code, &SyncGroupReply{})
	}
}

// syncTimedOut takes out the members that have not sent SyncGroup in time.
func (e *Engine) syncTimedOut(g *group) {
	if g.pendingSync == 0 {
		return
	}
	who := MemberID(0)
	g.removeAll(func(m *member) bool {
		if m.pendingSync {
			who = max(who, m.id)
			e.emitRemoved(0, g, m, RemovedSyncTimeout)
			return true
		}
		return false
	})
	e.rebalance(g, 0, CauseMemberExpired, who)
}
