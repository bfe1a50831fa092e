package engine

import (
	"slices"
	"strings"
	"testing"
)

// lab is an engine with one group "g" and helpers that speak for its members.
type lab struct {
	t   testing.TB
	e   *Engine
	now Time
	tok Token
}

func newLab(t testing.TB, defaults ...ConfigEntry) *lab {
	l := &lab{t: t, e: New(Config{Seed: 1, Defaults: defaults})}
	l.do(&CreateTopic{Name: "orders", Partitions: 4})
	return l
}

// do applies a command and gives its reply, or nil while it is parked.
func (l *lab) do(cmd Command) *Reply {
	l.t.Helper()
	l.tok++
	l.e.Apply(l.now, client, l.tok, cmd)
	var own *Reply
	for _, r := range l.e.Ready().Replies {
		if r.Token == l.tok {
			own = &r
		}
	}
	return own
}

// take gives what happened since the last take.
func (l *lab) take() (kinds []Kind, replies []Reply) {
	for i := range l.e.Ready().Events {
		kinds = append(kinds, l.e.Ready().Events[i].Kind)
	}
	replies = append(replies, l.e.Ready().Replies...)
	l.e.Advance()
	return kinds, replies
}

func (l *lab) wait(ms Time) []Reply {
	l.take()
	l.now += ms
	l.e.Tick(l.now)
	if err := l.e.Check(); err != nil {
		l.t.Fatal(err)
	}
	_, replies := l.take()
	return replies
}

func joining(member, instance string) *JoinGroup {
	return &JoinGroup{Group: "g", Member: member, Instance: instance, ClientID: "c", Host: "/1.2.3.4", ProtocolType: "consumer",
		Protocols: []JoinProtocol{{"range", []byte("sub")}}, SessionTimeoutMs: 10_000, RebalanceTimeoutMs: 60_000, Version: 3}
}

// stable makes a Stable group of as many members, static if instances are given, and
// gives their ids. The first is the group leader.
func (l *lab) stable(members int, instances ...string) []string {
	l.t.Helper()
	for i := range members {
		c := joining("", "")
		if i < len(instances) {
			c.Instance = instances[i]
		}
		l.do(c)
	}
	l.now += 3000
	l.e.Tick(l.now)
	l.now += 3000
	l.e.Tick(l.now)
	return l.sync()
}

// sync lets every member send SyncGroup, the group leader last.
func (l *lab) sync() []string {
	g := l.group()
	var names []string
	for _, m := range l.e.Members(g.ID, nil) {
		names = append(names, m.Name)
		if m.ID != g.Leader {
			l.do(&SyncGroup{Group: "g", Member: m.Name, Generation: g.Generation})
		}
	}
	l.do(&SyncGroup{Group: "g", Member: l.e.MemberName(g.Leader), Generation: g.Generation})
	if g = l.group(); g.State != GroupStable || g.MemberCount != len(names) {
		l.t.Fatalf("group is %+v", g)
	}
	l.take()
	return names
}

func (l *lab) group() GroupView {
	g, _ := l.e.Group("g")
	return g
}

func (l *lab) beat(member string) Code {
	return l.do(&Heartbeat{Group: "g", Member: member, Generation: l.group().Generation}).Code
}

func (l *lab) want(state GroupState, generation int32, members int) {
	l.t.Helper()
	if g := l.group(); g.State != state || g.Generation != generation || g.MemberCount != members {
		l.t.Errorf("group is %v, generation %d, %d members; want %v, %d, %d", g.State, g.Generation, g.MemberCount, state, generation, members)
	}
	if err := l.e.Check(); err != nil {
		l.t.Error(err)
	}
}

