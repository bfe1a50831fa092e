package engine

import (
	"slices"
	"testing"
)

func (b *bank) committed(group string, stable bool) FetchedOffset {
	b.t.Helper()
	r := b.must(&OffsetFetch{Group: group, Partitions: []TopicPartition{{"orders", 0}}, RequireStable: stable})
	return r.Body.(*OffsetFetchReply).Offsets[0]
}

func (x *transactor) commit(group string, offset Offset) *TxnOffsetCommit {
	return &TxnOffsetCommit{TransactionalID: x.id, Group: group, ProducerID: x.p.id, Epoch: x.p.epoch, Generation: -1,
		Offsets: []CommitOffset{{Topic: "orders", Offset: offset, LeaderEpoch: -1}}}
}

func (b *bank) fill(n int) {
	for range n {
		b.must(&Produce{Topic: b.topic, Acks: 1, Batch: records(0, "in")})
	}
}

func TestTransactionalOffsets(t *testing.T) {
	for _, commit := range []bool{true, false} {
		b := newBank(t)
		b.fill(5)
		x := b.producer("tx")
		b.must(&OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "orders", Offset: 1, LeaderEpoch: -1}}})
		b.must(x.commit("g", 4))
		if f := b.committed("g", false); f.Offset != 1 {
			t.Errorf("before the end: %+v", f)
		}
		if f := b.committed("g", true); f.Code != UnstableOffsetCommit || f.Offset != -1 {
			t.Errorf("require_stable: %+v", f)
		}
		if r := b.must(&OffsetFetch{Group: "g", All: true, RequireStable: true}); r.Body.(*OffsetFetchReply).Offsets[0].Code != UnstableOffsetCommit {
			t.Errorf("require_stable for all: %+v", r.Body)
		}
		x.ended(b.ask(x.end(commit)))
		b.tick(b.now)
		want := Offset(1)
		if commit {
			want = 4
		}
		if f := b.committed("g", true); f.Code != None || f.Offset != want {
			t.Errorf("commit %v: %+v, want %d", commit, f, want)
		}
	}
}

// An offset that was committed after the transaction's own stays (KAFKA-5600).
func TestLaterCommitWins(t *testing.T) {
	b := newBank(t)
	b.fill(9)
	x := b.producer("tx")
	b.must(x.commit("g", 3))
	b.must(x.commit("g", 4))
	b.must(&OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "orders", Offset: 9, LeaderEpoch: -1}}})
	x.ended(b.ask(x.end(true)))
	b.tick(b.now)
	if f := b.committed("g", true); f.Offset != 9 {
		t.Errorf("%+v", f)
	}
	b.must(x.commit("g", 5))
	b.must(x.commit("g", 6))
	x.ended(b.ask(x.end(true)))
	b.tick(b.now)
	if f := b.committed("g", true); f.Offset != 6 {
		t.Errorf("%+v", f)
	}
}

func TestTransactionalOffsetsRefusals(t *testing.T) {
	b := newBank(t)
	b.fill(3)
	x := b.producer("tx")
	old := x.commit("g", 1)
	for version, want := range map[int16]Code{3: InvalidTxnState, 4: TransactionAbortable} {
		old.Version = version
		if r := b.ask(old); r.Code != want || r.Body.(*OffsetCommitReply).Codes[0] != want {
			t.Errorf("version %d without AddOffsetsToTxn: %v %v", version, r.Code, r.Body)
		}
	}
	b.must(&AddOffsetsToTxn{TransactionalID: "tx", ProducerID: x.p.id, Epoch: x.p.epoch, Group: "g"})
	b.must(old)
	if d := b.state("tx"); !slices.Equal(d.Partitions, []TopicPartition{{OffsetsTopic, Partition(CoordinatorPartition("g", 50))}}) {
		t.Errorf("%+v", d)
	}
	wrong := x.commit("g", 1)
	wrong.Generation, wrong.Member = 5, "nobody"
	if r := b.ask(wrong); r.Code != UnknownMemberID && r.Code != IllegalGeneration {
		t.Errorf("a member that is none: %v", r.Code)
	}
	unknown := x.commit("g", 1)
	unknown.Offsets[0].Topic = "none"
	if r := b.ask(unknown); r.Body.(*OffsetCommitReply).Codes[0] != UnknownTopicOrPartition {
		t.Errorf("an unknown topic: %+v", r.Body)
	}
}

func TestDescribeProducers(t *testing.T) {
	b := newBank(t)
	x := b.producer("tx")
	b.must(x.produce(b.topic, 0, "a", "b"))
	p := producing{id: 900}
	b.must(&Produce{Topic: b.topic, Acks: 1, Batch: p.batch(7, "c")})
	got := b.must(&DescribeProducers{Topic: b.topic}).Body.(*DescribeProducersReply).Producers
	want := []DescribedProducer{{x.p.id, 0, 1, 0, -1, 0}, {900, 0, 0, 7, -1, -1}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if r := b.ask(&DescribeProducers{Topic: b.topic, Partition: 9}); r.Code != UnknownTopicOrPartition {
		t.Errorf("%v", r.Code)
	}
	if open := b.e.OpenTransactions(b.topic, 0); !slices.Equal(open, []TxnRange{{x.p.id, 0, -1}}) {
		t.Errorf("open: %+v", open)
	}
	y := b.producer("idle")
	for _, c := range []struct {
		cmd  ListTransactions
		want []string
	}{
		{ListTransactions{}, []string{"idle", "tx"}},
		{ListTransactions{States: []string{"Ongoing"}}, []string{"tx"}},
		{ListTransactions{ProducerIDs: []int64{y.p.id}}, []string{"idle"}},
		{ListTransactions{OlderThanMs: 50}, nil},
	} {
		var names []string
		for _, one := range b.must(&c.cmd).Body.(*ListTransactionsReply).Transactions {
			names = append(names, one.TransactionalID)
		}
		if !slices.Equal(names, c.want) {
			t.Errorf("%+v: %v", c.cmd, names)
		}
	}
}
