package engine

import "slices"

// cleanLogs is a round of one broker's log cleaner (log.cleaner.backoff.ms): it cleans the
// logs that the broker leads and that are dirty enough, and then deletes the old segments
// of compacted topics.
func (e *Engine) cleanLogs(broker int32) {
	e.eachPartition(func(p *partition) {
		c := p.config()
		if !c.has(policyCompact) || p.actor() != broker {
			return
		}
		if r := p.cleanable(e.now); r.worthwhile(c, e.now) {
			e.cleanLog(p, &r)
		}
		e.retainLog(p, p.highWatermark())
	})
	e.watchCleaner(broker)
}

func (e *Engine) watchCleaner(broker int32) {
	backoff, _ := e.broker.at(broker, brkLogCleanerBackoffMs)
	e.timers.set(timer{at: e.now + Time(max(1, backoff)), kind: timerLogCleaner, owner: uint32(broker)})
}

// cleanable is the part of a log that a cleaning would take, as Kafka's
// LogCleanerManager finds it.
type cleanable struct {
	from, to     Offset // the first dirty offset, and where the cleaning would end
	pieces       int    // p.segments before it are below to
	clean, dirty int64  // bytes
	oldest       int64  // the smallest timestamp of a first batch that is dirty, 0 for none
}

// cleanable looks at all segments but the active one. The cleaning ends where a
// transaction may still be open, and before the first segment with a record younger than
// min.compaction.lag.ms.
func (p *partition) cleanable(now Time) cleanable {
	r := cleanable{from: p.cleaned}
	if r.from < p.start || r.from > p.end {
		r.from = p.start
	}
	if len(p.segments) == 0 {
		r.to = r.from
		return r
	}
	stable, lag := p.lastStable(), p.config().value[setMinCompactionLagMs]
	active, stopped := p.activeSegment(), false
	for i := 0; i < active; {
		next := p.nextSegment(i)
		size, newest := int64(0), int64(-1)
		for _, s := range p.segments[i:next] {
			size += int64(len(s.data))
			newest = max(newest, s.maxTime)
		}
		dirty := p.endOf(next-1) > r.from
		stopped = stopped || p.endOf(next-1) > stable || dirty && lag > 0 && newest > int64(now)-lag
		if first := p.segments[i].first; dirty && first > 0 && (r.oldest == 0 || first < r.oldest) {
			r.oldest = first
		}
		if !stopped {
			r.pieces = next
			if p.segments[i].base < r.from {
				r.clean += size
			}
			if dirty {
				r.dirty += size
			}
		}
		i = next
	}
	r.to = max(r.from, p.segments[r.pieces].base)
	return r
}

// worthwhile tells whether the dirty part is large enough (min.cleanable.dirty.ratio), or
// has waited too long (max.compaction.lag.ms).
func (r *cleanable) worthwhile(c *topicConfig, now Time) bool {
	if r.dirty*million > c.value[setMinDirtyRatio]*(r.clean+r.dirty) {
		return true
	}
	return r.dirty > 0 && r.oldest > 0 && int64(now)-r.oldest > c.value[setMaxCompactionLagMs]
}

// cleanLog keeps the newest record of each key in the cleanable part. What is kept keeps
// its offset; the active segment is not touched. Segments that were lent stay as they
// are: what is kept goes into new ones.
func (e *Engine) cleanLog(p *partition, r *cleanable) {
	if r.pieces == 0 {
		return
	}
	c := cleaner{now: int64(e.now), opened: e.opened, config: p.config(), newest: map[string]int{}, last: p.producers.lastRecords()}
	c.aborted = p.abortedFrom(r.from, r.to)
	for _, s := range p.segments[:r.pieces] {
		c.index(s, r.from)
	}
	c.aborted, c.open, c.live = p.abortedFrom(p.segments[0].base, r.to), nil, nil
	was, group := int64(0), int64(0)
	for i := 0; i < r.pieces; {
		next, size := p.nextSegment(i), int64(0)
		for _, s := range p.segments[i:next] {
			size += int64(len(s.data))
		}
		was += size
		if group += size; group > c.config.value[setSegmentBytes] || i == 0 {
			c.out = append(c.out, &segment{base: p.segments[i].base, maxTime: -1, created: p.segments[i].created})
			group = size
		}
		for ; i < next; i++ {
			c.rewrite(p.segments[i])
		}
	}
	p.replace(r.pieces, c.out)
	p.cleaned = r.to
	p.bytes += c.kept - was
	p.producers.forgetAborted(r.to, c.live)
	e.emit(Event{Kind: KindLogCleaned, Topic: p.topic.id, Partition: p.index, Offset: r.from, End: r.to, Aux: was - c.kept})
}

// replace puts cleaned segments in the place of the first n; those that kept nothing are
// left out.
func (p *partition) replace(n int, cleaned []*segment) {
	list := make([]*segment, 0, len(cleaned)+len(p.segments)-n)
	for _, s := range cleaned {
		if len(s.data) > 0 {
			list = append(list, s)
		}
	}
	p.segments = append(list, p.segments[n:]...)
}

// abortedFrom lists the aborted transactions that reach into [from, to), by first offset.
func (p *partition) abortedFrom(from, to Offset) []AbortedTxn {
	list := p.abortedIn(from, to)
	SortBy(len(list), func(i, j int) bool { return list[i].First < list[j].First }, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// forgetAborted takes transactions out of the aborted index whose markers are below an
// offset, all but those that still have records.
func (ps *producers) forgetAborted(below Offset, live []AbortedTxn) {
	kept := ps.aborted[:0:0]
	for _, a := range ps.aborted {
		if a.marker >= below || slices.Contains(live, AbortedTxn{a.producer, a.first}) {
			kept = append(kept, a)
		}
	}
	ps.aborted = kept
}

// lastRecords says where the producers that are known wrote last.
func (ps *producers) lastRecords() []lastRecord {
	list := make([]lastRecord, len(ps.list))
	for i := range ps.list {
		p := &ps.list[i]
		list[i] = lastRecord{producer: p.id, data: -1, epoch: p.epoch}
		if p.count > 0 {
			b := &p.batches[p.count-1]
			list[i].data = b.base + Offset(uint32(b.last-b.first)&(1<<31-1))
		}
	}
	return list
}

// lastRecord is where the last record of a producer is that is still active; data is -1
// when it has written nothing but a marker in its epoch.
type lastRecord struct {
	producer int64
	data     Offset
	epoch    int16
}
