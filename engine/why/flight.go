package why

import (
	"slices"

	"partita/engine"
	"partita/engine/sim"
)

// flight is records on their way in a partition: a batch of a producer, the answer to a
// consumer's fetch, or what a follower fetched. It is known by who sent or gets it, and by
// when it left and when it is due, in ms: once it is there, nothing remembers it.
func (q *query) flight(kind, who string, p place, sent, due engine.Time) {
	if q.bad != "" {
		return
	}
	q.put('t', "records on their way, $1", p.String())
	q.put('h', "What is it?")
	underway := false
	switch kind {
	case "produce", "fetch":
		q.w.Flights(func(f *sim.Flight) {
			if !underway && f.Topic == p.id && f.Partition == p.Partition && near(f.Sent, sent) && (f.Consumer == nil) == (kind == "produce") && carrier(f) == who {
				underway, sent, due = true, f.Sent, f.Arrives
				q.carried(p, f)
			}
		})
	case "replica":
		for _, r := range q.e.Replicas(p.id, p.Partition, nil) {
			if r.Coming > 0 && near(r.Sent, sent) && itoa(r.Broker) == who {
				underway, sent, due = true, r.Sent, r.Due
				q.put('n', "Records: $1, from offset $2 on. The partition leader, broker $3, sent them to its follower, broker $4, in answer to a fetch.", itoa(r.Coming), itoa(r.LEO), itoa(r.From), itoa(r.Broker))
			}
		}
	default:
		q.bad = sim.Phrase("no records fly as ", sim.Quote(kind), ": produce, fetch or replica")
		return
	}
	if !underway {
		q.put('n', "It is not on its way any more: it has arrived, or it was lost.")
	}
	q.put('h', "Since when, and when does it arrive?")
	q.travel(sent, due)
	switch kind {
	case "produce":
		q.afterProduce(p, who)
	case "fetch":
		q.afterFetch(p, who)
	default:
		q.put('h', "What does it wait for?")
		q.put('n', "Only for the way between the two brokers. The high watermark may move one fetch later: the partition leader learns from it what the follower has.")
		q.brokerSettings(0, "replica.fetch.wait.max.ms", "replica.fetch.max.bytes", "replica.lag.time.max.ms")
		q.put('o', Question("hw", p.String()), "high watermark $1", itoa(p.v.HighWatermark))
		q.put('o', Question("broker", who), "broker $1", who)
	}
	q.put('o', Question("partition", p.String()), "partition $1", p.String())
}

// near says whether two instants are the same one, as far as a picture can tell.
func near(a, b engine.Time) bool { return a-b <= 1 && b-a <= 1 }

// carrier is the client at whose end of the way records fly.
func carrier(f *sim.Flight) string {
	switch {
	case f.Consumer != nil:
		return f.Consumer.Name
	case f.Producer != nil:
		return f.Producer.Name
	}
	return ""
}

// travel is when something left and when it is there.
func (q *query) travel(sent, due engine.Time) {
	if left := due - q.w.Now(); left > 0 {
		q.put('=', "left at $1 + $2 ms on the way = $3 ms: $4 ms from now", itoa(sent), itoa(due-sent), itoa(due), itoa(left))
	} else {
		q.put('=', "left at $1 + $2 ms on the way = $3 ms", itoa(sent), itoa(due-sent), itoa(due))
	}
}

// carried says what a flight between a client and a broker consists of.
func (q *query) carried(p place, f *sim.Flight) {
	records, broker := itoa(f.Records), itoa(f.Broker)
	if f.Consumer != nil {
		q.put('n', "Records: $1, from offset $2 on. Broker $3 sent them to $4 in answer to a fetch.", records, itoa(f.Offset), broker, f.Consumer.Name)
	} else {
		q.put('n', "Records: $1, in a batch that $2 sent to broker $3. They have no offset yet: the partition leader gives it.", records, carrier(f), broker)
		if f.Broker != p.v.Leader {
			q.put('n', "Broker $1 does not lead the partition any more: it will refuse the batch, and the producer asks anew who does and sends again.", broker)
		}
	}
	if f.Key != nil {
		q.put('f', "key", shown(f.Key))
	}
}

// afterProduce is what happens when a batch arrives, and what made it leave.
func (q *query) afterProduce(p place, who string) {
	q.put('h', "What does it wait for?")
	by := q.w.Producer(who)
	acks := int16(-1)
	if by != nil {
		acks = by.Config().Acks
	}
	switch acks {
	case 0:
		q.put('n', "Only for the way. With acks=0 the producer waits for no answer: if the batch is lost, it never knows.")
	case 1:
		q.put('n', "Only for the way. With acks=1 the partition leader answers as soon as it has the batch, before any follower does.")
	default:
		isr := 0
		for _, r := range q.e.Replicas(p.id, p.Partition, nil) {
			if r.InSync {
				isr++
			}
		}
		q.put('n', "For the way, and then for the ISR: with acks=all the partition leader answers when all replicas in the ISR have the batch, $1 now.", itoa(isr))
		q.topicSettings(p.Topic, "min.insync.replicas")
	}
	if by != nil {
		q.producerSettings(by, "acks", "linger.ms", "batch.size", "max.in.flight.requests.per.connection", "request.timeout.ms")
		q.put('o', Question("producer", who), "producer $1", who)
	}
	q.origin(p, int64(q.w.Now()), who)
}

