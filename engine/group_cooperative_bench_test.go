package engine

import (
	"strconv"
	"testing"
)

// commune is a classic group of consumers with cooperative-sticky, all that its clients do
// included: they say what they own, the group leader assigns, and who had to revoke
// something rejoins, which makes a second round.
type commune struct {
	l      *lab
	names  []string
	owned  map[string][]TopicPartitions
	topics []AssignorTopic
}

func newCommune(b *testing.B, members int) *commune {
	b.Helper()
	c := &commune{l: newLab(b), owned: map[string][]TopicPartitions{}, topics: []AssignorTopic{{Name: "wide", Partitions: int32(2 * members)}}}
	c.l.do(&CreateTopic{Name: "wide", Partitions: int32(2 * members)})
	for range members {
		c.join("")
	}
	c.l.wait(300_000)
	c.adopt()
	c.sync()
	c.round()
	return c
}

func (c *commune) join(member string) {
	s := Subscription{Topics: []string{"wide"}, Owned: c.owned[member], Generation: c.l.group().Generation}
	c.l.e.Apply(c.l.now, client, 1, &JoinGroup{Group: "g", Member: member, ClientID: "consumer", ProtocolType: consumerProtocol, Version: 3,
		Protocols:        []JoinProtocol{{AssignorCooperativeSticky.Name(), s.Append(nil, ConsumerProtocolVersion)}},
		SessionTimeoutMs: 1_000_000, RebalanceTimeoutMs: 1_000_000})
}

// adopt takes the members' ids over, in their order.
func (c *commune) adopt() {
	c.names = c.names[:0]
	for _, m := range c.l.e.Members(c.l.group().ID, nil) {
		c.names = append(c.names, m.Name)
	}
	c.l.e.Advance()
}

// sync is the second phase of a round. It tells whether anybody had to revoke anything.
func (c *commune) sync() (revoked bool) {
	e, g := c.l.e, c.l.group()
	members := make([]AssignorMember, len(c.names))
	for i, name := range c.names {
		members[i] = AssignorMember{ID: name, Subscription: Subscription{Topics: []string{"wide"}, Owned: c.owned[name], Generation: g.Generation - 1}}
	}
	lead := &SyncGroup{Group: "g", Member: e.MemberName(g.Leader), Generation: g.Generation}
	for _, m := range AssignorCooperativeSticky.Assign(members, c.topics) {
		a := Assignment{Partitions: m.Partitions}
		lead.Assignments = append(lead.Assignments, MemberAssignment{m.Member, a.Append(nil, ConsumerProtocolVersion)})
		revoked = revoked || count(m.Partitions) < count(c.owned[m.Member])
		c.owned[m.Member] = m.Partitions
	}
	for _, name := range c.names {
		if name != lead.Member {
			e.Apply(c.l.now, client, 1, &SyncGroup{Group: "g", Member: name, Generation: g.Generation})
		}
	}
	e.Apply(c.l.now, client, 1, lead)
	e.Advance()
	return revoked
}

func count(list []TopicPartitions) (n int) {
	for _, tp := range list {
		n += len(tp.Partitions)
	}
	return n
}

// round lets everybody rejoin and sync, until nobody has to revoke anything.
func (c *commune) round() {
	for {
		for _, name := range c.names {
			c.join(name)
		}
		c.adopt()
		if !c.sync() {
			return
		}
	}
}

// BenchmarkCooperativeRebalance is one member that joins and one that leaves, in turn: two
// rebalances of the whole group, the members' work included.
func BenchmarkCooperativeRebalance(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			c := newCommune(b, n)
			b.ReportAllocs()
			rounds := 0
			for b.Loop() {
				c.join("")
				c.round()
				last := c.names[len(c.names)-1]
				c.l.e.Apply(c.l.now, client, 1, &LeaveGroup{Group: "g", Members: []LeavingMember{{Member: last}}})
				delete(c.owned, last)
				c.names = c.names[:len(c.names)-1]
				c.round()
				if rounds++; rounds%16 == 0 {
					b.StopTimer()
					clean(c.l.e, c.l.e.groups[1].log)
					b.StartTimer()
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(2*b.N*n), "ns/member")
			if g := c.l.group(); g.State != GroupStable || g.MemberCount != n {
				b.Fatalf("group is %+v", g)
			}
			total := 0
			for _, name := range c.names {
				total += count(c.owned[name])
			}
			if total != 2*n {
				b.Fatalf("%d of %d partitions are owned", total, 2*n)
			}
		})
	}
}
