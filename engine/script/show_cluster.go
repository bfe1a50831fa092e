package script

import (
	"partita/engine"
	"partita/engine/batch"
	"partita/engine/sim"
)

var clusterShows = []verb{
	{words: "show brokers", run: showBrokers, example: "show brokers", same: same{text: "kafka-broker-api-versions" + server}},
	{words: "show replicas", form: "t", run: showReplicas, example: "show replicas orders",
		same: same{text: "kafka-topics" + server + " --describe --topic @2"}},
	{words: "show transactions", run: showTransactions, example: "show transactions", same: same{text: "kafka-transactions" + server + " list"}},
	{words: "show record", form: "po", run: showRecord, example: "show record orders-0 5", same: same{write: func(l *Line) string {
		return sameRecords(l) + " --max-messages 1 --property print.timestamp=true --property print.headers=true"
	}}},
	{words: "show ledger", run: showLedger, example: "show ledger"},
	{words: "show links", run: showLinks, example: "show links"},
	{words: "show broker", form: "b", run: showBroker, example: "show broker 102",
		same: same{text: "kafka-configs" + server + " --describe --all --entity-type brokers --entity-name @2"}},
	{words: "show acls", run: showACLs, example: "show acls", same: same{text: "kafka-acls" + server + " --list"}},
	{words: "show quotas", run: showQuotas, example: "show quotas", same: same{text: "kafka-configs" + server + " --describe --entity-type clients"}},
	{words: "show share", form: "g", run: showShare, example: "show share jobs", same: same{text: "kafka-share-groups" + server + " --describe --group @2"}},
}

func showBrokers(r *Runner, _ *args) {
	r.row("broker", "rack", "state", "role")
	for _, b := range r.World.Engine().Brokers(nil) {
		role := "-"
		switch {
		case b.Controller:
			role = "controller"
		case b.Fenced:
			role = "fenced"
		}
		r.row(brokerText(b.ID), or(b.Rack, "-"), brokerStates[b.State], role)
	}
	r.table(4)
}

// showReplicas prints a row for each replica, the preferred leader of its partition
// first.
func showReplicas(r *Runner, a *args) {
	r.row("partition", "broker", "state", "in sync", "start", "end", "high watermark", "diverges at")
	for p := range engine.Partition(a.topic.Partitions) {
		list := r.World.Engine().Replicas(a.topic.ID, p, nil)
		for i := range list {
			v := &list[i]
			r.row(engine.TopicPartition{Topic: a.topic.Name, Partition: p}.String(), brokerText(v.Broker), replicaState(v), yes(v.InSync),
				offset(v.LogStart), offset(v.LEO), offset(v.HW), offset(v.Diverged))
		}
	}
	r.table(8)
}

func showTransactions(r *Runner, _ *args) {
	r.row("transactional id", "state", "producer id", "epoch", "partitions")
	r.World.Engine().Transactions(func(v engine.TransactionView) bool {
		r.row(v.TransactionalID, v.State.String(), itoa(v.ProducerID), itoa(int64(v.Epoch)), itoa(int64(len(v.Partitions))))
		return true
	})
	r.table(5)
}

// showRecord prints one record whole, with what is known of its life.
func showRecord(r *Runner, a *args) {
	found := false
	r.records(a.at.id, a.at.Partition, a.offset, func(o engine.Offset, at int64, rec *batch.Record) bool {
		if o == a.offset {
			found = true
			r.say("key: " + whole(rec.Key))
			r.say("value: " + whole(rec.Value))
			r.say("timestamp: " + itoa(at))
			var h batch.RecordHeader
			for it := rec.Headers(); it.Next(&h); {
				r.say("header " + string(h.Key) + ": " + whole(h.Value))
			}
		}
		return false
	})
	if !found {
		r.fail(sim.Phrase("there is no record at offset ", itoa(int64(a.offset)), ": it was compacted away, or is a marker of a transaction, or is not readable yet"))
		return
	}
	if c, ok := r.World.Custody(a.at.id, a.at.Partition, a.offset); ok {
		r.say("producer: " + or(c.Producer, "from outside") + ", acknowledged: " + yes(c.Acked) + ", replicated: " + yes(c.Replicated) +
			", aborted: " + yes(c.Aborted) + ", a copy: " + yes(c.Copy) + ", late: " + yes(c.Late))
	}
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		if n := r.World.Processed(g.Name, a.at.id, a.at.Partition, a.offset); n > 0 {
			r.say("processed in " + g.Name + ": " + itoa(int64(n)))
		}
		return true
	})
}

// whole is a key or value in full, null for nil.
func whole(b []byte) string {
	if b == nil {
		return "null"
	}
	return string([]rune(string(b)))
}

