package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// OffsetFetch: 0 to 9. From 2 null topics are all topics, and there is a code for the
// whole group; 5 adds the leader epoch, 6 is flexible, 7 may ask for stable offsets
// (KIP-447), 8 asks about several groups, 9 adds the member and its epoch.
//
// A group that is not known has no offsets, which is no error.
func init() { on(9, 0, 9, offsetFetch) }

func offsetFetch(c *call, q *kmsg.OffsetFetchRequest, a *kmsg.OffsetFetchResponse) {
	if c.version < 8 {
		offsetFetchOne(c, q, a)
		return
	}
	for i := range q.Groups {
		g := &q.Groups[i]
		cmd := &engine.OffsetFetch{Group: g.Group, All: g.Topics == nil, RequireStable: q.RequireStable}
		for j := range g.Topics {
			cmd.Partitions = appendPartitions(cmd.Partitions, g.Topics[j].Topic, g.Topics[j].Partitions)
		}
		out := kmsg.OffsetFetchResponseGroup{Group: g.Group}
		offsets, code := c.committed(cmd)
		out.ErrorCode = int16(code)
		for _, o := range offsets {
			if n := len(out.Topics); n == 0 || out.Topics[n-1].Topic != o.Topic {
				out.Topics = append(out.Topics, kmsg.OffsetFetchResponseGroupTopic{Topic: o.Topic})
			}
			t := &out.Topics[len(out.Topics)-1]
			t.Partitions = append(t.Partitions, kmsg.OffsetFetchResponseGroupTopicPartition{Partition: int32(o.Partition),
				Offset: int64(o.Offset), LeaderEpoch: o.LeaderEpoch, Metadata: &o.Metadata, ErrorCode: int16(o.Code)})
		}
		a.Groups = append(a.Groups, out)
	}
}

// offsetFetchOne answers versions that ask about one group.
func offsetFetchOne(c *call, q *kmsg.OffsetFetchRequest, a *kmsg.OffsetFetchResponse) {
	cmd := &engine.OffsetFetch{Group: q.Group, All: q.Topics == nil && c.version >= 2, RequireStable: c.version >= 7 && q.RequireStable}
	for j := range q.Topics {
		cmd.Partitions = appendPartitions(cmd.Partitions, q.Topics[j].Topic, q.Topics[j].Partitions)
	}
	offsets, code := c.committed(cmd)
	a.ErrorCode = int16(code)
	if code != engine.None && c.version < 2 { // there is no other place for it
		for _, p := range cmd.Partitions {
			offsets = append(offsets, engine.FetchedOffset{Topic: p.Topic, Partition: p.Partition, Code: code, Offset: -1})
		}
	}
	for _, o := range offsets {
		if n := len(a.Topics); n == 0 || a.Topics[n-1].Topic != o.Topic {
			a.Topics = append(a.Topics, kmsg.OffsetFetchResponseTopic{Topic: o.Topic})
		}
		t := &a.Topics[len(a.Topics)-1]
		t.Partitions = append(t.Partitions, kmsg.OffsetFetchResponseTopicPartition{Partition: int32(o.Partition),
			Offset: int64(o.Offset), LeaderEpoch: o.LeaderEpoch, Metadata: &o.Metadata, ErrorCode: int16(o.Code)})
	}
}

func (c *call) committed(cmd *engine.OffsetFetch) ([]engine.FetchedOffset, engine.Code) {
	r := c.ask(cmd)
	if body, ok := r.Body.(*engine.OffsetFetchReply); ok && r.Code == engine.None {
		return body.Offsets, engine.None
	}
	return nil, r.Code
}

func appendPartitions(dst []engine.TopicPartition, topic string, partitions []int32) []engine.TopicPartition {
	for _, p := range partitions {
		dst = append(dst, engine.TopicPartition{Topic: topic, Partition: engine.Partition(p)})
	}
	return dst
}
