package engine

import (
	"slices"
	"strings"

	"partita/engine/batch"
)

// Recover applies one durable event to a new engine that was made from the same Config,
// in the order in which the events were stored. What is rebuilt is what people can see:
// topics, settings, records, replicas, what each broker knows, access rules, quotas. Events
// that come of it are not kept. Recovered comes last.
//
// What was under way is lost, as with any broken connection: requests that waited,
// fetches of followers, sessions of clients and their principals. A follower's high
// watermark may be that of one fetch later.
func (e *Engine) Recover(ev *Event) {
	e.now, e.recovering = max(e.now, ev.At), true
	switch ev.Kind {
	case KindTopicCreated:
		e.recoverTopic(ev)
	case KindProducerID:
		e.nextProducerID = max(e.nextProducerID, ev.Aux+1)
	case KindBrokerConfigAltered, KindGroupConfig, KindACLAdded, KindACLRemoved, KindQuotaAltered:
		e.recoverSetting(ev)
	case KindBrokerChanged, KindControllerMoved, KindLinkChanged, KindLatencyChanged, KindMetadataApplied:
		e.recoverBroker(ev)
	default:
		if t := e.topicAt(ev.Topic); t != nil {
			e.recoverIn(t, ev)
		}
	}
	e.Advance()
	e.seq, e.recovering = ev.Seq, false
}

// recoverTopic makes a topic. What was set on it, and where its partitions are, comes
// in events of its own.
func (e *Engine) recoverTopic(ev *Event) {
	for len(e.topics) < int(ev.Topic) {
		e.topics = append(e.topics, nil) // deleted before the oldest event that is left
	}
	switch name := string(ev.Bytes); name {
	case OffsetsTopic:
		e.offsetsTopic()
	case TransactionsTopic:
		e.transactionsTopic()
	case ShareStateTopic:
		e.shareStateTopic()
	default:
		e.makeTopic(0, name, int32(ev.Aux), 1, nil, *e.broker.topicDefaults(), false)
	}
}

// recoverIn applies an event about a topic or a partition.
func (e *Engine) recoverIn(t *topic, ev *Event) {
	switch ev.Kind {
	case KindTopicDeleted:
		delete(e.topicByName, t.name)
		e.topics[t.id] = nil
		e.eachPartition(func(p *partition) {
			if p.topic.id == e.offsets && p.rep != nil {
				p.rep.lossy = true // as forgetTopic
			}
		})
		return
	case KindPartitionsCreated:
		e.grow(t, int32(ev.Aux), 0, nil)
		return
	case KindConfigAltered:
		entry := entryOf(ev.Bytes)
		if config, wrong := t.config.with([]ConfigEntry{entry}, e.broker.topicDefaults()); wrong == "" {
			t.config = config
		}
		for _, p := range t.partitions {
			e.localize(p)
		}
		return
	}
	if int(ev.Partition) >= len(t.partitions) {
		return
	}
	switch p := t.partitions[ev.Partition]; ev.Kind {
	case KindAppended:
		e.recoverRecords(p, ev)
	case KindLogStartMoved:
		p.start = max(p.start, ev.End)
	case KindSegmentsDeleted:
		for len(p.segments) > 0 && p.segments[0].base < ev.End {
			p.bytes -= int64(len(p.segments[0].data))
			p.segments = slices.Delete(p.segments, 0, 1)
		}
	case KindLogCleaned:
		r := cleanable{from: ev.Offset, to: ev.End}
		for r.pieces < len(p.segments) && p.segments[r.pieces].base < ev.End {
			r.pieces++
		}
		e.cleanLog(p, &r)
	case KindRegistered:
		e.recoverRegistration(p, ev)
		e.localize(p)
	default:
		if p.rep != nil {
			e.recoverReplica(p, ev)
		}
	}
}

// recoverRecords appends a batch, to the log of whoever led the epoch that it carries.
func (e *Engine) recoverRecords(p *partition, ev *Event) {
	h, err := batch.Parse(ev.Bytes)
	if err != nil {
		return
	}
	if p.rep != nil && ev.Epoch != p.epoch {
		for _, r := range p.rep.replicas {
			if r.lead != nil && r != p.rep.main && r.epoch == ev.Epoch {
				e.appendLate(0, p, r, ev.Bytes, &h)
			}
		}
		return
	}
	stable, hw := p.lastStable(), p.highWatermark()
	e.append(0, p, ev.Bytes, &h)
	if h.IsControl() {
		e.settleTxns(p, stable, hw)
	}
}

// entryOf reads "name=value", or "name" when unset.
func entryOf(text []byte) ConfigEntry {
	name, value, set := strings.Cut(string(text), "=")
	return ConfigEntry{Name: name, Value: value, Unset: !set}
}

// recoverSetting applies an event about settings, access rules and quotas.
func (e *Engine) recoverSetting(ev *Event) {
	text := string(ev.Bytes)
	switch ev.Kind {
	case KindBrokerConfigAltered:
		c := &AlterBrokerConfig{Broker: int32(ev.Aux), Static: ev.Epoch == 1, Entries: []ConfigEntry{entryOf(ev.Bytes)}}
		c.apply(e, 0, 0)
	case KindGroupConfig:
		c := &AlterGroupConfig{Group: text[:ev.Offset], Entries: []ConfigEntry{entryOf(ev.Bytes[ev.Offset+2:])}}
		c.apply(e, 0, 0)
	case KindQuotaAltered:
		q := Quota{Value: ev.Aux, Remove: ev.Aux < 0}
		if ev.Offset > 0 {
			text = text[len("user "):]
			q.User, text = text[:ev.Offset], text[ev.Offset+1:]
		}
		if ev.End > 0 {
			text = text[len("client-id "):]
			q.ClientID, text = text[:ev.End], text[ev.End+1:]
		}
		q.Key = text
		c := &AlterQuotas{Entries: []Quota{q}}
		c.apply(e, 0, 0)
	default:
		a := aclOf(text, ev)
		e.setACL(0, &a, ev.Kind == KindACLAdded)
	}
}

// aclOf reads the words of a rule; the event says how long the names are.
func aclOf(text string, ev *Event) (a ACL) {
	a.Permission, text, _ = strings.Cut(text, " ")
	a.Principal, text = text[:ev.Offset], text[ev.Offset+1:]
	a.Operation, text, _ = strings.Cut(text, " ")
	a.Resource, text, _ = strings.Cut(text, " ")
	a.Name, text = text[:ev.End], text[ev.End:]
	a.Pattern, a.Host = literal, wildcard
	if ev.Aux != 0 {
		a.Pattern, text = prefixed, text[len(wildcard):]
	}
	if text != "" {
		a.Host = text[len(" from "):]
	}
	return a
}
