package kafka

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// franz makes a franz-go client.
func (p *place) franz(options ...kgo.Opt) *kgo.Client {
	p.t.Helper()
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(p.Addr())}, options...)...)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(c.Close)
	return c
}

// withoutID are the options of a producer without an id.
func withoutID(options ...kgo.Opt) []kgo.Opt {
	return append(options, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(1))
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), testMost)
	t.Cleanup(cancel)
	return ctx
}

// take polls until it has n records.
func take(t testing.TB, c *kgo.Client, n int) (all []*kgo.Record) {
	t.Helper()
	ctx := within(t)
	for len(all) < n {
		f := c.PollFetches(ctx)
		if err := f.Err(); err != nil {
			t.Fatalf("after %d of %d records: %v", len(all), n, err)
		}
		all = append(all, f.Records()...)
	}
	return all
}

// TestFranzCodecs: franz-go reads what it sent with every codec: keys, values, headers,
// timestamps and offsets.
func TestFranzCodecs(t *testing.T) {
	p := start(t)
	p.topic("codecs partitions=1")
	codecs := []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()}
	var want []*kgo.Record
	for i, codec := range codecs {
		c := p.franz(withoutID(kgo.ProducerBatchCompression(codec), kgo.DefaultProduceTopic("codecs"))...)
		var some []*kgo.Record
		for j := range 200 {
			some = append(some, &kgo.Record{Key: fmt.Appendf(nil, "k%d", j), Value: fmt.Appendf(nil, "value %d of codec %d", j, i),
				Headers: []kgo.RecordHeader{{Key: "h", Value: []byte{byte(i)}}}})
		}
		if err := c.ProduceSync(within(t), some...).FirstErr(); err != nil {
			t.Fatal(err)
		}
		want = append(want, some...)
	}
	got := take(t, p.franz(kgo.ConsumeTopics("codecs")), len(want))
	for i, r := range got {
		w := want[i]
		if r.Offset != int64(i) || string(r.Key) != string(w.Key) || string(r.Value) != string(w.Value) || len(r.Headers) != 1 ||
			r.Timestamp.UnixMilli() != w.Timestamp.UnixMilli() {
			t.Fatalf("record %d is %+v, want %+v", i, r, w)
		}
	}
}

