package referee

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("seeded", seeded)
	on("send", send)
	on("ids", idempotence)
	on("fetch", fetch)
	on("offsets", offsets)
	on("deleted", deleteRecords)
}

// produce sends batches to partition 0 of a topic, or where at says, and notes the answer.
func (p *play) produce(step, topic string, batch []byte, change ...func(q *kmsg.ProduceRequest)) {
	q := kmsg.NewPtrProduceRequest()
	q.Acks, q.TimeoutMillis = -1, 5000
	q.Topics = []kmsg.ProduceRequestTopic{{Topic: topic, Partitions: []kmsg.ProduceRequestTopicPartition{{Records: batch}}}}
	for _, f := range change {
		f(q)
	}
	p.do(step, q)
}

// read notes what a fetch of partition 0 gives.
func (p *play) read(step, topic string, from int64, change ...func(q *kmsg.FetchRequest, part *kmsg.FetchRequestTopicPartition)) {
	q := kmsg.NewPtrFetchRequest()
	q.MaxBytes, q.MaxWaitMillis = 1<<20, 100
	part := kmsg.NewFetchRequestTopicPartition()
	part.FetchOffset, part.PartitionMaxBytes = from, 1<<20
	for _, f := range change {
		f(q, &part)
	}
	q.Topics = append(q.Topics, kmsg.FetchRequestTopic{Topic: topic, Partitions: []kmsg.FetchRequestTopicPartition{part}})
	p.do(step, q)
}

// readAll notes all of partition 0, and what was aborted.
func (p *play) readAll(step, topic string, level int8) {
	text, err := p.whole(topic, level)
	if err != nil {
		text = ended(err)
	}
	p.see(step, text)
}

// whole is all of partition 0, however many fetches it takes, and what was aborted.
func (p *play) whole(topic string, level int8) (string, error) {
	from, end := int64(0), int64(1)
	var text []string
	aborted := map[string]bool{}
	for from < end {
		q := kmsg.NewPtrFetchRequest()
		q.MaxBytes, q.MaxWaitMillis, q.IsolationLevel = 1<<20, 100, level
		part := kmsg.NewFetchRequestTopicPartition()
		part.FetchOffset, part.PartitionMaxBytes = from, 1<<20
		q.Topics = []kmsg.FetchRequestTopic{{Topic: topic, Partitions: []kmsg.FetchRequestTopicPartition{part}}}
		a, err := p.ask(anyVersion, q)
		if err != nil {
			return "", err
		}
		got := a.(*kmsg.FetchResponse).Topics[0].Partitions[0]
		for _, t := range got.AbortedTransactions {
			aborted[fmt.Sprint(p.name("pid", fmt.Sprint(t.ProducerID)), " from ", t.FirstOffset)] = true
		}
		data := got.RecordBatches
		if end = got.LastStableOffset; got.ErrorCode != 0 || len(data) < 61 {
			break
		}
		text = append(text, recordsOf(data))
		for len(data) >= 61 && len(data) >= 12+int(binary.BigEndian.Uint32(data[8:])) {
			from = int64(binary.BigEndian.Uint64(data)) + int64(binary.BigEndian.Uint32(data[23:])) + 1
			data = data[12+binary.BigEndian.Uint32(data[8:]):]
		}
	}
	return fmt.Sprint(strings.Join(text, " "), " aborted: ", slices.Sorted(maps.Keys(aborted))), nil
}

// listOffsets notes the offset for a timestamp, which may be one of Kafka's special ones.
func (p *play) listOffsets(step, topic string, at int64, change ...func(q *kmsg.ListOffsetsRequest, part *kmsg.ListOffsetsRequestTopicPartition)) {
	q := kmsg.NewPtrListOffsetsRequest()
	part := kmsg.NewListOffsetsRequestTopicPartition()
	part.Timestamp = at
	for _, f := range change {
		f(q, &part)
	}
	q.Topics = append(q.Topics, kmsg.ListOffsetsRequestTopic{Topic: topic, Partitions: []kmsg.ListOffsetsRequestTopicPartition{part}})
	p.do(step, q)
}

