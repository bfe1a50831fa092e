package engine

import (
	"slices"
	"testing"

	"partita/engine/batch"
)

// transactor is a transactional producer against an engine: what a client would do.
type transactor struct {
	t    *testing.T
	e    *Engine
	id   string
	now  *Time
	p    producing
	seqs map[TopicPartition]int32
}

// bank is a cluster for transactions.
type bank struct {
	t     *testing.T
	e     *Engine
	topic TopicID
	now   Time
}

func newBank(t *testing.T, entries ...ConfigEntry) *bank {
	e := New(Config{Seed: 1, Defaults: entries})
	r := ask(t, e, 0, &CreateTopic{Name: "orders", Partitions: 3, ReplicationFactor: 1})
	return &bank{t: t, e: e, topic: r.Body.(*CreateTopicReply).Topic}
}

func (b *bank) ask(cmd Command) Reply {
	b.t.Helper()
	r := ask(b.t, b.e, b.now, cmd)
	if err := b.e.Check(); err != nil {
		b.t.Fatal(err)
	}
	return r
}

// must is ask, where nothing but None is expected.
func (b *bank) must(cmd Command) Reply {
	b.t.Helper()
	r := b.ask(cmd)
	if r.Code != None {
		b.t.Fatalf("%T: %v", cmd, r.Code)
	}
	return r
}

func (b *bank) tick(at Time) {
	b.now = at
	b.e.Tick(at)
	b.e.Advance()
	if err := b.e.Check(); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bank) producer(id string) *transactor {
	b.t.Helper()
	r := b.must(&InitProducerID{TransactionalID: id, TimeoutMs: 60_000, ProducerID: -1, Epoch: -1})
	x := &transactor{t: b.t, e: b.e, id: id, now: &b.now}
	x.take(r.Body.(*InitProducerIDReply).ProducerID, r.Body.(*InitProducerIDReply).Epoch)
	return x
}

// take starts with another id or epoch, and sequences from 0.
func (x *transactor) take(id int64, epoch int16) {
	x.p, x.seqs = producing{id: id, epoch: epoch, txn: true}, map[TopicPartition]int32{}
}

func (x *transactor) produce(topic TopicID, partition Partition, values ...string) *Produce {
	tp := TopicPartition{"", partition}
	x.p.seq = x.seqs[tp]
	cmd := &Produce{Topic: topic, Partition: partition, Acks: -1, TransactionalID: x.id, Batch: x.p.batch(int64(*x.now), values...)}
	x.seqs[tp] = x.p.seq
	return cmd
}

func (x *transactor) end(commit bool) *EndTxn {
	return &EndTxn{TransactionalID: x.id, ProducerID: x.p.id, Epoch: x.p.epoch, Commit: commit}
}

// ended takes over what the reply to EndTxn says.
func (x *transactor) ended(r Reply) {
	x.t.Helper()
	body, ok := r.Body.(*EndTxnReply)
	if r.Code != None || !ok {
		x.t.Fatalf("EndTxn: %v", r.Code)
	}
	x.take(body.ProducerID, body.Epoch)
}

func (b *bank) state(id string) DescribedTransaction {
	b.t.Helper()
	return b.must(&DescribeTransactions{TransactionalIDs: []string{id}}).Body.(*DescribeTransactionsReply).Transactions[0]
}

// stateNow looks without letting timers fire.
func (b *bank) stateNow(id string) TxnState { return b.e.txnNamed(id).state }

func (b *bank) read(partition Partition) []Offset {
	part := b.e.readPart(&FetchPart{Topic: b.topic, Partition: partition, MaxBytes: 1 << 20}, 1<<20, true, true, "")
	return visible(part, 0)
}

func (b *bank) view(partition Partition) PartitionView {
	v, _ := b.e.Partition(b.topic, partition)
	return v
}