func showLedger(r *Runner, _ *args) {
	t := r.World.Totals()
	r.say("sent " + itoa(t.Sent) + ", acknowledged " + itoa(t.Acked) + ", given up " + itoa(t.Failed) + ", in logs " + itoa(t.Appended))
	r.say("lost " + itoa(t.Lost) + ", duplicated " + itoa(t.Duplicated) + ", out of order " + itoa(t.Disordered))
	list := r.World.Breaches()
	if len(list) == 0 {
		return
	}
	r.row("time", "verdict", "records", "partition", "offset", "client", "group", "permitted by")
	for i := range list {
		b := &list[i]
		r.row(seconds(b.At), b.Verdict.String(), itoa(b.Records), engine.TopicPartition{Topic: r.World.Engine().TopicName(b.Topic), Partition: b.Partition}.String(),
			offset(b.Offset), or(b.Client, "-"), or(b.Group, "-"), or(b.Setting, "nothing"))
	}
	r.table(8)
}

func showLinks(r *Runner, _ *args) {
	r.row("client", "broker", "requests", "replies", "drop", "duplicate", "reorder", "delay", "jitter")
	for _, f := range r.World.FaultsNow() {
		broker := allBrokers
		if f.Broker != 0 {
			broker = brokerText(f.Broker)
		}
		r.row(f.Client, broker, cutText(f.Cut[sim.Out]), cutText(f.Cut[sim.In]), share(f.Faults.Drop), share(f.Faults.Duplicate),
			share(f.Faults.Reorder), share(f.Faults.Delay), itoa(f.Faults.JitterMs)+"ms")
	}
	if len(r.cells) > 9 {
		r.table(9)
	}
	r.cells = r.cells[:0]
	for _, b := range r.World.Engine().Brokers(nil) {
		for _, to := range b.Cut {
			r.say("nothing gets from " + brokerText(b.ID) + " to " + brokerText(to))
		}
	}
}

func cutText(cut bool) string {
	if cut {
		return "cut"
	}
	return "whole"
}

// share writes thousandths as a percentage.
func share(n int64) string {
	if n%10 == 0 {
		return itoa(n/10) + "%"
	}
	return itoa(n/10) + "." + itoa(n%10) + "%"
}

// showBroker prints the settings of a broker that are not Kafka's defaults.
func showBroker(r *Runner, a *args) {
	r.refused(r.World.Call(&engine.DescribeBrokerConfigs{Broker: a.broker}, func(reply *engine.Reply) {
		if body, ok := reply.Body.(*engine.DescribeConfigsReply); ok {
			for _, c := range body.Entries {
				if !c.Default {
					r.say(c.Name + "=" + c.Value)
				}
			}
		}
	}), sim.Mark+"there is no such broker")
}

func showACLs(r *Runner, _ *args) {
	r.row("principal", "permission", "operation", "resource", "name", "pattern")
	r.World.Call(&engine.DescribeACLs{}, func(reply *engine.Reply) {
		if body, ok := reply.Body.(*engine.DescribeACLsReply); ok {
			for _, c := range body.Rules {
				r.row(c.Principal, c.Permission, c.Operation, c.Resource, c.Name, c.Pattern)
			}
		}
	})
	r.table(6)
}

func showQuotas(r *Runner, _ *args) {
	r.row("user", "client", "quota", "value")
	r.World.Call(&engine.DescribeQuotas{}, func(reply *engine.Reply) {
		if body, ok := reply.Body.(*engine.DescribeQuotasReply); ok {
			for _, q := range body.Entries {
				r.row(or(q.User, "-"), or(q.ClientID, "-"), q.Key, itoa(q.Value))
			}
		}
	})
	r.table(4)
}

var shareStates = [...]string{engine.ShareAvailable: "available", engine.ShareAcquired: "acquired",
	engine.ShareAcknowledged: "acknowledged", engine.ShareArchived: "archived"}

// showShare prints the in-flight records of a share group.
func showShare(r *Runner, a *args) {
	r.row("partition", "records", "state", "deliveries", "member")
	for _, v := range r.World.Engine().SharePartitions(a.group.ID, nil) {
		at := engine.TopicPartition{Topic: r.World.Engine().TopicName(v.Topic), Partition: v.Partition}.String()
		r.row(at, "from "+offset(v.Start), "start", "-", "-")
		for _, run := range v.Runs {
			who := "-"
			if run.Member != 0 {
				who = r.World.MemberName(run.Member)
			}
			r.row(at, offset(run.First)+" to "+offset(run.End-1), shareStates[run.State], itoa(int64(run.Deliveries)), who)
		}
	}
	r.table(5)
}
