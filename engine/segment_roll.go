package engine

// rolled says why a new segment was started (Aux of KindSegmentRolled).
type rolled int64

// Reasons to roll the active segment.
const (
	_           rolled = iota
	rolledSize         // segment.bytes
	rolledTime         // segment.ms
	rolledIndex        // segment.index.bytes
)

// indexEntryBytes is what an entry of the offset index takes.
const indexEntryBytes = 8

// maxSegmentMs is segment.ms, or max.compaction.lag.ms if that is shorter in a log that
// is compacted (KIP-354).
func (c *topicConfig) maxSegmentMs() int64 {
	ms := c.value[setSegmentMs]
	if c.has(policyCompact) {
		ms = min(ms, c.value[setMaxCompactionLagMs])
	}
	return ms
}

// tooLarge refuses a batch that is larger than max.message.bytes, or than any segment.
func (p *partition) tooLarge(size int64) Code {
	c := &p.config().value
	switch {
	case size > c[setMaxMessageBytes]:
		return MessageTooLarge
	case size > c[setSegmentBytes]:
		return RecordListTooLarge
	}
	return None
}

// full tells whether a batch of size bytes has to go to a new segment, as Kafka's
// LogSegment.shouldRoll: by size; by the time between the largest timestamps of the
// segment's first batch and of this one (by the clock, where there are no timestamps);
// or because the segment's index is full.
func (s *segment) full(c *topicConfig, size, maxTime int64, now Time) rolled {
	bytes := s.before + int64(len(s.data))
	waited := maxTime - s.first
	if s.first < 0 {
		waited = int64(now - s.created)
	}
	switch {
	case bytes == 0:
		return 0
	case bytes > c.value[setSegmentBytes]-size:
		return rolledSize
	case waited > c.value[setSegmentMs]-s.jitterMs, c.value[setCleanupPolicy]&policyCompact != 0 && waited > c.maxSegmentMs()-s.jitterMs:
		return rolledTime
	case s.indexed >= c.value[setSegmentIndexBytes]/indexEntryBytes:
		return rolledIndex
	}
	return 0
}

// segmentFor gives the piece of the active segment that a batch of size bytes goes to. A
// new piece has no room yet when the batch's own bytes are to be kept.
func (e *Engine) segmentFor(p *partition, size int, maxTime int64, keep bool) *segment {
	c := p.config()
	n := len(p.segments)
	var before *segment
	why := rolled(0)
	if n > 0 {
		before = p.segments[n-1]
		why = before.full(c, int64(size), maxTime, e.now)
		if why == 0 && (len(before.data)+size <= chunkBytes || len(before.data) == 0) {
			return before
		}
	}
	s := &segment{base: p.end, first: maxTime, maxTime: -1, created: e.now}
	if before != nil { // the log is in use: make room once, not by doubling
		if !keep {
			s.data = e.room(max(size, min(len(before.data), chunkBytes)))
		}
		s.batches = make([]batchEntry, 0, len(before.batches)+1)
	}
	p.segments = append(p.segments, s)
	switch {
	case before != nil && why == 0: // the same segment goes on in another piece of memory
		s.first, s.created, s.jitterMs = before.first, before.created, before.jitterMs
		s.before, s.indexed, s.unindexed = before.before+int64(len(before.data)), before.indexed, before.unindexed
	case c.value[setSegmentJitterMs] > 0:
		s.jitterMs = int64(e.random.pcg.Uint64() % uint64(min(c.value[setSegmentJitterMs], c.value[setSegmentMs])))
	}
	if why != 0 {
		e.emit(Event{Kind: KindSegmentRolled, Topic: p.topic.id, Partition: p.index, Offset: s.base, Aux: int64(why)})
	}
	return s
}

// room is memory for so many bytes of records.
func (e *Engine) room(size int) []byte {
	if e.memory != nil {
		return e.memory(size)
	}
	return make([]byte, 0, size)
}

// index notes a batch in the offset index: one entry for each index.interval.bytes.
func (s *segment) index(size, interval int64) {
	if s.unindexed > interval {
		s.indexed, s.unindexed = s.indexed+1, 0
	}
	s.unindexed += size
}

// activeSegment is the place of the first piece of the active segment.
func (p *partition) activeSegment() int {
	i := len(p.segments) - 1
	for i > 0 && p.segments[i].before > 0 {
		i--
	}
	return max(i, 0)
}

// nextSegment is the place after the last piece of the segment that starts at i.
func (p *partition) nextSegment(i int) int {
	for i++; i < len(p.segments) && p.segments[i].before > 0; {
		i++
	}
	return i
}
