package why

import (
	"slices"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// group says what a group is doing, and what came before.
func (q *query) group(name string) {
	g, ok := q.e.Group(name)
	if !ok {
		q.bad = sim.Phrase("there is no ", sim.Mark+"group", " ", name, " now")
		return
	}
	members := q.e.Members(g.ID, nil)
	q.put('t', "group $1", name)
	q.put('f', "state", g.State.String())
	q.put('f', "protocol", g.Kind.String())
	q.put('h', "Who coordinates it?")
	hash := engine.StringHash(name)
	if topic, ok := q.e.Topic(engine.OffsetsTopic); ok {
		at := engine.CoordinatorPartition(name, topic.Partitions)
		q.put('=', "abs($1.hashCode() = $2) % $3 = $4", `"`+name+`"`, itoa(hash), itoa(topic.Partitions), itoa(at))
		if v, ok := q.e.Partition(topic.ID, engine.Partition(at)); ok && v.Leader >= 0 {
			q.put('n', "The partition leader of $1 is its coordinator: broker $2.", q.partOf(topic.ID, engine.Partition(at)), itoa(v.Leader))
			q.put('o', Question("broker", itoa(v.Leader)), "broker $1", itoa(v.Leader))
		}
	}
	q.put('h', "Why is the generation $1?", itoa(g.Generation))
	switch {
	case g.Kind != engine.GroupClassic:
		q.put('n', "It is the group epoch: it goes up whenever a member or a topic changes what is to be assigned. Each member then follows at its own pace.")
	default:
		q.put('n', "It goes up with each rebalance: whenever a member comes, goes, or changes its subscription, all join again.")
		q.brokerSettings(0, "group.initial.rebalance.delay.ms")
	}
	lag, partitions := int64(0), 0
	sum := ""
	for _, o := range q.e.Offsets(g.ID, nil) {
		t, _ := q.e.Topic(o.Topic)
		if v, ok := q.e.Partition(t.ID, o.Partition); ok {
			one := int64(v.LogEnd - max(o.Offset, v.LogStart))
			lag += one
			if partitions++; partitions <= 12 {
				sum += " + " + itoa(one)
			}
		}
	}
	if sum != "" {
		q.put('h', "Why is the lag $1?", itoa(lag))
		if partitions > 12 {
			sum += " + …"
		}
		q.put('=', "$1 = $2", sum[3:], itoa(lag))
		q.put('n', "It is the sum over the partitions of log end offset − committed offset.")
	}
	for i := range members {
		who := q.w.MemberName(members[i].ID)
		q.put('o', Question("member", name, who), "member $1", who)
	}
	if h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Group == name && o.Event.Kind != engine.KindDenied && o.Event.Kind != engine.KindAssigned
	}); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// member says why a member has the partitions that it has, and is in the state that it
