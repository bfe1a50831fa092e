package engine

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// modern is a client of the consumer protocol: it owns what it is given, and gives up
// at once what it is not to have any more, unless it is told to hold on.
type modern struct {
	l        *lab
	id       string
	instance string
	epoch    int32
	interval int32
	topics   []string
	owned    []OwnedTopic
	pending  []OwnedTopic // what it was told to own, when it holds on
	hold     bool
}

func (l *lab) modern(id string, topics ...string) *modern {
	return &modern{l: l, id: id, topics: topics}
}

// beat sends one heartbeat, a full one to join.
func (m *modern) beat() Code {
	m.l.t.Helper()
	c := &ConsumerGroupHeartbeat{Group: "g", Member: m.id, Instance: m.instance, Epoch: m.epoch, ClientID: "c", Host: "/1.2.3.4", RebalanceTimeoutMs: -1}
	if m.epoch <= 0 {
		c.Epoch, c.RebalanceTimeoutMs, c.Subscribed, c.Topics = 0, 60_000, true, m.topics
	}
	c.Owns, c.Owned = true, m.owned
	return m.send(c)
}

func (m *modern) send(c *ConsumerGroupHeartbeat) Code {
	m.l.t.Helper()
	r := m.l.do(c)
	m.l.check()
	if r.Code != None {
		return r.Code
	}
	body := r.Body.(*ConsumerGroupHeartbeatReply)
	m.epoch, m.interval = body.Epoch, body.HeartbeatIntervalMs
	if body.Assigned {
		m.pending = body.Assignment
	}
	if !m.hold {
		m.owned = m.pending
	}
	return None
}

func (m *modern) leave(epoch int32) Code {
	code := m.send(&ConsumerGroupHeartbeat{Group: "g", Member: m.id, Instance: m.instance, Epoch: epoch, RebalanceTimeoutMs: -1})
	m.owned, m.pending = nil, nil
	return code
}

func (m *modern) has() string { return m.l.ownedText(m.owned) }

func (l *lab) ownedText(owned []OwnedTopic) string {
	var names []string
	for _, o := range owned {
		for _, p := range o.Partitions {
			names = append(names, l.e.TopicName(o.Topic)+"-"+strconv.Itoa(int(p)))
		}
	}
	return strings.Join(names, " ")
}

func (l *lab) check() {
	l.t.Helper()
	if err := l.e.Check(); err != nil {
		l.t.Fatal(err)
	}
}

// settle lets the members beat in turn until all is quiet.
func (l *lab) settle(members ...*modern) {
	l.t.Helper()
	for range 20 {
		for _, m := range members {
			if code := m.beat(); code != None {
				l.t.Fatalf("%s: %v", m.id, code)
			}
		}
		if l.group().State == GroupStable {
			return
		}
	}
	l.t.Fatalf("the group does not become stable: %+v", l.group())
}

func TestConsumerGroupOfOne(t *testing.T) {
	l := newLab(t)
	l.take()
	a := l.modern("a", "orders")
	if code := a.beat(); code != None || a.epoch != 1 || a.interval != 5000 || a.has() != "orders-0 orders-1 orders-2 orders-3" {
		t.Fatal(code, a.epoch, a.interval, a.has())
	}
	kinds, _ := l.take()
	want := []Kind{KindTopicCreated, KindGroupCreated, KindMemberJoined, KindGroupEpoch, KindMemberTarget, KindTargetAssigned, KindAssigned, KindMemberStable,
		KindAppended, KindGroupStable}
	if !slices.Equal(kinds, want) {
		t.Errorf("events %v, want %v", kinds, want)
	}
	g := l.group()
	if g.Kind != GroupConsumer || g.Generation != 1 || g.AssignmentEpoch != 1 || g.ProtocolType != "consumer" || g.MemberCount != 1 {
		t.Errorf("%+v", g)
	}
	if code := a.leave(-1); code != None || a.epoch != -1 {
		t.Error(code, a.epoch)
	}
	l.want(GroupEmpty, 2, 0)
	if r := l.do(&DeleteGroups{Groups: []string{"g"}}); r.Body.(*DeleteGroupsReply).Codes[0] != None {
		t.Error(r)
	}
}

