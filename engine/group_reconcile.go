package engine

import "slices"

// advanceGroup moves the group epoch when what its members subscribe to, or the topics
// themselves, have changed, and makes a target assignment for it.
func (e *Engine) advanceGroup(g *group, m *member, from Session, bump bool, cause Cause) {
	bump = bump || g.generation == 0
	if bump || g.topicsSeen != e.topicSerial {
		if e.compareTopics(g) && !bump {
			bump, cause = true, CauseTopics
		}
	}
	if bump {
		e.bumpEpoch(g, from, cause, m.id)
	}
	if g.generation > g.assignmentEpoch {
		e.retarget(g, from)
	}
}

func (e *Engine) bumpEpoch(g *group, from Session, cause Cause, who MemberID) {
	g.generation++
	e.writeEpoch(g)
	e.emitGroup(KindGroupEpoch, from, g, who, g.generation, int64(cause), nil)
}

// compareTopics looks which of the topics that members subscribe to exist, with how many
// partitions, and tells whether that is news.
func (e *Engine) compareTopics(g *group) bool {
	var now []place
	add := func(t *topic) {
		if x := placeOf(t.id, Partition(len(t.partitions))); !slices.Contains(now, x) {
			now = append(now, x)
		}
	}
	for i, m := range g.members {
		if i > 0 && m.regex == g.members[i-1].regex && slices.Equal(m.topics, g.members[i-1].topics) {
			continue
		}
		for _, name := range m.topics {
			if t := e.topicNamed(name); t != nil {
				add(t)
			}
		}
		e.eachMatch(m.regex, add)
	}
	sortPlaces(now)
	g.topicsSeen = e.topicSerial
	if slices.Equal(now, g.subscribed) {
		return false
	}
	g.subscribed = now
	e.writeSubscribed(g)
	return true
}

// eachMatch visits the topics whose names match a regular expression as a whole.
func (e *Engine) eachMatch(regex string, visit func(*topic)) {
	if regex == "" {
		return
	}
	p := compilePattern(regex)
	for _, t := range e.topics {
		if t != nil && p.match(t.name) {
			visit(t)
		}
	}
}

// topicsOf lists the existing topics that a member subscribes to.
func (e *Engine) topicsOf(m *member) []string {
	var names []string
	for _, name := range m.topics {
		if e.topicNamed(name) != nil {
			names = append(names, name)
		}
	}
	e.eachMatch(m.regex, func(t *topic) {
		if !slices.Contains(names, t.name) {
			names = append(names, t.name)
		}
	})
	return names
}

// retarget makes the target assignment of the group epoch.
func (e *Engine) retarget(g *group, from Session) {
	if g.kind == GroupShare {
		e.targetShared(g, from)
	} else {
		e.targetConsumers(g, from)
	}
	g.assignmentEpoch = g.generation
	e.writeTargetEpoch(g)
	e.emitGroup(KindTargetAssigned, from, g, 0, g.assignmentEpoch, int64(len(g.members)), nil)
}

func (e *Engine) targetConsumers(g *group, from Session) {
	members := make([]AssignorMember, len(g.members))
	for i, m := range g.members {
		if i > 0 && m.regex == g.members[i-1].regex && slices.Equal(m.topics, g.members[i-1].topics) {
			members[i].Subscription.Topics = members[i-1].Subscription.Topics
		} else {
			members[i].Subscription.Topics = e.topicsOf(m)
		}
		a := &members[i]
		a.ID, a.Instance, a.Subscription.Rack, a.Subscription.Generation = m.name, m.instance, m.rack, -1
		a.Subscription.Owned = e.namedPlaces(m.target)
	}
	topics := make([]AssignorTopic, len(g.subscribed))
	for i, s := range g.subscribed {
		topics[i] = AssignorTopic{Name: e.TopicName(s.topic()), Partitions: int32(s.partition())}
	}
	result, _ := AssignOnServer(g.serverAssignor(), members, topics)
	for i := range result {
		e.setTarget(g, g.byName[result[i].Member], e.placesNamed(result[i].Partitions), from)
	}
}

func (e *Engine) setTarget(g *group, m *member, target []place, from Session) {
	if slices.Equal(m.target, target) {
		return
	}
	m.target = target
	e.writeTarget(g, m)
	e.emitGroup(KindMemberTarget, from, g, m.id, g.generation, 0, e.assignmentOf(target))
}

