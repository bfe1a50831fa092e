package script

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// clusterExpectations are those about brokers, replicas, transactions and custody.
func clusterExpectations() []verb {
	return []verb{
		last("leader", "pw", "orders-0 102", func(_ *Runner, a *args) string { return brokerText(a.at.view.Leader) }),
		last("isr", "pw", "orders-0 101,102", func(r *Runner, a *args) string {
			return r.replicas(a.at, func(v *engine.ReplicaView) bool { return v.InSync })
		}),
		last("replicas", "pw", "orders-0 101,102,103", func(r *Runner, a *args) string {
			return r.replicas(a.at, func(*engine.ReplicaView) bool { return true })
		}),
		settings("replica", "pb", "leo hw start state diverged", "orders-0 102 leo=5 hw=5 state=follows diverged=none", replicaNow),
		settings("broker", "b", "state fenced rack", "102 state=running fenced=false rack=b", brokerNow),
		last("controller", "w", "102", func(r *Runner, _ *args) string {
			for _, b := range r.World.Engine().Brokers(nil) {
				if b.Controller {
					return brokerText(b.ID)
				}
			}
			return "none"
		}),
		// A transactional id, as its coordinator knows it.
		settings("txn", "w", "state epoch partitions", "t1 state=Ongoing epoch=0 partitions=2", txnNow),
		// What a producer's client says of its transaction: Java's names for its states.
		last("producer", "dw", "p1 IN_TRANSACTION", func(_ *Runner, a *args) string { return a.producer.View().State.String() }),
		settings("custody", "po", "producer acked replicated aborted copy late", "orders-0 5 producer=p1 acked=true replicated=true", custodyNow),
		settings("ledger", "", "sent acked failed appended lost duplicated disordered", "lost=0 duplicated=0 disordered=0", ledgerNow),
		{words: "expect alarm", form: "|w", settings: "*", run: expectAlarm, example: "expect alarm acks=1"},
		tally("disorder", func(t *sim.Tally) int64 { return t.KeyDisorder }),
		tally("effects", func(t *sim.Tally) int64 { return t.Effects }),
		tally("repeats", func(t *sim.Tally) int64 { return t.Repeats }),
	}
}

// brokerText writes a broker's id, none for -1.
func brokerText(id int32) string { return offset(engine.Offset(id)) }

func (r *Runner) replicas(at *place, which func(v *engine.ReplicaView) bool) string {
	list := r.World.Engine().Replicas(at.id, at.Partition, nil)
	text := ""
	for i := range list {
		if which(&list[i]) {
			text += "," + brokerText(list[i].Broker)
		}
	}
	return strings.TrimPrefix(or(text, "none"), ",")
}

func replicaState(v *engine.ReplicaView) string {
	switch {
	case !v.Online:
		return "offline"
	case v.Leader:
		return "leads"
	case v.Adding:
		return "added"
	case !v.InSync:
		return "catches-up"
	}
	return "follows"
}

func replicaNow(r *Runner, a *args, name string) string {
	list := r.World.Engine().Replicas(a.at.id, a.at.Partition, nil)
	for i := range list {
		v := &list[i]
		if v.Broker != a.broker {
			continue
		}
		switch name {
		case "leo":
			return offset(v.LEO)
		case "hw":
			return offset(v.HW)
		case "start":
			return offset(v.LogStart)
		case "diverged":
			return offset(v.Diverged)
		}
		return replicaState(v)
	}
	return "none"
}

var brokerStates = [...]string{engine.BrokerRunning: "running", engine.BrokerShutdown: "stopping", engine.BrokerDown: "down",
	engine.BrokerSuspended: "paused"}

func brokerNow(r *Runner, a *args, name string) string {
	for _, b := range r.World.Engine().Brokers(nil) {
		if b.ID != a.broker {
			continue
		}
		switch name {
		case "fenced":
			return yes(b.Fenced)
		case "rack":
			return or(b.Rack, "none")
		}
		return brokerStates[b.State]
	}
	return "none"
}

func yes(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func txnNow(r *Runner, a *args, name string) string {
	got := "none"
	r.World.Engine().Transactions(func(v engine.TransactionView) bool {
		if v.TransactionalID == a.words[0] {
			switch name {
			case "epoch":
				got = itoa(int64(v.Epoch))
			case "partitions":
				got = itoa(int64(len(v.Partitions)))
			default:
				got = v.State.String()
			}
		}
		return got == "none"
	})
	return got
}

func custodyNow(r *Runner, a *args, name string) string {
	c, ok := r.World.Custody(a.at.id, a.at.Partition, a.offset)
	switch {
	case !ok:
		return "none"
	case name == "producer":
		return or(c.Producer, "none")
	case name == "acked":
		return yes(c.Acked)
	case name == "replicated":
		return yes(c.Replicated)
	case name == "aborted":
		return yes(c.Aborted)
	case name == "copy":
		return yes(c.Copy)
	}
	return yes(c.Late)
}

func ledgerNow(r *Runner, _ *args, name string) string {
	t := r.World.Totals()
	for i, word := range [...]string{"sent", "acked", "failed", "appended", "lost", "duplicated"} {
		if word == name {
			return itoa([...]int64{t.Sent, t.Acked, t.Failed, t.Appended, t.Lost, t.Duplicated}[i])
		}
	}
	return itoa(t.Disordered)
}

// expectAlarm compares with the setting behind the newest verdict that turned bad, or
// none.
func expectAlarm(r *Runner, a *args) {
	got := "none"
	if list := r.World.Breaches(); len(list) > 0 {
		got = list[len(list)-1].Setting
	}
	r.expect("the setting behind the newest alarm", got, strings.TrimSpace(strings.Join(a.words, " ")+" "+settingsText(a.Settings)))
}
