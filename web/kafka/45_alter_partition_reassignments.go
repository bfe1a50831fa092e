package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AlterPartitionReassignments: 0 (KIP-455). Null replicas cancel a reassignment.
func init() { on(45, 0, 0, alterReassignments) }

func alterReassignments(c *call, q *kmsg.AlterPartitionAssignmentsRequest, a *kmsg.AlterPartitionAssignmentsResponse) {
	cmd := &engine.AlterReassignments{}
	for i := range q.Topics {
		for j := range q.Topics[i].Partitions {
			p := &q.Topics[i].Partitions[j]
			cmd.Partitions = append(cmd.Partitions, engine.Reassignment{Topic: q.Topics[i].Topic, Partition: engine.Partition(p.Partition), Replicas: slices.Clone(p.Replicas)})
		}
	}
	r := c.ask(cmd)
	body, ok := r.Body.(*engine.AlterReassignmentsReply)
	if !ok || len(body.Partitions) != len(cmd.Partitions) {
		a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
		return
	}
	n := 0
	for i := range q.Topics {
		t := kmsg.AlterPartitionAssignmentsResponseTopic{Topic: q.Topics[i].Topic}
		for range q.Topics[i].Partitions {
			p := &body.Partitions[n]
			t.Partitions = append(t.Partitions, kmsg.AlterPartitionAssignmentsResponseTopicPartition{Partition: int32(p.Partition), ErrorCode: int16(p.Code)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}
