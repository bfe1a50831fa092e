package engine

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// clusterTxn is a transactional producer against several brokers: it asks again as
// Kafka's clients do.
type clusterTxn struct {
	c    *cluster
	name string
	p    producing
	seqs map[Partition]int32
}

// try gives a command until it is answered with a code that is not retriable.
func (c *cluster) try(cmd Command) Reply {
	c.t.Helper()
	for range 2000 {
		tok := c.at(0, cmd)
		for range 400 {
			if _, ok := c.bodies[tok]; ok {
				break
			}
			c.wait(100)
		}
		r, ok := c.bodies[tok]
		if !ok {
			c.t.Fatalf("%T is not answered", cmd)
		}
		if !r.Code.Retriable() {
			return r
		}
		c.wait(100)
	}
	c.t.Fatalf("%T fails for ever", cmd)
	return Reply{}
}

func (c *cluster) producer(name string) *clusterTxn {
	c.t.Helper()
	x := &clusterTxn{c: c, name: name}
	x.init()
	return x
}

func (x *clusterTxn) init() {
	x.c.t.Helper()
	r := x.c.try(&InitProducerID{TransactionalID: x.name, TimeoutMs: 20_000, ProducerID: -1, Epoch: -1})
	if r.Code != None {
		x.c.t.Fatalf("init: %v", r.Code)
	}
	x.take(r.Body.(*InitProducerIDReply).ProducerID, r.Body.(*InitProducerIDReply).Epoch)
}

func (x *clusterTxn) take(id int64, epoch int16) {
	x.p, x.seqs = producing{id: id, epoch: epoch, txn: true}, map[Partition]int32{}
}

func (x *clusterTxn) produce(id TopicID, p Partition, v string) Code {
	x.c.t.Helper()
	x.p.seq = x.seqs[p]
	cmd := &Produce{Topic: id, Partition: p, Acks: -1, TransactionalID: x.name, Batch: x.p.batch(int64(x.c.now), v)}
	r := x.c.try(cmd)
	x.seqs[p] = x.p.seq
	return r.Code
}

func (x *clusterTxn) end(commit bool) Code {
	x.c.t.Helper()
	r := x.c.try(&EndTxn{TransactionalID: x.name, ProducerID: x.p.id, Epoch: x.p.epoch, Commit: commit})
	if r.Code == None {
		x.take(r.Body.(*EndTxnReply).ProducerID, r.Body.(*EndTxnReply).Epoch)
	}
	return r.Code
}

func (c *cluster) readCommitted(id TopicID, p Partition) []string {
	c.t.Helper()
	b := &bank{e: c.e, topic: id}
	w := &randomTxns{b: b}
	return w.values(p, 1<<20)
}

// With latency between brokers the markers are under way for a while, and a decision
// counts when it is replicated.
func TestMarkersTravel(t *testing.T) {
	c := newCluster(t, 3, 20, "transaction.state.log.num.partitions=3")
	id := c.topic("orders", 3, 3)
	x := c.producer("tx")
	for p := range Partition(3) {
		if code := x.produce(id, p, "a"); code != None {
			t.Fatalf("produce: %v", code)
		}
	}
	begun := len(c.events)
	tok := c.at(0, &EndTxn{TransactionalID: "tx", ProducerID: x.p.id, Epoch: x.p.epoch, Commit: true})
	if _, ok := c.bodies[tok]; ok {
		t.Error("EndTxn is answered before its record is replicated")
	}
	c.wait(10)
	if s := c.e.txnNamed("tx").state; s != TxnPrepareCommit || len(c.readCommitted(id, 0)) != 0 {
		t.Errorf("at first: %v", s)
	}
	c.wait(2000)
	if c.codes[tok] != None || c.e.txnNamed("tx").state != TxnCompleteCommit {
		t.Fatalf("later: %v, %v", c.codes[tok], c.e.txnNamed("tx").state)
	}
	at := map[Kind][]Time{}
	for _, ev := range c.events[begun:] {
		at[ev.Kind] = append(at[ev.Kind], ev.At)
	}
	if prepared, marked, done := at[KindTxnPrepareCommit][0], at[KindCommitMarker], at[KindTxnCommitted][0]; len(marked) != 3 ||
		marked[0] <= prepared || done <= slices.Max(marked)+20 {
		t.Errorf("prepared at %d, marked at %v, complete at %d", prepared, marked, done)
	}
	for p := range Partition(3) {
		if got := c.readCommitted(id, p); !slices.Equal(got, []string{"a"}) {
			t.Errorf("partition %d: %v", p, got)
		}
	}
}