func TestTransactionCommits(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 0, "a", "b"))
	b.must(x.produce(b.topic, 1, "c"))
	b.must(&Produce{Topic: b.topic, Partition: 1, Acks: 1, Batch: records(0, "plain")})
	if d := b.state("tx"); d.State != "Ongoing" || !slices.Equal(d.Partitions, []TopicPartition{{"orders", 0}, {"orders", 1}}) {
		t.Fatalf("%+v", d)
	}
	if v := b.view(1); v.LastStable != 0 || v.HighWatermark != 2 || len(b.read(1)) != 0 {
		t.Errorf("the open transaction can be read: %+v", v)
	}
	for committed, want := range map[bool]Offset{true: 0, false: 2} {
		if r := b.must(&ListOffsets{Topic: b.topic, Partition: 1, Timestamp: TimestampLatest, Committed: committed}); r.Offset != want {
			t.Errorf("ListOffsets, committed %v: %d, want %d", committed, r.Offset, want)
		}
	}
	fetch := &Fetch{Parts: []FetchPart{{Topic: b.topic, Partition: 1, MaxBytes: 1000}}, MinBytes: 1, MaxBytes: 1000, MaxWaitMs: 60_000, Committed: true}
	if got := replies(b.e, b.now, fetch); len(got) != 0 {
		t.Fatalf("the read_committed fetch does not wait: %+v", got)
	}
	r := b.ask(x.end(true))
	if b.stateNow("tx") != TxnPrepareCommit {
		t.Errorf("after EndTxn: %v", b.stateNow("tx"))
	}
	x.ended(r)
	b.e.Tick(b.now) // the markers
	got := drain(b.e)
	if len(got) != 1 || len(got[0].Body.(*FetchReply).Parts[0].Records) == 0 {
		t.Errorf("the waiting fetch: %+v", got)
	}
	if d := b.state("tx"); d.State != "CompleteCommit" || len(d.Partitions) != 0 || d.Epoch != 1 {
		t.Errorf("%+v", d)
	}
	if v := b.view(1); v.LastStable != 3 || !slices.Equal(b.read(1), []Offset{0, 1}) || !slices.Equal(b.read(0), []Offset{0, 1}) {
		t.Errorf("%+v, visible %v and %v", v, b.read(0), b.read(1))
	}
}

func TestTransactionAborts(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 0, "a", "b"))
	b.must(&Produce{Topic: b.topic, Acks: 1, Batch: records(0, "plain")})
	x.ended(b.ask(x.end(false)))
	b.tick(b.now)
	b.must(x.produce(b.topic, 0, "c")) // sequence 0 of the next epoch
	x.ended(b.ask(x.end(true)))
	b.tick(b.now)
	if got := b.read(0); !slices.Equal(got, []Offset{2, 4}) {
		t.Errorf("visible: %v", got)
	}
	want := []TxnRange{{x.p.id, 0, 3}}
	if got := b.e.AbortedTransactions(b.topic, 0, 0, 6); !slices.Equal(got, want) {
		t.Errorf("aborted: %+v", got)
	}
	if got := b.e.AbortedTransactions(b.topic, 0, 4, 6); len(got) != 0 {
		t.Errorf("aborted after its marker: %+v", got)
	}
}

// What a learner sees of a transaction, in this order.
func TestTransactionEvents(t *testing.T) {
	b := newBank(t)
	var kinds []Kind
	watch := func(cmd Command) {
		b.e.Apply(b.now, client, 1, cmd)
		b.e.Tick(b.now)
		for _, ev := range b.e.Ready().Events {
			if ev.Kind != KindAppended && ev.Kind != KindTopicCreated && ev.Kind != KindGroupCreated {
				kinds = append(kinds, ev.Kind)
			}
		}
		b.e.Advance()
	}
	watch(&InitProducerID{TransactionalID: "tx", TimeoutMs: 1000, ProducerID: -1, Epoch: -1})
	x := &transactor{t: t, e: b.e, id: "tx", now: &b.now}
	x.take(0, 0)
	watch(x.produce(b.topic, 0, "a"))
	watch(x.produce(b.topic, 0, "b"))
	watch(&TxnOffsetCommit{TransactionalID: "tx", Group: "g", ProducerID: 0, Generation: -1, Offsets: []CommitOffset{{Topic: "orders", Offset: 1}}})
	watch(x.end(true))
	want := []Kind{KindProducerID, KindTxnBegun, KindTxnPartition, KindTxnPartition, KindOffsetPending,
		KindTxnPrepareCommit, KindCommitMarker, KindLastStableMoved, KindOffsetCommitted, KindCommitMarker, KindLastStableMoved, KindTxnCommitted}
	// The partitions are marked in order: __consumer_offsets before orders.
	want[8], want[7] = want[7], want[8]
	if len(kinds) != len(want) {
		t.Fatalf("%v\nwant %v", kinds, want)
	}
	slices.Sort(kinds[6:11])
	slices.Sort(want[6:11])
	if !slices.Equal(kinds, want) {
		t.Errorf("%v\nwant %v", kinds, want)
	}
}

