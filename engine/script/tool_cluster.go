package script

import (
	"partita/engine"
	"partita/engine/sim"
)

// toolElection is kafka-leader-election.
func toolElection(r *Runner, o *options) {
	kind := o.need(r, "election-type")
	cmd := &engine.ElectLeaders{Unclean: kind == "unclean" || kind == "UNCLEAN"}
	if !cmd.Unclean && kind != "preferred" && kind != "PREFERRED" {
		r.fail(sim.Phrase("--election-type ", clip(kind), ": there are preferred and unclean"))
	}
	if !o.has("all-topic-partitions") {
		at := r.place(o.need(r, "topic") + "-" + o.need(r, "partition"))
		if at == nil {
			return
		}
		cmd.Partitions = []engine.TopicPartition{at.TopicPartition}
	}
	if r.err != nil {
		return
	}
	r.touched = true
	code := r.World.Call(cmd, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.ElectLeadersReply)
		if body == nil {
			return
		}
		for _, p := range body.Partitions {
			name := engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String()
			switch p.Code {
			case engine.None:
				r.say("Successfully completed leader election (" + kind + ") for partitions " + name)
			case engine.ElectionNotNeeded:
				r.say("Valid replica already elected for partitions " + name)
			default:
				r.say("Error completing leader election (" + kind + ") for partition " + name + ": " + p.Code.String())
			}
		}
	})
	r.refused(code, sim.Mark+"no leader can be elected now")
}

// toolTransactions is kafka-transactions: list, describe, describe-producers.
func toolTransactions(r *Runner, o *options) {
	verb := ""
	if len(o.verbs) > 0 {
		verb = o.verbs[0]
	}
	switch verb {
	case "list":
		r.row("TransactionalId", "ProducerId", "TransactionState")
		r.World.Call(&engine.ListTransactions{}, func(reply *engine.Reply) {
			body, _ := reply.Body.(*engine.ListTransactionsReply)
			if body == nil {
				return
			}
			for _, t := range body.Transactions {
				r.row(t.TransactionalID, itoa(t.ProducerID), t.State)
			}
		})
		r.columns(3)
	case "describe":
		r.describeTransaction(o.need(r, "transactional-id"))
	case "describe-producers":
		r.describeProducers(o)
	default:
		r.fail(sim.Mark + "kafka-transactions needs to be told what: list, describe --transactional-id X, or describe-producers --topic orders --partition 0")
	}
}

func (r *Runner) describeTransaction(id string) {
	if r.err != nil {
		return
	}
	r.row("CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState", "TransactionTimeoutMs", "CurrentTransactionStartTimeMs", "TransactionDurationMs", "TopicPartitions")
	found := engine.TransactionalIDNotFound
	r.World.Call(&engine.DescribeTransactions{TransactionalIDs: []string{id}}, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.DescribeTransactionsReply)
		if body == nil || len(body.Transactions) == 0 {
			return
		}
		t := &body.Transactions[0]
		if found = t.Code; found != engine.None {
			return
		}
		start, lasted, parts := "None", "None", ""
		if t.Start >= 0 {
			start, lasted = itoa(int64(t.Start)), itoa(int64(r.World.Now()-t.Start))
		}
		for i, p := range t.Partitions {
			if i > 0 {
				parts += ","
			}
			parts += p.String()
		}
		r.row("-", id, itoa(t.ProducerID), itoa(int64(t.Epoch)), t.State, itoa(int64(t.TimeoutMs)), start, lasted, parts)
	})
	if r.refused(found, sim.Phrase("there is no transactional id ", clip(id))) {
		r.cells = r.cells[:0]
		return
	}
	r.columns(9)
}

func (r *Runner) describeProducers(o *options) {
	at := r.place(o.need(r, "topic") + "-" + o.need(r, "partition"))
	if at == nil {
		return
	}
	r.row("ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp", "CurrentTransactionStartOffset")
	r.World.Call(&engine.DescribeProducers{Topic: at.id, Partition: at.Partition}, func(reply *engine.Reply) {
		body, _ := reply.Body.(*engine.DescribeProducersReply)
		if body == nil {
			return
		}
		for _, p := range body.Producers {
			start := "None"
			if p.TxnStart >= 0 {
				start = itoa(int64(p.TxnStart))
			}
			r.row(itoa(p.ProducerID), itoa(int64(p.Epoch)), itoa(int64(p.CoordinatorEpoch)), itoa(int64(p.LastSequence)), itoa(p.LastTimestamp), start)
		}
	})
	r.columns(6)
}
