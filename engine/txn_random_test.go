package engine

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"partita/engine/batch"
)

// fate is what the world knows of a transaction from replies alone.
type fate int

const (
	undecided fate = iota
	committing
	aborting
)

// randomTxns runs transactional producers that crash, time out and fence one another,
// and remembers what became of each record.
type randomTxns struct {
	b        *bank
	r        *rand.Rand
	txns     []*transactor
	of       []int          // the transaction that each producer is in, -1 for none
	fates    []fate         // by transaction
	records  map[string]int // value -> transaction; -1 for a plain record
	written  [3]int         // records, by partition
	lastSeen [3][]string
}

func (w *randomTxns) begin(i int) int {
	if w.of[i] < 0 {
		w.of[i] = len(w.fates)
		w.fates = append(w.fates, undecided)
	}
	return w.of[i]
}

// restart is a new process with the same transactional id: what the old one had open is
// aborted.
func (w *randomTxns) restart(i int) {
	x := w.txns[i]
	init := &InitProducerID{TransactionalID: x.id, TimeoutMs: int32(w.r.IntN(5000) + 1000), ProducerID: -1, Epoch: -1}
	r := w.b.ask(init)
	for r.Code == ConcurrentTransactions {
		w.b.tick(w.b.now + 1)
		r = w.b.ask(init)
	}
	if r.Code != None {
		w.b.t.Fatalf("init: %v", r.Code)
	}
	body := r.Body.(*InitProducerIDReply)
	x.take(body.ProducerID, body.Epoch)
	if w.of[i] >= 0 {
		w.fates[w.of[i]], w.of[i] = aborting, -1
	}
}

func (w *randomTxns) step() {
	i := w.r.IntN(len(w.txns))
	x := w.txns[i]
	switch w.r.IntN(12) {
	case 0:
		w.b.tick(w.b.now + Time(w.r.IntN(3000)))
	case 1:
		w.restart(i)
	case 2: // a plain record between them
		p := Partition(w.r.IntN(3))
		v := "plain" + strconv.Itoa(len(w.records))
		w.records[v] = -1
		w.b.must(&Produce{Topic: w.b.topic, Partition: p, Acks: 1, Batch: records(int64(w.b.now), v)})
	case 3, 4, 5:
		w.end(i, w.r.IntN(3) > 0)
	case 6: // a zombie: an epoch that somebody else left behind
		if x.p.epoch > 0 {
			old := *x
			old.p.epoch--
			if r := w.b.ask(old.produce(w.b.topic, 0, "zombie")); r.Code == None {
				w.b.t.Fatal("a zombie was heard")
			}
		}
	default:
		w.produce(i)
	}
}

func (w *randomTxns) produce(i int) {
	x, p := w.txns[i], Partition(w.r.IntN(3))
	v := x.id + strconv.Itoa(len(w.records))
	seqs := w.txns[i].seqs[TopicPartition{"", p}]
	switch r := w.b.ask(x.produce(w.b.topic, p, v)); r.Code {
	case None:
		w.records[v] = w.begin(i)
	case ConcurrentTransactions:
		x.seqs[TopicPartition{"", p}] = seqs
	default: // fenced: by the timeout
		if w.of[i] >= 0 {
			w.fates[w.of[i]], w.of[i] = aborting, -1
		}
		w.restart(i)
	}
}

func (w *randomTxns) end(i int, commit bool) {
	x := w.txns[i]
	r := w.b.ask(x.end(commit))
	if w.of[i] < 0 {
		if r.Code == None {
			body := r.Body.(*EndTxnReply)
			x.take(body.ProducerID, body.Epoch)
		}
		return
	}
	f := aborting
	if r.Code == None {
		if commit {
			f = committing
		}
		body := r.Body.(*EndTxnReply)
		x.take(body.ProducerID, body.Epoch)
	} else {
		w.restart(i)
	}
	if w.of[i] >= 0 {
		w.fates[w.of[i]], w.of[i] = f, -1
	}
}

// values reads a partition as a read_committed consumer does, to the end.
func (w *randomTxns) values(p Partition, limit int32) (values []string) {
	for at := Offset(0); ; {
		part := w.b.e.readPart(&FetchPart{Topic: w.b.topic, Partition: p, Offset: at, MaxBytes: limit}, int64(limit), true, true, "")
		if len(part.Records) == 0 {
			return values
		}
		shown := visible(part, at)
		for bytes := part.Records; len(bytes) > 0; {
			h, _ := batch.Parse(bytes)
			it, r := batch.Records(bytes), batch.Record{}
			for it.Next(&r) {
				if o := Offset(h.BaseOffset) + Offset(r.OffsetDelta); slices.Contains(shown, o) {
					values = append(values, string(r.Value))
				}
			}
			bytes, at = bytes[h.Size():], Offset(h.NextOffset())
		}
	}
}

