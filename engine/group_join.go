package engine

import (
	"bytes"
	"slices"
)

// newestJoinVersion is the JoinGroup version that 0 stands for.
const newestJoinVersion = 9

func (c *JoinGroup) version() int16 {
	if c.Version == 0 {
		return newestJoinVersion
	}
	return c.Version
}

// tooLong: a string that could not have come over Kafka's protocol, nor go into its
// records.
func (c *JoinGroup) tooLong() bool {
	long := max(len(c.Instance), len(c.ClientID), len(c.Host), len(c.ProtocolType))
	for i := range c.Protocols {
		long = max(long, len(c.Protocols[i].Name))
	}
	return long > maxName-37 // a member id is a client id and a UUID
}

func (c *JoinGroup) apply(e *Engine, from Session, tok Token) {
	code, g := e.closed(c.Group), e.groupNamed(c.Group)
	timeout := int64(c.SessionTimeoutMs)
	switch {
	case code == InvalidGroupID:
	case c.tooLong():
		code = InvalidRequest
	case timeout < e.broker.value[brkGroupMinSession] || timeout > e.broker.value[brkGroupMaxSession]:
		code = InvalidSessionTimeout
	case code == None && g == nil && c.Member != "":
		code = UnknownMemberID
	}
	if code != None {
		e.refuseJoin(c, from, tok, code)
		return
	}
	made := g == nil
	if g != nil && g.kind != GroupClassic {
		if g.kind == GroupShare || len(g.members) > 0 {
			e.joinConsumer(g, c, from, tok)
			return
		}
		e.writer.begin() // empty, it may be of any kind
		e.groupOfKind(g, GroupClassic, from, c.Group)
		e.flushRecords(from, g)
		made = true
		if c.Member != "" {
			e.refuseJoin(c, from, tok, UnknownMemberID)
			return
		}
	}
	if g == nil {
		g = e.makeGroup(from, c.Group)
	}
	switch {
	case !e.accepts(g, c.Member):
		if m := g.byName[c.Member]; m != nil {
			g.remove(m)
			e.emitRemoved(from, g, m, RemovedGroupFull)
		}
		e.reply(from, tok, GroupMaxSizeReached, &JoinGroupReply{Generation: -1})
	case g.state == GroupDead:
		e.refuseJoin(c, from, tok, CoordinatorNotAvailable)
	case !g.supports(c.ProtocolType, c.Protocols):
		e.refuseJoin(c, from, tok, InconsistentGroupProtocol)
	case c.Member == "":
		e.joinNew(g, c, from, tok)
	default:
		e.joinKnown(g, c, from, tok)
	}
	if made {
		e.writeGroup(from, g) // so that a group is in the log as soon as it exists
	}
}

func (e *Engine) refuseJoin(c *JoinGroup, from Session, tok Token, code Code) {
	e.reply(from, tok, code, &JoinGroupReply{Member: c.Member, Generation: -1})
}

// accepts enforces group.max.size. While members rejoin, those who wait count, not
// those who are in: whoever comes last is left out.
func (e *Engine) accepts(g *group, name string) bool {
	m := g.member(name)
	switch g.state {
	case GroupEmpty, GroupDead:
		return true
	case GroupPreparingRebalance:
		return m != nil && m.join.parked || int64(g.awaitingJoin) < e.broker.value[brkGroupMaxSize]
	}
	return m != nil || int64(len(g.members)) < e.broker.value[brkGroupMaxSize]
}

// joinNew lets in a client that has no member id.
func (e *Engine) joinNew(g *group, c *JoinGroup, from Session, tok Token) {
	if c.Instance != "" {
		id, name := e.nameMember(c.Instance)
		if m := g.byInstance[c.Instance]; m != nil {
			e.replaceStatic(g, m, id, name, c, from, tok)
		} else {
			e.addMember(g, &member{id: id, name: name}, c, from, tok)
		}
		return
	}
	id, name := e.nameMember(c.ClientID)
	m := &member{id: id, name: name}
	if c.version() < 4 {
		e.addMember(g, m, c, from, tok)
		return
	}
	m.pending, m.clientID, m.host, m.session = true, c.ClientID, c.Host, from
	g.byName[name] = m
	g.pendingJoin++
	e.timers.set(timer{at: e.now + Time(c.SessionTimeoutMs), kind: timerPending, owner: uint32(g.id), key: uint32(id)})
	e.emit(Event{Kind: KindMemberIDGiven, Session: from, Group: g.id, Member: id, Bytes: []byte(name)})
	e.reply(from, tok, MemberIDRequired, &JoinGroupReply{Member: name, Generation: -1})
}

