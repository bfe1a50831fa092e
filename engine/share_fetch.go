package engine

import (
	"slices"

	"partita/engine/batch"
)

// shareSession is what a member fetches from, so that its requests name only what
// changes. It lives in the brokers' memory.
type shareSession struct {
	group  GroupID
	member MemberID
	at     int32 // the broker that it is with; 0: whichever is right
	epoch  int32 // that the next request must carry
	parts  []place
}

// parkedShare is a ShareFetch that waits for records.
type parkedShare struct {
	id      uint32
	from    Session
	token   Token
	at      int32 // the broker that it was sent to; 0: to whichever is right
	group   GroupID
	member  MemberID
	parts   []place
	answers []SharedPart // to the acknowledgements that came with it
	writes  []shareWrite // that these wait for
	limits  shareLimits
}

// shareLimits is how much a ShareFetch wants.
type shareLimits struct{ minBytes, maxBytes, maxRecords int32 }

// shareSessionOf opens, finds or closes a session. Of the codes, GroupIDNotFound and
// UnknownMemberID are ours: in Kafka the partition's leader asks nobody who is a member.
func (e *Engine) shareSessionOf(groupName, name string, epoch int32, opens bool) (*group, *shareSession, Code) {
	g := e.groupNamed(groupName)
	if g == nil || g.kind != GroupShare {
		switch {
		case epoch != 0:
			return nil, nil, ShareSessionNotFound
		case !opens:
			return nil, nil, InvalidShareSessionEpoch
		}
		return nil, nil, GroupIDNotFound
	}
	i := slices.IndexFunc(e.shareSessions, func(s *shareSession) bool {
		return s.group == g.id && s.at == e.serving && e.memberNames[s.member] == name
	})
	if epoch == 0 {
		m := g.member(name)
		switch {
		case !opens:
			return nil, nil, InvalidShareSessionEpoch
		case m == nil:
			return nil, nil, UnknownMemberID
		case i < 0:
			i = len(e.shareSessions)
			e.shareSessions = append(e.shareSessions, nil)
		}
		e.shareSessions[i] = &shareSession{group: g.id, member: m.id, at: e.serving, epoch: 1}
		return g, e.shareSessions[i], None
	}
	if i < 0 {
		return nil, nil, ShareSessionNotFound
	}
	s := e.shareSessions[i]
	switch {
	case epoch == -1:
		e.shareSessions = slices.Delete(e.shareSessions, i, i+1)
	case epoch != s.epoch:
		return nil, nil, InvalidShareSessionEpoch
	default:
		if s.epoch++; s.epoch < 0 {
			s.epoch = 1
		}
	}
	return g, s, None
}

// settleParts takes the acknowledgements of a request, and gives one code for each of
// its partitions, and the writes that the reply has to wait for.
func (e *Engine) settleParts(g *group, s *shareSession, parts []SharePart) (codes []Code, writes []shareWrite) {
	codes = make([]Code, len(parts))
	for i := range parts {
		part := &parts[i]
		p := e.partitionAt(part.Topic, part.Partition)
		if p == nil {
			codes[i] = UnknownTopicOrPartition
			continue
		}
		if _, codes[i] = e.source(p, &FetchPart{}, ""); codes[i] != None || len(part.Acks) == 0 {
			continue
		}
		at := placeOf(part.Topic, part.Partition)
		log := e.shareLog(g, at)
		if !e.writable(p, log) {
			codes[i] = CoordinatorNotAvailable
			continue
		}
		if codes[i] = e.acknowledge(g, e.shareOf(g, at, p), s.member, part.Acks); codes[i] == None {
			writes = append(writes, shareWrite{log.index, log.end, i})
		}
	}
	return codes, writes
}

// closeShares gives back what the member of a closed session has acquired.
func (e *Engine) closeShares(g *group, s *shareSession) {
	for _, sp := range g.shares {
		if slices.Contains(s.parts, sp.at) {
			e.release(g, sp, s.member, ShareAvailable)
		}
	}
}

