package engine

import (
	"slices"
	"testing"
)

const week = Time(7 * 24 * 3600 * 1000)

func commitOne(t *testing.T, e *Engine, at Time, c OffsetCommit, o Offset) {
	t.Helper()
	c.Offsets = []CommitOffset{{Topic: "orders", Offset: o, LeaderEpoch: -1}}
	if r := ask(t, e, at, &c); r.Code != None {
		t.Fatal(r.Code)
	}
}

func kinds(e *Engine, kind Kind) (found []Event) {
	for _, ev := range e.Ready().Events {
		if ev.Kind == kind {
			found = append(found, ev)
		}
	}
	return found
}

// TestOffsetsExpire: a consumer outside of groups that stopped to commit.
func TestOffsetsExpire(t *testing.T) {
	e, _ := newTopic(t, 1)
	commitOne(t, e, 0, OffsetCommit{Group: "g", Generation: -1}, 5)
	commitOne(t, e, 1_000_000, OffsetCommit{Group: "g", Generation: -1}, 6)
	e.Tick(week + 999_999)
	if len(kinds(e, KindOffsetExpired)) != 0 {
		t.Fatal("it expires too early")
	}
	e.Tick(week + 1_000_000 + 600_000) // the next look
	gone := kinds(e, KindOffsetExpired)
	if len(gone) != 1 || gone[0].Offset != 6 || gone[0].Topic != e.topicByName["orders"] {
		t.Fatalf("expired: %+v", gone)
	}
	if len(kinds(e, KindGroupDeleted)) != 1 || e.groupNamed("g") != nil {
		t.Error("the group is still there")
	}
	p := e.topics[e.offsets].partitions[CoordinatorPartition("g", 50)]
	all := headersOf(t, p)
	for _, b := range all[len(all)-2:] {
		for _, r := range b.records {
			if r.Value != nil {
				t.Error("the last records are no tombstones")
			}
		}
	}
	if err := e.Check(); err != nil {
		t.Error(err)
	}
}

// TestOffsetsOfMembersStay: not as long as somebody subscribes to the topic; and for an
// empty group the time runs from when it became empty.
func TestOffsetsOfMembersStay(t *testing.T) {
	l := newLab(t, ConfigEntry{Name: "offsets.retention.minutes", Value: "60"})
	join := joining("", "")
	join.Protocols[0].Metadata, join.SessionTimeoutMs = (&Subscription{Topics: []string{"orders"}}).Append(nil, 1), 1_800_000
	l.do(join)
	l.wait(3000)
	l.now += 3000
	l.e.Tick(l.now)
	names := l.sync()
	l.take()
	commitOne(t, l.e, l.now, OffsetCommit{Group: "g", Member: names[0], Generation: 1}, 3)
	for range 9 { // three hours of heartbeats
		l.now += 20 * 60_000
		ask(t, l.e, l.now, &Heartbeat{Group: "g", Member: names[0], Generation: 1})
	}
	if got := l.e.groupNamed("g").fetched("orders", 0).Offset; got != 3 {
		t.Fatalf("committed offset %d while a member subscribes", got)
	}
	r := ask(t, l.e, l.now, &OffsetDelete{Group: "g", Partitions: []TopicPartition{{"orders", 0}, {"none", 0}}})
	if codes := r.Body.(*CodesReply).Codes; r.Code != None || !slices.Equal(codes, []Code{GroupSubscribedToTopic, UnknownTopicOrPartition}) {
		t.Errorf("delete: %v %v", r.Code, codes)
	}
	ask(t, l.e, l.now, &LeaveGroup{Group: "g", Members: []LeavingMember{{Member: names[0]}}})
	empty := l.now
	l.e.Tick(empty + 59*60_000)
	if l.e.groupNamed("g").fetched("orders", 0).Offset != 3 {
		t.Fatal("gone before the time since the group became empty")
	}
	l.e.Tick(empty + 71*60_000)
	if l.e.groupNamed("g") != nil {
		t.Error("the group is still there")
	}
}

func TestOffsetDelete(t *testing.T) {
	e, _ := newTopic(t, 2)
	if r := ask(t, e, 0, &OffsetDelete{Group: "g"}); r.Code != GroupIDNotFound {
		t.Errorf("no group: %v", r.Code)
	}
	commitOne(t, e, 0, OffsetCommit{Group: "g", Generation: -1}, 5)
	r := ask(t, e, 0, &OffsetDelete{Group: "g", Partitions: []TopicPartition{{"orders", 0}, {"orders", 1}}})
	if codes := r.Body.(*CodesReply).Codes; !slices.Equal(codes, []Code{None, None}) {
		t.Errorf("%v", codes)
	}
	if got := e.groupNamed("g").fetched("orders", 0).Offset; got != -1 {
		t.Errorf("committed offset %d", got)
	}
}
