package swarm

import (
	"partita/engine"
	"partita/engine/sim"
)

// featureTrouble draws from what only this seed has; nothing when it has none of it.
func (r *run) featureTrouble() []string {
	var draws []func() string
	add := func(has bool, draw func() string) {
		if has {
			draws = append(draws, draw)
		}
	}
	p := &r.plan
	add(p.guarded, r.ruleTrouble)
	add(p.quotas, r.quotaTrouble)
	add(p.clean, r.cleanTrouble)
	add(p.renew, r.renewTrouble)
	add(p.tune, r.settingTrouble)
	add(p.meddle, r.meddleTrouble)
	if draws == nil {
		return nil
	}
	if line := one(r, draws)(); line != "" {
		return []string{line}
	}
	return nil
}

// ruleTrouble changes who may do what.
func (r *run) ruleTrouble() string {
	who := r.pick("alice", "ANONYMOUS", "ANONYMOUS")
	switch r.below(6) {
	case 0, 1:
		return "acl remove"
	case 2:
		return "acl " + r.pick("allow", "deny") + " " + who + " " + r.pick("Read", "Write", "All") + " topic:" + r.there().name
	case 3:
		return "acl deny " + who + " " + r.pick("Read", "Describe") + " group:" + one(r, r.plan.groups).name
	case 4:
		return "acl deny " + who + " Write transactional-id:*"
	}
	return "acl allow " + who + " All topic:" + r.there().name
}

func (r *run) quotaTrouble() string {
	limit := r.pick("producer_byte_rate", "consumer_byte_rate") + "=" + r.pick("50", "1000", "20000", "")
	if r.chanceOf(300) {
		return "quota user=User:ANONYMOUS " + limit
	}
	return "quota " + r.client() + " " + limit
}

// cleanTrouble takes records away, or gives the cleaner something to do.
func (r *run) cleanTrouble() string {
	name, p := r.somewhere()
	v, _ := r.world.Engine().Partition(r.id(name), p)
	at := engine.TopicPartition{Topic: name, Partition: p}.String()
	switch {
	case r.chanceOf(400):
		return "send " + name + " key=" + r.pick("k1", "k2", "k3") + " value=null"
	case r.chanceOf(300):
		return "records delete " + at + " latest"
	}
	return "records delete " + at + " " + itoa(int64(v.LogStart)+r.below(1+max(0, int64(v.HighWatermark-v.LogStart))))
}

func (r *run) id(name string) engine.TopicID {
	t, _ := r.world.Engine().Topic(name)
	return t.ID
}

// somewhere is a partition of a topic that is there.
func (r *run) somewhere() (string, engine.Partition) {
	name := r.there().name
	t, _ := r.world.Engine().Topic(name)
	return name, engine.Partition(r.below(int64(t.Partitions)))
}

// renewTrouble deletes a topic. It comes again, sometimes.
func (r *run) renewTrouble() string { return "topic delete " + r.there().name }

// settingTrouble changes settings while everything runs.
func (r *run) settingTrouble() string {
	if r.chanceOf(300) {
		return "broker config all " + r.pick("log.cleaner.backoff.ms=500", "log.cleaner.backoff.ms=", "message.max.bytes=300", "message.max.bytes=",
			"transaction.partition.verification.enable=false", "transaction.partition.verification.enable=")
	}
	return "topic config " + r.there().name + " " + r.pick("retention.ms=5000", "retention.ms=", "segment.bytes=500", "segment.bytes=",
		"max.message.bytes=200", "max.message.bytes=", "message.timestamp.type=LogAppendTime", "message.timestamp.type=",
		"unclean.leader.election.enable=true", "unclean.leader.election.enable=", "min.insync.replicas=1", "segment.ms=1000", "flush.messages=1")
}

// meddleTrouble is what people do to the offsets of groups.
func (r *run) meddleTrouble() string {
	name, p := r.somewhere()
	at := engine.TopicPartition{Topic: name, Partition: p}.String()
	v, _ := r.world.Engine().Partition(r.id(name), p)
	g := one(r, r.plan.groups).name
	switch r.below(6) {
	case 0:
		return "group delete " + g
	case 1:
		return "group reset " + g + " " + at + " " + r.pick("earliest", "latest")
	case 2:
		return "group forget " + g + " " + at
	}
	for _, c := range r.world.Consumers() {
		if c.State() != sim.Running || r.chanceOf(500) {
			continue
		}
		switch r.below(4) {
		case 0:
			return "consumer commit " + c.Name
		case 1:
			return "consumer pause " + c.Name + " " + at
		case 2:
			return "consumer resume " + c.Name + " " + at
		}
		return "consumer seek " + c.Name + " " + at + " " + itoa(int64(v.LogStart)+r.below(1+max(0, int64(v.HighWatermark-v.LogStart))))
	}
	return ""
}
