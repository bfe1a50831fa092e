package engine

import (
	"slices"

	"partita/engine/batch"
)

// loadGroups makes the groups of one partition of OffsetsTopic from its records, for a
// coordinator that has just become it. What was not replicated is gone. Members go on:
// their sessions start afresh.
func (e *Engine) loadGroups(p *partition) {
	for _, g := range e.groups {
		if g != nil && g.log == p {
			g.blank()
		}
	}
	var r batch.Record
	for _, s := range p.segments {
		for i := range s.batches {
			stored := s.batch(i)
			h, err := batch.Parse(stored)
			if err != nil {
				continue
			}
			for it := batch.Records(stored); it.Next(&r); {
				if h.IsControl() {
					if m, err := batch.ParseEndTxn(&r); err == nil {
						e.endLoaded(p, h.ProducerID, m.Commit)
					}
				} else if rec, err := DecodeOffsetsRecord(r.Key, r.Value); err == nil {
					e.loadRecord(p, &h, &rec)
				} else {
					e.loadModern(r.Key, r.Value)
				}
			}
		}
	}
	for _, g := range e.groups {
		if g == nil || g.log != p {
			continue
		}
		if g.kind == GroupClassic && g.state == GroupDead { // its first record is lost
			delete(e.groupByName, g.name)
			e.groups[g.id] = nil
			e.emit(Event{Kind: KindGroupDeleted, Group: g.id, Bytes: []byte(g.name)})
			continue
		}
		if g.kind != GroupClassic {
			e.loadedModern(g)
			continue
		}
		for _, m := range g.members {
			m.timerAt = -1
			e.keepAlive(g, m, m.sessionTimeoutMs)
		}
	}
}

// blank forgets what the records will tell. Dead stands for a group without a record.
func (g *group) blank() {
	*g = group{groupTarget: groupTarget{shares: g.shares}, id: g.id, name: g.name, log: g.log, state: GroupDead, previous: GroupDead, stateSince: g.stateSince,
		byName: map[string]*member{}, byInstance: map[string]*member{}, joinEpoch: g.joinEpoch + 1, syncEpoch: g.syncEpoch + 1}
}

func (e *Engine) loadRecord(p *partition, h *batch.Header, rec *OffsetsRecord) {
	g := e.groupNamed(rec.Group)
	if g == nil {
		if rec.Removed {
			return
		}
		g = e.makeGroup(0, rec.Group)
	}
	switch {
	case rec.Topic != "":
		if g.state == GroupDead && !rec.Removed {
			g.state = GroupEmpty
		}
		e.loadOffset(g, h, rec)
	case g.kind != GroupClassic:
	case rec.Removed:
		offsets, pending := g.offsets, g.pending
		g.blank()
		g.offsets, g.pending = offsets, pending
	default:
		e.loadMembers(g, rec)
	}
}

func (e *Engine) loadOffset(g *group, h *batch.Header, rec *OffsetsRecord) {
	o := CommitOffset{Topic: rec.Topic, Partition: rec.Partition, Offset: rec.Offset, LeaderEpoch: rec.LeaderEpoch, Metadata: rec.Metadata}
	at, when := Offset(h.BaseOffset), Time(rec.CommittedAt)
	switch {
	case rec.Removed:
		g.dropPending(func(p *pendingOffset) bool { return p.Topic == o.Topic && p.Partition == o.Partition })
		if c := g.committedAt(rec.Topic, rec.Partition); c != nil {
			*c = committed{}
		}
	case h.IsTransactional():
		g.pending = append(g.pending, pendingOffset{o, h.ProducerID, at, when})
	default:
		g.commit(&o, at, when)
	}
}

// endLoaded is endOffsets for what was loaded: nobody is told again.
func (e *Engine) endLoaded(p *partition, producer int64, commit bool) {
	for _, g := range e.groups {
		if g == nil || g.log != p {
			continue
		}
		g.dropPending(func(o *pendingOffset) bool {
			if o.producer != producer {
				return false
			}
			if now := g.committedAt(o.Topic, o.Partition); commit && (now == nil || now.at < o.at) {
				g.commit(&o.CommitOffset, o.at, o.time)
			}
			return true
		})
	}
}

// loadMembers takes over a group's metadata record.
func (e *Engine) loadMembers(g *group, rec *OffsetsRecord) {
	offsets, pending := g.offsets, g.pending
	g.blank()
	g.offsets, g.pending = offsets, pending
	g.protocolType, g.protocol, g.generation = rec.ProtocolType, rec.Protocol, rec.Generation
	g.state, g.stateSince = GroupEmpty, Time(rec.StateSince)
	for i := range rec.Members {
		r := &rec.Members[i]
		m := &member{id: e.memberNamed(r.Member), name: r.Member, instance: r.Instance, clientID: r.ClientID, host: r.Host,
			sessionTimeoutMs: r.SessionTimeoutMs, rebalanceTimeoutMs: r.RebalanceTimeoutMs, timerAt: -1,
			protocols: []JoinProtocol{{rec.Protocol, slices.Clone(r.Subscription)}}, assignment: slices.Clone(r.Assignment)}
		g.state = GroupStable
		g.members = append(g.members, m)
		g.byName[m.name] = m
		if m.instance != "" {
			g.byInstance[m.instance] = m
		}
		g.vote(m, 1)
		if m.name == rec.Leader {
			g.leader = m
		}
	}
	g.replaceLeader()
}