// TestRevocationComesFirst: the second member waits for what the first gives up.
func TestRevocationComesFirst(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	a.beat()
	b.beat()
	if b.epoch != 2 || b.has() != "" || l.group().State != GroupReconciling {
		t.Fatal(b.epoch, b.has(), l.group().State)
	}
	a.hold = true
	a.beat() // learns that it must revoke
	if a.epoch != 1 || l.ownedText(a.pending) != "orders-0 orders-1" {
		t.Fatal(a.epoch, l.ownedText(a.pending))
	}
	b.beat()
	a.beat()
	if b.has() != "" || a.epoch != 1 {
		t.Fatal("given out before it was revoked: ", b.has())
	}
	a.hold, a.owned = false, a.pending
	a.beat()
	if a.epoch != 2 || l.group().State != GroupReconciling {
		t.Fatal(a.epoch, l.group().State)
	}
	b.beat()
	if b.has() != "orders-2 orders-3" || l.group().State != GroupStable {
		t.Fatal(b.has(), l.group().State)
	}
}

func TestMemberThatDoesNotRevokeIsFenced(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	a.beat()
	b.beat()
	a.hold = true
	for range 11 {
		a.beat()
		b.beat()
		l.wait(5000)
	}
	l.wait(5000) // 60 s after it was told
	if code := a.beat(); code != UnknownMemberID {
		t.Fatal(code)
	}
	b.beat()
	if b.has() != "orders-0 orders-1 orders-2 orders-3" {
		t.Error(b.has())
	}
	l.want(GroupStable, 3, 1)
}

func TestMemberWithoutHeartbeatExpires(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	l.settle(a, b)
	l.wait(40_000)
	b.beat()
	l.wait(5_000)
	l.want(GroupAssigning, 3, 1)
	b.beat()
	if b.has() != "orders-0 orders-1 orders-2 orders-3" {
		t.Error(b.has())
	}
	l.want(GroupStable, 3, 1)
}

func TestEpochsThatAreFenced(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	l.settle(a, b)
	heartbeat := func(epoch int32, owned []OwnedTopic) Code {
		return l.do(&ConsumerGroupHeartbeat{Group: "g", Member: "a", Epoch: epoch, RebalanceTimeoutMs: -1, Owns: true, Owned: owned}).Code
	}
	if code := heartbeat(3, a.owned); code != FencedMemberEpoch {
		t.Error("ahead:", code)
	}
	if code := heartbeat(1, a.owned); code != None {
		t.Error("the reply with the new epoch was lost:", code)
	}
	if code := heartbeat(1, append(slices.Clone(a.owned), b.owned...)); code != FencedMemberEpoch {
		t.Error("previous epoch, but it owns more:", code)
	}
	if code := heartbeat(0, nil); code != InvalidRequest {
		t.Error("joins without a subscription:", code)
	}
	if code := l.do(&ConsumerGroupHeartbeat{Group: "g", Member: "z", Epoch: 1}).Code; code != UnknownMemberID {
		t.Error(code)
	}
	if code := l.do(&ConsumerGroupHeartbeat{Group: "none", Member: "z", Epoch: 1}).Code; code != GroupIDNotFound {
		t.Error(code)
	}
	if code := l.do(&ConsumerGroupHeartbeat{Group: "g", Member: "z", RebalanceTimeoutMs: 1, Subscribed: true, Assignor: "sticky"}).Code; code != UnsupportedAssignor {
		t.Error(code)
	}
	if code := l.do(&ConsumerGroupHeartbeat{Group: "g", Member: "z", RebalanceTimeoutMs: 1, Subscribed: true, Regex: "(?i)a"}).Code; code != InvalidRegularExpression {
		t.Error(code)
	}
}

func TestStaticMemberComesBack(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	a.instance = "one"
	l.settle(a, b)
	has := a.has()
	second := l.modern("a2", "orders")
	second.instance = "one"
	if code := second.beat(); code != UnreleasedInstanceID {
		t.Fatal(code)
	}
	if code := a.leave(-2); code != None || a.epoch != -2 {
		t.Fatal(code)
	}
	b.beat()
	if code := second.beat(); code != None || second.has() != has || second.epoch != 2 {
		t.Error(code, second.has(), second.epoch)
	}
	l.want(GroupStable, 2, 2)
	if code := a.send(&ConsumerGroupHeartbeat{Group: "g", Member: "a", Instance: "one", Epoch: 2, RebalanceTimeoutMs: -1}); code != FencedInstanceID {
		t.Error(code)
	}
	if code := second.leave(-2); code != None {
		t.Error(code)
	}
	l.wait(44_000)
	b.beat()
	l.wait(1_000) // it did not come back
	l.want(GroupAssigning, 3, 1)
}

