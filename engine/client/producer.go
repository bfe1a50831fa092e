package client

import (
	"errors"

	"partita/engine"
	"partita/engine/batch"
)

// Producer is a producer. With idempotence, its default, records of one partition keep
// their order and are written once. Without, a batch that is sent again may be written
// twice, and behind a later one unless max.in.flight.requests.per.connection is 1.
type Producer struct {
	cfg   ProducerConfig
	parts Partitioner
	network
	transactions
	topics   []*producerTopic
	recent   *producerTopic // that of the record before
	spare    []*producerBatch
	sent     []*producerBatch // under way, oldest first
	rounds   []round          // the requests that they are part of
	serial   uint64           // of rounds
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

	State      TxnState
	ProducerID int64 // -1 before it has one, and without idempotence
	Epoch      int16
	Fault      engine.Code // why State is AbortableError or FatalError
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
	lead     leader

	// What an idempotent producer keeps of a partition.
	id         int64 // that the sequences are of, with epoch
	epoch      int16
	next       int32 // sequence of the next record that is sent the first time
	acked      int32 // sequence of the last record acknowledged; -1 none
	batches    int64 // that got a sequence
	unresolved bool  // a batch was given up and nobody knows whether it was written
	expected   int32 // the sequence after that batch
	rewrite    bool  // its sequences start anew in the next epoch
}

type earlyRecord struct {
	batch.Entry
	partition int32
	accepted  engine.Time
}

// producerBatch is one batch, open or closed. Batches are used again.
type producerBatch struct {
	topic    *producerTopic
	part     engine.Partition
	build    batch.Builder
	bytes    []byte
	open     bool
	size     int // while open, with what it holds
	records  int64
	created  engine.Time // when its first record was accepted
	notUntil engine.Time // retry.backoff.ms
	deadline engine.Time // request.timeout.ms, while under way
	attempts int64
	token    engine.Token
	broker   int32  // where it is under way
	round    uint64 // and as part of which request
	sealed   bool   // bytes are those of the whole batch
	split    bool   // came of a batch that was too large
	cmd      engine.Produce

	sequenced bool // it was sent with a sequence, which it keeps
	reset     bool // its sequence was given anew in a new epoch
	seq       int32
	nth       int64 // of the partition's batches
	id        int64
	epoch     int16
}

// round is one ProduceRequest: batches of different partitions for one broker. Kafka
// counts these, not batches, for max.in.flight.requests.per.connection.
type round struct {
	serial uint64
	broker int32
	left   int // batches not answered
}

// askedMetadata is the one Metadata request that may be under way.
type askedMetadata struct {
	token    engine.Token // 0: none
	deadline engine.Time
	notUntil engine.Time
	failures int
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
	made := &Producer{cfg: cfg, parts: p}
	made.chance.Seed(1, uint64(placeFNV1a([]byte(cfg.ClientID), maxInt32)))
	made.start()
	return made
}

// Send accepts one record: for a partition, or for the partitioner's choice with -1.
// A nil key or value is null. The bytes are copied. The record is on its way only
// after Tick.
func (p *Producer) Send(now engine.Time, topic string, partition int32, key, value []byte, headers []batch.RecordHeader) error {
	return p.SendEntry(now, topic, partition, &batch.Entry{Timestamp: int64(now), Key: key, Value: value, Headers: headers})
}

// SendEntry is Send for those who have a record with its timestamp, which stays theirs.
func (p *Producer) SendEntry(now engine.Time, topic string, partition int32, e *batch.Entry) error {
	size := int64(len(e.Key) + len(e.Value) + 32)
	switch {
	case p.closing:
		return ErrClosed
	case (p.state == FatalError || p.cfg.TransactionalID != "") && !p.maySend():
		return p.refuseSend(topic, partition)
	case size > p.cfg.MaxRequestSize:
		return ErrRecordTooLarge
	case p.memory+size > p.cfg.BufferMemory:
		return ErrBufferFull
	}
	t := p.recent
	if t == nil || t.name != topic {
		t = p.topic(topic)
		p.recent = t
	}
	if !t.known {
		p.memory += size
		p.view.Queued++
		kept := batch.Entry{Timestamp: e.Timestamp, Key: cloneBytes(e.Key), Value: cloneBytes(e.Value), Headers: cloneHeaders(e.Headers)}
		t.early = append(t.early, earlyRecord{kept, partition, now})
		return nil
	}
	if partition >= t.count {
		return errors.New(topic + " has no such partition")
	}
	p.memory += size
	p.view.Queued++
	p.add(t, now, partition, e)
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

// add puts a record into the open batch of its partition, or begins another. Before
// that the partitioner may choose again, as Java's RecordAccumulator lets it.
func (p *Producer) add(t *producerTopic, now engine.Time, partition int32, e *batch.Entry) {
	chosen := partition
	if chosen < 0 {
		chosen = p.parts.Partition(t.id, e.Key, t.count)
	}
	b, size := p.put(&t.parts[chosen], e)
	if b == nil && partition < 0 && p.parts.Wrote(t.id, engine.Partition(chosen), 0, true, t.count) {
		chosen = p.parts.Partition(t.id, e.Key, t.count)
		b, size = p.put(&t.parts[chosen], e)
	}
	if b == nil {
		b = p.newBatch(t, engine.Partition(chosen), now)
		t.parts[chosen].queue = append(t.parts[chosen].queue, b)
		size = b.build.AddWithin(batch.MaxSize, e)
	}
	grown := size - b.size
	b.size, b.open = size, int64(size) < p.cfg.BatchSize
	b.records++
	if partition < 0 {
		p.parts.Wrote(t.id, engine.Partition(chosen), grown, !b.open, t.count)
	}
}

// put puts a record into the open batch of a partition, which is so long then; nil where
// there is none. If the record does not fit, the batch is closed.
func (p *Producer) put(part *producerPart, e *batch.Entry) (b *producerBatch, size int) {
	last := len(part.queue) - 1
	if last < 0 || !part.queue[last].open {
		return nil, 0
	}
	b = part.queue[last]
	if size = b.build.AddWithin(p.cfg.BatchSize, e); size == 0 {
		b.open = false
		return nil, 0
	}
	return b, size
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
func (p *Producer) Idle() bool {
	return p.view.Queued == 0 && p.view.InFlight == 0 && p.state != Committing && p.state != Aborting
}

// Config is the producer's settings, to look at.
func (p *Producer) Config() *ProducerConfig { return &p.cfg }

// View counts the producer's records.
func (p *Producer) View() ProducerView {
	v := p.view
	v.State, v.ProducerID, v.Epoch, v.Fault = p.state, p.id, p.epoch, p.fault
	return v
}

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
