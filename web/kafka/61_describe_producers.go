package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/web/host"
)

// DescribeProducers: 0 (KIP-664).
func init() { on(61, 0, 0, describeProducers) }

func describeProducers(c *call, q *kmsg.DescribeProducersRequest, a *kmsg.DescribeProducersResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		replies := c.askAll(len(t.Partitions), func(d host.Desk, j int) engine.Command {
			view, _ := d.Engine().Topic(t.Topic)
			return &engine.DescribeProducers{Topic: view.ID, Partition: engine.Partition(t.Partitions[j])}
		})
		out := kmsg.DescribeProducersResponseTopic{Topic: t.Topic}
		for j := range t.Partitions {
			p := kmsg.DescribeProducersResponseTopicPartition{Partition: t.Partitions[j], ErrorCode: int16(replies[j].Code)}
			if body, ok := replies[j].Body.(*engine.DescribeProducersReply); ok {
				for k := range body.Producers {
					d := &body.Producers[k]
					p.ActiveProducers = append(p.ActiveProducers, kmsg.DescribeProducersResponseTopicPartitionActiveProducer{
						ProducerID: d.ProducerID, ProducerEpoch: int32(d.Epoch), LastSequence: d.LastSequence, LastTimestamp: d.LastTimestamp,
						CoordinatorEpoch: d.CoordinatorEpoch, CurrentTxnStartOffset: int64(d.TxnStart)})
				}
			}
			out.Partitions = append(out.Partitions, p)
		}
		a.Topics = append(a.Topics, out)
	}
}
