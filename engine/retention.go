package engine

// deletion says why old segments went (Epoch of KindSegmentsDeleted).
type deletion int32

// Reasons to delete segments, in the order in which Kafka looks.
const (
	deletedStart deletion = iota + 1 // all below the log start offset
	deletedSize                      // retention.bytes
	deletedTime                      // retention.ms
)

// retainLogs deletes old segments of the topics that are not compacted
// (log.retention.check.interval.ms). The cleaner looks after the others.
func (e *Engine) retainLogs() {
	e.eachPartition(func(p *partition) {
		if !p.config().has(policyCompact) {
			e.retainLog(p, p.highWatermark())
		}
	})
	e.timers.set(timer{at: e.now + Time(e.broker.value[brkLogRetentionCheckMs]), kind: timerLogRetention})
}

func (e *Engine) retainLog(p *partition, hw Offset) {
	e.deleteSegments(p, hw, deletedStart)
	if p.config().has(policyDelete) {
		e.deleteSegments(p, hw, deletedSize)
		e.deleteSegments(p, hw, deletedTime)
	}
}

// deleteSegments drops whole segments from the old end of the log, as long as there is
// that reason to (Kafka: UnifiedLog.deleteOldSegments). None goes that reaches beyond the
// high watermark. The active one may go as well: the next record starts a new one.
func (e *Engine) deleteSegments(p *partition, hw Offset, why deletion) {
	was, base, freed := p.start, Offset(-1), int64(0)
	for len(p.segments) > 0 {
		next := p.nextSegment(0)
		end, size := p.endOf(next-1), int64(0)
		for _, s := range p.segments[:next] {
			size += int64(len(s.data))
		}
		if end > hw && planted != bugRetention || !p.deletable(next, end, size, why, e.now) {
			break
		}
		if base < 0 {
			base = p.segments[0].base
		}
		p.bytes -= size
		freed += size
		p.start = max(p.start, end)
		kept := copy(p.segments, p.segments[next:])
		clear(p.segments[kept:])
		p.segments = p.segments[:kept]
	}
	if base < 0 {
		return
	}
	end := p.end
	if len(p.segments) > 0 {
		end = p.segments[0].base
	}
	e.emit(Event{Kind: KindSegmentsDeleted, Topic: p.topic.id, Partition: p.index, Offset: base, End: end, Aux: freed, Epoch: int32(why)})
	e.moveLogStart(0, p, was)
}

// deletable tells whether the oldest segment, the pieces before next, may go.
func (p *partition) deletable(next int, end Offset, size int64, why deletion, now Time) bool {
	c := &p.config().value
	switch why {
	case deletedStart:
		return next < len(p.segments) && end <= p.start
	case deletedSize:
		return c[setRetentionBytes] >= 0 && p.bytes-size >= c[setRetentionBytes]
	}
	newest := int64(-1)
	for _, s := range p.segments[:next] {
		newest = max(newest, s.maxTime)
	}
	if newest < 0 {
		newest = int64(p.segments[next-1].modified)
	}
	return c[setRetentionMs] >= 0 && int64(now)-newest > c[setRetentionMs]
}

// moveLogStart tells that the log start offset has moved, if it has.
func (e *Engine) moveLogStart(from Session, p *partition, was Offset) {
	if p.start == was {
		return
	}
	e.emit(Event{Kind: KindLogStartMoved, Session: from, Topic: p.topic.id, Partition: p.index, Offset: was, End: p.start})
	if p.waiting > 0 {
		e.wakeFetches(p.topic.id, p.index)
	}
}

func (c *DeleteRecords) apply(e *Engine, from Session, tok Token) {
	p := e.partitionAt(c.Topic, c.Partition)
	before, code := c.Before, None
	if p != nil {
		_, code = e.actingFor(p, &FetchPart{})
	}
	switch {
	case code != None:
	case p == nil:
		code = UnknownTopicOrPartition
	case p.topic.internal:
		code = InvalidTopic
	case !p.config().has(policyDelete):
		code = PolicyViolation
	case before == -1:
		before = p.highWatermark()
	case before < 0 || before > p.highWatermark():
		code = OffsetOutOfRange
	}
	if code == None {
		_, code = e.actingFor(p, &FetchPart{})
	}
	if code != None {
		e.reply(from, tok, code, nil)
		return
	}
	if was := p.start; before > was { // the segments below it go when retention looks next
		p.start = before
		e.emit(Event{Kind: KindRecordsDeleted, Session: from, Topic: p.topic.id, Partition: p.index, Offset: was, End: before})
		e.moveLogStart(from, p, was)
	}
	e.ready.Replies = append(e.ready.Replies, Reply{To: from, Token: tok, Offset: p.start, At: -1})
}
