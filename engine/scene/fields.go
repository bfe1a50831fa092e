package scene

// The order of the fields below is the encoding: it follows the structs of frame.go.
// A change of either is a change of both, of FrameVersion, and of web/ui/source/reader.ts.

func (e *encoder) frame(f *Frame) {
	e.text(f.Room)
	e.flag(f.Live)
	e.flag(f.Paused)
	e.i32(f.Speed)
	e.number(f.Time)
	e.i32(f.Viewers)
	e.i32(f.Tabs)
	for i := range e.list(len(f.Brokers)) {
		b := &f.Brokers[i]
		e.i32(b.ID)
		e.flag(b.Up)
		e.text(b.Label)
	}
	for i := range e.list(len(f.Topics)) {
		t := &f.Topics[i]
		e.text(t.Name)
		e.i32(t.Partitions)
		e.flag(t.InView)
		e.text(t.Detail)
		e.number(t.Records)
	}
	for i := range e.list(len(f.Producers)) {
		e.producer(&f.Producers[i])
	}
	for i := range e.list(len(f.Staves)) {
		e.stave(&f.Staves[i])
	}
	for i := range e.list(len(f.Groups)) {
		e.group(&f.Groups[i])
	}
	for i := range e.list(len(f.Marks)) {
		m := &f.Marks[i]
		e.u16(m.Stave)
		e.u16(m.Group)
		e.i32(m.Member)
		e.number(m.Committed)
		e.number(m.Position)
		e.number(m.Lag)
	}
	for i := range e.list(len(f.Flights)) {
		e.flight(&f.Flights[i])
	}
	e.notes(f.Notes)
	e.number(f.LastNote)
}

func (e *encoder) producer(p *Producer) {
	e.text(p.Name)
	e.text(p.Topic)
	for i := range e.list(len(p.Lines)) {
		e.text(p.Lines[i])
	}
	e.i32(p.Rate)
	e.number(p.Sent)
	e.number(p.Failed)
	e.flag(p.Paused)
}

func (e *encoder) stave(s *Stave) {
	e.u16(s.Topic)
	e.u16(s.Partition)
	e.i32(s.Leader)
	e.i32(s.LeaderEpoch)
	e.number(s.LogStart)
	e.number(s.HW)
	e.number(s.LSO)
	e.number(s.LEO)
	e.number(s.First)
	e.cells(s.Cells)
}

func (e *encoder) group(g *Group) {
	e.text(g.Name)
	e.text(g.State)
	e.i32(g.Generation)
	e.text(g.Protocol)
	e.u8(g.Hue)
	e.number(g.Lag)
	e.text(g.Detail)
	for i := range e.list(len(g.Members)) {
		e.member(&g.Members[i])
	}
}

func (e *encoder) member(m *Member) {
	e.text(m.Name)
	e.text(m.ID)
	e.text(m.Instance)
	e.text(m.Host)
	e.flag(m.Leader)
	e.u8(m.Kind)
	e.u8(m.State)
	e.text(m.Status)
	e.number(m.Lag)
	e.countdown(m.Session)
	e.countdown(m.Poll)
	e.i32(m.InHand)
	for i := range e.list(len(m.Chips)) {
		c := &m.Chips[i]
		e.u16(c.Topic)
		e.u16(c.Partition)
		e.flag(c.Paused)
	}
	e.text(m.Settings)
}

func (e *encoder) countdown(c Countdown) {
	e.i32(c.Left)
	e.i32(c.Total)
}

func (e *encoder) flight(f *Flight) {
	e.u8(f.Kind)
	e.u16(f.Producer)
	e.u16(f.Stave)
	e.u16(f.Group)
	e.u16(f.Member)
	e.u16(f.Progress)
	e.u16(f.Records)
	e.u32(f.Cell)
}

func (e *encoder) notes(notes []Note) {
	for i := range e.list(len(notes)) {
		n := &notes[i]
		e.number(n.Seq)
		e.number(n.At)
		e.u8(n.Tone)
		e.text(n.Text)
	}
}

func (e *encoder) seat(s *Seat) {
	e.text(s.Room)
	e.text(s.Group)
	e.text(s.Name)
	e.text(s.MemberID)
	e.text(s.Protocol)
	e.i32(s.Generation)
	e.u8(s.State)
	e.text(s.Title)
	e.flag(s.Online)
	e.flag(s.Polling)
	e.flag(s.Auto)
	e.number(s.Uncommitted)
	e.i32(s.ProcessMs)
	e.countdown(s.Session)
	e.countdown(s.Poll)
	e.number(s.Processed)
	for i := range e.list(len(s.Parts)) {
		p := &s.Parts[i]
		e.text(p.Label)
		e.text(p.Detail)
		e.number(p.Committed)
		e.number(p.Position)
		e.number(p.Processed)
		e.number(p.HW)
		e.number(p.First)
		e.cells(p.Cells)
	}
	e.notes(s.Notes)
	e.number(s.LastNote)
}
