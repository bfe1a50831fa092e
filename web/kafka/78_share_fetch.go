package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ShareFetch: 1 (KIP-932). 0 was Kafka 4.0's early access; 2 renews acquisition locks,
// which the engine does not. The batch size is a wish that is not heard.
func init() { on(78, 1, 1, shareFetch) }

func shareFetch(c *call, q *kmsg.ShareFetchRequest, a *kmsg.ShareFetchResponse) {
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
	cmd := &engine.ShareFetch{Group: text(q.GroupID), Member: text(q.MemberID), SessionEpoch: q.ShareSessionEpoch, MaxWaitMs: q.MaxWaitMillis,
		MinBytes: q.MinBytes, MaxBytes: min(q.MaxBytes, fetchMost), MaxRecords: q.MaxRecords, Parts: parts.parts}
	for i := range q.ForgottenTopicsData {
		t := &q.ForgottenTopicsData[i]
		cmd.Forget = append(cmd.Forget, engine.OwnedTopic{Topic: topicOf(c.room, t.TopicID), Partitions: partitions(t.Partitions)})
	}
	r := c.ask(cmd)
	a.ErrorCode, a.ErrorMessage = int16(r.Code), orNull(r.Reason)
	body, ok := r.Body.(*engine.ShareFetchReply)
	if !ok {
		return
	}
	a.AcquisitionLockTimeoutMillis = body.LockTimeoutMs
	for i := range body.Parts {
		p := &body.Parts[i]
		id := topicUUID(c.room, p.Topic)
		if n := len(a.Topics); n == 0 || a.Topics[n-1].TopicID != id {
			a.Topics = append(a.Topics, kmsg.ShareFetchResponseTopic{TopicID: id})
		}
		out := kmsg.NewShareFetchResponseTopicPartition()
		out.Partition, out.ErrorCode, out.AcknowledgeErrorCode, out.Records = int32(p.Partition), shareCode(p.Code), shareCode(p.AckCode), p.Records
		for _, run := range p.Acquired {
			out.AcquiredRecords = append(out.AcquiredRecords, kmsg.ShareFetchResponseTopicPartitionAcquiredRecord{
				FirstOffset: int64(run.First), LastOffset: int64(run.Last), DeliveryCount: run.Deliveries})
		}
		t := &a.Topics[len(a.Topics)-1]
		t.Partitions = append(t.Partitions, out)
	}
}
