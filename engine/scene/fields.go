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
		e.u8(b.State)
		e.flag(b.Fenced)
		e.flag(b.Controller)
		e.text(b.Rack)
		e.i32(b.SlowMs)
	}
	for i := range e.list(len(f.Topics)) {
		t := &f.Topics[i]
		e.text(t.Name)
		e.i32(t.Partitions)
		e.flag(t.InView)
		e.text(t.Detail)
		e.number(t.Records)
		e.i32(t.Replicas)
		e.i32(t.MinISR)
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
		e.number(m.Processed)
	}
	for i := range e.list(len(f.Flights)) {
		e.flight(&f.Flights[i])
	}
	e.notes(f.Notes)
	e.number(f.LastNote)
	e.ledger(&f.Ledger)
	for i := range e.list(len(f.Exchanges)) {
		s := &f.Exchanges[i]
		e.text(s.Client)
		e.text(s.Group)
		e.text(s.What)
		e.flag(s.Reply)
		e.text(s.Code)
		e.number(s.Sent)
		e.number(s.Due)
		e.i32(s.Broker)
	}
	e.text(f.Compared)
	for i := range e.list(len(f.Figures)) {
		d := &f.Figures[i]
		e.text(d.Name)
		e.number(d.Here)
		e.number(d.There)
	}
}

func (e *encoder) ledger(l *Ledger) {
	for _, n := range [...]int64{l.Sent, l.Acked, l.Failed, l.Appended, l.Lost, l.Duplicated, l.Disordered} {
		e.number(n)
	}
	for i := range e.list(len(l.Alarms)) {
		a := &l.Alarms[i]
		e.number(a.At)
		e.text(a.Verdict)
		e.text(a.Client)
		e.text(a.Group)
		e.text(a.Partition)
		e.number(a.Offset)
		e.number(a.Records)
		e.text(a.Setting)
	}
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
	e.text(p.TransactionalID)
	e.text(p.Txn)
	e.number(p.ProducerID)
	e.i32(p.Epoch)
	e.u8(p.State)
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
	for i := range e.list(len(s.Replicas)) {
		r := &s.Replicas[i]
		e.i32(r.Broker)
		e.number(r.LEO)
		e.number(r.HW)
		e.number(r.LogStart)
		e.flag(r.InSync)
		e.u8(r.State)
		e.number(r.Diverged)
	}
	for i := range e.list(len(s.Ranges)) {
		r := &s.Ranges[i]
		e.u8(r.Kind)
		e.number(r.First)
		e.number(r.End)
		e.number(r.Producer)
		e.u16(r.Group)
		e.i32(r.Member)
		e.i32(r.Count)
	}
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
	e.text(g.Kind)
	e.i32(g.AssignmentEpoch)
	for _, n := range [...]int64{g.Duplicates, g.Lost, g.Disorder, g.Effects, g.Repeats} {
		e.number(n)
	}
	for i := range e.list(len(g.Eras)) {
		a := &g.Eras[i]
		e.i32(a.Epoch)
		e.number(a.At)
		for j := range e.list(len(a.Cells)) {
			e.u16(a.Cells[j].Stave)
			e.text(a.Cells[j].Owner)
			e.flag(a.Cells[j].Moved)
			e.i32(a.Cells[j].Paused)
		}
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
	e.chips(m.Chips)
	e.text(m.Settings)
	e.i32(m.Epoch)
	e.chips(m.Revoking)
	e.chips(m.Awaiting)
	e.number(m.Pending)
	e.u8(m.RanOut)
}

func (e *encoder) chips(list []Chip) {
	for i := range e.list(len(list)) {
		c := &list[i]
		e.u16(c.Topic)
		e.u16(c.Partition)
		e.flag(c.Paused)
	}
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
	e.i32(f.Broker)
	e.i32(f.To)
	e.u32(f.Lasts)
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
