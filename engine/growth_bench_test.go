package engine

import (
	"fmt"
	"testing"
)

// growing is an engine with one topic for a benchmark.
func growing(b *testing.B, partitions int32, config ...ConfigEntry) (*Engine, TopicID) {
	b.Helper()
	e := New(Config{Seed: 1})
	e.Apply(0, client, 1, &CreateTopic{Name: "orders", Partitions: partitions, Config: config})
	id := e.Ready().Replies[0].Body.(*CreateTopicReply).Topic
	e.Advance()
	return e, id
}

// BenchmarkGrowthPartitions appends to one partition after another: what a record costs
// with ever more of them.
func BenchmarkGrowthPartitions(b *testing.B) {
	for _, n := range []int32{10, 100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			e, id := growing(b, n, ConfigEntry{Name: "retention.bytes", Value: "20000"}, ConfigEntry{Name: "segment.bytes", Value: "10000"})
			cmd := &Produce{Topic: id, Acks: 1, Batch: records(0, string(make([]byte, 100)))}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				cmd.Partition = Partition(i % int(n))
				e.Apply(Time(i), client, 1, cmd)
				if i++; i%64 == 0 {
					e.Advance()
				}
			}
		})
	}
}

// BenchmarkGrowthRetained fetches the newest records of a partition that retains ever
// more, and takes a snapshot of it.
func BenchmarkGrowthRetained(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000, 1_000_000} {
		e, id := growing(b, 1)
		values := make([]string, 100)
		for i := range values {
			values[i] = string(make([]byte, 100))
		}
		cmd := &Produce{Topic: id, Acks: 1, Batch: records(0, values...)}
		for range n / 100 {
			e.Apply(0, client, 1, cmd)
			e.Advance()
		}
		b.Run(fmt.Sprint("fetch/", n), func(b *testing.B) {
			fetch := &Fetch{MaxBytes: 1 << 20, Parts: []FetchPart{{Topic: id, Offset: Offset(n - 100), MaxBytes: 1 << 20}}}
			b.ReportAllocs()
			for b.Loop() {
				e.Apply(0, client, 1, fetch)
				e.Advance()
			}
		})
		b.Run(fmt.Sprint("snapshot/", n), func(b *testing.B) {
			for b.Loop() {
				if e.Snapshot() == nil {
					b.Fatal("no snapshot")
				}
			}
		})
	}
}