// serverAssignor is the one that most members ask for, or the default.
func (g *group) serverAssignor() string {
	votes := [len(serverAssignorNames)]int{}
	best := 0
	for _, m := range g.members {
		if i := slices.Index(serverAssignorNames[:], m.assignor); i >= 0 {
			votes[i]++
		}
	}
	for i := range votes {
		if votes[i] > votes[best] {
			best = i
		}
	}
	return serverAssignorNames[best]
}

// reconcile takes a member one step towards its target (CurrentAssignmentBuilder of
// KIP-848). It first gives up what it is not to have, and says so with its owned
// partitions; then it enters the epoch of the target assignment, and gets from its target
// what nobody else has any more.
func (e *Engine) reconcile(g *group, m *member, from Session, owns bool, owned []place) {
	if g.kind == GroupShare { // several members may have a partition: nothing to wait for
		if m.epoch != g.assignmentEpoch || !slices.Equal(m.assigned, m.target) {
			e.reach(g, m, from, g.assignmentEpoch, ProgressStable, m.target, nil)
		}
		return
	}
	if !owns {
		owned = m.everything() // it did not say, so it may have all of it still
	}
	epoch := m.epoch
	switch m.progress {
	case ProgressStable:
		if m.epoch == g.assignmentEpoch {
			return
		}
	case ProgressRevoking:
		if len(pick(owned, m.revoking, true)) > 0 {
			return
		}
		epoch++
	}
	keep, revoke := pick(m.assigned, m.target, true), pick(m.assigned, m.target, false)
	var free []place
	progress := ProgressStable
	for _, x := range pick(m.target, keep, false) {
		if g.owner[x] == 0 || planted == bugHurried {
			free = append(free, x)
		} else {
			progress = ProgressUnreleased
		}
	}
	if len(pick(owned, revoke, true)) > 0 {
		e.reach(g, m, from, epoch, ProgressRevoking, keep, revoke)
		return
	}
	e.reach(g, m, from, g.assignmentEpoch, progress, joinPlaces(keep, free), nil)
}

// everything is what a member has or was told to give up.
func (m *member) everything() []place { return joinPlaces(m.assigned, m.revoking) }

// reach notes how far a member has come, if that is anything new.
func (e *Engine) reach(g *group, m *member, from Session, epoch int32, progress Progress, assigned, revoking []place) {
	same := slices.Equal(m.assigned, assigned)
	if same && m.epoch == epoch && m.progress == progress && slices.Equal(m.revoking, revoking) {
		return
	}
	if gone := pick(m.revoking, revoking, false); len(gone) > 0 {
		e.emitGroup(KindRevoked, from, g, m.id, epoch, 0, e.assignmentOf(gone))
	}
	g.release(m)
	m.previousEpoch, m.epoch, m.progress, m.assigned, m.revoking = m.epoch, epoch, progress, assigned, revoking
	g.own(m, assigned)
	g.own(m, revoking)
	if !same || m.assignment == nil {
		m.assignment = e.assignmentOf(assigned)
		e.emitGroup(KindAssigned, from, g, m.id, epoch, 0, m.assignment)
	}
	switch progress {
	case ProgressRevoking:
		e.emitGroup(KindReconciling, from, g, m.id, epoch, 0, e.assignmentOf(revoking))
	case ProgressUnreleased:
		e.emitGroup(KindReconciling, from, g, m.id, epoch, int64(len(m.target)-len(assigned)), nil)
	default:
		e.emitGroup(KindMemberStable, from, g, m.id, epoch, 0, nil)
	}
	if m.modern {
		m.due = 0
		if progress == ProgressRevoking {
			e.setDue(g, m, m.rebalanceTimeoutMs)
		}
	}
	e.writeCurrent(g, m)
}

// setDue gives a member time to revoke, join or sync.
//
//go:noinline
func (e *Engine) setDue(g *group, m *member, ms int32) {
	m.due = e.now + Time(ms)
	if planted == bugRevokeForever {
		return
	}
	e.timers.set(timer{at: m.due, kind: timerDue, owner: uint32(g.id), key: uint32(m.id)})
}

//go:noinline
func (g *group) own(m *member, list []place) {
	if g.owner != nil {
		for _, x := range list {
			g.owner[x] = m.id
		}
	}
}

// release frees the partitions that a member has or was giving up.
//
//go:noinline
func (g *group) release(m *member) {
	for _, x := range m.assigned {
		delete(g.owner, x)
	}
	for _, x := range m.revoking {
		delete(g.owner, x)
	}
}
