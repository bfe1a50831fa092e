package engine

import (
	"slices"
	"strings"

	"partita/engine/batch"
)

// Recover applies one durable event to a new engine of one broker, in the order in which
// the events were stored. What is rebuilt is what people can see: topics, settings,
// records, log starts. Events that come of it are not kept. Recovered comes last.
func (e *Engine) Recover(ev *Event) {
	e.now = max(e.now, ev.At)
	t := e.topicAt(ev.Topic)
	switch {
	case ev.Kind == KindTopicCreated:
		e.recoverTopic(ev)
	case ev.Kind == KindProducerID:
		e.nextProducerID = max(e.nextProducerID, ev.Aux+1)
	case t == nil:
	case ev.Kind == KindTopicDeleted:
		delete(e.topicByName, t.name)
		e.topics[t.id] = nil
	case ev.Kind == KindPartitionsCreated:
		e.grow(t, int32(ev.Aux), nil)
	case ev.Kind == KindConfigAltered:
		name, value, set := strings.Cut(string(ev.Bytes), "=")
		defaults := e.broker.topicDefaults()
		if config, wrong := t.config.with([]ConfigEntry{{Name: name, Value: value, Unset: !set}}, defaults); wrong == "" {
			t.config = config
		}
	case int(ev.Partition) >= len(t.partitions):
	case ev.Kind == KindAppended:
		if h, err := batch.Parse(ev.Bytes); err == nil {
			e.append(0, t.partitions[ev.Partition], ev.Bytes, &h)
		}
	case ev.Kind == KindLogStartMoved:
		p := t.partitions[ev.Partition]
		p.start = max(p.start, ev.End)
		for len(p.segments) > 0 && p.endOf(0) <= p.start {
			p.bytes -= int64(len(p.segments[0].data))
			p.segments = slices.Delete(p.segments, 0, 1)
		}
	}
	e.Advance()
}

func (e *Engine) recoverTopic(ev *Event) {
	for len(e.topics) < int(ev.Topic) {
		e.topics = append(e.topics, nil) // deleted before the oldest event that is left
	}
	switch name := string(ev.Bytes); name {
	case OffsetsTopic:
		e.offsetsTopic()
	case TransactionsTopic:
		e.transactionsTopic()
	default:
		config := e.broker.topicDefaults()
		e.makeTopic(0, name, int32(ev.Aux), 1, nil, *config, false)
	}
}

// Recovered ends a recovery: groups, committed offsets and transactions are read from
// their records, and the members' sessions start at the time given.
func (e *Engine) Recovered(at Time) {
	e.now = max(e.now, at)
	for len(e.timers.heap) > 0 && e.timers.heap[0].at <= e.now { // periodic work begins anew
		t := e.timers.pop()
		t.at = e.now + Time(e.broker.value[brkLogRetentionCheckMs])
		e.timers.set(t)
	}
	for _, id := range [...]TopicID{e.offsets, e.transactions} {
		if t := e.topicAt(id); id != 0 && t != nil {
			for _, p := range t.partitions {
				e.loadPartition(p)
			}
		}
	}
	e.Advance()
}
