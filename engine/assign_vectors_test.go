package engine

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/vectortest"
)

type assignorCase struct {
	Assignor       string
	Topics         map[string]int32
	PartitionRacks map[string][][]string
	Members        []struct {
		ID              string
		InstanceID      string
		Subscriptions   []string
		Rack            string
		OwnedPartitions []string
		Generation      *int32
	}
	Match         string
	Expected      map[string][]string
	ExpectedFinal map[string][]string
	Rounds        int
	Withheld      []string
	Properties    assignorProperties
}

type assignorProperties struct {
	Valid, NoImprovingMove    bool
	MaxSpread, MinMoved       *int
	MaxMoved, KafkaMoved      *int
	KeepsAtLeastMinQuotaOfOwn bool
}

func TestVectorsAssignorRange(t *testing.T)      { vectorsAssignorExact(t, "assignor_range") }
func TestVectorsAssignorRangeRack(t *testing.T)  { vectorsAssignorExact(t, "assignor_range_rack") }
func TestVectorsAssignorRoundRobin(t *testing.T) { vectorsAssignorExact(t, "assignor_roundrobin") }

func vectorsAssignorExact(t *testing.T, file string) {
	vectortest.Each(t, file, func(t *testing.T, c assignorCase) {
		if c.Match != "exact" {
			t.Fatalf("match %q", c.Match)
		}
		a := c.assignor(t)
		members, topics := c.input(t, a)
		got := named(a.Assign(members, topics))
		for _, list := range c.Expected {
			sortNames(list)
		}
		if !reflect.DeepEqual(got, c.Expected) {
			t.Errorf("assigned %v\nwant     %v", got, c.Expected)
		}
	})
}

func TestVectorsAssignorSticky(t *testing.T) {
	vectortest.Each(t, "assignor_sticky", func(t *testing.T, c assignorCase) {
		a := c.assignor(t)
		members, topics := c.input(t, a)
		c.checkProperties(t, named(a.Assign(members, topics)))
	})
}

func TestVectorsAssignorCooperativeSticky(t *testing.T) {
	vectortest.Each(t, "assignor_cooperative_sticky", func(t *testing.T, c assignorCase) {
		a := c.assignor(t)
		members, topics := c.input(t, a)
		owners := c.owners()
		for round := 1; ; round++ {
			got := named(a.Assign(members, topics))
			given := 0
			for id, list := range got {
				given += len(list)
				for _, name := range list {
					if owner, owned := owners[name]; owned && owner != id {
						t.Errorf("round %d: %s goes to %s while %q has it", round, name, id, owner)
					}
				}
			}
			if c.withheldNone(given) {
				if round > max(c.Rounds, 1) {
					t.Errorf("%d rounds, Kafka needs %d", round, c.Rounds)
				}
				c.checkProperties(t, got)
				return
			}
			if round > 5 {
				t.Fatal("does not come to an end")
			}
			// Everybody revokes what it was not given, and joins again with the rest.
			owners = map[string]string{}
			for i := range members {
				s := &members[i].Subscription
				s.Owned, s.Generation = partitionsOf(t, got[members[i].ID]), int32(1000+round)
				for _, name := range got[members[i].ID] {
					owners[name] = members[i].ID
				}
			}
		}
	})
}

func (c *assignorCase) assignor(t *testing.T) Assignor {
	t.Helper()
	a, ok := AssignorNamed(c.Assignor)
	if !ok || a.Name() != c.Assignor {
		t.Fatalf("no assignor %q", c.Assignor)
	}
	return a
}

// input turns the case into arguments. What members own goes where the assignor's
// own clients put it: into user data, or into the subscription, through its bytes.
func (c *assignorCase) input(t *testing.T, a Assignor) (members []AssignorMember, topics []AssignorTopic) {
	t.Helper()
	for name, n := range c.Topics {
		topics = append(topics, AssignorTopic{name, n, c.PartitionRacks[name]})
	}
	for _, m := range c.Members {
		s := Subscription{Topics: m.Subscriptions, Generation: -1, Rack: m.Rack}
		if m.Generation != nil {
			s.Generation = *m.Generation
		}
		if owned := partitionsOf(t, m.OwnedPartitions); a == AssignorSticky {
			s.UserData = AppendStickyUserData(nil, owned, s.Generation)
			s.Generation = -1
		} else {
			s.Owned = owned
		}
		back, err := ParseSubscription(s.Append(nil, ConsumerProtocolVersion))
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, AssignorMember{m.ID, m.InstanceID, back})
	}
	return members, topics
}

