package engine

import "slices"

// The sticky assignors: everybody keeps what it has as far as balance allows. The
// algorithm is our own, deterministic one; it keeps the properties of Kafka's
// AbstractStickyAssignor, not its choices among equals.
//
//  1. A valid claim keeps its partition.
//  2. Free partitions go to the subscriber with the fewest, those of the topics with
//     the fewest subscribers first.
//  3. The fullest member gives partitions to the emptiest subscriber of their topics
//     until no single move from a member with n to one with n-2 or fewer is left.
//
// Where all subscriptions are equal this moves as few partitions as can be.

// claimVoid marks a partition that several members claim in the same generation.
const claimVoid int32 = -2

// subscribers are the members that subscribe to a topic, shared by all topics that
// have the same. It finds the one with the fewest partitions.
type subscribers struct {
	members []int32
	floor   int32 // no member has fewer partitions
	next    int   // no member before it has as few as floor
}

// least is the member with the fewest partitions, in turn among equals.
func (s *subscribers) least(load []int32) int32 {
	for {
		for ; s.next < len(s.members); s.next++ {
			if m := s.members[s.next]; load[m] <= s.floor {
				return m
			}
		}
		s.next, s.floor = 0, load[s.members[0]]
		for _, m := range s.members {
			s.floor = min(s.floor, load[m])
		}
	}
}

// stickyPlan is a plan with its partitions numbered through all topics.
type stickyPlan struct {
	*plan
	claim   []int32 // of each partition: who has it by now, nobody or claimVoid
	classOf []int32 // of each partition: the index of its subscribers in classes
	classes []subscribers
	within  [][]int32 // of each member: the classes that it is in
	held    [][]int32 // of each member: its partitions, dearest first
	load    []int32   // of each member: how many it holds
}

func (pl *plan) assignSticky(a Assignor) {
	s := &stickyPlan{plan: pl}
	s.claim = s.claims(a)
	s.classify()
	s.keep()
	s.fill()
	s.balance()
	if a.Cooperative() {
		s.withhold()
	}
}

// ownedBy is what a member says it has, and since which generation. The sticky
// assignor is eager and asks its user data; the cooperative one the subscription,
// and only for a generation before version 2 its user data.
func (a Assignor) ownedBy(s *Subscription) ([]TopicPartitions, int32) {
	if a == AssignorSticky {
		owned, generation, _ := ParseStickyUserData(s.UserData)
		return owned, generation
	}
	if s.Generation < 0 && len(s.UserData) >= 4 {
		r := protocolReader{b: s.UserData}
		return s.Owned, r.int32()
	}
	return s.Owned, s.Generation
}

// claims finds who has each partition: of several members that claim one, the one
// with the highest generation, or none of them if that is a tie.
func (s *stickyPlan) claims(a Assignor) []int32 {
	claim := slices.Repeat([]int32{nobody}, len(s.owner))
	since := make([]int32, len(s.owner))
	for i := range s.members {
		owned, generation := a.ownedBy(&s.members[i].Subscription)
		for _, tp := range owned {
			t, ok := s.topicNamed(tp.Topic)
			for _, p := range tp.Partitions {
				if !ok || p < 0 || p >= s.topics[t].Partitions {
					continue // deleted meanwhile
				}
				switch id := s.start[t] + p; {
				case claim[id] == nobody || generation > since[id]:
					claim[id], since[id] = int32(i), generation
				case generation == since[id] && claim[id] != int32(i):
					claim[id] = claimVoid
				}
			}
		}
	}
	return claim
}

// classify finds the topics that have the same subscribers.
func (s *stickyPlan) classify() {
	s.within = make([][]int32, len(s.members))
	s.held = make([][]int32, len(s.members))
	s.load = make([]int32, len(s.members))
	for t, subs := range s.subs {
		c := slices.IndexFunc(s.classes, func(c subscribers) bool { return slices.Equal(c.members, subs) })
		if c < 0 {
			c = len(s.classes)
			s.classes = append(s.classes, subscribers{members: subs})
			for _, m := range subs {
				s.within[m] = append(s.within[m], int32(c))
			}
		}
		for range s.topics[t].Partitions {
			s.classOf = append(s.classOf, int32(c))
		}
	}
}

// give makes m, which does not hold it, the owner of a partition.
func (s *stickyPlan) give(id, m int32) {
	s.owner[id] = m
	s.held[m] = append(s.held[m], id)
	s.load[m]++
}

// take undoes the i-th of m's holdings and returns it.
func (s *stickyPlan) take(m int32, i int) int32 {
	id := s.held[m][i]
	s.held[m] = slices.Delete(s.held[m], i, i+1)
	s.load[m]--
	for _, n := range s.within[m] {
		c := &s.classes[n]
		if s.load[m] > c.floor {
			continue
		}
		at, _ := slices.BinarySearch(c.members, m)
		if s.load[m] == c.floor {
			at = min(at, c.next)
		}
		c.floor, c.next = s.load[m], at
	}
	return id
}

// keep gives each partition to the member whose claim to it holds.
func (s *stickyPlan) keep() {
	for t := range s.topics {
		for id := s.start[t]; id < s.start[t+1]; id++ {
			if m := s.claim[id]; m >= 0 && s.subscribed(m, t) {
				s.give(id, m)
			}
		}
	}
}

// fill gives the free partitions away.
func (s *stickyPlan) fill() {
	order := make([]int, len(s.topics))
	for t := range order {
		order[t] = t
	}
	SortBy(len(order), func(i, j int) bool {
		t, u := order[i], order[j]
		if d := len(s.subs[t]) - len(s.subs[u]); d != 0 {
			return d < 0
		}
		return t < u
	}, func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, t := range order {
		for id := s.start[t]; id < s.start[t+1]; id++ {
			if s.owner[id] == nobody {
				s.give(id, s.classes[s.classOf[id]].least(s.load))
			}
		}
	}
}

// balance moves partitions until no single move improves the balance. Each move
// makes the sum of the squared loads smaller, so it ends.
func (s *stickyPlan) balance() {
	for moved := true; moved; {
		moved = false
		stuck := make([]bool, len(s.members))
		for {
			donor := nobody
			for m := range s.load {
				if !stuck[m] && (donor == nobody || s.load[m] > s.load[donor]) {
					donor = int32(m)
				}
			}
			if donor == nobody {
				break
			}
			if s.donate(donor) {
				moved = true
			} else {
				stuck[donor] = true
			}
		}
	}
}

// donate moves one of donor's partitions, the least dear of those that can go
// farthest down, to the emptiest subscriber, if that improves the balance.
func (s *stickyPlan) donate(donor int32) bool {
	held := s.held[donor]
	best, to, last := -1, nobody, nobody
	for i := len(held) - 1; i >= 0; i-- {
		c := s.classOf[held[i]]
		if c == last {
			continue
		}
		last = c
		m := s.classes[c].least(s.load)
		if s.load[m] <= s.load[donor]-2 && (best < 0 || s.load[m] < s.load[to]) {
			best, to = i, m
		}
		if len(s.classes) == 1 {
			break
		}
	}
	if best < 0 {
		return false
	}
	s.give(s.take(donor, best), to)
	return true
}

// withhold takes back what somebody else still has. Its owner learns from its
// assignment that it must revoke the partition, and joins again.
func (s *stickyPlan) withhold() {
	for id, claim := range s.claim {
		if claim != nobody && claim != s.owner[id] {
			s.owner[id] = nobody
		}
	}
}
