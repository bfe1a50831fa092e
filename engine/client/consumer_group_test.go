package client_test

import (
	"fmt"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

func TestThreeConsumersShareSixPartitions(t *testing.T) {
	for _, latency := range []engine.Time{0, 20} {
		w := newWorld(t)
		w.latency = latency
		w.topic("orders", 6)
		a, b, c := w.start("a"), w.start("b"), w.start("c")
		w.run(10_000)
		w.divided(6, 2, 2, 2)
		for p := range engine.Partition(6) {
			w.produce("orders", p, 10)
		}
		w.run(12_000)
		for p := range engine.Partition(6) {
			w.count("orders", p, 10, 0, 0)
		}
		for _, m := range []*member{a, b, c} {
			if len(m.log) != 20 || m.did[client.FactJoined] == 0 {
				t.Errorf("%s processed %d records", m.name, len(m.log))
			}
		}
	}
}

func TestLeaveRebalancesAtOnce(t *testing.T) {
	w := newWorld(t)
	w.latency = 5
	w.topic("orders", 6)
	w.start("a")
	w.start("b")
	c := w.start("c")
	w.run(10_000)
	w.produce("orders", 5, 7)
	w.run(11_000)
	c.c.Close(w.now)
	w.run(15_000) // two heartbeats of the others: far below the session timeout
	if !c.c.Closed() || c.see().State != client.Closed {
		t.Errorf("c is in state %d", c.see().State)
	}
	w.divided(6, 3, 3)
	if at := w.committedAt("orders", 5); at != 7 {
		t.Errorf("closing committed %d, not the 7 records processed", at)
	}
	w.count("orders", 5, 7, 0, 0)
}

func TestCrashIsNoticedAfterTheSessionTimeout(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 6)
	a, b := w.start("a", "session.timeout.ms=6000"), w.start("b", "session.timeout.ms=6000")
	w.run(10_000)
	w.divided(6, 3, 3)
	deadline := a.see().SessionDeadline
	w.crash(a)
	w.run(deadline - 1)
	if got := len(b.see().Partitions); got != 3 {
		t.Errorf("before the session ended b owned %d", got)
	}
	w.run(deadline + 4_000)
	w.divided(6, 6)
	if fmt.Sprint(w.removed) != "[1]" {
		t.Errorf("removals: %v, want one session timeout", w.removed)
	}
}

func TestFrozenConsumerFindsItsPartitionsLost(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a, b := w.start("a", "session.timeout.ms=6000"), w.start("b", "session.timeout.ms=6000")
	w.run(10_300) // a's fetch has just been answered
	w.lose = func(m *member, _ engine.Command) (bool, bool) { return m == a, m == a }
	for len(w.flights) > 0 {
		w.land()
	}
	w.do1(a.session) // nothing arrives while it is frozen
	a.frozen = true
	w.run(30_000)
	w.lose = nil
	if got := b.owns(); got != "orders-0 orders-1" {
		t.Errorf("b owns %q", got)
	}
	a.frozen = false
	w.run(45_000)
	w.divided(2, 1, 1)
	a.has(t, "rejoining UNKNOWN_MEMBER_ID")
	a.has(t, "lost NONE orders-")
}

func TestSlowHandlerIsPutOutAfterMaxPollInterval(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	slow := w.start("slow", "max.poll.interval.ms=10000", "process=4s")
	w.run(2_000)
	w.produce("orders", 0, 5)
	w.run(3_000)
	other := w.start("other", "max.poll.interval.ms=10000")
	w.run(11_900)
	if len(other.see().Partitions) != 0 || other.see().State != client.Joining {
		t.Error("the slow handler did not delay the rebalance")
	}
	w.run(14_000)
	if s := slow.see(); s.State != client.OutOfGroup || s.Generation != -1 || s.InHand == 0 {
		t.Errorf("slow: %+v", s)
	}
	slow.has(t, "12000 poll timeout")
	if got := other.owns(); got != "orders-0 orders-1" {
		t.Errorf("other owns %q", got)
	}
	w.run(40_000)
	slow.has(t, "commit failed UNKNOWN_MEMBER_ID")
	slow.has(t, "lost NONE orders-0")
	w.divided(2, 1, 1)
	w.count("orders", 0, 5, 0, 5) // other did them all, and slow as well
}

func TestSlowStaticMemberIsMissedOnlyAfterItsSession(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 1)
	slow := w.start("slow", "max.poll.interval.ms=10000", "process=60s", "group.instance.id=one")
	w.run(2_000)
	w.produce("orders", 0, 1)
	w.run(30_000)
	slow.has(t, "12000 poll timeout")
	if n := len(w.group("g").Members); n != 1 {
		t.Errorf("a static member said goodbye: %d members", n)
	}
	w.run(60_000)
	if n := len(w.group("g").Members); n != 0 {
		t.Errorf("a static member without heartbeats is still there")
	}
}

