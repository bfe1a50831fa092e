package room

import (
	"strings"
	"testing"
)

// TestLooking: a line that only looks leaves the frames of all viewers as they are.
func TestLooking(t *testing.T) {
	r, err := New(Config{Code: "own", Seed: 1, Script: "topic create orders\nproducer add p1 topic=orders rate=5/s\nconsumer add c1 group=billing topics=orders\nadvance 9s"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lines  string
		looked bool
	}{
		{"kafka-topics --describe", true},
		{"kafka-consumer-groups --describe --group billing --members --verbose", true},
		{"kafka-consumer-groups --list --state\nkafka-transactions list\nshow groups\nhelp\n# nothing", true},
		{"kafka-topics --create --topic b", false},
		{"show groups\ntopic create c\nshow groups", false},
		{"advance 10ms", false},
		{"pause", false},
		{"kafka-topics --describe\nsend orders hello", false},
	} {
		r.Frame(nil, 24, "")
		before := r.World().Engine().Digest()
		for _, result := range r.Script(0, c.lines) {
			if result.Error != "" {
				t.Errorf("%s: %s", result.Text, result.Error)
			}
		}
		if r.changed == c.looked || r.Looked() != c.looked {
			t.Errorf("%q: the frames are kept: %v, want %v", c.lines, !r.changed, c.looked)
		}
		if c.looked && r.World().Engine().Digest() != before {
			t.Errorf("%q changed the world", c.lines)
		}
	}
}

// TestFull: a room without memory stands still and says so once, until somebody plays on.
func TestFull(t *testing.T) {
	r, err := New(Config{Code: "own", Seed: 1, Script: "topic create orders\nproducer add p1 topic=orders rate=5/s"})
	if err != nil {
		t.Fatal(err)
	}
	r.Advance(1_000, 0)
	stood := r.World().Now()
	r.Full()
	r.Full()
	r.Advance(5_000, 0)
	f := r.Picture(24, "")
	told := 0
	for i := range f.Notes {
		if strings.Contains(f.Notes[i].Text, "memory") {
			told++
		}
	}
	if !f.Paused || f.Time != int64(stood) || told != 1 {
		t.Errorf("paused %v at %d, told %d times", f.Paused, f.Time, told)
	}
	r.Script(6_000, "play")
	r.Advance(7_000, 0)
	if now := r.World().Now(); now == stood {
		t.Errorf("played on: %d", now)
	}
}

// BenchmarkFrame is what a viewer's frame costs after a line that looks and after one that
// changes something.
func BenchmarkFrame(b *testing.B) {
	for name, line := range map[string]string{"looked": "kafka-topics --describe --topic orders", "changed": "pause"} {
		b.Run(name, func(b *testing.B) {
			r, err := New(Config{Code: "own", Seed: 1, Script: "topic create orders partitions=32\nproducer add p1 topic=orders rate=500/s\nadvance 9s"})
			if err != nil {
				b.Fatal(err)
			}
			var frame []byte
			for b.Loop() {
				b.StopTimer()
				r.Script(0, line)
				b.StartTimer()
				frame = r.Frame(frame[:0], 96, "")
			}
		})
	}
}
