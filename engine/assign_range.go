package engine

import "slices"

// The range assignor: in each topic every subscriber gets one contiguous range, the
// first ones get the remainder. Where members and replicas have racks, it gives each
// member what is on its own rack first, as far as that costs no balance, and keeps
// equal topics co-partitioned (KIP-881, RangeAssignor.java).

// rangeTopic is how far a topic has been divided.
type rangeTopic struct {
	pl    *plan
	t     int
	quota int32   // for everybody
	extra int32   // how many may still have one more
	given []int32 // to each subscriber
}

func (pl *plan) assignRange() {
	states := make([]rangeTopic, len(pl.topics))
	aware := false
	for t := range states {
		n := int32(len(pl.subs[t]))
		states[t] = rangeTopic{pl, t, pl.topics[t].Partitions / n, pl.topics[t].Partitions % n, make([]int32, n)}
		aware = aware || states[t].needsRacks()
	}
	done := make([]bool, len(states))
	for t := range states {
		if !aware || done[t] {
			continue
		}
		var equal []*rangeTopic // topics with as many partitions and the same subscribers
		for u := t; u < len(states); u++ {
			if pl.topics[u].Partitions == pl.topics[t].Partitions && slices.Equal(pl.subs[u], pl.subs[t]) {
				equal = append(equal, &states[u])
				done[u] = true
			}
		}
		if len(equal) > 1 {
			assignCoPartitioned(equal)
		} else if states[t].needsRacks() {
			states[t].assign(true)
		}
	}
	for t := range states {
		states[t].assign(false)
	}
}

// needsRacks tells whether racks can make a difference: a member is on a rack that
// has replicas, and not every partition is on all racks.
func (r *rangeTopic) needsRacks() bool {
	var all []string
	for _, racks := range r.pl.topics[r.t].Racks {
		for _, rack := range racks {
			if rack != "" && !slices.Contains(all, rack) {
				all = append(all, rack)
			}
		}
	}
	if !slices.ContainsFunc(r.pl.subs[r.t], func(m int32) bool {
		return slices.Contains(all, r.pl.members[m].Subscription.Rack)
	}) {
		return false
	}
	return slices.ContainsFunc(r.pl.topics[r.t].Racks, func(racks []string) bool {
		return slices.ContainsFunc(all, func(rack string) bool { return !slices.Contains(racks, rack) })
	})
}

// onRack tells whether partition p has a replica on the rack of the i-th subscriber;
// one without a rack takes any.
func (r *rangeTopic) onRack(i, p int) bool {
	rack := r.pl.members[r.pl.subs[r.t][i]].Subscription.Rack
	racks := r.pl.topics[r.t].Racks
	return rack == "" || p < len(racks) && slices.Contains(racks[p], rack)
}

// room is how many more partitions the i-th subscriber may get.
func (r *rangeTopic) room(i int) int32 { return r.quota + min(r.extra, 1) - r.given[i] }

// give records n more partitions for the i-th subscriber.
func (r *rangeTopic) give(i int, n int32) {
	r.given[i] += n
	if n > 0 && r.given[i] > r.quota {
		r.extra--
	}
}

// assign gives each subscriber in turn the first free partitions that it may have.
func (r *rangeTopic) assign(onRack bool) {
	owners := r.pl.owners(r.t)
	first := 0 // no free partition lies before it
	for i, m := range r.pl.subs[r.t] {
		room, n := r.room(i), int32(0)
		for p := first; p < len(owners) && n < room; p++ {
			if owners[p] == nobody && (!onRack || r.onRack(i, p)) {
				owners[p] = m
				n++
			}
		}
		r.give(i, n)
		for first < len(owners) && owners[first] != nobody {
			first++
		}
	}
}

// assignCoPartitioned gives the same partition of all topics to the first subscriber
// that has room in each and a replica of each on its rack.
func assignCoPartitioned(topics []*rangeTopic) {
	subs := topics[0].pl.subs[topics[0].t]
	for p := range topics[0].pl.owners(topics[0].t) {
		for i, m := range subs {
			if slices.ContainsFunc(topics, func(r *rangeTopic) bool { return r.room(i) <= 0 || !r.onRack(i, p) }) {
				continue
			}
			for _, r := range topics {
				r.pl.owners(r.t)[p] = m
				r.give(i, 1)
			}
			break
		}
	}
}