// seeded lets franz-go send records of every codec to partitions chosen by the seed, and
// reads them back.
func seeded(p *play) {
	const partitions, count = 5, 400
	p.topic("seeded.t", partitions)
	codecs := []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()}
	var sent [partitions]int
	for i, codec := range codecs {
		c := p.at.franz(p, kgo.ProducerBatchCompression(codec), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.DefaultProduceTopic("seeded.t"))
		var list []*kgo.Record
		for j := range count {
			part := p.rand.IntN(partitions)
			sent[part]++
			list = append(list, &kgo.Record{Partition: int32(part), Key: fmt.Appendf(nil, "k%d", p.rand.IntN(50)), Timestamp: time.UnixMilli(first + int64(i*count+j)),
				Value:   bytes.Repeat([]byte{byte('a' + p.rand.IntN(26))}, p.rand.IntN(300)),
				Headers: []kgo.RecordHeader{{Key: "n", Value: fmt.Append(nil, j)}}})
		}
		for _, r := range c.ProduceSync(within(p), list...) {
			p.seen[fmt.Sprintf("seeded: codec %d record %s", i, r.Record.Headers[0].Value)] = fmt.Sprint(ended(r.Err), " ", r.Record.Partition, "@", r.Record.Offset)
		}
	}
	c, total := p.at.franz(p, kgo.ConsumeTopics("seeded.t")), 0
	var read [partitions][]string
	for ctx := within(p); total < len(codecs)*count && ctx.Err() == nil; {
		c.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
			total++
			read[r.Partition] = append(read[r.Partition], fmt.Sprint(r.Offset, " ", string(r.Key), " ", string(r.Value), " ", r.Timestamp.UnixMilli(), " ", string(r.Headers[0].Value)))
		})
	}
	for i := range read {
		p.see(fmt.Sprint("records of partition ", i), fmt.Sprint(len(read[i]) == sent[i], "\n", strings.Join(read[i], "\n")))
	}
	for _, at := range []int64{first, first + 777, first + int64(len(codecs)*count), -1, -2, -3} {
		for i := range int32(partitions) {
			p.listOffsets(fmt.Sprint("offset at ", at), "seeded.t", at, func(_ *kmsg.ListOffsetsRequest, part *kmsg.ListOffsetsRequestTopicPartition) { part.Partition = i })
		}
	}
}

// send produces rightly and wrongly.
func send(p *play) {
	p.topic("send.a", 2)
	p.topic("send.compacted", 1, "cleanup.policy=compact")
	p.topic("send.small", 1, "max.message.bytes=100")
	p.topic("send.now", 1, "message.timestamp.type=LogAppendTime")
	p.topic("send.times", 1, "message.timestamp.before.max.ms=1000", "message.timestamp.after.max.ms=1000")
	p.topic("send.two", 1, "min.insync.replicas=2")
	p.topic("send.odd", 1)
	good := batchOf(recs("a", "b", "c"), nil)
	p.produce("good", "send.a", good)
	for _, acks := range []int16{1, 2, -2} {
		p.produce(fmt.Sprint("acks ", acks), "send.a", good, func(q *kmsg.ProduceRequest) { q.Acks = acks })
	}
	p.produce("unknown topic", "send.none", good)
	p.produce("invalid topic", "a/b", good)
	p.produce("unknown partition", "send.a", good, func(q *kmsg.ProduceRequest) { q.Topics[0].Partitions[0].Partition = 7 })
	p.produce("negative partition", "send.a", good, func(q *kmsg.ProduceRequest) { q.Topics[0].Partitions[0].Partition = -1 })
	p.produce("no records", "send.a", []byte{})
	p.produce("two batches", "send.a", slices.Concat(good, good))
	p.produce("cut", "send.a", good[:len(good)-3])
	p.produce("garbage", "send.a", []byte("this is not a record batch, but it is long enough to be one, if one looks only at its length"))
	bad := bytes.Clone(good)
	bad[len(bad)-1] ^= 1
	p.produce("wrong checksum", "send.a", bad)
	p.change("empty batch", "send.a", nil, nil)
	p.change("wrong count", "send.a", recs("a", "b"), func(b *kmsg.RecordBatch) { b.NumRecords = 3 })
	p.change("wrong last offset", "send.a", recs("a", "b"), func(b *kmsg.RecordBatch) { b.LastOffsetDelta = 5 })
	p.change("first offset 9", "send.a", recs("a", "b"), func(b *kmsg.RecordBatch) { b.FirstOffset = 9 })
	p.change("negative count", "send.a", recs("a"), func(b *kmsg.RecordBatch) { b.NumRecords = -1 })
	p.change("control batch", "send.a", recs("a"), func(b *kmsg.RecordBatch) { b.Attributes = 0x20 })
	p.change("append time", "send.odd", recs("a"), func(b *kmsg.RecordBatch) { b.Attributes = 8 })
	p.change("codec 6", "send.odd", recs("a"), func(b *kmsg.RecordBatch) { b.Attributes = 6 })
	p.change("says gzip", "send.odd", recs("a"), func(b *kmsg.RecordBatch) { b.Attributes = 1 })
	p.change("transactional without an id", "send.a", recs("a"), func(b *kmsg.RecordBatch) { b.Attributes = 0x10 })
	p.change("leader epoch 5", "send.a", recs("a"), func(b *kmsg.RecordBatch) { b.PartitionLeaderEpoch = 5 })
	p.change("no time", "send.a", recs("a"), func(b *kmsg.RecordBatch) { b.FirstTimestamp, b.MaxTimestamp = -1, -1 })
	p.produce("without a key", "send.compacted", good)
	p.produce("with keys", "send.compacted", batchOf([]rec{{key: []byte("k"), value: []byte("v")}, {key: []byte("k")}}, nil))
	p.produce("some without a key", "send.compacted", batchOf([]rec{{key: []byte("k")}, {value: []byte("v")}, {value: []byte("w")}}, nil))
	p.produce("large", "send.small", batchOf(recs(strings.Repeat("x", 200)), nil))
	p.produce("small", "send.small", batchOf(recs("x"), nil))
	p.produce("at the broker's time", "send.now", good)
	p.produce("too old", "send.times", good)
	p.change("in the future", "send.times", recs("a"), func(b *kmsg.RecordBatch) { b.FirstTimestamp, b.MaxTimestamp = first+1e12, first+1e12 })
	p.produce("too few replicas", "send.two", good)
	p.produce("too few replicas, acks=1", "send.two", good, func(q *kmsg.ProduceRequest) { q.Acks = 1 })
	for _, topic := range []string{"send.a", "send.compacted", "send.small", "send.two", "send.odd"} {
		p.read("in the end", topic, 0)
		p.listOffsets("end of "+topic, topic, -1)
	}
}

