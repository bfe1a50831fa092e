package engine

import (
	"strings"
	"testing"
)

// oldie is a member of the classic protocol with the cooperative-sticky assignor.
func oldie(member string, owned []TopicPartitions, generation int32) *JoinGroup {
	s := Subscription{Topics: []string{"orders"}, Owned: owned, Generation: generation}
	return &JoinGroup{Group: "g", Member: member, ClientID: "old", ProtocolType: "consumer", SessionTimeoutMs: 10_000, RebalanceTimeoutMs: 30_000,
		Protocols: []JoinProtocol{{"cooperative-sticky", s.Append(nil, 3)}}}
}

// classicGroup makes a Stable classic group of one that has all of orders.
func (l *lab) classicGroup() string {
	l.t.Helper()
	id := l.do(oldie("", nil, -1)).Body.(*JoinGroupReply).Member
	l.do(oldie(id, nil, -1))
	l.wait(3000)
	a := Assignment{Partitions: []TopicPartitions{{"orders", []int32{0, 1, 2, 3}}}}
	r := l.do(&SyncGroup{Group: "g", Member: id, Generation: 1, Assignments: []MemberAssignment{{id, a.Append(nil, 1)}}})
	if r.Code != None {
		l.t.Fatal(r.Code)
	}
	l.want(GroupStable, 1, 1)
	return id
}

func (l *lab) syncOf(id string, generation int32) (string, Code) {
	r := l.do(&SyncGroup{Group: "g", Member: id, Generation: generation})
	a, _ := ParseAssignment(r.Body.(*SyncGroupReply).Assignment)
	return l.ownedText(ownedTopics(l.e.placesNamed(a.Partitions))), r.Code
}

func TestUpgradeAndBack(t *testing.T) {
	l := newLab(t)
	old := l.classicGroup()
	beat := func(generation int32) Code {
		return l.do(&Heartbeat{Group: "g", Member: old, Generation: generation}).Code
	}
	a := l.modern("a", "orders")
	a.beat()
	if g := l.group(); g.Kind != GroupConsumer || g.Generation != 2 || g.State != GroupReconciling || a.epoch != 2 || a.has() != "" {
		t.Fatalf("%+v, new member in epoch %d with %q", g, a.epoch, a.has())
	}
	if code := l.do(&DescribeGroups{Groups: []string{"g"}}).Body.(*DescribeGroupsReply).Groups[0].Code; code != GroupIDNotFound {
		t.Error("DescribeGroups finds a consumer group:", code)
	}
	if code := beat(1); code != RebalanceInProgress {
		t.Fatal(code)
	}
	r := l.do(oldie(old, []TopicPartitions{{"orders", []int32{0, 1, 2, 3}}}, 1)).Body.(*JoinGroupReply)
	if r.Generation != 1 || r.Protocol != "cooperative-sticky" || len(r.Members) > 0 {
		t.Fatalf("%+v", r)
	}
	if has, code := l.syncOf(old, 1); code != None || has != "orders-0 orders-1" {
		t.Fatal(code, has)
	}
	a.beat()
	if a.has() != "" {
		t.Fatal("given out before it was revoked")
	}
	if code := beat(1); code != RebalanceInProgress {
		t.Fatal(code)
	}
	if r := l.do(oldie(old, []TopicPartitions{{"orders", []int32{0, 1}}}, 1)).Body.(*JoinGroupReply); r.Generation != 2 {
		t.Fatalf("%+v", r)
	}
	l.syncOf(old, 2)
	a.beat()
	if a.has() != "orders-2 orders-3" || beat(2) != None || beat(1) != IllegalGeneration {
		t.Error(a.has(), beat(2), beat(1))
	}
	l.want(GroupStable, 2, 2)
	if code := l.do(&OffsetCommit{Group: "g", Member: old, Generation: 1, Offsets: []CommitOffset{{Topic: "orders"}}}).Code; code != IllegalGeneration {
		t.Error(code)
	}

	a.leave(-1)
	if g := l.group(); g.Kind != GroupClassic || g.State != GroupPreparingRebalance || g.Generation != 2 || g.MemberCount != 1 {
		t.Fatalf("%+v", g)
	}
	if code := beat(2); code != RebalanceInProgress {
		t.Error(code)
	}
	if r := l.do(oldie(old, []TopicPartitions{{"orders", []int32{0, 1}}}, 2)).Body.(*JoinGroupReply); r.Generation != 3 || r.Leader != old {
		t.Errorf("%+v", r)
	}
	l.check()
}

