package sim

import (
	"maps"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

func (m *Monitor) event(ev *engine.Event) {
	switch ev.Kind {
	case engine.KindAppended:
		m.appended(ev)
	case engine.KindLeaderChanged:
		if m.world.engine.TopicName(ev.Topic) == engine.OffsetsTopic {
			m.forgetGroups()
		}
		s := m.known(ev.Topic, ev.Partition)
		s.elected = ev.Epoch
		s.unclean = s.unclean || engine.Election(ev.Aux) == engine.ElectedUnclean
		m.unclean = m.unclean || s.unclean
	case engine.KindHighWatermarkMoved:
		s := m.known(ev.Topic, ev.Partition)
		s.highest = max(s.highest, ev.End)
		if ev.Epoch >= s.elected {
			s.elected = 0
		}
	case engine.KindOffsetCommitted:
		m.committed(ev)
	case engine.KindGroupDeleted, engine.KindGroupConverted: // of an Empty group, another may take the name
		delete(m.groups, ev.Group)
		name := m.world.GroupName(ev.Group)
		if ev.Kind == engine.KindGroupDeleted {
			name = string(ev.Bytes)
		}
		maps.DeleteFunc(m.owners, func(o ownership, _ string) bool { return o.group == name })
	case engine.KindBrokerChanged:
		m.forgetGroups()
	case engine.KindTruncated:
		s := m.known(ev.Topic, ev.Partition)
		s.unsynced = s.unsynced || ev.Code == engine.KafkaStorageError
	case engine.KindGeneration:
		if was, ok := m.groups[ev.Group]; ok && ev.Epoch <= was {
			m.broken(GenerationsRise, "group "+m.world.GroupName(ev.Group), "from "+itoa(int64(was))+" to "+itoa(int64(ev.Epoch)))
		}
		m.groups[ev.Group] = ev.Epoch
		if m.leaving(m.world.GroupName(ev.Group)) {
			delete(m.groups, ev.Group)
		}
	}
}

// committed looks at the request that a commit came with.
func (m *Monitor) committed(ev *engine.Event) {
	p := m.world.applying
	if p == nil {
		return
	}
	c, ok := p.cmd.(*engine.OffsetCommit)
	if !ok || c.Generation < 0 {
		return
	}
	g, _ := m.world.engine.Group(c.Group)
	if g.Kind == engine.GroupShare || ev.Group != g.ID || ev.Session != p.link.session {
		return // perhaps of a command that a broker held until now
	}
	epoch := int32(-1)
	for _, member := range m.world.engine.Members(g.ID, nil) {
		switch {
		case member.Name != c.Member:
		case member.Modern:
			epoch = member.Epoch
		case g.Kind == engine.GroupClassic:
			epoch = g.Generation
		default:
			return // a classic member of a consumer group
		}
	}
	if c.Generation != epoch {
		m.broken(CommitOfMember, "group "+c.Group, c.Member+" commits in generation "+itoa(int64(c.Generation))+" of "+itoa(int64(epoch)))
	}
}

// leaving: the group has another coordinator already, which has not heard of it yet.
func (m *Monitor) leaving(group string) bool {
	t, ok := m.world.engine.Topic(engine.OffsetsTopic)
	return ok && m.known(t.ID, engine.Partition(engine.CoordinatorPartition(group, t.Partitions))).elected > 0
}

// forgetGroups: another coordinator may not know the newest generation, which is stored
// only when it is complete.
func (m *Monitor) forgetGroups() {
	clear(m.groups)
	clear(m.owners)
}

// appended follows transactions through a log.
func (m *Monitor) appended(ev *engine.Event) {
	s, at := m.part(ev.Topic, ev.Partition)
	h, err := batch.Parse(ev.Bytes)
	if err != nil || h.ProducerID < 0 {
		return
	}
	if ev.Epoch > s.leading {
		s.leading = ev.Epoch
		clear(s.epochs)
	}
	if was, ok := s.epochs[h.ProducerID]; ok && h.ProducerEpoch < was && ev.Epoch == s.leading {
		m.broken(ZombiesFenced, at.String(), "epoch "+itoa(int64(h.ProducerEpoch))+" of producer "+itoa(h.ProducerID)+" after "+itoa(int64(was)))
	}
	if ev.Epoch == s.leading {
		s.epochs[h.ProducerID] = h.ProducerEpoch
	}
	if !h.IsTransactional() {
		return
	}
	first, open := s.open[h.ProducerID]
	if !h.IsControl() {
		if !open {
			s.open[h.ProducerID] = ev.Offset
		}
		return
	}
	delete(s.open, h.ProducerID)
	var r batch.Record
	if it := batch.Records(ev.Bytes); open && it.Next(&r) {
		if marker, err := batch.ParseEndTxn(&r); err == nil && !marker.Commit {
			s.aborted = append(s.aborted, span{first, ev.Offset, h.ProducerID})
		}
	}
}

func (m *Monitor) sent(p *Producer, f *client.Fact) {
	if f.Kind != client.FactSent || p.machine.Config().Acks != -1 || f.Offset < 0 || m.world.engine.TopicName(f.ID) == "" {
		return
	}
	if s, at := m.part(f.ID, f.Partition); f.End > s.highest {
		m.broken(AckedReplicated, at.String(), p.Name+" was told of offset "+itoa(int64(f.End-1))+", high watermark "+itoa(int64(s.highest)))
	}
}

func (m *Monitor) fact(c *Consumer, f *client.Fact) {
	switch f.Kind {
	case client.FactAssigned:
		if c.cfg.Share {
			break // partitions are shared there
		}
		o := ownership{c.Group, engine.TopicPartition{Topic: f.Topic, Partition: f.Partition}, f.Epoch}
		who := c.Name
		if c.cfg.GroupInstanceID != "" {
			who = c.cfg.GroupInstanceID // another process takes its place and its partitions
		}
		if other, ok := m.owners[o]; ok && other != who {
			m.broken(OneOwner, o.at.String(), "generation "+itoa(int64(f.Epoch))+" of "+c.Group+" gives it to "+other+" and "+who)
		}
		m.owners[o] = who
	case client.FactProcessed:
		for one := *f; one.Offset < f.End; one.Offset++ {
			m.processed(c, &one)
		}
	}
}

func (m *Monitor) processed(c *Consumer, f *client.Fact) {
	if m.world.engine.TopicName(f.ID) != f.Topic {
		return // the topic is gone
	}
	s, at := m.part(f.ID, f.Partition)
	if f.Offset >= s.highest {
		m.broken(ReadReplicated, at.String(), c.Name+" has offset "+itoa(int64(f.Offset))+", high watermark "+itoa(int64(s.highest)))
	}
	if !c.cfg.ReadCommitted {
		return
	}
	bytes, code := m.world.engine.Read(f.ID, f.Partition, f.Offset, 1)
	h, err := batch.Parse(bytes)
	if code != engine.None || err != nil || !h.IsTransactional() || h.BaseOffset > int64(f.Offset) {
		return // compaction has taken it meanwhile
	}
	if first, open := s.open[h.ProducerID]; open && f.Offset >= first {
		m.broken(ReadCommitted, at.String(), c.Name+" has offset "+itoa(int64(f.Offset))+" of a transaction that is open")
	}
	for i := range s.aborted {
		if a := &s.aborted[i]; a.producer == h.ProducerID && f.Offset >= a.first && f.Offset < a.end {
			m.broken(ReadCommitted, at.String(), c.Name+" has offset "+itoa(int64(f.Offset))+" of a transaction that was aborted")
		}
	}
}

// Look compares the partitions with what they were. Call it after every step, or every
// few.
func (m *Monitor) Look() error {
	m.world.engine.Topics(func(t engine.TopicView) bool {
		for p := range engine.Partition(t.Partitions) {
			m.part(t.ID, p)
		}
		return true
	})
	for i := range m.claimed {
		m.examine(&m.claimed[i])
	}
	m.claimed = m.claimed[:0]
	return m.err
}

// examine finds out whether the setting that is said to permit a breach is really set
// so. Then it is counted, else an invariant is broken.
func (m *Monitor) examine(b *Breach) {
	rule, permitted := AckedKept, false
	acks, idempotent := int16(-1), true // of the console, and of whoever is gone
	if p := m.world.Producer(b.Client); p != nil {
		acks, idempotent = p.machine.Config().Acks, p.machine.Config().Idempotent()
	}
	name := m.world.engine.TopicName(b.Topic)
	s := m.known(b.Topic, b.Partition)
	setting := b.Setting
	switch {
	case m.promised(b):
		rule = ExactlyOnce
	case b.Group != "" || name == "" || b.Client == "":
		permitted = true // what consumers lose or do twice is told by settings of theirs; or it is not known whose it was
	case b.Verdict == Duplicated:
		rule, permitted = WrittenOnce, !idempotent
		if p := m.world.Producer(b.Client); p != nil && p.failed > 0 {
			permitted, setting = true, "delivery.timeout.ms" // it gave records up, and began anew with others
		}
	case b.Verdict == Disordered:
		rule, permitted = KeysInOrder, !idempotent
	case acks >= 0 && acks <= 1:
		permitted = true
	case s.unclean:
		permitted = true
	case s.unsynced:
		permitted, setting = true, flushing
	default:
		permitted = m.setting(name, "min.insync.replicas") == "1"
	}
	if permitted {
		m.Excused[setting]++
		return
	}
	m.broken(rule, engine.TopicPartition{Topic: name, Partition: b.Partition}.String(),
		b.Verdict.String()+" at offset "+itoa(int64(b.Offset))+" of "+b.Client+", as "+b.Setting+" is said to permit")
}

// promised reports whether a verdict about a group breaks exactly once.
func (m *Monitor) promised(b *Breach) bool {
	c := m.world.Consumer(b.Client)
	if v, _ := m.world.engine.Partition(b.Topic, b.Partition); v.LogStart > 0 {
		return false // nobody knows any more what stood there, and retention may have taken it
	}
	return m.Promised && !m.unclean && b.Group != "" && c != nil && c.cfg.App.ExactlyOnce && b.Verdict != Disordered &&
		b.Setting != "retention"
}

func (m *Monitor) setting(topic, name string) (value string) {
	m.world.Call(&engine.DescribeConfigs{Topic: topic}, func(r *engine.Reply) {
		if body, ok := r.Body.(*engine.DescribeConfigsReply); ok {
			for _, entry := range body.Entries {
				if entry.Name == name {
					value = entry.Value
				}
			}
		}
	})
	return value
}
