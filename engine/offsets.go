package engine

import "slices"

// topicOffsets are a group's committed offsets of one topic, by partition.
type topicOffsets struct {
	name       string
	partitions []committed
}

// committed is one committed offset. The zero value is none.
type committed struct {
	next        Offset // the offset committed, plus one
	leaderEpoch int32
	metadata    string
	at          Offset // of its record's batch in OffsetsTopic
	time        Time   // of the commit
	gone        bool   // only while offsets are removed
}

func (g *group) topicOffsets(name string) (int, bool) {
	return slices.BinarySearchFunc(g.offsets, name, func(t *topicOffsets, name string) int {
		switch {
		case t.name < name:
			return -1
		case t.name > name:
			return 1
		}
		return 0
	})
}

// committedAt gives the place of one partition's offset, or nil.
func (g *group) committedAt(topic string, p Partition) *committed {
	if i, ok := g.topicOffsets(topic); ok && p >= 0 && int(p) < len(g.offsets[i].partitions) {
		if c := &g.offsets[i].partitions[p]; c.next > 0 {
			return c
		}
	}
	return nil
}

func (g *group) commit(c *CommitOffset, at Offset, time Time) {
	i, ok := g.topicOffsets(c.Topic)
	if !ok {
		g.offsets = InsertAt(g.offsets, i, &topicOffsets{name: c.Topic})
	}
	t := g.offsets[i]
	if n := int(c.Partition) + 1; n > len(t.partitions) {
		t.partitions = append(t.partitions, make([]committed, n-len(t.partitions))...)
	}
	t.partitions[c.Partition] = committed{next: c.Offset + 1, leaderEpoch: c.LeaderEpoch, metadata: c.Metadata, at: at, time: time}
}

func (c *OffsetCommit) apply(e *Engine, from Session, tok Token) {
	body := &OffsetCommitReply{Codes: make([]Code, len(c.Offsets))}
	e.reply(from, tok, e.commitOffsets(c, from, body.Codes, nil), body)
}

// commitOffsets stores what it can, for good or until the transaction of a producer
// ends. A code that it returns is about the whole group and is that of every offset,
// unless the offset's partition is unknown anyway.
func (e *Engine) commitOffsets(c *OffsetCommit, from Session, codes []Code, by *txnProducer) Code {
	known := 0
	for i := range c.Offsets {
		o := &c.Offsets[i]
		if codes[i] = e.denied(from, opRead, resTopic, o.Topic); codes[i] != None {
			continue
		}
		if t := e.topicNamed(o.Topic); t == nil || o.Partition < 0 || int(o.Partition) >= len(t.partitions) {
			codes[i] = UnknownTopicOrPartition
		} else {
			known++
		}
	}
	if known == 0 {
		return None // the coordinator is not even asked
	}
	code, g, m := e.coordinator, e.groupNamed(c.Group), (*member)(nil)
	if len(c.Group) > maxName { // an empty name is accepted here, for old clients
		code = InvalidGroupID
	}
	if code == None {
		m, code = g.checkCommit(c, by != nil)
	}
	if by != nil && code == None {
		code = e.enlistOffsets(from, c.Group, by)
	}
	at := Offset(-1)
	if code == None {
		if g == nil {
			g = e.makeGroup(from, c.Group) // it only stores offsets
		}
		if m != nil && g.kind == GroupClassic && (g.state == GroupStable || g.state == GroupPreparingRebalance) {
			e.keepAlive(g, m, m.sessionTimeoutMs)
		}
		at, code = e.writeOffsets(from, g, c.Offsets, codes, by)
	}
	for i := range c.Offsets {
		switch o := &c.Offsets[i]; {
		case codes[i] != None:
		case code != None:
			codes[i] = code
		case by != nil && planted != bugEarlyOffsets:
			g.pending = append(g.pending, pendingOffset{*o, by.id, at, e.now})
			e.emitOffset(from, KindOffsetPending, g, o, by.id)
		default:
			g.commit(o, at, e.now)
			ev := Event{Kind: KindOffsetCommitted, Session: from, Group: g.id,
				Topic: e.topicByName[o.Topic], Partition: o.Partition, Offset: o.Offset}
			if m != nil {
				ev.Member = m.id
			}
			e.emit(ev)
		}
	}
	return code
}

// newestCommitVersion is the OffsetCommit version that 0 stands for.
const newestCommitVersion = 9

// checkCommit says whether the group takes these offsets. Members must be of the
// generation; others only while the group has no members. A transactional commit is
// not bound to the group's state.
func (g *group) checkCommit(c *OffsetCommit, transactional bool) (*member, Code) {
	switch {
	case g == nil && c.Generation < 0:
		return nil, None
	case g == nil && !transactional && (c.Version == 0 || c.Version >= newestCommitVersion):
		return nil, GroupIDNotFound
	case g == nil:
		return nil, IllegalGeneration
	case g.state == GroupDead:
		return nil, CoordinatorNotAvailable
	case g.kind == GroupShare:
		return nil, GroupIDNotFound
	case c.Generation < 0 && g.state == GroupEmpty:
		return nil, None
	case g.kind == GroupConsumer && c.Member != "":
		return g.checkCommitEpoch(c, transactional)
	case c.Generation < 0 && c.Member == "" && c.Instance == "":
		if transactional {
			return nil, None
		}
		return nil, UnknownMemberID
	}
	m, code := g.check(c.Member, c.Instance)
	switch {
	case code != None:
	case c.Generation != g.generation && planted != bugOldGeneration:
		code = IllegalGeneration
	case !transactional && g.state == GroupCompletingRebalance:
		code = RebalanceInProgress
	}
	return m, code
}

