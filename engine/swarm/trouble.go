package swarm

import (
	"partita/engine"
	"partita/engine/sim"
)

// trouble draws what goes wrong next: lines, none when it stays calm.
func (r *run) trouble() []string {
	if r.chanceOf(r.plan.calm) {
		return nil
	}
	switch n := r.below(100); {
	case n < 35:
		return r.consumerTrouble()
	case n < 42:
		return r.producerTrouble()
	case n < 46:
		return []string{"topic partitions " + r.grown()}
	case n < 60:
		return []string{r.linkTrouble()}
	case r.plan.brokers > 1:
		return []string{r.brokerTrouble()}
	}
	return nil
}

// linkTrouble is about what joins a client to the brokers.
func (r *run) linkTrouble() string {
	client := ""
	if list := r.world.Consumers(); len(list) > 0 && r.chanceOf(500) {
		client = list[r.below(int64(len(list)))].Name
	} else {
		list := r.world.Producers()
		client = list[r.below(int64(len(list)))].Name
	}
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
		t := r.pick(r.plan.topics...)
		return "reassign " + t + "-0 " + id
	}
	return "link cut " + id + " " + r.broker() + r.pick("", " direction=out", " direction=in")
}

// grown names a topic and a partition count that is larger than now.
func (r *run) grown() string {
	name := r.pick(r.plan.topics...)
	t, _ := r.world.Engine().Topic(name)
	return name + " " + itoa(int64(t.Partitions)+1+r.below(2))
}

func (r *run) consumerTrouble() []string {
	list := r.world.Consumers()
	if len(list) == 0 || r.below(8) == 0 && len(list) < 8 {
		return []string{r.consumer("n" + itoa(int64(r.world.Now())))}
	}
	c := list[r.below(int64(len(list)))]
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

func (r *run) producerTrouble() []string {
	list := r.world.Producers()
	p := list[r.below(int64(len(list)))]
	return []string{r.pick("producer pause ", "producer resume ") + p.Name}
}

// calming are the lines that end the faults which pass.
func (r *run) calming() (lines []string) {
	for id := range r.plan.brokers {
		name := itoa(int64(engine.FirstBroker) + id)
		lines = append(lines, "broker resume "+name, "broker slow "+name+" 0ms")
	}
	lines = append(lines, "link heal")
	for _, c := range r.world.Consumers() {
		lines = append(lines, "skew "+c.Name+" 0s")
	}
	for _, p := range r.world.Producers() {
		lines = append(lines, "skew "+p.Name+" 0s", "producer pause "+p.Name)
	}
	return lines
}

// healing are the lines that mend everything else, once brokers that were shutting down
// have done so.
func (r *run) healing() (lines []string) {
	for id := range r.plan.brokers {
		lines = append(lines, "broker start "+itoa(int64(engine.FirstBroker)+id))
	}
	for _, c := range r.world.Consumers() {
		switch c.State() {
		case sim.Running:
			lines = append(lines, "consumer poll "+c.Name)
		case sim.Frozen:
			lines = append(lines, "consumer thaw "+c.Name, "consumer poll "+c.Name)
		case sim.Crashed:
			lines = append(lines, "consumer restart "+c.Name)
		}
		lines = append(lines, "consumer set "+c.Name+" process=0")
	}
	return lines
}