// TestFranzGroup: two consumers share a topic, also after one has left.
func TestFranzGroup(t *testing.T) {
	p := start(t)
	p.topic("shared partitions=4")
	producer := p.franz(withoutID(kgo.DefaultProduceTopic("shared"), kgo.RecordPartitioner(kgo.ManualPartitioner()))...)
	send := func() {
		for i := range int32(4) {
			if err := producer.ProduceSync(within(t), &kgo.Record{Partition: i, Value: []byte("x")}).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	owned := make(chan int, 100)
	consumer := func() *kgo.Client {
		return p.franz(kgo.ConsumeTopics("shared"), kgo.ConsumerGroup("two"), kgo.Balancers(kgo.RangeBalancer()),
			kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { owned <- len(m["shared"]) }))
	}
	a, b := consumer(), consumer()
	polls := make(chan *kgo.Record, 100)
	ctx, stop := context.WithCancel(within(t))
	for _, c := range []*kgo.Client{a, b} {
		go func() {
			for ctx.Err() == nil {
				c.PollFetches(ctx).EachRecord(func(r *kgo.Record) { polls <- r })
			}
		}()
	}
	for n := 0; n != 2; { // both have two in the end
		if <-owned == 2 {
			n++
		}
	}
	send()
	var got []int32
	for range 4 {
		got = append(got, (<-polls).Partition)
	}
	if slices.Sort(got); !slices.Equal(got, []int32{0, 1, 2, 3}) {
		t.Errorf("records came from partitions %v", got)
	}
	b.CloseAllowingRebalance()
	for <-owned != 4 {
	}
	send()
	for range 4 {
		<-polls
	}
	stop()
}

// TestFranzAdmin: kadm makes, describes, alters, lists and deletes.
func TestFranzAdmin(t *testing.T) {
	p := start(t)
	admin := kadm.NewClient(p.franz())
	ctx := within(t)
	made, err := admin.CreateTopics(ctx, 3, 1, map[string]*string{"retention.ms": kadm.StringPtr("1000")}, "one", "two", "bad name")
	if err != nil || made["one"].Err != nil || made["one"].NumPartitions != 3 || made["one"].ID == (kadm.TopicID{}) || !errors.Is(made["bad name"].Err, kerr.InvalidTopicException) {
		t.Fatalf("%v, %+v", err, made)
	}
	again, err := admin.CreateTopics(ctx, 3, 1, nil, "one")
	if err != nil || !errors.Is(again["one"].Err, kerr.TopicAlreadyExists) {
		t.Errorf("again: %v, %+v", err, again)
	}
	only, err := admin.ValidateCreateTopics(ctx, 1, 1, nil, "three", "one")
	if err != nil || only["three"].Err != nil || !errors.Is(only["one"].Err, kerr.TopicAlreadyExists) {
		t.Errorf("validated: %v, %+v", err, only)
	}
	config := func(topic, name string) string {
		all, err := admin.DescribeTopicConfigs(ctx, topic)
		if err != nil || len(all) != 1 || all[0].Err != nil {
			t.Fatalf("configs: %v, %+v", err, all)
		}
		for _, c := range all[0].Configs {
			if c.Key == name {
				return c.MaybeValue()
			}
		}
		return "absent"
	}
	if got := config("one", "retention.ms"); got != "1000" {
		t.Errorf("retention.ms is %s", got)
	}
	altered, err := admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: kadm.StringPtr("2000")}}, "one")
	if err != nil || altered[0].Err != nil || config("one", "retention.ms") != "2000" {
		t.Errorf("altered: %v, %+v, %s", err, altered, config("one", "retention.ms"))
	}
	wrong, err := admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: kadm.StringPtr("soon")}}, "one")
	if err != nil || !errors.Is(wrong[0].Err, kerr.InvalidConfig) {
		t.Errorf("a wrong value: %v, %+v", err, wrong)
	}
	if all, err := admin.AlterTopicConfigsState(ctx, nil, "one"); err != nil || all[0].Err != nil || config("one", "retention.ms") != "604800000" {
		t.Errorf("replaced by nothing: %v, %+v, %s", err, all, config("one", "retention.ms"))
	}
	if grown, err := admin.UpdatePartitions(ctx, 5, "two"); err != nil || grown["two"].Err != nil {
		t.Errorf("grown: %v, %+v", err, grown)
	}
	topics, err := admin.ListTopics(ctx)
	if err != nil || len(topics["two"].Partitions) != 5 || topics.Has("three") {
		t.Errorf("topics: %v, %+v", err, topics)
	}
	gone, err := admin.DeleteTopics(ctx, "one", "nothing")
	if err != nil || gone["one"].Err != nil || !errors.Is(gone["nothing"].Err, kerr.UnknownTopicOrPartition) {
		t.Errorf("deleted: %v, %+v", err, gone)
	}
	offsets := kadm.Offsets{}
	offsets.AddOffset("two", 0, 7, -1)
	if _, err := admin.CommitOffsets(ctx, "idle", offsets); err != nil {
		t.Error(err)
	}
	if got, err := admin.FetchOffsets(ctx, "idle"); err != nil || got["two"][0].At != 7 {
		t.Errorf("offsets: %v, %+v", err, got)
	}
	if got, err := admin.FetchOffsets(ctx, "nobody"); err != nil || len(got) != 0 {
		t.Errorf("offsets of an unknown group: %v, %+v", err, got)
	}
	groups, err := admin.DescribeGroups(ctx, "idle")
	if err != nil || groups["idle"].State != "Empty" {
		t.Errorf("groups: %v, %+v", err, groups)
	}
	if got, err := admin.DeleteGroups(ctx, "idle"); err != nil || got["idle"].Err != nil {
		t.Errorf("deleted groups: %v, %+v", err, got)
	}
	if meta, err := admin.BrokerMetadata(ctx); err != nil || len(meta.Brokers) != 1 || meta.Brokers[0].NodeID != 101 || meta.Cluster != "partita-main" {
		t.Errorf("brokers: %v, %+v", err, meta)
	}
}