// owners is who has each partition before the rebalance: the claim of the highest
// generation counts, "" stands for a tie.
func (c *assignorCase) owners() map[string]string {
	owners, since := map[string]string{}, map[string]int32{}
	for _, m := range c.Members {
		generation := int32(-1)
		if m.Generation != nil {
			generation = *m.Generation
		}
		for _, name := range m.OwnedPartitions {
			topic, p := splitName(name)
			_, claimed := owners[name]
			if p >= c.Topics[topic] {
				continue
			}
			if !claimed || generation > since[name] {
				owners[name], since[name] = m.ID, generation
			} else if generation == since[name] {
				owners[name] = ""
			}
		}
	}
	return owners
}

func (c *assignorCase) subscribers(topic string) (ids []string) {
	for _, m := range c.Members {
		if slices.Contains(m.Subscriptions, topic) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// withheldNone tells whether as many partitions were given as can be.
func (c *assignorCase) withheldNone(given int) bool {
	for topic, n := range c.Topics {
		if len(c.subscribers(topic)) > 0 {
			given -= int(n)
		}
	}
	return given == 0
}

func (c *assignorCase) checkProperties(t *testing.T, got map[string][]string) {
	t.Helper()
	p := c.Properties
	if c.Match != "properties" || !p.Valid || !p.NoImprovingMove {
		t.Fatalf("match %q, properties %+v", c.Match, p)
	}
	if len(got) != len(c.Members) {
		t.Errorf("%d members assigned, want %d", len(got), len(c.Members))
	}
	owner, most, fewest := map[string]string{}, 0, 1<<30
	for id, list := range got {
		most, fewest = max(most, len(list)), min(fewest, len(list))
		for _, name := range list {
			topic, partition := splitName(name)
			if owner[name] != "" || partition >= c.Topics[topic] || !slices.Contains(c.subscribers(topic), id) {
				t.Errorf("%s must not have %s (also given to %q)", id, name, owner[name])
			}
			owner[name] = id
		}
	}
	if !c.withheldNone(len(owner)) {
		t.Errorf("only %d partitions were assigned", len(owner))
	}
	for name, from := range owner {
		topic, _ := splitName(name)
		for _, to := range c.subscribers(topic) {
			if len(got[to]) <= len(got[from])-2 {
				t.Errorf("%s could move from %s with %d to %s with %d", name, from, len(got[from]), to, len(got[to]))
			}
		}
	}
	if p.MaxSpread != nil && most-fewest > *p.MaxSpread {
		t.Errorf("spread %d, want at most %d", most-fewest, *p.MaxSpread)
	}
	moved, kept, owned := 0, map[string]int{}, map[string]int{}
	for name, from := range c.owners() {
		owned[from]++
		if owner[name] == from {
			kept[from]++
		} else if from != "" && owner[name] != "" {
			moved++
		}
	}
	if p.MinMoved != nil && moved < *p.MinMoved || p.MaxMoved != nil && moved > *p.MaxMoved {
		t.Errorf("%d partitions moved, want %v to %v", moved, deref(p.MinMoved), deref(p.MaxMoved))
	}
	if p.KeepsAtLeastMinQuotaOfOwn {
		for _, m := range c.Members {
			if quota := min(owned[m.ID], len(owner)/len(c.Members)); kept[m.ID] < quota {
				t.Errorf("%s keeps %d of its %d, want %d", m.ID, kept[m.ID], owned[m.ID], quota)
			}
		}
	}
	if t.Failed() {
		t.Logf("assigned %v", got)
	}
}

func deref(p *int) int {
	if p == nil {
		return -1
	}
	return *p
}

// named lists an assignment as the vectors do.
func named(list []MemberPartitions) map[string][]string {
	out := map[string][]string{}
	for _, m := range list {
		names := []string{}
		for _, tp := range m.Partitions {
			for _, p := range tp.Partitions {
				names = append(names, tp.Topic+"-"+strconv.Itoa(int(p)))
			}
		}
		out[m.Member] = names
	}
	return out
}

func splitName(name string) (topic string, partition int32) {
	dash := strings.LastIndexByte(name, '-')
	p, err := strconv.ParseInt(name[dash+1:], 10, 32)
	if err != nil {
		panic("vectors: no topic-partition: " + name)
	}
	return name[:dash], int32(p)
}

func sortNames(names []string) {
	slices.SortFunc(names, func(a, b string) int {
		at, ap := splitName(a)
		bt, bp := splitName(b)
		if c := strings.Compare(at, bt); c != 0 {
			return c
		}
		return int(ap - bp)
	})
}

func partitionsOf(t *testing.T, names []string) (list []TopicPartitions) {
	t.Helper()
	for _, name := range names {
		topic, p := splitName(name)
		i := slices.IndexFunc(list, func(tp TopicPartitions) bool { return tp.Topic == topic })
		if i < 0 {
			i = len(list)
			list = append(list, TopicPartitions{Topic: topic})
		}
		list[i].Partitions = append(list[i].Partitions, p)
	}
	return list
}
