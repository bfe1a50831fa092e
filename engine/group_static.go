package engine

// replaceStatic gives the place of static member m to a client that has come with
// its group.instance.id and no member id: a restart, as a rule (KIP-345). The old
// member id is fenced. As in Kafka the client id and the host stay what they were.
func (e *Engine) replaceStatic(g *group, m *member, id MemberID, name string, c *JoinGroup, from Session, tok Token) {
	leaderWas := ""
	if g.leader != nil {
		leaderWas = g.leader.name
	}
	e.answerJoin(g, m, FencedInstanceID, &JoinGroupReply{Member: m.name, Generation: -1})
	e.answer(&m.sync, FencedInstanceID, &SyncGroupReply{})
	e.emitRemoved(from, g, m, RemovedFenced)
	e.emit(Event{Kind: KindMemberReplaced, Session: from, Group: g.id, Member: id, Aux: int64(m.id), Bytes: []byte(name)})
	delete(g.byName, m.name)
	m.id, m.name = id, name
	g.byName[name] = m
	m.isNew, m.timerAt = false, -1 // the old id's timer will find nobody
	e.keepAlive(g, m, m.sessionTimeoutMs)
	g.update(m, c, from, tok)

	switch {
	case g.state == GroupStable && g.selectProtocol() == g.protocol:
		// Nothing that was agreed on changes: no rebalance.
		e.writeGroup(from, g)
		leading := g.leader == m
		if c.version() < 9 {
			body := g.joined(m, false)
			body.Leader = leaderWas // so that an old client does not assign anew
			e.answerJoin(g, m, None, body)
			return
		}
		body := g.joined(m, leading)
		body.SkipAssignment = leading
		e.answerJoin(g, m, None, body)
	case g.canRebalance():
		// While completing, the group leader may already be assigning to the old id.
		e.rebalance(g, from, CauseStaticReplaced, m.id)
	default:
		e.maybeCompleteJoin(g, from)
	}
}
