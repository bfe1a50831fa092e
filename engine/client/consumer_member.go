package client

import "partita/engine"

// membership is the consumer's place in its group.
type membership struct {
	state      memberState
	memberID   string
	generation int32 // -1 outside a generation
	protocol   string
	eager      bool // all partitions are revoked before a rebalance (KIP-429)
	everJoined bool

	rejoin       bool // the next poll joins again
	needsPrepare bool // and before that gives up partitions
	prepareTill  engine.Time
	preparing    *commit      // the auto commit before partitions are revoked
	joinReply    engine.Reply // answered JoinGroup, until poll looks at it
	joinAnswered bool
	joinAt       engine.Time // not before
	joinFail     int
	assignment   []byte // given by SyncGroup, until poll takes it over
	assigned     bool   // there is one

	leads   bool
	divided []engine.AssignorTopic // what the group leader's last assignment was made from

	lastGiven      []engine.TopicPartitions // what sticky assignors remember
	lastGeneration int32

	joinedAs    GroupMetadata // as of the last assignment that poll took over
	coordinator int32         // the group coordinator's broker; -1 not known
	findAt      engine.Time
	findFail    int

	beatAt      engine.Time // the next heartbeat
	beatFail    int
	sessionFrom engine.Time // when the coordinator was last heard of
}

// memberState is Java's AbstractCoordinator.MemberState.
type memberState uint8

const (
	unjoined   memberState = iota
	joining                // JoinGroup is under way, or its answer was not looked at
	completing             // SyncGroup is under way
	stable
)

// inGroup reports whether the background thread has work: after JoinGroup's answer.
func (m *membership) inGroup() bool { return m.state >= completing }

// background is Java's heartbeat thread. It finds out that the application has not
// polled for max.poll.interval.ms, and leaves the group.
func (c *Consumer) background() {
	if c.inPoll() {
		c.lastPoll = c.now
	}
	switch {
	case !c.inGroup():
	case c.now >= c.pollDeadline():
		c.fact(Fact{Kind: FactPollTimeout, Epoch: c.generation})
		c.leave("consumer poll timeout has expired.")
		c.reset(true)
	case c.now >= c.beatAt && !c.waiting(callHeartbeat) && c.coordinated():
		c.beatAt = c.now + engine.Time(c.cfg.HeartbeatIntervalMs)
		c.send(call{kind: callHeartbeat, to: -c.coordinator, deadline: c.now + engine.Time(min(c.cfg.RequestTimeoutMs, c.cfg.SessionTimeoutMs))},
			&engine.Heartbeat{Group: c.cfg.GroupID, Member: c.memberID, Instance: c.cfg.GroupInstanceID, Generation: c.generation})
	}
}

// backgroundAt is when the background thread has something to do next.
func (c *Consumer) backgroundAt() engine.Time {
	at := never
	if !c.inGroup() {
		return at
	}
	if !c.waiting(callHeartbeat) && c.coordinator >= 0 {
		at = max(c.beatAt, c.usableAt(-c.coordinator))
	}
	if !c.inPoll() {
		at = min(at, c.pollDeadline())
	}
	return at
}

func (c *Consumer) pollDeadline() engine.Time {
	return c.lastPoll + engine.Time(c.cfg.MaxPollIntervalMs)
}

// coordinated reports whether the coordinator is known and may be talked to; if not it
// is looked for.
func (c *Consumer) coordinated() bool {
	at := c.findAt
	if c.coordinator >= 0 {
		at = c.usableAt(-c.coordinator)
	}
	switch {
	case at > c.now:
		c.wake(at)
	case c.coordinator >= 0:
		return true
	case !c.waiting(callFind):
		c.send(call{kind: callFind}, &engine.FindCoordinator{Key: c.cfg.GroupID})
	}
	return false
}

// found takes the answer to FindCoordinator.
func (c *Consumer) found(r *engine.Reply) {
	body, ok := r.Body.(*engine.FindCoordinatorReply)
	switch {
	case r.Code == engine.None && ok:
		c.coordinator, c.findFail = body.Broker, 0
	case r.Code.Retriable():
		c.findAt = c.retryAt(&c.findFail)
	default:
		c.fail(Fact{Code: r.Code})
	}
}

// lostCoordinator is Java's markCoordinatorUnknown: its connection is closed.
func (c *Consumer) lostCoordinator() {
	if to := c.coordinator; to >= 0 {
		c.coordinator = -1
		c.hangUp(-to)
	}
}

// startBeating is what JoinGroup's success does to the background thread.
func (c *Consumer) startBeating() {
	c.forget(callHeartbeat)
	c.sessionFrom, c.lastPoll, c.beatFail = c.now, c.now, 0
	c.beatAt = c.now + engine.Time(c.cfg.HeartbeatIntervalMs)
}

// heard takes a heartbeat's answer.
func (c *Consumer) heard(k *call, code engine.Code) {
	if k.generation != c.generation || !c.inGroup() {
		return
	}
	switch code {
	case engine.None:
		c.sessionFrom, c.beatFail = c.now, 0
	case engine.RebalanceInProgress:
		c.sessionFrom, c.beatFail = c.now, 0
		if c.state == stable && !c.rejoin {
			c.rejoin = true
			c.fact(Fact{Kind: FactRejoining, Code: code, Epoch: c.generation})
		}
	case engine.FencedInstanceID:
		c.fail(Fact{Code: code})
	case engine.UnknownMemberID, engine.IllegalGeneration:
		c.thrownOut(code)
	default:
		c.beatAt = c.retryAt(&c.beatFail)
	}
}

// thrownOut is that the coordinator does not know the member, or its generation: the
// next poll finds its partitions lost and joins again. Of an old generation the
// member id is still good.
func (c *Consumer) thrownOut(code engine.Code) {
	c.fact(Fact{Kind: FactRejoining, Code: code, Epoch: c.generation})
	c.reset(code != engine.IllegalGeneration)
}

// reset is Java's resetStateAndRejoin: what it owned is lost, and poll is to see to that
// even if it has prepared to join before.
func (c *Consumer) reset(memberToo bool) {
	c.state, c.generation, c.protocol = unjoined, -1, ""
	c.rejoin, c.needsPrepare, c.joinAnswered, c.assigned = true, true, false, false
	c.assignment = nil
	if memberToo {
		c.memberID = ""
	}
	c.forget(callJoin)
	c.forget(callSync)
	c.forget(callHeartbeat)
	c.forget(callBeat)
}

// leave says goodbye, which only dynamic members do (KIP-345). It reports whether
// there is an answer to wait for.
func (c *Consumer) leave(reason string) bool {
	if c.isModern() {
		return c.leaveModern()
	}
	if c.cfg.GroupInstanceID != "" || c.memberID == "" || c.state == unjoined || c.coordinator < 0 {
		return false
	}
	c.send(call{kind: callLeave, to: -c.coordinator}, &engine.LeaveGroup{Group: c.cfg.GroupID,
		Members: []engine.LeavingMember{{Member: c.memberID, Reason: reason}}})
	return true
}

// fail ends the consumer with an error that Java's poll would throw: the application
// closes it and ends. f says what was wrong. A fenced consumer cannot even say
// goodbye.
func (c *Consumer) fail(f Fact) {
	if c.ended != 0 {
		return
	}
	f.Kind = FactFatal
	c.fatal = f.Code
	c.fact(f)
	if f.Code != engine.FencedInstanceID {
		c.end(Failed)
		return
	}
	c.reset(true)
	c.end(Fenced)
}