// change sends a batch whose header was changed before its checksum.
func (p *play) change(step, topic string, list []rec, change func(b *kmsg.RecordBatch)) {
	p.produce(step, topic, batchOf(list, change))
}

// producerID gets an id for a producer without transactions.
func (p *play) producerID() (int64, int16) {
	id, epoch := int64(-1), int16(-1)
	p.until("producer id", func() bool {
		q := kmsg.NewPtrInitProducerIDRequest()
		q.ProducerID, q.ProducerEpoch = -1, -1
		a, err := p.ask(anyVersion, q)
		if err != nil {
			return false
		}
		id, epoch = a.(*kmsg.InitProducerIDResponse).ProducerID, a.(*kmsg.InitProducerIDResponse).ProducerEpoch
		return a.(*kmsg.InitProducerIDResponse).ErrorCode == 0
	})
	return id, epoch
}

// idempotence sends with producer ids: in order, again, out of order, with old epochs.
func idempotence(p *play) {
	p.topic("ids.a", 1)
	id, epoch := p.producerID()
	batch := func(step string, id int64, epoch int16, sequence int32, values ...string) {
		p.change(step, "ids.a", recs(values...), func(b *kmsg.RecordBatch) { b.ProducerID, b.ProducerEpoch, b.FirstSequence = id, epoch, sequence })
	}
	batch("first", id, epoch, 0, "a", "b")
	batch("second", id, epoch, 2, "c")
	batch("second again", id, epoch, 2, "c")
	batch("first again", id, epoch, 0, "a", "b")
	batch("a part of the first again", id, epoch, 1, "b")
	batch("gap", id, epoch, 9, "z")
	for i := range int32(6) {
		batch(fmt.Sprint("more ", i), id, epoch, 3+i, fmt.Sprint(i))
	}
	batch("first once more", id, epoch, 0, "a", "b")
	batch("older than five", id, epoch, 3, "0")
	batch("new epoch, not from 0", id, epoch+1, 5, "x")
	batch("new epoch", id, epoch+1, 0, "x")
	batch("old epoch", id, epoch, 9, "y")
	batch("unknown id, from 0", id+1_000_000, 0, 0, "u")
	batch("unknown id, from 7", id+2_000_000, 0, 7, "u")
	batch("negative sequence", id, epoch+1, -1, "n")
	batch("negative epoch", id, -1, 1, "n")
	other, _ := p.producerID()
	batch("near the end of sequences", other, 0, 1<<31-2, "p", "q", "r")
	batch("over the end of sequences", other, 0, 1, "s")
	p.change("two batches of a producer", "ids.a", recs("t"), func(b *kmsg.RecordBatch) { b.ProducerID, b.ProducerEpoch, b.FirstSequence = other, 0, 1 })
	p.read("in the end", "ids.a", 0)
	q := kmsg.NewPtrDescribeProducersRequest()
	q.Topics = []kmsg.DescribeProducersRequestTopic{{Topic: "ids.a", Partitions: []int32{0, 5}}, {Topic: "ids.none", Partitions: []int32{0}}}
	p.producers("producers", q)
}