// The coordinator crashes when the outcome is decided: the next one finishes.
func TestCoordinatorCrashes(t *testing.T) {
	c := newCluster(t, 3, 20, "transaction.state.log.num.partitions=1")
	id := c.topic("orders", 3, 3)
	x := c.producer("tx")
	for p := range Partition(3) {
		x.produce(id, p, "a")
	}
	tok := c.at(0, &EndTxn{TransactionalID: "tx", ProducerID: x.p.id, Epoch: x.p.epoch, Commit: true})
	for range 100 {
		if _, ok := c.bodies[tok]; ok {
			break
		}
		c.wait(1)
	}
	if s := c.e.txnNamed("tx").state; c.codes[tok] != None || s != TxnPrepareCommit {
		t.Fatalf("%v, %v", c.codes[tok], s)
	}
	old := c.e.txnLog(c.e.txnNamed("tx")).leader()
	c.must(&CrashBroker{Broker: old})
	if c.e.txnNamed("tx") != nil {
		t.Error("the transaction is known without a coordinator")
	}
	c.wait(60_000)
	now := c.e.txnNamed("tx")
	if now == nil || now.state != TxnCompleteCommit || c.e.txnLog(now).leader() == old {
		t.Fatalf("%+v", now)
	}
	for p := range Partition(3) {
		if got := c.readCommitted(id, p); !slices.Equal(got, []string{"a"}) {
			t.Errorf("partition %d: %v", p, got)
		}
	}
	if code := x.end(true); code != None {
		t.Errorf("EndTxn again: %v", code)
	}
}

// Brokers crash and come back under transactions; with acks=all and clean elections
// every transaction that was answered as committed is there, and no other.
func TestTransactionsSurviveCrashes(t *testing.T) {
	for seed := range uint64(20) {
		c := newCluster(t, 3, int64(seed%3)*15, "transaction.state.log.num.partitions=2", "offsets.topic.num.partitions=2")
		id := c.topic("orders", 3, 3, ConfigEntry{Name: "min.insync.replicas", Value: "2"})
		r := rand.New(rand.NewPCG(seed, 5))
		x, y := c.producer("x"), c.producer("y")
		var want [3][]string
		down := int32(0)
		for round := range 14 {
			switch r.IntN(6) {
			case 4: // paused for a while, perhaps long enough to be taken for dead
				if b := FirstBroker + int32(r.IntN(3)); down == 0 {
					c.must(&PauseBroker{Broker: b})
					c.wait(Time(r.IntN(15_000)))
					c.must(&ResumeBroker{Broker: b})
				}
			case 5:
				if down == 0 {
					a, b := FirstBroker+int32(r.IntN(3)), FirstBroker+int32(r.IntN(3))
					if a != b {
						c.must(&CutLink{From: a, To: b})
						c.wait(Time(r.IntN(20_000)))
						c.must(&HealLink{From: a, To: b})
					}
				}
			case 0:
				if down == 0 {
					down = FirstBroker + int32(r.IntN(3))
					c.must(&CrashBroker{Broker: down})
				} else {
					c.must(&StartBroker{Broker: down})
					down = 0
					c.wait(Time(r.IntN(20_000)))
				}
			case 1:
				c.wait(Time(r.IntN(3000)))
			}
			tx := []*clusterTxn{x, y}[r.IntN(2)]
			type sent struct {
				p Partition
				v string
			}
			var values []sent
			ok := true
			for i := range r.IntN(4) + 1 {
				s := sent{Partition(r.IntN(3)), tx.name + strconv.Itoa(round) + "." + strconv.Itoa(i)}
				ok = ok && tx.produce(id, s.p, s.v) == None
				values = append(values, s)
			}
			commit := r.IntN(3) > 0
			if ok && tx.end(commit) == None {
				for _, s := range values {
					if commit {
						want[s.p] = append(want[s.p], s.v)
					}
				}
			} else {
				tx.init() // timed out meanwhile: the coordinator has aborted it
			}
		}
		if down != 0 {
			c.must(&StartBroker{Broker: down})
		}
		c.wait(120_000)
		for p := range Partition(3) {
			if got := c.readCommitted(id, p); !slices.Equal(got, want[p]) {
				t.Fatalf("seed %d, partition %d: %v\nwant %v", seed, p, got, want[p])
			}
			if v, _ := c.e.Partition(id, p); v.LastStable != v.HighWatermark {
				t.Errorf("seed %d, partition %d: %+v", seed, p, v)
			}
		}
	}
}

