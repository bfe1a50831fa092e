package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// SyncGroup: 0 to 5. 3 adds the instance id, 4 is flexible, 5 names the protocol in both
// directions (KIP-559).
func init() { on(14, 0, 5, syncGroup) }

func syncGroup(c *call, q *kmsg.SyncGroupRequest, a *kmsg.SyncGroupResponse) {
	if a.MemberAssignment = []byte{}; c.version >= 5 && (q.ProtocolType == nil || q.Protocol == nil) {
		a.ErrorCode = int16(engine.InconsistentGroupProtocol)
		return
	}
	cmd := &engine.SyncGroup{Group: q.Group, Member: q.MemberID, Instance: text(q.InstanceID), Generation: q.Generation,
		ProtocolType: text(q.ProtocolType), Protocol: text(q.Protocol)}
	for i := range q.GroupAssignment {
		m := &q.GroupAssignment[i]
		cmd.Assignments = append(cmd.Assignments, engine.MemberAssignment{Member: m.MemberID, Bytes: slices.Clone(m.MemberAssignment)})
	}
	r := c.ask(cmd)
	a.ErrorCode = int16(r.Code)
	if body, ok := r.Body.(*engine.SyncGroupReply); ok {
		a.ProtocolType, a.Protocol = orNull(body.ProtocolType), orNull(body.Protocol)
		a.MemberAssignment = body.Assignment
	}
}