// producers notes who writes to a partition.
func (p *play) producers(step string, q *kmsg.DescribeProducersRequest) {
	a, err := p.ask(anyVersion, q)
	if err != nil {
		p.see(step, ended(err))
		return
	}
	for _, t := range a.(*kmsg.DescribeProducersResponse).Topics {
		for _, part := range t.Partitions {
			var list []string
			for _, o := range part.ActiveProducers {
				list = append(list, fmt.Sprint("epoch=", o.ProducerEpoch, " sequence=", o.LastSequence, " coordinator=", o.CoordinatorEpoch, " transaction=", o.CurrentTxnStartOffset))
			}
			slices.Sort(list)
			p.see(fmt.Sprint(step, " ", t.Topic, "-", part.Partition), fmt.Sprint(codeName(part.ErrorCode), " ", list))
		}
	}
}

// fetch reads rightly and wrongly.
func fetch(p *play) {
	p.topic("fetch.a", 2)
	for i := range 5 {
		p.produce("batch", "fetch.a", batchOf(recs(fmt.Sprint("a", i), fmt.Sprint("b", i)), nil))
	}
	type part = kmsg.FetchRequestTopicPartition
	for _, from := range []int64{0, 1, 9, 10, 11, -1, -2} {
		p.read(fmt.Sprint("from ", from), "fetch.a", from)
	}
	p.read("unknown topic", "fetch.none", 0)
	p.read("unknown partition", "fetch.a", 0, func(_ *kmsg.FetchRequest, f *part) { f.Partition = 5 })
	for _, epoch := range []int32{0, 1, 99} {
		p.read(fmt.Sprint("leader epoch ", epoch), "fetch.a", 0, func(_ *kmsg.FetchRequest, f *part) { f.CurrentLeaderEpoch = epoch })
		p.read(fmt.Sprint("last epoch ", epoch), "fetch.a", 4, func(_ *kmsg.FetchRequest, f *part) { f.LastFetchedEpoch = epoch })
	}
	for _, n := range []int32{-1, 0, 1, 80, 150, 300} {
		p.read(fmt.Sprint("at most ", n), "fetch.a", 0, func(_ *kmsg.FetchRequest, f *part) { f.PartitionMaxBytes = n })
		p.read(fmt.Sprint("in all at most ", n), "fetch.a", 0, func(q *kmsg.FetchRequest, _ *part) { q.MaxBytes = n })
	}
	p.read("isolation 1", "fetch.a", 3, func(q *kmsg.FetchRequest, _ *part) { q.IsolationLevel = 1 })
	p.read("as a follower that is none", "fetch.a", 0, func(q *kmsg.FetchRequest, _ *part) { q.ReplicaID = 77 })
	p.topic("fetch.segments", 1, "segment.ms=1000")
	for i := range int64(3) {
		p.produce("a segment each", "fetch.segments", batchOf([]rec{{value: fmt.Append(nil, i), at: i * 10_000}}, nil))
	}
	p.read("from three segments", "fetch.segments", 0)
	p.sessions()
	for _, epoch := range []int32{-1, 0, 1, 9} {
		for _, current := range []int32{-1, 0, 5} {
			q := kmsg.NewPtrOffsetForLeaderEpochRequest()
			q.ReplicaID = -1
			q.Topics = []kmsg.OffsetForLeaderEpochRequestTopic{{Topic: "fetch.a", Partitions: []kmsg.OffsetForLeaderEpochRequestTopicPartition{{CurrentLeaderEpoch: current, LeaderEpoch: epoch}, {Partition: 9, CurrentLeaderEpoch: current}}}}
			p.do(fmt.Sprint("end of epoch ", epoch, " known ", current), q)
		}
	}
}

