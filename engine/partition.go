package engine

import "partita/engine/batch"

// partition is a log, and what its replicas have of it.
type partition struct {
	topic *topic
	index Partition
	log
	epoch   int32        // leader epoch of what is appended
	home    int32        // the broker of the only replica, while there is no rep
	waiting int32        // parked fetches that look at this partition
	rep     *replication // nil: one replica, whose broker was always there

	producers producers // of idempotent producers and transactions

	local *topicConfig // the topic's settings where the leader's broker has defaults of its own; else nil
}

// config is the topic's settings, as the partition's leader has them.
func (p *partition) config() *topicConfig {
	if p.local != nil {
		return p.local
	}
	return &p.topic.config
}

// highWatermark is the end of what consumers may read. With one replica every
// record is replicated as soon as it is written.
func (p *partition) highWatermark() Offset {
	if p.rep != nil {
		return p.rep.main.hw
	}
	return p.end
}

func (c *Produce) apply(e *Engine, from Session, tok Token) {
	base, at, code := e.produce(from, c)
	if code == notYet {
		c.postpone(e, from, tok)
		return
	}
	if c.Acks == 0 || c.Acks < 0 && code == None && planted != bugAckedEarly && e.awaitProduce(from, tok, c, base, at) {
		return
	}
	r := e.nextReply()
	r.To, r.Token, r.Code, r.Offset, r.At = from, tok, code, base, at
	r.ThrottleMs, r.Reason, r.Body = 0, "", nil
}

func (e *Engine) produce(from Session, c *Produce) (Offset, Time, Code) {
	p := e.partitionAt(c.Topic, c.Partition)
	switch {
	case c.Acks < -1 || c.Acks > 1:
		return -1, -1, InvalidRequiredAcks
	case p == nil:
		return -1, -1, UnknownTopicOrPartition
	case p.topic.internal:
		return -1, -1, InvalidTopic
	}
	if code := p.tooLarge(int64(len(c.Batch))); code != None {
		return -1, -1, code
	}
	var h batch.Header // read in place: in WebAssembly it costs to hand on so much
	if h.Read(c.Batch) != nil || !h.Whole(len(c.Batch)) {
		return -1, -1, CorruptMessage
	}
	late := (*replica)(nil) // leads no more, and does not know
	if p.rep != nil {
		r, code := e.acting(p)
		switch {
		case code != None:
			return -1, -1, code
		case c.Acks < 0 && p.short(r.lead):
			return -1, -1, NotEnoughReplicas
		case r != p.rep.main:
			late = r
		}
	} else if e.serving != 0 && e.serving != p.home {
		return -1, -1, NotLeaderOrFollower
	}
	if code := e.checkRecords(p, c.Batch, &h); code != None {
		return -1, -1, code
	}
	if !h.IsPlain() {
		if dup, code := e.admit(from, p, c, &h); dup != nil {
			e.emit(Event{Kind: KindDuplicateBatch, Session: from, Topic: c.Topic, Partition: c.Partition, Epoch: int32(h.ProducerEpoch),
				Offset: dup.base, End: dup.base + Offset(h.Count), Aux: h.ProducerID})
			return dup.base, dup.at, None // acknowledged again
		} else if code != None {
			return -1, -1, code
		}
	}
	if late != nil {
		return e.appendLate(from, p, late, c.Batch, &h)
	}
	e.keeping = c.Keep && len(c.Batch) >= keptLeast
	return e.append(from, p, c.Batch, &h)
}

// append writes one whole batch at the end of the log.
func (e *Engine) append(from Session, p *partition, bytes []byte, h *batch.Header) (Offset, Time, Code) {
	keep := e.keeping
	e.keeping = false
	if p.rep != nil && p.rep.main.lead == nil {
		return -1, -1, NotLeaderOrFollower
	}
	stampTime := p.config().value[setTimestampType] == logAppendTime
	maxTime, at := h.MaxTimestamp, Time(-1)
	if stampTime {
		maxTime, at = int64(e.now), e.now
	}
	s := e.segmentFor(p, len(bytes), maxTime, keep)
	pos := len(s.data)
	if keep && pos == 0 {
		s.data = bytes[:len(bytes):len(bytes)]
	} else {
		s.data = append(s.data, bytes...)
	}
	stored := s.data[pos:len(s.data):len(s.data)]
	base := p.end
	if stampTime {
		batch.StampAppendTime(stored, maxTime)
	}
	batch.Stamp(stored, int64(base), p.epoch)
	count := h.Count
	p.end += Offset(count)
	if planted == bugGap && p.end%64 == 63 {
		p.end++
	}
	p.bytes += int64(len(bytes))
	s.maxTime, s.modified = max(s.maxTime, maxTime), e.now
	s.index(int64(len(bytes)), p.config().value[setIndexIntervalBytes])
	s.batches = append(s.batches, batchEntry{last: p.end - 1, maxTime: maxTime, pos: int32(pos), count: count})
	ev := e.nextEvent() // in place: this is the hot path
	ev.Kind, ev.Code, ev.Session, ev.Topic, ev.Partition = KindAppended, None, from, p.topic.id, p.index
	ev.Epoch, ev.Group, ev.Member = p.epoch, 0, 0
	ev.Offset, ev.End, ev.Aux, ev.Bytes = base, p.end, maxTime, stored
	e.digestAppended(ev, batch.CRC(stored))
	if h.ProducerID >= 0 {
		p.producers.update(h, stored, base, at)
		e.watchProducers()
	}
	if p.rep != nil {
		e.appended(p)
	} else if p.waiting > 0 {
		e.wakeFetches(p.topic.id, p.index)
	}
	return base, at, None
}

// segmentAt gives the index of the segment that holds offset o, or len(segments).
func (l *log) segmentAt(o Offset) int {
	lo, hi := 0, len(l.segments)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if l.endOf(mid) <= o {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// endOf is one past the last offset of segment i.
func (l *log) endOf(i int) Offset {
	if i+1 < len(l.segments) {
		return l.segments[i+1].base
	}
	return l.end
}

// read gives whole batches from the one that holds offset o on, out of one segment, and
// none that reaches end. The first batch may start before o: consumers skip what they
// have. In a compacted log there may be nothing at o: then it is the next batch after
// it. next is the offset after the batches.
func (l *log) read(o, end Offset, limit int64) (batches []byte, next Offset) {
	for i := l.segmentAt(o); i < len(l.segments); i++ {
		s := l.segments[i]
		if b := s.find(o); b < len(s.batches) {
			return s.from(b, s.find(end), limit)
		}
	}
	return nil, end
}