func TestLifeOfAGroupInEvents(t *testing.T) {
	l := newLab(t)
	l.take()
	c := joining("", "")
	c.Version = 0
	member := l.do(c).Body.(*JoinGroupReply).Member
	if !strings.HasPrefix(member, "c-") || len(member) != 2+36 {
		t.Errorf("member id %q", member)
	}
	c.Member = member
	l.do(c)
	l.e.Tick(3000)
	l.now = 3000
	l.do(&SyncGroup{Group: "g", Member: member, Generation: 1, Assignments: []MemberAssignment{{member, []byte{0, 1, 0, 0, 0, 0}}}})
	l.do(&OffsetCommit{Group: "g", Member: member, Generation: 1, Offsets: []CommitOffset{{Topic: "orders", LeaderEpoch: -1}}})
	l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: member, Reason: "done"}}})
	l.do(&DeleteGroups{Groups: []string{"g"}})
	events := slices.Clone(l.e.Ready().Events)
	var got []Event
	for _, ev := range events {
		if ev.Kind != KindAppended {
			got = append(got, ev)
		}
	}
	want := []Event{
		{Kind: KindTopicCreated, Topic: 2, Aux: 50, Bytes: []byte(OffsetsTopic)},
		{Kind: KindGroupCreated, Group: 1, Bytes: []byte("g")},
		{Kind: KindMemberIDGiven, Group: 1, Member: 1, Bytes: []byte(member)},
		{Kind: KindMemberJoined, Group: 1, Member: 1, Bytes: []byte(member)},
		{Kind: KindRebalance, Group: 1, Member: 1, Epoch: 0, Aux: int64(CauseMemberJoined)},
		{Kind: KindGeneration, Group: 1, Member: 1, Epoch: 1, Aux: 1, Bytes: []byte("range")},
		{Kind: KindAssigned, Group: 1, Member: 1, Epoch: 1, Bytes: []byte{0, 1, 0, 0, 0, 0}},
		{Kind: KindGroupStable, Group: 1, Epoch: 1},
		{Kind: KindOffsetCommitted, Group: 1, Member: 1, Topic: 1},
		{Kind: KindMemberLeft, Group: 1, Member: 1, Bytes: []byte("done")},
		{Kind: KindRebalance, Group: 1, Member: 1, Epoch: 1, Aux: int64(CauseMemberLeft)},
		{Kind: KindGroupEmpty, Group: 1, Epoch: 2},
		{Kind: KindGroupDeleted, Group: 1, Bytes: []byte("g")},
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			t.Fatalf("%d events, want %d", len(got), len(want))
		}
		g, w := got[i], want[i]
		if g.Kind != w.Kind || g.Topic != w.Topic || g.Group != w.Group || g.Member != w.Member || g.Epoch != w.Epoch ||
			g.Aux != w.Aux || string(g.Bytes) != string(w.Bytes) {
			t.Errorf("event %d is %+v, want %+v", i, g, w)
		}
		timed := g.Kind == KindGeneration
		if g.Kind != KindTopicCreated && (g.Session == client) == timed {
			t.Errorf("event %d is by session %d", i, g.Session)
		}
	}
}

func TestHeartbeatsCostNoTimer(t *testing.T) {
	l := newLab(t)
	names := l.stable(1)
	timers := len(l.e.timers.heap)
	for range 1000 {
		l.wait(9_999)
		if code := l.beat(names[0]); code != None {
			t.Fatal(code)
		}
	}
	if n := len(l.e.timers.heap); n > timers {
		t.Errorf("%d timers, were %d", n, timers)
	}
	l.wait(9_999)
	l.want(GroupStable, 1, 1)
	l.wait(1)
	l.want(GroupEmpty, 2, 0)
}

func TestCommitKeepsTheSessionAlive(t *testing.T) {
	l := newLab(t)
	names := l.stable(1)
	for range 3 {
		l.wait(9_000)
		l.do(&OffsetCommit{Group: "g", Member: names[0], Generation: 1, Offsets: []CommitOffset{{Topic: "orders"}}})
	}
	l.want(GroupStable, 1, 1)
}

func TestNewMemberWaitsFiveMinutesAtMost(t *testing.T) {
	l := newLab(t)
	c := joining("", "")
	c.RebalanceTimeoutMs = 3_600_000
	l.do(c)
	l.wait(3000)
	a := l.sync()[0]
	c = joining("", "")
	c.RebalanceTimeoutMs = 3_600_000
	if l.do(c) != nil {
		t.Fatal("the join is not parked")
	}
	var replies []Reply
	for range 60 {
		replies = append(replies, l.wait(5000)...)
		l.beat(a)
	}
	if len(replies) != 1 || replies[0].Code != UnknownMemberID {
		t.Errorf("replies: %+v", replies)
	}
	l.want(GroupPreparingRebalance, 1, 1)
}

func TestLastToRejoinAFullGroupIsOut(t *testing.T) {
	l := newLab(t, ConfigEntry{Name: "group.max.size", Value: "2"})
	names := l.stable(2)
	l.do(joining(names[0], "")) // the group leader starts a rebalance
	if r := l.do(joining("", "")); r != nil {
		t.Fatalf("third member: %+v", r)
	}
	l.take()
	r := l.do(joining(names[1], ""))
	if r == nil || r.Code != GroupMaxSizeReached {
		t.Fatalf("reply %+v", r)
	}
	ev := l.e.Ready().Events[0]
	if ev.Kind != KindMemberRemoved || ev.Aux != int64(RemovedGroupFull) || l.e.MemberName(ev.Member) != names[1] {
		t.Errorf("event %+v", ev)
	}
	l.want(GroupPreparingRebalance, 1, 2)
	if replies := l.wait(60_000); len(replies) != 2 {
		t.Errorf("replies: %+v", replies)
	}
	l.want(GroupCompletingRebalance, 2, 2)
}

