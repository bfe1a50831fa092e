package client_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// transactional is a bench with a producer that has initialized its transactions.
func transactional(t *testing.T, id string) *bench {
	cfg := idempotentConfig()
	cfg.TransactionalID, cfg.RequestTimeoutMs = id, 2_000
	b := newBench(t, cfg, 1)
	b.must(b.p.InitTransactions(0))
	b.until(0, 200)
	if b.state() != client.Ready {
		t.Fatalf("after initTransactions: %+v", b.p.View())
	}
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) state() client.TxnState { return b.p.View().State }

// read gives the values of orders-0 that a consumer sees.
func (b *bench) read(isolation string) (values []string) {
	w := &world{t: b.t, e: b.e, now: b.e.Now(), topics: map[string]engine.TopicID{"orders": b.topic}, times: map[string]int{}, anyValue: true}
	m := w.start("reader", "isolation.level="+isolation, "group.id="+isolation)
	w.run(w.now + 5_000)
	v := m.see()
	if end := v.Partitions[0].Position; isolation == "read_uncommitted" && end != b.end() {
		b.t.Errorf("the position is %d and not the log end %d", end, b.end())
	}
	return m.values
}

func (b *bench) end() engine.Offset { v, _ := b.e.Partition(b.topic, 0); return v.LogEnd }

// factKinds are the kinds of the facts that are about transactions.
func (b *bench) factKinds() string {
	var list []string
	names := map[client.FactKind]string{client.FactProducerID: "id", client.FactTxnBegun: "begun", client.FactTxnCommitted: "committed",
		client.FactTxnAborted: "aborted", client.FactTxnError: "error", client.FactFatal: "fatal", client.FactTxnOffset: "offset", client.FactSendFailed: "failed"}
	for _, f := range b.p.Facts() {
		if name := names[f.Kind]; name != "" {
			list = append(list, name)
		}
	}
	return strings.Join(list, " ")
}

func TestTransactionsCommitAndAbort(t *testing.T) {
	b := transactional(t, "t")
	at := engine.Time(1_000)
	for i := range 6 {
		b.must(b.p.Begin(at))
		b.send(at, "", fmt.Sprint(i))
		b.run(at)
		b.send(at+1, "", fmt.Sprint(10+i))
		b.run(at + 1)
		if i%3 == 1 {
			b.must(b.p.Abort(at + 2))
		} else {
			b.must(b.p.Commit(at + 2))
		}
		b.until(at+2, at+200)
		if b.state() != client.Ready {
			t.Fatalf("transaction %d: %+v", i, b.p.View())
		}
		at += 1_000
	}
	if got, want := b.read("read_committed"), []string{"0", "10", "2", "12", "3", "13", "5", "15"}; !slices.Equal(got, want) {
		t.Errorf("read_committed reads %v, want %v", got, want)
	}
	if got := b.read("read_uncommitted"); len(got) != 12 {
		t.Errorf("read_uncommitted reads %v", got)
	}
	if v := b.p.View(); v.Epoch != 6 || v.Acked != 12 {
		t.Errorf("%+v: each end raises the epoch (KIP-890)", v)
	}
	if got := b.factKinds(); got != "id begun committed begun aborted begun committed begun committed begun aborted begun committed" {
		t.Errorf("facts: %s", got)
	}
}

func TestAnOpenTransactionIsNotReadYet(t *testing.T) {
	b := transactional(t, "t")
	b.must(b.p.Begin(300))
	b.send(300, "", "0")
	b.until(300, 400)
	if got := b.read("read_committed"); len(got) != 0 {
		t.Errorf("read_committed reads %v", got)
	}
}

func TestAnEmptyTransactionCostsNothing(t *testing.T) {
	b := transactional(t, "t")
	before := b.end()
	b.must(b.p.Begin(300))
	b.must(b.p.Commit(300))
	if b.state() != client.Ready || b.end() != before {
		t.Errorf("%+v, log end %d", b.p.View(), b.end())
	}
}