// afterFetch is what a consumer does with what it gets.
func (q *query) afterFetch(p place, who string) {
	q.put('h', "What does it wait for?")
	q.put('n', "Only for the way. Then the consumer holds the records, and each poll gives its application max.poll.records of them at most.")
	c := q.w.Consumer(who)
	if c == nil {
		return
	}
	q.consumerSettings(c, "fetch.min.bytes", "fetch.max.wait.ms", "max.partition.fetch.bytes", "max.poll.records", "isolation.level")
	q.put('o', Question("member", c.Group, who), "member $1", who)
	q.put('o', Question("place", c.Group, p.String()), "$1 in $2", c.Group, p.String())
	if h := q.line(nil, who); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// exchange is a request of a member to its group coordinator, or the answer to it.
func (q *query) exchange(group, client, what string, sent engine.Time, reply bool) {
	list := q.w.Exchanges()
	i := slices.IndexFunc(list, func(x sim.Exchange) bool {
		return x.Group == group && x.Client == client && x.What == what && x.Sent == sent && x.Reply == reply
	})
	g, ok := q.e.Group(group)
	name := requests[what]
	if (!ok || name == "") && q.bad == "" {
		q.bad = sim.Phrase("nothing is said as ", sim.Quote(what), " in a group called ", sim.Quote(group), " now")
	}
	if q.bad != "" {
		return
	}
	switch {
	case g.Kind == engine.GroupConsumer && slices.Contains(beats, what):
		name = "ConsumerGroupHeartbeat"
	case g.Kind == engine.GroupShare && slices.Contains(beats, what):
		name = "ShareGroupHeartbeat"
	}
	if reply {
		q.put('t', "answer to $1 of $2", name, client)
	} else {
		q.put('t', "$1 of $2", name, client)
	}
	if i < 0 {
		q.put('n', "It is not remembered at this instant: it is yet to come, or too many came after it.")
		q.put('o', Question("group", group), "group $1", group)
		return
	}
	x := &list[i]
	q.put('h', "What is it for?")
	q.purpose(what, g.Kind == engine.GroupClassic)
	q.put('h', "Since when, and when does it arrive?")
	switch {
	case x.Due < x.Sent:
		q.put('=', "left at $1 ms", itoa(sent))
		q.put('n', "It was lost on the way: whoever sent it waits for request.timeout.ms, and then sends it again.")
	default:
		q.travel(sent, x.Due)
	}
	if x.Code != engine.None {
		q.put('n', "The coordinator, broker $1, answered $2.", itoa(x.Broker), x.Code.String())
	} else {
		q.put('n', "The coordinator of $1 is broker $2.", group, itoa(x.Broker))
	}
	if c := q.w.Consumer(client); c != nil {
		q.consumerSettings(c, behind[what]...)
		q.put('o', Question("member", group, client), "member $1", client)
	}
	q.put('o', Question("group", group), "group $1", group)
	q.put('o', Question("broker", itoa(x.Broker)), "broker $1", itoa(x.Broker))
	h := q.last(nil, func(o *sim.Happening) bool {
		return o.Event.At <= sent && o.Who == client && o.Group == group && o.What != sim.Breached
	})
	if h = newer(h, q.lineBefore(client, sent)); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// lineBefore is the newest line at or before an instant that names somebody.
func (q *query) lineBefore(name string, at engine.Time) *sim.Happening {
	h := q.line(nil, name)
	for h != nil && h.Event.At > at {
		h = q.line(h, name)
	}
	return h
}

// requests are Kafka's names for what members of classic groups ask.
var requests = map[string]string{"join": "JoinGroup", "sync": "SyncGroup", "heartbeat": "Heartbeat", "leave": "LeaveGroup", "commit": "OffsetCommit", "offsets": "OffsetFetch"}

// beats are what members of other groups say with a heartbeat (KIP-848).
var beats = []string{"join", "heartbeat", "leave"}

// behind are the settings behind each of them.
var behind = map[string][]string{
	"join": {"max.poll.interval.ms", "session.timeout.ms", "partition.assignment.strategy", "group.instance.id"}, "sync": {"partition.assignment.strategy"},
	"heartbeat": {"heartbeat.interval.ms", "session.timeout.ms"}, "leave": {"max.poll.interval.ms", "group.instance.id"},
	"commit": {"enable.auto.commit", "auto.commit.interval.ms", "commit"}, "offsets": {"auto.offset.reset", "isolation.level"},
}

// purpose says what a request is for.
func (q *query) purpose(what string, classic bool) {
	switch what {
	case "join":
		if classic {
			q.put('n', "The member asks to be in the next generation, and says which assignors it knows. The coordinator answers when all members have joined, or the slowest has run out of time.")
		} else {
			q.put('n', "The first heartbeat, with epoch 0: the member asks to come in. The coordinator answers at once, and assigns partitions without stopping the others (KIP-848).")
		}
	case "sync":
		q.put('n', "The group leader hands in who gets what, the others ask for it. The coordinator answers all of them when the leader's assignment is there.")
	case "heartbeat":
		if classic {
			q.put('n', "It starts the session of the member anew, and its answer tells whether the group rebalances.")
		} else {
			q.put('n', "It starts the session of the member anew, says which partitions it has, and its answer says which ones it should have (KIP-848).")
		}
	case "leave":
		q.put('n', "The member says goodbye, so that nobody has to wait for its session to run out.")
	case "commit":
		q.put('n', "It writes down the next offset to read of each partition: whoever owns the partition later starts there.")
	case "offsets":
		q.put('n', "A new owner asks where to start: at the committed offset, or where auto.offset.reset says when there is none.")
	}
}
