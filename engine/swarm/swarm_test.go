package swarm

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
)

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

// traces is a line for each of some seeds: all that happened, in a number.
func traces() (text string) {
	for seed := uint64(1); seed <= 40; seed++ {
		r := Run(seed, Options{})
		text += fmt.Sprintf("trace %d %016x %d %d\n", seed, r.Digest, r.Steps, r.Events)
	}
	return text
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
