package engine

import (
	"slices"

	"partita/engine/batch"
)

// What a coordinator reads back when it takes over a log: the records that
// group_records_modern.go and share_state.go write.

// compact reads a compact string, or a null one as empty.
func (r *protocolReader) compact() string {
	if n := r.uvarint(); n > 0 {
		return string(r.take(n - 1))
	}
	return ""
}

// elements reads the length of a compact array whose elements take at least a byte.
func (r *protocolReader) elements() int {
	n := r.uvarint() - 1
	if n > len(r.b) {
		r.bad = true
	}
	if r.bad {
		return 0
	}
	return n
}

// topicID reads an id that TopicUUID has made.
func (r *protocolReader) topicID() TopicID {
	if b := r.take(16); b != nil {
		return TopicID(batch.Uint32(b[12:]))
	}
	return 0
}

func (r *protocolReader) places() (list []place) {
	for n := r.elements(); n > 0 && !r.bad; n-- {
		id := r.topicID()
		for k := r.elements(); k > 0 && !r.bad; k-- {
			list = append(list, placeOf(id, Partition(r.int32())))
		}
		r.take(1)
	}
	return list
}

// recordKindOf finds what a key of OffsetsTopic is about; false for another kind of group.
func recordKindOf(version int16) (GroupKind, int, bool) {
	for kind := GroupConsumer; kind <= GroupShare; kind++ {
		if i := slices.Index(recordKeys[kind][:], uint16(version)); i >= 0 {
			return kind, i, true
		}
	}
	return 0, 0, false
}

// loadModern takes over one record of a consumer or share group. False: it is none.
func (e *Engine) loadModern(key, value []byte) bool {
	k := protocolReader{b: key}
	kind, what, ok := recordKindOf(k.int16())
	if !ok {
		return false
	}
	name := k.string()
	g := e.groupNamed(name)
	if k.bad || g == nil && value == nil {
		return true
	}
	if g == nil {
		g = e.makeGroup(0, name)
	}
	if value == nil && g.kind != kind {
		return true
	}
	if g.kind != kind {
		g.become(kind)
		g.state = GroupEmpty
	}
	v := protocolReader{b: value}
	v.int16()
	switch what {
	case recordEpoch:
		if value == nil {
			g.become(GroupClassic)
			g.members, g.byName, g.byInstance, g.generation = nil, map[string]*member{}, map[string]*member{}, 0
			if g.state = GroupDead; len(g.appendOffsets(nil)) > 0 {
				g.state = GroupEmpty
			}
			return true
		}
		g.generation = v.int32()
	case recordTopics:
		g.subscribed = nil
		for n := v.elements(); n > 0 && !v.bad; n-- {
			id := v.topicID()
			v.compact()
			g.subscribed = append(g.subscribed, placeOf(id, Partition(v.int32())))
			v.take(2)
		}
	case recordTargetEpoch:
		g.assignmentEpoch = v.int32()
	default:
		e.loadModernMember(g, what, k.string(), value == nil, &v)
	}
	return true
}

func (e *Engine) loadModernMember(g *group, what int, name string, removed bool, v *protocolReader) {
	m := g.byName[name]
	switch {
	case removed && what == recordMember:
		if m != nil {
			g.remove(m)
		}
		return
	case m == nil && removed:
		return
	case m == nil: // after compaction the records of a member may come in any order
		m = &member{id: e.memberNamed(name), name: name, timerAt: -1, memberTarget: memberTarget{modern: true}}
		g.members = append(g.members, m)
		g.byName[name] = m
		g.moderns++
	}
	switch what {
	case recordMember:
		e.loadMember(g, m, v)
	case recordTarget:
		m.target = v.places()
	case recordCurrent:
		m.epoch, m.previousEpoch = v.int32(), v.int32()
		m.progress, m.assigned, m.revoking = ProgressStable, nil, nil
		if b := v.take(1); b != nil {
			m.progress = Progress(b[0])
		}
		if m.assigned = v.places(); g.kind == GroupConsumer {
			m.revoking = v.places()
		}
	}
}

