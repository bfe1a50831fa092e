package engine

import (
	"errors"
	"strconv"

	"partita/engine/batch"
)

// Check looks whether the state holds together and names the first invariant that
// does not. It is for tests: it walks everything. Two invariants are about clients
// as much as about the engine: that a committed offset lies within the log, and that
// a partition has one owner; clients that commit what they have read and assign with
// Kafka's assignors keep them.
func (e *Engine) Check() error {
	if err := e.checkTimers(); err != nil {
		return err
	}
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			if what := p.check(); what != "" {
				return broken("log of "+TopicPartition{t.name, p.index}.String(), what)
			}
		}
	}
	for _, g := range e.groups {
		if g == nil || g.state == GroupDead {
			continue
		}
		if what := e.checkGroup(g); what != "" {
			return broken("group "+g.name, what)
		}
	}
	return nil
}

func broken(where, what string) error { return errors.New(where + ": " + what) }

func (e *Engine) checkTimers() error {
	h := e.timers.heap
	for i := 1; i < len(h); i++ {
		if up := (i - 1) / 2; h[i].before(&h[up]) {
			return broken("timers", "the heap is not in order at "+strconv.Itoa(i))
		}
	}
	if len(h) > 0 && h[0].at < e.now {
		return broken("timers", "one is overdue")
	}
	return nil
}

// check walks a log: offsets are contiguous, or in a compacted log ascending, the
// batches carry them, and the sums are right.
func (p *partition) check() string {
	compacted := p.topic.config.value[setCleanupPolicy] == policyCompact
	next, bytes := p.start, int64(0)
	if p.start > p.end {
		return "log start offset after log end offset"
	}
	for i, s := range p.segments {
		if s.base < next || s.base > next && !compacted {
			return "segment " + strconv.Itoa(i) + " starts at the wrong offset"
		}
		pos := int32(0)
		for b := range s.batches {
			entry, raw := &s.batches[b], s.batch(b)
			h, err := batch.Parse(raw)
			switch {
			case err != nil || h.Size() != len(raw) || entry.pos != pos:
				return "the index of segment " + strconv.Itoa(i) + " does not fit its batches"
			case Offset(h.BaseOffset) < next || Offset(h.BaseOffset) > next && !compacted:
				return "offsets not contiguous: a batch at " + strconv.Itoa(int(h.BaseOffset)) + ", want " + strconv.Itoa(int(next))
			case Offset(h.LastOffset()) != entry.last || h.Count != entry.count || h.MaxTimestamp != entry.maxTime || entry.maxTime > s.maxTime:
				return "the index says something else than the batch at " + strconv.Itoa(int(h.BaseOffset))
			case h.Count > h.LastOffsetDelta+1 || h.Count <= h.LastOffsetDelta && !compacted:
				return "a batch counts wrong at " + strconv.Itoa(int(h.BaseOffset))
			}
			next = entry.last + 1
			pos += int32(len(raw))
		}
		bytes += int64(pos)
	}
	if next > p.end || next < p.end && !compacted {
		return "log end offset is not where the last batch ends"
	}
	if bytes != p.bytes {
		return "bytes are counted wrong"
	}
	return ""
}

func (e *Engine) checkGroup(g *group) string {
	joins, syncs, led := 0, 0, g.leader == nil && len(g.members) == 0
	for _, m := range g.members {
		switch {
		case g.byName[m.name] != m || e.MemberName(m.id) != m.name || m.pending:
			return "a member does not go by its id: " + m.name
		case m.instance != "" && g.byInstance[m.instance] != m:
			return "a static member does not go by its instance id: " + m.instance
		case m.join.parked && g.state != GroupPreparingRebalance:
			return "a JoinGroup is parked in state " + g.state.String()
		case m.sync.parked && g.state != GroupCompletingRebalance:
			return "a SyncGroup is parked in state " + g.state.String()
		case !m.join.parked && !m.sync.parked && !e.armed(g, m):
			return "no timer watches the session of " + m.name
		}
		if m.join.parked {
			joins++
		}
		if m.pendingSync {
			syncs++
		}
		led = led || m == g.leader
	}
	switch {
	case joins != g.awaitingJoin || syncs != g.pendingSync || len(g.byName) != len(g.members)+g.pendingJoin:
		return "those who wait are counted wrong"
	case !led:
		return "the group leader is not a member"
	case g.state == GroupEmpty && len(g.members) > 0:
		return "Empty with members"
	case (g.state == GroupStable || g.state == GroupCompletingRebalance) && (len(g.members) == 0 || !g.common(g.protocol)):
		return g.state.String() + " without a protocol that all members offer"
	}
	for _, o := range g.appendOffsets(nil) {
		tp := TopicPartition{o.Topic, o.Partition}
		if p := e.partitionAt(e.topicByName[o.Topic], o.Partition); p == nil || o.Offset > p.end {
			return "committed offset after the log's end: " + tp.String()
		}
	}
	return g.checkOwners()
}

// armed: a timer will look at the member's session in time.
func (e *Engine) armed(g *group, m *member) bool {
	if m.timerAt < 0 || m.timerAt > m.deadline {
		return false
	}
	for i := range e.timers.heap {
		if t := &e.timers.heap[i]; t.kind == timerSession && t.at == m.timerAt && t.owner == uint32(g.id) && t.key == uint32(m.id) {
			return true
		}
	}
	return false
}

// checkOwners: in a Stable group of consumers a partition has at most one owner.
func (g *group) checkOwners() string {
	if g.state != GroupStable || g.protocolType != "consumer" {
		return ""
	}
	owners := map[TopicPartition]bool{}
	for _, m := range g.members {
		a, err := ParseAssignment(m.assignment)
		if err != nil {
			continue // not a consumer's assignment: the group leader's business
		}
		for _, tps := range a.Partitions {
			for _, p := range tps.Partitions {
				tp := TopicPartition{tps.Topic, Partition(p)}
				if owners[tp] {
					return "two owners of " + tp.String() + " in generation " + strconv.Itoa(int(g.generation))
				}
				owners[tp] = true
			}
		}
	}
	return ""
}
