package client

import (
	"slices"

	"partita/engine"
)

// modern is the consumer's place in a group of KIP-848 (group.protocol=consumer): the
// coordinator makes the assignment, and heartbeats carry all there is to say. The
// generation is then the member epoch.
type modern struct {
	target   []engine.OwnedTopic // given, and not taken over yet
	targeted bool
	tell     bool // the next heartbeat says everything again
	owns     bool // and what is owned
	hurry    bool // it goes at once
	lost     bool // the partitions are lost, as soon as poll sees it
	stale    bool // left because max.poll.interval.ms passed: joins again in poll
}

func (c *Consumer) isModern() bool { return c.cfg.GroupProtocol == "consumer" || c.cfg.Share }

// newMemberID makes a member id as Kafka's Uuid does: 16 bytes as base64. Without a seed
// the coordinator makes it, as it did for the first version of the protocol.
func (c *Consumer) newMemberID() string {
	if c.cfg.Seed == 0 && !c.cfg.Share {
		return ""
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var id [22]byte
	for i := range id {
		id[i] = digits[draw(&c.chance, 64)]
	}
	return string(id[:])
}

// beat is the background thread: it sends heartbeats, and leaves when the application
// has not polled for max.poll.interval.ms.
func (c *Consumer) beat() {
	if c.inPoll() {
		c.lastPoll, c.stale = c.now, false
	}
	at := c.beatAt
	if c.hurry {
		at = c.now
	}
	switch {
	case c.state == stable && c.now >= c.pollDeadline():
		c.fact(Fact{Kind: FactPollTimeout, Epoch: c.generation})
		c.leave("")
		c.outOfGroup()
		c.stale = true
		return
	case c.waiting(callBeat) || c.stale || c.lost:
	case at > c.now:
		c.wake(at)
	case c.coordinated():
		c.sendBeat()
	}
	if c.state == stable && !c.inPoll() {
		c.wake(c.pollDeadline())
	}
}

func (c *Consumer) sendBeat() {
	cmd := &engine.ConsumerGroupHeartbeat{Group: c.cfg.GroupID, Member: c.memberID, Instance: c.cfg.GroupInstanceID,
		Epoch: max(0, c.generation), RebalanceTimeoutMs: -1}
	if c.state != stable {
		if c.memberID == "" {
			c.memberID = c.newMemberID()
			cmd.Member = c.memberID
		}
		c.state, c.tell, c.owns = joining, true, true
	}
	if c.tell {
		cmd.Rack, cmd.ClientID, cmd.Host = c.cfg.ClientRack, c.cfg.ClientID, c.cfg.Host
		cmd.RebalanceTimeoutMs = int32(c.cfg.MaxPollIntervalMs)
		cmd.Subscribed, cmd.Topics, cmd.Assignor = true, c.subscribed, c.cfg.GroupRemoteAssignor
	}
	if cmd.Owns = c.owns; c.owns {
		cmd.Owned = c.ownedByID()
	}
	c.tell, c.owns, c.hurry = false, false, false
	c.beatAt = c.now + engine.Time(c.cfg.HeartbeatIntervalMs) // until the coordinator says another
	c.send(call{kind: callBeat, to: -c.coordinator}, c.beatCommand(cmd))
}

// beatCommand makes a heartbeat that of a share group, where it is one.
func (c *Consumer) beatCommand(cmd *engine.ConsumerGroupHeartbeat) engine.Command {
	if !c.cfg.Share {
		return cmd
	}
	return &engine.ShareGroupHeartbeat{Group: cmd.Group, Member: cmd.Member, Epoch: cmd.Epoch, Rack: cmd.Rack,
		ClientID: c.cfg.ClientID, Host: cmd.Host, Topics: cmd.Topics}
}

func (c *Consumer) ownedByID() (list []engine.OwnedTopic) {
	for _, p := range c.parts {
		if n := len(list); n == 0 || list[n-1].Topic != p.id {
			list = append(list, engine.OwnedTopic{Topic: p.id})
		}
		last := &list[len(list)-1]
		last.Partitions = append(last.Partitions, p.index)
	}
	return list
}

// beaten takes a heartbeat's answer.
func (c *Consumer) beaten(k *call, r *engine.Reply) {
	body, ok := r.Body.(*engine.ConsumerGroupHeartbeatReply)
	if k.generation != c.generation {
		return
	}
	switch code := r.Code; {
	case code == engine.None && ok:
		c.beatFail, c.sessionFrom, c.memberID = 0, c.now, body.Member
		c.beatAt = k.sent + engine.Time(max(1, body.HeartbeatIntervalMs))
		if c.state != stable || body.Epoch != c.generation {
			c.state, c.generation, c.everJoined, c.protocol = stable, body.Epoch, true, c.cfg.GroupRemoteAssignor
			c.lastGeneration = body.Epoch
			c.joinedAs = c.membership.metadata(&c.cfg)
			c.fact(Fact{Kind: FactJoined, Epoch: c.generation})
		}
		if body.Assigned {
			c.target, c.targeted = body.Assignment, true
		}
	case code == engine.FencedMemberEpoch || code == engine.UnknownMemberID:
		c.fact(Fact{Kind: FactRejoining, Code: code, Epoch: c.generation})
		c.outOfGroup()
		if k.sent == c.now { // no time has passed, and none would while it is refused
			c.beatAt++
		}
	case code == engine.None || code.Retriable():
		c.tell, c.owns = true, c.generation > 0 // it may not have heard the last one
		c.beatAt = c.retryAt(&c.beatFail)
	default:
		c.outOfGroup()
		c.fail(Fact{Code: code})
	}
}

// outOfGroup is that the member is none any more: its partitions are lost.
func (c *Consumer) outOfGroup() {
	c.reset(false)
	c.modern = modern{lost: len(c.parts) > 0}
	c.beatAt = c.now
}

// reconcile is the group's part of poll: it gives up what the target assignment does
// not have, then takes what is new, and tells the coordinator at once.
func (c *Consumer) reconcile() {
	if c.lost {
		c.give(FactLost, func(*part) bool { return true })
		c.lost = false
		c.wake(c.now)
	}
	if !c.targeted {
		return
	}
	count := 0
	for _, t := range c.target {
		if c.nameOf(t.Topic) == "" {
			c.outdated() // a topic that metadata does not have yet
			return
		}
		count += len(t.Partitions)
	}
	kept := func(p *part) bool {
		return slices.ContainsFunc(c.target, func(t engine.OwnedTopic) bool { return t.Topic == p.id && slices.Contains(t.Partitions, p.index) })
	}
	changes := count != len(c.parts) || slices.ContainsFunc(c.parts, func(p *part) bool { return !kept(p) })
	if changes && !c.cfg.Share && !c.commitFirst() {
		return
	}
	c.preparing, c.prepareTill = nil, 0
	c.give(FactRevoked, func(p *part) bool { return !kept(p) })
	for _, t := range c.target {
		for _, index := range t.Partitions {
			c.take(c.nameOf(t.Topic), index)
		}
	}
	if c.autoAt == 0 {
		c.autoAt = c.now + engine.Time(c.cfg.AutoCommitIntervalMs)
	}
	c.target, c.targeted = nil, false
	c.owns, c.hurry = !c.cfg.Share, !c.cfg.Share
	c.wake(c.now)
}

func (c *Consumer) nameOf(id engine.TopicID) string {
	for i := range c.topics {
		if c.topics[i].id == id {
			return c.topics[i].name
		}
	}
	return ""
}

// leaveModern says goodbye with a heartbeat: a static member for a while only.
func (c *Consumer) leaveModern() bool {
	if c.memberID == "" || c.generation <= 0 || c.coordinator < 0 {
		return false
	}
	epoch := int32(-1)
	if c.cfg.GroupInstanceID != "" && !c.cfg.Share {
		epoch = -2
	}
	c.send(call{kind: callLeave, to: -c.coordinator}, c.beatCommand(&engine.ConsumerGroupHeartbeat{Group: c.cfg.GroupID, Member: c.memberID,
		Instance: c.cfg.GroupInstanceID, Epoch: epoch, RebalanceTimeoutMs: -1}))
	return true
}
