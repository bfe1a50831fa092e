package engine

import (
	"fmt"
	"slices"
	"strings"
)

// seen is what people can see of a cluster: all that a recovery must bring back.
// Groups, members and transactional ids go by their names, as numbers may differ.
func seen(e *Engine, short map[string]bool) string {
	var b strings.Builder
	e = e.Snapshot().state.copy()
	e.eachPartition(func(p *partition) { p.replication() })
	fmt.Fprintln(&b, "controller", e.controller, e.controllerEpoch, "latency", e.latency, "next producer id", e.nextProducerID)
	for _, v := range e.Brokers(nil) {
		known := e.brokerAt(v.ID)
		fmt.Fprintf(&b, "broker %+v alive %b believes %d fresh %v\n", v, known.alive, known.believe, known.fresh)
	}
	for _, a := range e.acls {
		fmt.Fprintf(&b, "acl %q\n", a.key())
	}
	for _, q := range e.quotas {
		fmt.Fprintf(&b, "quota %+v\n", *q)
	}
	fmt.Fprintln(&b, "authorizing", e.authorizing, "metering", e.metering)
	for _, broker := range []int32{0, FirstBroker, FirstBroker + 1} {
		for s := range allBrokerSettings {
			v, from := e.broker.at(broker, s)
			if r, name := s.rule(); r.flags&ruleText != 0 {
				fmt.Fprintln(&b, "config of", broker, name, e.broker.texts[v], from)
			} else if from != DefaultConfig {
				fmt.Fprintln(&b, "config of", broker, name, v, from)
			}
		}
	}
	settings := slices.Clone(e.groupSettings)
	slices.SortFunc(settings, func(x, y *groupSettings) int { return strings.Compare(x.name, y.name) })
	for _, s := range settings {
		fmt.Fprintf(&b, "config of group %+v\n", *s)
	}
	e.Topics(func(v TopicView) bool {
		t := e.topics[v.ID]
		fmt.Fprintf(&b, "topic %+v config %v\n", v, t.config)
		for _, p := range t.partitions {
			visiblePartition(&b, e, p)
		}
		return true
	})
	visibleGroups(&b, e, short)
	visibleTxns(&b, e)
	return b.String()
}

func visiblePartition(b *strings.Builder, e *Engine, p *partition) {
	v, _ := e.Partition(p.topic.id, p.index)
	fmt.Fprintf(b, "  %v epoch %d %+v aborted %v open %v\n", p.name(), p.epoch, v, p.abortedIn(p.start, p.end), p.producers.open)
	fmt.Fprintf(b, "    config %v\n", p.config().value)
	fmt.Fprintf(b, "    log %d..%d %s\n", p.start, p.end, batches(&p.log))
	for i := range p.producers.list {
		one := p.producers.list[i]
		clear(one.batches[one.count:])
		fmt.Fprintf(b, "    producer %+v\n", one)
	}
	if p.rep == nil {
		return
	}
	fmt.Fprintf(b, "    decided %+v\n", describeRegistration(p.rep.reg()))
	for i := range e.brokers {
		if reg := p.rep.known(&e.brokers[i]); reg != nil {
			fmt.Fprintf(b, "    broker %d knows %+v\n", e.brokers[i].id, describeRegistration(reg))
		}
	}
	for i := range e.brokers {
		r := p.rep.at(e.brokers[i].id)
		if r == nil {
			continue
		}
		epochs := r.epochs.cutStart(p.start).cutEnd(r.leo) // a follower hears of the log start with its next fetch
		fmt.Fprintf(b, "    replica %d: end %d, role %d of epoch %d, leads %v, main %v, epochs %v\n", r.broker, r.leo, r.leader, r.epoch, r.lead != nil, r == p.rep.main, epochs)
		if r.lead != nil {
			fmt.Fprintf(b, "      high watermark %d, ISR %v\n", r.hw, r.lead.isr)
		}
		if r.tail != nil && !p.same(r) {
			fmt.Fprintf(b, "      its own from %d on: %s\n", r.tail.start, batches(r.tail))
		}
	}
}

