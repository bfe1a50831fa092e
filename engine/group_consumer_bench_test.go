package engine

import (
	"strconv"
	"testing"
)

// consumerLab has a Stable consumer group of n members that read a topic of 2n partitions.
func consumerLab(b *testing.B, n int) (*lab, []*modern) {
	l := newLab(b)
	l.do(&CreateTopic{Name: "wide", Partitions: int32(2 * n)})
	var list []*modern
	for i := range n {
		m := l.modern("member-"+strconv.Itoa(i), "wide")
		list = append(list, m)
		l.quiet(m)
	}
	l.calm(b, list)
	return l, list
}

// quiet is beat without a Check, which walks everything.
func (l *lab) quiet(m *modern) {
	c := &ConsumerGroupHeartbeat{Group: "g", Member: m.id, Epoch: m.epoch, RebalanceTimeoutMs: -1, Owns: true, Owned: m.owned}
	if m.epoch <= 0 {
		c.Epoch, c.RebalanceTimeoutMs, c.Subscribed, c.Topics, c.Owned = 0, 60_000, true, m.topics, nil
	}
	r := l.do(c)
	body := r.Body.(*ConsumerGroupHeartbeatReply)
	if m.epoch = body.Epoch; body.Assigned {
		m.owned = body.Assignment
	}
	l.e.Advance()
}

func (l *lab) calm(b *testing.B, list []*modern) {
	for l.group().State != GroupStable {
		for _, m := range list {
			l.quiet(m)
		}
	}
	l.e.cleanLogs(FirstBroker)
}

// BenchmarkConsumerRebalance is one member that leaves a consumer group and one that
// joins, until all have what is theirs.
func BenchmarkConsumerRebalance(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			l, list := consumerLab(b, n)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				m := list[i%n]
				l.do(&ConsumerGroupHeartbeat{Group: "g", Member: m.id, Epoch: -1, RebalanceTimeoutMs: -1})
				m.epoch, m.owned = 0, nil
				l.quiet(m)
				l.calm(b, list)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/member")
		})
	}
}

// BenchmarkConsumerHeartbeat is a heartbeat in a group of 1000 that is Stable.
func BenchmarkConsumerHeartbeat(b *testing.B) {
	l, list := consumerLab(b, 1000)
	c := &ConsumerGroupHeartbeat{Group: "g", Member: list[500].id, Epoch: list[500].epoch, RebalanceTimeoutMs: -1}
	b.ReportAllocs()
	for b.Loop() {
		l.e.Apply(l.now, client, 1, c)
		l.e.Advance()
	}
}

// BenchmarkCooperativeAssignment is what the group leader of a classic group of 1000
// computes when one member joins: cooperative-sticky over 2000 partitions.
func BenchmarkCooperativeAssignment(b *testing.B) {
	topics := []AssignorTopic{{Name: "wide", Partitions: 2000}}
	var members []AssignorMember
	for i := range 1000 {
		members = append(members, AssignorMember{ID: "member-" + strconv.Itoa(i), Subscription: Subscription{Topics: []string{"wide"}, Generation: -1}})
	}
	for i, m := range AssignorCooperativeSticky.Assign(members[:999], topics) {
		_ = i
		for j := range members {
			if members[j].ID == m.Member {
				members[j].Subscription.Owned, members[j].Subscription.Generation = m.Partitions, 1
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		AssignorCooperativeSticky.Assign(members, topics)
	}
}

// BenchmarkShareFetch is 100 records that are acquired and accepted.
func BenchmarkShareFetch(b *testing.B) {
	l := shareLab(b, 0)
	a := l.sharer("a", "orders")
	orders := l.e.topicByName["orders"]
	acks := []ShareAck{{Types: []AckType{AckAccept}}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		for range 50 {
			l.e.Apply(l.now, client, 1, &Produce{Topic: orders, Acks: 1, Batch: records(1, "a", "b")})
		}
		l.e.Advance()
		b.StartTimer()
		c := &ShareFetch{Group: "s", Member: "a", SessionEpoch: a.session, MaxBytes: 1 << 20, MaxRecords: 100, Parts: []SharePart{{Topic: orders}}}
		if i > 0 {
			c.Parts[0].Acks = acks
		}
		l.e.Apply(l.now, client, 1, c)
		got := l.e.Ready().Replies[0].Body.(*ShareFetchReply).Parts[0].Acquired
		acks[0].First, acks[0].Last = got[0].First, got[len(got)-1].Last
		a.session++
		l.e.Advance()
	}
}
