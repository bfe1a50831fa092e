package kafka

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/batch"
	"partita/web/host"
)

// Produce: 0 to 12. 0 to 2 carry message sets of magic 0 and 1, which are converted up; 3
// has record batches, exactly one a partition, and the transactional id; 5 gives the log
// start offset, 7 allows zstd, 8 has errors of single records, 9 is flexible, 10 names the
// current leader beside NOT_LEADER_OR_FOLLOWER (KIP-951), 12 enlists partitions in a
// transaction by itself (KIP-890). Kafka 4 advertises 0 as well and refuses it: librdkafka
// turns gzip, snappy and lz4 off when it is missing.
//
// A batch is appended whole or refused whole, with the records that are to blame.
func init() { on(0, 0, 12, produce) }

// keptShare bounds what a batch that the engine keeps may keep in memory with it: the frame
// is at most so many times larger.
const keptShare = 8

// keptLeast is the size from which on the engine keeps a batch instead of a copy, in bytes.
const keptLeast = 32 << 10

// produced is what came for one partition: the batch and what is wrong with it.
type produced struct {
	batch []byte
	code  engine.Code
	why   string
}

// checkProduce parses and checks what a request wants to append, in its order.
func checkProduce(q *kmsg.ProduceRequest) []produced {
	var all []produced
	for i := range q.Topics {
		for j := range q.Topics[i].Partitions {
			all = append(all, checkRecords(q.Topics[i].Partitions[j].Records, q.Version))
		}
	}
	return all
}

func checkRecords(records []byte, version int16) produced {
	if version < 3 && isMessageSet(records) {
		up, err := convertUp(records)
		if err != nil {
			return refused(err)
		}
		records = up
	}
	h, err := batch.Check(records)
	switch {
	case err != nil:
		return refused(err)
	case h.Codec() == batch.Zstd && version < 7:
		return produced{code: engine.UnsupportedCompressionType, why: "zstd needs Produce version 7"}
	}
	return produced{batch: records}
}

// refused chooses Kafka's code for a batch that is not right.
func refused(err error) produced {
	code := engine.InvalidRecord
	if errors.Is(err, batch.ErrCRC) || errors.Is(err, errSetCRC) || errors.Is(err, errSet) || errors.Is(err, batch.ErrShort) || errors.Is(err, batch.ErrLength) {
		code = engine.CorruptMessage
	}
	return produced{code: code, why: err.Error()}
}

func produce(c *call, q *kmsg.ProduceRequest, a *kmsg.ProduceResponse) {
	checked := c.request.checked
	topics := make([]engine.TopicID, len(q.Topics))
	leaders := make([]engine.PartitionView, len(checked))
	topic, partition := 0, -1 // of the command that comes next
	replies := c.askAll(len(checked), func(d host.Desk, i int) engine.Command {
		for partition++; partition == len(q.Topics[topic].Partitions); topic++ {
			partition = 0
		}
		t := &q.Topics[topic]
		if partition == 0 {
			view, _ := d.Engine().Topic(t.Topic)
			topics[topic] = view.ID
		}
		p := engine.Partition(t.Partitions[partition].Partition)
		leaders[i], _ = d.Engine().Partition(topics[topic], p)
		if checked[i].code != engine.None {
			return nil
		}
		// A frame that one batch fills goes to the engine, instead of a copy.
		n := len(checked[i].batch)
		keep := n >= keptLeast && n >= len(c.request.frame)/keptShare
		c.request.kept = c.request.kept || keep
		return &engine.Produce{Topic: topics[topic], Partition: p, Acks: q.Acks, Batch: checked[i].batch, Keep: keep,
			TimeoutMs: q.TimeoutMillis, TransactionalID: text(q.TransactionID), Version: max(1, c.version)}
	})
	if c.silent = q.Acks == 0; c.silent {
		return
	}
	i := 0
	for ti := range q.Topics {
		t := kmsg.ProduceResponseTopic{Topic: q.Topics[ti].Topic}
		for pi := range q.Topics[ti].Partitions {
			p := kmsg.NewProduceResponseTopicPartition()
			p.Partition = q.Topics[ti].Partitions[pi].Partition
			c.produceResult(&p, &checked[i], &replies[i], &leaders[i])
			if code := replies[i].Code; code == engine.InvalidRecord || code == engine.InvalidTimestamp {
				c.blame(&p, topics[ti], checked[i].batch)
			}
			t.Partitions = append(t.Partitions, p)
			i++
		}
		a.Topics = append(a.Topics, t)
	}
}

// produceResult says how one partition fared.
func (c *call) produceResult(a *kmsg.ProduceResponseTopicPartition, sent *produced, r *engine.Reply, view *engine.PartitionView) {
	a.BaseOffset, a.LogAppendTime, a.LogStartOffset = -1, -1, -1
	if sent.code != engine.None {
		a.ErrorCode, a.ErrorMessage = int16(sent.code), &sent.why
		return
	}
	a.ErrorCode = int16(r.Code)
	switch r.Code {
	case engine.None:
		a.BaseOffset, a.LogAppendTime, a.LogStartOffset = int64(r.Offset), int64(r.At), int64(view.LogStart)
	case engine.NotLeaderOrFollower:
		a.CurrentLeader.LeaderID, a.CurrentLeader.LeaderEpoch = view.Leader, view.LeaderEpoch
	}
}
