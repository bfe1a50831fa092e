package engine

import "partita/engine/batch"

// Versions of the keys and values in OffsetsTopic, by the names of Kafka's schemas.
const (
	offsetCommitKey    = 1
	offsetCommitValue  = 3
	groupMetadataKey   = 2
	groupMetadataValue = 3
)

// recordWriter builds batches for OffsetsTopic in buffers that it keeps.
type recordWriter struct {
	b                 batch.Builder
	used              bool // something was written since begin
	batch, key, value []byte
}

func (w *recordWriter) begin() {
	w.b.Reset(w.batch[:0])
	w.used = false
}

func (w *recordWriter) tombstones(g *group, t *topicOffsets, now int64) {
	for p := range t.partitions {
		if t.partitions[p].next > 0 {
			w.tombstone(g, t.name, Partition(p), now)
		}
	}
}

func (w *recordWriter) tombstone(g *group, topic string, p Partition, now int64) {
	w.commitKey(g.name, topic, p)
	w.b.Add(now, w.key, nil, nil)
}

func (w *recordWriter) commitKey(group, topic string, p Partition) {
	k := batch.AppendUint16(w.key[:0], offsetCommitKey)
	k = appendShortString(appendShortString(k, group), topic)
	w.key = batch.AppendUint32(k, uint32(p))
}

func (w *recordWriter) commitValue(o *CommitOffset, now int64) {
	v := batch.AppendUint16(w.value[:0], offsetCommitValue)
	v = batch.AppendUint64(v, uint64(o.Offset))
	v = batch.AppendUint32(v, uint32(o.LeaderEpoch))
	w.value = batch.AppendUint64(appendShortString(v, o.Metadata), uint64(now))
}

func (w *recordWriter) groupKey(group string) {
	w.key = appendShortString(batch.AppendUint16(w.key[:0], groupMetadataKey), group)
}

func (w *recordWriter) groupValue(g *group) {
	v := batch.AppendUint16(w.value[:0], groupMetadataValue)
	v = appendShortString(v, g.protocolType)
	v = batch.AppendUint32(v, uint32(g.generation))
	leader := ""
	if g.leader != nil {
		leader = g.leader.name
	}
	v = appendNullable(appendNullable(v, g.protocol), leader)
	v = batch.AppendUint64(v, uint64(g.stateSince))
	v = batch.AppendUint32(v, uint32(len(g.stored())))
	for _, m := range g.stored() {
		v = appendNullable(appendShortString(v, m.name), m.instance)
		v = appendShortString(appendShortString(v, m.clientID), m.host)
		v = batch.AppendUint32(v, uint32(m.rebalanceTimeoutMs))
		v = batch.AppendUint32(v, uint32(m.sessionTimeoutMs))
		v = appendSized(appendSized(v, m.metadata(g.protocol)), m.assignment)
	}
	w.value = v
}

// stored are the members that the group's record lists: none before they have
// agreed on a protocol, for then the record only says that the group exists.
func (g *group) stored() []*member {
	if g.protocol == "" {
		return nil
	}
	return g.members
}

func appendNullable(dst []byte, s string) []byte {
	if s == "" {
		return batch.AppendUint16(dst, 0xffff)
	}
	return appendShortString(dst, s)
}

func appendSized(dst, b []byte) []byte {
	return append(batch.AppendUint32(dst, uint32(len(b))), b...)
}

// flushRecords appends the batch that was built to the group's log.
func (e *Engine) flushRecords(from Session, g *group) Code {
	_, code := e.flushTo(from, g.log)
	return code
}

// flushTo appends the batch that was built to a coordinator's log.
func (e *Engine) flushTo(from Session, p *partition) (Offset, Code) {
	w := &e.writer
	w.batch = w.b.Finish()
	if int64(len(w.batch)) > p.config().value[setMaxMessageBytes] {
		return -1, UnknownServerError // what the coordinator makes of MESSAGE_TOO_LARGE
	}
	base, _, code := e.append(from, p, w.batch, &w.b.Header)
	return base, code
}

// writeGroup stores the group's metadata record.
func (e *Engine) writeGroup(from Session, g *group) Code {
	w := &e.writer
	w.begin()
	w.groupKey(g.name)
	w.groupValue(g)
	w.b.Add(int64(e.now), w.key, w.value, nil)
	return e.flushRecords(from, g)
}

// writeOffsets stores those offsets whose code is None, as part of a transaction when by
// is one's producer. It refuses metadata that is too long. at is the batch's offset.
func (e *Engine) writeOffsets(from Session, g *group, offsets []CommitOffset, codes []Code, by *txnProducer) (at Offset, code Code) {
	w, most := &e.writer, e.broker.value[brkOffsetMetadataMaxBytes]
	w.begin()
	if by != nil {
		w.b.Header.Attributes |= batch.Transactional
		w.b.Header.ProducerID, w.b.Header.ProducerEpoch, w.b.Header.BaseSequence = by.id, by.epoch, 0
	}
	for i := range offsets {
		o := &offsets[i]
		switch {
		case codes[i] != None:
		case int64(len(o.Metadata)) > most && utf16Len(o.Metadata) > most:
			codes[i] = OffsetMetadataTooLarge
		default:
			w.commitKey(g.name, o.Topic, o.Partition)
			w.commitValue(o, int64(e.now))
			w.b.Add(int64(e.now), w.key, w.value, nil)
		}
	}
	if w.b.Count() == 0 {
		return -1, None
	}
	return e.flushTo(from, g.log)
}