// A second process with the same transactional id fences the first.
func TestZombieIsFenced(t *testing.T) {
	b := newBank(t)
	old := b.producer("tx")
	b.must(old.produce(b.topic, 0, "a"))
	init := &InitProducerID{TransactionalID: "tx", TimeoutMs: 60_000, ProducerID: -1, Epoch: -1}
	if r := b.ask(init); r.Code != ConcurrentTransactions || b.stateNow("tx") != TxnPrepareAbort {
		t.Fatalf("while the old transaction is open: %v, %v", r.Code, b.stateNow("tx"))
	}
	b.tick(b.now)
	r := b.must(init)
	if body := r.Body.(*InitProducerIDReply); body.ProducerID != old.p.id || body.Epoch != 2 {
		t.Errorf("%+v, want an epoch after the one that fenced", body)
	}
	if r := b.ask(old.produce(b.topic, 0, "zombie")); r.Code != InvalidProducerEpoch {
		t.Errorf("the zombie's Produce: %v", r.Code)
	}
	if r := b.ask(old.end(true)); r.Code != ProducerFenced {
		t.Errorf("the zombie's EndTxn: %v", r.Code)
	}
	if r := b.ask(&AddOffsetsToTxn{TransactionalID: "tx", ProducerID: old.p.id, Epoch: old.p.epoch, Group: "g"}); r.Code != ProducerFenced {
		t.Errorf("the zombie's AddOffsetsToTxn: %v", r.Code)
	}
	commit := &TxnOffsetCommit{TransactionalID: "tx", Group: "g", ProducerID: old.p.id, Epoch: old.p.epoch, Generation: -1,
		Offsets: []CommitOffset{{Topic: "orders", Offset: 1}}}
	if r := b.ask(commit); r.Code != InvalidProducerEpoch {
		t.Errorf("the zombie's TxnOffsetCommit: %v", r.Code)
	}
	if got := b.read(0); len(got) != 0 {
		t.Errorf("the zombie's records can be read: %v", got)
	}
}

func TestTransactionTimesOut(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 0, "a"))
	b.tick(60_000)
	if b.stateNow("tx") != TxnOngoing {
		t.Fatalf("too early: %v", b.stateNow("tx"))
	}
	b.tick(60_001)
	if b.stateNow("tx") != TxnCompleteAbort || len(b.read(0)) != 0 || b.view(0).LastStable != 2 {
		t.Errorf("%v, %+v", b.stateNow("tx"), b.view(0))
	}
	if r := b.ask(x.end(true)); r.Code != ProducerFenced {
		t.Errorf("EndTxn afterwards: %v", r.Code)
	}
	for _, ms := range []int32{0, -1, 900_001} {
		if r := b.ask(&InitProducerID{TransactionalID: "other", TimeoutMs: ms, ProducerID: -1, Epoch: -1}); r.Code != InvalidTransactionTimeout {
			t.Errorf("transaction.timeout.ms=%d: %v", ms, r.Code)
		}
	}
}

// Older clients must add a partition before they write to it (KIP-890); without
// verification a late batch begins a transaction that nobody ends.
func TestTransactionVerification(t *testing.T) {
	for _, c := range []struct {
		version int16
		enabled string
		want    Code
	}{{9, "true", InvalidTxnState}, {11, "true", TransactionAbortable}, {12, "true", None}, {11, "false", None}} {
		b := newBank(t, ConfigEntry{Name: "transaction.partition.verification.enable", Value: c.enabled})
		x := b.producer("tx")
		cmd := x.produce(b.topic, 0, "a")
		cmd.Version = c.version
		if r := b.ask(cmd); r.Code != c.want {
			t.Errorf("version %d, verification %s: %v, want %v", c.version, c.enabled, r.Code, c.want)
		}
		if c.enabled == "false" {
			if b.tick(10_000_000); b.view(0).LastStable != 0 {
				t.Errorf("the hanging transaction ended: %+v", b.view(0))
			}
			continue
		}
		b.must(&AddPartitionsToTxn{TransactionalID: "tx", ProducerID: x.p.id, Epoch: x.p.epoch, Partitions: []TopicPartition{{"orders", 2}}})
		cmd = x.produce(b.topic, 2, "a")
		cmd.Version = c.version
		b.must(cmd)
	}
	b := newBank(t)
	x := b.producer("tx")
	cmd := x.produce(b.topic, 0, "a")
	cmd.TransactionalID = ""
	if r := b.ask(cmd); r.Code != TransactionalIDAuthorizationFailed {
		t.Errorf("without a transactional id: %v", r.Code)
	}
}

