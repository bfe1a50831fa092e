package swarm

import (
	"os"
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
	from, seeds := number("PARTITA_FROM", 1), number("PARTITA_SEEDS", 200)
	var steps, events, records int64
	for seed := from; seed < from+seeds; seed++ {
		got := Run(seed, Options{})
		steps, events, records = steps+got.Steps, events+got.Events, records+got.Records
		if got.Err != nil {
			t.Errorf("seed %d: %v\n\tgo run ./cmd/partita trace --seed %d", seed, got.Err, seed)
			if !t.Failed() {
				break
			}
		}
	}
	t.Logf("%d seeds: %d steps, %d events, %d records", seeds, steps, events, records)
}
