package engine

import "slices"

// Consumer groups (KIP-848) and the membership of share groups (KIP-932). A heartbeat
// creates or updates the member; what members subscribe to moves the group epoch; a
// higher group epoch makes a new target assignment; and each member is taken from what
// it has to its target, one heartbeat at a time (see group_reconcile.go).

// Member epochs of a heartbeat that have a meaning of their own.
const (
	joinEpoch        int32 = 0
	leaveEpoch       int32 = -1
	leaveStaticEpoch int32 = -2 // a static member that will come back
)

// Progress is how far a member of a consumer group has come. The numbers are Kafka's, in
// ConsumerGroupCurrentMemberAssignmentValue.
type Progress uint8

// The states of a member.
const (
	ProgressStable     Progress = iota // it has reached its epoch
	ProgressRevoking                   // it has to give partitions up first: UNREVOKED_PARTITIONS
	ProgressUnreleased                 // it waits for partitions that others still have: UNRELEASED_PARTITIONS
)

// groupTarget is what a consumer or share group has beside a classic one.
type groupTarget struct {
	assignmentEpoch int32              // of the target assignment
	moderns         int                // members that do not speak the classic protocol
	subscribed      []place            // each existing topic that some member subscribes to, with its partition count
	topicsSeen      uint64             // Engine.topicSerial when subscribed was last compared
	owner           map[place]MemberID // who has a partition, or has not given it up yet
	shares          []*sharePartition  // of a share group, by topic and partition
}

// memberTarget is what a member of a consumer or share group has beside one of a
// classic group.
type memberTarget struct {
	modern        bool // it sends ConsumerGroupHeartbeat or ShareGroupHeartbeat
	epoch         int32
	previousEpoch int32 // accepted when the reply with the present one was lost
	progress      Progress
	rack          string
	assignor      string
	topics        []string // that it subscribes to by name, sorted
	regex         string   // and by expression
	assigned      []place
	revoking      []place // given up in its assignment, and not yet confirmed
	target        []place
	due           Time // when it must have revoked, joined or synced; 0 for nothing to do
}

func (c *ConsumerGroupHeartbeat) apply(e *Engine, from Session, tok Token) {
	e.heartbeatOf(GroupConsumer, c, from, tok)
}

func (e *Engine) heartbeatOf(kind GroupKind, c *ConsumerGroupHeartbeat, from Session, tok Token) {
	body := &ConsumerGroupHeartbeatReply{Member: c.Member, Epoch: c.Epoch}
	code := c.check(kind)
	switch {
	case code != None:
	case e.coordinator != None:
		code = e.coordinator
	case c.Epoch < 0:
		code = e.leaveModern(kind, c, from)
	default:
		code = e.heartbeatModern(kind, c, from, body)
	}
	e.reply(from, tok, code, body)
}

// check refuses what makes no sense in itself.
func (c *ConsumerGroupHeartbeat) check(kind GroupKind) Code {
	long := max(len(c.Group), len(c.Member), len(c.Instance), len(c.Rack), len(c.ClientID), len(c.Host), len(c.Regex))
	for _, topic := range c.Topics {
		long = max(long, len(topic))
	}
	switch {
	case c.Group == "" || long > maxName || c.Member == "" && (c.Epoch != joinEpoch || kind == GroupShare):
		return InvalidRequest
	case c.Epoch == joinEpoch && (!c.Subscribed || kind == GroupShare && len(c.Topics) == 0 || kind == GroupConsumer && (c.RebalanceTimeoutMs < 0 || len(c.Owned) > 0)):
		return InvalidRequest
	case c.Epoch == leaveStaticEpoch && (c.Instance == "" || kind == GroupShare) || c.Epoch < leaveStaticEpoch:
		return InvalidRequest
	case c.Assignor != "" && !slices.Contains(serverAssignorNames[:], c.Assignor):
		return UnsupportedAssignor
	case c.Regex != "" && !validPattern(c.Regex):
		return InvalidRegularExpression
	}
	return None
}

func (e *Engine) heartbeatModern(kind GroupKind, c *ConsumerGroupHeartbeat, from Session, body *ConsumerGroupHeartbeatReply) Code {
	g := e.groupNamed(c.Group)
	if code := e.canServe(g, kind, c.Epoch == joinEpoch); code != None {
		return code
	}
	m, code := g.admit(c)
	switch {
	case code == FencedMemberEpoch:
		e.emitGroup(KindMemberFenced, from, g, m.id, c.Epoch, 0, nil)
		return code
	case code != None:
		return code
	case m == nil && g != nil && int64(len(g.members)) >= e.broker.modernSetting(brkModernMaxSize, kind):
		return GroupMaxSizeReached
	}
	e.writer.begin()
	g = e.groupOfKind(g, kind, from, c.Group)
	if body.Member == "" {
		body.Member = e.random.uuid()
	}
	m = e.memberFor(g, m, body.Member, c.Instance, from)
	cause := CauseMetadata
	if c.Epoch == joinEpoch {
		cause = CauseMemberJoined
	}
	bump := e.updateModern(g, m, c, from)
	had := m.assigned
	e.advanceGroup(g, m, from, bump, cause)
	e.reconcile(g, m, from, c.Owns, placesOf(c.Owned))
	e.finish(g, from)
	heartbeat, session := g.rules()
	e.keepAlive(g, m, int32(e.groupSetting(g.name, session)))

	body.Epoch, body.HeartbeatIntervalMs = m.epoch, int32(e.groupSetting(g.name, heartbeat))
	full := c.Epoch == joinEpoch || c.Subscribed && (kind == GroupShare || c.RebalanceTimeoutMs >= 0 && c.Owns)
	if full || !slices.Equal(had, m.assigned) {
		body.Assigned, body.Assignment = true, ownedTopics(m.assigned)
	}
	return None
}

