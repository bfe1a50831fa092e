package engine

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

// peer is a consumer of either protocol. It owns what it may be reading.
type peer struct {
	w          *peers
	session    Session
	modern     bool
	id         string
	instance   string
	epoch      int32 // or generation
	owned      []place
	told       []place // a new assignment, not yet taken over
	fresh      bool
	waiting    Token // of a request that is not answered
	since      Time
	rejoin     bool
	down       bool
	protocol   string
	epochOwned int32
}

// peers is a group of them, and checks after every command that no two own a partition.
type peers struct {
	t       *testing.T
	e       *Engine
	r       *rand.Rand
	now     Time
	tok     Token
	list    []*peer
	next    int
	every   func()       // after every step
	done    func()       // before all calms down
	brokers bool         // that come and go
	seen    map[Kind]int // how many events of each kind there were
}

func (w *peers) do(p *peer, c Command) {
	w.tok++
	p.waiting, p.since = w.tok, w.now
	w.e.Apply(w.now, p.session, w.tok, c)
	w.after()
}

func (w *peers) after() {
	replies := append([]Reply(nil), w.e.Ready().Replies...)
	for i := range w.e.Ready().Events {
		w.seen[w.e.Ready().Events[i].Kind]++
	}
	w.e.Advance()
	if err := w.e.Check(); err != nil {
		w.t.Fatal(err)
	}
	for i := range replies {
		for _, p := range w.list {
			if p.session == replies[i].To && p.waiting == replies[i].Token {
				p.waiting = 0
				if w.brokers && moves(replies[i].Code) {
					continue // ask again later
				}
				if p.modern {
					p.beaten(&replies[i])
				} else {
					p.answered(&replies[i])
				}
			}
		}
	}
	w.disjoint()
}

// disjoint looks at the peers that the coordinator still counts as members.
func (w *peers) disjoint() {
	g := w.e.groupNamed("g")
	if g == nil {
		return
	}
	owner := map[place]*peer{}
	for _, p := range w.list {
		if m := g.member(p.id); p.id == "" || m == nil || m.session != 0 && p.session != m.session {
			continue
		}
		for _, x := range p.owned {
			if o := owner[x]; o != nil {
				w.t.Fatalf("at %d %s-%d is read by %s and %s", w.now, w.e.TopicName(x.topic()), x.partition(), o.id, p.id)
			}
			owner[x] = p
		}
	}
}

func (w *peers) join(modern bool, protocol, instance string) {
	w.next++
	p := &peer{w: w, session: Session(w.next), modern: modern, protocol: protocol, instance: instance}
	if modern {
		p.id = "new-" + strconv.Itoa(w.next)
	}
	w.list = append(w.list, p)
	p.step()
}

func (p *peer) lost(forget bool) {
	p.owned, p.told, p.fresh, p.epoch, p.rejoin = nil, nil, false, 0, true
	if forget && !p.modern {
		p.id = ""
	}
}

func (p *peer) step() {
	if p.waiting != 0 && p.w.brokers && p.w.now-p.since > 40_000 {
		p.waiting = 0 // the request or its reply is lost
	}
	if p.down || p.waiting != 0 {
		return
	}
	if !p.modern {
		if p.epoch == 0 || p.rejoin {
			p.sendJoin()
		} else {
			p.w.do(p, &Heartbeat{Group: "g", Member: p.id, Instance: p.instance, Generation: p.epoch})
		}
		return
	}
	if p.fresh && p.w.r.IntN(3) > 0 {
		p.owned, p.fresh = p.told, false
	}
	c := &ConsumerGroupHeartbeat{Group: "g", Member: p.id, Instance: p.instance, Epoch: p.epoch, RebalanceTimeoutMs: -1, Owns: true, Owned: ownedTopics(p.owned)}
	if p.epoch == 0 {
		c.RebalanceTimeoutMs, c.Subscribed, c.Topics, c.Owned = 20_000, true, []string{"orders", "other"}, nil
	}
	p.w.do(p, c)
}

func (p *peer) beaten(r *Reply) {
	switch r.Code {
	case None:
		body := r.Body.(*ConsumerGroupHeartbeatReply)
		p.epoch = body.Epoch
		if body.Assigned {
			p.told, p.fresh = placesOf(body.Assignment), true
			p.owned = pick(p.owned, p.owned, true)
			if len(pick(p.owned, p.told, false)) == 0 {
				p.owned, p.fresh = p.told, false // nothing to revoke
			}
		}
	case FencedMemberEpoch, UnknownMemberID:
		p.lost(true)
	case UnreleasedInstanceID, FencedInstanceID, GroupIDNotFound:
		p.lost(true)
		p.down = r.Code != UnreleasedInstanceID
	default:
		p.w.t.Fatalf("%s: %v", p.id, r.Code)
	}
}

