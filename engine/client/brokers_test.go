package client_test

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// newCluster is a world of several brokers, 5 ms from everywhere.
func newCluster(t *testing.T, brokers int) *world {
	w := newWorld(t)
	w.e = engine.New(engine.Config{Seed: 1, Brokers: brokers, LatencyMs: 1, Racks: []string{"a", "b", "c"},
		Defaults: []engine.ConfigEntry{{Name: "group.initial.rebalance.delay.ms", Value: "0"},
			{Name: "replica.selector.class", Value: "org.apache.kafka.common.replica.RackAwareReplicaSelector"}}})
	w.latency, w.anyValue = 5, true
	return w
}

// replicated makes orders with three replicas of each partition.
func (w *world) replicated(partitions int32) {
	w.t.Helper()
	r := w.do(&engine.CreateTopic{Name: "orders", Partitions: partitions, ReplicationFactor: 3,
		Config: []engine.ConfigEntry{{Name: "min.insync.replicas", Value: "2"}}})
	w.topics["orders"] = r.Body.(*engine.CreateTopicReply).Topic
}

// feed sends numbered records, one every 20 ms, keyed by their partition, and runs.
func (w *world) feed(m *member, from, to int, partitions int32) {
	for i := from; i < to; i++ {
		p := int32(i) % partitions
		if err := m.p.Send(w.now, "orders", p, []byte(strconv.Itoa(int(p))), []byte(strconv.Itoa(i)), nil); err != nil {
			w.t.Fatal(err)
		}
		m.p.Tick(w.now)
		w.settle(m)
		w.run(w.now + 20)
	}
}

func (w *world) leader(p engine.Partition) int32 {
	v, _ := w.e.Partition(w.topics["orders"], p)
	return v.Leader
}

// once checks that records 0 to n-1 were each processed once, by partition in order.
func (w *world) once(m *member, n int, partitions int) {
	w.t.Helper()
	last := make([]int, partitions)
	for i := range last {
		last[i] = -1
	}
	for _, v := range m.values {
		i, _ := strconv.Atoi(v)
		if i <= last[i%partitions] {
			w.t.Errorf("record %d after %d", i, last[i%partitions])
		}
		last[i%partitions] = i
	}
	got := slices.Sorted(slices.Values(m.values))
	want := slices.Sorted(slices.Values(numbers(n)))
	if !slices.Equal(got, want) {
		w.t.Errorf("processed %d of %d records: %v", len(got), n, m.values)
	}
}

// TestClientsOutliveBrokers: whatever broker goes away, every acknowledged record is
// processed, once and in order.
func TestClientsOutliveBrokers(t *testing.T) {
	for seed := range 3 {
		w := newCluster(t, 3)
		w.replicated(3)
		producer := w.startProducer("p", "request.timeout.ms=3000")
		consumer := w.start("c", "request.timeout.ms=3000", "session.timeout.ms=20000", "metadata.max.age.ms=10000")
		w.feed(producer, 0, 60, 3)
		var down int32
		for i := range 3 {
			down = 101 + int32(i+seed)%3
			w.do(&engine.CrashBroker{Broker: down})
			w.feed(producer, 60+40*i, 80+40*i, 3)
			w.run(w.now + 12_000)
			w.do(&engine.StartBroker{Broker: down})
			w.feed(producer, 80+40*i, 100+40*i, 3)
			w.run(w.now + 12_000)
		}
		w.run(w.now + 20_000)
		if v := producer.p.View(); v.Acked != 180 || v.Failed != 0 || !producer.p.Idle() {
			t.Errorf("producer: %+v", v)
		}
		w.once(consumer, 180, 3)
		if consumer.see().State != client.Stable {
			t.Errorf("consumer: %+v\n%v", consumer.see(), consumer.facts)
		}
	}
}

// TestASuspendedBrokerIsWaitedForAndThenLeft: its sockets stay open and say nothing.
func TestASuspendedBrokerIsWaitedForAndThenLeft(t *testing.T) {
	w := newCluster(t, 3)
	w.replicated(3)
	producer := w.startProducer("p", "request.timeout.ms=3000")
	consumer := w.start("c", "request.timeout.ms=3000", "session.timeout.ms=20000")
	w.feed(producer, 0, 30, 3)
	w.do(&engine.PauseBroker{Broker: w.leader(0)})
	w.feed(producer, 30, 60, 3)
	w.run(w.now + 40_000)
	w.feed(producer, 60, 90, 3)
	w.run(w.now + 20_000)
	if v := producer.p.View(); v.Acked != 90 || v.Failed != 0 {
		t.Errorf("producer: %+v", v)
	}
	w.once(consumer, 90, 3)
}

func TestNotEnoughReplicasIsTriedAgain(t *testing.T) {
	w := newCluster(t, 3)
	w.replicated(1)
	producer := w.startProducer("p")
	w.feed(producer, 0, 5, 1)
	leader := w.leader(0)
	var others []int32
	for b := int32(101); b <= 103; b++ {
		if b != leader {
			others = append(others, b)
			w.do(&engine.CrashBroker{Broker: b})
		}
	}
	w.run(w.now + 15_000)
	w.feed(producer, 5, 10, 1)
	w.run(w.now + 5_000)
	if v := producer.p.View(); v.Acked != 5 || v.Failed != 0 {
		t.Errorf("with one of three replicas in sync: %+v", v)
	}
	w.do(&engine.StartBroker{Broker: others[0]})
	w.run(w.now + 20_000)
	if v := producer.p.View(); v.Acked != 10 || v.Failed != 0 {
		t.Errorf("with two: %+v", v)
	}
}

func TestAFollowerInTheSameRackIsFetchedFrom(t *testing.T) {
	w := newCluster(t, 3)
	w.replicated(1)
	producer := w.startProducer("p")
	w.feed(producer, 0, 3, 1)
	rack := map[int32]string{101: "b", 102: "c", 103: "a"}[w.leader(0)]
	want := map[string]int32{"a": 101, "b": 102, "c": 103}[rack]
	fetched := map[int32]int{}
	w.lose = func(m *member, cmd engine.Command) (bool, bool) { return false, false }
	consumer := w.start("c", "client.rack="+rack)
	w.seen = func(broker int32, cmd engine.Command) {
		if _, ok := cmd.(*engine.Fetch); ok {
			fetched[broker]++
		}
	}
	w.feed(producer, 3, 50, 1)
	w.run(w.now + 2_000)
	w.once(consumer, 50, 1)
	if fetched[w.leader(0)] > 2 || fetched[want] < 5 {
		t.Errorf("fetches by broker: %v; the leader is %d, the rack's is %d", fmt.Sprint(fetched), w.leader(0), want)
	}
}