// canServe says whether a heartbeat may go to group g, nil for one that is not there.
func (e *Engine) canServe(g *group, kind GroupKind, joining bool) Code {
	switch {
	case g != nil && g.kind == kind, joining && (g == nil || len(g.members) == 0):
		return None
	case joining && kind == GroupConsumer && g.kind == GroupClassic && e.mayUpgrade(g):
		return None
	}
	return GroupIDNotFound
}

// admit finds the member that a heartbeat comes from. No member and no error: it is a
// new one. A static member of another name gives its place to the one that joins.
func (g *group) admit(c *ConsumerGroupHeartbeat) (*member, Code) {
	if g == nil {
		return nil, None
	}
	m := g.member(c.Member)
	if c.Instance != "" {
		static := g.byInstance[c.Instance]
		switch {
		case c.Epoch == joinEpoch && static != nil && (static.epoch != leaveStaticEpoch || !static.modern):
			return nil, UnreleasedInstanceID
		case c.Epoch == joinEpoch && static != nil:
			return static, None
		case c.Epoch != joinEpoch && static == nil:
			return nil, UnknownMemberID
		case c.Epoch != joinEpoch && static != m:
			return nil, FencedInstanceID
		}
	}
	if m == nil {
		if c.Epoch == joinEpoch {
			return nil, None
		}
		return nil, UnknownMemberID
	}
	epoch, previous := m.epoch, m.previousEpoch
	if g.kind == GroupClassic { // about to be converted
		epoch, previous = g.generation, g.generation
	}
	lost := c.Epoch == previous && (g.kind == GroupShare || c.Owns && len(pick(placesOf(c.Owned), m.assigned, false)) == 0 ||
		c.Epoch == joinEpoch)
	if c.Epoch != epoch && (c.Epoch > epoch || !lost) {
		return m, FencedMemberEpoch
	}
	return m, None
}

// groupOfKind gives the group in the kind that is asked for: a new one, an empty one
// that changes, a classic one that is upgraded with its members.
func (e *Engine) groupOfKind(g *group, kind GroupKind, from Session, name string) *group {
	switch {
	case g == nil:
		g = e.makeGroup(from, name)
		g.become(kind)
	case g.kind == kind:
	case len(g.members) > 0:
		e.upgrade(g, from)
	default:
		e.forgetGroup(g)
		g.become(kind)
		g.byName, g.pendingJoin, g.generation = map[string]*member{}, 0, 0
		g.initial, g.newMemberAdded = false, false
		g.joinEpoch++
		g.transition(GroupEmpty, e.now)
		e.emitGroup(KindGroupConverted, from, g, 0, 0, int64(kind), nil)
	}
	return g
}

// become makes the group, which has no members or is being converted, one of that kind.
func (g *group) become(kind GroupKind) {
	shares := g.shares
	g.kind, g.groupTarget = kind, groupTarget{}
	g.protocol, g.leader = "", nil
	switch kind {
	case GroupClassic:
		g.protocolType = ""
	case GroupConsumer:
		g.protocolType, g.owner = consumerProtocol, map[place]MemberID{}
	case GroupShare:
		g.protocolType, g.shares = "share", shares
	}
}

// memberFor gives the member m under that name, or a new one.
func (e *Engine) memberFor(g *group, m *member, name, instance string, from Session) *member {
	if m != nil && m.name == name {
		return m
	}
	id := e.memberNamed(name)
	if m == nil {
		m = &member{id: id, name: name, instance: instance, session: from, timerAt: -1, memberTarget: memberTarget{modern: true}}
		g.members = append(g.members, m)
		g.byName[name] = m
		g.moderns++
		if instance != "" {
			g.byInstance[instance] = m
		}
		e.emitGroup(KindMemberJoined, from, g, id, 0, 0, []byte(name))
		return m
	}
	// A static member comes back under a new id and goes on where it left.
	e.forgetMember(g, m)
	e.emitRemoved(from, g, m, RemovedFenced)
	e.emitGroup(KindMemberReplaced, from, g, id, 0, int64(m.id), []byte(name))
	delete(g.byName, m.name)
	m.id, m.name, m.session = id, name, from
	m.epoch, m.previousEpoch, m.progress, m.timerAt = 0, 0, ProgressStable, -1
	g.byName[name] = m
	g.own(m, m.assigned)
	if len(m.target) > 0 {
		e.writeTarget(g, m)
	}
	return m
}

