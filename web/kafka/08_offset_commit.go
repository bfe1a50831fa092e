package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// OffsetCommit: 0 to 9. 1 adds the member, 2 to 4 a retention time, which is ignored, 6
// the leader epoch, 7 the instance id, 8 is flexible, 9 is also for members of KIP-848
// groups and says GROUP_ID_NOT_FOUND and STALE_MEMBER_EPOCH.
func init() { on(8, 0, 9, offsetCommit) }

func offsetCommit(c *call, q *kmsg.OffsetCommitRequest, a *kmsg.OffsetCommitResponse) {
	cmd := &engine.OffsetCommit{Group: q.Group, Member: q.MemberID, Instance: text(q.InstanceID), Generation: q.Generation, Version: max(1, c.version)}
	if c.version == 0 {
		cmd.Generation = -1
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		for j := range t.Partitions {
			p := &t.Partitions[j]
			cmd.Offsets = append(cmd.Offsets, commitOf(t.Topic, p.Partition, p.Offset, p.LeaderEpoch, p.Metadata, c.version >= 6))
		}
	}
	code := c.commit(cmd)
	n := 0
	for i := range q.Topics {
		t := kmsg.OffsetCommitResponseTopic{Topic: q.Topics[i].Topic}
		for j := range q.Topics[i].Partitions {
			t.Partitions = append(t.Partitions, kmsg.OffsetCommitResponseTopicPartition{
				Partition: q.Topics[i].Partitions[j].Partition, ErrorCode: code(n)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}

// commitOf is one offset to commit; a version that is too old for it carries no leader epoch.
func commitOf(topic string, partition int32, offset int64, epoch int32, metadata *string, hasEpoch bool) engine.CommitOffset {
	if !hasEpoch {
		epoch = -1
	}
	return engine.CommitOffset{Topic: topic, Partition: engine.Partition(partition), Offset: engine.Offset(offset), LeaderEpoch: epoch, Metadata: text(metadata)}
}

// commit asks for offsets to be committed, and gives the code of each in their order.
func (c *call) commit(cmd engine.Command) func(n int) int16 {
	r := c.ask(cmd)
	var codes []engine.Code
	if body, ok := r.Body.(*engine.OffsetCommitReply); ok {
		codes = body.Codes
	}
	return func(n int) int16 { return codeAt(codes, n, r.Code) }
}

// codeAt is the n-th code of a reply, or the one of the whole reply if it has none.
func codeAt(codes []engine.Code, n int, whole engine.Code) int16 {
	if n < len(codes) {
		return int16(codes[n])
	}
	return int16(whole)
}
