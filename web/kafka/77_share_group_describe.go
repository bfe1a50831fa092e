package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ShareGroupDescribe: 1 (KIP-932). 0 was Kafka 4.0's early access.
func init() { on(77, 1, 1, shareGroupDescribe) }

func shareGroupDescribe(c *call, q *kmsg.ShareGroupDescribeRequest, a *kmsg.ShareGroupDescribeResponse) {
	r := c.ask(&engine.ShareGroupDescribe{Groups: q.GroupIDs})
	body, ok := r.Body.(*engine.ConsumerGroupDescribeReply)
	if !ok {
		for _, name := range q.GroupIDs {
			a.Groups = append(a.Groups, kmsg.ShareGroupDescribeResponseGroup{ErrorCode: int16(r.Code), GroupID: name, AuthorizedOperations: noOperations})
		}
		return
	}
	for i := range body.Groups {
		g := &body.Groups[i]
		out := kmsg.ShareGroupDescribeResponseGroup{ErrorCode: int16(g.Code), GroupID: g.Group, GroupState: g.State,
			GroupEpoch: g.Epoch, AssignmentEpoch: g.AssignmentEpoch, Assignor: g.Assignor, AuthorizedOperations: noOperations}
		for j := range g.Members {
			m := &g.Members[j]
			member := kmsg.ShareGroupDescribeResponseGroupMember{MemberID: m.Member, RackID: orNull(m.Rack), MemberEpoch: m.Epoch,
				ClientID: m.ClientID, ClientHost: m.Host, SubscribedTopicNames: m.Topics}
			c.look(func(e *engine.Engine) { member.Assignment = c.shareAssignment(e, m.Assignment) })
			out.Members = append(out.Members, member)
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
