package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// InitProducerId: 0 to 5. 2 is flexible, 3 lets a producer recover with its id and epoch
// (KIP-360), 4 says PRODUCER_FENCED, 5 knows transactions of KIP-890.
func init() { on(22, 0, 5, initProducerID) }

func initProducerID(c *call, q *kmsg.InitProducerIDRequest, a *kmsg.InitProducerIDResponse) {
	cmd := &engine.InitProducerID{TransactionalID: text(q.TransactionalID), Transactional: q.TransactionalID != nil,
		TimeoutMs: q.TransactionTimeoutMillis, ProducerID: -1, Epoch: -1}
	if c.version >= 3 {
		cmd.ProducerID, cmd.Epoch = q.ProducerID, q.ProducerEpoch
	}
	if (cmd.ProducerID == -1) != (cmd.Epoch == -1) {
		a.ErrorCode, a.ProducerID, a.ProducerEpoch = int16(engine.InvalidRequest), -1, -1
		return
	}
	r := c.ask(cmd)
	a.ErrorCode, a.ProducerID, a.ProducerEpoch = c.txnCode(r.Code, 22), -1, -1
	if body, ok := r.Body.(*engine.InitProducerIDReply); ok && r.Code == engine.None {
		a.ProducerID, a.ProducerEpoch = body.ProducerID, body.Epoch
	}
}
