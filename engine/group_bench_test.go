package engine

import (
	"strconv"
	"testing"
)

// BenchmarkRebalance is a full rebalance: every member of a Stable group sends
// JoinGroup, then SyncGroup with the group leader's assignments last.
func BenchmarkRebalance(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) { benchmarkRebalance(b, n) })
	}
}

func benchmarkRebalance(b *testing.B, n int) {
	l := newLab(b)
	metadata, assignment := make([]byte, 40), make([]byte, 40)
	join := func(member string) *JoinGroup {
		return &JoinGroup{Group: "g", Member: member, ClientID: "consumer", Host: "/127.0.0.1", ProtocolType: "consumer",
			Protocols: []JoinProtocol{{"range", metadata}, {"cooperative-sticky", metadata}}, SessionTimeoutMs: 45_000,
			RebalanceTimeoutMs: 300_000, Version: 3}
	}
	for range n {
		l.do(join(""))
		l.take()
	}
	l.wait(3000)
	l.wait(3000)
	names := l.sync()
	var joins []*JoinGroup
	var syncs []*SyncGroup
	lead := &SyncGroup{Group: "g", Member: names[0]}
	for _, name := range names {
		joins = append(joins, join(name))
		syncs = append(syncs, &SyncGroup{Group: "g", Member: name})
		lead.Assignments = append(lead.Assignments, MemberAssignment{name, assignment})
	}
	syncs = append(syncs[1:], lead)
	e := l.e
	b.ReportAllocs()
	rounds := 0
	for b.Loop() {
		for _, c := range joins {
			e.Apply(l.now, client, 1, c)
		}
		e.Advance()
		generation := l.group().Generation
		for _, c := range syncs {
			c.Generation = generation
			e.Apply(l.now, client, 1, c)
		}
		e.Advance()
		if rounds++; rounds%32 == 0 {
			b.StopTimer()
			clean(e, e.groups[1].log)
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/member")
	if g := l.group(); g.State != GroupStable || g.MemberCount != n {
		b.Fatalf("group is %+v", g)
	}
}

func BenchmarkCommit(b *testing.B) {
	l := newLab(b, ConfigEntry{Name: "offsets.topic.segment.bytes", Value: "1048576"})
	names := l.stable(1)
	c := &OffsetCommit{Group: "g", Member: names[0], Generation: 1, Offsets: []CommitOffset{{Topic: "orders"}, {Topic: "orders", Partition: 1}}}
	b.ReportAllocs()
	rounds := 0
	for b.Loop() {
		l.e.Apply(l.now, client, 1, c)
		l.e.Advance()
		if rounds++; rounds%100_000 == 0 {
			b.StopTimer()
			clean(l.e, l.e.groups[1].log)
			b.StartTimer()
		}
	}
}

func BenchmarkHeartbeat(b *testing.B) {
	l := newLab(b)
	names := l.stable(100)
	c := &Heartbeat{Group: "g", Member: names[50], Generation: 1}
	b.ReportAllocs()
	for b.Loop() {
		l.e.Apply(l.now, client, 1, c)
		l.e.Advance()
	}
}
