package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ConsumerGroupHeartbeat: 0 and 1 (KIP-848). 1 lets the client make its member id and adds
// a subscription by regular expression.
func init() { on(68, 0, 1, consumerGroupHeartbeat) }

func consumerGroupHeartbeat(c *call, q *kmsg.ConsumerGroupHeartbeatRequest, a *kmsg.ConsumerGroupHeartbeatResponse) {
	if c.version >= 1 && q.MemberID == "" || q.InstanceID != nil && *q.InstanceID == "" {
		a.ErrorCode = int16(engine.InvalidRequest)
		return
	}
	cmd := &engine.ConsumerGroupHeartbeat{
		Group: q.Group, Member: q.MemberID, Epoch: q.MemberEpoch, Instance: text(q.InstanceID), Rack: text(q.RackID),
		ClientID: c.clientID, Host: c.from, RebalanceTimeoutMs: q.RebalanceTimeoutMillis,
		Subscribed: q.SubscribedTopicNames != nil || q.SubscribedTopicRegex != nil, Topics: q.SubscribedTopicNames,
		Regex: text(q.SubscribedTopicRegex), Assignor: text(q.ServerAssignor), Owns: q.Topics != nil,
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		cmd.Owned = append(cmd.Owned, engine.OwnedTopic{Topic: topicOf(c.room, t.TopicID), Partitions: partitions(t.Partitions)})
	}
	r := c.ask(cmd)
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.ConsumerGroupHeartbeatReply)
	if !ok || r.Code != engine.None {
		return
	}
	a.MemberID, a.MemberEpoch, a.HeartbeatIntervalMillis = orNull(body.Member), body.Epoch, body.HeartbeatIntervalMs
	if body.Assigned {
		a.Assignment = &kmsg.ConsumerGroupHeartbeatResponseAssignment{}
		for i := range body.Assignment {
			t := &body.Assignment[i]
			a.Assignment.Topics = append(a.Assignment.Topics, kmsg.ConsumerGroupHeartbeatResponseAssignmentTopic{
				TopicID: topicUUID(c.room, t.Topic), Partitions: numbers(t.Partitions)})
		}
	}
}

func partitions(numbers []int32) []engine.Partition {
	list := make([]engine.Partition, len(numbers))
	for i, n := range numbers {
		list[i] = engine.Partition(n)
	}
	return list
}

func numbers(partitions []engine.Partition) []int32 {
	list := make([]int32, len(partitions))
	for i, p := range partitions {
		list[i] = int32(p)
	}
	return list
}
