package scene_test

import (
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/scene"
	"partita/engine/script"
	"partita/engine/sim"
)

// stage runs script lines in a new world and builds frames of it.
type stage struct {
	t testing.TB
	w *sim.World
	r *script.Runner
	b *scene.Builder
	f scene.Frame
}

func newStage(t testing.TB, lines string) *stage {
	w := sim.New(sim.Config{Seed: 1})
	s := &stage{t: t, w: w, r: &script.Runner{World: w}, b: scene.NewBuilder(w)}
	s.run(lines)
	return s
}

func (s *stage) run(lines string) *scene.Frame {
	s.t.Helper()
	for line := range strings.SplitSeq(lines, "\n") {
		if _, err := s.r.Run(line); err != nil {
			s.t.Fatalf("%s: %v", line, err)
		}
	}
	s.b.Build(&s.f, scene.Viewport{Cells: 16})
	return &s.f
}

func (s *stage) member(group, name string) *scene.Member {
	s.t.Helper()
	for g := range s.f.Groups {
		for m := range s.f.Groups[g].Members {
			if s.f.Groups[g].Name == group && s.f.Groups[g].Members[m].Name == name {
				return &s.f.Groups[g].Members[m]
			}
		}
	}
	s.t.Fatalf("no %s in %s: %+v", name, group, s.f.Groups)
	return nil
}

func TestStavesShowTheNewestRecords(t *testing.T) {
	s := newStage(t, "topic create orders partitions=2")
	for range 20 {
		s.run("send orders v key=truck-7 partition=0")
	}
	f := s.run("send orders v partition=1\nsend orders v key=a partition=1\nadvance 1s")
	first, second := &f.Staves[0], &f.Staves[1]
	if first.First != 4 || len(first.Cells) != 16 || first.LEO != 20 || first.HW != 20 {
		t.Errorf("stave 0: %+v", first)
	}
	for i, cell := range first.Cells {
		if cell != scene.Cell([]byte("truck-7"), []byte("v")) || cell&0xffff != '7' {
			t.Errorf("cell %d: %x", i, cell)
		}
	}
	if len(second.Cells) != 2 || second.Cells[0] != 0 || second.Cells[1]&0xffff != 'a' {
		t.Errorf("stave 1: %x", second.Cells)
	}
	if f.Topics[0].Records != 22 || len(f.Topics) != 1 {
		t.Errorf("topics: %+v", f.Topics)
	}
}

func TestTombstonesLookDifferent(t *testing.T) {
	if scene.Cell([]byte("k"), nil)&scene.CellTombstone == 0 || scene.Cell([]byte("k"), []byte{})&scene.CellTombstone != 0 {
		t.Error("a null value is a tombstone, an empty one is not")
	}
}

func TestMembersSayWhereTheyStand(t *testing.T) {
	const add = "consumer add %c group=billing topics=orders session.timeout.ms=6s heartbeat.interval.ms=2s auto.offset.reset=earliest\n"
	lines := "topic create orders partitions=2\n"
	for _, name := range []string{"c1", "c2", "c3"} {
		lines += strings.ReplaceAll(add, "%c", name)
	}
	s := newStage(t, lines+"advance 20s")
	if m := s.member("billing", "c3"); m.State != scene.MemberIdle || sim.Plain(m.Status) != "idle: 2 partitions, 3 members" {
		t.Errorf("c3: %+v", m)
	}
	if m := s.member("billing", "c1"); m.State != scene.MemberActive || len(m.Chips) != 1 || sim.Plain(m.Status) != "caught up" ||
		m.Session.Total != 6000 || m.Session.Left <= 0 || m.Kind != scene.MemberSim {
		t.Errorf("c1: %+v", m)
	}
	s.run("consumer crash c1\nadvance 1s")
	if m := s.member("billing", "c1"); m.State != scene.MemberCrashed || len(m.Chips) != 1 {
		t.Errorf("c1 after its crash still owns its partition: %+v", m)
	}
	s.run("advance 9s")
	if m := s.member("billing", "c1"); m.State != scene.MemberGone || len(m.Chips) != 0 || !strings.Contains(m.Status, "session") {
		t.Errorf("c1 after its session: %+v", m)
	}
	if m := s.member("billing", "c3"); m.State != scene.MemberActive || len(m.Chips) != 1 {
		t.Errorf("c3 after c1's session: %+v", m)
	}
	s.run("consumer freeze c2\nadvance 1s")
	if m := s.member("billing", "c2"); m.State != scene.MemberFrozen {
		t.Errorf("c2 frozen: %+v", m)
	}
}

