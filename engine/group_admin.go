package engine

import (
	"slices"
	"strings"
)

func (c *DescribeGroups) apply(e *Engine, from Session, tok Token) {
	body := &DescribeGroupsReply{Groups: make([]DescribedGroup, len(c.Groups))}
	for i, name := range c.Groups {
		d := &body.Groups[i]
		*d = DescribedGroup{Code: e.coordinator, Group: name, State: GroupDead.String()}
		if g := e.groupNamed(name); e.coordinator != None {
			d.State = ""
		} else if g == nil {
			d.Code = GroupIDNotFound // from version 6 on; before it was None
		} else {
			g.describe(d)
		}
	}
	e.reply(from, tok, None, body)
}

func (g *group) describe(d *DescribedGroup) {
	d.State, d.ProtocolType, d.Generation = g.state.String(), g.protocolType, g.generation
	if g.leader != nil {
		d.Leader = g.leader.name
	}
	if g.state == GroupStable {
		d.Protocol = g.protocol
	}
	d.Members = make([]DescribedMember, len(g.members))
	for i, m := range g.members {
		d.Members[i] = DescribedMember{Member: m.name, Instance: m.instance, ClientID: m.clientID, Host: m.host, Assignment: m.assignment}
		if g.state == GroupStable {
			d.Members[i].Metadata = m.metadata(g.protocol)
		}
	}
}

func (c *ListGroups) apply(e *Engine, from Session, tok Token) {
	body := &ListGroupsReply{}
	for _, g := range e.groups {
		if g == nil || len(c.States) > 0 &&
			!slices.ContainsFunc(c.States, func(s string) bool { return strings.EqualFold(s, g.state.String()) }) {
			continue
		}
		body.Groups = append(body.Groups, ListedGroup{g.name, g.protocolType, g.state.String()})
	}
	list := body.Groups
	SortBy(len(list), func(i, j int) bool { return list[i].Group < list[j].Group }, func(i, j int) { list[i], list[j] = list[j], list[i] })
	e.reply(from, tok, e.coordinator, body)
}

func (c *DeleteGroups) apply(e *Engine, from Session, tok Token) {
	body := &DeleteGroupsReply{Codes: make([]Code, len(c.Groups))}
	for i, name := range c.Groups {
		if body.Codes[i] = e.coordinator; e.coordinator == None {
			body.Codes[i] = e.deleteGroup(from, name)
		}
	}
	e.reply(from, tok, None, body)
}

func (e *Engine) deleteGroup(from Session, name string) Code {
	g := e.groupNamed(name)
	switch {
	case g == nil || g.state == GroupDead:
		return GroupIDNotFound
	case g.state != GroupEmpty:
		return NonEmptyGroup
	}
	w := &e.writer
	w.begin()
	for _, t := range g.offsets {
		w.tombstones(g, t, int64(e.now))
	}
	e.forgetGroup(g)
	e.flushRecords(from, g)
	delete(e.groupByName, name)
	e.groups[g.id] = nil
	e.emit(Event{Kind: KindGroupDeleted, Session: from, Group: g.id, Bytes: []byte(name)})
	return None
}
