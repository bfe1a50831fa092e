package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/web/host"
)

// DeleteRecords: 0 to 2. 2 is flexible.
func init() { on(21, 0, 2, deleteRecords) }

func deleteRecords(c *call, q *kmsg.DeleteRecordsRequest, a *kmsg.DeleteRecordsResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		replies := c.askAll(len(t.Partitions), func(d host.Desk, j int) engine.Command {
			view, _ := d.Engine().Topic(t.Topic)
			return &engine.DeleteRecords{Topic: view.ID, Partition: engine.Partition(t.Partitions[j].Partition), Before: engine.Offset(t.Partitions[j].Offset)}
		})
		out := kmsg.DeleteRecordsResponseTopic{Topic: t.Topic}
		for j := range t.Partitions {
			p := kmsg.DeleteRecordsResponseTopicPartition{Partition: t.Partitions[j].Partition, LowWatermark: -1, ErrorCode: int16(replies[j].Code)}
			if replies[j].Code == engine.None {
				p.LowWatermark = int64(replies[j].Offset)
			}
			out.Partitions = append(out.Partitions, p)
		}
		a.Topics = append(a.Topics, out)
	}
}