func (c *ShareAcknowledge) apply(e *Engine, from Session, tok Token) {
	body := &ShareAcknowledgeReply{}
	g, s, code := e.shareSessionOf(c.Group, c.Member, c.SessionEpoch, false)
	if code != None {
		e.reply(from, tok, code, body)
		return
	}
	var writes []shareWrite
	body.Codes, writes = e.settleParts(g, s, c.Parts)
	if c.SessionEpoch == -1 {
		e.closeShares(g, s)
	}
	e.replyShare(from, tok, body, writes)
}

func (c *ShareFetch) apply(e *Engine, from Session, tok Token) {
	g, s, code := e.shareSessionOf(c.Group, c.Member, c.SessionEpoch, true)
	if code == None && c.SessionEpoch == 0 && slices.ContainsFunc(c.Parts, func(p SharePart) bool { return len(p.Acks) > 0 }) {
		code = InvalidRequest
	}
	if code != None {
		e.reply(from, tok, code, &ShareFetchReply{})
		return
	}
	f := parkedShare{from: from, token: tok, at: e.serving, group: g.id, member: s.member, limits: shareLimits{c.MinBytes, c.MaxBytes, c.MaxRecords}}
	codes, writes := e.settleParts(g, s, c.Parts)
	for i, code := range codes {
		part := &c.Parts[i]
		at := placeOf(part.Topic, part.Partition)
		if len(part.Acks) > 0 {
			if len(writes) > 0 && writes[0].part == i {
				f.writes, writes = append(f.writes, shareWrite{writes[0].log, writes[0].end, len(f.answers)}), writes[1:]
			}
			f.answers = append(f.answers, SharedPart{Topic: part.Topic, Partition: part.Partition, AckCode: code})
		} else if code != None {
			f.answers = append(f.answers, SharedPart{Topic: part.Topic, Partition: part.Partition, Code: code})
		}
		if code != UnknownTopicOrPartition && !slices.Contains(s.parts, at) {
			s.parts = append(slices.Clip(s.parts), at)
		}
	}
	s.parts = pickParts(s.parts, c.Forget)
	if c.SessionEpoch == -1 {
		e.closeShares(g, s)
		e.answerShare(g, &f, false)
		return
	}
	// Begin with another partition each time, so that none starves.
	n := 0
	if len(s.parts) > 0 {
		n = int(s.epoch) % len(s.parts)
	}
	f.parts = append(slices.Clone(s.parts[n:]), s.parts[:n]...)
	if c.MaxWaitMs <= 0 || e.shareReady(g, &f) {
		e.answerShare(g, &f, true)
		return
	}
	e.fetchSerial++
	f.id = e.fetchSerial
	e.parkedShares = append(e.parkedShares, f)
	e.countShares(&f, 1)
	e.timers.set(timer{at: e.now + Time(c.MaxWaitMs), kind: timerShareFetch, owner: f.id})
}

// pickParts leaves out the partitions that a session is to forget.
func pickParts(parts []place, forget []OwnedTopic) []place {
	if len(forget) == 0 {
		return parts
	}
	gone := placesOf(forget)
	var left []place
	for _, x := range parts {
		if !slices.Contains(gone, x) {
			left = append(left, x)
		}
	}
	return left
}

func (e *Engine) countShares(f *parkedShare, by int32) {
	for _, x := range f.parts {
		if p := e.partitionAt(x.topic(), x.partition()); p != nil {
			p.waiting += by
		}
	}
}

// readShare reads a partition from the first record on that a member could have.
func (e *Engine) readShare(g *group, at place, limit int64, first bool) (*sharePartition, FetchedPart) {
	p := e.partitionAt(at.topic(), at.partition())
	if p == nil {
		return nil, FetchedPart{Code: UnknownTopicOrPartition}
	}
	sp := e.shareOf(g, at, p)
	from := sp.next()
	if from == sp.end() && int64(len(sp.records)) >= e.broker.value[brkShareLocks] {
		return sp, FetchedPart{}
	}
	return sp, e.readPart(&FetchPart{Topic: at.topic(), Partition: at.partition(), Offset: from, MaxBytes: int32(limit)}, limit, first,
		e.groupSetting(g.name, grpShareIsolation) == isolationCommitted, "")
}

// shareReady tells whether a ShareFetch gets as much as it asks for.
func (e *Engine) shareReady(g *group, f *parkedShare) bool {
	size := 0
	for _, x := range f.parts {
		_, part := e.readShare(g, x, int64(f.limits.maxBytes), true)
		if size += len(part.Records); part.Code != None || size > 0 && size >= int(f.limits.minBytes) {
			return true
		}
	}
	return f.limits.minBytes <= 0
}

