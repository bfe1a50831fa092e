package engine

import (
	"slices"
	"testing"

	"partita/engine/batch"
)

// leader is who leads partition 0, for the controller.
func (c *cluster) leader(id TopicID) int32 { return c.view(id).Leader }

// replica is what a broker has of partition 0.
func (c *cluster) replica(id TopicID, broker int32) ReplicaView {
	c.t.Helper()
	for _, r := range c.e.Replicas(id, 0, nil) {
		if r.Broker == broker {
			return r
		}
	}
	c.t.Fatalf("broker %d has no replica", broker)
	return ReplicaView{}
}

func (c *cluster) isr(id TopicID) []int32 {
	p := c.e.partitionAt(id, 0)
	isr := slices.Clone(p.replication().reg().isr)
	slices.Sort(isr)
	return isr
}

// happened finds the last event of a kind since the event numbered from.
func (c *cluster) happened(kind Kind, from int) *Event {
	for i := len(c.events) - 1; i >= from; i-- {
		if c.events[i].Kind == kind {
			return &c.events[i]
		}
	}
	return nil
}

// values reads all that consumers may see of partition 0.
func (c *cluster) values(id TopicID) (list []string) {
	c.t.Helper()
	for at := c.view(id).LogStart; at < c.view(id).HighWatermark; {
		raw, code := c.e.Read(id, 0, at, 1<<20)
		if code != None {
			c.t.Fatalf("read at %d: %v", at, code)
		}
		for len(raw) > 0 {
			h := mustParse(raw)
			var r batch.Record
			for it := batch.Records(raw[:h.Size()]); it.Next(&r); {
				list = append(list, string(r.Value))
			}
			at = Offset(h.NextOffset())
			raw = raw[h.Size():]
		}
	}
	return list
}

func (c *cluster) metadata(broker int32, name string) PartitionMetadata {
	c.t.Helper()
	r := c.bodies[c.at(broker, &Metadata{Names: []string{name}})]
	return r.Body.(*MetadataReply).Topics[0].Partitions[0]
}

func TestReplicasArePlacedAroundBrokersAndRacks(t *testing.T) {
	c := newCluster(t, 4, 0)
	id := c.topic("orders", 8, 3)
	leads, has := map[int32]int{}, map[int32]int{}
	for p := range Partition(8) {
		for i, r := range c.e.Replicas(id, p, nil) {
			if has[r.Broker]++; i == 0 {
				leads[r.Broker]++
			}
		}
	}
	for b := FirstBroker; b < FirstBroker+4; b++ {
		if leads[b] != 2 || has[b] != 6 {
			t.Errorf("broker %d leads %d and has %d", b, leads[b], has[b])
		}
	}
	c = &cluster{t: t, e: New(Config{Brokers: 6, Racks: []string{"a", "a", "b", "b", "c", "c"}}), codes: map[Token]Code{}, bodies: map[Token]Reply{}}
	id = c.topic("orders", 12, 3)
	for p := range Partition(12) {
		racks := map[string]bool{}
		for _, r := range c.e.Replicas(id, p, nil) {
			racks[c.e.brokerAt(r.Broker).rack] = true
		}
		if len(racks) != 3 {
			t.Errorf("partition %d is in %d racks", p, len(racks))
		}
	}
	for _, bad := range []CreateTopic{
		{Name: "x", Partitions: 1, ReplicationFactor: 7},
		{Name: "x", Replicas: [][]int32{{101, 101}}},
		{Name: "x", Replicas: [][]int32{{101, 110}}},
		{Name: "x", Replicas: [][]int32{{101, 102}, {103}}},
	} {
		if r := c.do(&bad); r.Code != InvalidReplicationFactor && r.Code != InvalidReplicaAssignment {
			t.Errorf("%+v: %v", bad, r.Code)
		}
	}
}

