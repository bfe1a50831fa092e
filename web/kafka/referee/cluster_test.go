package referee

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
	"partita/web/page"
)

// Work that needs several brokers is done at clusters of three: one of them stops in good
// order and comes back, partitions move, and leaders are elected. kfake has no replicas
// that could fall behind, so it is not asked.

// trio is a cluster of three brokers, firstBroker and the next two.
type trio struct {
	*target
	stop, start func(id int32) error
}

const clusterPrefix = "cluster: "

// ofCluster are the differences that several brokers show, or all others.
func ofCluster(all []page.Difference, cluster bool) []page.Difference {
	return slices.DeleteFunc(slices.Clone(all), func(d page.Difference) bool { return strings.HasPrefix(d.What, clusterPrefix) != cluster })
}

// apacheTrio starts three brokers, each of which is a controller too.
func apacheTrio(t *testing.T) *trio {
	ctx := within(t)
	var ports, controls [3]int
	var voters []string
	for i := range ports {
		var err error
		if ports[i], err = freePort(); err == nil {
			controls[i], err = freePort()
		}
		if err != nil {
			t.Fatal(err)
		}
		voters = append(voters, fmt.Sprintf("%d@127.0.0.1:%d", firstBroker+i, controls[i]))
	}
	var brokers [3]*apache
	var errs [3]error
	var wait sync.WaitGroup
	for i := range brokers {
		wait.Go(func() {
			if brokers[i], errs[i] = newApache(ctx, firstBroker+i, ports[i], controls[i], strings.Join(voters, ",")); errs[i] == nil {
				errs[i] = brokers[i].serve(ctx)
				t.Cleanup(func() { brokers[i].stop() })
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	for _, b := range brokers {
		if err := b.wait(ctx); err != nil {
			t.Fatal(err)
		}
	}
	return &trio{&target{name: nameApache, addr: brokers[0].addr},
		func(id int32) error { return brokers[id-firstBroker].shutDown() },
		func(id int32) error { return brokers[id-firstBroker].serve(context.Background()) }}
}

// partitaTrio is a room of three brokers.
func partitaTrio(t *testing.T) *trio {
	p, err := startPartitaOf(3)
	if err != nil {
		t.Fatal(err)
	}
	run := func(line string) error {
		h, err := p.rooms.Visit(host.MainCode)
		if err != nil {
			return err
		}
		results, err := h.Script(line)
		if err == nil && results[0].Error != "" {
			err = errors.New(results[0].Error)
		}
		return err
	}
	return &trio{p, func(id int32) error { return run(fmt.Sprint("broker stop ", id)) }, func(id int32) error { return run(fmt.Sprint("broker start ", id)) }}
}

// TestSameCluster does the same work at three brokers of Apache Kafka's and of Partita's.
func TestSameCluster(t *testing.T) {
	t.Parallel()
	trios := []*trio{apacheTrio(t), partitaTrio(t)}
	seen := make([]map[string]string, len(trios))
	var wait sync.WaitGroup
	for i, c := range trios {
		wait.Go(func() {
			p := &play{T: t, at: c.target, act: "cluster", names: map[string]string{}, kinds: map[string]int{}, seen: map[string]string{}, steps: map[string]int{}}
			cluster(p, c)
			seen[i] = p.seen
		})
	}
	wait.Wait()
	judge(t, namePartita, seen[0], seen[1], ofCluster(page.Differences(), true))
	t.Logf("%d things seen at Apache Kafka", len(seen[0]))
}

// placed are the topics of the work, by their replicas in order of preference.
var placed = []struct {
	name     string
	replicas [][]int32
	least    string // min.insync.replicas
}{
	{"cluster.a", [][]int32{{101, 102, 103}, {102, 103, 101}, {103, 101, 102}}, "2"},
	{"cluster.all", [][]int32{{101, 102, 103}}, "3"},
	{"cluster.single", [][]int32{{102}, {101}}, "1"},
}

func cluster(p *play, c *trio) {
	p.until("three brokers", func() bool {
		a, err := p.ask(anyVersion, kmsg.NewPtrMetadataRequest())
		return err == nil && len(a.(*kmsg.MetadataResponse).Brokers) == 3
	})
	for _, t := range placed {
		topic := newTopic(t.name, -1, -1, "retention.ms=-1", "min.insync.replicas="+t.least)
		for i, ids := range t.replicas {
			topic.ReplicaAssignment = append(topic.ReplicaAssignment, kmsg.CreateTopicsRequestTopicReplicaAssignment{Partition: int32(i), Replicas: ids})
		}
		p.create("create", false, topic)
	}
	p.stands("at first", "isr=[101 102 103] offline=[]")
	for _, t := range placed[:2] {
		p.until("leads "+t.name, func() bool { return p.leadsHere(t.name) })
	}
	record := batchOf([]rec{{key: []byte("k"), value: []byte("v")}}, nil)
	p.produce("all are in sync", "cluster.all", record)
	p.produce("two are enough", "cluster.a", record)
	p.elect("not needed", "cluster.a", 0, 0)
	p.reassigning("none is moving")

	if err := c.stop(102); err != nil {
		p.Error(err)
		return
	}
	p.stands("one has stopped", "isr=[101 103] offline=[102]")
	p.produce("one is missing", "cluster.all", record)
	p.produce("enough are left", "cluster.a", record)
	p.elect("preferred is gone", "cluster.a", 1, 0)
	p.elect("unclean, not needed", "cluster.a", 1, 1)
	p.elect("unclean, nobody is left", "cluster.single", 0, 1)
	p.reassign("to who is gone", "cluster.single", 1, 101, 102)
	p.reassigning("waiting for who is gone")
	p.reassign("cancelled", "cluster.single", 1)
	p.reassign("cancelled again", "cluster.single", 1)
	p.reassign("to a broker that is none", "cluster.a", 0, 101, 109)
	p.reassign("to nobody", "cluster.a", 0, []int32{}...)
	p.reassign("to one twice", "cluster.a", 0, 101, 101)
	p.reassign("to fewer, which must not be", "cluster.a", 0, 101)
	p.reassign("unknown partition", "cluster.a", 7, 101)
	p.reassign("unknown topic", "cluster.none", 0, 101)
	p.reassigning("none any more")

	if err := c.start(102); err != nil {
		p.Error(err)
		return
	}
	p.stands("it is back", "isr=[101 102 103] offline=[]")
	p.produce("all are in sync again", "cluster.all", record)
	p.elect("preferred", "cluster.a", 1, 0)
	p.until("preferred", func() bool { return strings.Contains(p.standing(), "cluster.a-1 leader=102") })
	p.stands("preferred leads", "")
	p.reassign("move", "cluster.a", 2, 101, 103)
	p.until("moved", func() bool {
		return strings.Contains(p.standing(), "cluster.a-2 leader=103 epoch=") && p.moving() == "NONE"
	})
	p.stands("moved", "")
	p.reassign("move away from the leader", "cluster.a", 0, 102, 103)
	p.until("moved again", func() bool { return strings.Contains(p.standing(), "cluster.a-0 leader=102") && p.moving() == "NONE" })
	p.stands("moved again", "")
	for epoch := int32(-1); epoch < 4; epoch++ {
		q := kmsg.NewPtrOffsetForLeaderEpochRequest()
		part := kmsg.NewOffsetForLeaderEpochRequestTopicPartition()
		part.LeaderEpoch, part.CurrentLeaderEpoch = epoch, -1
		q.ReplicaID, q.Topics = -1, []kmsg.OffsetForLeaderEpochRequestTopic{{Topic: "cluster.all", Partitions: []kmsg.OffsetForLeaderEpochRequestTopicPartition{part}}}
		p.do(fmt.Sprint("end of epoch ", epoch), q)
	}
}

// standing is how all partitions stand.
func (p *play) standing() string {
	q := kmsg.NewPtrDescribeTopicPartitionsRequest()
	q.ResponsePartitionLimit = 100
	for _, t := range placed {
		q.Topics = append(q.Topics, kmsg.DescribeTopicPartitionsRequestTopic{Topic: t.name})
	}
	a, err := p.ask(anyVersion, q)
	if err != nil {
		return ended(err)
	}
	var lines []string
	for _, t := range a.(*kmsg.DescribeTopicPartitionsResponse).Topics {
		for _, part := range t.Partitions {
			slices.Sort(part.ISR)
			lines = append(lines, fmt.Sprint(*t.Topic, "-", part.Partition, " leader=", part.LeaderID, " epoch=", part.LeaderEpoch, " replicas=", part.Replicas,
				" isr=", part.ISR, " offline=", part.OfflineReplicas, " ", codeName(part.ErrorCode)))
		}
	}
	return sorted(lines)
}

// stands notes how the partitions stand when the four with three replicas stand as is
// wanted and nothing changes any more.
func (p *play) stands(step, want string) {
	last := ""
	p.until(step, func() bool {
		before := last
		last = p.standing()
		return last == before && (want == "" || strings.Count(last, want) == 4)
	})
	for line := range strings.SplitSeq(last, "; ") {
		name, state, _ := strings.Cut(line, " ")
		p.see(step+" "+name, state)
	}
	for _, t := range placed {
		q := kmsg.NewPtrMetadataRequest()
		q.Topics = []kmsg.MetadataRequestTopic{{Topic: &t.name}}
		a, err := p.ask(anyVersion, q)
		if err != nil || len(a.(*kmsg.MetadataResponse).Topics) != 1 {
			p.see(step+" metadata "+t.name, ended(err))
			continue
		}
		for _, part := range a.(*kmsg.MetadataResponse).Topics[0].Partitions {
			slices.Sort(part.ISR)
			p.see(fmt.Sprint(step, " metadata ", t.name, "-", part.Partition), fmt.Sprint(codeName(part.ErrorCode), " leader=", part.Leader, " epoch=", part.LeaderEpoch,
				" isr=", part.ISR, " offline=", part.OfflineReplicas))
		}
	}
}

// leadsHere tells whether the broker that is asked knows that it leads partition 0.
func (p *play) leadsHere(topic string) bool {
	q := kmsg.NewPtrListOffsetsRequest()
	part := kmsg.NewListOffsetsRequestTopicPartition()
	part.Timestamp, part.CurrentLeaderEpoch = -1, -1
	q.ReplicaID, q.Topics = -1, []kmsg.ListOffsetsRequestTopic{{Topic: topic, Partitions: []kmsg.ListOffsetsRequestTopicPartition{part}}}
	a, err := p.ask(anyVersion, q)
	return err == nil && a.(*kmsg.ListOffsetsResponse).Topics[0].Partitions[0].ErrorCode == 0
}

// elect asks for an election: kind 0 of the preferred leader, 1 an unclean one.
func (p *play) elect(step, topic string, partition int32, kind int8) {
	q := kmsg.NewPtrElectLeadersRequest()
	q.ElectionType, q.TimeoutMillis = kind, 10_000
	q.Topics = []kmsg.ElectLeadersRequestTopic{{Topic: topic, Partitions: []int32{partition}}}
	p.do(step, q)
}

// reassign moves a partition; without replicas (nil) it cancels that.
func (p *play) reassign(step, topic string, partition int32, replicas ...int32) {
	q := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	q.TimeoutMillis, q.AllowReplicationFactorChange = 10_000, !strings.Contains(step, "must not")
	q.Topics = []kmsg.AlterPartitionAssignmentsRequestTopic{{Topic: topic, Partitions: []kmsg.AlterPartitionAssignmentsRequestTopicPartition{{Partition: partition, Replicas: replicas}}}}
	p.do(step, q)
}

// moving is which partitions move.
func (p *play) moving() string {
	q := kmsg.NewPtrListPartitionReassignmentsRequest()
	q.TimeoutMillis = 10_000
	r, err := p.ask(anyVersion, q)
	if err != nil {
		return ended(err)
	}
	a := r.(*kmsg.ListPartitionReassignmentsResponse)
	lines := []string{codeName(a.ErrorCode)}
	for _, t := range a.Topics {
		for _, part := range t.Partitions {
			lines = append(lines, fmt.Sprint(t.Topic, "-", part.Partition, " replicas=", part.Replicas, " adding=", part.AddingReplicas, " removing=", part.RemovingReplicas))
		}
	}
	return strings.Join(lines, " ")
}

// reassigning notes which partitions move.
func (p *play) reassigning(step string) { p.see(step, p.moving()) }
