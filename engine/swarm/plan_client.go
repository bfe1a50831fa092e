package swarm

import "strings"

func (r *run) producer(name string) string {
	line := "producer add " + name + " topic=" + r.there().name + " rate=" + itoa(1+r.below(60)) + "/s value=" + name + ":{n}"
	line += " keys=" + r.keys() + " acks=" + r.pick("0", "1", "all", "all")
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

// keys: a topic that is compacted takes no records without one.
func (r *run) keys() string {
	if r.plan.clean {
		return r.pick("k1..k3", "k1..k9")
	}
	return r.pick("null", "k1..k3", "k1..k9")
}

// transactional is a producer that makes transactions.
func (r *run) transactional(name, id string) string {
	line := "producer add " + name + " topic=" + r.there().name + " rate=" + itoa(1+r.below(60)) + "/s value=" + name + ":{n} keys=" + r.keys() +
		" transactional.id=" + id + " transaction=" + r.pick("1", "5", "20", "200") + " transaction.timeout.ms=" + r.pick("2000", "10000", "30000")
	if r.chanceOf(300) {
		line += " request.timeout.ms=" + r.pick("300", "2000") + " delivery.timeout.ms=" + r.pick("3000", "30000")
	}
	return line
}

func (r *run) consumer(name string) string {
	g := one(r, r.plan.groups)
	line := "consumer add " + name + " group=" + g.name + " topics=" + r.subscription()
	switch {
	case r.plan.threads && r.chanceOf(500):
		line += r.threads()
	case r.chanceOf(250):
		line += " commit=before"
	default:
		line += " commit=" + r.pick("auto", "after")
	}
	line += " process=" + r.pick("0", "1", "20", "200") + "ms auto.offset.reset=" + r.pick("earliest", "latest") + r.member(g)
	if r.chanceOf(300) {
		line += " auto.commit.interval.ms=" + r.pick("100", "1000")
	}
	if r.chanceOf(300) {
		line += " isolation.level=read_committed"
	}
	if r.plan.racks && r.chanceOf(600) {
		line += " client.rack=" + r.pick("a", "b", "c")
	}
	return line
}

// threads are those of an application that processes elsewhere than it polls.
func (r *run) threads() string {
	return " commit=" + r.pick("auto", "after") + " threads=" + r.pick("2", "4") + " threads.order=" + r.pick("partition", "record") +
		" threads.commit=" + r.pick("lowest", "lowest", "highest") + " process.spread=" + r.pick("0", "50", "300")
}

// member is about being one, in the protocol of the group.
func (r *run) member(g group) (line string) {
	protocol := g.protocol
	if protocol == "both" {
		protocol = r.pick("classic", "consumer")
	}
	if protocol == "classic" {
		line = " session.timeout.ms=" + r.pick("6000", "10000") + " heartbeat.interval.ms=" + r.pick("500", "2000")
		if r.chanceOf(300) {
			line += " partition.assignment.strategy=" + r.pick("range", "roundrobin", "sticky", "cooperative-sticky", "range,cooperative-sticky")
		}
	} else {
		line = " group.protocol=consumer"
		if r.chanceOf(300) {
			line += " group.remote.assignor=" + r.pick("uniform", "range")
		}
	}
	if r.chanceOf(150) {
		r.static = true
		line += " group.instance.id=i" + itoa(r.below(4))
	}
	if r.chanceOf(200) {
		line += " max.poll.interval.ms=" + r.pick("4000", "9000") + " max.poll.records=" + r.pick("1", "10")
	}
	return line
}

// subscription is one topic or all of them.
func (r *run) subscription() string {
	if r.chanceOf(600) {
		var names []string
		for _, t := range r.plan.topics {
			names = append(names, t.name)
		}
		return strings.Join(names, ",")
	}
	return one(r, r.plan.topics).name
}

// worker is a consumer that writes what it reads to another topic. All workers of an
// output are a group of their own and promise the same.
func (r *run) worker(name, output string) string {
	if r.works == "" {
		r.works = " topics=" + r.subscription() + " auto.offset.reset=earliest processing.guarantee=" +
			r.pick("exactly_once", "exactly_once", "exactly_once", "at_least_once")
		r.workers = group{"workers", r.pick("classic", "classic", "consumer", "both")}
	}
	line := "consumer add " + name + " group=" + r.workers.name + r.works + " output=" + output + " process=" + r.pick("0", "1", "20") + "ms" +
		" transaction.timeout.ms=" + r.pick("2000", "10000") + r.member(r.workers)
	if r.chanceOf(300) {
		line += " crash.at=" + r.pick("polled", "processed", "written", "offsets", "committing", "committed")
	}
	return line
}

// sharer is a member of a share group.
func (r *run) sharer(name string) string {
	line := "share add " + name + " group=" + r.pick(r.plan.shares...) + " topics=" + r.subscription() + " process=" + r.pick("0", "1", "20", "200") + "ms" +
		" max.poll.records=" + r.pick("1", "10", "500")
	if r.chanceOf(400) {
		line += " acknowledge=" + r.pick("accept", "accept", "release", "reject", "lose")
	}
	if r.chanceOf(200) {
		line += " crash.at=" + r.pick("polled", "processed", "written", "committing", "committed")
	}
	return line
}
