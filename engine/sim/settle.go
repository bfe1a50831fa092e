package sim

import (
	"partita/engine"
	"partita/engine/client"
)

// SettleMs bounds Settle: ten minutes.
const SettleMs = 600_000

// Settle advances until nothing is left to happen but heartbeats, polls that find
// nothing and commits that change nothing. Whoever is not running is waited for: the
// sessions of crashed and frozen consumers run out, and so does max.poll.interval.ms
// of one that does not poll. It gives up after ten virtual minutes or about budget
// pieces of work (0: no bound) and then says what is still to happen.
func (w *World) Settle(budget int) (done bool, why string) {
	end := w.now + SettleMs
	left := int64(budget)
	for _, p := range w.producers {
		if p.Busy() {
			return false, p.Name + " goes on producing: pause it first, or use advance"
		}
	}
	w.stirred = true
	for {
		at, ok := w.Next()
		if w.stirred && (!ok || at > w.now) {
			w.stirred = false
			if why = w.unsettled(); why == "" {
				return true, ""
			}
		}
		if !ok || at > end || budget > 0 && left <= 0 {
			if at > end {
				w.now = end
			}
			return false, why
		}
		before := w.work
		w.step(at)
		left -= 1 + w.work - before
	}
}

// unsettled says what is still to happen, empty when nothing is.
func (w *World) unsettled() string {
	for _, p := range w.underway {
		if what := w.lasting(p); what != "" {
			return what + " is on its way"
		}
	}
	if why := w.unsettledGroups(); why != "" {
		return why
	}
	for _, l := range w.links {
		if l != nil && l.producer != nil && !l.producer.machine.Idle() {
			return l.producer.Name + " has records to send"
		}
	}
	for _, p := range w.producers {
		if s := p.machine.View().State; p.state == Running && (s == client.Initializing || s == client.Committing || s == client.Aborting) {
			return p.Name + " is " + s.String()
		}
	}
	if why := w.unreplicated(); why != "" {
		return why
	}
	for _, c := range w.consumers {
		if why := w.unsettledConsumer(c); why != "" {
			return c.Name + why
		}
	}
	return ""
}

// unreplicated names a partition whose followers have not got all of it yet.
func (w *World) unreplicated() (why string) {
	w.brokers = w.engine.Brokers(w.brokers[:0])
	if len(w.brokers) < 2 {
		return ""
	}
	w.engine.Topics(func(t engine.TopicView) bool {
		for p := range engine.Partition(t.Partitions) {
			if v, _ := w.engine.Partition(t.ID, p); v.HighWatermark < v.LogEnd && v.Leader >= 0 && !t.Internal {
				why = partitionName(t.Name, p) + " is not replicated yet"
			}
		}
		return why == ""
	})
	return why
}

// lasting names a request that changes something.
func (w *World) lasting(p *parcel) string {
	if !p.link.open {
		return ""
	}
	switch c := p.cmd.(type) {
	case *engine.Produce:
		return "a record batch"
	case *engine.JoinGroup, *engine.SyncGroup, *engine.LeaveGroup:
		return "a request to a group"
	case *engine.OffsetCommit:
		g, _ := w.engine.Group(c.Group)
		for i := range c.Offsets {
			if f, _ := w.engine.Committed(g.ID, c.Offsets[i].Topic, c.Offsets[i].Partition); f.Offset != c.Offsets[i].Offset {
				return "a commit"
			}
		}
	}
	return ""
}

func (w *World) unsettledGroups() (why string) {
	w.engine.Groups(func(g engine.GroupView) bool {
		switch g.State {
		case engine.GroupPreparingRebalance, engine.GroupCompletingRebalance, engine.GroupAssigning, engine.GroupReconciling:
			why = g.Name + " is " + g.State.String()
		}
		if g.Kind == engine.GroupShare && g.MemberCount > 0 && w.sharing(g.ID) {
			why = g.Name + " has records in flight"
		}
		return why == ""
	})
	return why
}

func (w *World) unsettledConsumer(c *Consumer) string {
	if c.state == Crashed || c.state == Frozen {
		if c.inGroup {
			return "'s session has not run out"
		}
		return ""
	}
	if c.state == Left {
		return ""
	}
	v := c.View()
	switch {
	case v.State == client.OutOfGroup && !v.Polling:
		return ""
	case v.State != client.Stable:
		return " is not in its group yet"
	case !c.inGroup && !w.knownAgain(c, v.Member):
		return " has not heard that it is not a member any more"
	case v.InHand > 0:
		return " has records in hand"
	case v.Committing:
		return " waits for a commit"
	case !v.Polling:
		return " does not poll, and max.poll.interval.ms has not passed"
	case !c.cfg.Share && w.unowned(c):
		return " does not know all partitions of its topics yet"
	}
	for i := range v.Partitions {
		p := &v.Partitions[i]
		part, ok := w.engine.Partition(p.ID, p.Partition)
		switch {
		case !ok:
			return " does not know yet that a topic is gone"
		case c.cfg.Share:
		case p.Position < part.HighWatermark && !p.Paused:
			return " has not read all of " + partitionName(p.Topic, p.Partition)
		case p.Committed < p.Processed && p.Processed >= 0 && c.cfg.App.Commit == client.CommitAuto && c.cfg.App.Output == "":
			return " has not committed all of " + partitionName(p.Topic, p.Partition)
		}
	}
	return ""
}

// sharing reports whether a share group has records that are not settled.
func (w *World) sharing(id engine.GroupID) bool {
	for _, v := range w.engine.SharePartitions(id, nil) {
		if p, ok := w.engine.Partition(v.Topic, v.Partition); ok && v.Start < p.HighWatermark {
			return true
		}
	}
	return false
}

// unowned reports whether a partition of c's topics has no owner in its group: c does
// not know of it yet. Members from outside may know better, so they are asked too.
func (w *World) unowned(c *Consumer) bool {
	g, ok := w.engine.Group(c.Group)
	if !ok {
		return true
	}
	owned := int32(0)
	for _, m := range w.engine.Members(g.ID, nil) {
		a, err := engine.ParseAssignment(m.Assignment)
		for i := range a.Partitions {
			for _, topic := range c.cfg.Topics {
				if err == nil && a.Partitions[i].Topic == topic {
					owned += int32(len(a.Partitions[i].Partitions))
				}
			}
		}
	}
	for _, topic := range c.cfg.Topics {
		t, _ := w.engine.Topic(topic)
		owned -= t.Partitions
	}
	return owned < 0
}

// knownAgain reports whether the coordinator counts a member whose removal was told: by
// one that was no coordinator any more, so that the next one did not hear of it.
func (w *World) knownAgain(c *Consumer, member string) bool {
	g, _ := w.engine.Group(c.Group)
	for _, m := range w.engine.Members(g.ID, nil) {
		if m.Name == member {
			c.member, c.inGroup, c.memberGone = m.ID, true, 0
		}
	}
	return c.inGroup
}
