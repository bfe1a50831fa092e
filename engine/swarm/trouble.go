package swarm

import "partita/engine/sim"

// trouble draws what goes wrong next: lines, none when it stays calm.
func (r *run) trouble() []string {
	if r.chanceOf(r.plan.calm) {
		return nil
	}
	switch n := r.below(100); {
	case n < 50:
		return r.consumerTrouble()
	case n < 60:
		return r.producerTrouble()
	case n < 64:
		return []string{"topic partitions " + r.grown()}
	case n < 66 && len(r.plan.topics) > 1:
		return nil
	}
	return nil
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

// healing are the lines that mend everything and stop the load.
func (r *run) healing() (lines []string) {
	for _, p := range r.world.Producers() {
		lines = append(lines, "producer pause "+p.Name)
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