func TestAddPartitionsRefusals(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	add := func(id string, producer int64, epoch int16, tps ...TopicPartition) []Code {
		return b.ask(&AddPartitionsToTxn{TransactionalID: id, ProducerID: producer, Epoch: epoch, Partitions: tps}).Body.(*CodesReply).Codes
	}
	good, bad := TopicPartition{"orders", 0}, TopicPartition{"orders", 9}
	for name, c := range map[string]struct{ got, want []Code }{
		"an unknown partition": {add("tx", x.p.id, 0, good, bad), []Code{OperationNotAttempted, UnknownTopicOrPartition}},
		"an unknown id":        {add("other", x.p.id, 0, good), []Code{InvalidProducerIDMapping}},
		"another producer":     {add("tx", 77, 0, good), []Code{InvalidProducerIDMapping}},
		"no id":                {add("", x.p.id, 0, good), []Code{InvalidRequest}},
		"good":                 {add("tx", x.p.id, 0, good), []Code{None}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	plain := producing{id: x.p.id, seq: 0}
	b.must(x.produce(b.topic, 0, "a"))
	plain.seq = 1
	if r := b.ask(&Produce{Topic: b.topic, Acks: 1, Batch: plain.batch(0, "b")}); r.Code != InvalidTxnState {
		t.Errorf("outside of the open transaction: %v", r.Code)
	}
}

// From version 5 EndTxn raises the epoch; when epochs are used up, the producer goes on
// with another id. A request whose reply was lost is answered again.
func TestEndTxnRaisesTheEpoch(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.e.txnNamed("tx").epoch = lastEpoch - 1
	b.e.writeTxn(0, b.e.txnNamed("tx"))
	x.p.epoch = lastEpoch - 1
	for range 2 {
		b.must(x.produce(b.topic, 0, "a"))
		end := x.end(true)
		x.ended(b.ask(end))
		b.e.Apply(b.now-1, client, 2, end) // timers do not fire: the markers are not written
		b.tick(b.now)
		if r := b.ask(end); r.Code != None || r.Body.(*EndTxnReply).ProducerID != x.p.id || r.Body.(*EndTxnReply).Epoch != x.p.epoch {
			t.Errorf("again: %v %+v, want %d/%d", r.Code, r.Body, x.p.id, x.p.epoch)
		}
		if r := b.ask(&EndTxn{TransactionalID: "tx", ProducerID: end.ProducerID, Epoch: end.Epoch}); r.Code != InvalidTxnState {
			t.Errorf("again with another outcome: %v", r.Code)
		}
	}
	if x.p.epoch != 0 || b.e.txnNamed("tx").previous == x.p.id {
		t.Errorf("after the last epoch: %+v", x.p)
	}
	b.must(x.produce(b.topic, 0, "a"))
	if got := b.read(0); !slices.Equal(got, []Offset{0, 2}) {
		t.Errorf("visible: %v", got)
	}
	// Nothing was added: aborting is no mistake, committing is one.
	x.ended(b.ask(x.end(true)))
	b.tick(b.now)
	if r := b.ask(x.end(true)); r.Code != InvalidTxnState {
		t.Errorf("commit of nothing: %v", r.Code)
	}
	x.ended(b.ask(x.end(false)))
	if b.tick(b.now); b.stateNow("tx") != TxnCompleteAbort || x.p.epoch != 2 {
		t.Errorf("abort of nothing: %v, epoch %d", b.stateNow("tx"), x.p.epoch)
	}
}

func TestTransactionalIDExpires(t *testing.T) {
	b := newBank(t)
	b.producer("tx")
	b.producer("used")
	b.now = 604_000_000
	x := b.producer("used")
	b.must(x.produce(b.topic, 0, "a"))
	b.tick(604_799_999)
	if r := b.ask(&ListTransactions{}); len(r.Body.(*ListTransactionsReply).Transactions) != 2 {
		t.Errorf("too early: %+v", r.Body)
	}
	b.tick(604_800_000)
	if d := b.state("tx"); d.Code != TransactionalIDNotFound {
		t.Errorf("%+v", d)
	}
	p := b.e.topics[b.e.transactions].partitions[CoordinatorPartition("tx", 50)]
	bytes := lentFrom(p, p.end-1, 1)
	var r batch.Record
	it := batch.Records(bytes)
	if it.Next(&r); r.Value != nil {
		t.Errorf("its last record is no tombstone")
	}
	if d := b.state("used"); d.Code != None {
		t.Errorf("%+v", d)
	}
}

// The last record of a transactional id is what Kafka's kafka-dump-log would show.
func TestTransactionRecords(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 2, "a"))
	b.must(x.produce(b.topic, 0, "a"))
	p := b.e.topics[b.e.transactions].partitions[CoordinatorPartition("tx", 50)]
	var r batch.Record
	it := batch.Records(lentFrom(p, p.end-1, 1))
	it.Next(&r)
	if got, want := string(r.Key), "\x00\x00\x00\x02tx"; got != want {
		t.Errorf("key %q, want %q", got, want)
	}
	want := "\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00" + "\x00\x00\xea\x60" + "\x01" + // id, epoch, timeout, Ongoing
		"\x02\x07orders\x03\x00\x00\x00\x00\x00\x00\x00\x02\x00" + // one topic, two partitions, no tags
		"\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x01\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00" // updated, start, tag 0
	if string(r.Value) != want {
		t.Errorf("value\n%q, want\n%q", r.Value, want)
	}
	rec, err := DecodeTransactionRecord(r.Key, r.Value)
	if err != nil || rec.State != TxnOngoing || rec.Previous != 0 || rec.Next != -1 || !slices.Equal(rec.Partitions, []TopicPartition{{"orders", 0}, {"orders", 2}}) {
		t.Errorf("%+v, %v", rec, err)
	}
	for n := range r.Value {
		if _, err := DecodeTransactionRecord(r.Key, r.Value[:n]); err == nil {
			t.Errorf("the first %d bytes are accepted", n)
		}
	}
}

