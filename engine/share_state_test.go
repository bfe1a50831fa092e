package engine

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"partita/engine/batch"
)

// TestSharing is a random run: members come, fetch, settle, freeze and go. Nobody ever
// holds what another holds, no record is given out more often than allowed, and when all
// is calm every record is settled.
func TestSharing(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 932))
		l := shareLab(t, 0)
		produced := Offset(0)
		names := 0
		var list []*sharer
		for range 300 {
			l.wait(Time(r.IntN(3000)))
			switch n := r.IntN(10); {
			case n == 0 && len(list) < 6:
				names++
				list = append(list, l.sharer("m"+strconv.Itoa(names), "orders"))
			case n == 1 && len(list) > 0:
				i := r.IntN(len(list))
				list = append(list[:i], list[i+1:]...) // without a word
			case n < 5:
				l.fill(1)
				produced += 2
			case len(list) > 0:
				s := list[r.IntN(len(list))]
				if code := s.beat("orders"); code != None {
					s.member, s.session = 0, 0
					s.beat("orders")
				}
				if r.IntN(2) == 0 {
					s.fetch(int32(1 + r.IntN(5)))
					continue
				}
				for _, o := range s.has {
					s.ack(AckType(r.IntN(4)), o, o)
				}
				s.has = nil
			}
		}
		s := l.sharer("last", "orders")
		for range 200 {
			l.wait(1000)
			s.beat()
			s.fetch(100)
			for _, o := range s.has {
				if code := s.ack(AckAccept, o, o); code != None {
					t.Fatal(code)
				}
			}
		}
		l.wantShares(strconv.Itoa(int(produced)) + ":")
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// TestShareReadCommitted: records of aborted transactions are for nobody, those of open
// ones wait.
func TestShareReadCommitted(t *testing.T) {
	l := shareLab(t, 1)
	l.do(&AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.isolation.level", Value: "read_committed"}}})
	orders := l.e.topicByName["orders"]
	init := l.do(&InitProducerID{TransactionalID: "t", TimeoutMs: 10_000, ProducerID: -1, Epoch: -1}).Body.(*InitProducerIDReply)
	sequence := int32(0)
	send := func() {
		l.do(&AddPartitionsToTxn{TransactionalID: "t", ProducerID: init.ProducerID, Epoch: init.Epoch, Partitions: []TopicPartition{{"orders", 0}}})
		if r := l.do(&Produce{Topic: orders, Acks: -1, TransactionalID: "t", Batch: transactional(init.ProducerID, init.Epoch, sequence)}); r.Code != None {
			t.Fatal(r.Code)
		}
		sequence++
	}
	end := func(commit bool) {
		r := l.do(&EndTxn{TransactionalID: "t", ProducerID: init.ProducerID, Epoch: init.Epoch, Commit: commit, Version: 4})
		if r == nil || r.Code != None {
			t.Fatal(r)
		}
		l.wait(100)
	}
	a := l.sharer("a", "orders")
	send()
	end(false)
	send()
	a.fetch(10)
	a.want(0, 1)
	end(true)
	a.fetch(10)
	a.want(4)
	l.fill(1)
	a.fetch(10)
	a.want(6, 7)
}

// transactional is a batch of one record.
func transactional(producer int64, epoch int16, sequence int32) []byte {
	var b batch.Builder
	b.Reset(nil)
	b.Header.Attributes = batch.Transactional
	b.Header.ProducerID, b.Header.ProducerEpoch, b.Header.BaseSequence = producer, epoch, sequence
	b.Add(1, nil, []byte("v"), nil)
	return b.Finish()
}

// TestShareLeaderCrashes: the new leader of the partition knows of no locks, and of what
// was acknowledged all.
func TestShareLeaderCrashes(t *testing.T) {
	l := &lab{t: t, e: New(Config{Seed: 1, Brokers: 3, Defaults: []ConfigEntry{{Name: "default.replication.factor", Value: "3"}}})}
	l.now = 1000
	l.do(&CreateTopic{Name: "orders", Partitions: 1})
	l.do(&AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
	l.wait(3000)
	orders := l.e.topicByName["orders"]
	for range 3 {
		l.reply(&Produce{Topic: orders, Acks: -1, Batch: records(int64(l.now), "a", "b")})
	}
	a := &sharer{l: l, id: "a"}
	for a.member == 0 {
		if r := l.reply(&ShareGroupHeartbeat{Group: "s", Member: "a", Topics: []string{"orders"}}); r.Code == None {
			a.member = r.Body.(*ConsumerGroupHeartbeatReply).Epoch
		}
		l.wait(1000)
	}
	a.fetch(10)
	a.want(0, 1, 2, 3, 4, 5)
	a.ack(AckAccept, 0, 2)
	p := l.e.partitionAt(orders, 0)
	was := p.rep.main.broker
	l.do(&CrashBroker{Broker: was})
	for range 14 { // a lock lasts 30 s
		l.wait(1000)
	}
	if p.rep.main.broker == was {
		t.Fatal("the leader has not moved")
	}
	a.fetch(10)
	a.want(3, 4, 5)
	l.wantShares("3: A1 A1 A1")
}

// TestAcknowledgementsAwaitReplication: the answer comes when the state is replicated, and
// without a share coordinator that can write there is none but CoordinatorNotAvailable.
func TestAcknowledgementsAwaitReplication(t *testing.T) {
	c := newCluster(t, 3, 10, "share.coordinator.state.topic.num.partitions=1", "offsets.topic.num.partitions=1")
	id := c.topic("orders", 1, 1)
	c.at(0, &AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
	c.must(&Produce{Topic: id, Acks: -1, Batch: records(0, "a", "b", "c", "d")})
	for range 2 { // the first makes the coordinator's topic
		c.at(0, &ShareGroupHeartbeat{Group: "s", Member: "a", Topics: []string{"orders"}})
		c.wait(1000)
	}
	session := int32(0)
	acknowledge := func(o Offset) Token {
		session++
		return c.at(0, &ShareAcknowledge{Group: "s", Member: "a", SessionEpoch: session, Parts: []SharePart{{Topic: id, Acks: []ShareAck{{o, o, []AckType{AckAccept}}}}}})
	}
	code := func(tok Token) Code { return c.bodies[tok].Body.(*ShareAcknowledgeReply).Codes[0] }
	c.must(&ShareFetch{Group: "s", Member: "a", MaxBytes: 1000, MaxRecords: 10, Parts: []SharePart{{Topic: id}}})
	c.wait(1000)
	tok := acknowledge(0)
	if _, ok := c.codes[tok]; ok {
		t.Fatal("it is answered before anything can be replicated")
	}
	c.wait(100)
	if _, ok := c.codes[tok]; !ok || code(tok) != None {
		t.Fatalf("%v", c.bodies[tok])
	}
	p := c.e.partitionAt(c.e.shareStates, 0)
	leader := c.e.partitionAt(id, 0).actor()
	third := 3*FirstBroker + 3 - leader - p.actor()
	c.at(0, &CutLink{From: p.actor(), To: third})
	tok = acknowledge(1)
	c.wait(shareWriteMs + 100)
	if _, ok := c.codes[tok]; !ok || code(tok) != CoordinatorNotAvailable {
		t.Fatalf("nobody replicates it: %+v", c.bodies[tok])
	}
	c.at(0, &HealLink{})
	c.wait(5000)
	tok = acknowledge(2)
	c.at(0, &CrashBroker{Broker: p.actor()})
	if _, ok := c.codes[tok]; !ok || code(tok) != CoordinatorNotAvailable {
		t.Fatalf("the coordinator is gone: %+v", c.bodies[tok])
	}
	if tok = acknowledge(3); code(tok) != CoordinatorNotAvailable || p.actor() == leader {
		t.Fatalf("without a coordinator: %+v", c.bodies[tok])
	}
	c.wait(20_000)
	again := New(Config{Brokers: 3})
	again.Restore(c.e.Snapshot())
	g := again.groupNamed("s")
	want := g.shares[0].start
	g.shares = nil
	again.loadShares(again.partitionAt(again.shareStates, 0))
	if len(g.shares) != 1 || g.shares[0].start != want || want < 3 {
		t.Errorf("what could not be written is not written later: %+v, want a start of %d", g.shares, want)
	}
}

func TestShareGroupThatIsDeletedUnderAFetch(t *testing.T) {
	l := shareLab(t, 0)
	a := l.sharer("a", "orders")
	if code := l.do(&ShareGroupHeartbeat{Group: "s", Member: "b", Topics: []string{}}).Code; code != InvalidRequest {
		t.Error("a member joins without topics:", code)
	}
	l.do(&ShareFetch{Group: "s", Member: "a", MaxWaitMs: 500, MinBytes: 1, MaxBytes: 1000, MaxRecords: 10, Parts: []SharePart{{Topic: l.e.topicByName["orders"]}}})
	a.member = -1
	a.beat()
	if code := l.do(&DeleteGroups{Groups: []string{"s"}}).Body.(*DeleteGroupsReply).Codes[0]; code != None {
		t.Fatal(code)
	}
	if replies := l.wait(500); len(replies) != 1 || replies[0].Code != GroupIDNotFound {
		t.Errorf("%+v", replies)
	}
}

// TestShareStateLogIsPruned: what lies before the last snapshot of each partition goes.
func TestShareStateLogIsPruned(t *testing.T) {
	l := shareLab(t, 0, ConfigEntry{Name: "share.coordinator.state.topic.num.partitions", Value: "1"},
		ConfigEntry{Name: "share.coordinator.state.topic.segment.bytes", Value: "20000"})
	a := l.sharer("a", "orders")
	for range 700 {
		l.e.Apply(l.now, client, 1, &Produce{Topic: l.e.topicByName["orders"], Acks: 1, Batch: records(1, "a", "b")})
		a.fetch(10)
		a.ack(AckAccept, a.has[0], a.has[1])
		l.e.Advance()
	}
	p := l.e.partitionAt(l.e.shareStates, 0)
	if p.start != 501 || p.end != 701 {
		t.Errorf("the log goes from %d to %d", p.start, p.end)
	}
	for range 10 { // retention takes the segments below, the members' sessions go on
		l.wait(30_000)
		a.beat()
	}
	if p.bytes > 60_000 {
		t.Errorf("the log takes %d bytes", p.bytes)
	}
	reload(t, l.e)
	l.wantShares("1400:")
}