// checkCommitEpoch does the same for members of a consumer group: they must be in their
// own epoch, whatever the group does.
func (g *group) checkCommitEpoch(c *OffsetCommit, transactional bool) (*member, Code) {
	m := g.member(c.Member)
	switch {
	case m == nil:
		return nil, UnknownMemberID
	case !transactional && m.modern && c.Version != 0 && c.Version < newestCommitVersion:
		return nil, UnsupportedVersion
	case planted == bugOldGeneration:
	case c.Generation != m.epoch && m.modern:
		return nil, StaleMemberEpoch
	case c.Generation != m.epoch:
		return nil, IllegalGeneration
	}
	return m, None
}

// utf16Len is the length of s as Java counts it.
func utf16Len(s string) int64 {
	n := int64(0)
	for _, r := range s {
		if n++; r > 0xffff {
			n++
		}
	}
	return n
}

func (c *OffsetFetch) apply(e *Engine, from Session, tok Token) {
	body := &OffsetFetchReply{}
	if e.coordinator != None {
		e.reply(from, tok, e.coordinator, body)
		return
	}
	g := e.groupNamed(c.Group)
	if c.Member != "" {
		m, code := (*member)(nil), UnknownMemberID
		if g != nil {
			m = g.member(c.Member)
		}
		if m != nil {
			if code = None; m.modern && c.Epoch != m.epoch {
				code = StaleMemberEpoch
			}
		}
		if code != None {
			e.reply(from, tok, code, body)
			return
		}
	}
	switch {
	case !c.All:
		body.Offsets = make([]FetchedOffset, len(c.Partitions))
		for i, tp := range c.Partitions {
			body.Offsets[i] = g.fetched(tp.Topic, tp.Partition)
			if code := e.denied(from, opDescribe, resTopic, tp.Topic); code != None {
				body.Offsets[i] = FetchedOffset{Topic: tp.Topic, Partition: tp.Partition, Code: code, Offset: -1, LeaderEpoch: -1}
			}
		}
	case g != nil:
		body.Offsets = slices.DeleteFunc(g.appendOffsets(nil), func(f FetchedOffset) bool { return !e.describable(from, resTopic, f.Topic) })
	}
	if c.RequireStable && g != nil && len(g.pending) > 0 {
		g.hideUnstable(body.Offsets)
	}
	e.reply(from, tok, None, body)
}

// fetched is what the group (nil: none) has committed for one partition.
func (g *group) fetched(topic string, p Partition) FetchedOffset {
	f := FetchedOffset{Topic: topic, Partition: p, Offset: -1, LeaderEpoch: -1}
	if g != nil {
		if c := g.committedAt(topic, p); c != nil {
			f.Offset, f.LeaderEpoch, f.Metadata = c.next-1, c.leaderEpoch, c.metadata
		}
	}
	return f
}

// appendOffsets appends all committed offsets by topic and partition.
func (g *group) appendOffsets(dst []FetchedOffset) []FetchedOffset {
	for _, t := range g.offsets {
		for p := range t.partitions {
			if c := &t.partitions[p]; c.next > 0 {
				dst = append(dst, FetchedOffset{Topic: t.name, Partition: Partition(p),
					Offset: c.next - 1, LeaderEpoch: c.leaderEpoch, Metadata: c.metadata})
			}
		}
	}
	return dst
}

// forgetTopic drops the committed offsets of a deleted topic in every group, and those of
// open transactions.
func (e *Engine) forgetTopic(id TopicID, name string) {
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		e.forgetShares(g, id)
		w, any := &e.writer, false
		w.begin()
		g.dropPending(func(o *pendingOffset) bool {
			if o.Topic == name {
				w.tombstone(g, name, o.Partition, int64(e.now))
				any = true
			}
			return o.Topic == name
		})
		i, ok := g.topicOffsets(name)
		if ok {
			w.tombstones(g, g.offsets[i], int64(e.now))
		}
		if !ok && !any {
			continue
		}
		if rep := g.log.rep; rep != nil {
			rep.lossy = true // a coordinator that never gets the tombstones will know the offsets still
		}
		e.flushRecords(0, g)
		if !ok {
			continue
		}
		t := g.offsets[i]
		g.offsets = slices.Delete(g.offsets, i, i+1)
		for p := range t.partitions {
			if t.partitions[p].next > 0 {
				e.emit(Event{Kind: KindOffsetRemoved, Group: g.id, Topic: id, Partition: Partition(p)})
			}
		}
	}
}
