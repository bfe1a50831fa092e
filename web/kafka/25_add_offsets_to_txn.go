package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AddOffsetsToTxn: 0 to 4. 2 says PRODUCER_FENCED, 3 is flexible, 4 knows KIP-890.
func init() { on(25, 0, 4, addOffsetsToTxn) }

func addOffsetsToTxn(c *call, q *kmsg.AddOffsetsToTxnRequest, a *kmsg.AddOffsetsToTxnResponse) {
	r := c.ask(&engine.AddOffsetsToTxn{TransactionalID: q.TransactionalID, ProducerID: q.ProducerID, Epoch: q.ProducerEpoch, Group: q.Group})
	a.ErrorCode = c.txnCode(r.Code, 25)
}
