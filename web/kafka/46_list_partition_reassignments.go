package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ListPartitionReassignments: 0 (KIP-455). Null topics are all partitions.
func init() { on(46, 0, 0, listReassignments) }

func listReassignments(c *call, q *kmsg.ListPartitionReassignmentsRequest, a *kmsg.ListPartitionReassignmentsResponse) {
	cmd := &engine.ListReassignments{}
	for i := range q.Topics {
		cmd.Partitions = appendPartitions(cmd.Partitions, q.Topics[i].Topic, q.Topics[i].Partitions)
	}
	if q.Topics != nil && len(cmd.Partitions) == 0 {
		return // none is not all
	}
	r := c.ask(cmd)
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.ListReassignmentsReply)
	if !ok {
		return
	}
	for i := range body.Partitions {
		p := &body.Partitions[i]
		if n := len(a.Topics); n == 0 || a.Topics[n-1].Topic != p.Topic {
			a.Topics = append(a.Topics, kmsg.ListPartitionReassignmentsResponseTopic{Topic: p.Topic})
		}
		t := &a.Topics[len(a.Topics)-1]
		t.Partitions = append(t.Partitions, kmsg.ListPartitionReassignmentsResponseTopicPartition{Partition: int32(p.Partition),
			Replicas: p.Replicas, AddingReplicas: p.Adding, RemovingReplicas: p.Removing})
	}
}
