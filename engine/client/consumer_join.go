package client

import (
	"slices"
	"strings"

	"partita/engine"
)

// joinLapse is how much longer than the rebalance timeout a JoinGroup may take
// (Java's JOIN_GROUP_TIMEOUT_LAPSE), in milliseconds.
const joinLapse = 5_000

// coordinate is the group's part of poll: it takes over an assignment that has come,
// and joins again when that is needed. It goes on until there is something to wait
// for.
func (c *Consumer) coordinate() {
	for c.ended == 0 {
		if c.joinAnswered {
			c.joined()
			continue
		}
		if c.assigned {
			c.complete()
			continue
		}
		known := c.coordinated() // the first time it is looked for while metadata is fetched
		switch {
		case !c.rejoin, !c.known, !known, c.waiting(callJoin), c.waiting(callSync):
			return
		case c.joinAt > c.now:
			c.wake(c.joinAt)
			return
		case c.needsPrepare && !c.prepare():
			return
		}
		c.join()
	}
}

// prepare gives up partitions before JoinGroup (Java's onJoinPrepare): all of them if
// eager, else only those of topics not subscribed to any more. With auto commit it
// commits first, and waits for that. It returns false while it waits.
func (c *Consumer) prepare() bool {
	if !c.commitFirst() {
		return false
	}
	c.needsPrepare, c.prepareTill, c.preparing = false, 0, nil
	c.leads, c.groupWide = false, nil
	switch {
	case c.generation < 0 || c.memberID == "":
		c.give(FactLost, func(*part) bool { return true })
	case c.eager:
		c.give(FactRevoked, func(*part) bool { return true })
	default:
		c.give(FactRevoked, func(p *part) bool { return !slices.Contains(c.subscribed, p.topic) })
	}
	return true
}

// commitFirst is the auto commit before partitions change hands. It returns false while
// it waits for that, for at most max.poll.interval.ms.
func (c *Consumer) commitFirst() bool {
	if c.commitsInPoll() && c.prepareTill == 0 {
		c.prepareTill = c.now + engine.Time(c.cfg.MaxPollIntervalMs)
		c.preparing = c.commitPositions(commitPrepare)
	}
	if c.preparing != nil && !c.preparing.done {
		if c.now < c.prepareTill {
			c.wake(c.prepareTill)
			return false
		}
		c.preparing.done = true
	}
	return true
}

// give takes away the partitions for which gone holds.
func (c *Consumer) give(kind FactKind, gone func(*part) bool) {
	epoch := c.generation
	if epoch < 0 {
		epoch = c.lastGeneration
	}
	c.parts = slices.DeleteFunc(c.parts, func(p *part) bool {
		if !gone(p) {
			return false
		}
		c.drop(p)
		c.withdraw(p)
		p.revoked = true
		c.fact(Fact{Kind: kind, Topic: p.topic, ID: p.id, Partition: p.index, Offset: p.position, Epoch: epoch})
		return true
	})
	c.forget(callOffsets) // it may ask for them: the answer would be out of date
}

// join sends JoinGroup.
func (c *Consumer) join() {
	c.state = joining
	cmd := &engine.JoinGroup{
		Group: c.cfg.GroupID, Member: c.memberID, Instance: c.cfg.GroupInstanceID,
		ClientID: c.cfg.ClientID, Host: c.cfg.Host, ProtocolType: "consumer",
		SessionTimeoutMs: int32(c.cfg.SessionTimeoutMs), RebalanceTimeoutMs: int32(c.cfg.MaxPollIntervalMs),
	}
	for _, name := range c.cfg.Assignors {
		a, _ := engine.AssignorNamed(name)
		s := engine.Subscription{Topics: c.subscribed, Owned: c.owned(), Generation: c.generation,
			UserData: a.UserData(c.lastGiven, c.lastGeneration)}
		cmd.Protocols = append(cmd.Protocols, engine.JoinProtocol{Name: name, Metadata: s.Append(nil, engine.ConsumerProtocolVersion)})
	}
	patience := max(c.cfg.RequestTimeoutMs, c.cfg.MaxPollIntervalMs+joinLapse)
	c.send(call{kind: callJoin, to: -c.coordinator, deadline: c.now + engine.Time(patience)}, cmd)
}

// owned lists the partitions that the consumer holds.
func (c *Consumer) owned() (list []engine.TopicPartitions) {
	for _, p := range c.parts {
		if n := len(list); n == 0 || list[n-1].Topic != p.topic {
			list = append(list, engine.TopicPartitions{Topic: p.topic})
		}
		last := &list[len(list)-1]
		last.Partitions = append(last.Partitions, int32(p.index))
	}
	return list
}

// joined looks at JoinGroup's answer, which only poll does: between polls nobody
// reads it, because there are no heartbeats to be sent.
func (c *Consumer) joined() {
	r := c.joinReply
	c.joinReply, c.joinAnswered = engine.Reply{}, false
	body, ok := r.Body.(*engine.JoinGroupReply)
	if r.Code == engine.None && !ok {
		r.Code = engine.UnknownServerError
	}
	switch r.Code {
	case engine.None:
		c.memberID, c.generation, c.protocol = strings.Clone(body.Member), body.Generation, strings.Clone(body.Protocol)
		c.state, c.joinFail = completing, 0
		c.startBeating()
		c.sync(body)
	case engine.MemberIDRequired:
		c.reset(true)
		if ok {
			c.memberID = strings.Clone(body.Member)
		}
	case engine.UnknownMemberID, engine.IllegalGeneration:
		c.thrownOut(r.Code)
	case engine.RebalanceInProgress:
	default:
		c.joinFailed(r.Code)
	}
}