// A coordinator that has just become it finishes what the last one had decided.
func TestLoadTransactions(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	y := b.producer("open")
	b.must(x.produce(b.topic, 0, "a"))
	b.must(y.produce(b.topic, 1, "b"))
	b.ask(x.end(true))
	for p := range Partition(50) {
		b.e.loadTransactions(p)
	}
	if b.stateNow("tx") != TxnPrepareCommit || b.stateNow("open") != TxnOngoing {
		t.Fatalf("%v, %v", b.stateNow("tx"), b.stateNow("open"))
	}
	b.tick(b.now)
	if b.stateNow("tx") != TxnCompleteCommit || !slices.Equal(b.read(0), []Offset{0}) {
		t.Errorf("%v, visible %v", b.stateNow("tx"), b.read(0))
	}
	if b.tick(60_001); b.stateNow("open") != TxnCompleteAbort {
		t.Errorf("the open transaction: %v", b.stateNow("open"))
	}
}

// A topic may go while a transaction writes to it.
func TestTopicIsDeletedInTransaction(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 0, "a"))
	b.must(&TxnOffsetCommit{TransactionalID: "tx", Group: "g", ProducerID: x.p.id, Epoch: x.p.epoch, Generation: -1, Offsets: []CommitOffset{{Topic: "orders", Offset: 1}}})
	b.must(&DeleteTopic{Name: "orders"})
	x.ended(b.ask(x.end(true)))
	if b.tick(b.now); b.stateNow("tx") != TxnCompleteCommit {
		t.Errorf("%v", b.stateNow("tx"))
	}
	if r := b.must(&OffsetFetch{Group: "g", All: true}); len(r.Body.(*OffsetFetchReply).Offsets) != 0 {
		t.Errorf("%+v", r.Body)
	}
}

// One transaction: two batches in two partitions, commit, markers.
func BenchmarkTransaction(b *testing.B) {
	e := New(Config{Defaults: []ConfigEntry{{Name: "log.retention.check.interval.ms", Value: "1000"}}})
	e.Apply(0, client, 1, &CreateTopic{Name: "orders", Partitions: 2, Config: []ConfigEntry{{Name: "retention.bytes", Value: "1000000"}}})
	e.Apply(0, client, 1, &InitProducerID{TransactionalID: "tx", TimeoutMs: 60_000, ProducerID: -1, Epoch: -1})
	e.Advance()
	var p producing
	p.txn = true
	cmd := &Produce{Topic: 1, Acks: -1, TransactionalID: "tx", Batch: p.batch(0, string(make([]byte, 100)))}
	end := &EndTxn{TransactionalID: "tx", Commit: true}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		for part := range Partition(2) {
			cmd.Partition = part
			batch.PutUint64(cmd.Batch[43:], uint64(end.ProducerID)) // the caller vouches for the CRC
			batch.PutUint16(cmd.Batch[51:], uint16(end.Epoch))
			e.Apply(Time(i), client, 1, cmd)
		}
		e.Apply(Time(i), client, 1, end)
		e.Tick(Time(i))
		replies := e.Ready().Replies
		body := replies[2].Body.(*EndTxnReply)
		if replies[0].Code != None || replies[1].Code != None || replies[2].Code != None {
			b.Fatal(replies)
		}
		end.ProducerID, end.Epoch = body.ProducerID, body.Epoch
		e.Advance()
	}
}
