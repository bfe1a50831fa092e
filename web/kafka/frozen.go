package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
)

// Frozen notes that other clients are frozen than before.
func (c *conn) Frozen(any bool) {
	c.frozen.Store(any)
	select {
	case c.thawed <- struct{}{}:
	default:
	}
}

// pass waits while somebody has frozen the client: its requests stay unanswered, and what
// it sends behind them stays in its socket.
func (c *call) pass() {
	for c.frozen.Load() && !c.gone {
		held := false
		err := c.host.At(c.session, func(d host.Desk) { held = d.Held(memberOf(c.request.body)) })
		if err != nil {
			c.gone = true
		}
		if !held {
			return
		}
		c.letRead()
		select {
		case <-c.thawed:
		case <-c.conn.gone:
			c.gone = true
		}
	}
}

// memberOf is the member in whose name a request comes, empty when in nobody's. Who leaves
// a group is let go.
func memberOf(q kmsg.Request) string {
	switch q := q.(type) {
	case *kmsg.JoinGroupRequest:
		return q.MemberID
	case *kmsg.SyncGroupRequest:
		return q.MemberID
	case *kmsg.HeartbeatRequest:
		return q.MemberID
	case *kmsg.OffsetCommitRequest:
		return q.MemberID
	case *kmsg.TxnOffsetCommitRequest:
		return q.MemberID
	case *kmsg.ConsumerGroupHeartbeatRequest:
		return q.MemberID
	case *kmsg.ShareGroupHeartbeatRequest:
		return q.MemberID
	case *kmsg.ShareFetchRequest:
		return text(q.MemberID)
	}
	return ""
}