// memberNamed is the number of a member id that may have been seen before, the last ones
// first: it was given out just now, or its member comes back.
func (e *Engine) memberNamed(name string) MemberID {
	for i := len(e.memberNames) - 1; i > 0; i-- {
		if e.memberNames[i] == name {
			return MemberID(i)
		}
	}
	e.memberNames = append(e.memberNames, name)
	return MemberID(len(e.memberNames) - 1)
}

// updateModern takes over what a heartbeat says of its member, and tells whether that
// changes what the group subscribes to.
func (e *Engine) updateModern(g *group, m *member, c *ConsumerGroupHeartbeat, from Session) (bump bool) {
	was := *m
	if !m.modern { // it spoke the classic protocol
		g.vote(m, -1)
		m.modern, m.protocols = true, nil
		g.moderns++
	}
	m.session = from
	for _, said := range [...]struct{ now, was *string }{{&c.ClientID, &m.clientID}, {&c.Host, &m.host}, {&c.Rack, &m.rack}} {
		if *said.now != "" { // a client says it when it joins
			*said.was = *said.now
		}
	}
	if c.RebalanceTimeoutMs >= 0 {
		m.rebalanceTimeoutMs = c.RebalanceTimeoutMs
	}
	if c.Assignor != "" {
		m.assignor = c.Assignor
	}
	if c.Subscribed {
		m.subscribe(c.Topics)
		m.regex = c.Regex
	}
	bump = !slices.Equal(was.topics, m.topics) || was.regex != m.regex
	if bump || m.epoch == joinEpoch || was.modern != m.modern || was.clientID != m.clientID || was.host != m.host || was.rack != m.rack ||
		was.rebalanceTimeoutMs != m.rebalanceTimeoutMs || was.assignor != m.assignor {
		e.writeMember(g, m)
	}
	return bump
}

// subscribe sets the topics that a member asks for by name.
func (m *member) subscribe(topics []string) {
	topics = slices.Clone(topics)
	SortStrings(topics)
	m.topics = slices.Compact(topics)
}

// leaveModern takes a member out, or lets a static one be away for a while.
func (e *Engine) leaveModern(kind GroupKind, c *ConsumerGroupHeartbeat, from Session) Code {
	g := e.groupNamed(c.Group)
	if g == nil || g.kind != kind {
		return GroupIDNotFound
	}
	m, code := g.check(c.Member, c.Instance)
	if code != None {
		return code
	}
	if c.Epoch == leaveEpoch {
		e.emitGroup(KindMemberLeft, from, g, m.id, 0, 0, nil)
		e.depart(g, from, CauseMemberLeft, m)
		return None
	}
	e.writer.begin()
	m.epoch, m.due = leaveStaticEpoch, 0
	for _, x := range m.revoking {
		delete(g.owner, x)
	}
	m.revoking = nil
	e.emitGroup(KindMemberAway, from, g, m.id, 0, 0, nil)
	e.writeCurrent(g, m)
	e.finish(g, from)
	return None
}

// depart takes a member out of a consumer or share group. The next heartbeat of another
// member makes the new target assignment.
func (e *Engine) depart(g *group, from Session, cause Cause, gone ...*member) {
	e.writer.begin()
	for _, m := range gone {
		e.forgetMember(g, m)
		g.remove(m)
	}
	who := gone[len(gone)-1].id
	if e.mayDowngrade(g) {
		e.downgrade(g, from)
		e.rebalance(g, from, cause, who)
		return
	}
	e.compareTopics(g)
	e.bumpEpoch(g, from, cause, who)
	e.finish(g, from)
}

// expire takes out a member whose time is up.
func (e *Engine) expire(g *group, m *member, why Removal) {
	e.emitRemoved(0, g, m, why)
	e.depart(g, 0, CauseMemberExpired, m)
}

// emitGroup records a fact about a group that takes these fields.
//
//go:noinline
func (e *Engine) emitGroup(kind Kind, from Session, g *group, m MemberID, epoch int32, aux int64, bytes []byte) {
	e.emit(Event{Kind: kind, Session: from, Group: g.id, Member: m, Epoch: epoch, Aux: aux, Bytes: bytes})
}

// finish stores what has changed and says in which state the group is now.
func (e *Engine) finish(g *group, from Session) {
	if !e.writer.used {
		return
	}
	if e.writer.b.Count() > 0 {
		e.flushRecords(from, g)
	}
	state := GroupStable
	switch {
	case len(g.members) == 0:
		state = GroupEmpty
	case g.kind == GroupShare: // Empty or Stable, nothing else
	case g.generation > g.assignmentEpoch:
		state = GroupAssigning
	case slices.ContainsFunc(g.members, func(m *member) bool { return m.progress != ProgressStable || m.epoch != g.assignmentEpoch }):
		state = GroupReconciling
	}
	if state == g.state {
		return
	}
	g.transition(state, e.now)
	kind, aux := KindGroupState, int64(state)
	switch state {
	case GroupStable:
		kind, aux = KindGroupStable, 0
	case GroupEmpty:
		kind, aux = KindGroupEmpty, 0
	}
	e.emitGroup(kind, from, g, 0, g.generation, aux, nil)
}
