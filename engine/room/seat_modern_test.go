package room_test

import (
	"testing"

	"partita/engine"
)

// TestTabsOfOtherGroups: tabs may be consumers of KIP-848 or share consumers, and a
// closed tab leaves at once there too.
func TestTabsOfOtherGroups(t *testing.T) {
	for _, settings := range []string{"\ngroup.protocol=consumer", "\nshare=true\nshare.acknowledgement.mode=explicit"} {
		h := newHall(t)
		var kind engine.GroupKind
		sitters := make([]*chair, 3)
		for i := range sitters {
			sitters[i] = h.sit(settings)
		}
		h.run(15_000)
		members := func() int {
			g, _ := h.r.World().Engine().Group("tabs")
			kind = g.Kind
			return g.MemberCount
		}
		if n := members(); n != 3 || kind == engine.GroupClassic {
			t.Fatalf("%q: %d members, kind %d", settings, n, kind)
		}
		sitters[2].gone = true
		h.r.Close(h.now, sitters[2].session, true)
		h.run(2_000)
		if n := members(); n != 2 {
			t.Errorf("%q: %d members after one has left", settings, n)
		}
	}
}
