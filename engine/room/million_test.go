package room_test

import (
	"fmt"
	"testing"

	"partita/engine"
	"partita/engine/room"
)

// BenchmarkMillion is a playground in which a million records a second of its time are
// produced, stored, fetched and processed, with its past kept and a frame made every
// 16 ms. It reports the nanoseconds that one record takes, end to end.
func BenchmarkMillion(b *testing.B) {
	lines := "topic create orders partitions=64\n"
	for i := range 10 {
		lines += fmt.Sprintf("producer add p%d topic=orders rate=100000/s acks=1\n", i+1)
	}
	lines += "consumer add c1 group=billing topics=orders process=0ms max.poll.records=10000 auto.offset.reset=latest"
	r, err := room.New(room.Config{Code: "playground", Seed: 1, Script: lines})
	if err != nil {
		b.Fatal(err)
	}
	var frame []byte
	now := engine.Time(0)
	step := func() {
		now += 16
		for r.Advance(now, 2000) {
		}
		frame = r.Frame(frame[:0], 24, "")
	}
	for range 200 {
		step()
	}
	for b.Loop() {
		step()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/16_000, "ns/record")
}