// joinFailed tries again later, or not at all.
func (c *Consumer) joinFailed(code engine.Code) {
	if !code.Retriable() {
		c.fail(Fact{Code: code})
		return
	}
	c.rejoin, c.joinAt = true, c.retryAt(&c.joinFail)
}

// sync sends SyncGroup: the group leader's with everybody's assignment.
func (c *Consumer) sync(joined *engine.JoinGroupReply) {
	cmd := &engine.SyncGroup{Group: c.cfg.GroupID, Member: c.memberID, Instance: c.cfg.GroupInstanceID,
		Generation: c.generation, ProtocolType: "consumer", Protocol: c.protocol}
	if joined.Leader == c.memberID {
		cmd.Assignments = c.lead(joined)
	}
	c.send(call{kind: callSync, to: -c.coordinator}, cmd)
}

// lead is the group leader's work: it runs the assignor that the group agreed on. A
// returning static group leader may be told to skip that (KIP-814).
func (c *Consumer) lead(joined *engine.JoinGroupReply) []engine.MemberAssignment {
	members := make([]engine.AssignorMember, 0, len(joined.Members))
	var all []string
	for i := range joined.Members {
		m := &joined.Members[i]
		s, err := engine.ParseSubscription(m.Metadata)
		if err != nil {
			c.fail(Fact{Code: engine.InconsistentGroupProtocol})
			return nil
		}
		members = append(members, engine.AssignorMember{ID: m.Member, Instance: m.Instance, Subscription: s})
		all = append(all, s.Topics...)
	}
	engine.SortStrings(all)
	c.leads, c.groupWide = true, slices.Compact(all)
	for _, name := range c.groupWide {
		if _, ok := c.topicNamed(name); !ok && !slices.Contains(c.subscribed, name) {
			c.wanted, c.askAt = true, 0 // of a topic that only others subscribe to
		}
	}
	c.divided = c.snapshot()
	if joined.SkipAssignment {
		return nil
	}
	assignor, _ := engine.AssignorNamed(joined.Protocol)
	var list []engine.MemberAssignment
	for _, given := range assignor.Assign(members, c.divided) {
		a := engine.Assignment{Partitions: given.Partitions}
		list = append(list, engine.MemberAssignment{Member: given.Member, Bytes: a.Append(nil, engine.ConsumerProtocolVersion)})
	}
	return list
}

// synced takes SyncGroup's answer. The assignment waits for poll.
func (c *Consumer) synced(r *engine.Reply) {
	body, ok := r.Body.(*engine.SyncGroupReply)
	code := r.Code
	if code == engine.None && !ok {
		code = engine.UnknownServerError
	}
	c.rejoin = code != engine.None
	switch code {
	case engine.None:
		c.state, c.assignment, c.assigned = stable, body.Assignment, true
		c.sessionFrom = c.now
	case engine.RebalanceInProgress:
		c.fact(Fact{Kind: FactRejoining, Code: code, Epoch: c.generation})
	case engine.UnknownMemberID, engine.IllegalGeneration:
		c.thrownOut(code)
	default:
		c.joinFailed(code)
	}
}

// complete takes over the assignment (Java's onJoinComplete). A cooperative member
// that has to give up partitions does so now, and joins once more so that others get
// them (KIP-429).
func (c *Consumer) complete() {
	bytes := c.assignment
	c.assignment, c.assigned = nil, false
	a, err := engine.ParseAssignment(bytes)
	if err != nil {
		c.fail(Fact{Code: engine.InconsistentGroupProtocol})
		return
	}
	c.needsPrepare, c.everJoined = true, true
	c.joinedAs = c.membership.metadata(&c.cfg)
	c.fact(Fact{Kind: FactJoined, Epoch: c.generation})
	for _, t := range a.Partitions {
		if !slices.Contains(c.subscribed, t.Topic) { // the subscription has changed since
			c.rejoin = true
			return
		}
	}
	if !c.eager {
		before := len(c.parts)
		c.give(FactRevoked, func(p *part) bool { return !holds(a.Partitions, p) })
		c.rejoin = c.rejoin || len(c.parts) < before
	}
	c.lastGiven, c.lastGeneration = a.Partitions, c.generation
	c.autoAt = c.now + engine.Time(c.cfg.AutoCommitIntervalMs)
	for _, t := range a.Partitions {
		for _, index := range t.Partitions {
			c.take(t.Topic, engine.Partition(index))
		}
	}
	c.watch()
}

func holds(list []engine.TopicPartitions, p *part) bool {
	return slices.ContainsFunc(list, func(t engine.TopicPartitions) bool {
		return t.Topic == p.topic && slices.Contains(t.Partitions, int32(p.index))
	})
}

// take adds a partition, unless the consumer holds it already.
func (c *Consumer) take(topic string, index engine.Partition) {
	i, ok := c.find(topic, index)
	if ok {
		return
	}
	p := &part{topic: strings.Clone(topic), index: index, position: -1, processed: -1, began: -1, committed: -1, hw: -1, epoch: -1, lead: unknownLeader, seen: unknownLeader}
	c.place(p)
	c.parts = engine.InsertAt(c.parts, i, p)
	c.fact(Fact{Kind: FactAssigned, Topic: p.topic, ID: p.id, Partition: index, Offset: -1, Epoch: c.generation})
}

func (c *Consumer) find(topic string, index engine.Partition) (int, bool) {
	return slices.BinarySearchFunc(c.parts, index, func(p *part, index engine.Partition) int {
		if d := strings.Compare(p.topic, topic); d != 0 {
			return d
		}
		return int(p.index) - int(index)
	})
}
