package engine

import (
	"testing"

	"partita/engine/vectortest"
)

func TestVectorsLeaderEpochCache(t *testing.T) {
	type pair [2]int64
	vectortest.Each(t, "leader_epoch_cache", func(t *testing.T, c struct {
		Assign            []pair
		LogEndOffset      Offset
		TruncateFromEnd   *Offset
		TruncateFromStart *Offset
		Entries           []pair
		Expect            []struct {
			Epoch       int32
			ResultEpoch int32
			EndOffset   Offset
		}
	}) {
		var cache epochCache
		for _, a := range c.Assign {
			cache = cache.assign(int32(a[0]), Offset(a[1]))
		}
		if c.TruncateFromEnd != nil {
			cache = cache.cutEnd(*c.TruncateFromEnd)
		}
		if c.TruncateFromStart != nil {
			cache = cache.cutStart(*c.TruncateFromStart)
		}
		if len(cache) != len(c.Entries) {
			t.Fatalf("entries %v, want %v", cache, c.Entries)
		}
		for i, want := range c.Entries {
			if cache[i] != (epochStart{int32(want[0]), Offset(want[1])}) {
				t.Errorf("entries %v, want %v", cache, c.Entries)
			}
		}
		for _, q := range c.Expect {
			if epoch, end := cache.endFor(q.Epoch, c.LogEndOffset); epoch != q.ResultEpoch || end != q.EndOffset {
				t.Errorf("epoch %d ends at %d in epoch %d, want %d in %d", q.Epoch, end, epoch, q.EndOffset, q.ResultEpoch)
			}
		}
	})
}
