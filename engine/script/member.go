package script

import (
	"partita/engine"
	"partita/engine/sim"
)

// memberVerbs are about members of groups that are run from elsewhere.
var memberVerbs = []verb{
	{words: "member freeze", form: "gw", run: freezeMember, example: "member freeze billing kcat", same: same{text: "kill -STOP, of the process of @3"}},
	{words: "member thaw", form: "ww", run: thawMember, example: "member thaw billing kcat", same: same{text: "kill -CONT, of the process of @3"}},
}

// freezeMember holds back what a client from elsewhere asks of the brokers.
func freezeMember(r *Runner, a *args) {
	m := r.member(a.group, a.words[1])
	switch {
	case m == nil:
	case r.World.MemberConsumer(m.ID) != nil:
		name := r.World.MemberConsumer(m.ID).Name
		r.fail(sim.Phrase("", clip(name), " is a consumer of this world: consumer freeze ", name))
	case m.Session < sim.WireBase:
		r.fail(sim.Phrase("", clip(m.ClientID), " is a browser tab: its own page freezes it"))
	case r.World.Held(0, m.Name):
		r.fail(sim.Phrase("", clip(a.words[1]), " is frozen already"))
	default:
		r.World.FreezeOutsider(a.group.Name, m)
	}
}

// groupOfOutsider is the group in which a client from elsewhere has that client id; empty
// when there is none.
func (r *Runner) groupOfOutsider(clientID string) (group string) {
	e := r.World.Engine()
	e.Groups(func(g engine.GroupView) bool {
		for _, m := range e.Members(g.ID, nil) {
			if m.Session >= sim.WireBase && m.ClientID == clientID {
				group = g.Name
			}
		}
		return group == ""
	})
	return group
}

// member finds a member by its member id, its group.instance.id or, where it is the only
// one of that name, its client id; nil when there is none.
func (r *Runner) member(g *engine.GroupView, word string) *engine.MemberView {
	all := r.World.Engine().Members(g.ID, nil)
	missing := missing{what: sim.Mark + "member", name: word}
	var found *engine.MemberView
	for i := range all {
		m := &all[i]
		missing.is(m.ClientID)
		switch {
		case m.Name == word || m.Instance != "" && m.Instance == word:
			return m
		case m.ClientID != word:
		case found != nil:
			r.fail(sim.Phrase("several members of ", clip(g.Name), " are called ", clip(word), ": write the member id of one"))
			return nil
		default:
			found = m
		}
	}
	if found == nil {
		r.fail(missing.text())
	}
	return found
}

// thawMember lets one go on. Its group may be gone by now.
func thawMember(r *Runner, a *args) {
	missing := missing{what: sim.Mark + "frozen member", name: a.words[1]}
	for i, o := range r.World.Outsiders() {
		if missing.is(o.Name); o.Group == a.words[0] && (o.Member == a.words[1] || o.Name == a.words[1]) {
			r.World.ThawOutsider(i)
			return
		}
	}
	r.fail(missing.text())
}
