package swarm

import (
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"partita/engine"
)

// TestMain lets the collector wait: each seed leaves all it had behind.
func TestMain(m *testing.M) {
	debug.SetGCPercent(1000)
	os.Exit(m.Run())
}

// number reads a number from the environment.
func number(name string, or uint64) uint64 {
	if n, err := strconv.ParseUint(os.Getenv(name), 10, 64); err == nil {
		return n
	}
	return or
}

// TestSeeds runs seeds: PARTITA_SEEDS of them, from PARTITA_FROM on.
func TestSeeds(t *testing.T) {
	from, seeds := number("PARTITA_FROM", 1), number("PARTITA_SEEDS", 2000)
	if runtime.GOOS == "js" {
		seeds = min(seeds, 100)
	}
	var steps, events, records int64
	for seed := from; seed < from+seeds; seed++ {
		got := Run(seed, Options{})
		steps, events, records = steps+got.Steps, events+got.Events, records+got.Records
		if got.Err != nil {
			t.Errorf("seed %d: %v\n\tgo run ./cmd/partita trace --seed %d", seed, got.Err, seed)
		}
	}
	t.Logf("%d seeds: %d steps, %d events, %d records", seeds, steps, events, records)
}

// TestSameSeedSameRun runs some seeds twice, once with everything written down: neither
// looking nor anything left over from another run makes a difference.
func TestSameSeedSameRun(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		a := Run(seed, Options{})
		b := Run(seed, Options{Keep: true})
		if a.Digest != b.Digest || a.Steps != b.Steps || a.Events != b.Events {
			t.Errorf("seed %d: digest %x and %x", seed, a.Digest, b.Digest)
		}
	}
}

// traces is all that happened in some runs: each event of the first few seeds, and of
// the others a number that stands for all of them.
func traces() string {
	var b strings.Builder
	for seed := uint64(1); seed <= 40; seed++ {
		o := Options{}
		if seed <= 6 {
			o.Event = func(ev *engine.Event) {
				bytes := ev.Bytes
				if len(bytes) > 200 {
					bytes = fmt.Appendf(nil, "%08x of %d", crc32.ChecksumIEEE(bytes), len(bytes))
				}
				fmt.Fprintf(&b, "trace %d %d at %d %v code %d session %d topic %d-%d epoch %d group %d member %d offset %d end %d aux %d %q\n", seed, ev.Seq, ev.At,
					ev.Kind, ev.Code, ev.Session, ev.Topic, ev.Partition, ev.Epoch, ev.Group, ev.Member, ev.Offset, ev.End, ev.Aux, bytes)
			}
		}
		r := Run(seed, o)
		fmt.Fprintf(&b, "trace %d %016x %d %d\n", seed, r.Digest, r.Steps, r.Events)
	}
	return b.String()
}

// BenchmarkSwarm runs one seed after another.
func BenchmarkSwarm(b *testing.B) {
	steps, seed := int64(0), uint64(0)
	for b.Loop() {
		seed++
		steps += Run(seed, Options{}).Steps
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "steps/s")
}
