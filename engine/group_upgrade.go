package engine

import "slices"

// The way between the two protocols of consumers (KIP-848, "online migration"). A classic
// group becomes a consumer group when the first member of the new protocol joins, and
// classic again when the last one has left. group.consumer.migration.policy may forbid
// either.

// mayUpgrade tells whether a member of the new protocol can join a classic group: its
// members must be consumers, whose bytes the coordinator can read.
func (e *Engine) mayUpgrade(g *group) bool {
	if e.broker.value[brkMigration]&migrationUpgrade == 0 || g.protocolType != consumerProtocol || g.state == GroupDead ||
		int64(len(g.members)) > e.broker.modernSetting(brkModernMaxSize, GroupConsumer) {
		return false
	}
	for _, m := range g.members {
		_, err := m.subscription()
		if _, err2 := ParseAssignment(m.assignment); err != nil || err2 != nil {
			return false
		}
	}
	return true
}

// subscription is what a member of the classic protocol says that it wants.
func (m *member) subscription() (Subscription, error) {
	return ParseSubscription(m.protocols[0].Metadata)
}

// upgrade makes a classic group a consumer group. Everybody keeps its partitions, and
// the generation goes on as the group epoch.
func (e *Engine) upgrade(g *group, from Session) {
	e.forgetGroup(g)
	e.forgetSyncs(g)
	g.joinEpoch++
	g.initial, g.newMemberAdded, g.pendingJoin = false, false, 0
	g.byName = make(map[string]*member, len(g.members)) // without the ids that nobody has used
	g.become(GroupConsumer)
	g.assignmentEpoch = g.generation
	e.emitGroup(KindGroupConverted, from, g, 0, 0, int64(GroupConsumer), nil)
	e.writeEpoch(g)
	for _, m := range g.members {
		e.answerJoin(g, m, RebalanceInProgress, &JoinGroupReply{Member: m.name, Generation: -1})
		e.answerSync(g, m, RebalanceInProgress, &SyncGroupReply{})
		g.byName[m.name] = m
		m.isNew, m.epoch, m.previousEpoch = false, g.generation, g.generation
		s, _ := m.subscription()
		m.subscribe(s.Topics)
		m.rack = s.Rack
		a, _ := ParseAssignment(m.assignment)
		for _, x := range e.placesNamed(a.Partitions) {
			if g.owner[x] == 0 { // the group leader may have given one out twice
				m.assigned = append(m.assigned, x)
				g.owner[x] = m.id
			}
		}
		m.target, m.assignment = m.assigned, e.assignmentOf(m.assigned)
		e.keepAlive(g, m, m.sessionTimeoutMs)
		e.writeMember(g, m)
		e.writeTarget(g, m)
		e.writeCurrent(g, m)
	}
	e.writeTargetEpoch(g)
}

// mayDowngrade tells whether only members of the classic protocol are left.
func (e *Engine) mayDowngrade(g *group) bool {
	return g.kind == GroupConsumer && g.moderns == 0 && len(g.members) > 0 && e.broker.value[brkMigration]&migrationDowngrade != 0 &&
		int64(len(g.members)) <= e.broker.value[brkGroupMaxSize]
}

// downgrade makes a consumer group a classic one. Its members keep what they have.
func (e *Engine) downgrade(g *group, from Session) {
	for _, m := range g.members {
		e.forgetMember(g, m)
		m.memberTarget = memberTarget{}
	}
	e.forgetGroup(g)
	e.flushRecords(from, g)
	g.become(GroupClassic)
	g.protocolType = consumerProtocol
	g.leader, g.protocol = g.members[0], g.selectProtocol()
	g.transition(GroupStable, e.now)
	e.emitGroup(KindGroupConverted, from, g, 0, 0, int64(GroupClassic), nil)
	e.writeGroup(from, g)
	for _, m := range g.members {
		e.keepAlive(g, m, m.sessionTimeoutMs)
	}
}

// joinConsumer is JoinGroup to a consumer group: the member is served like the others,
// and its subscription tells what it owns. It never waits.
func (e *Engine) joinConsumer(g *group, c *JoinGroup, from Session, tok Token) {
	m, code := g.admitClassic(c)
	s, err := Subscription{}, error(nil)
	switch {
	case g.kind != GroupConsumer || !g.supports(c.ProtocolType, c.Protocols):
		code = InconsistentGroupProtocol
	case g.member(c.Member) == nil && int64(len(g.members)) >= e.broker.modernSetting(brkModernMaxSize, GroupConsumer):
		code = GroupMaxSizeReached
	case code == None:
		if s, err = ParseSubscription(c.Protocols[0].Metadata); err != nil {
			code = UnknownServerError
		}
	}
	if code != None {
		e.refuseJoin(c, from, tok, code)
		return
	}
	name := c.Member
	if name == "" && c.Instance == "" && c.version() >= 4 {
		id, name := e.nameMember(c.ClientID)
		e.emitGroup(KindMemberIDGiven, from, g, id, 0, 0, []byte(name))
		e.reply(from, tok, MemberIDRequired, &JoinGroupReply{Member: name, Generation: -1})
		return
	}
	if name == "" {
		if name = c.Instance; name == "" {
			name = c.ClientID
		}
		name += "-" + e.random.uuid()
	}
	e.writer.begin()
	m = e.memberFor(g, m, name, c.Instance, from)
	bump := e.updateClassic(g, m, c, &s, from)
	e.advanceGroup(g, m, from, bump, CauseMetadata)
	e.reconcile(g, m, from, true, e.placesNamed(s.Owned))
	body := &JoinGroupReply{Member: m.name, Generation: m.epoch, ProtocolType: g.protocolType, Protocol: m.protocols[0].Name}
	if e.mayDowngrade(g) { // it took the place of the last member of the new protocol
		e.downgrade(g, from)
	} else {
		e.finish(g, from)
		e.keepAlive(g, m, m.sessionTimeoutMs)
		e.setDue(g, m, c.RebalanceTimeoutMs)
	}
	e.reply(from, tok, None, body)
}

