package engine

import (
	"testing"

	"partita/engine/batch"
)

// txnFuzzer sends arbitrary commands about producers and transactions: ids and epochs
// that were given, and others.
type txnFuzzer struct {
	t   *testing.T
	e   *Engine
	in  []byte
	now Time
}

func newTxnFuzzer(t *testing.T, in []byte) *txnFuzzer {
	f := &txnFuzzer{t: t, in: in, e: New(Config{Seed: 3, Defaults: []ConfigEntry{
		{Name: "offsets.topic.num.partitions", Value: "2"}, {Name: "transaction.state.log.num.partitions", Value: "2"},
		{Name: "transactional.id.expiration.ms", Value: "200000"}, {Name: "transaction.remove.expired.transaction.cleanup.interval.ms", Value: "30000"},
		{Name: "producer.id.expiration.ms", Value: "100000"}, {Name: "producer.id.expiration.check.interval.ms", Value: "20000"},
		{Name: "log.retention.check.interval.ms", Value: "20000"}}})}
	f.do(&CreateTopic{Name: "orders", Partitions: 2, Config: []ConfigEntry{{Name: "segment.bytes", Value: "300"}, {Name: "retention.bytes", Value: "900"}}})
	return f
}

func (f *txnFuzzer) byte() int {
	if len(f.in) == 0 {
		return 0
	}
	b := f.in[0]
	f.in = f.in[1:]
	return int(b)
}

func (f *txnFuzzer) do(cmd Command) {
	f.e.Apply(f.now, client, 1, cmd)
	f.e.Advance()
	if err := f.e.Check(); err != nil {
		f.t.Fatalf("%T: %v", cmd, err)
	}
}

// who is a transactional id with the producer id and epoch that it has, or nearly.
func (f *txnFuzzer) who() (name string, producer int64, epoch int16) {
	b := f.byte()
	name, producer = []string{"a", "b", ""}[b%9/4], int64(b%5)
	if x := f.e.txnNamed(name); x != nil && b < 200 {
		producer, epoch = x.producer, x.epoch
		if b >= 150 {
			epoch += int16(b%3) - 1
		}
	}
	return name, producer, epoch
}

func (f *txnFuzzer) partitions() []TopicPartition {
	b := f.byte()
	tps := []TopicPartition{{"orders", Partition(b % 2)}, {"orders", Partition(b / 2 % 3)}, {"other", 0}}
	return tps[:b/6%2+b/250+1]
}

func (f *txnFuzzer) produce() *Produce {
	name, producer, epoch := f.who()
	b := f.byte()
	p := producing{id: producer, epoch: epoch, txn: b%4 != 0}
	part := Partition(b / 4 % 2)
	if log := f.e.partitionAt(f.e.topicByName["orders"], part); log != nil {
		if one := log.producers.lookup(producer); one != nil && one.epoch == epoch && b < 240 {
			p.seq = batch.AddSequence(one.lastSequence(), 1)
		}
	}
	return &Produce{Topic: f.e.topicByName["orders"], Partition: part, Acks: 1, TransactionalID: name,
		Batch: p.batch(int64(f.now), "a", "b"), Version: int16(b / 8 % 3 * 6)}
}

func (f *txnFuzzer) step() {
	op := f.byte()
	switch op % 12 {
	case 0:
		name, producer, epoch := f.who()
		if op < 200 {
			producer, epoch = -1, -1
		}
		f.do(&InitProducerID{TransactionalID: name, TimeoutMs: int32(op * 100), ProducerID: producer, Epoch: epoch})
	case 1:
		name, producer, epoch := f.who()
		f.do(&AddPartitionsToTxn{TransactionalID: name, ProducerID: producer, Epoch: epoch, Partitions: f.partitions(), VerifyOnly: op > 220})
	case 2:
		name, producer, epoch := f.who()
		f.do(&AddOffsetsToTxn{TransactionalID: name, ProducerID: producer, Epoch: epoch, Group: "g"})
	case 3, 4:
		name, producer, epoch := f.who()
		f.do(&EndTxn{TransactionalID: name, ProducerID: producer, Epoch: epoch, Commit: op%5 > 1, Version: int16(op % 3 * 2)})
	case 5:
		name, producer, epoch := f.who()
		f.do(&TxnOffsetCommit{TransactionalID: name, ProducerID: producer, Epoch: epoch, Group: "g", Generation: -1,
			Version: int16(op % 2 * 3), Offsets: []CommitOffset{{Topic: "orders", Partition: Partition(op % 2)}}})
	case 6:
		f.now += Time(f.byte() * 200)
		f.e.Tick(f.now)
		f.e.Advance()
	case 7:
		f.do(&OffsetFetch{Group: "g", All: true, RequireStable: true})
	case 8:
		f.admin(f.byte())
	default:
		f.do(f.produce())
	}
}

func (f *txnFuzzer) admin(b int) {
	switch b % 8 {
	case 0:
		f.do(&DeleteTopic{Name: "orders"})
		f.do(&CreateTopic{Name: "orders", Partitions: 2})
	case 1:
		f.do(&DescribeTransactions{TransactionalIDs: []string{"a", "none"}})
	case 2:
		f.do(&ListTransactions{OlderThanMs: int64(b)})
	case 3:
		f.do(&DescribeProducers{Topic: f.e.topicByName["orders"]})
	case 4:
		f.do(&DeleteGroups{Groups: []string{"g"}})
	case 5: // a coordinator that has just become it
		if f.e.transactions != 0 {
			f.e.loadTransactions(Partition(b / 8 % 2))
		}
	case 6: // the last epochs
		if x := f.e.txnNamed("a"); x != nil && x.state == TxnEmpty {
			x.epoch = max(x.epoch, lastEpoch-1)
			f.e.writeTxn(0, x)
		}
	case 7:
		f.do(fetchOf(f.e.topicByName["orders"], Offset(b/8), 1, 10))
	}
}

func FuzzTransactions(f *testing.F) {
	f.Add([]byte{0, 0, 9, 0, 5, 3, 0})
	for seed := range uint64(200) {
		f.Add(randomBytes(seed, 300))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		a := newTxnFuzzer(t, in)
		half := len(in) / 2
		for len(a.in) > half {
			a.step()
		}
		s := a.e.Snapshot()
		b := *a
		for len(a.in) > 0 {
			a.step()
		}
		b.e = New(Config{})
		b.e.Restore(s)
		for len(b.in) > 0 {
			b.step()
		}
		if a.e.Digest() != b.e.Digest() {
			t.Errorf("digest %x, and from a snapshot %x", a.e.Digest(), b.e.Digest())
		}
	})
}
