package client_test

import (
	"fmt"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

func TestModernGroupDividesAndRebalances(t *testing.T) {
	for _, assignor := range []string{"uniform", "range"} {
		w := newWorld(t)
		w.latency = 5
		w.topic("orders", 6)
		for p := range engine.Partition(6) {
			w.produce("orders", p, 50)
		}
		pairs := []string{"group.protocol=consumer", "group.remote.assignor=" + assignor, "process=20", "max.poll.records=5", "commit=after"}
		a := w.start("a", pairs...)
		w.run(10_000)
		w.divided(6, 6)
		b := w.start("b", pairs...)
		w.run(30_000)
		w.divided(6, 3, 3)
		c := w.start("c", pairs...)
		w.run(60_000)
		w.divided(6, 2, 2, 2)
		b.c.Close(w.now)
		w.run(90_000)
		w.divided(6, 3, 3)
		if !b.c.Closed() {
			t.Error("b has not left")
		}
		w.crash(c)
		w.run(200_000)
		w.divided(6, 6)
		for p := range engine.Partition(6) {
			for o := range 50 {
				if w.times[fmt.Sprintf("orders-%d@%d", p, o)] != 1 {
					t.Errorf("%s: record %d of orders-%d was processed %d times", assignor, o, p, w.times[fmt.Sprintf("orders-%d@%d", p, o)])
				}
			}
			if got := w.committedAt("orders", p); got != 50 {
				t.Errorf("orders-%d is committed at %d", p, got)
			}
		}
		if strings.Contains(strings.Join(a.facts, " "), "lost") || a.did[client.FactCommitFailed] > 0 {
			t.Errorf("a: %v", a.facts)
		}
	}
}

func TestModernMemberThatDoesNotPollIsOutAndComesBack(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a := w.start("a", "group.protocol=consumer", "max.poll.interval.ms=10000")
	b := w.start("b", "group.protocol=consumer", "max.poll.interval.ms=10000")
	w.run(20_000)
	w.divided(2, 1, 1)
	a.c.StopPolling(true)
	w.run(40_000)
	if got := b.owns(); got != "orders-0 orders-1" {
		t.Errorf("b owns %q", got)
	}
	if a.did[client.FactPollTimeout] != 1 || a.see().State != client.OutOfGroup {
		t.Errorf("a: state %d, %v", a.see().State, a.facts)
	}
	a.c.StopPolling(false)
	w.run(70_000)
	w.divided(2, 1, 1)
	a.has(t, "lost NONE orders-0")
}

func TestModernMemberThatIsFencedJoinsAgain(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	a := w.start("a", "group.protocol=consumer")
	w.run(10_000)
	cut := true
	w.lose = func(m *member, cmd engine.Command) (bool, bool) { return cut, false }
	w.run(80_000)
	cut = false
	w.run(200_000)
	w.divided(2, 2)
	a.has(t, "lost NONE orders-0")
	a.has(t, "rejoining UNKNOWN_MEMBER_ID")
}

func TestModernStaticMemberComesBackToItsPartitions(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 4)
	pairs := []string{"group.protocol=consumer"}
	a := w.start("a", append(pairs, "group.instance.id=one")...)
	w.start("b", append(pairs, "group.instance.id=two")...)
	w.run(20_000)
	w.divided(4, 2, 2)
	had := a.owns()
	a.c.Close(w.now)
	w.run(25_000)
	again := w.start("a2", append(pairs, "group.instance.id=one")...)
	w.run(40_000)
	w.divided(4, 2, 2)
	if again.owns() != had {
		t.Errorf("it owns %s, it had %s", again.owns(), had)
	}
}

func TestModernSubscriptionChanges(t *testing.T) {
	w := newWorld(t)
	w.topic("orders", 2)
	w.topic("others", 1)
	a := w.start("a", "group.protocol=consumer")
	w.run(10_000)
	a.c.SetTopics([]string{"others"})
	w.run(20_000)
	if got := a.owns(); got != "others-0" {
		t.Errorf("it owns %s", got)
	}
}

func TestModernHeartbeatErrors(t *testing.T) {
	for _, c := range []struct {
		code  engine.Code
		state client.ConsumerState
	}{
		{engine.CoordinatorLoadInProgress, client.Stable}, {engine.NotCoordinator, client.Stable}, {engine.NetworkException, client.Stable},
		{engine.FencedMemberEpoch, client.Stable}, {engine.UnknownMemberID, client.Stable},
		{engine.UnsupportedAssignor, client.Failed}, {engine.UnreleasedInstanceID, client.Failed}, {engine.GroupMaxSizeReached, client.Failed},
		{engine.GroupAuthorizationFailed, client.Failed}, {engine.InvalidRegularExpression, client.Failed},
	} {
		k := newCoordinator(t, "group.protocol=consumer")
		epoch := int32(0)
		k.answers["ConsumerGroupHeartbeat"] = func(cmd engine.Command) engine.Reply {
			beat := cmd.(*engine.ConsumerGroupHeartbeat)
			body := &engine.ConsumerGroupHeartbeatReply{Member: "m", Epoch: max(beat.Epoch, epoch), HeartbeatIntervalMs: 1_000}
			if beat.Epoch == 0 {
				epoch++
				body.Epoch, body.Assigned, body.Assignment = epoch, true, []engine.OwnedTopic{{Topic: 1, Partitions: []engine.Partition{0}}}
			}
			return engine.Reply{Body: body}
		}
		k.run(500)
		k.once("ConsumerGroupHeartbeat", engine.Reply{Code: c.code})
		k.run(10_000)
		if k.state() != c.state || k.fact(client.FactFatal, c.code) != (c.state == client.Failed) {
			t.Errorf("%v: state %d, facts %+v", c.code, k.state(), k.facts)
		}
		var v client.ConsumerView
		if k.c.View(&v); c.state == client.Stable && len(v.Partitions) != 1 {
			t.Errorf("%v: %+v", c.code, v)
		}
	}
}

func TestGroupProtocolSettings(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"group.protocol=CONSUMER", ""},
		{"group.protocol=consumer group.remote.assignor=range", ""},
		{"group.remote.assignor=range", "group.remote.assignor cannot be set when group.protocol=CLASSIC"},
		{"group.protocol=consumer session.timeout.ms=6000 heartbeat.interval.ms=1000", "heartbeat.interval.ms, session.timeout.ms cannot be set when group.protocol=CONSUMER"},
		{"group.protocol=consumer partition.assignment.strategy=range", "partition.assignment.strategy cannot be set when group.protocol=CONSUMER"},
		{"group.protocol=raft", "Invalid value raft for configuration group.protocol: String must be one of (case insensitive): CLASSIC, CONSUMER"},
	} {
		cfg := client.DefaultConsumerConfig()
		var err error
		for _, pair := range strings.Fields(c.settings) {
			name, value, _ := strings.Cut(pair, "=")
			if err = cfg.Set(name, value); err != nil {
				break
			}
		}
		if err == nil {
			err = cfg.Check()
		}
		if got := fmt.Sprint(err); got != c.want && !(err == nil && c.want == "") {
			t.Errorf("%s: %q, want %q", c.settings, got, c.want)
		}
	}
}