// admitClassic finds the member that sends JoinGroup to a consumer group; nil with None
// for a new one.
func (g *group) admitClassic(c *JoinGroup) (*member, Code) {
	if c.Instance == "" {
		return g.member(c.Member), None
	}
	if c.Member == "" {
		return g.byInstance[c.Instance], None
	}
	return g.check(c.Member, c.Instance)
}

// updateClassic takes over what a JoinGroup says, and tells whether that changes what
// the group subscribes to.
func (e *Engine) updateClassic(g *group, m *member, c *JoinGroup, s *Subscription, from Session) bool {
	if m.modern {
		m.modern = false
		g.moderns--
	}
	g.vote(m, -1)
	m.protocols = append(m.protocols[:0:0], c.Protocols...)
	g.vote(m, 1)
	m.clientID, m.host, m.session = c.ClientID, c.Host, from
	m.rebalanceTimeoutMs, m.sessionTimeoutMs, m.rack = c.RebalanceTimeoutMs, c.SessionTimeoutMs, s.Rack
	was, regex := m.topics, m.regex
	m.subscribe(s.Topics)
	m.regex = ""
	e.writeMember(g, m)
	return regex != "" || !slices.Equal(was, m.topics)
}

// checkClassic finds the member of the classic protocol that a request to a consumer
// group names.
func (g *group) checkClassic(name, instance string, generation int32) (*member, Code) {
	m, code := g.check(name, instance)
	switch {
	case code != None:
	case m.modern:
		code = UnknownMemberID
	case generation != m.epoch:
		code = IllegalGeneration
	}
	return m, code
}

// syncConsumer is SyncGroup to a consumer group: the member gets what is its own by now.
func (e *Engine) syncConsumer(g *group, c *SyncGroup) (*SyncGroupReply, Code) {
	m, code := g.checkClassic(c.Member, c.Instance, c.Generation)
	switch {
	case code != None:
	case c.ProtocolType != "" && c.ProtocolType != g.protocolType, c.Protocol != "" && c.Protocol != m.protocols[0].Name:
		code = InconsistentGroupProtocol
	case g.generation > m.epoch && m.progress != ProgressRevoking:
		code = e.mustRejoin(g, m)
	default:
		m.due = 0
		e.keepAlive(g, m, m.sessionTimeoutMs)
		return &SyncGroupReply{ProtocolType: g.protocolType, Protocol: m.protocols[0].Name, Assignment: m.assignment}, None
	}
	return &SyncGroupReply{}, code
}

// heartbeatConsumer is Heartbeat to a consumer group. The member is sent back to
// JoinGroup when there is a new epoch, when it has to tell that it has revoked, or when
// it can get what it waits for.
func (e *Engine) heartbeatConsumer(g *group, c *Heartbeat) Code {
	m, code := g.checkClassic(c.Member, c.Instance, c.Generation)
	if code != None {
		return code
	}
	e.keepAlive(g, m, m.sessionTimeoutMs)
	if m.epoch < g.generation || m.progress == ProgressRevoking || m.progress == ProgressUnreleased && g.released(m) {
		return e.mustRejoin(g, m)
	}
	return None
}

// released tells whether nobody else has what the member waits for.
func (g *group) released(m *member) bool {
	for _, x := range pick(m.target, m.assigned, false) {
		if g.owner[x] != 0 {
			return false
		}
	}
	return true
}

// mustRejoin gives a member of the classic protocol its rebalance timeout to rejoin.
func (e *Engine) mustRejoin(g *group, m *member) Code {
	if m.due == 0 {
		e.setDue(g, m, m.rebalanceTimeoutMs)
	}
	return RebalanceInProgress
}

// leaveConsumer is LeaveGroup to a consumer group, which only serves members of the
// classic protocol.
func (e *Engine) leaveConsumer(g *group, c *LeaveGroup, body *LeaveGroupReply, from Session) {
	var gone []*member
	for i := range c.Members {
		l := &c.Members[i]
		m, code := g.byInstance[l.Instance], UnknownMemberID
		if l.Member != "" {
			m, code = g.check(l.Member, l.Instance)
		} else if m != nil {
			code = None
		}
		if code == None && (m.modern || slices.Contains(gone, m)) {
			code = UnknownMemberID
		}
		if body.Members[i].Code = code; code == None {
			gone = append(gone, m)
			e.emitGroup(KindMemberLeft, from, g, m.id, 0, 0, []byte(l.Reason))
		}
	}
	if len(gone) > 0 {
		e.depart(g, from, CauseMemberLeft, gone...)
	}
}