func (e *Engine) loadMember(g *group, m *member, v *protocolReader) {
	if g.kind == GroupConsumer {
		if m.instance = v.compact(); m.instance != "" {
			g.byInstance[m.instance] = m
		}
	}
	m.rack, m.clientID, m.host, m.topics = v.compact(), v.compact(), v.compact(), nil
	for n := v.elements(); n > 0 && !v.bad; n-- {
		m.topics = append(m.topics, v.compact())
	}
	if g.kind == GroupShare {
		return
	}
	m.regex, m.rebalanceTimeoutMs, m.assignor = v.compact(), v.int32(), v.compact()
	g.vote(m, -1)
	m.protocols = nil
	classic := v.uvarint() > 0
	if classic {
		v.uvarint()
		v.uvarint()
		v.take(1)
		m.sessionTimeoutMs = v.int32()
		for n := v.elements(); n > 0 && !v.bad; n-- {
			p := JoinProtocol{Name: v.compact()}
			p.Metadata = slices.Clone(v.take(v.elements()))
			m.protocols = append(m.protocols, p)
			v.take(1)
		}
		g.vote(m, 1)
	}
	if m.modern == classic {
		m.modern = !classic
		if g.moderns++; classic {
			g.moderns -= 2
		}
	}
}

// loadedModern completes a consumer or share group whose records were read. Its members'
// sessions start afresh.
func (e *Engine) loadedModern(g *group) {
	if g.kind == GroupConsumer {
		g.owner = map[place]MemberID{}
	}
	_, session := g.rules()
	for _, m := range g.members {
		g.own(m, m.assigned)
		g.own(m, m.revoking)
		m.assignment = e.assignmentOf(m.assigned)
		m.timerAt, m.due = -1, 0
		ms := int32(e.groupSetting(g.name, session))
		if !m.modern {
			ms = m.sessionTimeoutMs
		} else if m.progress == ProgressRevoking {
			e.setDue(g, m, m.rebalanceTimeoutMs)
		}
		e.keepAlive(g, m, ms)
	}
	g.topicsSeen = 0
	e.writer.begin()
	e.writer.used = true // nothing to write, but a state to find
	e.finish(g, 0)
}

// loadShares makes what share groups know of their partitions from one partition of
// ShareStateTopic. Locks are not stored: what was acquired is available.
func (e *Engine) loadShares(p *partition) {
	var r batch.Record
	for _, s := range p.segments {
		for i := range s.batches {
			h, _ := batch.Parse(s.batch(i))
			for it := batch.Records(s.batch(i)); it.Next(&r); {
				e.loadShare(r.Key, r.Value, Offset(h.BaseOffset))
			}
		}
	}
}

func (e *Engine) loadShare(key, value []byte, offset Offset) {
	k, v := protocolReader{b: key}, protocolReader{b: value}
	kind, name := k.int16(), k.string()
	at := placeOf(k.topicID(), Partition(k.int32()))
	g := e.groupNamed(name)
	if k.bad || g == nil || g.kind != GroupShare || e.topicAt(at.topic()) == nil {
		return // gone, and its tombstone may not be written yet
	}
	i := 0
	for i < len(g.shares) && g.shares[i].at < at {
		i++
	}
	there := i < len(g.shares) && g.shares[i].at == at
	if value == nil {
		if there {
			g.shares = slices.Delete(g.shares, i, i+1)
		}
		return
	}
	if !there {
		g.shares = InsertAt(g.shares, i, &sharePartition{at: at})
	}
	sp := g.shares[i]
	v.int16()
	if sp.snapshots = v.int32(); kind == shareSnapshotKey {
		v.int32()
		sp.records, sp.updates, sp.start, sp.snapshotAt = nil, 0, -1, offset
	}
	sp.leaderEpoch = v.int32()
	start := Offset(v.int64())
	if kind == shareSnapshotKey {
		sp.start = start
		v.take(16)
	} else {
		sp.updates++
		sp.records = slices.Clone(sp.records[min(int(start-sp.start), len(sp.records)):])
		sp.start = start
	}
	for n := v.elements(); n > 0 && !v.bad; n-- {
		first, last := Offset(v.int64()), Offset(v.int64())
		state := v.take(1)
		deliveries := v.int16()
		v.take(1)
		for o := max(first, sp.start); o <= last && !v.bad && last-sp.start < maxInFlight; o++ {
			for sp.end() <= o {
				sp.records = append(sp.records, shareRecord{})
			}
			sp.records[o-sp.start] = shareRecord{state: ShareState(state[0]), deliveries: deliveries}
		}
	}
}

// maxInFlight is the most that group.share.partition.max.record.locks can be.
const maxInFlight = 10_000