func TestTransactionCallsInTheWrongState(t *testing.T) {
	cfg := idempotentConfig()
	b := newBench(t, cfg, 1)
	if err := b.p.Begin(0); err == nil || err.Error() != "Cannot use transactional methods without enabling transactions by setting the transactional.id configuration property" {
		t.Errorf("%v", err)
	}
	cfg.TransactionalID = "t"
	b = newBench(t, cfg, 1)
	for _, c := range []struct{ got, want error }{
		{b.p.Begin(0), fmt.Errorf("TransactionalId t: Invalid transition attempted from state UNINITIALIZED to state IN_TRANSACTION")},
		{b.p.Send(0, "orders", -1, nil, nil, nil), fmt.Errorf("Cannot add partition orders to transaction before completing a call to initTransactions")},
		{b.p.InitTransactions(0), nil},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
	b.until(0, 300)
	for _, c := range []struct{ got, want error }{
		{b.p.Send(0, "orders", -1, nil, nil, nil), fmt.Errorf("Cannot add partition orders to transaction while in state  READY")},
		{b.p.Commit(0), fmt.Errorf("TransactionalId t: Invalid transition attempted from state READY to state COMMITTING_TRANSACTION")},
	} {
		if fmt.Sprint(c.got) != fmt.Sprint(c.want) {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

func TestAZombieIsFenced(t *testing.T) {
	b := transactional(t, "t")
	b.must(b.p.Begin(300))
	b.send(300, "", "zombie")
	b.until(300, 400)
	zombie := b.p
	cfg := *zombie.Config()
	b.p = client.NewProducer(cfg, 2)
	b.must(b.p.InitTransactions(1_000))
	b.until(1_000, 1_500)
	b.must(b.p.Begin(1_500))
	b.send(1_500, "", "new")
	b.must(b.p.Commit(1_500))
	b.until(1_500, 2_000)
	fresh := b.p
	b.p = zombie
	b.must(b.p.Commit(2_000))
	b.until(2_000, 2_500)
	if v := b.p.View(); v.State != client.FatalError || v.Fault != engine.ProducerFenced {
		t.Errorf("the zombie: %+v", v)
	}
	if err := b.p.Begin(2_500); err == nil || err.Error() != "Cannot execute transactional method because we are in an error state" {
		t.Errorf("%v", err)
	}
	b.p = fresh
	if got := b.read("read_committed"); !slices.Equal(got, []string{"new"}) {
		t.Errorf("read_committed reads %v", got)
	}
}

func TestARecordThatFailsMakesTheTransactionAbortable(t *testing.T) {
	b := transactional(t, "t")
	b.must(b.p.Begin(300))
	b.e.Apply(300, 1, 1, &engine.AlterConfig{Topic: "orders", Entries: []engine.ConfigEntry{{Name: "max.message.bytes", Value: "300"}}})
	b.e.Advance()
	b.send(300, "", "small")
	b.run(300)
	b.send(301, "", strings.Repeat("x", 400))
	b.run(301)
	b.until(302, 400)
	if v := b.p.View(); v.State != client.AbortableError || v.Fault != engine.MessageTooLarge {
		t.Fatalf("%+v", v)
	}
	if err := b.p.Commit(400); err == nil {
		t.Error("it may be committed")
	}
	b.must(b.p.Abort(400))
	b.until(400, 600)
	b.must(b.p.Begin(600))
	b.send(600, "", "again")
	b.must(b.p.Commit(600))
	b.until(600, 900)
	if got := b.read("read_committed"); !slices.Equal(got, []string{"again"}) {
		t.Errorf("read_committed reads %v", got)
	}
}

func TestTransactionsThroughALossyNetwork(t *testing.T) {
	b := transactional(t, "t")
	n := 0
	b.lose = func(cmd engine.Command) (bool, bool) {
		n++
		return n%5 == 2, n%7 == 3
	}
	at := engine.Time(1_000)
	var want []string
	for i := range 8 {
		b.must(b.p.Begin(at))
		b.send(at, "", fmt.Sprint(i))
		b.run(at)
		b.send(at+1, "", fmt.Sprint(100+i))
		commit := i%2 == 0
		if commit {
			want = append(want, fmt.Sprint(i), fmt.Sprint(100+i))
			b.must(b.p.Commit(at + 1))
		} else {
			b.must(b.p.Abort(at + 1))
		}
		b.until(at+1, at+60_000)
		if b.state() != client.Ready {
			t.Fatalf("transaction %d: %+v", i, b.p.View())
		}
		at += 60_000
	}
	b.lose = nil
	if got := b.read("read_committed"); !slices.Equal(got, want) {
		t.Errorf("read_committed reads %v, want %v", got, want)
	}
}

func TestOffsetsAreCommittedWithTheTransaction(t *testing.T) {
	b := transactional(t, "t")
	for i, commit := range []bool{false, true} {
		at := engine.Time(1_000 * (i + 1))
		b.must(b.p.Begin(at))
		b.send(at, "", "v")
		b.must(b.p.SendOffsets(at, client.GroupMetadata{Group: "g", Generation: -1},
			[]engine.CommitOffset{{Topic: "orders", Partition: 0, Offset: engine.Offset(10 + i), LeaderEpoch: -1}}))
		b.until(at, at+100)
		if commit {
			b.must(b.p.Commit(at + 100))
		} else {
			b.must(b.p.Abort(at + 100))
		}
		b.until(at+100, at+300)
		b.e.Apply(at+300, 1, 9, &engine.OffsetFetch{Group: "g", Partitions: []engine.TopicPartition{{Topic: "orders"}}})
		got := b.e.Ready().Replies[0].Body.(*engine.OffsetFetchReply).Offsets[0]
		b.e.Advance()
		if want := map[bool]engine.Offset{false: -1, true: 11}[commit]; got.Offset != want || got.Code != engine.None {
			t.Errorf("committed %v: %+v", commit, got)
		}
	}
}