// TestCrashOfALeader: nobody notices for broker.session.timeout.ms; then another replica
// leads, and what was acknowledged by all is still there.
func TestCrashOfALeader(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.topic("orders", 1, 3)
	c.wait(1500)
	acked := c.produce(101, id, -1, "a", "b")
	c.wait(20)
	c.code(acked, None)
	pending := c.produce(101, id, -1, "c")
	parked := c.at(101, &Fetch{Parts: []FetchPart{{Topic: id, Offset: 2, MaxBytes: 1000}}, MinBytes: 1, MaxBytes: 1000, MaxWaitMs: 60_000})
	c.must(&CrashBroker{Broker: 101})
	c.code(pending, NetworkException)
	c.code(parked, NetworkException)
	c.code(c.produce(101, id, 1, "d"), NetworkException)
	c.code(c.produce(102, id, 1, "d"), NotLeaderOrFollower)
	if c.do(&CrashBroker{Broker: 101}).Code != BrokerNotAvailable {
		t.Error("a broker that is down crashes again")
	}
	start := c.now
	c.wait(6_000)
	if c.leader(id) != 101 {
		t.Fatal("the crash was noticed too early")
	}
	c.wait(9_000) // the controller was on 101 too: its election comes first
	if v := c.view(id); v.Leader != 102 || v.LeaderEpoch != 1 || !slices.Equal(c.isr(id), []int32{102, 103}) {
		t.Fatalf("after %d ms: %+v, ISR %v", c.now-start, v, c.isr(id))
	}
	c.wait(1000)
	if got := c.values(id); !slices.Equal(got, []string{"a", "b"}) && !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Fatalf("readable: %v", got)
	}
	if m := c.metadata(103, "orders"); m.Leader != 102 || m.LeaderEpoch != 1 {
		t.Fatalf("metadata of 103: %+v", m)
	}
	c.must(&StartBroker{Broker: 101})
	c.wait(1000)
	if !slices.Equal(c.isr(id), []int32{101, 102, 103}) || c.leader(id) != 102 {
		t.Fatalf("101 is back: ISR %v, leader %d", c.isr(id), c.leader(id))
	}
	c.wait(300_000) // auto.leader.rebalance.enable
	if c.leader(id) != 101 {
		t.Fatal("the preferred replica does not lead again")
	}
}

// TestControlledShutdown moves leaders away before the broker ends: nothing fails.
func TestControlledShutdown(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.topic("orders", 1, 3)
	c.must(&StopBroker{Broker: 101})
	if tok := c.produce(101, id, 1, "a"); c.codes[tok] != None {
		t.Fatal("it does not serve until the end")
	}
	c.wait(50)
	if c.leader(id) != 102 || c.happened(KindLeaderChanged, 0) == nil {
		t.Fatalf("leader %d", c.leader(id))
	}
	c.code(c.produce(102, id, 1, "b"), None)
	c.code(c.produce(101, id, 1, "b"), NetworkException)
	if ev := c.happened(KindBrokerChanged, 0); BrokerChange(ev.Epoch) != BrokerFenced && BrokerChange(ev.Epoch) != BrokerStopped {
		t.Errorf("last: %v", ev.Epoch)
	}
}

