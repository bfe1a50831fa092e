package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/web/host"
)

// OffsetForLeaderEpoch: 0 to 4. 1 answers with the epoch too, 2 adds the client's current
// epoch (KIP-320), 3 the replica id, 4 is flexible.
func init() { on(23, 0, 4, offsetForLeaderEpoch) }

func offsetForLeaderEpoch(c *call, q *kmsg.OffsetForLeaderEpochRequest, a *kmsg.OffsetForLeaderEpochResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		replies := c.askAll(len(t.Partitions), func(d host.Desk, j int) engine.Command {
			view, _ := d.Engine().Topic(t.Topic)
			p := &t.Partitions[j]
			return &engine.OffsetForLeaderEpoch{Topic: view.ID, Partition: engine.Partition(p.Partition), Epoch: p.LeaderEpoch,
				CheckEpoch: c.version >= 2 && p.CurrentLeaderEpoch >= 0, Current: p.CurrentLeaderEpoch}
		})
		out := kmsg.OffsetForLeaderEpochResponseTopic{Topic: t.Topic}
		for j := range t.Partitions {
			p := kmsg.OffsetForLeaderEpochResponseTopicPartition{Partition: t.Partitions[j].Partition, ErrorCode: int16(replies[j].Code), LeaderEpoch: -1, EndOffset: -1}
			if body, ok := replies[j].Body.(*engine.OffsetForLeaderEpochReply); ok && replies[j].Code == engine.None {
				p.LeaderEpoch, p.EndOffset = body.Epoch, int64(body.End)
			}
			out.Partitions = append(out.Partitions, p)
		}
		a.Topics = append(a.Topics, out)
	}
}