// answerShare acquires what there is, if it is to, and replies.
func (e *Engine) answerShare(g *group, f *parkedShare, fetch bool) {
	body := &ShareFetchReply{Parts: f.answers, LockTimeoutMs: int32(e.groupSetting(g.name, grpShareLockMs))}
	left, records, any := int64(f.limits.maxBytes), f.limits.maxRecords, false
	for _, x := range f.parts {
		if !fetch || left <= 0 || records <= 0 {
			break
		}
		sp, read := e.readShare(g, x, left, !any)
		part := SharedPart{Topic: x.topic(), Partition: x.partition(), Code: read.Code}
		if sp != nil && len(read.Records) > 0 {
			size, acquired := e.acquire(g, sp, f.member, read.Records, records, func(h *batch.Header) bool { return hiddenBatch(h, read.Aborted) })
			part.Records, part.Acquired = read.Records[:size], acquired
			for _, a := range acquired {
				records -= int32(a.Last - a.First + 1)
			}
			left -= int64(size)
		}
		if any = any || len(part.Acquired) > 0; part.Code == None && len(part.Acquired) == 0 {
			continue
		}
		i := slices.IndexFunc(body.Parts, func(p SharedPart) bool { return placeOf(p.Topic, p.Partition) == x })
		if i < 0 {
			body.Parts = append(body.Parts, part)
		} else {
			part.AckCode = body.Parts[i].AckCode
			body.Parts[i] = part
		}
	}
	e.replyShare(f.from, f.token, body, f.writes)
}

// hiddenBatch: control records are for nobody, and neither are those of aborted
// transactions, when the list of these is read.
func hiddenBatch(h *batch.Header, aborted []AbortedTxn) bool {
	return h.IsControl() || h.IsTransactional() && slices.ContainsFunc(aborted, func(a AbortedTxn) bool {
		return a.ProducerID == h.ProducerID && h.BaseOffset >= int64(a.First)
	})
}

// wakeShares answers the parked ShareFetches that look at a partition (or any of a topic,
// for -1) and now get what they want.
func (e *Engine) wakeShares(id TopicID, index Partition) {
	if e.wakingShares { // whoever wakes looks at all of them again after each answer
		return
	}
	e.wakingShares = true
	before := e.serving
	defer func() { e.wakingShares, e.serving = false, before }()
	for i := 0; i < len(e.parkedShares); i++ {
		f := &e.parkedShares[i]
		looks := slices.ContainsFunc(f.parts, func(x place) bool { return x.topic() == id && (index < 0 || x.partition() == index) })
		e.serving = f.at
		if g := e.groupAt(f.group); looks && (g == nil || e.shareReady(g, f)) {
			e.unparkShare(i, true)
			i = -1 // an answer may settle other records, which wakes others
		}
	}
}

func (e *Engine) unparkShare(i int, answer bool) {
	f := e.parkedShares[i]
	e.countShares(&f, -1)
	e.parkedShares = append(e.parkedShares[:i:i], e.parkedShares[i+1:]...)
	if !answer {
		return
	}
	if g := e.groupAt(f.group); g != nil {
		e.answerShare(g, &f, true)
	} else { // deleted meanwhile
		e.reply(f.from, f.token, GroupIDNotFound, &ShareFetchReply{})
	}
}

func (e *Engine) shareTimedOut(id uint32) {
	for i := range e.parkedShares {
		if e.parkedShares[i].id == id {
			e.serving = e.parkedShares[i].at
			e.unparkShare(i, true)
			e.serving = 0
			return
		}
	}
}

// dropShares forgets the sessions at a broker whose process has ended, and answers the
// fetches that are parked there.
func (e *Engine) dropShares(broker int32) {
	e.shareSessions = slices.DeleteFunc(e.shareSessions, func(s *shareSession) bool { return s.at == broker })
	for i := len(e.parkedShares) - 1; i >= 0; i-- {
		if f := e.parkedShares[i]; f.at == broker {
			e.unparkShare(i, false)
			e.reply(f.from, f.token, NetworkException, nil)
		}
	}
}
