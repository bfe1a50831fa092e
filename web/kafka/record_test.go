package kafka

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/batch"
)

// packed is one batch of records with these keys ("" for none) and timestamps, compressed
// by a codec.
func packed(t *testing.T, codec batch.Codec, keys []string, at ...time.Time) []byte {
	t.Helper()
	var b batch.Builder
	b.Reset(nil)
	for i, key := range keys {
		var k []byte
		if key != "" {
			k = []byte(key)
		}
		b.Add(at[min(i, len(at)-1)].UnixMilli(), k, []byte("value"), nil)
	}
	plain := b.Finish()
	if codec == batch.None {
		return plain
	}
	out, err := compress(plain[:batch.HeaderSize:batch.HeaderSize], codec, plain[batch.HeaderSize:])
	if err != nil {
		t.Fatal(err)
	}
	out[22] |= byte(codec) // the attributes
	batch.Seal(out)
	return out
}

// produceRaw sends one batch to partition 0 of a topic.
func produceRaw(r *raw, version int16, topic string, records []byte) kmsg.ProduceResponseTopicPartition {
	r.t.Helper()
	q := kmsg.NewPtrProduceRequest()
	q.Version, q.Acks, q.TimeoutMillis = version, 1, 1000
	q.Topics = []kmsg.ProduceRequestTopic{{Topic: topic, Partitions: []kmsg.ProduceRequestTopicPartition{{Records: records}}}}
	return ask(r, q, kmsg.NewPtrProduceResponse()).Topics[0].Partitions[0]
}

// TestRecordErrors: a batch of which some records cannot be taken is refused, and the
// response names each of them (KIP-467), whatever the codec.
func TestRecordErrors(t *testing.T) {
	p := start(t)
	p.topic("keyed partitions=1 cleanup.policy=compact")
	p.topic("timely partitions=1 message.timestamp.after.max.ms=60000 message.timestamp.before.max.ms=60000")
	r, now := p.dial(), time.Now()
	keys, times := []string{"a", "", "b", ""}, []time.Time{now, now.Add(-time.Hour), now, now.Add(time.Hour)}
	for _, codec := range []batch.Codec{batch.None, batch.Gzip, batch.Snappy, batch.LZ4, batch.Zstd} {
		got := produceRaw(r, 9, "keyed", packed(t, codec, keys, now))
		if got.ErrorCode != int16(engine.InvalidRecord) || blamed(got) != "1 3" || !strings.HasPrefix(text(got.ErrorMessage),
			"One or more records have been rejected due to 2 record errors in total, and only showing the first three errors at most: [RecordError(batchIndex=1, message='Compacted topic cannot accept message without key in topic partition keyed-0.')") {
			t.Errorf("%v: code %d, records %s, %s", codec, got.ErrorCode, blamed(got), text(got.ErrorMessage))
		}
		got = produceRaw(r, 8, "timely", packed(t, codec, keys, times...))
		if got.ErrorCode != int16(engine.InvalidTimestamp) || blamed(got) != "1 3" || text(got.ErrorMessage) != "One or more records have been rejected due to invalid timestamp" {
			t.Errorf("%v: code %d, records %s, %s", codec, got.ErrorCode, blamed(got), text(got.ErrorMessage))
		}
		if got = produceRaw(r, 9, "timely", packed(t, codec, keys, now)); got.ErrorCode != 0 || len(got.ErrorRecords) != 0 || got.ErrorMessage != nil {
			t.Errorf("%v: a good batch: %+v", codec, got)
		}
	}
	if n := p.records("keyed"); n != 0 {
		t.Errorf("%d records of refused batches are there", n)
	}
	if got := produceRaw(r, 7, "keyed", packed(t, batch.None, keys, now)); got.ErrorCode != int16(engine.InvalidRecord) {
		t.Errorf("before the version that names records: code %d", got.ErrorCode)
	}
	c := p.franz(kgo.DefaultProduceTopic("keyed"), kgo.ProducerBatchCompression(kgo.SnappyCompression()))
	if err := c.ProduceSync(within(t), kgo.StringRecord(strings.Repeat("x", 1000))).FirstErr(); !errors.Is(err, kerr.InvalidRecord) {
		t.Errorf("franz-go without a key: %v", err)
	}
}

// blamed lists the records that a response names.
func blamed(a kmsg.ProduceResponseTopicPartition) string {
	var list []string
	for _, r := range a.ErrorRecords {
		list = append(list, fmt.Sprint(r.RelativeOffset))
	}
	return strings.Join(list, " ")
}

// TestCompaction: of what clients send with every codec, compaction keeps the newest record
// of each key, at its offset.
func TestCompaction(t *testing.T) {
	p := startWith(t, 1, Config{}, engine.ConfigEntry{Name: "log.cleaner.backoff.ms", Value: "100"})
	admin := kadm.NewClient(p.franz())
	made, err := admin.CreateTopic(within(t), 1, 1, map[string]*string{"cleanup.policy": kadm.StringPtr("compact"),
		"min.cleanable.dirty.ratio": kadm.StringPtr("0.01"), "segment.ms": kadm.StringPtr("100")}, "newest")
	if err != nil || made.Err != nil {
		t.Fatal(err, made.Err)
	}
	offset, want := 0, map[string]string{}
	for _, codec := range []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()} {
		c := p.franz(kgo.DefaultProduceTopic("newest"), kgo.ProducerBatchCompression(codec))
		for range 2 {
			var all []*kgo.Record
			for i := range 20 {
				key, value := fmt.Sprint("k", i%7), fmt.Sprint(strings.Repeat("value ", 50), offset)
				all = append(all, &kgo.Record{Key: []byte(key), Value: []byte(value)})
				want[key] = fmt.Sprint(offset, " ", value)
				offset++
			}
			if err := c.ProduceSync(within(t), all...).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	last := p.franz(kgo.DefaultProduceTopic("newest"))
	for limit := time.After(testMost); ; {
		if err := last.ProduceSync(within(t), &kgo.Record{Key: []byte("end"), Value: []byte(fmt.Sprint(offset))}).FirstErr(); err != nil { // rolls the segment
			t.Fatal(err)
		}
		offset++
		got, first := map[string]string{}, map[string]int{}
		for _, r := range take(t, p.franz(kgo.ConsumeTopics("newest"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart())), 1+len(want)) {
			first[string(r.Key)]++
			got[string(r.Key)] = fmt.Sprint(r.Offset, " ", string(r.Value))
		}
		if delete(got, "end"); first["k0"] == 1 && fmt.Sprint(got) == fmt.Sprint(want) {
			return
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-limit:
			t.Fatalf("it was never compacted: %v", first)
		}
	}
}
