package engine

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/batch"
)

// chaos runs random faults and load, then heals everything, and checks that no record is
// lost that all in-sync replicas had acknowledged. It returns the digest.
func chaos(t *testing.T, seed uint64, halfway func(*Engine) *Engine) uint64 {
	c := newCluster(t, 3+int(seed%3), int64(seed%4)*3, "offsets.topic.num.partitions=2", "default.replication.factor=3")
	random := rand.New(rand.NewPCG(seed, 1))
	id := c.topic("orders", 1, 3, ConfigEntry{Name: "min.insync.replicas", Value: strconv.Itoa(1 + int(seed/3%2))})
	sent := map[Token]string{}
	broker := func() int32 { return FirstBroker + int32(random.IntN(len(c.e.brokers))) }
	for step := range 150 {
		if step == 75 {
			c.e = halfway(c.e)
		}
		switch n := random.IntN(20); {
		case n < 8:
			value := "v" + strconv.Itoa(step)
			acks := int16(-1)
			if n == 0 {
				acks = 1
			}
			tok := c.produce(int32(random.IntN(2))*broker(), id, acks, value)
			if acks < 0 {
				sent[tok] = value
			}
		case n == 8:
			c.at(0, &CrashBroker{Broker: broker()})
		case n == 9:
			c.at(0, &StopBroker{Broker: broker()})
		case n < 13:
			c.at(0, &StartBroker{Broker: broker()})
		case n == 13:
			c.at(0, &PauseBroker{Broker: broker()})
		case n == 14:
			c.at(0, &ResumeBroker{Broker: broker()})
		case n == 15:
			c.at(0, &CutLink{From: broker(), To: broker()})
		case n == 16:
			c.at(0, &HealLink{From: int32(random.IntN(2)) * broker(), To: int32(random.IntN(2)) * broker()})
		case n == 17:
			c.at(broker(), &OffsetCommit{Group: "g" + strconv.Itoa(random.IntN(3)), Generation: -1,
				Offsets: []CommitOffset{{Topic: "orders", LeaderEpoch: -1}}})
		case n == 18:
			c.at(0, &AlterReassignments{Partitions: []Reassignment{{"orders", 0, c.e.placeReplicas(TopicID(random.IntN(9)+1), 0, 3)}}})
		default:
			c.at(0, &ElectLeaders{})
		}
		c.wait(Time(random.IntN(4000)))
	}
	c.at(0, &HealLink{})
	for _, b := range c.e.Brokers(nil) {
		c.at(0, &ResumeBroker{Broker: b.ID})
	}
	c.wait(5000) // those that shut down have ended
	for _, b := range c.e.Brokers(nil) {
		c.at(0, &StartBroker{Broker: b.ID})
	}
	c.wait(120_000)
	acked := ""
	for tok := range c.token {
		if v := sent[tok]; v != "" && c.codes[tok] == None && c.bodies[tok].Token == tok {
			acked += v + " "
		}
	}
	got := c.values(id)
	for _, v := range strings.Fields(acked) {
		if !slices.Contains(got, v) {
			t.Fatalf("seed %d: %s was acknowledged and is lost; there are %v", seed, v, got)
		}
	}
	for _, r := range c.e.Replicas(id, 0, nil) {
		if !r.InSync || r.LEO != c.view(id).LogEnd || r.Diverged >= 0 || c.view(id).HighWatermark != r.LEO {
			t.Fatalf("seed %d: when all is well again: %+v of %+v", seed, r, c.view(id))
		}
	}
	return c.e.Digest()
}

func TestChaos(t *testing.T) {
	for seed := range uint64(40) {
		one := chaos(t, seed, func(e *Engine) *Engine { return e })
		if two := chaos(t, seed, func(e *Engine) *Engine {
			other := New(Config{})
			other.Restore(e.Snapshot())
			return other
		}); one != two {
			t.Fatalf("seed %d: %x, and %x through a snapshot", seed, one, two)
		}
	}
}

// TestWildChaos adds what may lose records: power failures, unclean elections, retention,
// deleted records and topics. The state must hold together, and all is well in the end.
func TestWildChaos(t *testing.T) {
	for seed := range uint64(60) {
		wild(t, seed)
	}
}

