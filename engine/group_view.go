package engine

// GroupView is one group as it is now.
type GroupView struct {
	ID           GroupID
	Name         string
	Kind         GroupKind
	State        GroupState
	ProtocolType string   // "consumer" for consumers, empty if the group only stores offsets
	Protocol     string   // the assignor, once members agreed on one
	Generation   int32    // of a consumer or share group, the group epoch
	Leader       MemberID // the group leader, 0 for none
	MemberCount  int

	AssignmentEpoch int32 // of a consumer or share group: of its target assignment
}

// MemberView is one member of a group as it is now.
type MemberView struct {
	ID                 MemberID
	Name               string
	Instance           string // group.instance.id, empty for a dynamic member
	ClientID           string
	Host               string
	Session            Session // that the member joined with
	Assignment         []byte  // as the group leader gave it; must not be written to
	SessionTimeoutMs   int32
	RebalanceTimeoutMs int32
	Deadline           Time // when its session ends unless it is heard of
	AwaitingJoin       bool // its JoinGroup is parked
	AwaitingSync       bool // its SyncGroup is parked

	// In a consumer or share group.
	Modern   bool  // it speaks the group's protocol, not the classic one
	Epoch    int32 // its member epoch; -2 for a static member that is away for a while
	Progress Progress
	Target   []OwnedTopic // what it is to have
	Revoking []OwnedTopic // what it has to give up before it gets anything new
}

// Groups calls visit for every group in the order of creation, until it returns false.
func (e *Engine) Groups(visit func(GroupView) bool) {
	for _, g := range e.groups {
		if g != nil && !visit(g.view()) {
			return
		}
	}
}

// Group gives the group of that name.
func (e *Engine) Group(name string) (GroupView, bool) {
	if g := e.groupNamed(name); g != nil {
		return g.view(), true
	}
	return GroupView{}, false
}

func (e *Engine) groupAt(id GroupID) *group {
	if int(id) < len(e.groups) {
		return e.groups[id]
	}
	return nil
}

func (g *group) view() GroupView {
	v := GroupView{ID: g.id, Name: g.name, State: g.state, ProtocolType: g.protocolType,
		Protocol: g.protocol, Generation: g.generation, MemberCount: len(g.members),
		Kind: g.kind, AssignmentEpoch: g.assignmentEpoch}
	if g.leader != nil {
		v.Leader = g.leader.id
	}
	return v
}

// Members appends the members of a group in the order in which they joined.
func (e *Engine) Members(id GroupID, dst []MemberView) []MemberView {
	if g := e.groupAt(id); g != nil {
		for _, m := range g.members {
			dst = append(dst, MemberView{ID: m.id, Name: m.name, Instance: m.instance, ClientID: m.clientID,
				Host: m.host, Session: m.session, Assignment: m.assignment, SessionTimeoutMs: m.sessionTimeoutMs,
				RebalanceTimeoutMs: m.rebalanceTimeoutMs, Deadline: m.deadline,
				AwaitingJoin: m.join.parked, AwaitingSync: m.sync.parked,
				Modern: m.modern, Epoch: m.epoch, Progress: m.progress, Target: ownedTopics(m.target), Revoking: ownedTopics(m.revoking)})
		}
	}
	return dst
}

// Committed gives the committed offset of one partition; false when there is none.
func (e *Engine) Committed(id GroupID, topic string, p Partition) (FetchedOffset, bool) {
	f := e.groupAt(id).fetched(topic, p)
	return f, f.Offset >= 0
}

// Offsets appends all committed offsets of a group, sorted by topic and partition.
func (e *Engine) Offsets(id GroupID, dst []FetchedOffset) []FetchedOffset {
	if g := e.groupAt(id); g != nil {
		dst = g.appendOffsets(dst)
	}
	return dst
}