// A batch is not written before its partition is part of the transaction on all in-sync
// replicas of the coordinator's log: if that is lost, nothing hangs.
func TestProduceWaitsForItsPartition(t *testing.T) {
	for _, crash := range []bool{false, true} {
		c := newCluster(t, 3, 20, "transaction.state.log.num.partitions=1", "offsets.topic.num.partitions=1")
		id := c.topic("orders", 1, 3)
		c.try(&FindCoordinator{Key: "g"}) // makes the topic
		c.wait(1000)
		c.try(&OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "orders", LeaderEpoch: -1}}})
		x := c.producer("tx")
		c.wait(1000)
		first := c.at(0, &Produce{Topic: id, Acks: -1, TransactionalID: "tx", Batch: x.p.batch(int64(c.now), "a")})
		second := c.at(0, &Produce{Topic: id, Acks: -1, TransactionalID: "tx", Batch: x.p.batch(int64(c.now), "b")})
		offsets := c.at(0, &TxnOffsetCommit{TransactionalID: "tx", Group: "g", ProducerID: x.p.id, Epoch: x.p.epoch, Generation: -1,
			Offsets: []CommitOffset{{Topic: "orders", Offset: 1, LeaderEpoch: -1}}})
		log := c.e.txnLog(c.e.txnNamed("tx"))
		if v, _ := c.e.Partition(id, 0); v.LogEnd != 0 || c.e.pending(c.e.txnNamed("tx")) != true || len(c.bodies) != 0 && c.codes[first] != 0 {
			t.Fatalf("at once: %+v", v)
		}
		if crash {
			c.must(&CrashBroker{Broker: log.leader()})
		}
		c.wait(2000)
		if !crash {
			for _, tok := range []Token{first, second, offsets} {
				if r, ok := c.bodies[tok]; !ok || r.Code != None {
					t.Errorf("command %d: %+v", tok, r)
				}
			}
			if s := c.e.txnNamed("tx"); len(s.partitions) != 2 {
				t.Errorf("%+v", s)
			}
			if code := x.end(true); code != None {
				t.Errorf("EndTxn: %v", code)
			}
		}
		c.wait(120_000)
		if v, _ := c.e.Partition(id, 0); v.LastStable != v.HighWatermark {
			t.Errorf("crash %v: a transaction hangs: %+v", crash, v)
		}
		for _, tok := range []Token{first, second, offsets} {
			if _, ok := c.bodies[tok]; !ok {
				t.Errorf("crash %v: command %d is never answered", crash, tok)
			}
		}
	}
}

// With fewer in-sync replicas than transaction.state.log.min.isr the coordinator decides
// nothing: a decision could be lost.
func TestCoordinatorNeedsItsReplicas(t *testing.T) {
	c := newCluster(t, 3, 0, "transaction.state.log.num.partitions=1")
	id := c.topic("orders", 1, 3)
	x := c.producer("tx")
	x.produce(id, 0, "a")
	leader := c.e.txnLog(c.e.txnNamed("tx")).leader()
	var down []int32
	for b := FirstBroker; b < FirstBroker+3; b++ {
		if b != leader {
			c.must(&CrashBroker{Broker: b})
			down = append(down, b)
		}
	}
	c.wait(15_000)
	tok := c.at(0, &EndTxn{TransactionalID: "tx", ProducerID: x.p.id, Epoch: x.p.epoch, Commit: true})
	c.wait(3000)
	if c.codes[tok] != CoordinatorNotAvailable || len(c.readCommitted(id, 0)) > 0 {
		t.Errorf("it is decided by one broker alone: %v", c.codes[tok])
	}
	c.must(&StartBroker{Broker: down[0]})
	if code := x.end(true); code != None {
		t.Errorf("EndTxn again: %v", code)
	}
	c.wait(10_000)
	if s := c.e.txnNamed("tx"); s == nil || s.state != TxnCompleteCommit {
		t.Errorf("afterwards: %+v", s)
	}
}
