package swarm

import (
	"strings"

	"partita/engine/script"
	"partita/engine/sim"
)

// plan is what a seed has drawn.
type plan struct {
	setup    []string // lines
	actions  int      // times that something goes wrong, at most
	pauseMs  int64    // between them, at most
	topics   []string
	groups   []string
	brokers  int64
	unsynced bool // machines may lose power
	// In thousandths of the times that something may go wrong.
	calm int64
}

func (r *run) below(n int64) int64             { return r.chance.Int64N(n) }
func (r *run) chanceOf(thousandths int64) bool { return r.below(1000) < thousandths }

// pick takes one of the words.
func (r *run) pick(words ...string) string { return words[r.below(int64(len(words)))] }

// draw makes the world and the plan.
func (r *run) draw(seed uint64) {
	p := &r.plan
	p.actions, p.pauseMs, p.calm = 5+int(r.below(30)), 200+r.below(3_000), r.below(700)
	r.every = 20 + int(r.below(500))
	p.brokers = []int64{1, 1, 3, 3, 3, 2, 4, 5}[r.below(8)]
	r.world = sim.New(sim.Config{Seed: seed, LatencyMs: r.below(60)})
	r.runner = script.Runner{World: r.world}
	p.setup = append(p.setup, "cluster brokers="+itoa(p.brokers)+" latency="+itoa(r.below(30))+"ms"+r.brokerSettings())
	for i := range 1 + r.below(2) {
		name := "topic" + itoa(i)
		p.topics = append(p.topics, name)
		p.setup = append(p.setup, "topic create "+name+" partitions="+itoa(1+r.below(6))+r.topicSettings())
	}
	for i := range 1 + r.below(3) {
		p.setup = append(p.setup, r.producer("p"+itoa(i)))
	}
	for i := range 1 + r.below(2) {
		p.groups = append(p.groups, "group"+itoa(i))
	}
	for i := range r.below(7) {
		p.setup = append(p.setup, r.consumer("c"+itoa(i)))
	}
}

func (r *run) brokerSettings() string {
	replicas := itoa(min(r.plan.brokers, 1+r.below(3)))
	text := " offsets.topic.num.partitions=" + r.pick("1", "2", "5") + " transaction.state.log.num.partitions=" + r.pick("1", "3") +
		" group.initial.rebalance.delay.ms=" + r.pick("0", "500", "3000") +
		" offsets.topic.replication.factor=" + replicas + " transaction.state.log.replication.factor=" + replicas
	if r.chanceOf(500) {
		text += " log.retention.check.interval.ms=" + r.pick("1000", "7000") + " offsets.topic.segment.bytes=" + r.pick("500", "4000")
	}
	if r.chanceOf(100) {
		text += " group.max.size=" + r.pick("2", "4")
	}
	if r.chanceOf(500) {
		text += " replica.lag.time.max.ms=" + r.pick("1000", "5000") + " broker.session.timeout.ms=" + r.pick("2000", "5000")
	}
	return text
}

// topicSettings are drawn so that retention rarely takes what a group has yet to read.
func (r *run) topicSettings() string {
	text := ""
	if r.plan.brokers > 1 {
		replicas := min(r.plan.brokers, 1+r.below(4))
		text = " replication=" + itoa(replicas)
		if replicas > 1 && r.chanceOf(600) {
			text += " min.insync.replicas=2"
		}
		if r.chanceOf(150) {
			text += " unclean.leader.election.enable=true"
		}
	}
	if r.chanceOf(300) {
		text += " segment.bytes=" + r.pick("200", "2000", "20000")
	}
	if r.chanceOf(100) {
		text += " retention.ms=" + r.pick("5000", "20000")
	}
	if r.chanceOf(100) {
		text += " message.timestamp.type=LogAppendTime"
	}
	return text
}

func (r *run) producer(name string) string {
	line := "producer add " + name + " topic=" + r.pick(r.plan.topics...) + " rate=" + itoa(1+r.below(60)) + "/s value=" + name + ":{n}"
	line += " keys=" + r.pick("null", "k1..k3", "k1..k9") + " acks=" + r.pick("0", "1", "all", "all")
	if r.chanceOf(300) {
		line += " enable.idempotence=false"
	}
	if r.chanceOf(300) {
		line += " linger.ms=" + r.pick("0", "50", "300")
	}
	if r.chanceOf(200) {
		line += " batch.size=" + r.pick("0", "200", "1000")
	}
	if r.chanceOf(300) {
		line += " request.timeout.ms=" + r.pick("300", "2000") + " delivery.timeout.ms=" + r.pick("3000", "30000")
	}
	return line
}

func (r *run) consumer(name string) string {
	line := "consumer add " + name + " group=" + r.pick(r.plan.groups...) + " topics=" + r.subscription() +
		" process=" + r.pick("0", "1", "20", "200") + "ms commit=" + r.pick("auto", "auto", "after", "before") +
		" session.timeout.ms=" + r.pick("6000", "10000") + " heartbeat.interval.ms=" + r.pick("500", "2000") +
		" auto.offset.reset=" + r.pick("earliest", "latest")
	if r.chanceOf(300) {
		line += " partition.assignment.strategy=" + r.pick("range", "roundrobin", "sticky", "cooperative-sticky", "range,cooperative-sticky")
	}
	if r.chanceOf(150) {
		r.static = true
		line += " group.instance.id=i" + itoa(r.below(4))
	}
	if r.chanceOf(200) {
		line += " max.poll.interval.ms=" + r.pick("2000", "9000") + " max.poll.records=" + r.pick("1", "10")
	}
	if r.chanceOf(300) {
		line += " auto.commit.interval.ms=" + r.pick("100", "1000")
	}
	if r.chanceOf(300) {
		line += " isolation.level=read_committed"
	}
	return line
}

// subscription is one topic or all of them.
func (r *run) subscription() string {
	if r.chanceOf(600) {
		return strings.Join(r.plan.topics, ",")
	}
	return r.pick(r.plan.topics...)
}
