package why

import (
	"slices"

	"partita/engine"
	"partita/engine/sim"
)

// owned is who had a partition in one generation of a group, or one epoch: why it moved,
// and why nobody read it before.
func (q *query) owned(group string, p place, epoch int32) {
	if q.bad != "" {
		return
	}
	eras := q.w.Eras(group)
	i := slices.IndexFunc(eras, func(e sim.Era) bool { return e.Epoch == epoch })
	g, ok := q.e.Group(group)
	if !ok {
		q.bad = sim.Phrase("there is no ", sim.Mark+"group", " ", group, " now")
		return
	}
	q.put('t', "$1 in $2, generation $3", p.String(), group, itoa(epoch))
	if i < 0 {
		q.put('n', "It is not remembered at this instant: it is yet to come, or too many came after it.")
		q.put('o', Question("group", group), "group $1", group)
		return
	}
	q.put('h', "Who had it?")
	var now *sim.Owner
	for j := range eras[i].Owners {
		if o := &eras[i].Owners[j]; o.TopicPartition == p.TopicPartition {
			now = o
		}
	}
	before := ""
	for j := range i {
		for _, o := range eras[j].Owners {
			if o.TopicPartition == p.TopicPartition {
				before = q.w.MemberName(o.Member)
			}
		}
	}
	cooperative := g.Protocol == "cooperative-sticky"
	switch {
	case now == nil && g.Kind == engine.GroupClassic && !cooperative:
		q.put('n', "Nobody in this group: no member subscribed to the topic, or nobody was in.")
	case now == nil:
		q.put('n', "Nobody yet: the old owner had to give it up first. The new one gets it in the next step (KIP-429, KIP-848).")
	default:
		q.had(now, before)
	}
	if now != nil && now.Paused > 0 {
		q.put('h', "Why was it paused?")
		q.put('=', "$1 ms without a reader", itoa(now.Paused))
		switch {
		case g.Kind != engine.GroupClassic:
			q.put('n', "The old owner gives a partition up with a heartbeat, and the new one learns of it with the next one of its own. All others read on (KIP-848).")
		case cooperative:
			q.put('n', "Cooperative: only what moves is given up, and it waits for a second rebalance. All others read on (KIP-429).")
		default:
			q.put('n', "Eager: every member gives up all that it has before it joins again, and nobody reads until the new assignment is there, whether a partition moves or not.")
		}
	}
	if now != nil {
		if c := q.w.MemberConsumer(now.Member); c != nil {
			q.consumerSettings(c, "partition.assignment.strategy", "group.protocol", "session.timeout.ms", "group.instance.id")
		}
		who := q.w.MemberName(now.Member)
		q.put('o', Question("member", group, who), "member $1", who)
	}
	q.put('o', Question("place", group, p.String()), "$1 in $2", group, p.String())
	q.put('o', Question("group", group), "group $1", group)
	if h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Group == group && o.Event.Epoch == epoch &&
			(o.Event.Kind == engine.KindGeneration || o.Event.Kind == engine.KindTargetAssigned || o.Event.Kind == engine.KindAssigned && now != nil && o.Who == q.w.MemberName(now.Member))
	}); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// had says whose a partition was, and whose before.
func (q *query) had(now *sim.Owner, before string) {
	who := q.w.MemberName(now.Member)
	q.put('n', "$1 had it.", who)
	switch {
	case now.Moved && before == "":
		q.put('n', "It moved, and from whom is not remembered any more.")
	case now.Moved:
		q.put('h', "Why did it move?")
		q.put('n', "Before it was with $1. When somebody comes or goes the assignor divides anew, and this partition fell to $2.", before, who)
	case before == "":
		q.put('n', "It is the first owner that is remembered.")
	default:
		q.put('n', "It had it before too: the partition did not move.")
	}
}
