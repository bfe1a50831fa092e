package sim

import (
	"slices"

	"partita/engine"
)

// Bounds of what a world remembers for pictures.
const (
	exchangesMost = 64 // requests to group coordinators, and their answers
	erasMost      = 8  // generations, or epochs, of one group
)

// Exchange is one request of a simulated client to a group coordinator, or its answer.
type Exchange struct {
	Client, Group string
	What          string // join, sync, heartbeat, commit, leave, offsets
	Reply         bool
	Code          engine.Code
	Sent, Due     engine.Time // when it left and when it arrives; Due is before Sent for one that is lost
	Broker        int32
	token         engine.Token
	session       engine.Session
}

// exchangeOf says what a command asks of a group coordinator; empty for any other command.
func exchangeOf(cmd engine.Command) (what, group string) {
	switch c := cmd.(type) {
	case *engine.JoinGroup:
		return "join", c.Group
	case *engine.SyncGroup:
		return "sync", c.Group
	case *engine.Heartbeat:
		return "heartbeat", c.Group
	case *engine.LeaveGroup:
		return "leave", c.Group
	case *engine.OffsetCommit:
		return "commit", c.Group
	case *engine.OffsetFetch:
		return "offsets", c.Group
	case *engine.TxnOffsetCommit:
		return "commit", c.Group
	case *engine.ConsumerGroupHeartbeat:
		return beat(c.Epoch), c.Group
	case *engine.ShareGroupHeartbeat:
		return beat(c.Epoch), c.Group
	}
	return "", ""
}

// beat says what a heartbeat of KIP-848's kind means by its member epoch.
func beat(epoch int32) string {
	switch {
	case epoch == 0:
		return "join"
	case epoch < 0:
		return "leave"
	}
	return "heartbeat"
}

// noteExchange remembers a parcel on its way, when it is to a group coordinator or from it.
func (w *World) noteExchange(p *parcel, direction int) {
	s := Exchange{Sent: w.now, Due: p.arrives, Broker: p.link.cable.ways[p.way].broker, token: p.token, session: p.link.session}
	if direction == Out {
		if s.What, s.Group = exchangeOf(p.cmd); s.What == "" {
			return
		}
		s.Client = w.ClientName(s.session)
	} else {
		asked := w.asked(p)
		if asked == nil {
			return
		}
		s.Client, s.Group, s.What = asked.Client, asked.Group, asked.What
		s.Reply, s.Code = true, p.reply.Code
	}
	if len(w.exchanges) == exchangesMost {
		w.exchanges = append(w.exchanges[:0], w.exchanges[1:]...)
	}
	w.exchanges = append(w.exchanges, s)
}

// asked finds the exchange that a reply answers, nil when it is forgotten.
func (w *World) asked(p *parcel) *Exchange {
	for i := range w.exchanges {
		if s := &w.exchanges[i]; !s.Reply && s.token>>wayBits == p.reply.Token && s.session == p.link.session {
			return s
		}
	}
	return nil
}

// Exchanges lists the newest requests to group coordinators and their answers, oldest
// first; lent.
func (w *World) Exchanges() []Exchange { return w.exchanges }

// Era is one generation of a classic group, or one epoch of another: who owned what.
type Era struct {
	Epoch  int32
	At     engine.Time
	Owners []Owner // by topic and partition
}

// Owner is the owner of one partition.
type Owner struct {
	engine.TopicPartition
	Member engine.MemberID
	Moved  bool        // it was somebody else before
	Paused engine.Time // how long nobody read it before this owner did
}

// noteAssigned writes an assignment into the history of a group.
func (w *World) noteAssigned(ev *engine.Event) {
	l := w.ledgerAt(ev.Group)
	a, err := engine.ParseAssignment(ev.Bytes)
	if l == nil || err != nil {
		return
	}
	n := len(l.eras)
	if n == 0 || l.eras[n-1].Epoch != ev.Epoch {
		era := Era{Epoch: ev.Epoch, At: ev.At}
		if g, ok := w.engine.Group(l.group); ok && n > 0 && g.Kind != engine.GroupClassic {
			era.Owners = append(era.Owners, l.eras[n-1].Owners...) // others keep what they have
			for i := range era.Owners {
				era.Owners[i].Moved, era.Owners[i].Paused = false, 0
			}
		}
		if n == erasMost {
			l.eras = append(l.eras[:0], l.eras[1:]...)
			n--
		}
		l.eras = append(l.eras, era)
		n++
	}
	era := &l.eras[n-1]
	kept := era.Owners[:0:0]
	for _, o := range era.Owners {
		if o.Member != ev.Member {
			kept = append(kept, o)
		}
	}
	for _, t := range a.Partitions {
		for _, p := range t.Partitions {
			o := Owner{TopicPartition: engine.TopicPartition{Topic: t.Topic, Partition: engine.Partition(p)}, Member: ev.Member}
			before := l.ownerBefore(n-1, o.TopicPartition)
			o.Moved = before != 0 && w.MemberName(before) != w.MemberName(o.Member)
			kept = append(kept, o)
		}
	}
	era.Owners = kept
}

// owner is who owned a partition, 0 for nobody.
func (e *Era) owner(tp engine.TopicPartition) engine.MemberID {
	for i := range e.Owners {
		if e.Owners[i].TopicPartition == tp {
			return e.Owners[i].Member
		}
	}
	return 0
}

// ownerBefore is who owned a partition last before the n-th era, 0 for nobody: a
// cooperative rebalance leaves it to nobody for one generation.
func (l *ledger) ownerBefore(n int, tp engine.TopicPartition) engine.MemberID {
	for n--; n >= 0; n-- {
		if m := l.eras[n].owner(tp); m != 0 {
			return m
		}
	}
	return 0
}

// pause notes that nobody reads a partition from now on, if it was the consumer that did.
func (a *account) pause(c *Consumer, now engine.Time) {
	if a.owner == c && !a.unread {
		a.unread, a.since = true, now
	}
}

// pauseAll notes that a consumer does not read any more, or that it does again.
func (w *World) pauseAll(c *Consumer, stopped bool) {
	if c.ledger == nil {
		return
	}
	for _, parts := range c.ledger.topics {
		for i := range parts {
			if a := &parts[i]; stopped {
				a.pause(c, w.now)
			} else if a.owner == c {
				a.unread = false
			}
		}
	}
}

// resume notes for how long nobody had read a partition when its owner got it.
func (l *ledger) resume(tp engine.TopicPartition, paused engine.Time) {
	l.paused += paused
	for n := len(l.eras) - 1; n >= 0; n-- {
		for i := range l.eras[n].Owners {
			if o := &l.eras[n].Owners[i]; o.TopicPartition == tp {
				l.eras[n].Owners = slices.Clone(l.eras[n].Owners) // a snapshot may share it
				l.eras[n].Owners[i].Paused += paused
				return
			}
		}
	}
}

// Unread is since when nobody in a group reads a partition that somebody in it has read;
// false while somebody does.
func (w *World) Unread(group string, id engine.TopicID, p engine.Partition) (engine.Time, bool) {
	l := w.ledgerNamed(group)
	if l == nil || int(id) >= len(l.topics) || int(p) >= len(l.topics[id]) {
		return 0, false
	}
	a := &l.topics[id][p]
	return a.since, a.unread
}

// Eras lists the newest generations of a group, oldest first; lent.
func (w *World) Eras(group string) []Era {
	if l := w.ledgerNamed(group); l != nil {
		return l.eras
	}
	return nil
}
