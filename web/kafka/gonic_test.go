package kafka

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/IBM/sarama"
	segmentio "github.com/segmentio/kafka-go"
)

// TestSegmentio: segmentio/kafka-go sends with every codec, reads, and consumes in a group.
func TestSegmentio(t *testing.T) {
	p := start(t)
	p.topic("segmentio partitions=2")
	ctx := within(t)
	n := 0
	for _, codec := range []segmentio.Compression{0, segmentio.Gzip, segmentio.Snappy, segmentio.Lz4, segmentio.Zstd} {
		w := &segmentio.Writer{Addr: segmentio.TCP(p.Addr()), Topic: "segmentio", Compression: codec, RequiredAcks: segmentio.RequireAll, BatchSize: 10, BatchTimeout: 10 * time.Millisecond}
		var some []segmentio.Message
		for i := range 10 {
			some = append(some, segmentio.Message{Key: fmt.Appendf(nil, "k%d", i), Value: fmt.Appendf(nil, "%v %d", codec, i)})
		}
		if err := errors.Join(w.WriteMessages(ctx, some...), w.Close()); err != nil {
			t.Fatal(codec, err)
		}
		n += len(some)
	}
	r := segmentio.NewReader(segmentio.ReaderConfig{Brokers: []string{p.Addr()}, Topic: "segmentio", GroupID: "segmentio", StartOffset: segmentio.FirstOffset, MaxWait: 200 * time.Millisecond})
	seen := map[string]bool{}
	for range n {
		m, err := r.ReadMessage(ctx)
		if err != nil {
			t.Fatalf("after %d of %d: %v", len(seen), n, err)
		}
		seen[string(m.Value)] = true
	}
	if len(seen) != n {
		t.Errorf("%d different records, want %d", len(seen), n)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestSarama: Sarama speaks old and new versions, sends with every codec and reads.
func TestSarama(t *testing.T) {
	p := start(t)
	for _, version := range []sarama.KafkaVersion{sarama.V0_8_2_0, sarama.V0_10_2_0, sarama.V1_0_0_0, sarama.V2_8_0_0, sarama.MaxVersion} {
		t.Run(version.String(), func(t *testing.T) { p.sarama(t, version) })
	}
}

func (p *place) sarama(t *testing.T, version sarama.KafkaVersion) {
	topic := "sarama-" + version.String()
	p.topic(topic + " partitions=1")
	codecs := []sarama.CompressionCodec{sarama.CompressionNone, sarama.CompressionGZIP, sarama.CompressionSnappy}
	if version.IsAtLeast(sarama.V0_10_0_0) {
		codecs = append(codecs, sarama.CompressionLZ4)
	}
	if version.IsAtLeast(sarama.V2_1_0_0) {
		codecs = append(codecs, sarama.CompressionZSTD)
	}
	config := sarama.NewConfig()
	config.Version, config.Producer.Return.Successes, config.ApiVersionsRequest = version, true, version.IsAtLeast(sarama.V2_4_0_0)
	n := 0
	for _, codec := range codecs {
		config.Producer.Compression = codec
		producer, err := sarama.NewSyncProducer([]string{p.Addr()}, config)
		if err != nil {
			t.Fatal(codec, err)
		}
		for range 10 {
			_, at, err := producer.SendMessage(&sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder("k"), Value: sarama.StringEncoder(fmt.Sprint(codec, n))})
			if err != nil || at != int64(n) {
				t.Fatalf("%v: record %d got offset %d, %v", codec, n, at, err)
			}
			n++
		}
		producer.Close()
	}
	consumer, err := sarama.NewConsumer([]string{p.Addr()}, config)
	if err != nil {
		t.Fatal(err)
	}
	defer consumer.Close()
	part, err := consumer.ConsumePartition(topic, 0, sarama.OffsetOldest)
	if err != nil {
		t.Fatal(err)
	}
	defer part.Close()
	for i := range n {
		select {
		case m := <-part.Messages():
			if m.Offset != int64(i) || string(m.Key) != "k" {
				t.Fatalf("record %d: %+v", i, m)
			}
		case err := <-part.Errors():
			t.Fatal(err)
		case <-within(t).Done():
			t.Fatalf("only %d of %d records came", i, n)
		}
	}
}
