package kafka

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine"
)

// TestBrokersHavePorts: each broker of a room is reached at a port of its own, and leaders
// live in different places.
func TestBrokersHavePorts(t *testing.T) {
	p := startOf(t, 3)
	p.topic("spread partitions=6 replication=3")
	meta, err := kadm.NewClient(p.franz()).Metadata(within(t), "spread")
	if err != nil {
		t.Fatal(err)
	}
	ports, leaders := map[int32]bool{}, map[int32]bool{}
	for _, b := range meta.Brokers {
		ports[b.Port] = true
	}
	for _, part := range meta.Topics["spread"].Partitions {
		leaders[part.Leader] = true
		if len(part.ISR) != 3 || len(part.OfflineReplicas) != 0 {
			t.Errorf("partition %d: %+v", part.Partition, part)
		}
	}
	if len(ports) != 3 || len(leaders) != 3 {
		t.Errorf("ports %v, leaders %v", ports, leaders)
	}
}

// TestFailover: a broker that leads crashes; producers and consumers go on with its
// followers, and nothing that was acknowledged is lost or out of order.
func TestFailover(t *testing.T) {
	p := startWith(t, 3, Config{}, engine.ConfigEntry{Name: "broker.session.timeout.ms", Value: "2000"}, engine.ConfigEntry{Name: "broker.heartbeat.interval.ms", Value: "500"})
	p.topic("safe partitions=3 replication=3 min.insync.replicas=2")
	producer := p.franz(kgo.DefaultProduceTopic("safe"), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MetadataMinAge(50*time.Millisecond))
	consumer := p.franz(kgo.ConsumeTopics("safe"), kgo.ConsumerGroup("watch"), kgo.MetadataMinAge(50*time.Millisecond))
	n := 0
	send := func(count int) {
		for range count {
			r := &kgo.Record{Partition: int32(n % 3), Value: fmt.Append(nil, n)}
			if err := producer.ProduceSync(within(t), r).FirstErr(); err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	send(30)
	got := take(t, consumer, 30)
	p.script("broker crash 102")
	send(30)
	got = append(got, take(t, consumer, 30)...)
	p.script("broker start 102")
	p.script("broker crash 101")
	send(30)
	got = append(got, take(t, consumer, 30)...)
	var values [3][]int
	for _, r := range got {
		var v int
		fmt.Sscan(string(r.Value), &v)
		values[r.Partition] = append(values[r.Partition], v)
	}
	for i := range values {
		if len(values[i]) != n/3 || !slices.IsSorted(values[i]) {
			t.Errorf("partition %d has %d records, want %d in order: %v", i, len(values[i]), n/3, values[i])
		}
	}
	if conn, err := kadm.NewClient(producer).BrokerMetadata(within(t)); err != nil || len(conn.Brokers) != 2 {
		t.Errorf("brokers: %v, %+v", err, conn.Brokers)
	}
}
