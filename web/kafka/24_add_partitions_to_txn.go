package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AddPartitionsToTxn: 0 to 5. 3 is flexible, 4 and 5 carry several transactions and are for
// brokers, which are inside the engine: clients are served all the same.
func init() { on(24, 0, 5, addPartitionsToTxn) }

func addPartitionsToTxn(c *call, q *kmsg.AddPartitionsToTxnRequest, a *kmsg.AddPartitionsToTxnResponse) {
	if c.version < 4 {
		cmd := &engine.AddPartitionsToTxn{TransactionalID: q.TransactionalID, ProducerID: q.ProducerID, Epoch: q.ProducerEpoch}
		for i := range q.Topics {
			cmd.Partitions = appendPartitions(cmd.Partitions, q.Topics[i].Topic, q.Topics[i].Partitions)
		}
		code := c.enlist(cmd)
		n := 0
		for i := range q.Topics {
			t := kmsg.AddPartitionsToTxnResponseTopic{Topic: q.Topics[i].Topic}
			for _, p := range q.Topics[i].Partitions {
				t.Partitions = append(t.Partitions, kmsg.AddPartitionsToTxnResponseTopicPartition{Partition: p, ErrorCode: code(n)})
				n++
			}
			a.Topics = append(a.Topics, t)
		}
		return
	}
	for i := range q.Transactions {
		a.Transactions = append(a.Transactions, c.enlistOne(&q.Transactions[i]))
	}
}

func (c *call) enlistOne(q *kmsg.AddPartitionsToTxnRequestTransaction) kmsg.AddPartitionsToTxnResponseTransaction {
	a := kmsg.AddPartitionsToTxnResponseTransaction{TransactionalID: q.TransactionalID}
	cmd := &engine.AddPartitionsToTxn{TransactionalID: q.TransactionalID, ProducerID: q.ProducerID, Epoch: q.ProducerEpoch, VerifyOnly: q.VerifyOnly}
	for i := range q.Topics {
		cmd.Partitions = appendPartitions(cmd.Partitions, q.Topics[i].Topic, q.Topics[i].Partitions)
	}
	code := c.enlist(cmd)
	n := 0
	for i := range q.Topics {
		t := kmsg.AddPartitionsToTxnResponseTransactionTopic{Topic: q.Topics[i].Topic}
		for _, p := range q.Topics[i].Partitions {
			t.Partitions = append(t.Partitions, kmsg.AddPartitionsToTxnResponseTransactionTopicPartition{Partition: p, ErrorCode: code(n)})
			n++
		}
		a.Topics = append(a.Topics, t)
	}
	return a
}

// enlist gives the code of each partition.
func (c *call) enlist(cmd *engine.AddPartitionsToTxn) func(n int) int16 {
	r := c.ask(cmd)
	var codes []engine.Code
	if body, ok := r.Body.(*engine.CodesReply); ok {
		codes = body.Codes
	}
	return func(n int) int16 { return c.txnCode(engine.Code(codeAt(codes, n, r.Code)), 24) }
}

// txnCode is the code as a client of this version knows it.
func (c *call) txnCode(code engine.Code, key int16) int16 { return int16(code.For(key, c.version)) }
