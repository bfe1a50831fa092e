package engine

import (
	"partita/engine/batch"
)

// Record types in OffsetsTopic of consumer and share groups, by the apiKey of Kafka's
// schemas (ConsumerGroupMetadataKey and the like). All keys are version-less, all values
// version 0 and flexible.
const (
	recordEpoch       = iota // ...GroupMetadata
	recordTopics             // ...GroupPartitionMetadata
	recordMember             // ...GroupMemberMetadata
	recordTargetEpoch        // ...GroupTargetAssignmentMetadata
	recordTarget             // ...GroupTargetAssignmentMember
	recordCurrent            // ...GroupCurrentMemberAssignment
	recordTypes
)

var recordKeys = [...][recordTypes]uint16{
	GroupConsumer: {3, 4, 5, 6, 7, 8},
	GroupShare:    {11, 9, 10, 12, 13, 14},
}

// TopicUUID is the id of a topic in records and on the wire, 16 bytes. The engine
// numbers topics; Kafka draws random ids.
func TopicUUID(id TopicID) [16]byte {
	u := [16]byte{'P', 'a', 'r', 't', 'i', 't', 'a'}
	batch.PutUint32(u[12:], uint32(id))
	return u
}

// put adds one record of the group to the batch that is being built. A nil value is a
// tombstone.
func (e *Engine) put(g *group, kind int, member string, value []byte) {
	w := &e.writer
	w.key = appendShortString(batch.AppendUint16(w.key[:0], recordKeys[g.kind][kind]), g.name)
	if kind == recordMember || kind == recordTarget || kind == recordCurrent {
		w.key = appendShortString(w.key, member)
	}
	if value != nil {
		w.value = append(value, 0) // no tagged fields
		value = w.value
	}
	w.b.Add(int64(e.now), w.key, value, nil)
	if int64(w.b.Size()) > g.log.config().value[setMaxMessageBytes]/2 {
		e.flushRecords(0, g)
		w.begin()
	}
	w.used = true
}

// value begins a value of version 0.
func (w *recordWriter) version0() []byte { return append(w.value[:0], 0, 0) }

//go:noinline
func (e *Engine) writeEpoch(g *group) {
	e.put(g, recordEpoch, "", appendInt32(e.writer.version0(), int32(g.generation)))
}

//go:noinline
func (e *Engine) writeTargetEpoch(g *group) {
	e.put(g, recordTargetEpoch, "", appendInt32(e.writer.version0(), int32(g.assignmentEpoch)))
}

func (e *Engine) writeSubscribed(g *group) {
	v := appendCount(e.writer.version0(), len(g.subscribed))
	for _, s := range g.subscribed {
		v = appendCompact(appendTopicID(v, s.topic()), e.TopicName(s.topic()))
		v = appendInt32(v, int32(s.partition()))
		v = append(v, 1, 0) // racks are not stored; no tagged fields
	}
	e.put(g, recordTopics, "", v)
}

func (e *Engine) writeMember(g *group, m *member) {
	v := e.writer.version0()
	if g.kind == GroupConsumer {
		v = appendCompactNullable(v, m.instance)
	}
	v = appendCompactNullable(v, m.rack)
	v = appendCompact(appendCompact(v, m.clientID), m.host)
	v = appendCount(v, len(m.topics))
	for _, topic := range m.topics {
		v = appendCompact(v, topic)
	}
	if g.kind == GroupConsumer {
		v = appendCompactNullable(v, m.regex)
		v = appendInt32(v, int32(m.rebalanceTimeoutMs))
		v = appendCompactNullable(v, m.assignor)
		if !m.modern {
			e.put(g, recordMember, m.name, appendClassic(v, m))
			return
		}
	}
	e.put(g, recordMember, m.name, v)
}

// appendClassic appends ClassicMemberMetadata, which is tagged field 0, but for the 0
// that put adds as the end of the tagged fields of this struct.
func appendClassic(v []byte, m *member) []byte {
	var c []byte
	c = append(c, 1) // not null
	c = appendInt32(c, int32(m.sessionTimeoutMs))
	c = appendCount(c, len(m.protocols))
	for _, p := range m.protocols {
		c = appendCompact(c, p.Name)
		c = append(appendCount(c, len(p.Metadata)), p.Metadata...)
		c = append(c, 0)
	}
	c = append(c, 0)
	v = append(v, 1, 0) // one tagged field, the first
	v = batch.AppendUvarint(v, uint64(len(c)))
	return append(v, c[:len(c)-1]...)
}

//go:noinline
func (e *Engine) writeTarget(g *group, m *member) {
	e.put(g, recordTarget, m.name, appendPlaces(e.writer.version0(), m.target))
}

func (e *Engine) writeCurrent(g *group, m *member) {
	v := appendInt32(e.writer.version0(), int32(m.epoch))
	v = appendInt32(v, int32(m.previousEpoch))
	v = appendPlaces(append(v, byte(m.progress)), m.assigned)
	if g.kind == GroupConsumer {
		v = appendPlaces(v, m.revoking)
	}
	e.put(g, recordCurrent, m.name, v)
}

// forgetMember writes the tombstones of a member of a consumer or share group.
func (e *Engine) forgetMember(g *group, m *member) {
	for _, kind := range [...]int{recordCurrent, recordTarget, recordMember} {
		e.put(g, kind, m.name, nil)
	}
}

// forgetGroup writes the tombstones of a group without members.
func (e *Engine) forgetGroup(g *group) {
	if g.kind == GroupClassic {
		w := &e.writer
		w.groupKey(g.name)
		w.b.Add(int64(e.now), w.key, nil, nil)
		return
	}
	for _, kind := range [...]int{recordTargetEpoch, recordTopics, recordEpoch} {
		e.put(g, kind, "", nil)
	}
}

// appendInt32, appendInt64, appendTopicID and appendCount are called, not inlined: there
// are many of them, and none is in a hurry.
//
//go:noinline
func appendInt32(dst []byte, v int32) []byte { return batch.AppendUint32(dst, uint32(v)) }

//go:noinline
func appendInt64(dst []byte, v int64) []byte { return batch.AppendUint64(dst, uint64(v)) }

//go:noinline
func appendTopicID(dst []byte, id TopicID) []byte {
	u := TopicUUID(id)
	return append(dst, u[:]...)
}

//go:noinline
func appendCount(dst []byte, n int) []byte { return batch.AppendUvarint(dst, uint64(n+1)) }

//go:noinline
func appendCompact(dst []byte, s string) []byte {
	return append(appendCount(dst, len(s)), s...)
}

func appendCompactNullable(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, 0)
	}
	return appendCompact(dst, s)
}

// appendPlaces appends an array of topic ids with their partitions.
func appendPlaces(dst []byte, list []place) []byte {
	topics := ownedTopics(list)
	dst = appendCount(dst, len(topics))
	for i := range topics {
		dst = appendTopicID(dst, topics[i].Topic)
		dst = appendCount(dst, len(topics[i].Partitions))
		for _, p := range topics[i].Partitions {
			dst = appendInt32(dst, int32(p))
		}
		dst = append(dst, 0)
	}
	return dst
}
