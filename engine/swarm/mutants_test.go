//go:build mutants

package swarm

import (
	"testing"

	"partita/engine"
)

// TestMutants plants one bug after another: each is found within some seeds.
func TestMutants(t *testing.T) {
	for n := 1; n <= engine.Bugs; n++ {
		engine.Plant(n)
		found := false
		for seed := uint64(1); seed <= 400 && !found; seed++ {
			r := Run(seed, Options{})
			if r.Err == nil {
				continue
			}
			engine.Plant(0)
			right := Run(seed, Options{})
			engine.Plant(n)
			if right.Err == nil { // it is the bug that was found
				t.Logf("bug %d: seed %d: %.120v", n, seed, r.Err)
				found = true
			}
		}
		if !found {
			t.Errorf("bug %d is not found", n)
		}
	}
	engine.Plant(0)
}
