package engine

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// randomGroup makes a group of members with claims left from an earlier rebalance,
// some of them stale, void or about topics that are gone.
func randomGroup(r *rand.Rand, a Assignor, members, topics, partitions int, uniform bool) ([]AssignorMember, []AssignorTopic) {
	var ts []AssignorTopic
	for i := range topics {
		t := AssignorTopic{Name: "t" + strconv.Itoa(i), Partitions: int32(1 + r.IntN(partitions))}
		for range t.Partitions {
			t.Racks = append(t.Racks, []string{string(rune('a' + r.IntN(3)))})
		}
		ts = append(ts, t)
	}
	var ms []AssignorMember
	for i := range members {
		m := AssignorMember{ID: "m" + strconv.Itoa(r.IntN(1000)) + "-" + strconv.Itoa(i)}
		if r.IntN(3) == 0 {
			m.Instance = "i" + strconv.Itoa(i)
		}
		s := &m.Subscription
		s.Rack = string(rune('a' + r.IntN(4)))
		s.Generation = int32(r.IntN(3) - 1)
		for _, t := range ts {
			if uniform || r.IntN(2) == 0 {
				s.Topics = append(s.Topics, t.Name)
			}
			owned := TopicPartitions{Topic: t.Name}
			for p := range t.Partitions + 2 {
				if r.IntN(members) == 0 || i == 0 && r.IntN(3) == 0 {
					owned.Partitions = append(owned.Partitions, p)
				}
			}
			s.Owned = append(s.Owned, owned)
		}
		if a == AssignorSticky {
			s.UserData = AppendStickyUserData(nil, s.Owned, s.Generation)
		}
		ms = append(ms, m)
	}
	return ms, ts
}

// TestAssignorsIgnoreOrder gives each assignor the same group in other orders.
func TestAssignorsIgnoreOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for a := range Assignor(len(assignorNames)) {
		for range 100 {
			members, topics := randomGroup(r, a, 1+r.IntN(8), 1+r.IntN(5), 8, r.IntN(2) == 0)
			want := a.Assign(members, topics)
			if !slices.IsSortedFunc(want, func(x, y MemberPartitions) int {
				if x.Member < y.Member {
					return -1
				}
				return 1
			}) {
				t.Fatalf("%s: not sorted by member: %v", a.Name(), want)
			}
			r.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
			r.Shuffle(len(topics), func(i, j int) { topics[i], topics[j] = topics[j], topics[i] })
			for i := range members {
				s := &members[i].Subscription
				r.Shuffle(len(s.Topics), func(i, j int) { s.Topics[i], s.Topics[j] = s.Topics[j], s.Topics[i] })
				r.Shuffle(len(s.Owned), func(i, j int) { s.Owned[i], s.Owned[j] = s.Owned[j], s.Owned[i] })
				if len(s.Topics) > 0 {
					s.Topics = append(s.Topics, s.Topics[0], "no-such-topic")
				}
				if a == AssignorSticky {
					s.UserData = AppendStickyUserData(nil, s.Owned, s.Generation)
				}
			}
			before := slices.Clone(members)
			if got := a.Assign(members, topics); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v\nin another order %v", a.Name(), want, got)
			}
			if !reflect.DeepEqual(before, members) {
				t.Fatalf("%s: the arguments were changed", a.Name())
			}
		}
	}
}

// TestStickyRandom checks what the sticky assignor promises on random groups: every
// partition to one subscriber, no improving move, and, where subscriptions are
// equal, as few moves as can be.
func TestStickyRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 400 {
		uniform := i%2 == 0
		members, topics := randomGroup(r, AssignorSticky, 1+r.IntN(12), 1+r.IntN(6), 10, uniform)
		s := &stickyPlan{plan: newPlan(members, topics)}
		claim := s.claims(AssignorSticky)
		s.assignSticky(AssignorSticky)
		load, owned, kept := make([]int, len(members)), make([]int, len(members)), 0
		for topic := range s.topics {
			for p, m := range s.owners(topic) {
				if m == nobody || !s.subscribed(m, topic) {
					t.Fatalf("%s-%d goes to %d", s.topics[topic].Name, p, m)
				}
				load[m]++
				if c := claim[int(s.start[topic])+p]; c >= 0 {
					owned[c]++
					if c == m {
						kept++
					}
				}
			}
		}
		for topic := range s.topics {
			for _, from := range s.owners(topic) {
				for _, to := range s.subs[topic] {
					if load[to] <= load[from]-2 {
						t.Fatalf("a partition of %s could move from %d to %d", s.topics[topic].Name, load[from], load[to])
					}
				}
			}
		}
		if !uniform {
			continue
		}
		quota, extra := len(s.owner)/len(members), len(s.owner)%len(members)
		want := 0
		for _, n := range owned {
			want += min(n, quota)
			if n > quota && extra > 0 {
				want++
				extra--
			}
		}
		if kept != want {
			t.Fatalf("%d partitions stay, %d could", kept, want)
		}
	}
}

