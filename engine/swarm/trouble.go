package swarm

import (
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// trouble draws what goes wrong next: lines, none when it stays calm.
func (r *run) trouble() []string {
	if r.chanceOf(r.plan.calm) {
		return nil
	}
	if missing := r.missing(); missing != nil && (len(missing) == len(r.plan.topics) || r.chanceOf(300)) {
		return []string{createLine(one(r, missing))}
	}
	switch n := r.below(100); {
	case n < 30:
		return r.consumerTrouble()
	case n < 38:
		return r.producerTrouble()
	case n < 42:
		return []string{"topic partitions " + r.grown()}
	case n < 54:
		return []string{r.linkTrouble()}
	case n < 74 && r.plan.brokers > 1:
		return []string{r.brokerTrouble()}
	}
	return r.featureTrouble()
}

// missing lists the topics that are deleted.
func (r *run) missing() (list []topic) {
	for _, t := range r.plan.topics {
		if _, ok := r.world.Engine().Topic(t.name); !ok {
			list = append(list, t)
		}
	}
	return list
}

// there is a topic that is not deleted: trouble sees to it that there is one.
func (r *run) there() topic {
	for {
		t := one(r, r.plan.topics)
		if _, ok := r.world.Engine().Topic(t.name); ok || r.world.Now() == 0 {
			return t
		}
	}
}

func createLine(t topic) string { return "topic create " + t.name + t.settings }

// linkTrouble is about what joins a client to the brokers.
func (r *run) linkTrouble() string {
	client := r.client()
	at := client
	if r.chanceOf(500) {
		at += " " + r.broker()
	}
	switch r.below(9) {
	case 0:
		return "link drop " + at + " " + r.pick("5%", "30%", "0%")
	case 1:
		return "link duplicate " + at + " " + r.pick("10%", "0%")
	case 2:
		return "link reorder " + at + " " + r.pick("10%", "50%", "0%")
	case 3:
		return "link delay " + at + " " + r.pick("10%", "0%") + " by=" + r.pick("500ms", "5s")
	case 4:
		return "link jitter " + at + " " + r.pick("20ms", "200ms", "0ms")
	case 5:
		return "skew " + client + " " + r.pick("-5s", "+5s", "+0s")
	case 6:
		return "link heal " + at
	}
	return "link cut " + at + r.pick("", " direction=out", " direction=in")
}

// client names a consumer or a producer; there is always one of these.
func (r *run) client() string {
	consumers, producers := r.world.Consumers(), r.world.Producers()
	if len(consumers) > 0 && (r.chanceOf(500) || len(producers) == 0) {
		return one(r, consumers).Name
	}
	return one(r, producers).Name
}

func (r *run) broker() string { return itoa(int64(engine.FirstBroker) + r.below(r.plan.brokers)) }

// brokerTrouble is about a broker, or what joins two of them.
func (r *run) brokerTrouble() string {
	id := r.broker()
	switch r.below(14) {
	case 0, 1:
		return "broker crash " + id
	case 2:
		if r.plan.unsynced {
			return "broker crash " + id + " unsynced"
		}
	case 3:
		return "broker stop " + id
	case 4:
		return "broker pause " + id
	case 5:
		return "broker resume " + id
	case 6:
		return "broker slow " + id + " " + r.pick("100ms", "1s", "0ms")
	case 7, 8:
		return "broker start " + id
	case 9:
		return "link heal " + id + " " + r.broker()
	case 10:
		return "elect preferred"
	case 11:
		return r.reassignment()
	}
	return "link cut " + id + " " + r.broker() + r.pick("", " direction=out", " direction=in")
}

// reassignment moves a partition, of a topic or now and then of the cluster's own.
func (r *run) reassignment() string {
	t := one(r, r.plan.topics)
	name := t.name
	if r.chanceOf(200) {
		name = r.pick(engine.OffsetsTopic, engine.TransactionsTopic)
	}
	view, _ := r.world.Engine().Topic(name)
	at := name + "-" + itoa(r.below(max(1, int64(view.Partitions))))
	if r.chanceOf(150) {
		return "reassign " + at + " cancel"
	}
	first, count := r.below(r.plan.brokers), 1+r.below(min(3, r.plan.brokers))
	if strings.Contains(t.settings, "min.insync.replicas=2") || name != t.name {
		count = max(count, 2)
	}
	list := ""
	for i := range count {
		list += "," + itoa(int64(engine.FirstBroker)+(first+i)%r.plan.brokers)
	}
	return "reassign " + at + " " + list[1:]
}

// grown names a topic and a partition count that is larger than now.
func (r *run) grown() string {
	name := r.there().name
	t, _ := r.world.Engine().Topic(name)
	return name + " " + itoa(int64(t.Partitions)+1+r.below(2))
}

// consumerTrouble is about what runs in a group, whatever its kind.
func (r *run) consumerTrouble() []string {
	list := r.world.Consumers()
	if len(list) == 0 || r.below(8) == 0 && len(list) < 10 {
		return []string{r.another("n" + itoa(int64(r.world.Now())))}
	}
	c := one(r, list)
	line := "consumer "
	switch c.State() {
	case sim.Running:
		line += r.pick("crash", "freeze", "leave", "restart", "stop", "poll", "remove", "freeze")
	case sim.Frozen:
		line += r.pick("thaw", "thaw", "restart", "crash")
	default:
		line += "restart"
	}
	return []string{line + " " + c.Name}
}

// another is one more consumer, of any kind that the seed has.
func (r *run) another(name string) string {
	switch n := r.below(10); {
	case n < 3 && r.plan.worker:
		return r.worker(name, r.pick(r.plan.outputs...))
	case n < 5 && r.plan.share:
		return r.sharer(name)
	}
	return r.consumer(name)
}

func (r *run) producerTrouble() []string {
	list := r.world.Producers()
	if r.plan.txn && len(list) < 8 && (len(list) == 0 || r.chanceOf(250)) {
		// The same transactional.id once more: whoever has it now is a zombie from now on.
		return []string{r.transactional("z"+itoa(int64(r.world.Now())), r.pick(r.plan.txns...))}
	}
	if len(list) == 0 {
		return []string{r.producer("q" + itoa(int64(r.world.Now())))}
	}
	p := one(r, list)
	line := "producer "
	switch {
	case p.State() == sim.Frozen:
		line += r.pick("thaw", "thaw", "crash")
	case p.Config().TransactionalID != "":
		line += r.pick("pause", "resume", "resume", "freeze", "freeze", "crash")
	default:
		line += r.pick("pause", "resume", "resume", "freeze")
	}
	return []string{line + " " + p.Name}
}