func (p *peer) sendJoin() {
	if p.protocol == "range" {
		p.owned = nil // eager: it gives up everything first
	}
	s := Subscription{Topics: []string{"orders", "other"}, Owned: p.w.e.namedPlaces(p.owned), Generation: p.epochOwned}
	p.w.do(p, &JoinGroup{Group: "g", Member: p.id, Instance: p.instance, ClientID: "old", ProtocolType: "consumer", SessionTimeoutMs: 10_000, RebalanceTimeoutMs: 20_000,
		Protocols: []JoinProtocol{{p.protocol, s.Append(nil, 3)}}})
}

func (p *peer) answered(r *Reply) {
	switch body := r.Body.(type) {
	case *JoinGroupReply:
		switch r.Code {
		case None:
			p.id, p.epoch, p.rejoin = body.Member, body.Generation, false
			p.sendSync(body)
		case MemberIDRequired:
			p.id = body.Member
		case UnknownMemberID:
			p.lost(true)
		case RebalanceInProgress:
		case FencedInstanceID:
			p.lost(true)
			p.down = true
		default:
			p.w.t.Fatalf("join: %v", r.Code)
		}
	case *SyncGroupReply:
		if r.Code == None {
			a, _ := ParseAssignment(body.Assignment)
			now := p.w.e.placesNamed(a.Partitions)
			p.rejoin = len(pick(p.owned, now, false)) > 0 && p.protocol != "range"
			p.owned, p.epochOwned = now, p.epoch
			return
		}
		p.refused(r.Code)
	default:
		p.refused(r.Code)
	}
}

func (p *peer) refused(code Code) {
	switch code {
	case None:
	case RebalanceInProgress:
		p.rejoin = true
	case UnknownMemberID, IllegalGeneration:
		p.lost(code == UnknownMemberID)
	case FencedInstanceID:
		p.lost(true)
		p.down = true
	default:
		p.w.t.Fatalf("%s: %v", p.id, code)
	}
}

// sendSync assigns, if the peer is the group leader.
func (p *peer) sendSync(body *JoinGroupReply) {
	c := &SyncGroup{Group: "g", Member: p.id, Instance: p.instance, Generation: p.epoch}
	if len(body.Members) > 0 && !body.SkipAssignment {
		var members []AssignorMember
		for _, m := range body.Members {
			s, _ := ParseSubscription(m.Metadata)
			members = append(members, AssignorMember{m.Member, m.Instance, s})
		}
		var topics []AssignorTopic
		for _, name := range []string{"orders", "other"} {
			if t := p.w.e.topicNamed(name); t != nil {
				topics = append(topics, AssignorTopic{Name: name, Partitions: int32(len(t.partitions))})
			}
		}
		a, _ := AssignorNamed(p.protocol)
		for _, m := range a.Assign(members, topics) {
			x := Assignment{Partitions: m.Partitions}
			c.Assignments = append(c.Assignments, MemberAssignment{m.Member, x.Append(nil, 1)})
		}
	}
	p.w.do(p, c)
}

func moves(code Code) bool {
	return coordinatorMoves(code) || code == RequestTimedOut || code == UnknownServerError
}

