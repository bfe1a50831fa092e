package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeGroups: 0 to 6. 3 may ask for authorized operations, 4 adds the instance id, 5 is
// flexible, 6 says GROUP_ID_NOT_FOUND for a group that is not there; before, such a group
// is Dead without an error.
func init() { on(15, 0, 6, describeGroups) }

func describeGroups(c *call, q *kmsg.DescribeGroupsRequest, a *kmsg.DescribeGroupsResponse) {
	r := c.ask(&engine.DescribeGroups{Groups: q.Groups})
	body, ok := r.Body.(*engine.DescribeGroupsReply)
	if !ok {
		for _, name := range q.Groups {
			a.Groups = append(a.Groups, kmsg.DescribeGroupsResponseGroup{ErrorCode: int16(r.Code), Group: name, AuthorizedOperations: noOperations})
		}
		return
	}
	for i := range body.Groups {
		a.Groups = append(a.Groups, c.describedGroup(&body.Groups[i]))
		if g := &a.Groups[i]; g.ErrorCode == 0 {
			g.AuthorizedOperations = c.operations(q.IncludeAuthorizedOperations, "Group", g.Group)
		}
	}
}

func (c *call) describedGroup(g *engine.DescribedGroup) kmsg.DescribeGroupsResponseGroup {
	out := kmsg.DescribeGroupsResponseGroup{ErrorCode: int16(g.Code), Group: g.Group, State: g.State,
		ProtocolType: g.ProtocolType, Protocol: g.Protocol, AuthorizedOperations: noOperations}
	if g.Code == engine.GroupIDNotFound {
		if c.version < 6 {
			out.ErrorCode = 0
		} else {
			why := "Group " + g.Group + " not found."
			out.ErrorMessage = &why
		}
	}
	for i := range g.Members {
		m := &g.Members[i]
		out.Members = append(out.Members, kmsg.DescribeGroupsResponseGroupMember{MemberID: m.Member, InstanceID: orNull(m.Instance),
			ClientID: m.ClientID, ClientHost: m.Host, ProtocolMetadata: m.Metadata, MemberAssignment: m.Assignment})
	}
	return out
}
