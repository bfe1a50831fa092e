package engine

import "slices"

// GroupState is the state of a group.
type GroupState uint8

// The states, by Kafka's names. The two Rebalance ones are of classic groups, the last
// two of consumer groups.
const (
	GroupEmpty               GroupState = iota // no members; committed offsets may remain
	GroupPreparingRebalance                    // waiting for members to send JoinGroup
	GroupCompletingRebalance                   // waiting for the group leader's SyncGroup
	GroupStable                                // every member has its assignment
	GroupDead                                  // gone
	GroupAssigning                             // the group epoch is ahead of the target assignment
	GroupReconciling                           // some member has not reached its target assignment
)

var groupStateNames = [...]string{"Empty", "PreparingRebalance", "CompletingRebalance", "Stable", "Dead", "Assigning", "Reconciling"}

// GroupKind is the protocol that a group follows.
type GroupKind uint8

// The kinds of groups.
const (
	GroupClassic  GroupKind = iota // JoinGroup and SyncGroup; the group leader assigns
	GroupConsumer                  // KIP-848: the group coordinator assigns
	GroupShare                     // KIP-932: members share partitions
)

var groupKindNames = [...]string{"Classic", "Consumer", "Share"}

// String gives Kafka's word, as in ListGroups.
func (k GroupKind) String() string { return groupKindNames[k] }

// String gives Kafka's word.
func (s GroupState) String() string { return groupStateNames[s] }

// newMemberJoinTimeoutMs takes out a new member whose JoinGroup is parked this long:
// it cannot heartbeat yet, and a broken connection would go unnoticed
// (group.coordinator: classicGroupNewMemberJoinTimeoutMs).
const newMemberJoinTimeoutMs = 5 * 60 * 1000

// group is one group of any kind. Classic groups use what is said of JoinGroup and
// SyncGroup below, the other kinds groupTarget; members are of one type, because a
// consumer group may have both sorts.
type group struct {
	id         GroupID
	name       string
	kind       GroupKind
	log        *partition // where its records go: it has its coordinator
	state      GroupState
	previous   GroupState
	stateSince Time

	protocolType string // kept when the group empties; "" for a group that only stores offsets
	protocol     string // "" unless members agreed on one
	generation   int32  // of consumer and share groups, the group epoch
	leader       *member
	members      []*member          // in join order
	byName       map[string]*member // by member id; pending ones too
	byInstance   map[string]*member
	votes        []protocolVotes
	offsets      []*topicOffsets // by topic name
	pending      []pendingOffset // of open transactions, in the order of their records

	awaitingJoin int // parked JoinGroups
	pendingJoin  int // ids that were given and not used yet (KIP-394)
	pendingSync  int // members that have not sent SyncGroup in this generation

	joinEpoch      uint64 // of the one join timer that counts
	syncEpoch      uint64
	initial        bool // the join timer is the initial rebalance delay
	newMemberAdded bool // during the initial delay: extend it
	delayMs        int64
	remainingMs    int64 // how much longer the initial delay may still get

	groupTarget
}

// member is one member of a group, or a given id that was not used yet (pending).
type member struct {
	id                 MemberID
	name               string
	instance           string // group.instance.id of a static member
	clientID           string
	host               string
	session            Session // that joined with it
	sessionTimeoutMs   int32
	rebalanceTimeoutMs int32
	protocols          []JoinProtocol
	assignment         []byte
	join               call
	sync               call
	pending            bool
	isNew              bool // has not been in a generation: its session is the join timeout
	pendingSync        bool
	deadline           Time // of its session; moves with every heartbeat
	timerAt            Time // of the timer that counts, -1 for none; may come before the deadline

	memberTarget
}

// call is a request whose reply waits.
type call struct {
	to      Session
	token   Token
	parked  bool
	dropped bool // the session ended: the group still counts on the call, nobody reads the reply
}

type protocolVotes struct {
	name  string
	count int
}

func (e *Engine) groupNamed(name string) *group {
	if id, ok := e.groupByName[name]; ok {
		return e.groups[id]
	}
	return nil
}

func (e *Engine) makeGroup(from Session, name string) *group {
	offsets := e.offsetsTopic()
	g := &group{
		id:         GroupID(len(e.groups)),
		name:       name,
		log:        offsets.partitions[CoordinatorPartition(name, int32(len(offsets.partitions)))],
		previous:   GroupDead,
		stateSince: e.now,
		byName:     map[string]*member{},
		byInstance: map[string]*member{},
	}
	e.groups = append(e.groups, g)
	e.groupByName[name] = g.id
	e.emit(Event{Kind: KindGroupCreated, Session: from, Group: g.id, Bytes: []byte(name)})
	return g
}

// nameMember makes a member id, as Kafka does: the client id, or the instance id of
// a static member, a hyphen, and a random UUID.
func (e *Engine) nameMember(prefix string) (MemberID, string) {
	name := prefix + "-" + e.random.uuid()
	e.memberNames = append(e.memberNames, name)
	return MemberID(len(e.memberNames) - 1), name
}

// maxName is the longest string of Kafka's protocol, in bytes.
const maxName = 1<<15 - 1

// closed is why the coordinator does not serve a group, or None. With one broker
// that is always up, only a bad name is refused.
func (e *Engine) closed(group string) Code {
	if group == "" || len(group) > maxName {
		return InvalidGroupID
	}
	return e.coordinator
}

// member gives the member with that id; nil for a pending one.
func (g *group) member(name string) *member {
	if m := g.byName[name]; m != nil && !m.pending {
		return m
	}
	return nil
}

