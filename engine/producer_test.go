package engine

import (
	"testing"

	"partita/engine/batch"
)

// producing is a producer with an id, as a test's batches name it.
type producing struct {
	id    int64
	epoch int16
	seq   int32
	txn   bool
}

// batch builds the producer's next batch.
func (p *producing) batch(at int64, values ...string) []byte {
	var b batch.Builder
	b.Reset(nil)
	b.Header.ProducerID, b.Header.ProducerEpoch, b.Header.BaseSequence = p.id, p.epoch, p.seq
	if p.txn {
		b.Header.Attributes |= batch.Transactional
	}
	for _, v := range values {
		b.Add(at, []byte("k"), []byte(v), nil)
	}
	p.seq = batch.AddSequence(p.seq, int32(len(values)))
	return b.Finish()
}

func TestProducerIDsAreNeverGivenTwice(t *testing.T) {
	e, _ := newTopic(t, 1)
	seen := map[int64]bool{}
	for range 5 {
		r := ask(t, e, 0, &InitProducerID{ProducerID: -1, Epoch: -1})
		body := r.Body.(*InitProducerIDReply)
		if r.Code != None || body.Epoch != 0 || seen[body.ProducerID] {
			t.Errorf("%+v %+v", r, body)
		}
		seen[body.ProducerID] = true
	}
	if r := ask(t, e, 0, &InitProducerID{Transactional: true, ProducerID: -1, Epoch: -1}); r.Code != InvalidRequest {
		t.Errorf("an empty transactional id: %v", r.Code)
	}
}

func TestIdempotentProduce(t *testing.T) {
	e, id := newTopic(t, 1)
	p := producing{id: 9}
	send := func(b []byte) Reply { return ask(t, e, 0, &Produce{Topic: id, Acks: -1, Batch: b}) }
	var sent [][]byte
	for i := range 6 {
		sent = append(sent, p.batch(0, "a", "b"))
		if r := send(sent[i]); r.Code != None || r.Offset != Offset(2*i) {
			t.Fatalf("batch %d: %+v", i, r)
		}
	}
	for i := 1; i < 6; i++ {
		if r := send(sent[i]); r.Code != None || r.Offset != Offset(2*i) {
			t.Errorf("batch %d again: %v at %d, want its old offset", i, r.Code, r.Offset)
		}
	}
	e.Apply(0, client, 1, &Produce{Topic: id, Acks: 1, Batch: sent[3]})
	if ev := e.Ready().Events[0]; ev.Kind != KindDuplicateBatch || ev.Offset != 6 || ev.End != 8 || ev.Aux != 9 {
		t.Errorf("the event of a duplicate: %+v", ev)
	}
	e.Advance()
	if r := send(sent[0]); r.Code != OutOfOrderSequenceNumber {
		t.Errorf("a batch that is no longer remembered: %v", r.Code)
	}
	if view, _ := e.Partition(id, 0); view.LogEnd != 12 {
		t.Errorf("a duplicate was appended: %+v", view)
	}
	p.seq++
	if r := send(p.batch(0, "c")); r.Code != OutOfOrderSequenceNumber {
		t.Errorf("a gap: %v", r.Code)
	}
	next := producing{id: 9, epoch: 1}
	if r := send(next.batch(0, "c")); r.Code != None {
		t.Errorf("the next epoch: %v", r.Code)
	}
	if r := send(sent[5]); r.Code != InvalidProducerEpoch {
		t.Errorf("the old epoch: %v", r.Code)
	}
}

func TestProduceRefusesBadProducers(t *testing.T) {
	e, id := newTopic(t, 1)
	control := batch.AppendEndTxn(nil, 1, 0, 0, batch.EndTxn{Commit: true})
	noSeq := producing{id: 1, seq: -1}
	noID := producing{id: -1, txn: true}
	for name, b := range map[string][]byte{"a control batch": control, "no sequence": noSeq.batch(0, "a"), "a transaction without id": noID.batch(0, "a")} {
		if r := ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: b}); r.Code != InvalidRecord {
			t.Errorf("%s: %v", name, r.Code)
		}
	}
}

// A partition forgets a producer that is silent for producer.id.expiration.ms; the
// timer stops when there is none left.
func TestProducersExpire(t *testing.T) {
	e, id := newTopic(t, 1)
	p := producing{id: 9}
	ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: p.batch(0, "a")})
	p.seq = 7
	e.Tick(86_399_999)
	if r := ask(t, e, 86_399_999, &Produce{Topic: id, Acks: 1, Batch: p.batch(0, "a")}); r.Code != OutOfOrderSequenceNumber {
		t.Errorf("too early: %v", r.Code)
	}
	e.Tick(86_400_000)
	if len(e.partitionAt(id, 0).producers.list) != 0 || e.expiring {
		t.Errorf("%+v", e.partitionAt(id, 0).producers)
	}
	p.seq = 7
	if r := ask(t, e, 86_400_000, &Produce{Topic: id, Acks: 1, Batch: p.batch(86_400_000, "a")}); r.Code != None || !e.expiring {
		t.Errorf("after that any sequence is taken: %v", r.Code)
	}
}

func BenchmarkProduceIdempotent(b *testing.B) {
	e := New(Config{Defaults: []ConfigEntry{{Name: "log.retention.check.interval.ms", Value: "1000"}}})
	e.Apply(0, client, 1, &CreateTopic{Name: "orders", Partitions: 6, Config: []ConfigEntry{{Name: "retention.bytes", Value: "1000000"}, {Name: "segment.bytes", Value: "65536"}}})
	e.Advance()
	p := producing{id: 9}
	cmd := &Produce{Topic: 1, Acks: 1, Batch: p.batch(0, string(make([]byte, 100)))}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		cmd.Partition = Partition(i % 6)
		batch.PutUint32(cmd.Batch[53:], uint32(i/6)) // the sequence; the caller vouches for the CRC
		e.Apply(Time(i), client, 1, cmd)
		if i++; i%64 == 0 {
			if r := e.Ready().Replies[63]; r.Code != None {
				b.Fatal(r.Code)
			}
			e.Advance()
		}
	}
}
