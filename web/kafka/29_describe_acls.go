package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeAcls: 0 to 3. 1 adds the pattern type (KIP-290), 2 is flexible, 3 adds the
// resource User.
func init() { on(29, 0, 3, describeACLs) }

func describeACLs(c *call, q *kmsg.DescribeACLsRequest, a *kmsg.DescribeACLsResponse) {
	filter, ok := c.rule(numbersOfACL{q.ResourceType, q.ResourcePatternType, q.Operation, q.PermissionType},
		text(q.ResourceName), text(q.Principal), text(q.Host), true)
	if !ok {
		return // what nobody knows matches nothing
	}
	r := c.ask(&engine.DescribeACLs{Filter: filter})
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.DescribeACLsReply)
	if !ok {
		return
	}
	for i := range body.Rules {
		rule := &body.Rules[i]
		n := numbersOf(rule)
		at := len(a.Resources) - 1
		if at < 0 || a.Resources[at].ResourceType != n.resource || a.Resources[at].ResourceName != rule.Name || a.Resources[at].ResourcePatternType != n.pattern {
			a.Resources = append(a.Resources, kmsg.DescribeACLsResponseResource{ResourceType: n.resource, ResourceName: rule.Name, ResourcePatternType: n.pattern})
			at++
		}
		a.Resources[at].ACLs = append(a.Resources[at].ACLs, kmsg.DescribeACLsResponseResourceACL{
			Principal: rule.Principal, Host: rule.Host, Operation: n.operation, PermissionType: n.permission})
	}
}
