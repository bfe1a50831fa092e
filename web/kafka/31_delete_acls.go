package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DeleteAcls: 0 to 3. 1 adds the pattern type (KIP-290), 2 is flexible, 3 adds the resource
// User.
func init() { on(31, 0, 3, deleteACLs) }

func deleteACLs(c *call, q *kmsg.DeleteACLsRequest, a *kmsg.DeleteACLsResponse) {
	for i := range q.Filters {
		a.Results = append(a.Results, c.deleteACL(&q.Filters[i]))
	}
}

func (c *call) deleteACL(f *kmsg.DeleteACLsRequestFilter) (a kmsg.DeleteACLsResponseResult) {
	filter, ok := c.rule(numbersOfACL{f.ResourceType, f.ResourcePatternType, f.Operation, f.PermissionType},
		text(f.ResourceName), text(f.Principal), text(f.Host), true)
	if !ok {
		a.ErrorCode = int16(engine.InvalidRequest)
		return a
	}
	r := c.ask(&engine.DeleteACLs{Filters: []engine.ACL{filter}})
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	if body, ok := r.Body.(*engine.DeleteACLsReply); ok {
		for i := range body.Removed {
			rule := &body.Removed[i]
			n := numbersOf(rule)
			a.MatchingACLs = append(a.MatchingACLs, kmsg.DeleteACLsResponseResultMatchingACL{ResourceType: n.resource, ResourceName: rule.Name,
				ResourcePatternType: n.pattern, Principal: rule.Principal, Host: rule.Host, Operation: n.operation, PermissionType: n.permission})
		}
	}
	return a
}