// TestLeaderThatIsCutOff goes on for acks=1 without knowing that another leads; what it
// took then is lost, and told.
func TestLeaderThatIsCutOff(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.must(&CreateTopic{Name: "orders", Replicas: [][]int32{{103, 101, 102}}}).Body.(*CreateTopicReply).Topic
	c.wait(1000)
	tok := c.produce(103, id, -1, "kept")
	c.wait(1000)
	c.code(tok, None)
	c.must(&CutLink{From: 103})
	c.must(&CutLink{To: 103})
	late := c.produce(103, id, -1, "late")
	c.wait(12_000)
	if c.leader(id) == 103 {
		t.Fatal("103 still leads")
	}
	c.pending(late)
	c.code(c.produce(103, id, 1, "lost 1", "lost 2"), None) // it does not know
	if m := c.metadata(103, "orders"); m.Leader != 103 {
		t.Fatalf("103 knows: %+v", m)
	}
	tok = c.produce(c.leader(id), id, -1, "new")
	c.wait(1000)
	c.code(tok, None)
	if r := c.replica(id, 103); r.LEO != 4 || r.Diverged != 1 {
		t.Fatalf("103: %+v", r)
	}
	from := len(c.events)
	c.must(&HealLink{})
	c.wait(2000)
	c.code(late, NotLeaderOrFollower)
	ev := c.happened(KindTruncated, from)
	if ev == nil || ev.Aux != 103 || ev.Offset != 1 || ev.End != 4 {
		t.Fatalf("truncation: %+v", ev)
	}
	if got := c.values(id); !slices.Equal(got, []string{"kept", "new"}) || !slices.Equal(c.isr(id), []int32{101, 102, 103}) {
		t.Fatalf("readable %v, ISR %v", got, c.isr(id))
	}
	if r := c.replica(id, 103); r.LEO != 2 || r.Diverged != -1 {
		t.Fatalf("103 in the end: %+v", r)
	}
}

func TestPausedAndSlowBrokers(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.must(&CreateTopic{Name: "orders", Replicas: [][]int32{{103, 101, 102}}}).Body.(*CreateTopicReply).Topic
	c.wait(1000)
	c.must(&SlowBroker{Broker: 103, DelayMs: 40})
	tok := c.produce(103, id, 1, "a")
	c.pending(tok)
	c.wait(40)
	c.code(tok, None)
	c.must(&SlowBroker{Broker: 103})
	c.must(&PauseBroker{Broker: 103})
	held := c.produce(103, id, 1, "b")
	c.wait(6_000)
	c.pending(held)
	c.must(&ResumeBroker{Broker: 103})
	c.code(held, None)
	c.wait(1000)
	if c.leader(id) != 103 {
		t.Fatal("a short pause costs the leadership")
	}
	c.must(&PauseBroker{Broker: 103})
	held = c.produce(103, id, 1, "lost")
	c.wait(12_000)
	if c.leader(id) != 101 {
		t.Fatalf("leader %d", c.leader(id))
	}
	c.must(&ResumeBroker{Broker: 103})
	c.code(held, None) // it has not heard yet
	c.wait(1000)
	c.code(c.produce(103, id, 1, "c"), NotLeaderOrFollower)
	if got := c.values(id); !slices.Equal(got, []string{"a", "b"}) {
		t.Fatalf("readable %v", got)
	}
}

func TestMinInsyncReplicas(t *testing.T) {
	c := newCluster(t, 3, 5)
	id := c.topic("orders", 1, 3, ConfigEntry{Name: "min.insync.replicas", Value: "2"})
	for _, b := range []int32{102, 103} {
		c.must(&CrashBroker{Broker: b})
	}
	tok := c.at(101, &Produce{Topic: id, Acks: -1, TimeoutMs: 2000, Batch: batchOf(0, "a")})
	c.wait(2000)
	c.code(tok, RequestTimedOut) // the ISR is as it was: the append was accepted
	c.wait(10_000)
	if !slices.Equal(c.isr(id), []int32{101}) {
		t.Fatalf("ISR %v", c.isr(id))
	}
	c.code(c.produce(101, id, -1, "b"), NotEnoughReplicas)
	c.code(c.produce(101, id, 1, "c"), None)
	if v := c.view(id); v.HighWatermark != 0 || v.LogEnd != 2 {
		t.Fatalf("below the minimum: %+v", v)
	}
	c.must(&StartBroker{Broker: 102})
	c.wait(1000)
	if v := c.view(id); v.HighWatermark != 2 {
		t.Fatalf("102 is back: %+v", v)
	}
	p := c.e.partitionAt(id, 0)
	p.rep.main.lead.isr = []int32{101}
	p.rep.main.hw = 1
	c.e.await(p, p.rep.main, waiter{end: 1, reply: Reply{To: 7, Token: 999}}, 1000)
	c.e.releaseWaiters(p, p.rep.main)
	if r := c.e.Ready().Replies; r[len(r)-1].Code != NotEnoughReplicasAfterAppend {
		t.Fatalf("the ISR shrank after the append: %v", r[len(r)-1].Code)
	}
}

