package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AlterPartitionReassignments: 0 and 1 (KIP-455). Null replicas cancel a reassignment. 1 may
// insist that the replication factor stays (KIP-860).
func init() { on(45, 0, 1, alterReassignments) }

func alterReassignments(c *call, q *kmsg.AlterPartitionAssignmentsRequest, a *kmsg.AlterPartitionAssignmentsResponse) {
	cmd := &engine.AlterReassignments{}
	a.AllowReplicationFactorChange = q.AllowReplicationFactorChange
	var refused []bool // of all that the request names
	c.look(func(e *engine.Engine) {
		for i := range q.Topics {
			t, _ := e.Topic(q.Topics[i].Topic)
			for _, p := range q.Topics[i].Partitions {
				now := len(e.Replicas(t.ID, engine.Partition(p.Partition), nil))
				other := !q.AllowReplicationFactorChange && len(p.Replicas) > 0 && now > 0 && now != len(p.Replicas)
				if refused = append(refused, other); !other {
					cmd.Partitions = append(cmd.Partitions, engine.Reassignment{Topic: q.Topics[i].Topic, Partition: engine.Partition(p.Partition), Replicas: slices.Clone(p.Replicas)})
				}
			}
		}
	})
	if c.gone {
		return
	}
	r := c.ask(cmd)
	body, ok := r.Body.(*engine.AlterReassignmentsReply)
	if !ok || len(body.Partitions) != len(cmd.Partitions) {
		a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
		return
	}
	n, done := 0, 0
	for i := range q.Topics {
		t := kmsg.AlterPartitionAssignmentsResponseTopic{Topic: q.Topics[i].Topic}
		for j := range q.Topics[i].Partitions {
			code := engine.InvalidReplicationFactor
			if !refused[n] {
				code = body.Partitions[done].Code
				done++
			}
			n++
			t.Partitions = append(t.Partitions, kmsg.AlterPartitionAssignmentsResponseTopicPartition{Partition: q.Topics[i].Partitions[j].Partition, ErrorCode: int16(code)})
		}
		a.Topics = append(a.Topics, t)
	}
}
