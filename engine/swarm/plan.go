package swarm

import (
	"partita/engine/script"
	"partita/engine/sim"
)

// plan is what a seed has drawn.
type plan struct {
	setup   []string // lines
	actions int      // times that something goes wrong, at most
	pauseMs int64    // between them, at most
	calm    int64    // in thousandths of the times that something may go wrong
	brokers int64
	topics  []topic
	groups  []group
	shares  []string // share groups
	outputs []string // topics that workers write to
	txns    []string // transactional ids of producers
	features
}

// features are what a seed draws on top of brokers, producers and consumers. A seed has
// a few, so that it stays small enough to be read.
type features struct {
	unsynced bool // machines may lose power
	guarded  bool // there is an authorizer, and rules come and go
	quotas   bool
	txn      bool // producers with a transactional.id
	worker   bool // consumers that write what they read
	threads  bool
	share    bool
	clean    bool // compaction, retention and delete records take what groups have yet to read
	renew    bool // topics are deleted and made again
	tune     bool // settings are changed
	meddle   bool // offsets of groups are reset and deleted, consumers seek
	racks    bool
}

// topic is one that producers write to.
type topic struct {
	name     string
	settings string
}

// group is one of consumers, and which of the protocols its members speak: classic,
// consumer, or both.
type group struct{ name, protocol string }

func (r *run) below(n int64) int64             { return r.chance.Int64N(n) }
func (r *run) chanceOf(thousandths int64) bool { return r.below(1000) < thousandths }

// pick takes one of the words.
func (r *run) pick(words ...string) string { return words[r.below(int64(len(words)))] }

// one takes one of a list.
func one[T any](r *run, list []T) T { return list[r.below(int64(len(list)))] }

// draw makes the world and the plan.
func (r *run) draw(seed uint64) {
	p := &r.plan
	p.actions, p.pauseMs, p.calm = 5+int(r.below(30)), 200+r.below(3_000), r.below(700)
	r.every = 20 + int(r.below(500))
	p.brokers = []int64{1, 1, 3, 3, 3, 2, 4, 5}[r.below(8)]
	p.features = features{
		unsynced: r.chanceOf(120), guarded: r.chanceOf(120), quotas: r.chanceOf(120), txn: r.chanceOf(300), worker: r.chanceOf(200),
		threads: r.chanceOf(150), share: r.chanceOf(200), clean: r.chanceOf(200), renew: r.chanceOf(120), tune: r.chanceOf(200),
		meddle: r.chanceOf(150), racks: r.chanceOf(150),
	}
	r.world = sim.New(sim.Config{Seed: seed, LatencyMs: r.below(60)})
	r.runner = script.Runner{World: r.world}
	p.setup = append(p.setup, r.cluster())
	for i := range 1 + r.below(2) {
		t := topic{"topic" + itoa(i), " partitions=" + itoa(1+r.below(6)) + r.topicSettings()}
		p.topics = append(p.topics, t)
		p.setup = append(p.setup, "topic create "+t.name+t.settings)
	}
	for i := range 1 + r.below(2) {
		p.groups = append(p.groups, group{"group" + itoa(i), r.pick("classic", "classic", "consumer", "both")})
	}
	for i := range 1 + r.below(3) {
		p.setup = append(p.setup, r.producer("p"+itoa(i)))
	}
	for i := range r.below(7) {
		p.setup = append(p.setup, r.consumer("c"+itoa(i)))
	}
	if p.txn {
		r.drawTxns()
	}
	if p.worker {
		r.drawWorkers()
	}
	if p.share {
		r.drawShares()
	}
	if p.guarded {
		p.setup = append(p.setup, "user p0 alice") // the others stay User:ANONYMOUS
	}
}

func (r *run) drawTxns() {
	for i := range 1 + r.below(2) {
		r.plan.txns = append(r.plan.txns, "t"+itoa(i))
		r.plan.setup = append(r.plan.setup, r.transactional("x"+itoa(i), "t"+itoa(i)))
	}
}

func (r *run) drawWorkers() {
	name := "output" + itoa(int64(len(r.plan.outputs)))
	r.plan.outputs = append(r.plan.outputs, name)
	r.plan.setup = append(r.plan.setup, "topic create "+name+" partitions="+itoa(1+r.below(3))+r.replication())
	for i := range 1 + r.below(3) {
		r.plan.setup = append(r.plan.setup, r.worker("w"+itoa(i), name))
	}
}

func (r *run) drawShares() {
	for i := range 1 + r.below(2) {
		name := "crew" + itoa(i)
		r.plan.shares = append(r.plan.shares, name)
		if r.chanceOf(700) {
			r.plan.setup = append(r.plan.setup, "group config "+name+" share.auto.offset.reset=earliest")
		}
		if r.chanceOf(300) {
			r.plan.setup = append(r.plan.setup, "group config "+name+" share.isolation.level=read_committed")
		}
	}
	for i := range 1 + r.below(4) {
		r.plan.setup = append(r.plan.setup, r.sharer("s"+itoa(i)))
	}
}