func TestTopicsThatChangeMoveTheEpoch(t *testing.T) {
	l := newLab(t)
	a, b := l.modern("a", "orders", "later"), l.modern("b", "orders")
	l.settle(a, b)
	epoch := a.epoch
	l.do(&CreateTopic{Name: "unrelated", Partitions: 1})
	l.settle(a, b)
	if a.epoch != epoch {
		t.Error("a topic of no interest moved the epoch")
	}
	l.do(&CreatePartitions{Name: "orders", Count: 6})
	l.settle(a, b)
	if a.epoch != epoch+1 || len(strings.Fields(a.has()+" "+b.has())) != 6 {
		t.Error(a.epoch, a.has(), b.has())
	}
	l.do(&CreateTopic{Name: "later", Partitions: 2})
	l.settle(a, b)
	if !strings.Contains(a.has(), "later-0 later-1") {
		t.Error(a.has())
	}
	l.do(&DeleteTopic{Name: "orders"})
	l.settle(a, b)
	if a.has() != "later-0 later-1" || b.has() != "" {
		t.Error(a.has(), "/", b.has())
	}
}

func TestSubscriptionByExpression(t *testing.T) {
	l := newLab(t)
	l.do(&CreateTopic{Name: "orders-eu", Partitions: 1})
	a := l.modern("a")
	join := &ConsumerGroupHeartbeat{Group: "g", Member: "a", RebalanceTimeoutMs: 1000, Subscribed: true, Regex: "orders-.*"}
	if code := a.send(join); code != None || a.has() != "orders-eu-0" {
		t.Fatal(code, a.has())
	}
	l.do(&CreateTopic{Name: "orders-us", Partitions: 2})
	l.settle(a)
	if a.has() != "orders-eu-0 orders-us-0 orders-us-1" || a.epoch != 2 {
		t.Error(a.has(), a.epoch)
	}
}

func TestServerAssignorIsChosenByVote(t *testing.T) {
	l := newLab(t)
	l.do(&CreateTopic{Name: "other", Partitions: 4})
	a, b := l.modern("a", "orders", "other"), l.modern("b", "orders", "other")
	for _, m := range []*modern{a, b} {
		m.send(&ConsumerGroupHeartbeat{Group: "g", Member: m.id, RebalanceTimeoutMs: 1000, Subscribed: true, Topics: m.topics, Assignor: "range"})
	}
	l.settle(a, b)
	if a.has() != "orders-0 orders-1 other-0 other-1" {
		t.Error(a.has())
	}
}

func TestConsumerGroupMaxSize(t *testing.T) {
	l := newLab(t, ConfigEntry{Name: "group.consumer.max.size", Value: "1"})
	a, b := l.modern("a", "orders"), l.modern("b", "orders")
	if x, y := a.beat(), b.beat(); x != None || y != GroupMaxSizeReached {
		t.Error(x, y)
	}
}

// TestModernMemberKeepsItsName: a heartbeat that says no client id again takes none away.
func TestModernMemberKeepsItsName(t *testing.T) {
	e := New(Config{Seed: 1})
	e.Apply(0, client, 1, &ConsumerGroupHeartbeat{Group: "g", Member: "m", ClientID: "c", Host: "/1.2.3.4", Rack: "a", Subscribed: true, Topics: []string{"t"}, RebalanceTimeoutMs: 1000})
	reply := e.Ready().Replies[len(e.Ready().Replies)-1].Body.(*ConsumerGroupHeartbeatReply)
	e.Advance()
	e.Apply(1000, client, 2, &ConsumerGroupHeartbeat{Group: "g", Member: reply.Member, Epoch: reply.Epoch, RebalanceTimeoutMs: -1})
	g, _ := e.Group("g")
	if m := e.Members(g.ID, nil)[0]; m.ClientID != "c" || m.Host != "/1.2.3.4" {
		t.Errorf("the member is now called %q at %q", m.ClientID, m.Host)
	}
}
