package kafka

import (
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ListGroups: 0 to 5. 3 is flexible, 4 filters by state, 5 by type (KIP-848).
func init() { on(16, 0, 5, listGroups) }

func listGroups(c *call, q *kmsg.ListGroupsRequest, a *kmsg.ListGroupsResponse) {
	r := c.ask(&engine.ListGroups{States: q.StatesFilter, Types: q.TypesFilter})
	a.ErrorCode = int16(r.Code)
	body, ok := r.Body.(*engine.ListGroupsReply)
	if !ok {
		return
	}
	for i := range body.Groups {
		g := &body.Groups[i]
		a.Groups = append(a.Groups, kmsg.ListGroupsResponseGroup{Group: g.Group, ProtocolType: g.ProtocolType, GroupState: g.State, GroupType: strings.ToLower(g.Type)})
	}
}
