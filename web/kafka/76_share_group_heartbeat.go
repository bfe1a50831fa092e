package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ShareGroupHeartbeat: 1 (KIP-932). 0 was Kafka 4.0's early access, which 4.1 took back.
func init() { on(76, 1, 1, shareGroupHeartbeat) }

func shareGroupHeartbeat(c *call, q *kmsg.ShareGroupHeartbeatRequest, a *kmsg.ShareGroupHeartbeatResponse) {
	r := c.ask(&engine.ShareGroupHeartbeat{Group: q.GroupID, Member: q.MemberID, Epoch: q.MemberEpoch, Rack: text(q.RackID),
		ClientID: c.clientID, Host: c.from, Topics: q.SubscribedTopicNames})
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.ConsumerGroupHeartbeatReply)
	if !ok || r.Code != engine.None {
		return
	}
	a.MemberID, a.MemberEpoch, a.HeartbeatIntervalMillis = orNull(body.Member), body.Epoch, body.HeartbeatIntervalMs
	if body.Assigned {
		a.Assignment = &kmsg.ShareGroupHeartbeatResponseAssignment{}
		for i := range body.Assignment {
			t := &body.Assignment[i]
			a.Assignment.TopicPartitions = append(a.Assignment.TopicPartitions, kmsg.ShareGroupHeartbeatResponseAssignmentTopicPartition{
				TopicID: topicUUID(c.room, t.Topic), Partitions: numbers(t.Partitions)})
		}
	}
}
