package client_test

import (
	"reflect"
	"strconv"
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

func producerConfig() client.ProducerConfig {
	return client.ProducerConfig{
		Acks: -1, LingerMs: 5, BatchSize: 16384, MaxRequestSize: 1 << 20, BufferMemory: 32 << 20,
		MaxInFlight: 5, Retries: 1<<31 - 1, RetryBackoffMs: 100, RequestTimeoutMs: 30_000,
		DeliveryTimeoutMs: 120_000, MetadataMaxAgeMs: 300_000, Partitioner: "default",
	}
}

// bench is one producer and one cluster, joined without latency.
type bench struct {
	t        testing.TB
	e        *engine.Engine
	p        *client.Producer
	topic    engine.TopicID
	produced int // Produce commands that reached the cluster
	lose     func(cmd engine.Command) (request, reply bool)
}

func newBench(t testing.TB, cfg client.ProducerConfig, partitions int32) *bench {
	b := &bench{t: t, e: engine.New(engine.Config{Seed: 1}), p: client.NewProducer(cfg, 7)}
	b.e.Apply(0, 1, 1, &engine.CreateTopic{Name: "orders", Partitions: partitions})
	b.topic = b.e.Ready().Replies[0].Body.(*engine.CreateTopicReply).Topic
	b.e.Advance()
	return b
}

func (b *bench) send(at engine.Time, key, value string) {
	b.t.Helper()
	var k []byte
	if key != "" {
		k = []byte(key)
	}
	if err := b.p.Send(at, "orders", -1, k, []byte(value), nil); err != nil {
		b.t.Fatal(err)
	}
}

// run ticks both sides at one instant until neither has anything to say.
func (b *bench) run(at engine.Time) {
	b.call(func(p *client.Producer) { p.Tick(at) })
	for {
		requests := append([]client.Request(nil), b.p.Requests()...)
		for _, r := range requests {
			loseRequest, loseReply := false, false
			if b.lose != nil {
				loseRequest, loseReply = b.lose(r.Command)
			}
			if loseRequest {
				continue
			}
			if _, ok := r.Command.(*engine.Produce); ok {
				b.produced++
			}
			b.e.ApplyTo(at, r.Broker, 2, r.Token, r.Command)
			if loseReply {
				b.e.Advance()
			}
		}
		b.p.Sent()
		replies := append([]engine.Reply(nil), b.e.Ready().Replies...)
		b.e.Advance()
		if len(requests) == 0 && len(replies) == 0 {
			return
		}
		for i := range replies {
			b.call(func(p *client.Producer) { p.Reply(at, &replies[i]) })
		}
	}
}

// call calls the producer, and a clone of it before: the clone must say the same, and
// the producer must not notice.
func (b *bench) call(do func(p *client.Producer)) {
	clone := b.p.Clone()
	do(clone)
	do(b.p)
	if !reflect.DeepEqual(clone.Requests(), b.p.Requests()) || !reflect.DeepEqual(clone.Facts(), b.p.Facts()) {
		b.t.Errorf("the clone of the producer differs:\n%+v\n%+v", b.p.Requests(), clone.Requests())
	}
}

// log reads the values of a partition, in order.
func (b *bench) log(p engine.Partition) (keys, values []string) {
	view, _ := b.e.Partition(b.topic, p)
	for o := view.LogStart; o < view.LogEnd; {
		bytes, code := b.e.Read(b.topic, p, o, 1<<20)
		if code != engine.None || len(bytes) == 0 {
			b.t.Fatalf("read at %d: %v", o, code)
		}
		for len(bytes) > 0 {
			h, err := batch.Parse(bytes)
			if err != nil {
				b.t.Fatal(err)
			}
			var r batch.Record
			for it := batch.Records(bytes); it.Next(&r); {
				keys, values = append(keys, string(r.Key)), append(values, string(r.Value))
			}
			o = engine.Offset(h.NextOffset())
			bytes = bytes[h.Size():]
		}
	}
	return keys, values
}

func TestProducerKeepsEachKeyInItsPartitionAndOrder(t *testing.T) {
	b := newBench(t, producerConfig(), 6)
	for i := range 300 {
		b.send(engine.Time(i), "truck-"+strconv.Itoa(i%7), strconv.Itoa(i))
		b.run(engine.Time(i))
	}
	b.p.Flush(300)
	b.run(300)
	total := 0
	for p := range engine.Partition(6) {
		keys, values := b.log(p)
		last := map[string]int{}
		for i, key := range keys {
			if engine.PartitionForKey([]byte(key), 6) != int32(p) {
				t.Errorf("%s is in partition %d", key, p)
			}
			n, _ := strconv.Atoi(values[i])
			if before, seen := last[key]; seen && before >= n {
				t.Errorf("%s: %d after %d", key, n, before)
			}
			last[key] = n
		}
		total += len(keys)
	}
	if v := b.p.View(); total != 300 || v.Acked != 300 || !b.p.Idle() {
		t.Errorf("%d records, view %+v", total, v)
	}
}

func TestProducerLingerFillsBatches(t *testing.T) {
	for _, c := range []struct{ linger, batches int }{{0, 20}, {10, 2}} {
		cfg := producerConfig()
		cfg.LingerMs = int64(c.linger)
		b := newBench(t, cfg, 1)
		b.run(0)
		b.p.Send(0, "orders", 0, nil, nil, nil) // learns the topic
		b.run(0)
		b.run(1000)
		b.produced = 0
		for i := range 20 { // one record a millisecond
			b.send(engine.Time(1000+i), "", "x")
			b.run(engine.Time(1000 + i))
		}
		b.run(2000)
		if b.produced != c.batches {
			t.Errorf("linger.ms=%d: %d batches, want %d", c.linger, b.produced, c.batches)
		}
	}
}

func TestProducerClosesBatchesAtBatchSize(t *testing.T) {
	cfg := producerConfig()
	cfg.BatchSize, cfg.LingerMs, cfg.MaxInFlight = 200, 1_000_000, 100
	cfg.DeliveryTimeoutMs = 10_000_000
	b := newBench(t, cfg, 1)
	for range 100 {
		b.send(0, "k", "twenty bytes of text")
	}
	b.run(0) // metadata, then every full batch; the last one lingers
	view, _ := b.e.Partition(b.topic, 0)
	if b.produced < 15 || view.LogEnd == 100 || view.LogEnd < 90 {
		t.Errorf("%d batches, log end %d", b.produced, view.LogEnd)
	}
	if at, ok := b.p.Deadline(); !ok || at != 1_000_000 {
		t.Errorf("deadline %d %v, want linger.ms", at, ok)
	}
}

func TestProducerSendsAgainAndDuplicatesWithoutIdempotence(t *testing.T) {
	b := newBench(t, producerConfig(), 1)
	lost := 0
	b.lose = func(cmd engine.Command) (bool, bool) {
		if _, ok := cmd.(*engine.Produce); ok && lost == 0 {
			lost++
			return false, true // written, but the answer is lost
		}
		return false, false
	}
	b.send(0, "k", "once")
	b.run(0)
	b.run(5)
	if b.p.Idle() {
		t.Fatal("idle although the answer was lost")
	}
	b.run(30_005) // request.timeout.ms
	b.run(30_125) // retry.backoff.ms, and up to a fifth more
	if _, values := b.log(0); len(values) != 2 || !b.p.Idle() {
		t.Errorf("log %v, view %+v: without idempotence a lost answer makes a duplicate", values, b.p.View())
	}
}

func TestProducerGivesUpAfterDeliveryTimeout(t *testing.T) {
	cfg := producerConfig()
	b := newBench(t, cfg, 1)
	b.lose = func(cmd engine.Command) (bool, bool) {
		_, produce := cmd.(*engine.Produce)
		return produce, false
	}
	b.send(0, "k", "v")
	for at := engine.Time(0); at <= 200_000; at += 1000 {
		b.run(at)
	}
	facts := b.p.Facts()
	if len(facts) != 1 || facts[0].Kind != client.FactSendFailed || facts[0].Code != engine.RequestTimedOut ||
		facts[0].At > 150_000 || b.p.View().Failed != 1 {
		t.Errorf("facts %+v, view %+v", facts, b.p.View())
	}
}

func TestProducerAcksZeroNeverWaits(t *testing.T) {
	cfg := producerConfig()
	cfg.Acks, cfg.LingerMs = 0, 0
	b := newBench(t, cfg, 1)
	for i := range 50 {
		b.send(engine.Time(i), "k", strconv.Itoa(i))
		b.run(engine.Time(i))
	}
	if _, values := b.log(0); len(values) != 50 || !b.p.Idle() {
		t.Errorf("%d records, view %+v", len(values), b.p.View())
	}
}

func TestProducerRefusals(t *testing.T) {
	cfg := producerConfig()
	cfg.BufferMemory, cfg.MaxRequestSize = 2000, 1000
	b := newBench(t, cfg, 1)
	if err := b.p.Send(0, "orders", -1, nil, make([]byte, 1000), nil); err != client.ErrRecordTooLarge {
		t.Errorf("a large record: %v", err)
	}
	var err error
	for range 100 {
		if err = b.p.Send(0, "orders", -1, nil, make([]byte, 100), nil); err != nil {
			break
		}
	}
	if err != client.ErrBufferFull {
		t.Errorf("a full buffer: %v", err)
	}
	b.run(0)
	b.run(5)
	if err := b.p.Send(5, "orders", -1, nil, []byte("room again"), nil); err != nil {
		t.Errorf("after it was sent: %v", err)
	}
	if err := b.p.Send(5, "orders", 9, nil, nil, nil); err == nil {
		t.Error("partition 9 of 1 was taken")
	}
}

func TestPartitioners(t *testing.T) {
	for _, name := range client.Partitioners {
		cfg := producerConfig()
		cfg.Partitioner, cfg.LingerMs, cfg.BatchSize = name, 0, 300
		b := newBench(t, cfg, 4)
		for i := range 400 {
			b.send(engine.Time(i), "", "a value of some length")
			b.run(engine.Time(i))
		}
		used := 0
		for p := range engine.Partition(4) {
			if _, values := b.log(p); len(values) > 0 {
				used++
			}
		}
		if used != 4 {
			t.Errorf("%s: 400 records without a key reached %d of 4 partitions", name, used)
		}
	}
}

func TestOtherClientsPlaceKeysElsewhere(t *testing.T) {
	// CRC-32 of "123456789" is 0xcbf43926, FNV-1a of "a" is 0xe40c292c: the check
	// values of those hashes.
	crc, _ := client.PartitionerNamed("consistent_random", 0, false, 1)
	if got, want := crc.Partition(1, []byte("123456789"), 1000), int32(0xcbf43926%1000); got != want {
		t.Errorf("librdkafka: %d, want %d", got, want)
	}
	sum := uint32(0xe40c292c)
	want := int32(sum) % 1000
	if want < 0 {
		want = -want
	}
	sarama, _ := client.PartitionerNamed("sarama-hash", 0, false, 1)
	if got := sarama.Partition(1, []byte("a"), 1000); got != want {
		t.Errorf("Sarama: %d, want %d", got, want)
	}
}

func TestProducerAllocatesNothingPerRecord(t *testing.T) {
	cfg := producerConfig()
	cfg.LingerMs = 0
	p := client.NewProducer(cfg, 1)
	e := engine.New(engine.Config{Defaults: []engine.ConfigEntry{{Name: "log.retention.check.interval.ms", Value: "1000"}}})
	e.Apply(0, 1, 1, &engine.CreateTopic{Name: "orders", Partitions: 3,
		Config: []engine.ConfigEntry{{Name: "retention.bytes", Value: "100000"}}})
	e.Advance()
	key, value := []byte("truck-1"), make([]byte, 100)
	at := engine.Time(0)
	run := func() {
		at += 20
		for range 100 {
			if err := p.Send(at, "orders", -1, key, value, nil); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			p.Tick(at)
			for _, r := range p.Requests() {
				e.Apply(at, 2, r.Token, r.Command)
			}
			p.Sent()
			ready := e.Ready()
			for i := range ready.Replies {
				p.Reply(at, &ready.Replies[i])
			}
			e.Advance()
		}
		p.ClearFacts()
	}
	for range 200 {
		run()
	}
	if perRecord := testing.AllocsPerRun(200, run) / 100; perRecord > 0.05 {
		t.Errorf("%.3f allocations a record", perRecord)
	}
}
