package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// CreatePartitions: 0 to 3. 2 is flexible. Where the new replicas go is the cluster's
// choice: an assignment by hand is refused.
func init() { on(37, 0, 3, createPartitions) }

func createPartitions(c *call, q *kmsg.CreatePartitionsRequest, a *kmsg.CreatePartitionsResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		out := kmsg.CreatePartitionsResponseTopic{Topic: t.Topic}
		if t.Assignment != nil {
			why := "Partita places new partitions itself."
			out.ErrorCode, out.ErrorMessage = int16(engine.InvalidReplicaAssignment), &why
		} else {
			r := c.try(&engine.CreatePartitions{Name: t.Topic, Count: t.Count}, q.ValidateOnly)
			out.ErrorCode, out.ErrorMessage = int16(r.Code), orNull(r.Reason)
		}
		a.Topics = append(a.Topics, out)
	}
}