func TestDisconnectDropsParkedCallsOnly(t *testing.T) {
	l := newLab(t)
	l.stable(2)
	names := l.rejoinLeader()
	l.e.Apply(l.now, client, 0, &Disconnect{})
	if replies := l.wait(10_000); len(replies) != 0 { // the other member's session ends
		t.Errorf("replies to a session that ended: %+v", replies)
	}
	l.want(GroupCompletingRebalance, 2, 1)
	if members := l.e.Members(l.group().ID, nil); members[0].Name != names[0] {
		t.Errorf("members: %+v", members)
	}
}

// rejoinLeader has the first member of a Stable group send JoinGroup, which parks. It
// gives the members' ids.
func (l *lab) rejoinLeader() []string {
	g := l.group()
	var names []string
	for _, m := range l.e.Members(g.ID, nil) {
		names = append(names, m.Name)
	}
	if l.do(joining(names[0], "")) != nil {
		l.t.Fatal("the join is not parked")
	}
	l.take()
	return names
}

func TestStaticLeaderRestartsWithAnOldClient(t *testing.T) {
	l := newLab(t)
	names := l.stable(2, "one", "two")
	c := joining("", "one")
	c.Version = 8
	r := l.do(c)
	if r == nil || r.Code != None {
		t.Fatalf("reply %+v", r)
	}
	body := r.Body.(*JoinGroupReply)
	if body.Leader != names[0] || body.Member == names[0] || body.SkipAssignment || len(body.Members) != 0 {
		t.Errorf("reply %+v", body)
	}
	if l.e.MemberName(l.group().Leader) != body.Member {
		t.Error("the new id does not lead the group")
	}
	kinds, _ := l.take()
	if !slices.Equal(kinds, []Kind{KindMemberRemoved, KindMemberReplaced, KindAppended}) {
		t.Errorf("events %v", kinds)
	}
	l.want(GroupStable, 1, 2)
	if code := l.beat(names[0]); code != UnknownMemberID {
		t.Errorf("old id without instance: %v", code)
	}
	l.wait(6_000)
	l.beat(body.Member)
	l.beat(names[1])
	l.wait(6_000) // the old id's timer fires and finds nobody
	l.want(GroupStable, 1, 2)
}

func TestStaticMemberThatChangesTheVoteRebalances(t *testing.T) {
	l := newLab(t)
	l.stable(1, "one")
	c := joining("", "one")
	c.Protocols = []JoinProtocol{{"sticky", nil}, {"range", []byte("sub")}}
	l.do(c)
	kinds, _ := l.take()
	if !slices.Contains(kinds, KindGeneration) {
		t.Errorf("events %v", kinds)
	}
	l.want(GroupCompletingRebalance, 2, 1)
	if p := l.group().Protocol; p != "sticky" {
		t.Errorf("protocol %q", p)
	}
}

func TestStaticMembersAloneAreWaitedFor(t *testing.T) {
	l := newLab(t)
	long := func(instance string) *JoinGroup {
		c := joining("", instance)
		c.SessionTimeoutMs = 300_000
		return c
	}
	l.do(long("one"))
	l.do(joining("", ""))
	l.wait(3000)
	l.wait(3000)
	names := l.sync()
	l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: names[1]}}})
	l.wait(60_000) // nobody has rejoined; the static member stays
	l.want(GroupPreparingRebalance, 1, 1)
	l.wait(60_000)
	l.want(GroupPreparingRebalance, 1, 1)
	l.wait(180_000)
	l.want(GroupEmpty, 2, 0)
}

// TestNoRebalanceTimeoutIsNoEndlessLoop: 0 is a legal rebalance timeout.
func TestNoRebalanceTimeoutIsNoEndlessLoop(t *testing.T) {
	l := newLab(t)
	for _, instance := range []string{"one", ""} {
		c := joining("", instance)
		if instance != "" {
			c.RebalanceTimeoutMs = 0
		}
		l.do(c)
	}
	l.wait(3000)
	names := l.sync()
	l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: names[1]}}})
	l.wait(9000)
	l.want(GroupPreparingRebalance, 1, 1)
	l.wait(1000)
	l.want(GroupEmpty, 2, 0)
}