func describeRegistration(reg *registration) string {
	r := *reg
	r.seq = 0
	return fmt.Sprintf("%+v", r)
}

// batches is where the batches of a log are, and a sum of their bytes.
func batches(l *log) string {
	text := ""
	for _, s := range l.segments {
		for i := range s.batches {
			text += fmt.Sprintf(" %d-%d:%08x", s.offset(i), s.batches[i].last, crc(s.batch(i)))
		}
	}
	return text
}

// unstored names the groups whose rebalance is under way, which is not stored: such a group
// begins again where it was stable last; and the share-partitions whose state could not be
// written for want of a leader.
func unstored(e *Engine) map[string]bool {
	names := map[string]bool{}
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		names[g.name] = g.kind == GroupClassic && g.state != GroupStable && g.state != GroupEmpty
		for _, sp := range g.shares {
			names[fmt.Sprint(g.name, sp.at)] = sp.dirty
		}
	}
	return names
}

// visibleGroups shows what is stored of groups, of some only their offsets.
func visibleGroups(b *strings.Builder, e *Engine, short map[string]bool) {
	groups := slices.DeleteFunc(slices.Clone(e.groups), func(g *group) bool { return g == nil || g.state == GroupDead })
	slices.SortFunc(groups, func(x, y *group) int { return strings.Compare(x.name, y.name) })
	for _, g := range groups {
		nothing := len(g.pending)+len(g.appendOffsets(nil)) == 0 &&
			(short[g.name] || g.kind == GroupClassic && g.protocolType == "" && len(g.members) == 0)
		if nothing || !e.served(g.log) { // of what has no record nothing is stored
			continue
		}
		fmt.Fprintf(b, "group %s kind %v offsets %+v pending %+v\n", g.name, g.kind, g.appendOffsets(nil), g.pending)
		if short[g.name] {
			continue
		}
		fmt.Fprintf(b, "  state %v generation %d protocol %s %s assignment epoch %d subscribed %v\n", g.state, g.generation, g.protocolType, g.protocol, g.assignmentEpoch, g.subscribed)
		members := slices.Clone(g.members)
		slices.SortFunc(members, func(x, y *member) int { return strings.Compare(x.name, y.name) })
		for _, m := range members {
			assignment := m.assignment
			if g.kind != GroupClassic { // made of what it is assigned
				assignment = nil
			}
			fmt.Fprintf(b, "  member %s instance %q client %s host %s leads %v assignment %x %+v timeouts %d %d\n", m.name, m.instance, m.clientID, m.host, m == g.leader,
				assignment, visibleTarget(m), m.sessionTimeoutMs, m.rebalanceTimeoutMs)
		}
		for _, sp := range g.shares {
			if short[fmt.Sprint(g.name, sp.at)] {
				continue
			}
			text := ""
			for _, r := range sp.records {
				if r.state == ShareAcquired { // locks are not stored
					r = shareRecord{state: ShareAvailable, deliveries: r.deliveries - 1}
				}
				text += fmt.Sprintf(" %d %d", r.state, r.deliveries)
			}
			for strings.HasSuffix(text, " 0 0") { // nor what was never given out
				text = strings.TrimSuffix(text, " 0 0")
			}
			fmt.Fprintf(b, "  shares %v from %d:%s\n", sp.at, sp.start, text)
		}
	}
}

func visibleTarget(m *member) string {
	return fmt.Sprint(m.modern, m.epoch, m.previousEpoch, m.progress, m.topics, m.regex, m.assigned, m.revoking, m.target)
}

func visibleTxns(b *strings.Builder, e *Engine) {
	var lines []string
	for _, x := range e.txns {
		if x != nil {
			lines = append(lines, fmt.Sprintf("transactional id %s %v producer %d/%d previous %d next %d timeout %d start %d updated %d partitions %v\n",
				x.name, x.state, x.producer, x.epoch, x.previous, x.next, x.timeoutMs, x.start, x.updated, x.partitions))
		}
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
}
