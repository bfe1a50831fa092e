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

// keptLeast is the size from which on the engine keeps a batch instead of a copy, in bytes.
const keptLeast = 32 << 10

// keptMostOf is the most large batches in a frame that the engine keeps: the last of them
// that is in the log keeps the whole frame in memory.
const keptMostOf = 8

// keepable tells whether the large batches of a request fill its frame, so that it costs
// no memory to keep the frame instead of copies.
func (q *request) keepable() bool {
	n, size := 0, 0
	for i := range q.checked {
		if p := &q.checked[i]; p.code == engine.None && len(p.batch) >= keptLeast {
			n, size = n+1, size+len(p.batch)
		}
	}
	return n > 0 && n <= keptMostOf && size >= cap(q.frame)-cap(q.frame)/8
}

// produced is what came for one partition: the batch and what is wrong with it.
type produced struct {
	batch []byte
	code  engine.Code
	why   string
	early bool // refused before anybody looked at the log
}

// checkProduce parses and checks what a request wants to append, in its order, and appends
// it to all.
func checkProduce(q *kmsg.ProduceRequest, all []produced) []produced {
	for i := range q.Topics {
		for j := range q.Topics[i].Partitions {
			p := checkRecords(q.Topics[i].Partitions[j].Records, q.Version)
			if h, err := batch.Parse(p.batch); err == nil && h.IsTransactional() && text(q.TransactionID) == "" {
				p = produced{code: engine.TransactionalIDAuthorizationFailed, why: "transactional records without a transactional id"}
			}
			all = append(all, p)
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
	case errors.Is(err, batch.ErrShort) && (len(records) <= atMagic || records[atMagic] <= 2):
		return produced{code: engine.InvalidRecord, why: err.Error(), early: true} // Kafka finds no batch at all
	case err != nil:
		return refused(err)
	case h.BaseOffset != 0:
		return produced{code: engine.InvalidRecord, why: "The base offset of a batch that a client sends must be 0."}
	case h.Codec() == batch.Zstd && version < 7:
		return produced{code: engine.UnsupportedCompressionType, why: "zstd needs Produce version 7"}
	}
	return produced{batch: records}
}

// refused chooses Kafka's code for a batch that is not right.
func refused(err error) produced {
	code := engine.InvalidRecord
	if errors.Is(err, batch.ErrCRC) || errors.Is(err, batch.ErrMagic) || errors.Is(err, errSetCRC) || errors.Is(err, errSet) || errors.Is(err, batch.ErrShort) || errors.Is(err, batch.ErrLength) {
		code = engine.CorruptMessage
	}
	return produced{code: code, why: err.Error(), early: errors.Is(err, batch.ErrTrailing)}
}

func produce(c *call, q *kmsg.ProduceRequest, a *kmsg.ProduceResponse) {
	checked := c.request.checked
	w := &c.producing
	w.topics, w.leaders, w.commands = sized(w.topics, len(q.Topics)), sized(w.leaders, len(checked)), sized(w.commands, len(checked))
	topics, leaders := w.topics, w.leaders
	defer clear(w.commands) // of what they refer to
	c.request.kept = c.request.keepable()
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
		keep := c.request.kept && len(checked[i].batch) >= keptLeast
		w.commands[i] = engine.Produce{Topic: topics[topic], Partition: p, Acks: q.Acks, Batch: checked[i].batch, Keep: keep,
			TimeoutMs: q.TimeoutMillis, TransactionalID: text(q.TransactionID), Version: max(1, c.version)}
		return &w.commands[i]
	})
	if c.silent = q.Acks == 0; c.silent {
		return
	}
	i := 0
	for ti := range q.Topics {
		a.Topics = sized(a.Topics, ti+1)
		t := &a.Topics[ti]
		t.Topic, t.Partitions = q.Topics[ti].Topic, sized(t.Partitions, len(q.Topics[ti].Partitions))
		for pi := range t.Partitions {
			p := &t.Partitions[pi]
			*p = kmsg.NewProduceResponseTopicPartition()
			p.Partition = q.Topics[ti].Partitions[pi].Partition
			c.produceResult(p, &checked[i], &replies[i], &leaders[i])
			if code := replies[i].Code; code == engine.InvalidRecord || code == engine.InvalidTimestamp {
				c.blame(p, topics[ti], checked[i].batch)
			}
			i++
		}
	}
}

// producing is what answers to Produce requests of a connection are made with.
type producing struct {
	topics   []engine.TopicID
	leaders  []engine.PartitionView
	commands []engine.Produce
}

// produceResult says how one partition fared.
func (c *call) produceResult(a *kmsg.ProduceResponseTopicPartition, sent *produced, r *engine.Reply, view *engine.PartitionView) {
	a.BaseOffset, a.LogAppendTime, a.LogStartOffset = -1, -1, -1
	code := r.Code
	if sent.code != engine.None {
		code, a.ErrorMessage = sent.code, &sent.why
	}
	if a.ErrorCode = int16(code); !sent.early && attempted(code) {
		a.LogStartOffset = int64(view.LogStart)
	}
	if sent.code != engine.None {
		return
	}
	switch r.Code {
	case engine.None:
		a.BaseOffset, a.LogAppendTime, a.LogStartOffset = int64(r.Offset), int64(r.At), int64(view.LogStart)
	case engine.NotLeaderOrFollower:
		a.CurrentLeader.LeaderID, a.CurrentLeader.LeaderEpoch = view.Leader, view.LeaderEpoch
	}
}

// attempted tells whether a broker has come as far as the log before it refused: then it
// says where the log starts.
func attempted(code engine.Code) bool {
	switch code {
	case engine.InvalidRecord, engine.InvalidTimestamp, engine.OutOfOrderSequenceNumber, engine.InvalidProducerEpoch, engine.InvalidTxnState,
		engine.NotEnoughReplicas, engine.UnsupportedCompressionType:
		return true
	}
	return false
}

// atMagic is where the version of a batch or of a message stands.
const atMagic = 16
