package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DeleteGroups: 0 to 2. 1 adds nothing, 2 is flexible.
func init() { on(42, 0, 2, deleteGroups) }

func deleteGroups(c *call, q *kmsg.DeleteGroupsRequest, a *kmsg.DeleteGroupsResponse) {
	var names []string // each once
	for _, name := range q.Groups {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	r := c.ask(&engine.DeleteGroups{Groups: names})
	var codes []engine.Code
	if body, ok := r.Body.(*engine.DeleteGroupsReply); ok {
		codes = body.Codes
	}
	for i, name := range names {
		a.Groups = append(a.Groups, kmsg.DeleteGroupsResponseGroup{Group: name, ErrorCode: codeAt(codes, i, r.Code)})
	}
}