func TestClassicMemberThatDoesNotRejoinIsOut(t *testing.T) {
	l := newLab(t)
	old := l.classicGroup()
	a := l.modern("a", "orders")
	for range 8 { // 10 s session, 30 s rebalance timeout
		a.beat()
		l.do(&Heartbeat{Group: "g", Member: old, Generation: 1})
		l.wait(5000)
	}
	a.beat()
	if a.has() != "orders-0 orders-1 orders-2 orders-3" {
		t.Error(a.has())
	}
	l.want(GroupStable, 3, 1)
}

func TestUpgradeIsRefused(t *testing.T) {
	join := &ConsumerGroupHeartbeat{Group: "g", Member: "a", RebalanceTimeoutMs: 1, Subscribed: true, Topics: []string{"orders"}}
	l := newLab(t, ConfigEntry{Name: "group.consumer.migration.policy", Value: "disabled"})
	l.classicGroup()
	if code := l.do(join).Code; code != GroupIDNotFound {
		t.Error("by the policy:", code)
	}
	l = newLab(t)
	l.stable(1) // its subscription cannot be read
	if code := l.do(join).Code; code != GroupIDNotFound {
		t.Error("malformed subscription:", code)
	}
	if g := l.group(); g.Kind != GroupClassic || g.State != GroupStable {
		t.Errorf("%+v", g)
	}
}

func TestClassicMemberJoinsAConsumerGroup(t *testing.T) {
	l := newLab(t)
	a := l.modern("a", "orders")
	a.beat()
	id := l.do(oldie("", nil, -1)).Body.(*JoinGroupReply).Member
	if !strings.HasPrefix(id, "old-") {
		t.Fatal(id)
	}
	r := l.do(oldie(id, nil, -1))
	if r.Code != None || r.Body.(*JoinGroupReply).Generation != 2 {
		t.Fatalf("%+v", r)
	}
	if has, code := l.syncOf(id, 2); code != None || has != "" {
		t.Fatal(has, code)
	}
	l.settleClassic(a, id)
	if code := l.do(&Heartbeat{Group: "g", Member: id, Generation: 2}).Code; code != RebalanceInProgress {
		t.Fatal("it is not told that its partitions are free:", code)
	}
	l.do(oldie(id, nil, 2))
	if has, code := l.syncOf(id, 2); code != None || has != "orders-2 orders-3" {
		t.Error(has, code)
	}
	l.want(GroupStable, 2, 2)
	other := oldie("", nil, -1)
	other.Protocols[0].Name, other.Version = "range", 3
	if code := l.do(other).Code; code != InconsistentGroupProtocol {
		t.Error(code)
	}
	if code := l.do(&Heartbeat{Group: "g", Member: "a", Generation: 2}).Code; code != UnknownMemberID {
		t.Error("a member of the new protocol sends Heartbeat:", code)
	}
	left := l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: "a"}, {Member: id}}}).Body.(*LeaveGroupReply).Members
	if left[0].Code != UnknownMemberID || left[1].Code != None {
		t.Errorf("%+v", left)
	}
	l.want(GroupAssigning, 3, 1)
}

// settleClassic lets a give up what the member of the classic protocol is to have.
func (l *lab) settleClassic(a *modern, id string) {
	for range 3 {
		a.beat()
		l.do(&Heartbeat{Group: "g", Member: id, Generation: 2})
	}
}

func TestEmptyGroupsChangeKind(t *testing.T) {
	l := newLab(t)
	a := l.modern("a", "orders")
	a.beat()
	if code := l.do(&OffsetCommit{Group: "g", Member: "a", Generation: 1, Offsets: []CommitOffset{{Topic: "orders", Offset: 0}}}).Code; code != None {
		t.Fatal(code)
	}
	a.leave(-1)
	l.classicGroup()
	if g := l.group(); g.Kind != GroupClassic {
		t.Errorf("%+v", g)
	}
	if r := l.do(&OffsetFetch{Group: "g", All: true}).Body.(*OffsetFetchReply); len(r.Offsets) != 1 {
		t.Error("the offsets are gone")
	}
	l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: l.e.MemberName(l.group().Leader)}}})
	a.epoch = 0
	if code := a.beat(); code != None || l.group().Kind != GroupConsumer || a.epoch != 1 {
		t.Error(code, a.epoch)
	}
}

