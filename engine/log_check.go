package engine

import (
	"strconv"

	"partita/engine/batch"
)

// recordRules are what a topic asks of each record, besides what a batch must be:
// timestamps not too far from the broker's time (message.timestamp.before.max.ms and
// after.max.ms), which only matter where the producer's count, and in a compacted topic a
// key.
type recordRules struct {
	oldest, newest int64
	keyed          bool
}

func (e *Engine) rulesOf(p *partition) recordRules {
	c := p.config()
	r := recordRules{oldest: -1 << 63, newest: maxInt64, keyed: c.has(policyCompact)}
	if c.value[setTimestampType] == createTime {
		if before := c.value[setTimestampBeforeMaxMs]; before < maxInt64 {
			r.oldest = int64(e.now) - before
		}
		if after := c.value[setTimestampAfterMaxMs]; after < maxInt64-int64(e.now) {
			r.newest = int64(e.now) + after
		}
	}
	return r
}

// check decides on one record; a negative timestamp is none.
func (l *recordRules) check(at int64, key []byte) Code {
	switch {
	case l.keyed && key == nil:
		return InvalidRecord
	case at > l.newest || at >= 0 && at < l.oldest:
		return InvalidTimestamp
	}
	return None
}

// opened gives a batch with records that can be read, if Config.Open can open it.
func (e *Engine) opened(bytes []byte) []byte {
	if h, err := batch.Parse(bytes); e.open != nil && err == nil && h.Codec() != batch.None {
		return e.open(bytes[:h.Size()])
	}
	return bytes
}

// checkRecords refuses a batch with records that the topic's settings do not allow. As in
// Kafka INVALID_TIMESTAMP comes before INVALID_RECORD. Of a compressed batch that nobody can
// open only the header is looked at.
func (e *Engine) checkRecords(p *partition, bytes []byte, h *batch.Header) (code Code) {
	c := &p.topic.config.value
	if c[setCleanupPolicy]&policyCompact == 0 && (c[setTimestampType] != createTime ||
		c[setTimestampBeforeMaxMs] == maxInt64 && h.MaxTimestamp-int64(e.now) <= c[setTimestampAfterMaxMs]) {
		return None // nearly always, and so found out without a call
	}
	rules := e.rulesOf(p)
	if h.MaxTimestamp > rules.newest || h.Codec() != batch.None && h.BaseTimestamp >= 0 && h.BaseTimestamp < rules.oldest {
		return InvalidTimestamp
	}
	if !rules.keyed && rules.oldest == -1<<63 {
		return None
	}
	var r batch.Record
	for it := batch.Records(e.opened(bytes)); it.Next(&r) && code != InvalidTimestamp; {
		if c := rules.check(h.Timestamp(&r), r.Key); c != None {
			code = c
		}
	}
	return code
}

// RefusedRecord is one record for which its whole batch was refused.
type RefusedRecord struct {
	Index int32  // in the batch
	Why   string // in Kafka's words
}

// RefusedRecords lists the records that a partition does not take from a batch, for a
// Produce that was answered with InvalidRecord or InvalidTimestamp (KIP-467). Empty: the
// batch as a whole was at fault.
func (e *Engine) RefusedRecords(topic TopicID, part Partition, bytes []byte) (list []RefusedRecord) {
	p := e.partitionAt(topic, part)
	if p == nil {
		return nil
	}
	rules := e.rulesOf(p)
	bytes = e.opened(bytes)
	h, err := batch.Parse(bytes)
	if err != nil {
		return nil
	}
	var r batch.Record
	it := batch.Records(bytes)
	for i := int32(0); it.Next(&r); i++ {
		name := TopicPartition{Topic: p.topic.name, Partition: part}.String()
		at := h.Timestamp(&r)
		switch rules.check(at, r.Key) {
		case InvalidRecord:
			list = append(list, RefusedRecord{i, "Compacted topic cannot accept message without key in topic partition " + name + "."})
		case InvalidTimestamp:
			list = append(list, RefusedRecord{i, "Timestamp " + strconv.FormatInt(at, 10) + " of message with offset " + strconv.Itoa(int(i)) +
				" is out of range. The timestamp should be within [" + strconv.FormatInt(rules.oldest, 10) + ", " + strconv.FormatInt(rules.newest, 10) + "]"})
		}
	}
	return list
}
