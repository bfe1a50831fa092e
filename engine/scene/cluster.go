package scene

import (
	"slices"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func (b *Builder) buildBrokers(f *Frame) {
	f.Brokers = f.Brokers[:0]
	b.brokers = b.world.Engine().Brokers(b.brokers[:0])
	for i := range b.brokers {
		v := &b.brokers[i]
		out := Broker{ID: v.ID, Up: v.State != engine.BrokerDown, State: uint8(v.State), Fenced: v.Fenced,
			Controller: v.Controller, Rack: v.Rack, SlowMs: int32(v.SlowMs)}
		switch {
		case v.State != engine.BrokerRunning:
			out.Label = sim.Phrase(brokerStates[v.State])
		case v.Fenced:
			out.Label = sim.Mark + "fenced"
		case v.SlowMs > 0:
			out.Label = sim.Mark + "slow"
		case v.Controller:
			out.Label = sim.Mark + "controller"
		}
		f.Brokers = append(f.Brokers, out)
	}
}

// The states of a broker's process, for people. Their numbers are BrokerUp and so on.
var brokerStates = [...]string{engine.BrokerShutdown: "stopping", engine.BrokerDown: "down", engine.BrokerSuspended: "paused"}

// buildReplicas adds the replicas of a partition.
func (b *Builder) buildReplicas(s *Stave, id engine.TopicID, p engine.Partition) {
	b.replicas = b.world.Engine().Replicas(id, p, b.replicas[:0])
	for i := range b.replicas {
		v := &b.replicas[i]
		r := Replica{Broker: v.Broker, LEO: int64(v.LEO), HW: int64(v.HW), LogStart: int64(v.LogStart), InSync: v.InSync, Diverged: int64(v.Diverged)}
		switch {
		case !v.Online:
			r.State = ReplicaOffline
		case v.Leader:
			r.State = ReplicaLeads
		case v.Adding:
			r.State = ReplicaAdded
		case v.Removing:
			r.State = ReplicaRemoved
		case !v.InSync:
			r.State = ReplicaCatchesUp
		}
		s.Replicas = append(s.Replicas, r)
	}
}

// replicaFlights adds the records that are on their way from partition leaders.
func (b *Builder) replicaFlights(f *Frame) {
	for i := range f.Staves {
		s := &f.Staves[i]
		b.replicas = b.world.Engine().Replicas(b.topicAt[s.Topic], engine.Partition(s.Partition), b.replicas[:0])
		for j := range b.replicas {
			v := &b.replicas[j]
			if v.Coming == 0 || v.Due <= v.Sent || len(f.Flights) >= flightsMost {
				continue
			}
			progress := int64(b.world.Now()-v.Sent) * 65535 / int64(v.Due-v.Sent)
			fl := Flight{Kind: FlightReplica, Producer: 65535, Stave: uint16(i), Progress: uint16(max(0, min(progress, 65535))),
				Records: uint16(min(v.Coming, 65535)), Broker: v.From, To: v.Broker, Lasts: uint32(v.Due - v.Sent)}
			if at := int64(v.LEO) - s.First; at >= 0 && at < int64(len(s.Cells)) {
				fl.Cell = s.Cells[at]
			}
			f.Flights = append(f.Flights, fl)
		}
	}
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

// buildShares adds what share groups have in flight.
func (b *Builder) buildShares(f *Frame) {
	for gi := range f.Groups {
		if f.Groups[gi].Kind != engine.GroupShare.String() {
			continue
		}
		for _, v := range b.world.Engine().SharePartitions(b.groupAt[gi], nil) {
			for ti, id := range b.topicAt {
				i := -1
				if id == v.Topic {
					i = b.staveIndex(f, ti, v.Partition)
				}
				if i < 0 {
					continue
				}
				s := &f.Staves[i]
				for _, run := range v.Runs {
					r := Range{Kind: RangeAvailable, First: int64(run.First), End: int64(run.End), Producer: -1, Group: uint16(gi), Member: -1,
						Count: int32(run.Deliveries)}
					switch run.State {
					case engine.ShareAcquired:
						r.Kind = RangeAcquired
						name := b.world.MemberName(run.Member)
						for mi := range f.Groups[gi].Members {
							if f.Groups[gi].Members[mi].Name == name {
								r.Member = int32(mi)
							}
						}
					case engine.ShareAcknowledged:
						r.Kind = RangeAcknowledged
					case engine.ShareArchived:
						r.Kind = RangeArchived
					}
					s.Ranges = append(s.Ranges, r)
				}
			}
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
				out.Cells = append(out.Cells, EraCell{uint16(i), b.world.MemberName(o.Member), o.Moved, int32(min(o.Paused, 1<<31-1))})
			}
		}
	}
	b.unread(f, g)
}

// unread adds to the newest era for how long nobody reads a partition already.
func (b *Builder) unread(f *Frame, g *Group) {
	if len(g.Eras) == 0 {
		return
	}
	era := &g.Eras[len(g.Eras)-1]
	for i := range f.Staves {
		s := &f.Staves[i]
		since, is := b.world.Unread(g.Name, b.topicAt[s.Topic], engine.Partition(s.Partition))
		if !is {
			continue
		}
		j := slices.IndexFunc(era.Cells, func(c EraCell) bool { return int(c.Stave) == i })
		if j < 0 {
			j = len(era.Cells)
			era.Cells = append(era.Cells, EraCell{Stave: uint16(i)})
		}
		era.Cells[j].Paused += int32(min(b.world.Now()-since, 1<<30))
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
