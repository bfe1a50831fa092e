package engine

import (
	"hash/crc32"
	"math/rand/v2"
	"runtime"
	"testing"

	"partita/engine/statetest"
)

// runs is how many random runs a test makes: as WebAssembly a tenth, for that takes ten
// times as long, and the engine is the same.
func runs(n uint64) uint64 {
	if runtime.GOOS == "js" {
		return n / 10
	}
	return n
}

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

// recovered makes another engine of what was stored.
func recovered(cfg Config, stored []Event, now Time) *Engine {
	e := New(cfg)
	for i := range stored {
		e.Recover(&stored[i])
	}
	e.Recovered(now)
	return e
}

// atRest is the original, with what nobody can have in a recovered engine let go: producers
// that are forgotten at the next look.
func atRest(e *Engine) *Engine {
	c := e.Snapshot().state.copy()
	c.expireProducers(c.now)
	return c
}

// TestRecover runs random commands of every kind to clusters, and at arbitrary instants
// makes another engine of the durable events: it looks the same, and holds together.
func TestRecover(t *testing.T) {
	t.Parallel()
	for seed := range runs(250) {
		in := randomBytes(seed, 2500)
		m := newMixer(t, in)
		var stored []Event
		m.stored = &stored
		m.begin()
		r := rand.New(rand.NewPCG(seed, 3))
		for range 4 {
			m.run(r.IntN(120))
			again := recovered(mixed(in), stored, m.now)
			if got, want := seen(again, unstored(m.e)), seen(atRest(m.e), unstored(m.e)); got != want {
				t.Fatalf("seed %d at %d: after recovery it looks different:\n%s", seed, m.now, statetest.Difference(want, got))
			}
			if err := again.Check(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
	}
}

// TestRecoveredGoesOn lets a recovered cluster live: everything is mended, and it comes to
// rest with all replicas in sync.
func TestRecoveredGoesOn(t *testing.T) {
	t.Parallel()
	for seed := range runs(60) {
		in := randomBytes(seed+1000, 2500)
		m := newMixer(t, in)
		var stored []Event
		m.stored = &stored
		m.begin()
		m.run(150)
		again := m.copy(recovered(mixed(in), stored, m.now))
		again.run(100)
		for range 5 { // a broker that was paused, or a session that was muted, may do harm when it goes on
			again.mend()
			again.tick(again.now + 100_000)
		}
		ends := map[TopicPartition]Offset{}
		again.e.eachPartition(func(p *partition) { ends[p.name()] = p.end })
		again.tick(again.now + 5_000) // what was written last gets to the followers
		again.e.eachPartition(func(p *partition) {
			for _, v := range again.e.Replicas(p.topic.id, p.index, nil) {
				if end := ends[p.name()]; !v.InSync || v.LEO < end || v.HW < end {
					t.Fatalf("seed %d: %v ended at %d, and when all is well %+v\n%s", seed, p.name(), end, v, seen(again.e, nil))
				}
			}
		})
	}
}
