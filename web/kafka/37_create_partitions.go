package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// CreatePartitions: 0 to 3. 2 is flexible.
func init() { on(37, 0, 3, createPartitions) }

func createPartitions(c *call, q *kmsg.CreatePartitionsRequest, a *kmsg.CreatePartitionsResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		cmd := &engine.CreatePartitions{Name: t.Topic, Count: t.Count}
		for j := range t.Assignment {
			cmd.Replicas = append(cmd.Replicas, t.Assignment[j].Replicas)
		}
		r := c.try(cmd, q.ValidateOnly)
		a.Topics = append(a.Topics, kmsg.CreatePartitionsResponseTopic{Topic: t.Topic, ErrorCode: int16(r.Code), ErrorMessage: orNull(r.Reason)})
	}
}
