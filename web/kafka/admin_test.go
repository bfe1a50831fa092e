package kafka

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestOffsetFetchOfNobody: a group that is not known has offset -1 everywhere, and that is
// no error, in every version.
func TestOffsetFetchOfNobody(t *testing.T) {
	p := start(t)
	r := p.dial()
	for v := apis[9].min; v <= apis[9].max; v++ {
		q := kmsg.NewPtrOffsetFetchRequest()
		q.Version, q.Group = v, "nobody"
		q.Topics = []kmsg.OffsetFetchRequestTopic{{Topic: "orders", Partitions: []int32{0, 5}}}
		group := kmsg.NewOffsetFetchRequestGroup()
		group.Group, group.Topics = "nobody", []kmsg.OffsetFetchRequestGroupTopic{{Topic: "orders", Partitions: []int32{0, 5}}}
		q.Groups = append(q.Groups, group)
		a := ask(r, q, kmsg.NewPtrOffsetFetchResponse())
		var got []string
		for _, t := range a.Topics {
			for _, p := range t.Partitions {
				got = append(got, fmt.Sprint(t.Topic, p.Partition, p.Offset, p.ErrorCode, a.ErrorCode))
			}
		}
		for _, g := range a.Groups {
			for _, t := range g.Topics {
				for _, p := range t.Partitions {
					got = append(got, fmt.Sprint(t.Topic, p.Partition, p.Offset, p.ErrorCode, g.ErrorCode))
				}
			}
		}
		if fmt.Sprint(got) != "[orders0 -1 0 0 orders5 -1 0 0]" {
			t.Errorf("version %d: %v", v, got)
		}
	}
}

// TestTopicsAreChecked: names and settings of topics are validated as Kafka does.
func TestTopicsAreChecked(t *testing.T) {
	p := start(t)
	admin, ctx := kadm.NewClient(p.franz()), within(t)
	if made, err := admin.CreateTopics(ctx, 1, 1, nil, "with_under", strings.Repeat("x", 249)); err != nil || made.Error() != nil {
		t.Fatal(err, made.Error())
	}
	for _, name := range []string{"", ".", "..", "a b", "a/b", "ä", "a\x00", strings.Repeat("x", 250), "with.under"} {
		made, err := admin.CreateTopics(ctx, 1, 1, nil, name)
		if err != nil || !errors.Is(made[name].Err, kerr.InvalidTopicException) {
			t.Errorf("topic %q: %v, %v", name, err, made[name].Err)
		}
	}
	for setting, value := range map[string]string{"nothing": "1", "retention.ms": "soon", "cleanup.policy": "burn", "min.insync.replicas": "0", "segment.bytes": "-5", "compression.type": "rar"} {
		made, err := admin.CreateTopics(ctx, 1, 1, map[string]*string{setting: &value}, "set")
		if err != nil || !errors.Is(made["set"].Err, kerr.InvalidConfig) || !strings.Contains(made["set"].ErrMessage, setting) {
			t.Errorf("%s=%s: %v, %v, %q", setting, value, err, made["set"].Err, made["set"].ErrMessage)
		}
	}
	for what, c := range map[string]struct {
		partitions int32
		replicas   int16
		want       error
	}{"no partitions": {0, 1, kerr.InvalidPartitions}, "too many replicas": {1, 2, kerr.InvalidReplicationFactor}, "no replicas": {1, 0, kerr.InvalidReplicationFactor}} {
		made, err := admin.CreateTopics(ctx, c.partitions, c.replicas, nil, "counted")
		if err != nil || !errors.Is(made["counted"].Err, c.want) {
			t.Errorf("%s: %v, %v", what, err, made["counted"].Err)
		}
	}
}