// TestCooperativeRandom follows random groups through their rebalances: nobody is
// given what another member has, and it soon ends, with every partition assigned.
func TestCooperativeRandom(t *testing.T) {
	const a = AssignorCooperativeSticky
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		members, topics := randomGroup(r, a, 1+r.IntN(10), 1+r.IntN(6), 10, r.IntN(2) == 0)
		for round := 1; ; round++ {
			s := &stickyPlan{plan: newPlan(members, topics)}
			claim := s.claims(a)
			s.assignSticky(a)
			for id, m := range s.owner {
				if c := claim[id]; m != nobody && c != nobody && c != m {
					t.Fatalf("round %d: partition %d goes to %d while %d has it", round, id, m, c)
				}
			}
			if !slices.Contains(s.owner, nobody) {
				break
			}
			if round == 4 {
				t.Fatal("not settled after four rounds")
			}
			for _, given := range a.Assign(members, topics) {
				i := slices.IndexFunc(members, func(m AssignorMember) bool { return m.ID == given.Member })
				members[i].Subscription.Owned, members[i].Subscription.Generation = given.Partitions, int32(10+round)
			}
		}
	}
}

func TestAssignorUserData(t *testing.T) {
	owned := []TopicPartitions{{"t", []int32{1}}}
	if b := AssignorSticky.UserData(owned, -1); b != nil {
		t.Errorf("sticky, never assigned: %x", b)
	}
	if back, generation, err := ParseStickyUserData(AssignorSticky.UserData(owned, 3)); err != nil || generation != 3 || !reflect.DeepEqual(back, owned) {
		t.Errorf("sticky: %v of %d, %v", back, generation, err)
	}
	if b := AssignorCooperativeSticky.UserData(owned, 258); !slices.Equal(b, []byte{0, 0, 1, 2}) {
		t.Errorf("cooperative-sticky: %x", b)
	}
	if b := AssignorRange.UserData(owned, 3); b != nil {
		t.Errorf("range: %x", b)
	}
	if _, ok := AssignorNamed("uniform"); ok {
		t.Error("uniform is not a client-side assignor")
	}
	// A member that speaks version 1 tells its generation in the user data (KIP-429).
	old := Subscription{Owned: owned, Generation: -1, UserData: []byte{0, 0, 0, 7}}
	if _, generation := AssignorCooperativeSticky.ownedBy(&old); generation != 7 {
		t.Errorf("generation %d, want 7", generation)
	}
}

// stickyGroup is a group of n members with ten partitions each, in ten topics. Shares
// are even but for a tenth of the members, which have just joined.
func stickyGroup(n int, uniform bool) ([]AssignorMember, []AssignorTopic) {
	const topics = 10
	members := make([]AssignorMember, n)
	var ts []AssignorTopic
	for t := range topics {
		ts = append(ts, AssignorTopic{Name: "topic-" + strconv.Itoa(t), Partitions: int32(n)})
	}
	for i := range members {
		members[i].ID = "member-" + strconv.Itoa(i)
		s := &members[i].Subscription
		for t := range topics {
			if uniform || (i+t)%3 > 0 {
				s.Topics = append(s.Topics, ts[t].Name)
			}
		}
		old := n - n/10
		if i >= old {
			continue
		}
		var owned []TopicPartitions
		for t := range topics {
			o := TopicPartitions{Topic: ts[t].Name}
			for p := i; p < n; p += old {
				o.Partitions = append(o.Partitions, int32(p))
			}
			owned = append(owned, o)
		}
		s.UserData = AppendStickyUserData(nil, owned, 4)
	}
	return members, ts
}

func BenchmarkAssignSticky(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		for _, uniform := range []bool{true, false} {
			name := strconv.Itoa(n) + "/equal"
			if !uniform {
				name = strconv.Itoa(n) + "/mixed"
			}
			b.Run(name, func(b *testing.B) {
				members, topics := stickyGroup(n, uniform)
				b.ReportAllocs()
				for b.Loop() {
					AssignorSticky.Assign(members, topics)
				}
			})
		}
	}
}
