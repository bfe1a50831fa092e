package client

import (
	"errors"

	"partita/engine"
	"partita/engine/batch"
)

// Producer is a producer without idempotence: records of one partition keep their
// order unless a batch is sent again while a later one is under way, which
// max.in.flight.requests.per.connection=1 prevents.
type Producer struct {
	cfg      ProducerConfig
	parts    Partitioner
	topics   []*producerTopic
	spare    []*producerBatch
	sent     []*producerBatch // under way, oldest first
	requests []Request
	facts    []Fact
	token    engine.Token
	asked    askedMetadata
	memory   int64 // bytes of records not yet acknowledged
	flushing bool
	closing  bool
	view     ProducerView
}

// ProducerView counts records.
type ProducerView struct {
	Queued   int64 // accepted and not sent
	InFlight int64 // sent and not answered
	Acked    int64
	Failed   int64
}

// producerTopic is what the producer knows of a topic. Records sent before its
// metadata came wait in early.
type producerTopic struct {
	name  string
	id    engine.TopicID
	known bool
	fresh engine.Time    // when its metadata came
	count int32          // partitions now
	parts []producerPart // never shrinks: batches under way may name the last one
	early []earlyRecord
}

type producerPart struct {
	queue    []*producerBatch // oldest first; the last may be open
	inFlight int64
}

type earlyRecord struct {
	partition  int32
	key, value []byte
	headers    []batch.RecordHeader
	timestamp  int64
	accepted   engine.Time
}

// producerBatch is one batch, open or closed. Batches are used again.
type producerBatch struct {
	topic    *producerTopic
	part     engine.Partition
	build    batch.Builder
	bytes    []byte
	open     bool
	records  int64
	created  engine.Time // when its first record was accepted
	notUntil engine.Time // retry.backoff.ms
	deadline engine.Time // request.timeout.ms, while under way
	attempts int64
	token    engine.Token
	cmd      engine.Produce
}

// askedMetadata is the one Metadata request that may be under way.
type askedMetadata struct {
	token    engine.Token // 0: none
	deadline engine.Time
	notUntil engine.Time
	cmd      engine.Metadata
}

// Errors of Send.
var (
	ErrBufferFull     = errors.New("buffer.memory is used up: the producer is faster than the cluster")
	ErrRecordTooLarge = errors.New("the record is larger than max.request.size")
	ErrClosed         = errors.New("the producer is closed")
)

// NewProducer makes a producer; seed feeds its random numbers. An unknown
// partitioner.class counts as default; ProducerConfig.Set refuses it earlier.
func NewProducer(cfg ProducerConfig, seed uint64) *Producer {
	p, ok := PartitionerNamed(cfg.Partitioner, cfg.BatchSize, cfg.PartitionerIgnoreKeys, seed)
	if !ok {
		p, _ = PartitionerNamed("default", cfg.BatchSize, cfg.PartitionerIgnoreKeys, seed)
	}
	return NewProducerWith(cfg, p)
}

// NewProducerWith makes a producer with a partitioner of one's own.
func NewProducerWith(cfg ProducerConfig, p Partitioner) *Producer {
	return &Producer{cfg: cfg, parts: p}
}

// Send accepts one record: for a partition, or for the partitioner's choice with -1.
// A nil key or value is null. The bytes are copied. The record is on its way only
// after Tick.
func (p *Producer) Send(now engine.Time, topic string, partition int32, key, value []byte, headers []batch.RecordHeader) error {
	size := int64(len(key) + len(value) + 32)
	switch {
	case p.closing:
		return ErrClosed
	case size > p.cfg.MaxRequestSize:
		return ErrRecordTooLarge
	case p.memory+size > p.cfg.BufferMemory:
		return ErrBufferFull
	}
	t := p.topic(topic)
	if !t.known {
		p.memory += size
		p.view.Queued++
		t.early = append(t.early, earlyRecord{partition: partition, key: cloneBytes(key), value: cloneBytes(value),
			headers: cloneHeaders(headers), timestamp: int64(now), accepted: now})
		return nil
	}
	if partition >= t.count {
		return errors.New(topic + " has no such partition")
	}
	p.memory += size
	p.view.Queued++
	p.add(t, now, partition, key, value, headers, int64(now))
	return nil
}

