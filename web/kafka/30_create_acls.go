package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// CreateAcls: 0 to 3. 1 adds the pattern type (KIP-290), 2 is flexible, 3 adds the resource
// User.
func init() { on(30, 0, 3, createACLs) }

func createACLs(c *call, q *kmsg.CreateACLsRequest, a *kmsg.CreateACLsResponse) {
	for i := range q.Creations {
		n := &q.Creations[i]
		code := engine.InvalidRequest
		if rule, ok := c.rule(numbersOfACL{n.ResourceType, n.ResourcePatternType, n.Operation, n.PermissionType}, n.ResourceName, n.Principal, n.Host, false); ok {
			r := c.ask(&engine.CreateACLs{Rules: []engine.ACL{rule}})
			if code = r.Code; code == engine.None {
				if body, ok := r.Body.(*engine.CodesReply); ok && len(body.Codes) == 1 {
					code = body.Codes[0]
				}
			}
		}
		a.Results = append(a.Results, kmsg.CreateACLsResponseResult{ErrorCode: int16(code)})
	}
}
