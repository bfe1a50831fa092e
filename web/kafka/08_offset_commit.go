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
			o := engine.CommitOffset{Topic: t.Topic, Partition: engine.Partition(p.Partition), Offset: engine.Offset(p.Offset), LeaderEpoch: -1, Metadata: text(p.Metadata)}
			if c.version >= 6 {
				o.LeaderEpoch = p.LeaderEpoch
			}
			cmd.Offsets = append(cmd.Offsets, o)
		}
	}
	r := c.ask(cmd)
	var codes []engine.Code
	if body, ok := r.Body.(*engine.OffsetCommitReply); ok {
		codes = body.Codes
	}
	n := 0
	for i := range q.Topics {
		t := kmsg.OffsetCommitResponseTopic{Topic: q.Topics[i].Topic}
		for j := range q.Topics[i].Partitions {
			t.Partitions = append(t.Partitions, kmsg.OffsetCommitResponseTopicPartition{
				Partition: q.Topics[i].Partitions[j].Partition, ErrorCode: codeAt(codes, n, r.Code)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}

// codeAt is the n-th code of a reply, or the one of the whole reply if it has none.
func codeAt(codes []engine.Code, n int, whole engine.Code) int16 {
	if n < len(codes) {
		return int16(codes[n])
	}
	return int16(whole)
}
