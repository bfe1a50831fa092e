package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// Heartbeat: 0 to 4. 1 adds the throttle time, 3 the instance id, 4 is flexible.
func init() { on(12, 0, 4, heartbeat) }

func heartbeat(c *call, q *kmsg.HeartbeatRequest, a *kmsg.HeartbeatResponse) {
	r := c.ask(&engine.Heartbeat{Group: q.Group, Member: q.MemberID, Instance: text(q.InstanceID), Generation: q.Generation})
	a.ErrorCode = int16(r.Code)
}