// joinKnown handles a JoinGroup with a member id.
func (e *Engine) joinKnown(g *group, c *JoinGroup, from Session, tok Token) {
	if m := g.byName[c.Member]; m != nil && m.pending {
		if c.Instance != "" { // ids are given to dynamic members only
			e.refuseJoin(c, from, tok, UnknownServerError)
			return
		}
		m.pending = false
		g.pendingJoin--
		e.addMember(g, m, c, from, tok)
		return
	}
	m, code := g.check(c.Member, c.Instance)
	if code != None {
		e.refuseJoin(c, from, tok, code)
		return
	}
	changed := !sameProtocols(m.protocols, c.Protocols)
	leading := g.leader == m
	switch {
	case g.state == GroupPreparingRebalance || changed:
		e.rejoin(g, m, c, from, tok, CauseMetadata)
	case g.state == GroupStable && leading:
		// The group leader asks for a new assignment, though nothing in the
		// membership changed: a topic has got partitions, for example.
		e.rejoin(g, m, c, from, tok, CauseLeaderRejoined)
	default:
		// Nothing new: perhaps the reply was lost.
		e.reply(from, tok, None, g.joined(m, leading && g.state == GroupCompletingRebalance))
	}
}

func sameProtocols(a, b []JoinProtocol) bool {
	return slices.EqualFunc(a, b, func(x, y JoinProtocol) bool {
		return x.Name == y.Name && bytes.Equal(x.Metadata, y.Metadata)
	})
}

// addMember makes m a member, which starts a rebalance.
func (e *Engine) addMember(g *group, m *member, c *JoinGroup, from Session, tok Token) {
	m.instance, m.clientID, m.host = c.Instance, c.ClientID, c.Host
	m.isNew, m.timerAt = true, -1
	if g.state == GroupPreparingRebalance && g.previous == GroupEmpty {
		g.newMemberAdded = true
	}
	if len(g.members) == 0 {
		g.protocolType = c.ProtocolType
	}
	if g.leader == nil {
		g.leader = m
	}
	g.members = append(g.members, m)
	g.byName[m.name] = m
	if m.instance != "" {
		g.byInstance[m.instance] = m
	}
	g.update(m, c, from, tok)
	e.keepAlive(g, m, newMemberJoinTimeoutMs)
	e.emit(Event{Kind: KindMemberJoined, Session: from, Group: g.id, Member: m.id, Bytes: []byte(m.name)})
	e.rebalance(g, from, CauseMemberJoined, m.id)
}

// update takes over what a JoinGroup says and parks it. A JoinGroup that was parked
// already is superseded and never answered: so it is in Kafka too (ClassicGroup's
// updateMember replaces the future), whose client has given up on that connection.
func (g *group) update(m *member, c *JoinGroup, from Session, tok Token) {
	g.vote(m, -1)
	m.protocols = append(m.protocols[:0], c.Protocols...)
	g.vote(m, 1)
	m.rebalanceTimeoutMs, m.sessionTimeoutMs, m.session = c.RebalanceTimeoutMs, c.SessionTimeoutMs, from
	if !m.join.parked {
		g.awaitingJoin++
	}
	m.join = call{to: from, token: tok, parked: true}
}

// rejoin takes a known member into the rebalance under way, or starts one.
func (e *Engine) rejoin(g *group, m *member, c *JoinGroup, from Session, tok Token, cause Cause) {
	g.update(m, c, from, tok)
	begin := g.canRebalance()
	if begin {
		e.beginRebalance(g, from, cause, m.id)
	}
	e.emit(Event{Kind: KindMemberRejoined, Session: from, Group: g.id, Member: m.id})
	if begin {
		e.joinOrWait(g, from)
	} else {
		e.maybeCompleteJoin(g, from)
	}
}

// joined is the successful reply to a JoinGroup; the group leader's lists the members.
func (g *group) joined(m *member, list bool) *JoinGroupReply {
	body := &JoinGroupReply{Member: m.name, Generation: g.generation, ProtocolType: g.protocolType, Protocol: g.protocol}
	if g.leader != nil {
		body.Leader = g.leader.name
	}
	if list {
		body.Members = make([]JoinMember, len(g.members))
		for i, other := range g.members {
			body.Members[i] = JoinMember{other.name, other.instance, other.metadata(g.protocol)}
		}
	}
	return body
}
