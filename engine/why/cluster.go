package why

import (
	"partita/engine"
	"partita/engine/sim"
)

func (q *query) topic(name string) {
	t, ok := q.e.Topic(name)
	if !ok {
		q.bad = sim.Phrase("there is no ", sim.Mark+"topic", " ", name, " now")
		return
	}
	q.put('t', "topic $1", name)
	q.put('f', "partitions", itoa(t.Partitions))
	q.put('f', "replicas", itoa(len(q.e.Replicas(t.ID, 0, nil))))
	list := q.e.TopicConfigs(name)
	for i := range list {
		if c := &list[i]; !c.Default {
			q.put('s', c.Name, c.Value, c.Kafka, "topic "+name)
		}
	}
	for p := range min(t.Partitions, 12) {
		at := engine.TopicPartition{Topic: name, Partition: engine.Partition(p)}.String()
		q.put('o', Question("partition", at), "$1", at)
	}
	if h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Event.Topic == t.ID && (o.Event.Kind == engine.KindTopicCreated || o.Event.Kind == engine.KindPartitionsCreated || o.Event.Kind == engine.KindConfigAltered)
	}); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

func (q *query) producer(name string) {
	p := q.w.Producer(name)
	if p == nil {
		q.bad = sim.Phrase("there is no ", sim.Mark+"producer", " ", name, " now")
		return
	}
	cfg := p.Config()
	q.put('t', "producer $1", name)
	q.put('f', "sent", itoa(p.Sent()))
	if p.Failed() > 0 {
		q.put('f', "given up", itoa(p.Failed()))
	}
	q.put('h', "When does a record count as written?")
	switch cfg.Acks {
	case 0:
		q.put('n', "acks=0: as soon as it is sent. Nobody answers, so what is lost is lost without a word.")
	case 1:
		q.put('n', "acks=1: as soon as the partition leader has it. If that broker fails before a follower has fetched it, it is lost.")
	default:
		q.put('n', "acks=all: as soon as every replica in the ISR has it, and the ISR must have min.insync.replicas of them.")
		q.topicSettings(p.Generator().Topic, "min.insync.replicas")
	}
	if cfg.Idempotent() {
		q.put('n', "It is idempotent: each batch carries a producer id, an epoch and a sequence number, so a broker writes it once and in order, however often it is sent.")
	} else {
		q.put('n', "It is not idempotent: a batch that is sent again may be in the log twice, or after a later one.")
	}
	q.producerSettings(p, "acks", "enable.idempotence", "max.in.flight.requests.per.connection", "retries", "delivery.timeout.ms", "linger.ms", "batch.size", "transactional.id")
	v := p.View()
	if cfg.TransactionalID != "" {
		q.put('f', "transaction", v.State.String())
	}
	if h := newer(q.last(nil, func(o *sim.Happening) bool { return o.Who == name && o.What != sim.ByLine }), q.line(nil, name)); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

func (q *query) broker(id int32) {
	var b *engine.BrokerView
	brokers := q.e.Brokers(nil)
	for i := range brokers {
		if brokers[i].ID == id {
			b = &brokers[i]
		}
	}
	if b == nil {
		q.bad = sim.Phrase("there is no ", sim.Mark+"broker", " ", itoa(id), " now")
		return
	}
	q.put('t', "broker $1", itoa(id))
	q.put('h', "What is it now, and why?")
	switch {
	case b.State == engine.BrokerDown:
		q.put('n', "Its process is not running.")
	case b.Fenced:
		q.put('n', "It runs, and the controller has not heard of it for broker.session.timeout.ms: it is fenced, leads nothing and is in no ISR.")
	case b.State == engine.BrokerSuspended:
		q.put('n', "Its process gets no time: what is sent to it waits.")
	case b.Controller:
		q.put('n', "It runs, and it is the active controller: it chooses partition leaders and keeps the ISRs.")
	default:
		q.put('n', "It runs, and the controller hears its heartbeats.")
	}
	leads, follows, out := 0, 0, 0
	q.e.Topics(func(t engine.TopicView) bool {
		for p := range engine.Partition(t.Partitions) {
			for _, r := range q.e.Replicas(t.ID, p, nil) {
				switch {
				case t.Internal || r.Broker != id:
				case r.Leader:
					leads++
				case r.InSync:
					follows++
				default:
					out++
				}
			}
		}
		return true
	})
	q.put('=', "leads $1, follows $2 in sync, $3 out of sync", itoa(leads), itoa(follows), itoa(out))
	if len(brokers) > 1 {
		q.brokerSettings(id, "broker.session.timeout.ms", "broker.heartbeat.interval.ms", "replica.lag.time.max.ms", "auto.leader.rebalance.enable")
	}
	if h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Event.Kind == engine.KindBrokerChanged && o.Event.Aux == int64(id)
	}); h != nil {
		q.put('h', "How did it come to this?")
		q.chain(h)
	}
}

// note explains a sentence that was told.
func (q *query) note(n int64) {
	h := q.last(nil, func(o *sim.Happening) bool { return o.Note == n })
	if h == nil {
		q.bad = sim.Mark + "this happened before what is remembered"
		return
	}
	q.put('t', "What led to this?")
	q.explain(h)
	q.chain(h)
}

// explain adds to a happening the settings behind it, and whom to ask further.
func (q *query) explain(h *sim.Happening) {
	ev := &h.Event
	name := q.e.TopicName(ev.Topic)
	switch {
	case h.What == sim.Breached:
		for i := range q.w.Breaches() {
			if b := &q.w.Breaches()[i]; b.At == ev.At && b.Group == h.Group && b.Topic == ev.Topic && b.Partition == ev.Partition && b.Verdict == h.Verdict {
				q.permitted(b)
				break
			}
		}
	case h.What == sim.ByCluster && ev.Kind == engine.KindMemberRemoved || h.What == sim.ByClient:
		if c := q.w.Consumer(h.Who); c != nil {
			q.consumerSettings(c, "session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms", "auto.offset.reset")
		}
	case ev.Kind == engine.KindISRChanged, ev.Kind == engine.KindBrokerChanged:
		q.brokerSettings(0, "replica.lag.time.max.ms", "broker.session.timeout.ms")
	case ev.Kind == engine.KindLeaderChanged:
		q.topicSettings(name, "unclean.leader.election.enable")
	case ev.Kind == engine.KindLogStartMoved:
		q.topicSettings(name, "retention.ms", "retention.bytes", "segment.ms")
	case ev.Kind == engine.KindLogCleaned:
		q.topicSettings(name, "cleanup.policy", "min.cleanable.dirty.ratio")
	case ev.Kind == engine.KindRebalance, ev.Kind == engine.KindGeneration:
		q.brokerSettings(0, "group.initial.rebalance.delay.ms")
	}
	if name != "" && h.What != sim.ByCluster || ev.Kind == engine.KindLeaderChanged || ev.Kind == engine.KindISRChanged {
		at := q.partOf(ev.Topic, ev.Partition)
		q.put('o', Question("partition", at), "$1", at)
	}
	if h.Group != "" {
		if _, ok := q.e.Group(h.Group); ok {
			q.put('o', Question("group", h.Group), "group $1", h.Group)
			if h.Who != "" {
				q.put('o', Question("member", h.Group, h.Who), "member $1", h.Who)
			}
		}
	}
}