func TestStoppedPollingStillBeats(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a := w.start("a", "max.poll.interval.ms=20000")
	w.run(5_000)
	a.c.StopPolling(true)
	w.produce("orders", 0, 3)
	w.run(24_000)
	if v := a.see(); v.State != client.Stable || v.Polling || len(a.log) != 0 {
		t.Errorf("%+v after %d records", v, len(a.log))
	}
	w.run(26_000)
	if v := a.see(); v.State != client.OutOfGroup {
		t.Errorf("%+v", v)
	}
	a.c.StopPolling(false)
	w.run(30_000)
	w.divided(2, 2)
	w.count("orders", 0, 3, 0, 0)
}

func TestStaticMemberRestartsWithoutARebalance(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 4)
	a, b := w.start("a", "group.instance.id=one"), w.start("b", "group.instance.id=two")
	w.run(10_000)
	w.divided(4, 2, 2)
	before, owned, kept := w.rebalances, a.owns(), b.did[client.FactRevoked]
	w.crash(a)
	w.run(12_000)
	again := w.start("a", "group.instance.id=one")
	w.run(20_000)
	if w.rebalances != before || again.owns() != owned || b.did[client.FactRevoked] != kept {
		t.Errorf("%d rebalances, %s instead of %s", w.rebalances-before, again.owns(), owned)
	}
}

func TestFencedByAnotherInstance(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a := w.start("a", "group.instance.id=one")
	w.run(10_000)
	w.start("b", "group.instance.id=one")
	w.run(20_000)
	if v := a.see(); v.State != client.Fenced || v.Fatal != engine.FencedInstanceID || len(v.Partitions) != 0 {
		t.Errorf("%+v", v)
	}
	a.has(t, "fatal FENCED_INSTANCE_ID")
	w.divided(2, 2)
}

// TestEagerAgainstCooperative counts what members give up when one more joins.
func TestEagerAgainstCooperative(t *testing.T) {
	revoked := func(assignor string) (int, *world) {
		w := newWorld(t)
		w.topic("orders", 6)
		strategy := "partition.assignment.strategy=" + assignor
		a, b := w.start("a", strategy), w.start("b", strategy)
		w.run(10_000)
		w.divided(6, 3, 3)
		before := a.did[client.FactRevoked] + b.did[client.FactRevoked]
		w.start("c", strategy)
		w.run(25_000)
		w.divided(6, 2, 2, 2)
		return a.did[client.FactRevoked] + b.did[client.FactRevoked] - before, w
	}
	for _, eager := range []string{"range", "roundrobin", "sticky", "range,cooperative-sticky"} {
		if n, _ := revoked(eager); n != 6 {
			t.Errorf("%s: %d revoked, want all 6", eager, n)
		}
	}
	if n, w := revoked("cooperative-sticky"); n != 2 {
		t.Errorf("cooperative-sticky: %d revoked, want the 2 that move", n)
	} else if g := w.group("g"); g.Protocol != "cooperative-sticky" {
		t.Errorf("the group uses %s", g.Protocol)
	}
}

func TestCooperativeKeepsProcessingDuringARebalance(t *testing.T) {
	w := newWorld(t)
	w.latency = 10
	w.topic("orders", 2)
	strategy := "partition.assignment.strategy=cooperative-sticky"
	a := w.start("a", strategy)
	slow := w.start("slow", strategy, "process=8s")
	w.run(10_000)
	w.divided(2, 1, 1)
	slowPart, freePart := engine.Partition(0), engine.Partition(1)
	if slow.owns() == "orders-1" {
		slowPart, freePart = 1, 0
	}
	w.produce("orders", slowPart, 1) // slow is busy for 8 s: the rebalance waits for it
	w.run(10_100)
	w.start("c", strategy)
	w.run(14_000)
	if a.see().State != client.Joining {
		t.Fatalf("a is in state %d", a.see().State)
	}
	w.produce("orders", freePart, 5)
	w.run(15_000)
	if len(a.log) != 5 {
		t.Errorf("during the rebalance a processed %d records of 5", len(a.log))
	}
	w.run(30_000)
	w.divided(2, 0, 1, 1)
}

