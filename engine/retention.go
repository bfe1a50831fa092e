package engine

// retainLogs deletes old segments of every topic, or compacts it
// (log.retention.check.interval.ms, and cleanup.policy of the topic).
func (e *Engine) retainLogs() {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		if t.config.has(policyCompact) {
			e.compact(t)
			continue
		}
		for _, p := range t.partitions {
			e.retainLog(p)
		}
	}
	e.timers.set(timer{at: e.now + Time(e.broker.value[brkLogRetentionCheckMs]), kind: timerLogRetention})
}

// retainLog drops segments from the old end while the log is larger than
// retention.bytes without them, or their newest record is older than retention.ms.
// The active segment stays.
func (e *Engine) retainLog(p *partition) {
	config := &p.topic.config.value
	was, drop := p.start, 0
	for drop < len(p.segments)-1 {
		s := p.segments[drop]
		tooLarge := config[setRetentionBytes] >= 0 && p.bytes-int64(len(s.data)) >= config[setRetentionBytes]
		tooOld := config[setRetentionMs] >= 0 && int64(e.now)-s.maxTime > config[setRetentionMs]
		if !tooLarge && !tooOld {
			break
		}
		p.bytes -= int64(len(s.data))
		drop++
		p.start = p.segments[drop].base
	}
	if drop == 0 {
		return
	}
	kept := copy(p.segments, p.segments[drop:])
	clear(p.segments[kept:])
	p.segments = p.segments[:kept]
	e.emit(Event{Kind: KindLogStartMoved, Topic: p.topic.id, Partition: p.index, Offset: was, End: p.start})
	if p.waiting > 0 {
		e.wakeFetches(p.topic.id, p.index)
	}
}
