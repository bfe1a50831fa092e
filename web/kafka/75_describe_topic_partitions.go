package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeTopicPartitions: 0 (KIP-966). No topics are all topics. A response has as many
// partitions as the client wants, at most 2000; the next one goes on where this one ended.
// There are no eligible leader replicas; Java's client takes no null for that.
func init() { on(75, 0, 0, describeTopicPartitions) }

// describedMost is max.request.partition.size.limit.
const describedMost = 2000

func describeTopicPartitions(c *call, q *kmsg.DescribeTopicPartitionsRequest, a *kmsg.DescribeTopicPartitionsResponse) {
	cmd := &engine.Metadata{All: len(q.Topics) == 0}
	for i := range q.Topics {
		cmd.Names = append(cmd.Names, q.Topics[i].Topic)
	}
	slices.Sort(cmd.Names)
	cmd.Names = slices.Compact(cmd.Names)
	body := c.metadataOf(cmd)
	left := int(min(max(q.ResponsePartitionLimit, 1), describedMost))
	for i := range body.Topics {
		t := &body.Topics[i]
		from := 0
		if at := q.Cursor; at != nil && t.Name <= at.Topic {
			if t.Name < at.Topic {
				continue
			}
			from = int(min(max(at.Partition, 0), int32(len(t.Partitions))))
		}
		if left == 0 {
			a.NextCursor = &kmsg.DescribeTopicPartitionsResponseNextCursor{Topic: t.Name, Partition: int32(from)}
			return
		}
		n := min(left, len(t.Partitions)-from)
		a.Topics = append(a.Topics, c.describedTopic(t, body.Brokers, from, n))
		if left -= n; from+n < len(t.Partitions) {
			a.NextCursor = &kmsg.DescribeTopicPartitionsResponseNextCursor{Topic: t.Name, Partition: int32(from + n)}
			return
		}
	}
}

func (c *call) describedTopic(t *engine.TopicMetadata, up []engine.BrokerMetadata, from, n int) kmsg.DescribeTopicPartitionsResponseTopic {
	out := kmsg.DescribeTopicPartitionsResponseTopic{ErrorCode: int16(t.Code), Topic: &t.Name, IsInternal: t.Internal, AuthorizedOperations: c.operations(true, "Topic", t.Name)}
	if t.Code == engine.None {
		out.TopicID = topicUUID(c.room, t.Topic)
	}
	for i := from; i < from+n; i++ {
		p := &t.Partitions[i]
		out.Partitions = append(out.Partitions, kmsg.DescribeTopicPartitionsResponseTopicPartition{Partition: int32(i), // a missing leader is no error here
			LeaderID: p.Leader, LeaderEpoch: p.LeaderEpoch, Replicas: slices.Clone(p.Replicas), ISR: slices.Clone(p.ISR),
			EligibleLeaderReplicas: []int32{}, LastKnownELR: []int32{}, OfflineReplicas: offline(p.Replicas, up)})
	}
	return out
}