// cloneBytes copies and keeps the difference between null and empty.
func cloneBytes(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

func cloneHeaders(headers []batch.RecordHeader) []batch.RecordHeader {
	var kept []batch.RecordHeader
	for _, h := range headers {
		kept = append(kept, batch.RecordHeader{Key: cloneBytes(h.Key), Value: cloneBytes(h.Value)})
	}
	return kept
}

func (p *Producer) topic(name string) *producerTopic {
	for _, t := range p.topics {
		if t.name == name {
			return t
		}
	}
	t := &producerTopic{name: name}
	p.topics = append(p.topics, t)
	return t
}

// add puts a record into the open batch of its partition, or begins another.
func (p *Producer) add(t *producerTopic, now engine.Time, partition int32, key, value []byte, headers []batch.RecordHeader, timestamp int64) {
	chosen := partition
	if chosen < 0 {
		chosen = p.parts.Partition(t.id, key, t.count)
	}
	part := &t.parts[chosen]
	b := part.last()
	closed := b == nil || !b.open
	if !closed && int64(b.build.SizeWith(timestamp, key, value, headers)) > p.cfg.BatchSize {
		p.close(b)
		closed = true
	}
	if closed {
		b = p.newBatch(t, engine.Partition(chosen), now)
		part.queue = append(part.queue, b)
	}
	before := b.build.Size()
	b.build.Add(timestamp, key, value, headers)
	b.records++
	if partition < 0 {
		p.parts.Wrote(t.id, engine.Partition(chosen), b.build.Size()-before, closed, t.count)
	}
	if int64(b.build.Size()) >= p.cfg.BatchSize {
		p.close(b)
	}
}

func (part *producerPart) last() *producerBatch {
	if n := len(part.queue); n > 0 {
		return part.queue[n-1]
	}
	return nil
}

func (p *Producer) newBatch(t *producerTopic, part engine.Partition, now engine.Time) *producerBatch {
	var b *producerBatch
	if n := len(p.spare); n > 0 {
		b = p.spare[n-1]
		p.spare = p.spare[:n-1]
		*b = producerBatch{bytes: b.bytes[:0]}
	} else {
		b = &producerBatch{}
	}
	b.topic, b.part, b.created, b.open = t, part, now, true
	b.build.Reset(b.bytes)
	return b
}

// close ends a batch: no record is added any more.
func (p *Producer) close(b *producerBatch) {
	b.bytes = b.build.Finish()
	b.open = false
}

// Flush sends what is queued without waiting for linger.ms.
func (p *Producer) Flush(now engine.Time) {
	p.flushing = true
	p.Tick(now)
}

// Close sends what is queued and accepts nothing more.
func (p *Producer) Close(now engine.Time) {
	p.closing = true
	p.Flush(now)
}

// Idle reports whether nothing is queued or under way.
func (p *Producer) Idle() bool { return p.view.Queued == 0 && p.view.InFlight == 0 }

// Config is the producer's settings, to look at.
func (p *Producer) Config() *ProducerConfig { return &p.cfg }

// View counts the producer's records.
func (p *Producer) View() ProducerView { return p.view }

// Requests gives the commands to send now, in order; lent until Sent.
func (p *Producer) Requests() []Request { return p.requests }

// Sent tells that Requests were sent.
func (p *Producer) Sent() {
	clear(p.requests)
	p.requests = p.requests[:0]
}

// Facts gives what happened since ClearFacts: FactSent and FactSendFailed.
func (p *Producer) Facts() []Fact { return p.facts }

// ClearFacts takes the facts back.
func (p *Producer) ClearFacts() { p.facts = p.facts[:0] }
