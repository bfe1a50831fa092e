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
		if d.Code == None {
			d.Code = e.denied(from, opDescribe, resGroup, name)
		}
		if g := e.groupNamed(name); d.Code != None {
			d.State = ""
		} else if g == nil || g.kind != GroupClassic {
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
		if g != nil && (e.serving == 0 || e.coordinates(e.serving, g)) && letsThrough(c.States, g.state.String()) && letsThrough(c.Types, g.kind.String()) &&
			(e.describable(from, resCluster, clusterName) || e.describable(from, resGroup, g.name)) {
			body.Groups = append(body.Groups, ListedGroup{g.name, g.protocolType, g.state.String(), g.kind.String()})
		}
	}
	list := body.Groups
	SortBy(len(list), func(i, j int) bool { return list[i].Group < list[j].Group }, func(i, j int) { list[i], list[j] = list[j], list[i] })
	e.reply(from, tok, e.coordinator, body)
}

// letsThrough tells whether a filter lets a word through; an empty one lets everything.
func letsThrough(filter []string, word string) bool {
	return len(filter) == 0 || slices.ContainsFunc(filter, func(s string) bool { return strings.EqualFold(s, word) })
}

func (c *ConsumerGroupDescribe) apply(e *Engine, from Session, tok Token) {
	e.describeModern(GroupConsumer, c.Groups, from, tok)
}

func (c *ShareGroupDescribe) apply(e *Engine, from Session, tok Token) {
	e.describeModern(GroupShare, c.Groups, from, tok)
}

func (e *Engine) describeModern(kind GroupKind, names []string, from Session, tok Token) {
	body := &ConsumerGroupDescribeReply{Groups: make([]ConsumerGroupDescription, len(names))}
	for i, name := range names {
		d := &body.Groups[i]
		*d = ConsumerGroupDescription{Code: e.coordinator, Group: name, State: GroupDead.String()}
		if d.Code == None {
			d.Code = e.denied(from, opDescribe, resGroup, name)
		}
		g := e.groupNamed(name)
		switch {
		case d.Code != None:
		case name == "":
			d.Code, d.State = InvalidGroupID, ""
		case g == nil || g.kind != kind:
			d.Code, d.State = GroupIDNotFound, ""
		default:
			d.State, d.Epoch, d.AssignmentEpoch = g.state.String(), g.generation, g.assignmentEpoch
			d.Assignor = simpleAssignor
			if kind == GroupConsumer {
				d.Assignor = g.serverAssignor()
			}
			for _, m := range g.members {
				d.Members = append(d.Members, ConsumerMemberDescription{Member: m.name, Instance: m.instance, Rack: m.rack,
					ClientID: m.clientID, Host: m.host, Epoch: m.epoch, Topics: m.topics, Regex: m.regex,
					Assignment: ownedTopics(m.assigned), Target: ownedTopics(m.target), Classic: !m.modern})
			}
		}
	}
	e.reply(from, tok, None, body)
}

func (c *DeleteGroups) apply(e *Engine, from Session, tok Token) {
	body := &DeleteGroupsReply{Codes: make([]Code, len(c.Groups))}
	for i, name := range c.Groups {
		if body.Codes[i] = e.coordinator; e.coordinator == None {
			body.Codes[i] = e.denied(from, opDelete, resGroup, name)
		}
		if body.Codes[i] == None {
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
	for _, sp := range g.shares { // its state goes first (DeleteShareGroupState)
		if !e.served(e.shareLog(g, sp.at)) {
			return CoordinatorNotAvailable
		}
	}
	w := &e.writer
	w.begin()
	for _, t := range g.offsets {
		w.tombstones(g, t, int64(e.now))
	}
	for i := range g.pending {
		w.tombstone(g, g.pending[i].Topic, g.pending[i].Partition, int64(e.now))
	}
	e.forgetGroup(g)
	e.flushRecords(from, g)
	e.forgetShares(g, 0)
	e.shareSessions = slices.DeleteFunc(e.shareSessions, func(s *shareSession) bool { return s.group == g.id })
	delete(e.groupByName, name)
	e.groups[g.id] = nil
	e.emit(Event{Kind: KindGroupDeleted, Session: from, Group: g.id, Bytes: []byte(name)})
	return None
}
