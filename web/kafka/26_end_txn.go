package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// EndTxn: 0 to 5. 2 says PRODUCER_FENCED, 3 is flexible, 5 raises the epoch with each
// transaction and answers with it (KIP-890).
func init() { on(26, 0, 5, endTxn) }

func endTxn(c *call, q *kmsg.EndTxnRequest, a *kmsg.EndTxnResponse) {
	r := c.ask(&engine.EndTxn{TransactionalID: q.TransactionalID, ProducerID: q.ProducerID, Epoch: q.ProducerEpoch, Commit: q.Commit, Version: max(1, c.version)})
	a.ErrorCode, a.ProducerID, a.ProducerEpoch = c.txnCode(r.Code, 26), -1, -1
	if body, ok := r.Body.(*engine.EndTxnReply); ok && r.Code == engine.None {
		a.ProducerID, a.ProducerEpoch = body.ProducerID, body.Epoch
	}
}