// is in. It may be one that the coordinator does not count any more.
func (q *query) member(group, name string) {
	g, known := q.e.Group(group)
	var m *engine.MemberView
	members := q.e.Members(g.ID, nil)
	for i := range members {
		if known && (q.w.MemberName(members[i].ID) == name || members[i].ClientID == name || members[i].Name == name) {
			m = &members[i]
		}
	}
	c := q.w.Consumer(name)
	if m == nil && (c == nil || c.Group != group) {
		q.bad = sim.Phrase("there is no member ", name, " in ", group, " now")
		return
	}
	q.put('t', "member $1", name)
	if m == nil {
		q.put('h', "Why is it not in the group?")
		q.outside(c)
	} else {
		q.share(&g, members, m, c != nil && (c.State() == sim.Crashed || c.State() == sim.Frozen))
		q.clocks(m, c)
	}
	if c != nil {
		q.consumerSettings(c, "session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms", "max.poll.records",
			"partition.assignment.strategy", "group.protocol", "group.instance.id")
	}
	q.put('o', Question("group", group), "group $1", group)
	h := q.last(nil, func(o *sim.Happening) bool {
		return o.Who == name && o.Group == group && o.What != sim.ByLine && o.What != sim.Breached && (m != nil || o.What != sim.ByCluster || o.Event.Kind != engine.KindRebalance)
	})
	if h == nil {
		h = q.line(nil, name)
	}
	if h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// outside says why a consumer of ours is no member.
func (q *query) outside(c *sim.Consumer) {
	view := c.View()
	switch s := c.State(); {
	case s == sim.Crashed:
		q.put('n', "It crashed without a goodbye, and its session timed out.")
	case s == sim.Frozen:
		q.put('n', "It is frozen: no heartbeat came for session.timeout.ms, and the coordinator took it out.")
	case view.State == client.OutOfGroup:
		q.put('n', "It did not poll for max.poll.interval.ms, and left by itself. Its heartbeats went on all the time: they are another thread's.")
		if cfg := c.Config(); cfg.App.ProcessMs*cfg.MaxPollRecords <= cfg.MaxPollIntervalMs {
			break // its application stopped polling
		}
		q.put('=', "time to process $1 ms × max.poll.records $2 > max.poll.interval.ms $3", itoa(c.Config().App.ProcessMs), itoa(c.Config().MaxPollRecords), itoa(c.Config().MaxPollIntervalMs))
	case view.State == client.Fenced:
		q.put('n', "Another process uses its group.instance.id: the newer one wins.")
	case view.State == client.Failed:
		q.put('n', "poll threw an error, and it ended: $1.", view.Fatal.String())
	case view.State == client.Closed || view.State == client.Closing:
		q.put('n', "It left.")
	default:
		q.put('n', "It has asked to join, and is not in the group yet.")
	}
}

// share is the arithmetic of the assignor, for one member; a silent one joins no more.
func (q *query) share(g *engine.GroupView, members []engine.MemberView, m *engine.MemberView, silent bool) {
	own, total := 0, 0
	list := ""
	var topics []string
	for i := range members {
		a, _ := engine.ParseAssignment(members[i].Assignment)
		for _, t := range a.Partitions {
			total += len(t.Partitions)
			if !slices.Contains(topics, t.Topic) {
				topics = append(topics, t.Topic)
			}
			for _, p := range t.Partitions {
				if members[i].ID == m.ID {
					own++
					list += ", " + engine.TopicPartition{Topic: t.Topic, Partition: engine.Partition(p)}.String()
				}
			}
		}
	}
	switch {
	case silent && g.State == engine.GroupPreparingRebalance:
		q.put('h', "Why does the group wait for it?")
		q.put('n', "The group rebalances, and this member does not join again. The coordinator counts on it until its session runs out: so long the others wait.")
		return
	case m.AwaitingJoin || m.AwaitingSync || g.State == engine.GroupPreparingRebalance || g.State == engine.GroupCompletingRebalance:
		q.put('h', "Why does it wait?")
		q.put('n', "The group rebalances. The coordinator answers nobody until every member has joined again, or its rebalance timeout (max.poll.interval.ms) has passed: all wait for the slowest.")
		return
	case own == 0:
		q.put('h', "Why is it idle?")
		if total < len(members) {
			q.put('=', "$1 partitions < $2 members", itoa(total), itoa(len(members)))
		}
		q.put('n', "In one group a partition has at most one owner, so whoever comes last finds none. Add partitions, or take the place of somebody who leaves.")
	default:
		q.put('h', "Why does it have $1?", list[2:])
	}
	rank, n := q.rank(members, m)
	switch g.Protocol {
	case "range":
		for _, name := range topics {
			t, _ := q.e.Topic(name)
			q.rangeShare(name, t.Partitions, rank, n, m)
		}
		q.put('n', "range divides each topic by itself: members in the order of their ids get one run each, and the first ones the remainder. With several topics the first members get more of all.")
	case "roundrobin":
		q.put('=', "it is number $1 of $2: partitions $1, $1 + $2, $1 + 2 × $2 … of $3, counted from 0", itoa(rank), itoa(n), itoa(total))
		q.put('n', "roundrobin deals all partitions out one by one, over the members in the order of their ids.")
	default:
		q.put('=', "$1 partitions / $2 members: $3 to $4 each", itoa(total), itoa(n), itoa(total/n), itoa((total+n-1)/n))
		if g.Kind != engine.GroupClassic {
			q.put('n', "The coordinator assigns (KIP-848): evenly, and everybody keeps what they had as far as that is even. Its group epoch is $1 and this member's epoch is $2.", itoa(g.Generation), itoa(m.Epoch))
		} else {
			q.put('n', "$1 divides evenly, and everybody keeps what they had as far as that is even.", g.Protocol)
		}
	}
}

// rangeShare is the range assignor's split of one topic.
func (q *query) rangeShare(topic string, partitions int32, rank, n int, m *engine.MemberView) {
	each, extra := int(partitions)/n, int(partitions)%n
	first := rank*each + min(rank, extra)
	count := each
	if rank < extra {
		count++
	}
	q.put('=', "$1: $2 / $3 = $4 each, and the first $5 get one more", topic, itoa(partitions), itoa(n), itoa(each), itoa(extra))
	text := "none"
	if count > 0 {
		text = itoa(first) + "–" + itoa(first+count-1)
		if count == 1 {
			text = itoa(first)
		}
	}
	q.put('=', "it is number $1 from 0: $1 × $2 + $3 = $4, so it gets $5", itoa(rank), itoa(each), itoa(min(rank, extra)), itoa(first), text)
	a, _ := engine.ParseAssignment(m.Assignment)
	for _, t := range a.Partitions {
		if t.Topic == topic && (len(t.Partitions) != count || count > 0 && int(t.Partitions[0]) != first) {
			q.put('n', "It has others now: it was assigned when there were other members or partitions, by racks, or not everybody subscribes to the topic.")
		}
	}
}

// rank is a member's place among all, as assignors order them: static members first, by
// their instance ids, then the others by their member ids.
func (q *query) rank(members []engine.MemberView, m *engine.MemberView) (rank, n int) {
	for i := range members {
		o := &members[i]
		before := (o.Instance != "") && (m.Instance == "" || o.Instance < m.Instance)
		if o.Instance == m.Instance && o.Name < m.Name {
			before = true
		}
		if before {
			rank++
		}
	}
	return rank, len(members)
}

// clocks are the two deadlines of a member.
func (q *query) clocks(m *engine.MemberView, c *sim.Consumer) {
	now := q.w.Now()
	if m.Deadline > 0 && !m.AwaitingJoin {
		q.put('h', "When would the coordinator give up on it?")
		last := m.Deadline - engine.Time(m.SessionTimeoutMs)
		q.put('=', "last heartbeat $1 + session.timeout.ms $2 = $3 ms: $4 ms from now", itoa(last), itoa(m.SessionTimeoutMs), itoa(m.Deadline), itoa(max(m.Deadline-now, 0)))
	}
	if c == nil {
		q.put('n', "It is run from elsewhere: only what it tells the coordinator is known here.")
		return
	}
	view := c.View()
	if view.PollDeadline > 0 && c.State() == sim.Running {
		q.put('=', "last poll $1 + max.poll.interval.ms $2 = $3 ms: $4 ms from now", itoa(int64(view.PollDeadline)-c.Config().MaxPollIntervalMs), itoa(c.Config().MaxPollIntervalMs),
			itoa(view.PollDeadline), itoa(max(view.PollDeadline-now, 0)))
		q.put('=', "$1 records in hand × $2 ms each = $3 ms until the next poll", itoa(view.InHand), itoa(c.Config().App.ProcessMs), itoa(int64(view.InHand)*c.Config().App.ProcessMs))
	}
	switch c.State() {
	case sim.Frozen:
		q.put('n', "It is frozen: no heartbeat leaves it. If the session runs out first, it is taken out of the group.")
	case sim.Crashed:
		q.put('n', "It crashed without a goodbye: until the session runs out its partitions wait.")
	}
	if !view.Polling && c.State() == sim.Running {
		q.put('n', "Its application does not poll, and its heartbeats go on: only max.poll.interval.ms finds out.")
	}
}