// TestReconciliationWhenBrokersCrash is the same in a cluster whose brokers crash and come
// back, one at a time: coordinators move, and go on from what was replicated.
func TestReconciliationWhenBrokersCrash(t *testing.T) {
	crashes := 0
	for seed := range uint64(16) {
		w := &peers{t: t, seen: map[Kind]int{}, brokers: true, r: rand.New(rand.NewPCG(seed, 849)), e: New(Config{Seed: seed, Brokers: 3})}
		down := int32(0)
		w.every = func() {
			switch {
			case w.r.IntN(30) > 0:
				return
			case down == 0:
				down = FirstBroker + w.r.Int32N(3)
				w.e.Apply(w.now, 0, 0, &CrashBroker{Broker: down})
				crashes++
			default:
				w.e.Apply(w.now, 0, 0, &StartBroker{Broker: down})
				down = 0
			}
			w.after()
		}
		w.done = func() {
			if down != 0 {
				w.e.Apply(w.now, 0, 0, &StartBroker{Broker: down})
				w.after()
			}
		}
		w.run(seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if crashes < 50 {
		t.Errorf("only %d crashes", crashes)
	}
}

// TestReconciliationIsSafe: members of both protocols come and go, and freeze; topics
// change; and nobody ever reads what somebody else reads. Afterwards all calms down, and
// every partition has a reader.
func TestReconciliationIsSafe(t *testing.T) {
	t.Parallel()
	seeds := uint64(60)
	if testing.Short() {
		seeds = 10
	}
	seen := map[Kind]int{}
	for seed := range seeds {
		w := &peers{t: t, seen: seen, r: rand.New(rand.NewPCG(seed, 848)), e: New(Config{Seed: seed})}
		w.run(seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, kind := range []Kind{KindGroupConverted, KindReconciling, KindRevoked, KindMemberRemoved, KindGeneration, KindMemberReplaced, KindMemberAway} {
		if seen[kind] == 0 {
			t.Errorf("no event of kind %d: the test does not try what it says", kind)
		}
	}
}

func (w *peers) run(seed uint64) {
	for _, name := range []string{"orders", "other"} {
		w.e.Apply(0, 0, 0, &CreateTopic{Name: name, Partitions: 1 + w.r.Int32N(12)})
	}
	protocol := []string{"cooperative-sticky", "range"}[seed%2]
	most := 2 + w.r.IntN(20)
	if seed%10 == 0 {
		most = 50
	}
	mix := w.r.IntN(3) // 0: only new ones; 1: only classic at first; 2: mixed
	for step := range 400 {
		w.now += Time(w.r.IntN(1500))
		w.e.Tick(w.now)
		w.after()
		if w.every != nil {
			w.every()
		}
		classic := mix == 1 && step < 200 || mix == 2 && w.r.IntN(2) == 0
		switch n := w.r.IntN(20); {
		case n == 0 && len(w.list) < most:
			instance := ""
			if w.r.IntN(4) == 0 {
				instance = "i" + strconv.Itoa(w.r.IntN(4))
			}
			w.join(!classic, protocol, instance)
		case n == 1 && len(w.list) > 0:
			w.leave(w.r.IntN(len(w.list)))
		case n == 2 && len(w.list) > 0:
			p := w.list[w.r.IntN(len(w.list))]
			p.down = !p.down
		case n == 3 && w.r.IntN(10) == 0:
			w.e.Apply(w.now, 0, 0, &CreatePartitions{Name: "orders", Count: 1 + w.r.Int32N(16)})
			w.after()
		default:
			for _, p := range append([]*peer(nil), w.list...) {
				if w.r.IntN(3) > 0 {
					p.step()
				}
			}
		}
	}
	w.calm()
}

func (w *peers) leave(i int) {
	p := w.list[i]
	w.list = append(w.list[:i], w.list[i+1:]...)
	if w.r.IntN(3) == 0 || p.waiting != 0 {
		return // without a word
	}
	if p.modern {
		epoch := int32(-1)
		if p.instance != "" && w.r.IntN(2) == 0 {
			epoch = -2
		}
		w.do(p, &ConsumerGroupHeartbeat{Group: "g", Member: p.id, Instance: p.instance, Epoch: epoch, RebalanceTimeoutMs: -1})
	} else {
		w.do(p, &LeaveGroup{Group: "g", Members: []LeavingMember{{Member: p.id, Instance: p.instance}}})
	}
}

func (w *peers) calm() {
	if w.done != nil {
		w.done()
	}
	var list []*peer
	for _, p := range w.list {
		if !p.down {
			list = append(list, p)
		}
	}
	w.list = list
	if len(list) == 0 {
		return
	}
	for range 200 {
		w.now += 1000
		w.e.Tick(w.now)
		w.after()
		for _, p := range w.list {
			p.step()
		}
	}
	total, owned := 0, 0
	for _, name := range []string{"orders", "other"} {
		total += len(w.e.topicNamed(name).partitions)
	}
	up := 0
	for _, p := range w.list {
		if !p.down {
			up++
			owned += len(p.owned)
		}
	}
	if g, _ := w.e.Group("g"); up > 0 && (g.State != GroupStable || owned != total) {
		for _, p := range w.list {
			w.t.Logf("%+v", *p)
		}
		w.t.Errorf("after all is calm: %v with %d members of %d, %d of %d partitions are read", g.State, g.MemberCount, up, owned, total)
	}
}
