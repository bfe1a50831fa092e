package engine

import (
	"slices"

	"partita/engine/batch"
)

// parkedFetch waits for MinBytes or its max wait (Kafka: a delayed fetch in purgatory).
type parkedFetch struct {
	id    uint32
	from  Session
	token Token
	at    int32 // the broker that it was sent to; 0: to whichever is right
	cmd   Fetch
}

func (c *Fetch) apply(e *Engine, from Session, tok Token) {
	body, size, failed := e.readParts(c)
	if failed || size >= int64(c.MinBytes) || c.MaxWaitMs <= 0 || len(c.Parts) == 0 {
		e.reply(from, tok, None, body)
		return
	}
	e.fetchSerial++
	parked := parkedFetch{id: e.fetchSerial, from: from, token: tok, at: e.serving, cmd: *c}
	e.parked = append(e.parked, parked)
	e.countWaiting(c.Parts, 1)
	e.timers.set(timer{at: e.now + Time(c.MaxWaitMs), kind: timerFetch, owner: parked.id})
}

func (e *Engine) countWaiting(parts []FetchPart, by int32) {
	for i := range parts {
		if p := e.partitionAt(parts[i].Topic, parts[i].Partition); p != nil {
			p.waiting += by
		}
	}
}

// readParts reads every partition of a fetch: the bytes found, and whether a
// partition failed, which answers the fetch at once.
func (e *Engine) readParts(c *Fetch) (body *FetchReply, size int64, failed bool) {
	if body = c.Into; body == nil {
		body = &FetchReply{}
	}
	body.Parts = slices.Grow(body.Parts[:0], len(c.Parts))[:len(c.Parts)]
	left, denied := int64(c.MaxBytes), 0
	for i := range c.Parts {
		part := &body.Parts[i]
		more := part.More[:0]
		*part = e.readPart(&c.Parts[i], left, size == 0, c.Committed, c.Rack)
		part.More = more
		n := int64(len(part.Records))
		size += n
		left -= n
		if c.On && n > 0 {
			n = e.readOn(c, &c.Parts[i], part, left)
			size += n
			left -= n
		}
		if c.Parts[i].denied {
			denied++ // the others may still wait
			continue
		}
		failed = failed || part.Code != None || part.Preferred != 0
	}
	return body, size, failed || denied > 0 && denied == len(c.Parts)
}

// readOn reads what follows a part's records, and gives its size.
func (e *Engine) readOn(c *Fetch, f *FetchPart, part *FetchedPart, left int64) (size int64) {
	on, last := *f, part.Records
	for on.MaxBytes -= int32(len(last)); on.MaxBytes > 0 && left > size; on.MaxBytes -= int32(len(last)) {
		for rest := last; len(rest) > 0; {
			h, err := batch.Parse(rest)
			if err != nil {
				return size
			}
			on.Offset, rest = Offset(h.NextOffset()), rest[h.Size():]
		}
		more := e.readPart(&on, left-size, false, c.Committed, "")
		if last = more.Records; len(last) == 0 {
			return size
		}
		part.More, size = append(part.More, last), size+int64(len(last))
		for _, txn := range more.Aborted {
			if !slices.Contains(part.Aborted, txn) {
				part.Aborted = append(part.Aborted, txn)
			}
		}
	}
	return size
}

// readPart reads one partition. The first batch of a reply is sent even when it is
// larger than the limits, so that a consumer always gets on (KIP-74).
func (e *Engine) readPart(f *FetchPart, left int64, first, committed bool, rack string) FetchedPart {
	part := FetchedPart{Topic: f.Topic, Partition: f.Partition, HighWatermark: -1, LastStableOffset: -1, LogStartOffset: -1}
	p := e.partitionAt(f.Topic, f.Partition)
	switch {
	case f.denied:
		part.Code = TopicAuthorizationFailed
		return part
	case p == nil:
		part.Code = UnknownTopicOrPartition
		return part
	}
	logEnd := p.end
	r, code := e.source(p, f, rack)
	if part.Code = code; code != None {
		e.tellLeader(p, &part)
		return part
	}
	part.HighWatermark, part.LastStableOffset, part.LogStartOffset = p.highWatermark(), p.lastStable(), p.start
	if r != nil {
		logEnd = r.leo
		part.HighWatermark, part.LastStableOffset = r.hw, p.stableBelow(r.hw)
	}
	if f.Offset < p.start || f.Offset > logEnd {
		part.Code = OffsetOutOfRange
		return part
	}
	if r != nil && rack != "" {
		if part.Preferred = e.preferred(p, r, rack, f.Offset); part.Preferred != 0 {
			return part
		}
	}
	end := part.HighWatermark
	if committed && planted != bugUnstable {
		end = part.LastStableOffset
	}
	if planted == bugReadBeyond {
		end = logEnd
	}
	limit := min(left, int64(f.MaxBytes))
	if f.Offset >= end || limit <= 0 && !first {
		return part
	}
	records, next := p.readReplica(r, f.Offset, end, limit)
	if !first && int64(len(records)) > limit {
		return part
	}
	part.Records = records
	if committed && len(p.producers.aborted) > 0 && planted != bugAbortedShown {
		part.Aborted = p.abortedIn(f.Offset, next)
	}
	return part
}

