package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// LeaveGroup: 0 to 5. Before 3 one member leaves, and its code is that of the response; 4
// is flexible, 5 adds a reason (KIP-800).
func init() { on(13, 0, 5, leaveGroup) }

func leaveGroup(c *call, q *kmsg.LeaveGroupRequest, a *kmsg.LeaveGroupResponse) {
	cmd := &engine.LeaveGroup{Group: q.Group}
	if c.version < 3 {
		cmd.Members = []engine.LeavingMember{{Member: q.MemberID}}
	}
	for i := range q.Members {
		m := &q.Members[i]
		cmd.Members = append(cmd.Members, engine.LeavingMember{Member: m.MemberID, Instance: text(m.InstanceID), Reason: text(m.Reason)})
	}
	r := c.ask(cmd)
	a.ErrorCode = int16(r.Code)
	body, ok := r.Body.(*engine.LeaveGroupReply)
	if !ok {
		return
	}
	for i := range body.Members {
		m := &body.Members[i]
		if c.version < 3 && r.Code == engine.None {
			a.ErrorCode = int16(m.Code)
		}
		a.Members = append(a.Members, kmsg.LeaveGroupResponseMember{MemberID: m.Member, InstanceID: orNull(m.Instance), ErrorCode: int16(m.Code)})
	}
}