func TestMixedAssignors(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 4)
	w.start("a", "partition.assignment.strategy=roundrobin,range")
	w.start("b", "partition.assignment.strategy=range")
	w.run(10_000)
	w.divided(4, 2, 2)
	if g := w.group("g"); g.Protocol != "range" {
		t.Errorf("agreed on %s", g.Protocol)
	}
	c := w.start("c", "partition.assignment.strategy=sticky")
	w.run(20_000)
	c.has(t, "fatal INCONSISTENT_GROUP_PROTOCOL")
	if c.see().State != client.Failed {
		t.Errorf("c is in state %d", c.see().State)
	}
	w.divided(4, 2, 2)
}

func TestNewPartitionsAreNoticed(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	w.start("a", "metadata.max.age.ms=5000")
	w.start("b", "metadata.max.age.ms=5000")
	w.run(10_000)
	w.do(&engine.CreatePartitions{Name: "orders", Count: 5})
	w.run(20_000)
	w.divided(5, 2, 3)
}

func TestTopicThatAppears(t *testing.T) {
	w := newWorld(t)
	w.start("a")
	w.run(10_000)
	w.divided(0, 0)
	w.topic("orders", 3)
	w.produce("orders", 1, 4)
	w.run(13_000)
	w.divided(3, 3)
	w.count("orders", 1, 4, 0, 0)
}

func TestTopicDeletedWhileConsuming(t *testing.T) {
	for _, strategy := range []string{"range", "cooperative-sticky"} {
		w := newWorld(t)
		w.topic("orders", 2)
		w.topic("bills", 2)
		// The group leader may not consume the topic: then only the age of its metadata
		// makes it look.
		a := w.start("a", "topics=orders,bills", "metadata.max.age.ms=5000", "partition.assignment.strategy="+strategy)
		b := w.start("b", "topics=orders,bills", "metadata.max.age.ms=5000", "partition.assignment.strategy="+strategy)
		w.run(10_000)
		w.divided(4, 2, 2)
		w.do(&engine.DeleteTopic{Name: "orders"})
		w.run(30_000)
		w.divided(2, 1, 1)
		w.produce("bills", 0, 3)
		w.produce("bills", 1, 3)
		w.run(31_000)
		w.count("bills", 0, 3, 0, 0)
		w.count("bills", 1, 3, 0, 0)
		if a.did[client.FactFatal]+b.did[client.FactFatal] > 0 {
			t.Error(a.facts, b.facts)
		}
	}
}

func TestLeaderWatchesTopicsOfOthers(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	w.topic("bills", 2)
	w.start("a")
	w.start("b", "topics=bills", "metadata.max.age.ms=300000")
	w.run(10_000)
	w.divided(4, 2, 2)
}

func TestSubscriptionChanges(t *testing.T) {
	for _, strategy := range []string{"range", "cooperative-sticky"} {
		w := newWorld(t)
		w.topic("orders", 2)
		w.topic("bills", 2)
		a := w.start("a", "partition.assignment.strategy="+strategy)
		w.run(10_000)
		a.c.SetTopics([]string{"bills"})
		w.run(20_000)
		if got := a.owns(); got != "bills-0 bills-1" {
			t.Errorf("%s: a owns %q", strategy, got)
		}
	}
}

func TestFiftyMembersSettle(t *testing.T) {
	for _, strategy := range []string{"range", "roundrobin", "sticky", "cooperative-sticky"} {
		w := newWorld(t)
		w.latency = 3
		w.topic("orders", 60)
		for i := range 50 {
			w.start(fmt.Sprintf("c%d", i), "partition.assignment.strategy="+strategy)
			w.run(w.now + 7)
		}
		w.run(40_000)
		want := make([]int, 50)
		for i := range want {
			want[i] = 1
			if i < 10 {
				want[i] = 2
			}
		}
		w.divided(60, want...)
		if g := w.group("g"); g.State != "Stable" || len(g.Members) != 50 || g.Protocol != strategy {
			t.Errorf("%s: %s with %d members", g.Protocol, g.State, len(g.Members))
		}
	}
}

func TestLostRequestsAreSentAgain(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	lost := map[string]bool{}
	w.lose = func(_ *member, cmd engine.Command) (bool, bool) {
		kind := fmt.Sprintf("%T", cmd)
		if first := !lost[kind]; first && !strings.Contains(kind, "JoinGroup") {
			lost[kind] = true
			return len(lost)%2 == 0, len(lost)%2 == 1 // the request, or only its reply
		}
		return false, false
	}
	w.produce("orders", 0, 10)
	w.start("a", "request.timeout.ms=2000", "auto.offset.reset=earliest")
	w.run(60_000)
	w.divided(2, 2)
	w.count("orders", 0, 10, 0, 0)
	if len(lost) < 6 {
		t.Errorf("only %v were lost", lost)
	}
}