// check finds the member that a request names, or says what is wrong: an instance
// id that nobody has, one that another member id has, an unknown member id.
func (g *group) check(name, instance string) (*member, Code) {
	if instance != "" {
		m := g.byInstance[instance]
		if m == nil {
			return nil, UnknownMemberID
		}
		if m.name != name {
			return nil, FencedInstanceID
		}
	}
	if m := g.member(name); m != nil {
		return m, None
	}
	if planted == bugOldMember && len(g.members) > 0 {
		return g.members[0], None
	}
	return nil, UnknownMemberID
}

func (g *group) transition(to GroupState, now Time) {
	g.previous, g.state, g.stateSince = g.state, to, now
}

func (g *group) canRebalance() bool {
	return g.state == GroupStable || g.state == GroupCompletingRebalance || g.state == GroupEmpty
}

func (g *group) allJoined() bool {
	return len(g.members) == g.awaitingJoin && g.pendingJoin == 0
}

// rebalanceTimeoutMs is the largest of the members'.
func (g *group) rebalanceTimeoutMs() int64 {
	ms := int32(0)
	for _, m := range g.members {
		ms = max(ms, m.rebalanceTimeoutMs)
	}
	return int64(ms)
}

// remove forgets one member, or a pending one.
func (g *group) remove(m *member) {
	g.unlink(m)
	if i := slices.Index(g.members, m); i >= 0 {
		g.members = slices.Delete(g.members, i, i+1)
	}
	g.replaceLeader()
}

// removeAll forgets the members for whom gone holds, in one pass.
func (g *group) removeAll(gone func(*member) bool) {
	g.members = slices.DeleteFunc(g.members, func(m *member) bool {
		if !gone(m) {
			return false
		}
		g.unlink(m)
		return true
	})
	g.replaceLeader()
}

func (g *group) unlink(m *member) {
	delete(g.byName, m.name)
	if m.pending {
		g.pendingJoin--
		return
	}
	if m.instance != "" {
		delete(g.byInstance, m.instance)
	}
	if m.join.parked {
		g.awaitingJoin--
	}
	g.synced(m)
	g.vote(m, -1)
	if m.modern {
		g.moderns--
	}
	g.release(m)
	if g.leader == m {
		g.leader = nil
	}
}

// replaceLeader names the member that joined first, when the group leader is gone.
func (g *group) replaceLeader() {
	if g.leader == nil && len(g.members) > 0 && g.kind == GroupClassic {
		g.leader = g.members[0]
	}
}

// synced notes that a member has sent SyncGroup, or never will.
func (g *group) synced(m *member) {
	if m.pendingSync {
		m.pendingSync = false
		g.pendingSync--
	}
}

// vote counts the assignors that a member offers: by is 1 or -1.
func (g *group) vote(m *member, by int) {
	for i := range m.protocols {
		name := m.protocols[i].Name
		if offers(m.protocols[:i], name) {
			continue // named twice
		}
		v := slices.IndexFunc(g.votes, func(v protocolVotes) bool { return v.name == name })
		if v < 0 {
			v = len(g.votes)
			g.votes = append(g.votes, protocolVotes{name: name})
		}
		if g.votes[v].count += by; g.votes[v].count == 0 {
			g.votes = slices.Delete(g.votes, v, v+1)
		}
	}
}

func offers(protocols []JoinProtocol, name string) bool {
	return slices.ContainsFunc(protocols, func(p JoinProtocol) bool { return p.Name == name })
}

// common reports whether every member of the classic protocol offers the assignor.
func (g *group) common(name string) bool {
	n := len(g.members) - g.moderns
	for i := range g.votes {
		if g.votes[i].name == name {
			return g.votes[i].count == n
		}
	}
	return n == 0
}

// supports reports whether a member with these assignors could be let in.
func (g *group) supports(protocolType string, protocols []JoinProtocol) bool {
	if g.state == GroupEmpty {
		return protocolType != "" && len(protocols) > 0
	}
	return protocolType == g.protocolType &&
		slices.ContainsFunc(protocols, func(p JoinProtocol) bool { return g.common(p.Name) })
}

// selectProtocol is the vote: every member votes for the first of its assignors that
// all offer. A tie goes to the one that was offered first.
func (g *group) selectProtocol() string {
	counts := make([]int, len(g.votes))
	for _, m := range g.members {
		for i := range m.protocols {
			if name := m.protocols[i].Name; g.common(name) {
				v := slices.IndexFunc(g.votes, func(v protocolVotes) bool { return v.name == name })
				counts[v]++
				break
			}
		}
	}
	most := 0
	for i := range counts {
		if counts[i] > counts[most] {
			most = i
		}
	}
	return g.votes[most].name
}

// metadata is what the member sent with the assignor.
func (m *member) metadata(protocol string) []byte {
	for i := range m.protocols {
		if m.protocols[i].Name == protocol {
			return m.protocols[i].Metadata
		}
	}
	return nil
}

// answer replies to a parked call, if there is one.
func (e *Engine) answer(c *call, code Code, body Body) bool {
	was := *c
	*c = call{}
	if was.parked && !was.dropped {
		e.reply(was.to, was.token, code, body)
	}
	return was.parked
}

func (e *Engine) answerJoin(g *group, m *member, code Code, body *JoinGroupReply) {
	if e.answer(&m.join, code, body) {
		g.awaitingJoin--
	}
}

// dropGroupCalls forgets who waits for replies in a session that ended. Its members
// stay, and count as waiting until the phase ends, as in Kafka.
func (e *Engine) dropGroupCalls(from Session) {
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		for _, m := range g.members {
			m.join.dropped = m.join.dropped || m.join.to == from
			m.sync.dropped = m.sync.dropped || m.sync.to == from
		}
	}
}