// sessions uses fetch sessions (KIP-227).
func (p *play) sessions() {
	in := func(id, epoch int32, forget ...int32) func(q *kmsg.FetchRequest, _ *kmsg.FetchRequestTopicPartition) {
		return func(q *kmsg.FetchRequest, _ *kmsg.FetchRequestTopicPartition) {
			q.SessionID, q.SessionEpoch = id, epoch
			if forget != nil {
				q.ForgottenTopics = []kmsg.FetchRequestForgottenTopic{{Topic: "fetch.a", Partitions: forget}}
			}
		}
	}
	p.read("unknown session", "fetch.a", 0, in(12345, 1))
	q := kmsg.NewPtrFetchRequest()
	q.MaxBytes, q.MaxWaitMillis = 1<<20, 100
	part := kmsg.NewFetchRequestTopicPartition()
	part.PartitionMaxBytes = 1 << 20
	q.Topics = []kmsg.FetchRequestTopic{{Topic: "fetch.a", Partitions: []kmsg.FetchRequestTopicPartition{part}}}
	q.SessionEpoch = 0
	a, ok := p.do("new session", q).(*kmsg.FetchResponse)
	if !ok {
		return
	}
	p.read("next", "fetch.a", 8, in(a.SessionID, 1))
	p.read("wrong epoch", "fetch.a", 8, in(a.SessionID, 7))
	p.read("epoch again", "fetch.a", 8, in(a.SessionID, 1))
	p.read("at the end", "fetch.a", 10, in(a.SessionID, 2))
	p.read("closed", "fetch.a", 8, in(a.SessionID, -1))
	p.read("after that", "fetch.a", 8, in(a.SessionID, 3))
}

// offsets asks for offsets rightly and wrongly.
func offsets(p *play) {
	p.topic("offsets.a", 1)
	p.topic("offsets.empty", 1)
	p.produce("one", "offsets.a", batchOf([]rec{{value: []byte("a"), at: 10}, {value: []byte("b"), at: 30}, {value: []byte("c"), at: 20}}, nil))
	p.produce("two", "offsets.a", batchOf([]rec{{value: []byte("d"), at: 5}, {value: []byte("e"), at: 30}}, nil))
	type part = kmsg.ListOffsetsRequestTopicPartition
	for _, topic := range []string{"offsets.a", "offsets.empty", "offsets.none"} {
		for _, at := range []int64{-1, -2, -3, -4, -5, -6, -7, 0, first + 10, first + 11, first + 30, first + 31} {
			p.listOffsets(fmt.Sprint(topic, " at ", at), topic, at)
		}
	}
	p.listOffsets("unknown partition", "offsets.a", -1, func(_ *kmsg.ListOffsetsRequest, f *part) { f.Partition = 4 })
	for _, epoch := range []int32{0, 1, 9} {
		p.listOffsets(fmt.Sprint("leader epoch ", epoch), "offsets.a", -1, func(_ *kmsg.ListOffsetsRequest, f *part) { f.CurrentLeaderEpoch = epoch })
	}
	p.listOffsets("isolation 1", "offsets.a", -1, func(q *kmsg.ListOffsetsRequest, _ *part) { q.IsolationLevel = 1 })
}

// deleteRecords moves the log start offset.
func deleteRecords(p *play) {
	p.topic("deleted.a", 1)
	p.topic("deleted.compacted", 1, "cleanup.policy=compact")
	p.produce("one", "deleted.a", batchOf(recs("a", "b", "c"), nil))
	p.produce("two", "deleted.a", batchOf(recs("d", "e"), nil))
	ask := func(step, topic string, partition int32, to int64) {
		q := kmsg.NewPtrDeleteRecordsRequest()
		q.TimeoutMillis = 5000
		q.Topics = []kmsg.DeleteRecordsRequestTopic{{Topic: topic, Partitions: []kmsg.DeleteRecordsRequestTopicPartition{{Partition: partition, Offset: to}}}}
		p.do(step, q)
	}
	ask("too far", "deleted.a", 0, 6)
	ask("negative", "deleted.a", 0, -2)
	ask("inside a batch", "deleted.a", 0, 1)
	p.read("from 0", "deleted.a", 0)
	p.read("from 1", "deleted.a", 1)
	ask("back", "deleted.a", 0, 0)
	p.listOffsets("start", "deleted.a", -2)
	ask("all", "deleted.a", 0, -1)
	p.listOffsets("start", "deleted.a", -2)
	p.listOffsets("by time", "deleted.a", first)
	p.read("after all", "deleted.a", 5)
	ask("unknown topic", "deleted.none", 0, 1)
	ask("unknown partition", "deleted.a", 4, 1)
	ask("compacted", "deleted.compacted", 0, 0)
}