func wild(t *testing.T, seed uint64) {
	c := newCluster(t, 2+int(seed%4), int64(seed%3)*7, "offsets.topic.num.partitions=2", "default.replication.factor=2",
		"unclean.leader.election.enable="+strconv.FormatBool(seed%2 == 0), "log.retention.check.interval.ms=5000", "replica.fetch.max.bytes=200",
		"replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector")
	random := rand.New(rand.NewPCG(seed, 2))
	for i := range c.e.brokers {
		c.e.brokers[i].rack = string(rune('a' + i%2))
	}
	settings := []ConfigEntry{{Name: "segment.bytes", Value: "400"}, {Name: "retention.bytes", Value: "1500"}}
	id := c.topic("orders", 1, 2, settings...)
	broker := func() int32 { return FirstBroker + int32(random.IntN(len(c.e.brokers))) }
	maybe := func() int32 { return int32(random.IntN(2)) * broker() }
	sequence := int32(0)
	for step := range 200 {
		switch n := random.IntN(28); n {
		case 0, 1, 2, 3, 4:
			c.produce(maybe(), id, int16(random.IntN(3)-1), strings.Repeat("x", 1+random.IntN(90)), strconv.Itoa(step))
		case 5:
			var b batch.Builder
			b.Reset(nil)
			b.Header.ProducerID, b.Header.BaseSequence = 5, sequence
			b.Add(int64(c.now), nil, []byte("y"), nil)
			sequence++
			c.at(maybe(), &Produce{Topic: id, Acks: -1, Batch: b.Finish()})
		case 6, 7:
			c.at(0, &CrashBroker{Broker: broker(), LoseUnsynced: n == 6})
		case 8:
			c.at(0, &StopBroker{Broker: broker()})
		case 9, 10, 11:
			c.at(0, &StartBroker{Broker: broker()})
		case 12:
			c.at(0, &PauseBroker{Broker: broker()})
		case 13:
			c.at(0, &ResumeBroker{Broker: broker()})
		case 14:
			c.at(0, &CutLink{From: maybe(), To: maybe()})
		case 15, 16:
			c.at(0, &HealLink{From: maybe(), To: maybe()})
		case 17:
			c.at(0, &SlowBroker{Broker: broker(), DelayMs: int64(random.IntN(3)) * 300})
		case 18:
			c.at(0, &SetBrokerLatency{Ms: int64(random.IntN(50))})
		case 19:
			c.at(0, &AlterReassignments{Partitions: []Reassignment{{"orders", 0, c.e.placeReplicas(TopicID(random.IntN(9)+1), 0, 1+random.IntN(len(c.e.brokers)))}}})
		case 20:
			c.at(0, &ElectLeaders{Unclean: random.IntN(2) == 0})
		case 21:
			c.at(maybe(), &DeleteRecords{Topic: id, Before: -1})
		case 22:
			c.at(0, &DeleteTopic{Name: "other"})
			c.at(maybe(), &CreateTopic{Name: "other", Partitions: 2, ReplicationFactor: -1})
		case 23, 24:
			c.at(maybe(), &Fetch{Parts: []FetchPart{{Topic: id, Offset: c.view(id).HighWatermark, MaxBytes: 500, CheckEpoch: n == 23, LeaderEpoch: c.view(id).LeaderEpoch}},
				MinBytes: 1, MaxBytes: 500, MaxWaitMs: 3000, Rack: string(rune('a' + random.IntN(2)))})
		case 25:
			c.at(maybe(), &OffsetCommit{Group: "g" + strconv.Itoa(random.IntN(3)), Generation: -1, Offsets: []CommitOffset{{Topic: "orders", LeaderEpoch: -1}}})
		case 26:
			c.at(maybe(), &InitProducerID{TransactionalID: "t", TimeoutMs: 1000, ProducerID: -1, Epoch: -1})
		default:
			c.at(maybe(), &Metadata{All: true})
			c.at(maybe(), &ListOffsets{Topic: id, Timestamp: TimestampLatest})
		}
		c.wait(Time(random.IntN(3000)))
	}
	c.at(0, &HealLink{})
	for _, b := range c.e.Brokers(nil) {
		c.at(0, &ResumeBroker{Broker: b.ID})
	}
	c.wait(5000) // those that shut down have ended
	for _, b := range c.e.Brokers(nil) {
		c.at(0, &StartBroker{Broker: b.ID})
		c.at(0, &SlowBroker{Broker: b.ID})
	}
	c.wait(120_000)
	for _, r := range c.e.Replicas(id, 0, nil) {
		if !r.InSync || r.LEO != c.view(id).LogEnd || r.Diverged >= 0 || c.view(id).HighWatermark != r.LEO {
			t.Fatalf("seed %d: when all is well again: %+v of %+v", seed, r, c.view(id))
		}
	}
	if open := len(c.e.parked); open > 0 {
		t.Fatalf("seed %d: %d fetches are still parked", seed, open)
	}
	for tok := Token(1); tok <= c.token; tok++ {
		if _, ok := c.codes[tok]; !ok && !c.silent[tok] {
			t.Fatalf("seed %d: command %d was never answered", seed, tok)
		}
	}
}
