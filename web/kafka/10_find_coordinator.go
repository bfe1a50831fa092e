package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// FindCoordinator: 0 to 6. 1 adds the type (0 group, 1 transactional id), 3 is flexible, 4
// asks about several keys, 5 and 6 are for transactions and share groups (type 2: the
// coordinator of a share partition's state, which lives in the engine and is not asked
// about).
func init() { on(10, 0, 6, findCoordinator) }

func findCoordinator(c *call, q *kmsg.FindCoordinatorRequest, a *kmsg.FindCoordinatorResponse) {
	if c.version >= 4 {
		for _, key := range q.CoordinatorKeys {
			a.Coordinators = append(a.Coordinators, c.coordinator(key, q.CoordinatorType))
		}
		return
	}
	found := c.coordinator(q.CoordinatorKey, q.CoordinatorType)
	a.ErrorCode, a.NodeID, a.Host, a.Port = found.ErrorCode, found.NodeID, found.Host, found.Port
	a.ErrorMessage = found.ErrorMessage
}

func (c *call) coordinator(key string, kind int8) kmsg.FindCoordinatorResponseCoordinator {
	a := kmsg.FindCoordinatorResponseCoordinator{Key: key, NodeID: -1, Port: -1}
	broker, code := engine.FirstBroker, engine.None
	switch kind {
	case 0, 1:
		r := c.ask(&engine.FindCoordinator{Key: key, Transactional: kind == 1})
		if body, ok := r.Body.(*engine.FindCoordinatorReply); ok {
			broker = body.Broker
		}
		if code = r.Code; code == engine.UnsupportedVersion { // one broker coordinates all
			code = engine.None
		}
	default:
		code = engine.InvalidRequest
	}
	if a.ErrorCode = int16(code); code != engine.None {
		message := code.String()
		a.ErrorMessage = &message
		return a
	}
	a.NodeID = broker
	a.Host, a.Port = c.advertised(broker)
	return a
}
