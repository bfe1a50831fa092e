package engine

import (
	"slices"
	"strings"
)

// Assignor is one of Kafka's client-side assignors, which the group leader of a
// classic group runs over everybody's subscriptions.
type Assignor uint8

// The assignors of the Java client.
const (
	AssignorRange Assignor = iota
	AssignorRoundRobin
	AssignorSticky
	AssignorCooperativeSticky
)

var assignorNames = [...]string{"range", "roundrobin", "sticky", "cooperative-sticky"}

// AssignorNamed finds an assignor by the name that it has in JoinGroup and in
// partition.assignment.strategy.
func AssignorNamed(name string) (Assignor, bool) {
	i := slices.Index(assignorNames[:], name)
	return Assignor(max(i, 0)), i >= 0
}

// Name is the assignor's name in JoinGroup.
func (a Assignor) Name() string { return assignorNames[a] }

// Cooperative tells whether members keep their partitions through a rebalance and
// give up only those that the assignment takes from them (KIP-429).
func (a Assignor) Cooperative() bool { return a == AssignorCooperativeSticky }

// UserData is what a member that was last given the partitions owned, in a
// generation (-1 if never), adds to its subscription for this assignor; nil is null.
func (a Assignor) UserData(owned []TopicPartitions, generation int32) []byte {
	switch {
	case a == AssignorSticky && generation >= 0:
		return AppendStickyUserData(nil, owned, generation)
	case a == AssignorCooperativeSticky:
		g := uint32(generation) // CooperativeStickyAssignorUserData version 0
		return []byte{byte(g >> 24), byte(g >> 16), byte(g >> 8), byte(g)}
	}
	return nil
}

// AssignorMember is a member as the assignor sees it.
type AssignorMember struct {
	ID           string
	Instance     string // group instance id; empty for a dynamic member
	Subscription Subscription
}

// AssignorTopic is an existing topic. Topics that nobody subscribes to may be there.
type AssignorTopic struct {
	Name       string
	Partitions int32
	Racks      [][]string // of the replicas of each partition; nil if not known
}

// MemberPartitions is what an assignor gives to one member, sorted by topic and
// partition.
type MemberPartitions struct {
	Member     string
	Partitions []TopicPartitions
}

// Assign divides the partitions of all subscribed topics among the members. The
// result is sorted by member id, holds every member, and depends on no order in the
// arguments, which are not changed.
//
// With the cooperative sticky assignor a partition that must first be revoked from
// another member is given to nobody: it is assigned in the rebalance that follows its
// revocation.
func (a Assignor) Assign(members []AssignorMember, topics []AssignorTopic) []MemberPartitions {
	pl := newPlan(members, topics)
	switch a {
	case AssignorRange:
		pl.assignRange()
	case AssignorRoundRobin:
		pl.assignRoundRobin()
	default:
		pl.assignSticky(a)
	}
	return pl.result()
}

// nobody owns a partition that is not assigned.
const nobody int32 = -1

// plan is an assignment in the making. Members, topics and partitions are small
// numbers in a fixed order, so that nothing depends on the order of the input.
type plan struct {
	members []AssignorMember // as Kafka orders them: see compareMembers
	topics  []AssignorTopic  // those that exist and have subscribers, by name
	subs    [][]int32        // the subscribers of each topic, ascending
	start   []int32          // where each topic begins in owner; its end is the next one's start
	owner   []int32          // of each partition of each topic; nobody if unassigned
}

func newPlan(members []AssignorMember, topics []AssignorTopic) *plan {
	pl := &plan{members: slices.Clone(members), topics: slices.Clone(topics)}
	ms, ts := pl.members, pl.topics
	SortBy(len(ms), func(i, j int) bool { return compareMembers(&ms[i], &ms[j]) < 0 }, func(i, j int) { ms[i], ms[j] = ms[j], ms[i] })
	SortBy(len(ts), func(i, j int) bool { return ts[i].Name < ts[j].Name }, func(i, j int) { ts[i], ts[j] = ts[j], ts[i] })
	subs := make([][]int32, len(pl.topics))
	for i := range pl.members {
		m := int32(i)
		for _, name := range pl.members[i].Subscription.Topics {
			t, ok := pl.topicNamed(name)
			if ok && (len(subs[t]) == 0 || subs[t][len(subs[t])-1] != m) { // may be listed twice
				subs[t] = append(subs[t], m)
			}
		}
	}
	n := 0
	for t := range pl.topics {
		if len(subs[t]) > 0 && pl.topics[t].Partitions > 0 {
			pl.topics[n], subs[n] = pl.topics[t], subs[t]
			n++
		}
	}
	pl.topics, pl.subs = pl.topics[:n], subs[:n]
	total := int32(0)
	for t := range pl.topics {
		pl.start = append(pl.start, total)
		total += pl.topics[t].Partitions
	}
	pl.start = append(pl.start, total)
	pl.owner = slices.Repeat([]int32{nobody}, int(total))
	return pl
}

// compareMembers puts static members first, by instance id, then the others by
// member id, as AbstractPartitionAssignor.MemberInfo does. A restarted static member
// has a new id and so gets its old partitions again.
func compareMembers(a, b *AssignorMember) int {
	switch {
	case a.Instance == "" && b.Instance != "":
		return 1
	case a.Instance != "" && b.Instance == "":
		return -1
	case a.Instance != b.Instance:
		return strings.Compare(a.Instance, b.Instance)
	}
	return strings.Compare(a.ID, b.ID)
}

func (pl *plan) topicNamed(name string) (int, bool) {
	return slices.BinarySearchFunc(pl.topics, name, func(t AssignorTopic, name string) int {
		return strings.Compare(t.Name, name)
	})
}

// owners is the part of owner that belongs to topic t.
func (pl *plan) owners(t int) []int32 { return pl.owner[pl.start[t]:pl.start[t+1]] }

func (pl *plan) subscribed(m int32, t int) bool {
	_, ok := slices.BinarySearch(pl.subs[t], m)
	return ok
}

// assignRoundRobin deals the partitions out one by one, skipping members that do not
// subscribe to the topic at hand.
func (pl *plan) assignRoundRobin() {
	next := 0
	for t, subs := range pl.subs {
		owners := pl.owners(t)
		for p := range owners {
			i, _ := slices.BinarySearch(subs, int32(next))
			owners[p] = subs[i%len(subs)]
			next = (int(owners[p]) + 1) % len(pl.members)
		}
	}
}

// result turns the plan into lists.
func (pl *plan) result() []MemberPartitions {
	out := make([]MemberPartitions, len(pl.members))
	for m := range out {
		out[m].Member = pl.members[m].ID
	}
	for t := range pl.topics {
		for p, m := range pl.owners(t) {
			if m == nobody {
				continue
			}
			list := &out[m].Partitions
			if n := len(*list); n == 0 || (*list)[n-1].Topic != pl.topics[t].Name {
				*list = append(*list, TopicPartitions{Topic: pl.topics[t].Name})
			}
			last := &(*list)[len(*list)-1]
			last.Partitions = append(last.Partitions, int32(p))
		}
	}
	SortBy(len(out), func(i, j int) bool { return out[i].Member < out[j].Member }, func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}