func TestCommitsCarryTheMemberEpoch(t *testing.T) {
	l := newLab(t)
	a := l.modern("a", "orders")
	a.beat()
	commit := func(member string, epoch int32, version int16) Code {
		return l.do(&OffsetCommit{Group: "g", Member: member, Generation: epoch, Version: version, Offsets: []CommitOffset{{Topic: "orders"}}}).Code
	}
	for _, c := range []struct {
		member  string
		epoch   int32
		version int16
		want    Code
	}{{"a", 1, 9, None}, {"a", 0, 9, StaleMemberEpoch}, {"a", 2, 9, StaleMemberEpoch}, {"a", 1, 8, UnsupportedVersion}, {"b", 1, 9, UnknownMemberID}, {"", -1, 9, UnknownMemberID}} {
		if code := commit(c.member, c.epoch, c.version); code != c.want {
			t.Errorf("%+v: %v", c, code)
		}
	}
	fetch := func(member string, epoch int32) Code {
		return l.do(&OffsetFetch{Group: "g", Member: member, Epoch: epoch, All: true}).Code
	}
	if x, y, z := fetch("a", 1), fetch("a", 0), fetch("b", 1); x != None || y != StaleMemberEpoch || z != UnknownMemberID {
		t.Error(x, y, z)
	}
}

func TestDescribeAndListModernGroups(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	a.beat()
	b.beat()
	d := l.do(&ConsumerGroupDescribe{Groups: []string{"g", "none"}}).Body.(*ConsumerGroupDescribeReply).Groups
	if g := d[0]; g.Code != None || g.State != "Reconciling" || g.Epoch != 2 || g.AssignmentEpoch != 2 || g.Assignor != "uniform" || len(g.Members) != 2 ||
		l.ownedText(g.Members[0].Assignment) != "orders-0 orders-1 orders-2 orders-3" || l.ownedText(g.Members[1].Target) != "orders-2 orders-3" || g.Members[0].Epoch != 1 {
		t.Errorf("%+v", g)
	}
	if d[1].Code != GroupIDNotFound {
		t.Errorf("%+v", d[1])
	}
	l.do(joiningGroup("classic"))
	list := func(c *ListGroups) (names string) {
		for _, g := range l.do(c).Body.(*ListGroupsReply).Groups {
			names += g.Group + " " + g.Type + " " + g.State + ";"
		}
		return names
	}
	if got := list(&ListGroups{}); got != "classic Classic PreparingRebalance;g Consumer Reconciling;" {
		t.Error(got)
	}
	if got := list(&ListGroups{Types: []string{"consumer"}}); got != "g Consumer Reconciling;" {
		t.Error(got)
	}
	if got := list(&ListGroups{States: []string{"preparingrebalance"}}); got != "classic Classic PreparingRebalance;" {
		t.Error(got)
	}
}

func joiningGroup(name string) *JoinGroup {
	c := joining("", "")
	c.Group = name
	return c
}

// TestLastNewMemberIsReplacedByAClassicOne: a static member restarts with the old
// protocol, and the group goes back without a rebalance.
func TestLastNewMemberIsReplacedByAClassicOne(t *testing.T) {
	l := newLab(t)
	a := l.modern("a", "orders")
	a.instance = "one"
	a.beat()
	other := oldie("", nil, -1)
	other.Version = 3
	id := l.do(other).Body.(*JoinGroupReply).Member
	l.syncOf(id, 2)
	l.settleClassic(a, id)
	l.do(oldie(id, nil, 2))
	l.syncOf(id, 2)
	l.want(GroupStable, 2, 2)
	has := a.has()
	back := oldie("", nil, -1)
	back.Instance = "one"
	r := l.do(back)
	l.check()
	if g := l.group(); r.Code != None || g.Kind != GroupClassic || g.State != GroupStable || g.Generation != 2 {
		t.Fatalf("%+v %+v", r, g)
	}
	body := r.Body.(*JoinGroupReply)
	if got, code := l.syncOf(body.Member, body.Generation); code != None || got != has {
		t.Error(code, got, "want", has)
	}
	if code := l.do(&Heartbeat{Group: "g", Member: id, Generation: 2}).Code; code != None {
		t.Error(code)
	}
}
