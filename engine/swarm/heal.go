package swarm

import (
	"partita/engine"
	"partita/engine/sim"
)

// calming are the lines that end the faults which pass.
func (r *run) calming() (lines []string) {
	for id := range r.plan.brokers {
		name := itoa(int64(engine.FirstBroker) + id)
		lines = append(lines, "broker resume "+name, "broker slow "+name+" 0ms")
	}
	lines = append(lines, "link heal")
	if r.plan.guarded {
		lines = append(lines, "acl remove")
	}
	if r.plan.quotas {
		lines = append(lines, "quota user=User:ANONYMOUS producer_byte_rate= consumer_byte_rate=")
	}
	for _, t := range r.missing() {
		lines = append(lines, createLine(t))
	}
	for _, c := range r.world.Consumers() {
		lines = append(lines, "skew "+c.Name+" 0s")
		lines = append(lines, r.unlimited(c.Name)...)
	}
	for _, p := range r.world.Producers() {
		lines = append(lines, "skew "+p.Name+" 0s", "producer pause "+p.Name)
		lines = append(lines, r.unlimited(p.Name)...)
		if p.State() == sim.Frozen {
			lines = append(lines, "producer thaw "+p.Name)
		}
	}
	return lines
}

func (r *run) unlimited(client string) []string {
	if !r.plan.quotas {
		return nil
	}
	return []string{"quota " + client + " producer_byte_rate= consumer_byte_rate="}
}

// healing are the lines that mend everything else, once brokers that were shutting down
// have done so.
func (r *run) healing() (lines []string) {
	for id := range r.plan.brokers {
		lines = append(lines, "broker start "+itoa(int64(engine.FirstBroker)+id))
	}
	if r.plan.tune {
		lines = append(lines, "broker config all message.max.bytes=")
		for _, t := range r.plan.topics {
			lines = append(lines, "topic config "+t.name+" max.message.bytes=")
		}
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
		if r.plan.meddle {
			lines = append(lines, r.resuming(c)...)
		}
		if cfg := c.Config(); cfg.Share && (cfg.App.Acknowledge == uint8(engine.AckGap) || cfg.App.Acknowledge == uint8(engine.AckRelease)) {
			lines = append(lines, "consumer leave "+c.Name) // it settles nothing, or late
		}
	}
	for i, name := range r.plan.shares {
		line := "share add heal" + itoa(int64(i)) + " group=" + name + " topics=" + r.plan.topics[0].name
		if len(r.plan.topics) > 1 {
			line += "," + r.plan.topics[1].name
		}
		lines = append(lines, line)
	}
	return lines
}

// resuming undoes consumer pause.
func (r *run) resuming(c *sim.Consumer) (lines []string) {
	for _, p := range c.View().Partitions {
		if p.Paused {
			lines = append(lines, "consumer resume "+c.Name+" "+engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String())
		}
	}
	return lines
}