// TestUncleanElection: with unclean.leader.election.enable a replica outside of the ISR
// may lead, and records are lost; without, the partition waits.
func TestUncleanElection(t *testing.T) {
	for _, unclean := range []string{"false", "true"} {
		c := newCluster(t, 4, 5) // 104 is not a replica, so that there is a controller
		id := c.must(&CreateTopic{Name: "orders", Replicas: [][]int32{{101, 102}},
			Config: []ConfigEntry{{Name: "unclean.leader.election.enable", Value: unclean}}}).Body.(*CreateTopicReply).Topic
		c.wait(1000)
		c.must(&CrashBroker{Broker: 102})
		c.wait(15_000)
		tok := c.produce(101, id, -1, "a", "b")
		c.wait(100)
		c.code(tok, None) // the ISR is 101 alone
		c.must(&CrashBroker{Broker: 101})
		c.must(&StartBroker{Broker: 102})
		c.wait(30_000)
		if unclean == "false" {
			if v := c.view(id); v.Leader != -1 || c.metadata(103, "orders").Code != LeaderNotAvailable {
				t.Fatalf("%+v", v)
			}
			c.code(c.at(0, &Produce{Topic: id, Acks: 1, Batch: batchOf(0, "x")}), LeaderNotAvailable)
			c.must(&StartBroker{Broker: 101})
			c.wait(2000)
			if got := c.values(id); !slices.Equal(got, []string{"a", "b"}) {
				t.Fatalf("readable %v", got)
			}
			continue
		}
		if ev := c.happened(KindLeaderChanged, 0); c.leader(id) != 102 || Election(ev.Aux) != ElectedUnclean {
			t.Fatalf("leader %d, %+v", c.leader(id), ev)
		}
		c.code(c.produce(102, id, 1, "c"), None)
		c.must(&StartBroker{Broker: 101})
		c.wait(5000)
		if got := c.values(id); !slices.Equal(got, []string{"c"}) {
			t.Fatalf("readable %v", got)
		}
		if ev := c.happened(KindTruncated, 0); ev == nil || ev.Aux != 101 || ev.Offset != 0 || ev.End != 2 {
			t.Fatalf("truncation %+v", ev)
		}
	}
}

func TestControllerMoves(t *testing.T) {
	c := newCluster(t, 3, 5)
	if c.e.controller != 101 {
		t.Fatalf("controller %d", c.e.controller)
	}
	c.must(&CrashBroker{Broker: 101})
	if r := c.do(&CreateTopic{Name: "x", Partitions: 1}); r.Code != RequestTimedOut {
		t.Fatalf("without a controller: %v", r.Code)
	}
	c.wait(2100)
	ev := c.happened(KindControllerMoved, 0)
	if c.e.controller != 102 || ev.Aux != 102 || ev.Epoch != 1 {
		t.Fatalf("controller %d, %+v", c.e.controller, ev)
	}
	r := c.bodies[c.at(103, &DescribeCluster{})].Body.(*DescribeClusterReply)
	if r.Controller != 102 || len(r.Brokers) != 3 {
		t.Fatalf("103 says %+v", r)
	}
	c.wait(9_100)
	if r = c.bodies[c.at(103, &DescribeCluster{})].Body.(*DescribeClusterReply); len(r.Brokers) != 2 {
		t.Fatalf("the session is over: %+v", r)
	}
	// One that is cut off from both others resigns.
	c.must(&StartBroker{Broker: 101})
	c.wait(1000)
	c.must(&CutLink{From: 102})
	if c.e.controller != -1 {
		t.Fatal("a controller that reaches nobody stays")
	}
	c.wait(2100)
	if c.e.controller != 101 && c.e.controller != 103 {
		t.Fatalf("controller %d", c.e.controller)
	}
}

