package scene

import (
	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// reading is what the scene knows of one consumer's place in its partitions.
type reading struct {
	group  int // index into Frame.Groups
	member int
	topic  engine.TopicID
	part   engine.Partition
	offset engine.Offset
	done   engine.Offset // one past the last record processed, -1
}

// groupHues is how many colours groups take in turn.
const groupHues = 4

func (b *Builder) buildGroups(f *Frame, v Viewport) {
	e := b.world.Engine()
	f.Groups, f.Marks = f.Groups[:0], f.Marks[:0]
	b.groupAt, b.reading = b.groupAt[:0], b.reading[:0]
	e.Groups(func(g engine.GroupView) bool {
		b.group(f, v, g.Name, g.State.String(), g)
		return true
	})
	for _, c := range b.world.Consumers() { // of groups that the coordinator does not know yet, or any more
		if _, known := e.Group(c.Group); !known && !b.world.Hidden(c) && b.groupIndex(f, c.Group) < 0 {
			b.group(f, v, c.Group, "Dead", engine.GroupView{Generation: -1})
		}
	}
	for _, o := range b.world.Outsiders() {
		if b.groupIndex(f, o.Group) < 0 {
			b.group(f, v, o.Group, "Dead", engine.GroupView{Generation: -1})
		}
	}
	b.buildMarks(f)
}

func (b *Builder) groupIndex(f *Frame, name string) int {
	for i := range f.Groups {
		if f.Groups[i].Name == name {
			return i
		}
	}
	return -1
}

func (b *Builder) group(f *Frame, v Viewport, name, state string, g engine.GroupView) {
	f.Groups = extend(f.Groups)
	b.groupAt = append(b.groupAt, g.ID)
	group := &f.Groups[len(f.Groups)-1]
	*group = Group{Name: name, State: state, Generation: g.Generation, Protocol: g.Protocol,
		Hue: uint8((len(f.Groups)-1)%groupHues) + 1, Members: group.Members[:0],
		Kind: g.Kind.String(), AssignmentEpoch: g.AssignmentEpoch, Eras: group.Eras[:0]}
	b.tally(f, group)
	b.members = b.world.Engine().Members(g.ID, b.members[:0])
	partitions := 0
	for i := range b.members {
		m := b.member(f, v, group, &b.members[i], g.Leader)
		partitions += len(m.Chips)
	}
	for _, c := range b.world.Consumers() {
		if c.Group == name && !b.world.Hidden(c) && !b.isMember(c) {
			b.absent(group, c)
		}
	}
	for i := range b.world.Outsiders() {
		b.outsider(group, &b.world.Outsiders()[i])
	}
	group.Detail = groupDetail(group, partitions)
	for i := range group.Members {
		if m := &group.Members[i]; m.State == MemberIdle {
			m.Status = sim.Phrase("idle: ", sim.Count(int64(partitions), "partition"), ", ", sim.Count(int64(len(b.members)), "member"))
		}
	}
}

func groupDetail(g *Group, partitions int) string {
	switch {
	case g.State == "Empty" && len(g.Members) == 0:
		return sim.Mark + "nobody is in it; its committed offsets stay"
	case g.State == "PreparingRebalance":
		return sim.Mark + "rebalance: waiting for every member to join"
	case g.State == "CompletingRebalance":
		return sim.Mark + "rebalance: waiting for the group leader's assignment"
	}
	return ""
}

func (b *Builder) isMember(c *sim.Consumer) bool {
	id, in := c.Member()
	if !in {
		return false
	}
	for i := range b.members {
		if b.members[i].ID == id {
			return true
		}
	}
	return false
}

// member adds one member as the coordinator sees it, with what its own process knows.
func (b *Builder) member(f *Frame, v Viewport, group *Group, mv *engine.MemberView, leader engine.MemberID) *Member {
	group.Members = extend(group.Members)
	m := &group.Members[len(group.Members)-1]
	*m = Member{Name: mv.ClientID, ID: mv.Name, Instance: mv.Instance, Host: mv.Host, Leader: mv.ID == leader,
		Kind: MemberForeign, Chips: m.Chips[:0], Revoking: m.Revoking[:0], Awaiting: m.Awaiting[:0], Epoch: -1,
		Session: b.countdown(mv.Deadline, int64(mv.SessionTimeoutMs))}
	b.chips(f, m, mv.Assignment)
	if mv.Modern {
		b.modern(m, mv)
	}
	switch {
	case mv.AwaitingJoin, mv.AwaitingSync:
		m.State, m.Status = MemberJoining, sim.Mark+"joined, waiting for the others"
	case group.State == "PreparingRebalance":
		m.State, m.Status = MemberJoining, sim.Mark+"has not rejoined yet"
	case group.State == "CompletingRebalance":
		m.State, m.Status = MemberJoining, sim.Mark+"waiting for its assignment"
	case len(m.Chips) == 0:
		m.State = MemberIdle
	}
	if c := b.world.MemberConsumer(mv.ID); c != nil {
		b.simulated(f, group, m, c)
	} else if v.Tabs != nil {
		if name, ok := v.Tabs.Tab(mv.Session); ok {
			m.Name, m.Kind = name, MemberTab
			b.tab(f, v.Tabs, group, m, mv.Session)
		}
	}
	return m
}

// countdown is a clock that the engine or a machine keeps; none for a time not set.
func (b *Builder) countdown(deadline engine.Time, total int64) Countdown {
	if deadline <= 0 || total <= 0 {
		return Countdown{}
	}
	left := max(0, min(int64(deadline-b.world.Now()), total))
	return Countdown{Left: int32(min(left, 1<<31-1)), Total: int32(min(total, 1<<31-1))}
}

func (b *Builder) chips(f *Frame, m *Member, assignment []byte) {
	if len(assignment) == 0 {
		return
	}
	a, err := engine.ParseAssignment(assignment)
	if err != nil {
		return // not a consumer's assignment: other protocol types have their own
	}
	for _, tp := range a.Partitions {
		if topic := b.topicIndex(tp.Topic, f); topic >= 0 {
			for _, p := range tp.Partitions {
				m.Chips = append(m.Chips, Chip{Topic: uint16(topic), Partition: uint16(p)})
			}
		}
	}
}

// outsider marks a client from elsewhere that is frozen, or adds it where the coordinator
// does not count it as a member any more.
func (b *Builder) outsider(group *Group, o *sim.Outsider) {
	if o.Group != group.Name {
		return
	}
	for i := range group.Members {
		if m := &group.Members[i]; m.ID == o.Member {
			m.State, m.Status = MemberFrozen, sim.Mark+"frozen: no heartbeat leaves it"
			return
		}
	}
	group.Members = extend(group.Members)
	m := &group.Members[len(group.Members)-1]
	*m = Member{Name: o.Name, ID: o.Member, Host: o.Host, Kind: MemberForeign, State: MemberGone,
		Status: sim.Mark + "frozen, then its session timed out", Chips: m.Chips[:0], Revoking: m.Revoking[:0], Awaiting: m.Awaiting[:0], Epoch: -1}
}

// simulated adds what a simulated consumer knows of itself.
func (b *Builder) simulated(f *Frame, group *Group, m *Member, c *sim.Consumer) {
	m.Name, m.Kind, m.Settings = c.Name, MemberSim, c.Settings
	switch c.State() {
	case sim.Frozen:
		m.State, m.Status = MemberFrozen, sim.Mark+"frozen: no heartbeat leaves it"
		return
	case sim.Crashed:
		m.State, m.Status = MemberCrashed, sim.Mark+"crashed: its session runs out"
		return
	case sim.Left:
		m.State, m.Status = MemberGone, sim.Mark+"left"
		return
	}
	b.view = c.View()
	cfg := c.Config()
	m.InHand = b.view.InHand
	m.Pending = pending(&b.view)
	m.Poll = b.countdown(b.view.PollDeadline, cfg.MaxPollIntervalMs)
	if !b.view.Polling && m.State != MemberJoining {
		m.Status = sim.Mark + "stopped polling"
	}
	b.markBusy(f, c)
	for i := range b.view.Partitions {
		p := &b.view.Partitions[i]
		b.reading = append(b.reading, reading{len(f.Groups) - 1, len(group.Members) - 1, p.ID, p.Partition, p.Position, p.Processed})
		for j := range m.Chips {
			if chip := &m.Chips[j]; p.Paused && b.topicAt[chip.Topic] == p.ID && chip.Partition == uint16(p.Partition) {
				chip.Paused = true
			}
		}
	}
}

// markBusy rings the record that a consumer works on.
func (b *Builder) markBusy(f *Frame, c *sim.Consumer) {
	id, p, o, ok := c.Processing()
	if !ok {
		return
	}
	for ti := range b.topicAt {
		if b.topicAt[ti] != id {
			continue
		}
		if i := b.staveIndex(f, ti, p); i >= 0 {
			s := &f.Staves[i]
			if at := int64(o) - s.First; at >= 0 && at < int64(len(s.Cells)) {
				s.Cells[at] |= CellBusy
			}
		}
	}
}

func (b *Builder) tab(f *Frame, tabs Tabs, group *Group, m *Member, s engine.Session) {
	for _, chip := range m.Chips {
		id, p := b.topicAt[chip.Topic], engine.Partition(chip.Partition)
		if at := tabs.TabPosition(s, id, p); at >= 0 {
			b.reading = append(b.reading, reading{len(f.Groups) - 1, len(group.Members) - 1, id, p, at, -1})
		}
	}
}

// absent adds a simulated consumer that the coordinator does not count as a member.
func (b *Builder) absent(group *Group, c *sim.Consumer) {
	group.Members = extend(group.Members)
	m := &group.Members[len(group.Members)-1]
	*m = Member{Name: c.Name, Instance: c.Config().GroupInstanceID, Kind: MemberSim, State: MemberGone,
		Settings: c.Settings, Chips: m.Chips[:0], Epoch: -1}
	switch c.State() {
	case sim.Crashed:
		m.Status, m.RanOut = sim.Mark+"crashed, then its session timed out", ClockSession
		return
	case sim.Frozen:
		m.Status, m.RanOut = sim.Mark+"frozen, then its session timed out", ClockSession
		return
	}
	b.view = c.View()
	switch b.view.State {
	case client.OutOfGroup:
		m.Status, m.RanOut = sim.Mark+"max.poll.interval.ms passed: it left", ClockPoll
	case client.Fenced:
		m.Status = sim.Mark + "fenced: another consumer has its instance id"
	case client.Failed:
		m.Status = sim.Phrase("stopped by an error: ", b.view.Fatal.String())
	case client.Closed:
		m.Status = sim.Mark + "left"
	case client.Closing:
		m.Status = sim.Mark + "leaving"
	default:
		m.State, m.Status = MemberJoining, sim.Mark+"asks to join"
	}
}

// buildMarks says where every group stands in every partition in view, and from that
// what each member lags.
func (b *Builder) buildMarks(f *Frame) {
	e := b.world.Engine()
	for gi := range f.Groups {
		group := &f.Groups[gi]
		b.ownedMarks(f, gi)
		b.offsets = e.Offsets(b.groupAt[gi], b.offsets[:0])
		for i := range b.offsets {
			o := &b.offsets[i]
			topic := b.topicIndex(o.Topic, f)
			if stave := b.staveIndex(f, topic, o.Partition); stave >= 0 {
				mark := b.markOf(f, gi, stave)
				mark.Committed = int64(o.Offset)
			}
		}
		b.addLags(f, gi, group)
	}
}

// ownedMarks marks the partitions that a member owns, committed or not.
func (b *Builder) ownedMarks(f *Frame, gi int) {
	members := f.Groups[gi].Members
	for mi := range members {
		for _, chip := range members[mi].Chips {
			if stave := b.staveIndex(f, int(chip.Topic), engine.Partition(chip.Partition)); stave >= 0 {
				b.markOf(f, gi, stave).Member = int32(mi)
			}
		}
	}
	for i := range b.reading {
		r := &b.reading[i]
		if r.group != gi {
			continue
		}
		for ti, id := range b.topicAt {
			if id != r.topic {
				continue
			}
			if stave := b.staveIndex(f, ti, r.part); stave >= 0 {
				mark := b.markOf(f, gi, stave)
				mark.Position, mark.Processed = int64(r.offset), int64(r.done)
			}
		}
	}
}

func (b *Builder) markOf(f *Frame, gi, stave int) *Mark {
	for i := len(f.Marks) - 1; i >= 0 && int(f.Marks[i].Group) == gi; i-- {
		if int(f.Marks[i].Stave) == stave {
			return &f.Marks[i]
		}
	}
	f.Marks = append(f.Marks, Mark{Stave: uint16(stave), Group: uint16(gi), Member: -1, Committed: -1, Position: -1, Processed: -1})
	return &f.Marks[len(f.Marks)-1]
}

// addLags sums the lag of the marks in view, by group and by owner.
func (b *Builder) addLags(f *Frame, gi int, group *Group) {
	for i := range f.Marks {
		mark := &f.Marks[i]
		if int(mark.Group) != gi {
			continue
		}
		s := &f.Staves[mark.Stave]
		mark.Lag = s.LEO - max(mark.Committed, s.LogStart)
		group.Lag += mark.Lag
		if mark.Member >= 0 {
			group.Members[mark.Member].Lag += mark.Lag
		}
	}
	for i := range group.Members {
		m := &group.Members[i]
		if m.State != MemberActive || m.Status != "" {
			continue
		}
		if m.Status = sim.Mark + "caught up"; m.Lag > 0 {
			m.Status = sim.Mark + "reading"
		}
	}
}
