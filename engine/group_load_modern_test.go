package engine

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"partita/engine/batch"
)

// reload forgets the consumer and share groups, and reads them from their records again.
func reload(t *testing.T, e *Engine) {
	t.Helper()
	for _, g := range e.groups {
		if g != nil && g.kind != GroupClassic {
			g.members, g.byName, g.byInstance, g.votes, g.generation = nil, map[string]*member{}, map[string]*member{}, nil, 0
			g.become(GroupClassic)
		}
	}
	e.timers.heap = slices.DeleteFunc(e.timers.heap, func(t timer) bool { return t.kind == timerSession || t.kind == timerDue })
	for i := len(e.timers.heap)/2 - 1; i >= 0; i-- { // a heap again
		slices.SortFunc(e.timers.heap, func(a, b timer) int {
			if a.before(&b) {
				return -1
			}
			return 1
		})
	}
	var r batch.Record
	for _, p := range e.topics[e.offsets].partitions {
		for _, s := range p.segments {
			for i := range s.batches {
				for it := batch.Records(s.batch(i)); it.Next(&r); {
					e.loadModern(r.Key, r.Value)
				}
			}
		}
	}
	for _, g := range e.groups {
		if g != nil && g.kind != GroupClassic {
			e.loadedModern(g)
		}
	}
	if e.shareStates != 0 {
		for _, p := range e.topics[e.shareStates].partitions {
			e.loadShares(p)
		}
	}
}

type loadedGroup struct {
	Kind       GroupKind
	State      GroupState
	Generation int32
	Assignment int32
	Owner      map[place]MemberID
	Members    map[string]loadedMember
}

type loadedMember struct {
	ID         MemberID
	Target     memberTarget
	Instance   string
	Assignment []TopicPartitions
	Session    int32
	Names      int
}

func (g *group) loaded() loadedGroup {
	out := loadedGroup{g.kind, g.state, g.generation, g.assignmentEpoch, maps.Clone(g.owner), map[string]loadedMember{}}
	for _, m := range g.members {
		a, _ := ParseAssignment(m.assignment)
		l := loadedMember{ID: m.id, Target: m.memberTarget, Instance: m.instance, Assignment: a.Partitions, Names: len(m.protocols)}
		l.Target.due = 0
		for _, list := range []*[]place{&l.Target.assigned, &l.Target.revoking, &l.Target.target} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if len(l.Target.topics) == 0 {
			l.Target.topics = nil
		}
		if !m.modern {
			l.Session = m.sessionTimeoutMs
		}
		out.Members[m.name] = l
	}
	return out
}

// TestConsumerGroupsAreReadBack: what the records say is what the coordinator knows, at
// any moment of the random run, and the run goes on with what was read.
func TestConsumerGroupsAreReadBack(t *testing.T) {
	reloads := 0
	for seed := range uint64(12) {
		w := &peers{t: t, seen: map[Kind]int{}, r: rand.New(rand.NewPCG(seed, 848)), e: New(Config{Seed: seed})}
		w.every = func() {
			g := w.e.groupNamed("g")
			if g == nil || g.kind != GroupConsumer || len(g.members) == 0 || w.r.IntN(20) > 0 {
				return
			}
			reloads++
			want := g.loaded()
			reload(t, w.e)
			w.e.Advance()
			if got := w.e.groupNamed("g").loaded(); !reflect.DeepEqual(got, want) {
				t.Fatalf("seed %d: read\n%+v\nwas\n%+v", seed, got, want)
			}
			for _, p := range w.list { // the peers' sessions are known again
				if m := g.member(p.id); m != nil {
					m.session = p.session
				}
			}
		}
		w.run(seed)
	}
	if reloads < 50 {
		t.Errorf("only %d reloads", reloads)
	}
}

func TestShareStateIsReadBack(t *testing.T) {
	l := shareLab(t, 6)
	a := l.sharer("a", "orders")
	a.fetch(100)
	a.ack(AckAccept, 0, 2)
	a.ack(AckAccept, 5, 6)
	a.ack(AckRelease, 7, 7)
	a.ack(AckReject, 8, 8)
	l.wantShares("3: A1 A1 +1 +1 .1 x1 A1 A1 A1")
	reload(t, l.e)
	l.wantShares("3: .0 .0 +1 +1 .1 x1")
	if g, _ := l.e.Group("s"); g.MemberCount != 1 || g.Generation != 1 {
		t.Errorf("%+v", g)
	}
	l.check()
}
