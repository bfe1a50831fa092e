package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeTransactions: 0 (KIP-664).
func init() { on(65, 0, 0, describeTransactions) }

func describeTransactions(c *call, q *kmsg.DescribeTransactionsRequest, a *kmsg.DescribeTransactionsResponse) {
	r := c.ask(&engine.DescribeTransactions{TransactionalIDs: q.TransactionalIDs})
	body, ok := r.Body.(*engine.DescribeTransactionsReply)
	if !ok {
		for _, id := range q.TransactionalIDs {
			a.TransactionStates = append(a.TransactionStates, kmsg.DescribeTransactionsResponseTransactionState{ErrorCode: int16(r.Code), TransactionalID: id})
		}
		return
	}
	for i := range body.Transactions {
		t := &body.Transactions[i]
		out := kmsg.DescribeTransactionsResponseTransactionState{ErrorCode: int16(t.Code), TransactionalID: t.TransactionalID, State: t.State,
			TimeoutMillis: t.TimeoutMs, StartTimestamp: int64(t.Start), ProducerID: t.ProducerID, ProducerEpoch: t.Epoch}
		if t.Code != engine.None {
			out.ProducerID, out.ProducerEpoch = 0, 0
		}
		for _, tp := range t.Partitions {
			if n := len(out.Topics); n == 0 || out.Topics[n-1].Topic != tp.Topic {
				out.Topics = append(out.Topics, kmsg.DescribeTransactionsResponseTransactionStateTopic{Topic: tp.Topic})
			}
			last := &out.Topics[len(out.Topics)-1]
			last.Partitions = append(last.Partitions, int32(tp.Partition))
		}
		a.TransactionStates = append(a.TransactionStates, out)
	}
}
