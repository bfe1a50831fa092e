package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// JoinGroup: 0 to 9. 0 has no rebalance timeout: the session timeout stands for it; 4 hands
// a new member its id first (KIP-394), 5 adds the instance id, 6 is flexible, 7 answers
// with the protocol type, 8 adds a reason, 9 lets a restarted static group leader skip the
// assignment (KIP-814). Kafka 4.0 served no version below 2; they came back in 4.1.
func init() { on(11, 0, 9, joinGroup) }

func joinGroup(c *call, q *kmsg.JoinGroupRequest, a *kmsg.JoinGroupResponse) {
	cmd := &engine.JoinGroup{
		Group: q.Group, Member: q.MemberID, Instance: text(q.InstanceID), ClientID: c.clientID, Host: c.from,
		ProtocolType: q.ProtocolType, SessionTimeoutMs: q.SessionTimeoutMillis,
		RebalanceTimeoutMs: q.RebalanceTimeoutMillis, Version: max(1, c.version),
	}
	if c.version == 0 {
		cmd.RebalanceTimeoutMs = q.SessionTimeoutMillis
	}
	for i := range q.Protocols {
		// The engine keeps the metadata, and not the whole request that it came in.
		cmd.Protocols = append(cmd.Protocols, engine.JoinProtocol{Name: q.Protocols[i].Name, Metadata: slices.Clone(q.Protocols[i].Metadata)})
	}
	r := c.ask(cmd)
	a.ErrorCode, a.Generation = int16(r.Code), -1
	body, ok := r.Body.(*engine.JoinGroupReply)
	if !ok {
		a.MemberID, a.Protocol = q.MemberID, new(string)
		return
	}
	a.Generation, a.LeaderID, a.MemberID, a.SkipAssignment = body.Generation, body.Leader, body.Member, body.SkipAssignment
	a.ProtocolType = orNull(body.ProtocolType)
	if a.Protocol = &body.Protocol; c.version >= 7 {
		a.Protocol = orNull(body.Protocol)
	}
	for i := range body.Members {
		m := &body.Members[i]
		a.Members = append(a.Members, kmsg.JoinGroupResponseMember{MemberID: m.Member, InstanceID: orNull(m.Instance), ProtocolMetadata: m.Metadata})
	}
}