// wakeFetches answers the parked fetches that look at a partition (or any of a
// topic, for -1) and now have what they waited for.
func (e *Engine) wakeFetches(id TopicID, index Partition) {
	before := e.serving
	for i := 0; i < len(e.parked); {
		f := &e.parked[i]
		if !f.looksAt(id, index) {
			i++
			continue
		}
		e.serving = f.at
		body, size, failed := e.readParts(&f.cmd)
		e.serving = before
		if size < int64(f.cmd.MinBytes) && !failed {
			i++
			continue
		}
		e.answerParked(i, body)
	}
	if len(e.parkedShares) > 0 {
		e.wakeShares(id, index)
	}
}

func (f *parkedFetch) looksAt(id TopicID, index Partition) bool {
	for i := range f.cmd.Parts {
		if p := &f.cmd.Parts[i]; p.Topic == id && (index < 0 || p.Partition == index) {
			return true
		}
	}
	return false
}

// answerParked replies to parked fetch i and forgets it, keeping the others' order.
func (e *Engine) answerParked(i int, body *FetchReply) {
	f := e.unpark(i)
	e.reply(f.from, f.token, None, body)
}

func (e *Engine) unpark(i int) parkedFetch {
	f := e.parked[i]
	e.countWaiting(f.cmd.Parts, -1)
	last := len(e.parked) - 1
	copy(e.parked[i:], e.parked[i+1:])
	e.parked[last] = parkedFetch{}
	e.parked = e.parked[:last]
	return f
}

func (e *Engine) fetchTimedOut(id uint32) {
	for i := range e.parked {
		if e.parked[i].id == id {
			e.serving = e.parked[i].at
			body, _, _ := e.readParts(&e.parked[i].cmd)
			e.serving = 0
			e.answerParked(i, body)
			return
		}
	}
}

// dropFetches answers the fetches that are parked at a broker whose process has ended.
func (e *Engine) dropFetches(broker int32) {
	for i := 0; i < len(e.parked); {
		if e.parked[i].at != broker {
			i++
			continue
		}
		f := e.unpark(i)
		e.reply(f.from, f.token, NetworkException, nil)
	}
	e.dropShares(broker)
}

func (c *Disconnect) apply(e *Engine, from Session, _ Token) {
	for i := 0; i < len(e.parked); {
		if e.parked[i].from == from && (e.serving == 0 || e.serving == e.parked[i].at) {
			e.unpark(i)
		} else {
			i++
		}
	}
	for i := len(e.parkedShares) - 1; i >= 0; i-- {
		if f := &e.parkedShares[i]; f.from == from && (e.serving == 0 || e.serving == f.at) {
			e.unparkShare(i, false)
		}
	}
	e.dropGroupCalls(from)
	e.forgetCaller(from)
}

func (c *ListOffsets) apply(e *Engine, from Session, tok Token) {
	p := e.partitionAt(c.Topic, c.Partition)
	if p == nil {
		e.reply(from, tok, UnknownTopicOrPartition, nil)
		return
	}
	part := FetchPart{CheckEpoch: c.CheckEpoch, LeaderEpoch: c.LeaderEpoch}
	r, code := e.actingFor(p, &part)
	if code == None && r != nil && c.Timestamp != TimestampEarliest && r.hw < r.lead.start {
		code = OffsetNotAvailable // KIP-207: an earlier leader may have shown what is beyond it
	}
	if code != None {
		e.reply(from, tok, code, nil)
		return
	}
	end := p.highWatermark()
	if c.Committed {
		end = p.lastStable()
	}
	offset, at := Offset(-1), int64(-1)
	switch c.Timestamp {
	case TimestampLatest:
		offset = end
	case TimestampEarliest:
		offset = p.start
	case TimestampMax:
		offset, at = e.latestTime(p, end)
	default:
		offset, at = e.firstAtOrAfter(p, c.Timestamp, end)
	}
	e.ready.Replies = append(e.ready.Replies, Reply{To: from, Token: tok, Offset: offset, At: Time(at)})
}

// firstAtOrAfter finds the first record whose timestamp is at least ts.
func (e *Engine) firstAtOrAfter(p *partition, ts int64, end Offset) (Offset, int64) {
	for _, s := range p.segments {
		if s.maxTime < ts {
			continue
		}
		for i := range s.batches {
			if s.batches[i].maxTime < ts {
				continue
			}
			found, at := timeIn(e.opened(s.batch(i)), ts, p.start)
			if found >= end {
				return -1, -1
			}
			if found >= 0 {
				return found, at
			}
		}
	}
	return -1, -1
}

// latestTime finds the first record with the largest timestamp.
func (e *Engine) latestTime(p *partition, end Offset) (Offset, int64) {
	largest := int64(-1)
	for _, s := range p.segments {
		largest = max(largest, s.maxTime)
	}
	if largest < 0 {
		return -1, -1
	}
	return e.firstAtOrAfter(p, largest, end)
}

// timeIn looks into one batch. Of one that nobody can open the first record from start on
// stands for all of it, as for batches before Kafka 0.10.
func timeIn(bytes []byte, ts int64, start Offset) (Offset, int64) {
	h, err := batch.Parse(bytes)
	if err != nil || Offset(h.LastOffset()) < start {
		return -1, -1
	}
	if h.Codec() != batch.None {
		return max(start, Offset(h.BaseOffset)), h.MaxTimestamp
	}
	var r batch.Record
	for it := batch.Records(bytes); it.Next(&r); {
		o := Offset(h.BaseOffset) + Offset(r.OffsetDelta)
		if at := h.Timestamp(&r); at >= ts && o >= start {
			return o, at
		}
	}
	return -1, -1
}