// look checks what read_committed consumers see now: only records of transactions that
// are committed, and never less than before.
func (w *randomTxns) look() {
	for p := range Partition(3) {
		values := w.values(p, int32(w.r.IntN(2000)+1))
		for i, v := range values {
			if txn, ok := w.records[v]; !ok || txn >= 0 && w.fates[txn] != committing {
				w.b.t.Fatalf("partition %d shows %s of transaction %d", p, v, txn)
			}
			if i < len(w.lastSeen[p]) && w.lastSeen[p][i] != v {
				w.b.t.Fatalf("partition %d shows %s where %s was", p, v, w.lastSeen[p][i])
			}
		}
		if len(values) < len(w.lastSeen[p]) {
			w.b.t.Fatalf("partition %d shows %d records, and showed %d", p, len(values), len(w.lastSeen[p]))
		}
		w.lastSeen[p] = values
	}
}

// rebuilds makes everything anew from the logs, in a copy, and compares.
func (w *randomTxns) rebuilds() {
	was := w.b.e
	now := was.Snapshot().state.copy()
	for _, t := range now.topics {
		for i := 0; t != nil && i < len(t.partitions); i++ {
			p, o := t.partitions[i], was.topics[t.id].partitions[i]
			p.rebuildProducers()
			if !slices.Equal(p.producers.list, o.producers.list) || !slices.Equal(p.producers.open, o.producers.open) ||
				!slices.Equal(p.producers.aborted, o.producers.aborted) || p.lastStable() != o.lastStable() {
				w.b.t.Fatalf("%v from its log: %+v, was %+v", p.name(), p.producers, o.producers)
			}
		}
	}
	for p := range now.topics[now.transactions].partitions {
		now.loadTransactions(Partition(p))
	}
	for _, x := range was.txns {
		if x == nil {
			continue
		}
		y := *now.txnNamed(x.name)
		same := *x
		y.id, y.before, y.serial, y.markers, y.partitions = same.id, same.before, same.serial, nil, nil
		same.markers, same.partitions = nil, nil
		if !slices.Equal(now.txnNamed(x.name).partitions, x.partitions) || !sameTxn(&y, &same) {
			w.b.t.Fatalf("%s from its records: %+v, was %+v", x.name, y, same)
		}
	}
	if now.nextProducerID > was.nextProducerID {
		w.b.t.Fatalf("the next producer id is %d, was %d", now.nextProducerID, was.nextProducerID)
	}
}

func sameTxn(a, b *txn) bool {
	return a.name == b.name && a.log == b.log && a.state == b.state && a.bumps == b.bumps && a.producer == b.producer &&
		a.previous == b.previous && a.next == b.next && a.epoch == b.epoch && a.timeoutMs == b.timeoutMs && a.start == b.start && a.updated == b.updated
}

func runRandomTxns(t *testing.T, seed uint64) uint64 {
	b := newBank(t, ConfigEntry{Name: "transaction.state.log.num.partitions", Value: "3"})
	w := &randomTxns{b: b, r: rand.New(rand.NewPCG(seed, 11)), records: map[string]int{}}
	for i := range 3 {
		w.txns = append(w.txns, &transactor{t: t, e: b.e, id: "tx" + string(rune('a'+i)), now: &b.now})
		w.of = append(w.of, -1)
		w.restart(i)
		if seed%4 == 0 { // the producer ids are used up soon
			x := b.e.txnNamed(w.txns[i].id)
			x.epoch = lastEpoch - 3
			b.e.writeTxn(0, x)
			w.txns[i].p.epoch = x.epoch
		}
	}
	for range 120 {
		w.step()
		w.look()
	}
	w.rebuilds()
	b.tick(b.now + 100_000) // whatever is open times out
	for i, f := range w.fates {
		if f == undecided {
			w.fates[i] = aborting
		}
	}
	w.look()
	seen := 0
	for p := range w.lastSeen {
		seen += len(w.lastSeen[p])
	}
	want := 0
	for _, txn := range w.records {
		if txn < 0 || w.fates[txn] == committing {
			want++
		}
	}
	if seen != want {
		t.Fatalf("seed %d: %d records are shown, %d were committed", seed, seen, want)
	}
	w.rebuilds()
	return b.e.Digest()
}

// A read_committed consumer never sees a record of a transaction that is not committed,
// and in the end all of those that are; and what the logs hold is the whole state.
func TestRandomTransactions(t *testing.T) {
	t.Parallel()
	for seed := range uint64(150) {
		if a, b := runRandomTxns(t, seed), runRandomTxns(t, seed); a != b {
			t.Fatalf("seed %d: digests %x and %x", seed, a, b)
		}
	}
}
