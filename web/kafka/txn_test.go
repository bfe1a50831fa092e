package kafka

import (
	"errors"
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// TestFranzIdempotent: a producer with an id sends many batches in flight at once, and
// each record is there once and in order.
func TestFranzIdempotent(t *testing.T) {
	p := start(t)
	p.topic("once partitions=1")
	c := p.franz(kgo.DefaultProduceTopic("once"), kgo.ProducerBatchMaxBytes(2000))
	const n = 2000
	for i := range n {
		c.Produce(within(t), kgo.StringRecord(fmt.Sprint(i)), func(_ *kgo.Record, err error) {
			if err != nil {
				t.Error(err)
			}
		})
	}
	if err := c.Flush(within(t)); err != nil {
		t.Fatal(err)
	}
	for i, r := range take(t, p.franz(kgo.ConsumeTopics("once")), n) {
		if string(r.Value) != fmt.Sprint(i) || r.ProducerID < 0 {
			t.Fatalf("record %d is %q of producer %d", i, r.Value, r.ProducerID)
		}
	}
}

// TestFranzTransactions: what is committed is read, what is aborted is not, and a producer
// with the same id fences the one before.
func TestFranzTransactions(t *testing.T) {
	p := start(t)
	p.topic("paid partitions=2")
	ctx := within(t)
	c := p.franz(kgo.TransactionalID("till"), kgo.DefaultProduceTopic("paid"))
	for i := range 6 {
		if err := c.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		for j := range 10 {
			c.Produce(ctx, kgo.StringRecord(fmt.Sprintf("%d-%d", i, j)), nil)
		}
		if err := c.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if err := c.EndTransaction(ctx, kgo.TransactionEndTry(i%2 == 0)); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[byte]int{}
	for _, r := range take(t, p.franz(kgo.ConsumeTopics("paid"), kgo.FetchIsolationLevel(kgo.ReadCommitted())), 30) {
		seen[r.Value[0]]++
	}
	if fmt.Sprint(seen) != fmt.Sprint(map[byte]int{'0': 10, '2': 10, '4': 10}) {
		t.Errorf("read committed: %v", seen)
	}
	if got := take(t, p.franz(kgo.ConsumeTopics("paid")), 60); len(got) != 60 {
		t.Errorf("read uncommitted: %d records", len(got))
	}
	listed, err := kadm.NewClient(c).ListTransactions(ctx, nil, nil)
	if err != nil || listed["till"].State != "CompleteAbort" {
		t.Errorf("transactions: %v, %+v", err, listed)
	}
	described, err := kadm.NewClient(c).DescribeTransactions(ctx, "till")
	if err != nil || described["till"].Err != nil || described["till"].TimeoutMillis <= 0 {
		t.Errorf("described: %v, %+v", err, described)
	}
	next := p.franz(kgo.TransactionalID("till"), kgo.DefaultProduceTopic("paid"))
	if err := next.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	if err := next.ProduceSync(ctx, kgo.StringRecord("next")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.BeginTransaction()); err != nil {
		t.Fatal(err)
	}
	err = c.ProduceSync(ctx, kgo.StringRecord("fenced")).FirstErr()
	if !errors.Is(err, kerr.ProducerFenced) && !errors.Is(err, kerr.InvalidProducerEpoch) {
		t.Errorf("a producer that was replaced: %v, want it fenced", err)
	}
	if err := next.EndTransaction(ctx, kgo.TryCommit); err != nil {
		t.Error(err)
	}
}

// TestFranzExactlyOnce: records go from one topic to another, read and written in
// transactions together with the offsets; what is aborted on the way is done again.
func TestFranzExactlyOnce(t *testing.T) {
	p := start(t)
	p.topic("in partitions=2")
	p.topic("out partitions=2")
	ctx := within(t)
	producer := p.franz(kgo.DefaultProduceTopic("in"))
	const n = 100
	for i := range n {
		if err := producer.ProduceSync(ctx, kgo.StringRecord(fmt.Sprint(i))).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	etl, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(p.Addr()), kgo.TransactionalID("etl"), kgo.ConsumerGroup("etl"),
		kgo.ConsumeTopics("in"), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets(),
		kgo.FetchMaxPartitionBytes(300), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		t.Fatal(err)
	}
	defer etl.Close()
	for done, round := 0, 0; done < n; round++ {
		f := etl.PollRecords(ctx, 10)
		if err := f.Err(); err != nil {
			t.Fatal(err)
		}
		if err := etl.Begin(); err != nil {
			t.Fatal(err)
		}
		f.EachRecord(func(r *kgo.Record) { etl.Produce(ctx, &kgo.Record{Topic: "out", Value: r.Value}, nil) })
		committed, err := etl.End(ctx, kgo.TransactionEndTry(round%3 != 1))
		if err != nil {
			t.Fatal(err)
		}
		if committed {
			done += f.NumRecords()
		}
	}
	seen := map[string]int{}
	for _, r := range take(t, p.franz(kgo.ConsumeTopics("out"), kgo.FetchIsolationLevel(kgo.ReadCommitted())), n) {
		seen[string(r.Value)]++
	}
	for i := range n {
		if seen[fmt.Sprint(i)] != 1 {
			t.Errorf("record %d came out %d times", i, seen[fmt.Sprint(i)])
		}
	}
}
