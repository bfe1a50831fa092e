package sim

import (
	"slices"

	"partita/engine"
)

// WireBase is the first session of a client that is run from elsewhere: a Kafka client
// that came over TCP.
const WireBase engine.Session = 1 << 28

// Outsider is a client from elsewhere that somebody froze by its member of a group. Its
// process runs on, but the brokers answer nothing that it asks until it is thawed, so that
// its session runs out.
type Outsider struct {
	Group  string
	Member string // its member id
	Name   string // its client id
	Host   string

	sessions []engine.Session // its connections, as far as they can be told from others
}

// Outsiders are the clients from elsewhere that are frozen; lent.
func (w *World) Outsiders() []Outsider { return w.outsiders }

// Held reports whether a request must wait for its client to be thawed: it came in this
// session, or in the name of this member. Empty stands for no member.
func (w *World) Held(s engine.Session, member string) bool {
	for i := range w.outsiders {
		if o := &w.outsiders[i]; o.Member == member || slices.Contains(o.sessions, s) {
			return true
		}
	}
	return false
}

// FreezeOutsider freezes the client behind a member whose session is from WireBase on: all
// its connections, or, where another member has the same client id and address, the one
// that it joined with and whatever names the member.
func (w *World) FreezeOutsider(group string, m *engine.MemberView) {
	o := Outsider{Group: group, Member: m.Name, Name: m.ClientID, Host: m.Host, sessions: []engine.Session{m.Session}}
	if !w.hasTwin(m) {
		o.sessions = w.engine.SessionsLike(m.Session)
	}
	w.outsiders = append(w.outsiders, o)
	w.say(Happening{What: Freeze}, "~$W freezes: no heartbeats, no polls. Its session runs out.", &words{who: o.Name, group: group})
	w.frozenChanged()
}

// hasTwin reports whether another member has the same client id and address.
func (w *World) hasTwin(m *engine.MemberView) (found bool) {
	var members []engine.MemberView
	w.engine.Groups(func(g engine.GroupView) bool {
		members = w.engine.Members(g.ID, members[:0])
		for i := range members {
			n := &members[i]
			found = found || n.Name != m.Name && n.ClientID == m.ClientID && n.Host == m.Host
		}
		return !found
	})
	return found
}

// ThawOutsider lets the i-th of Outsiders go on: first it finds what it asked meanwhile.
func (w *World) ThawOutsider(i int) {
	o := w.outsiders[i]
	w.outsiders = slices.Delete(w.outsiders, i, i+1)
	w.say(Happening{What: Thaw}, ".$W runs again.", &words{who: o.Name, group: o.Group})
	w.frozenChanged()
}

func (w *World) frozenChanged() {
	if w.OnFrozen != nil {
		w.OnFrozen()
	}
}
