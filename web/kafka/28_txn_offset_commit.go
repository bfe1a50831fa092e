package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// TxnOffsetCommit: 0 to 5. 2 adds the leader epoch, 3 is flexible and names the member
// (KIP-447), 4 and 5 know KIP-890: 5 enlists the group by itself.
func init() { on(28, 0, 5, txnOffsetCommit) }

func txnOffsetCommit(c *call, q *kmsg.TxnOffsetCommitRequest, a *kmsg.TxnOffsetCommitResponse) {
	cmd := &engine.TxnOffsetCommit{TransactionalID: q.TransactionalID, Group: q.Group, ProducerID: q.ProducerID, Epoch: q.ProducerEpoch, Generation: -1, Version: max(1, c.version)}
	if c.version >= 3 {
		cmd.Member, cmd.Instance, cmd.Generation = q.MemberID, text(q.InstanceID), q.Generation
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		for j := range t.Partitions {
			p := &t.Partitions[j]
			cmd.Offsets = append(cmd.Offsets, commitOf(t.Topic, p.Partition, p.Offset, p.LeaderEpoch, p.Metadata, c.version >= 2))
		}
	}
	code := c.commit(cmd)
	n := 0
	for i := range q.Topics {
		t := kmsg.TxnOffsetCommitResponseTopic{Topic: q.Topics[i].Topic}
		for j := range q.Topics[i].Partitions {
			t.Partitions = append(t.Partitions, kmsg.TxnOffsetCommitResponseTopicPartition{Partition: q.Topics[i].Partitions[j].Partition, ErrorCode: code(n)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}