func TestMarksFollowCommitsAndPositions(t *testing.T) {
	s := newStage(t, "topic create orders partitions=1")
	for range 5 {
		s.run("send orders v partition=0")
	}
	s.run("consumer add c1 group=g topics=orders commit=none process=1s max.poll.records=2 auto.offset.reset=earliest\nadvance 5s")
	mark := s.f.Marks[0]
	if len(s.f.Marks) != 1 || mark.Committed != -1 || mark.Position < 2 || mark.Member != 0 || mark.Lag != 5 {
		t.Errorf("before a commit: %+v", s.f.Marks)
	}
	s.run("advance 10s\nconsumer commit c1\nadvance 1s")
	if mark := s.f.Marks[0]; mark.Committed != 5 || mark.Lag != 0 {
		t.Errorf("after it: %+v", mark)
	}
	if s.f.Groups[0].Lag != 0 || sim.Plain(s.member("g", "c1").Status) != "caught up" {
		t.Errorf("lags: %+v", s.f.Groups[0])
	}
}

func TestFlightsAreOnTheirWay(t *testing.T) {
	s := newStage(t, "link latency=1s\ntopic create orders partitions=1\nproducer add p1 topic=orders rate=1/s keys=truck-3 linger.ms=0 enable.idempotence=false\nadvance 4500ms")
	if len(s.f.Flights) == 0 {
		t.Fatal("nothing is on its way")
	}
	fl := s.f.Flights[0]
	if fl.Kind != scene.FlightProduce || fl.Progress == 0 || fl.Progress == 65535 || fl.Producer != 0 || fl.Cell&0xffff != '3' {
		t.Errorf("flight: %+v", fl)
	}
	if p := s.f.Producers[0]; p.Name != "p1" || p.Rate != 1000 || sim.Plain(p.Lines[0]) != "key truck-3" || p.Lines[1] != "acks=all" {
		t.Errorf("producer: %+v", p)
	}
}

func TestTopicsOutOfView(t *testing.T) {
	s := newStage(t, "topic create big partitions=60\ntopic create small partitions=10")
	if len(s.f.Staves) != 60 || !s.f.Topics[0].InView || s.f.Topics[1].InView {
		t.Errorf("%d staves, topics %+v", len(s.f.Staves), s.f.Topics)
	}
	s.b.Build(&s.f, scene.Viewport{Cells: 8, Topic: "small"})
	if len(s.f.Staves) != 10 || s.f.Topics[0].InView || !s.f.Topics[1].InView {
		t.Errorf("chosen: %d staves, topics %+v", len(s.f.Staves), s.f.Topics)
	}
	s.b.Build(&s.f, scene.Viewport{Cells: 8, Topic: "no-such"})
	if len(s.f.Staves) != 0 {
		t.Errorf("no such topic: %d staves", len(s.f.Staves))
	}
}

func TestNotesAreBounded(t *testing.T) {
	b := scene.NewBuilder(sim.New(sim.Config{}))
	for range 100 {
		b.Note(engine.Time(1), scene.ToneGood, "text")
	}
	var f scene.Frame
	b.Build(&f, scene.Viewport{Cells: 8})
	if len(f.Notes) != scene.NotesMost || f.LastNote != 100 || f.Notes[len(f.Notes)-1].Seq != 100 {
		t.Errorf("%d notes, last %d", len(f.Notes), f.LastNote)
	}
}

func TestFramesOfACrowdedWorldAllocateLittle(t *testing.T) {
	s := crowded(t)
	var out []byte
	allocs := testing.AllocsPerRun(50, func() {
		s.b.Build(&s.f, scene.Viewport{Cells: 200})
		out = scene.AppendFrame(out[:0], &s.f)
	})
	if allocs > 300 {
		t.Errorf("%.0f allocations a frame", allocs)
	}
}

func crowded(t testing.TB) *stage {
	s := newStage(t, "topic create orders partitions=64\nproducer add p1 topic=orders rate=5000/s keys=k-1..k-500")
	for i := range 50 {
		s.run("consumer add c" + string(rune('a'+i/10)) + string(rune('0'+i%10)) + " group=g topics=orders process=0 auto.offset.reset=earliest")
	}
	s.run("advance 10s")
	return s
}

func BenchmarkBuildFrame(b *testing.B) {
	s := crowded(b)
	var out []byte
	b.ReportAllocs()
	for b.Loop() {
		s.b.Build(&s.f, scene.Viewport{Cells: 200})
		out = scene.AppendFrame(out[:0], &s.f)
	}
	b.ReportMetric(float64(len(out)), "bytes")
}

