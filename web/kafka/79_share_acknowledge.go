package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ShareAcknowledge: 1 (KIP-932). 0 was Kafka 4.0's early access; 2 renews acquisition
// locks, which the engine does not.
func init() { on(79, 1, 1, shareAcknowledge) }

func shareAcknowledge(c *call, q *kmsg.ShareAcknowledgeRequest, a *kmsg.ShareAcknowledgeResponse) {
	parts := shareParts{c: c}
	for i := range q.Topics {
		for j := range q.Topics[i].Partitions {
			p := &q.Topics[i].Partitions[j]
			var acks []engine.ShareAck
			for _, b := range p.AcknowledgementBatches {
				acks = append(acks, shareAck(b.FirstOffset, b.LastOffset, b.AcknowledgeTypes))
			}
			parts.add(q.Topics[i].TopicID, p.Partition, acks)
		}
	}
	r := c.ask(&engine.ShareAcknowledge{Group: text(q.GroupID), Member: text(q.MemberID), SessionEpoch: q.ShareSessionEpoch, Parts: parts.parts})
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.ShareAcknowledgeReply)
	if !ok {
		return
	}
	n := 0
	for i := range q.Topics {
		t := kmsg.ShareAcknowledgeResponseTopic{TopicID: q.Topics[i].TopicID}
		for j := range q.Topics[i].Partitions {
			p := kmsg.NewShareAcknowledgeResponseTopicPartition()
			p.Partition, p.ErrorCode = q.Topics[i].Partitions[j].Partition, shareCode(engine.Code(codeAt(body.Codes, n, r.Code)))
			t.Partitions = append(t.Partitions, p)
			n++
		}
		a.Topics = append(a.Topics, t)
	}
}