// TestFranzAdminOfBrokers: kadm moves replicas, elects leaders, deletes records and
// offsets, and looks at producers and logs, in a cluster of three brokers.
func TestFranzAdminOfBrokers(t *testing.T) {
	p := startOf(t, 3)
	p.topic("moved partitions=2 replication=2")
	c := p.franz(kgo.DefaultProduceTopic("moved"), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.MetadataMinAge(50*time.Millisecond))
	admin, ctx := kadm.NewClient(c), within(t)
	for i := range 10 {
		if err := c.ProduceSync(ctx, &kgo.Record{Value: fmt.Append(nil, i)}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	var move kadm.AlterPartitionAssignmentsReq
	move.Assign("moved", 0, []int32{103, 101, 102})
	if moved, err := admin.AlterPartitionAssignments(ctx, move); err != nil || moved.Error() != nil {
		t.Fatal(err, moved.Error())
	}
	detail := func() kadm.PartitionDetail {
		topics, err := admin.ListTopics(ctx, "moved")
		if err != nil {
			t.Fatal(err)
		}
		return topics["moved"].Partitions[0]
	}
	eventually := func(what string, so func() bool) {
		t.Helper()
		for limit := time.After(testMost); !so(); {
			select {
			case <-time.After(20 * time.Millisecond):
			case <-limit:
				t.Fatalf("it never came to %s: %+v", what, detail())
			}
		}
	}
	eventually("three replicas in sync, and no move under way", func() bool {
		moving, err := admin.ListPartitionReassignments(ctx, kadm.TopicsSet{"moved": {0: {}}})
		return err == nil && len(moving.Sorted()) == 0 && len(detail().ISR) == 3
	})
	elected, err := admin.ElectLeaders(ctx, kadm.ElectPreferredReplica, kadm.TopicsSet{"moved": {0: {}}})
	if err != nil || elected["moved"][0].Err != nil && !errors.Is(elected["moved"][0].Err, kerr.ElectionNotNeeded) {
		t.Errorf("elected: %v, %+v", err, elected)
	}
	eventually("its preferred leader", func() bool { return detail().Leader == 103 })

	deleted, err := admin.DeleteRecords(ctx, kadm.Offsets{"moved": {0: {Topic: "moved", At: 4}}})
	if err != nil || deleted.Error() != nil || deleted["moved"][0].LowWatermark != 4 {
		t.Errorf("deleted: %v, %+v", err, deleted)
	}
	if starts, err := admin.ListStartOffsets(ctx, "moved"); err != nil || starts["moved"][0].Offset != 4 {
		t.Errorf("starts: %v, %+v", err, starts)
	}
	producers, err := admin.DescribeProducers(ctx, kadm.TopicsSet{"moved": {0: {}}})
	if err != nil || len(producers["moved"].Partitions[0].ActiveProducers) != 1 {
		t.Errorf("producers: %v, %+v", err, producers)
	}
	if ends, err := admin.OffsetForLeaderEpoch(ctx, kadm.OffsetForLeaderEpochRequest{"moved": {0: 0}}); err != nil || ends["moved"][0].Err != nil || ends["moved"][0].EndOffset != 10 {
		t.Errorf("the end of epoch 0: %v, %+v", err, ends)
	}
	offsets := kadm.Offsets{"moved": {0: {Topic: "moved", At: 5, LeaderEpoch: -1}, 1: {Topic: "moved", Partition: 1, At: 0, LeaderEpoch: -1}}}
	if err := admin.CommitAllOffsets(ctx, "idle", offsets); err != nil {
		t.Fatal(err)
	}
	if gone, err := admin.DeleteOffsets(ctx, "idle", kadm.TopicsSet{"moved": {0: {}}}); err != nil || gone.Error() != nil {
		t.Errorf("deleted offsets: %v, %+v", err, gone)
	}
	if left, err := admin.FetchOffsets(ctx, "idle"); err != nil || len(left["moved"]) != 1 || left["moved"][1].At != 0 {
		t.Errorf("what is left: %v, %+v", err, left)
	}
	if configs, err := admin.DescribeBrokerConfigs(ctx, 102); err != nil || len(configs) != 1 || len(configs[0].Configs) < 20 {
		t.Errorf("broker configs: %v, %d", err, len(configs))
	}
}
