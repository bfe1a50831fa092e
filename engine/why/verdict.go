package why

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// verdict explains an entry of the ledger.
func (q *query) verdict(verdict string, p place, o engine.Offset, group string) {
	if q.bad != "" {
		return
	}
	list := q.w.Breaches()
	for i := len(list) - 1; i >= 0; i-- {
		if b := &list[i]; b.Verdict.String() == verdict && b.Topic == p.id && b.Partition == p.Partition && b.Offset == o && b.Group == group {
			q.put('t', "$1, offset $2", p.String(), itoa(o))
			q.breach(b)
			if o >= 0 {
				q.put('o', Question("record", p.String(), itoa(o)), "the record at offset $1", itoa(o))
			}
			return
		}
	}
	q.bad = sim.Mark + "the ledger has no such verdict any more"
}

// questions are asked of a breach: of the log, and of a group.
var questions = [2][4]string{
	{sim.Lost: "Why was it lost?", sim.Duplicated: "Why is it in the log twice?", sim.Disordered: "Why is it out of order?"},
	{sim.Lost: "Why will nobody process it?", sim.Duplicated: "Why was it read twice?", sim.Disordered: "Why was it processed out of order?"},
}

// breach tells why a verdict turned bad.
func (q *query) breach(b *sim.Breach) {
	group := 0
	if b.Group != "" {
		group = 1
	}
	q.put('h', questions[group][b.Verdict])
	q.permitted(b)
	h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.Breached && o.Verdict == b.Verdict && o.Group == b.Group && o.Event.Topic == b.Topic && o.Event.Partition == b.Partition && o.Event.Offset == b.Offset
	})
	var steps []link
	if b.Group != "" && b.Offset >= 0 {
		name := q.e.TopicName(b.Topic)
		steps = q.polls(place{TopicPartition: engine.TopicPartition{Topic: name, Partition: b.Partition}, id: b.Topic}, b.Offset, b.Group)
	}
	if h == nil {
		q.put('n', "What came before is not remembered any more: the chain begins here.")
	}
	q.chain(h, steps...)
}

// permitted is the setting that let it happen, and what would have prevented it.
func (q *query) permitted(b *sim.Breach) {
	if b.Setting == "" {
		return
	}
	q.put('n', "$1 permits it.", b.Setting)
	name, value, ok := strings.Cut(b.Setting, "=")
	if !ok {
		name = "commit" // "commit after processing"
	}
	value, _, _ = strings.Cut(value, " ")
	if c := q.w.Consumer(b.Client); c != nil {
		q.consumerSettings(c, name, "enable.auto.commit", "auto.commit.interval.ms")
	} else if p := q.w.Producer(b.Client); p != nil {
		q.producerSettings(p, name, "acks", "enable.idempotence")
	}
	q.topicSettings(q.e.TopicName(b.Topic), name)
	for _, a := range advice {
		if a[0] == name || a[0] == name+"="+value {
			q.put('n', a[1])
			break
		}
	}
}

// advice says how to live with what a setting permits, or without it.
var advice = [...][2]string{
	{"acks=0", "acks=all waits until every replica in the ISR has a record."},
	{"acks=1", "acks=all, with min.insync.replicas of at least 2, waits until another broker has a record too."},
	{"min.insync.replicas", "With min.insync.replicas=2 a record is acknowledged only when a second broker has it."},
	{"replication.factor", "With a replication factor of 3 two more brokers have a copy."},
	{"unclean.leader.election.enable", "unclean.leader.election.enable=false would have left the partition without a leader instead."},
	{"enable.idempotence", "enable.idempotence=true lets brokers find out that they have a batch already."},
	{"enable.auto.commit=true", "Whatever was processed after the last commit is processed again by the next owner. It can only become less, by committing more often; or harmless, by an idempotent handler."},
	{"enable.auto.commit=false", "Nobody commits: the next owner starts where the last commit was, or where auto.offset.reset says."},
	{"commit", "A commit and the work that it stands for are two things, and a crash may come between them: after the work means at least once, before it means at most once."},
}
