package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// OffsetDelete: 0 (KIP-496).
func init() { on(47, 0, 0, offsetDelete) }

func offsetDelete(c *call, q *kmsg.OffsetDeleteRequest, a *kmsg.OffsetDeleteResponse) {
	cmd := &engine.OffsetDelete{Group: q.Group}
	for i := range q.Topics {
		for j := range q.Topics[i].Partitions {
			cmd.Partitions = append(cmd.Partitions, engine.TopicPartition{Topic: q.Topics[i].Topic, Partition: engine.Partition(q.Topics[i].Partitions[j].Partition)})
		}
	}
	r := c.ask(cmd)
	body, ok := r.Body.(*engine.CodesReply)
	if a.ErrorCode = int16(r.Code); !ok || r.Code != engine.None {
		return
	}
	n := 0
	for i := range q.Topics {
		t := kmsg.OffsetDeleteResponseTopic{Topic: q.Topics[i].Topic}
		for j := range q.Topics[i].Partitions {
			t.Partitions = append(t.Partitions, kmsg.OffsetDeleteResponseTopicPartition{Partition: q.Topics[i].Partitions[j].Partition, ErrorCode: codeAt(body.Codes, n, r.Code)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}
