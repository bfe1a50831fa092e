package scene

import (
	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func (b *Builder) buildBrokers(f *Frame) {
	f.Brokers = append(f.Brokers[:0], Broker{ID: engine.FirstBroker, Up: true, Label: "controller", Controller: true})
}

// ranges adds what the transactions of a partition cover, and what it has lost.
func (b *Builder) ranges(s *Stave, id engine.TopicID, p engine.Partition) {
	e := b.world.Engine()
	for _, t := range e.OpenTransactions(id, p) {
		s.Ranges = append(s.Ranges, Range{Kind: RangeOpen, First: int64(t.First), End: s.LEO, Producer: t.ProducerID, Member: -1})
	}
	for _, t := range e.AbortedTransactions(id, p, engine.Offset(s.First), engine.Offset(s.LEO)) {
		s.Ranges = append(s.Ranges, Range{Kind: RangeAborted, First: int64(t.First), End: int64(t.Marker), Producer: t.ProducerID, Member: -1})
	}
	for _, l := range b.world.Breaches() {
		if l.Verdict == sim.Lost && l.Group == "" && l.Topic == id && l.Partition == p && int64(l.Offset) >= s.First {
			s.Ranges = append(s.Ranges, Range{Kind: RangeLost, First: int64(l.Offset), End: int64(l.Offset) + l.Records, Producer: -1, Member: -1})
		}
	}
}

func (b *Builder) buildLedger(f *Frame) {
	t := b.world.Totals()
	f.Ledger = Ledger{Sent: t.Sent, Acked: t.Acked, Failed: t.Failed, Appended: t.Appended,
		Lost: t.Lost, Duplicated: t.Duplicated, Disordered: t.Disordered, Alarms: f.Ledger.Alarms[:0]}
	list := b.world.Breaches()
	for _, a := range list[max(0, len(list)-NotesMost):] {
		f.Ledger.Alarms = append(f.Ledger.Alarms, Alarm{At: int64(a.At), Verdict: a.Verdict.String(), Client: a.Client, Group: a.Group,
			Partition: engine.TopicPartition{Topic: b.world.Engine().TopicName(a.Topic), Partition: a.Partition}.String(),
			Offset:    int64(a.Offset), Records: a.Records, Setting: a.Setting})
	}
}

func (b *Builder) buildExchanges(f *Frame) {
	f.Exchanges = f.Exchanges[:0]
	for _, s := range b.world.Exchanges() {
		step := Exchange{Client: s.Client, Group: s.Group, What: s.What, Reply: s.Reply, Sent: int64(s.Sent), Due: int64(s.Due), Broker: s.Broker}
		if s.Code != engine.None {
			step.Code = s.Code.String()
		}
		f.Exchanges = append(f.Exchanges, step)
	}
}

// tally adds a group's part of the ledger, and who owned what.
func (b *Builder) tally(f *Frame, g *Group) {
	t := b.world.Counts(g.Name)
	g.Duplicates, g.Lost, g.Disorder, g.Effects, g.Repeats = t.Duplicates, t.Lost, t.KeyDisorder, t.Effects, t.Repeats
	for _, era := range b.world.Eras(g.Name) {
		g.Eras = extend(g.Eras)
		out := &g.Eras[len(g.Eras)-1]
		*out = Era{Epoch: era.Epoch, At: int64(era.At), Cells: out.Cells[:0]}
		for _, o := range era.Owners {
			if i := b.staveIndex(f, b.topicIndex(o.Topic, f), o.Partition); i >= 0 {
				out.Cells = append(out.Cells, EraCell{uint16(i), b.world.MemberName(o.Member), o.Moved})
			}
		}
	}
}

// modern adds what a member of a consumer or share group is to give up and to get.
func (b *Builder) modern(m *Member, mv *engine.MemberView) {
	m.Epoch = mv.Epoch
	m.Revoking = b.owned(m.Revoking, mv.Revoking, nil)
	m.Awaiting = b.owned(m.Awaiting, mv.Target, m.Chips)
}

// owned appends the chips of partitions, without those that are there already.
func (b *Builder) owned(dst []Chip, list []engine.OwnedTopic, without []Chip) []Chip {
	for _, t := range list {
		for i, id := range b.topicAt {
			if id != t.Topic {
				continue
			}
			for _, p := range t.Partitions {
				chip, has := Chip{Topic: uint16(i), Partition: uint16(p)}, false
				for _, c := range without {
					has = has || c.Topic == chip.Topic && c.Partition == chip.Partition
				}
				if !has {
					dst = append(dst, chip)
				}
			}
		}
	}
	return dst
}

// pending is the number of records that are processed and not committed.
func pending(v *client.ConsumerView) (n int64) {
	for i := range v.Partitions {
		if p := &v.Partitions[i]; p.Committed >= 0 {
			n += max(0, int64(p.Processed-p.Committed))
		}
	}
	return n
}
