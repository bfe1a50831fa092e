package engine

import "partita/engine/batch"

// checkRecords refuses records that the topic's settings do not allow: timestamps too far
// from the broker's time (message.timestamp.before.max.ms and after.max.ms), which only
// matter where the producer's count, and in a compacted topic records without a key. Of
// a compressed batch only the header is looked at.
func (e *Engine) checkRecords(p *partition, bytes []byte, h *batch.Header) Code {
	c := &p.topic.config
	before, keyed := int64(maxInt64), c.has(policyCompact)
	if c.value[setTimestampType] == createTime {
		before = c.value[setTimestampBeforeMaxMs]
		if h.MaxTimestamp-int64(e.now) > c.value[setTimestampAfterMaxMs] {
			return InvalidTimestamp
		}
	}
	if !keyed && before == maxInt64 {
		return None
	}
	oldest := int64(e.now) - before
	if h.Codec() != batch.None {
		if h.BaseTimestamp >= 0 && h.BaseTimestamp < oldest {
			return InvalidTimestamp
		}
		return None
	}
	var r batch.Record
	for it := batch.Records(bytes); it.Next(&r); {
		if at := h.Timestamp(&r); at >= 0 && at < oldest {
			return InvalidTimestamp
		}
		if keyed && r.Key == nil {
			return InvalidRecord
		}
	}
	return None
}
