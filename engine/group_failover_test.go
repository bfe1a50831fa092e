package engine

import "testing"

// TestCoordinatorOfConsumerGroupsMoves: the broker that coordinates a consumer group and a
// share group crashes; another reads their records and goes on, with the members, their
// epochs and what they own.
func TestCoordinatorOfConsumerGroupsMoves(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		l := &lab{t: t, e: New(Config{Seed: seed, Brokers: 3, Defaults: []ConfigEntry{{Name: "default.replication.factor", Value: "3"}}})}
		l.now = 1000
		l.e.Tick(l.now)
		l.do(&CreateTopic{Name: "orders", Partitions: 4})
		l.do(&AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
		l.wait(5000)
		members := []*modern{l.modern("a", "orders"), l.modern("b", "orders")}
		share := &sharer{l: l, id: "x"}
		round := func() {
			for _, m := range members {
				l.patient(m)
			}
			c := &ShareGroupHeartbeat{Group: "s", Member: "x", Epoch: share.member}
			if share.member == 0 {
				c.Topics = []string{"orders"}
			}
			if r := l.reply(c); r.Code == None {
				share.member = r.Body.(*ConsumerGroupHeartbeatReply).Epoch
			} else if !coordinatorMoves(r.Code) {
				t.Fatal(r.Code)
			}
			l.wait(1000)
		}
		for range 10 {
			round()
		}
		if l.group().State != GroupStable || members[0].epoch < 1 || share.member != 1 {
			t.Fatalf("%+v, share member in epoch %d", l.group(), share.member)
		}
		was := []string{members[0].has(), members[1].has()}
		epoch := members[0].epoch
		log := l.e.groupNamed("g").log
		leader := log.rep.main.broker
		l.do(&CrashBroker{Broker: leader})
		for range 40 {
			round()
		}
		if now := log.rep.main.broker; now == leader {
			t.Fatal("the coordinator has not moved")
		}
		if g := l.group(); g.State != GroupStable || g.MemberCount != 2 || members[0].epoch != epoch || members[0].has() != was[0] || members[1].has() != was[1] {
			t.Fatalf("%+v; epochs %d, %d; %q, %q; was %d, %q", g, members[0].epoch, members[1].epoch, members[0].has(), members[1].has(), epoch, was)
		}
		if g, _ := l.e.Group("s"); g.MemberCount != 1 || share.member != 1 {
			t.Errorf("%+v", g)
		}
	}
}

func coordinatorMoves(code Code) bool {
	return code == NetworkException || code == NotCoordinator || code == CoordinatorNotAvailable || code == CoordinatorLoadInProgress
}

// reply gives the answer to a command, letting up to five seconds pass.
func (l *lab) reply(c Command) *Reply {
	if r := l.do(c); r != nil {
		return r
	}
	tok := l.tok
	for range 50 {
		for _, r := range l.wait(100) {
			if r.Token == tok {
				return &r
			}
		}
	}
	l.t.Fatalf("no answer to %+v", c)
	return nil
}

// patient is beat for a cluster in which the coordinator may be away.
func (l *lab) patient(m *modern) {
	c := &ConsumerGroupHeartbeat{Group: "g", Member: m.id, Epoch: m.epoch, RebalanceTimeoutMs: -1, Owns: true, Owned: m.owned}
	if m.epoch <= 0 {
		c.Epoch, c.RebalanceTimeoutMs, c.Subscribed, c.Topics, c.Owned = 0, 60_000, true, m.topics, nil
	}
	r := l.reply(c)
	if coordinatorMoves(r.Code) {
		return
	}
	if r.Code != None {
		l.t.Fatalf("%s: %v", m.id, r.Code)
	}
	body := r.Body.(*ConsumerGroupHeartbeatReply)
	if m.epoch = body.Epoch; body.Assigned {
		m.owned = body.Assignment
	}
}