func TestClusterInTheFrame(t *testing.T) {
	s := newStage(t, `cluster brokers=3 racks=a,b,c latency=100ms
topic create orders partitions=1 replication=3
producer add p1 topic=orders rate=20/s value="{n}" acks=1
advance 3s
link cut 101 103
advance 2s`)
	if len(s.f.Brokers) != 3 || !s.f.Brokers[0].Controller || s.f.Brokers[1].Rack != "b" {
		t.Fatalf("brokers: %+v", s.f.Brokers)
	}
	r := s.f.Staves[0].Replicas
	if len(r) != 3 || r[0].State != scene.ReplicaLeads || r[1].LEO <= r[2].LEO || !r[2].InSync {
		t.Errorf("replicas: %+v", r)
	}
	follower := false
	for _, fl := range s.f.Flights {
		follower = follower || fl.Kind == scene.FlightReplica && fl.Broker == 101 && fl.To == 102
	}
	if !follower {
		t.Error("nothing is on its way to the follower")
	}
	for o, cell := range s.f.Staves[0].Cells {
		if cell&scene.CellGap != 0 {
			t.Errorf("cell %d is a gap: what is not replicated is there, too", o)
		}
	}
	s.run("link cut 101 102\nadvance 1s\nbroker crash 101\nadvance 9s\nproducer pause p1\nadvance 1s")
	if b := s.f.Brokers[0]; b.Up || b.State != scene.BrokerDown || !b.Fenced {
		t.Errorf("101 crashed: %+v", b)
	}
	if l := s.f.Ledger; l.Lost == 0 || len(l.Alarms) == 0 || l.Alarms[0].Setting != "acks=1" || l.Alarms[0].Partition != "orders-0" {
		t.Errorf("ledger: %+v", l)
	}
	if st := s.f.Staves[0]; st.Leader != 102 || st.LeaderEpoch != 1 || len(st.Ranges) == 0 || st.Ranges[0].Kind != scene.RangeLost {
		t.Errorf("stave: %+v", st)
	}
}

func TestTransactionsInTheFrame(t *testing.T) {
	s := newStage(t, `topic create orders partitions=1
producer add p1 topic=orders rate=0 transactional.id=t1
settle
producer begin p1
producer send p1 one key=truck-1
advance 1s`)
	st := s.f.Staves[0]
	if len(st.Ranges) != 1 || st.Ranges[0].Kind != scene.RangeOpen || st.LSO != 0 || st.HW != 1 {
		t.Errorf("open: %+v", st)
	}
	if p := s.f.Producers[0]; p.TransactionalID != "t1" || p.Txn != "IN_TRANSACTION" {
		t.Errorf("producer: %+v", p)
	}
	s.run("producer abort p1\nadvance 1s")
	st = s.f.Staves[0]
	if len(st.Ranges) != 1 || st.Ranges[0].Kind != scene.RangeAborted || len(st.Cells) != 2 || st.Cells[1] != scene.CellAbort {
		t.Errorf("aborted: %+v", st)
	}
}

func TestErasAndExchanges(t *testing.T) {
	s := newStage(t, `topic create orders partitions=2
consumer add c1 group=g topics=orders
settle
consumer add c2 group=g topics=orders
settle`)
	g := s.f.Groups[0]
	n := len(g.Eras)
	if n < 2 || len(g.Eras[n-1].Cells) != 2 || g.Eras[n-1].Cells[1].Owner != "c2" || !g.Eras[n-1].Cells[1].Moved || g.Eras[n-1].Cells[0].Moved {
		t.Errorf("eras: %+v", g.Eras)
	}
	kinds := map[string]bool{}
	for _, e := range s.f.Exchanges {
		kinds[e.What] = true
		if e.Group != "g" || e.Due < e.Sent {
			t.Errorf("exchange: %+v", e)
		}
	}
	if !kinds["join"] || !kinds["sync"] || !kinds["heartbeat"] {
		t.Errorf("exchanges: %+v", s.f.Exchanges)
	}
}

func TestShareGroupsInTheFrame(t *testing.T) {
	s := newStage(t, `topic create jobs partitions=1
share add s1 group=crew topics=jobs process=10s
settle
send jobs one
send jobs two
advance 2s`)
	if g := s.f.Groups[0]; g.Kind != "Share" && g.Kind != "share" {
		t.Errorf("group: %+v", g)
	}
	if r := s.f.Staves[0].Ranges; len(r) != 1 || r[0].Kind != scene.RangeAcquired || r[0].End != 2 || r[0].Member != 0 || r[0].Count != 1 {
		t.Errorf("ranges: %+v", r)
	}
}