func TestVoteForTheAssignor(t *testing.T) {
	l := newLab(t)
	for _, names := range [][]string{{"range", "sticky", "odd"}, {"sticky", "range"}, {"sticky", "sticky", "range"}} {
		c := joining("", "")
		c.Protocols = nil
		for _, name := range names {
			c.Protocols = append(c.Protocols, JoinProtocol{name, []byte(name + " sub")})
		}
		l.do(c)
	}
	l.wait(6_000)
	g := l.group()
	if g.Protocol != "sticky" {
		t.Errorf("protocol %q", g.Protocol)
	}
	c := joining("", "")
	c.Protocols = []JoinProtocol{{"odd", nil}}
	if r := l.do(c); r.Code != InconsistentGroupProtocol {
		t.Errorf("%v", r.Code)
	}
	l.sync()
	d := l.do(&DescribeGroups{Groups: []string{"g", "none"}}).Body.(*DescribeGroupsReply).Groups
	if d[0].State != "Stable" || d[0].Protocol != "sticky" || len(d[0].Members) != 3 || string(d[0].Members[0].Metadata) != "sticky sub" ||
		d[0].Members[0].ClientID != "c" || d[0].Members[0].Host != "/1.2.3.4" {
		t.Errorf("described %+v", d[0])
	}
	if d[1].State != "Dead" || d[1].Code != GroupIDNotFound {
		t.Errorf("described %+v", d[1])
	}
}

func TestListAndDeleteGroups(t *testing.T) {
	l := newLab(t)
	l.stable(1)
	for _, name := range []string{"z", "a"} {
		l.do(&OffsetCommit{Group: name, Generation: -1, Offsets: []CommitOffset{{Topic: "orders"}}})
	}
	list := func(states ...string) string {
		var s []string
		for _, g := range l.do(&ListGroups{States: states}).Body.(*ListGroupsReply).Groups {
			s = append(s, g.Group+" "+g.State+" "+g.ProtocolType)
		}
		return strings.Join(s, ",")
	}
	if got := list(); got != "a Empty ,g Stable consumer,z Empty " {
		t.Errorf("all: %q", got)
	}
	if got := list("stable", "Dead"); got != "g Stable consumer" {
		t.Errorf("stable: %q", got)
	}
	codes := l.do(&DeleteGroups{Groups: []string{"g", "a", "a", ""}}).Body.(*DeleteGroupsReply).Codes
	if !slices.Equal(codes, []Code{NonEmptyGroup, None, GroupIDNotFound, GroupIDNotFound}) {
		t.Errorf("codes %v", codes)
	}
	if f := l.do(&OffsetFetch{Group: "a", Partitions: []TopicPartition{{"orders", 0}}}).Body.(*OffsetFetchReply).Offsets[0]; f.Offset != -1 {
		t.Errorf("a deleted group has offset %+v", f)
	}
	l.want(GroupStable, 1, 1)
}

// TestGroupThatDoesNotFitIntoItsLog: the assignment is not stored, so it is not given out.
func TestGroupThatDoesNotFitIntoItsLog(t *testing.T) {
	l := newLab(t)
	l.do(joining("", ""))
	l.do(joining("", ""))
	l.wait(6000)
	if r := l.do(&AlterConfig{Topic: OffsetsTopic, Entries: []ConfigEntry{{Name: "max.message.bytes", Value: "200"}}}); r.Code != None {
		t.Fatal(r.Code)
	}
	members := l.e.Members(l.group().ID, nil)
	l.do(&SyncGroup{Group: "g", Member: members[1].Name, Generation: 1})
	r := l.do(&SyncGroup{Group: "g", Member: members[0].Name, Generation: 1,
		Assignments: []MemberAssignment{{members[0].Name, []byte("a")}, {members[1].Name, []byte("b")}}})
	if r.Code != UnknownServerError {
		t.Errorf("%v", r.Code)
	}
	_, replies := l.take()
	if len(replies) != 3 || replies[1].Code != UnknownServerError || replies[1].Body.(*SyncGroupReply).Assignment != nil {
		t.Errorf("replies %+v", replies)
	}
	l.want(GroupPreparingRebalance, 1, 2)
}

func TestJoinRefusesStringsThatKafkaCannotCarry(t *testing.T) {
	l := newLab(t)
	long := strings.Repeat("x", 1<<15)
	for what, spoil := range map[string]func(*JoinGroup){
		"group":  func(c *JoinGroup) { c.Group = long },
		"client": func(c *JoinGroup) { c.ClientID = long },
		"name":   func(c *JoinGroup) { c.Protocols[0].Name = long },
	} {
		c := joining("", "")
		spoil(c)
		if r := l.do(c); r == nil || r.Code != InvalidRequest && r.Code != InvalidGroupID {
			t.Errorf("%s: %+v", what, r)
		}
	}
}
