package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DeleteGroups: 0 to 2. 1 adds nothing, 2 is flexible.
func init() { on(42, 0, 2, deleteGroups) }

func deleteGroups(c *call, q *kmsg.DeleteGroupsRequest, a *kmsg.DeleteGroupsResponse) {
	r := c.ask(&engine.DeleteGroups{Groups: q.Groups})
	var codes []engine.Code
	if body, ok := r.Body.(*engine.DeleteGroupsReply); ok {
		codes = body.Codes
	}
	for i, name := range q.Groups {
		a.Groups = append(a.Groups, kmsg.DeleteGroupsResponseGroup{Group: name, ErrorCode: codeAt(codes, i, r.Code)})
	}
}
