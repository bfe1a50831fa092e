package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ConsumerGroupDescribe: 0 and 1 (KIP-848). 1 says which protocol a member speaks.
func init() { on(69, 0, 1, consumerGroupDescribe) }

func consumerGroupDescribe(c *call, q *kmsg.ConsumerGroupDescribeRequest, a *kmsg.ConsumerGroupDescribeResponse) {
	r := c.ask(&engine.ConsumerGroupDescribe{Groups: q.Groups})
	body, ok := r.Body.(*engine.ConsumerGroupDescribeReply)
	if !ok {
		for _, name := range q.Groups {
			a.Groups = append(a.Groups, kmsg.ConsumerGroupDescribeResponseGroup{ErrorCode: int16(r.Code), Group: name, AuthorizedOperations: noOperations})
		}
		return
	}
	for i := range body.Groups {
		g := &body.Groups[i]
		out := kmsg.ConsumerGroupDescribeResponseGroup{ErrorCode: int16(g.Code), Group: g.Group, State: g.State,
			Epoch: g.Epoch, AssignmentEpoch: g.AssignmentEpoch, AssignorName: g.Assignor, AuthorizedOperations: noOperations}
		for j := range g.Members {
			out.Members = append(out.Members, c.consumerMember(&g.Members[j]))
		}
		if g.Code == engine.GroupIDNotFound {
			why := "Group " + g.Group + " not found."
			out.ErrorMessage = &why
		}
		if g.Code == engine.None {
			out.AuthorizedOperations = c.operations(q.IncludeAuthorizedOperations, "Group", g.Group)
		}
		a.Groups = append(a.Groups, out)
	}
}

func (c *call) consumerMember(m *engine.ConsumerMemberDescription) kmsg.ConsumerGroupDescribeResponseGroupMember {
	out := kmsg.ConsumerGroupDescribeResponseGroupMember{MemberID: m.Member, InstanceID: orNull(m.Instance), RackID: orNull(m.Rack),
		MemberEpoch: m.Epoch, ClientID: m.ClientID, ClientHost: m.Host, SubscribedTopics: m.Topics, SubscribedTopicRegex: &m.Regex,
		MemberType: 1}
	if m.Classic {
		out.MemberType = 0
	}
	c.look(func(e *engine.Engine) {
		out.Assignment, out.TargetAssignment = c.assignment(e, m.Assignment), c.assignment(e, m.Target)
	})
	return out
}

func (c *call) assignment(e *engine.Engine, owned []engine.OwnedTopic) (a kmsg.Assignment) {
	for i := range owned {
		t := &owned[i]
		a.TopicPartitions = append(a.TopicPartitions, kmsg.AssignmentTopicPartition{
			TopicID: topicUUID(c.room, t.Topic), Topic: e.TopicName(t.Topic), Partitions: numbers(t.Partitions)})
	}
	return a
}