func TestReassignment(t *testing.T) {
	c := newCluster(t, 5, 5)
	id := c.topic("orders", 1, 2)
	tok := c.produce(101, id, -1, "a", "b")
	c.wait(100)
	c.code(tok, None)
	move := func(to ...int32) Code {
		r := c.must(&AlterReassignments{Partitions: []Reassignment{{"orders", 0, to}}})
		return r.Body.(*AlterReassignmentsReply).Partitions[0].Code
	}
	if move() != NoReassignmentInProgress || move(101, 101) != InvalidReplicaAssignment {
		t.Fatal("nonsense is accepted")
	}
	c.must(&CrashBroker{Broker: 104})
	if code := move(104, 105); code != None {
		t.Fatal(code)
	}
	c.wait(500)
	list := c.must(&ListReassignments{}).Body.(*ListReassignmentsReply).Partitions
	if len(list) != 1 || !slices.Equal(list[0].Adding, []int32{104, 105}) || !slices.Equal(list[0].Removing, []int32{101, 102}) {
		t.Fatalf("under way: %+v", list)
	}
	if move() != None || len(c.must(&ListReassignments{}).Body.(*ListReassignmentsReply).Partitions) != 0 {
		t.Fatal("it cannot be cancelled")
	}
	c.must(&StartBroker{Broker: 104})
	c.wait(500)
	move(104, 105)
	c.wait(1000)
	var now []int32
	for _, r := range c.e.Replicas(id, 0, nil) {
		now = append(now, r.Broker)
	}
	if !slices.Equal(now, []int32{104, 105}) || c.leader(id) != 104 || !slices.Equal(c.isr(id), []int32{104, 105}) {
		t.Fatalf("replicas %v, leader %d, ISR %v", now, c.leader(id), c.isr(id))
	}
	c.wait(1000)
	if got := c.values(id); !slices.Equal(got, []string{"a", "b"}) || c.e.partitionAt(id, 0).rep.at(101) != nil {
		t.Fatalf("readable %v", got)
	}
	c.code(c.produce(101, id, 1, "c"), NotLeaderOrFollower)
}

// TestCoordinatorMoves: groups and their offsets go on at the next leader of their
// partition of __consumer_offsets.
func TestCoordinatorMoves(t *testing.T) {
	c := newCluster(t, 3, 5, "offsets.topic.num.partitions=1")
	c.topic("orders", 1, 3)
	find := func(at int32) int32 {
		c.wait(100)
		r := c.bodies[c.at(at, &FindCoordinator{Key: "g"})]
		if r.Code != None {
			return -1
		}
		return r.Body.(*FindCoordinatorReply).Broker
	}
	find(103)
	at := find(103)
	if at < 0 || find(101) != at {
		t.Fatalf("coordinator %d", at)
	}
	commit := func(broker int32, offset Offset) Token {
		return c.at(broker, &OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "orders", Offset: offset, LeaderEpoch: -1}}})
	}
	elsewhere := int32(101)
	if at == 101 {
		elsewhere = 102
	}
	c.code(commit(elsewhere, 0), NotCoordinator)
	c.produce(101, 1, 1, "a", "b", "c")
	tok := commit(at, 2)
	c.pending(tok) // until it is replicated
	c.wait(11)
	c.code(tok, None)
	last := commit(at, 3)
	c.must(&CrashBroker{Broker: at})
	c.code(last, NetworkException)
	c.code(commit(at, 3), NetworkException)
	c.wait(15_000)
	next := find(elsewhere)
	if next == at || next < 0 {
		t.Fatalf("coordinator %d then %d", at, next)
	}
	r := c.bodies[c.at(next, &OffsetFetch{Group: "g", Partitions: []TopicPartition{{"orders", 0}}})]
	if r.Code != None || r.Body.(*OffsetFetchReply).Offsets[0].Offset != 3 {
		t.Fatalf("%v %+v", r.Code, r.Body) // the last commit was on its way to the followers
	}
}
