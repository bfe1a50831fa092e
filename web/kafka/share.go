package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// Parts of requests and responses that the APIs of share groups (KIP-932) have in common.

// shareParts collects the partitions of a ShareFetch or a ShareAcknowledge.
type shareParts struct {
	c     *call
	parts []engine.SharePart
}

func (s *shareParts) add(topic [16]byte, partition int32, acks []engine.ShareAck) {
	s.parts = append(s.parts, engine.SharePart{Topic: topicOf(s.c.room, topic), Partition: engine.Partition(partition), Acks: acks})
}

func shareAck(first, last int64, types []int8) engine.ShareAck {
	ack := engine.ShareAck{First: engine.Offset(first), Last: engine.Offset(last)}
	for _, t := range types {
		ack.Types = append(ack.Types, engine.AckType(t))
	}
	return ack
}

// shareCode says UNKNOWN_TOPIC_ID of a topic that is named by an id and not there.
func shareCode(code engine.Code) int16 {
	if code == engine.UnknownTopicOrPartition {
		code = engine.UnknownTopicID
	}
	return int16(code)
}

// shareAssignment is a member's partitions as ShareGroupDescribe has them.
func (c *call) shareAssignment(e *engine.Engine, owned []engine.OwnedTopic) (a kmsg.ShareGroupDescribeResponseGroupMemberAssignment) {
	for i := range owned {
		t := &owned[i]
		a.TopicPartitions = append(a.TopicPartitions, kmsg.ShareGroupDescribeResponseGroupMemberAssignmentTopicPartition{
			TopicID: topicUUID(c.room, t.Topic), Topic: e.TopicName(t.Topic), Partitions: numbers(t.Partitions)})
	}
	return a
}
