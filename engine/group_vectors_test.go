package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/vectortest"
)

// vectorStep is one step of group_coordinator_rows or _scenarios.
type vectorStep struct {
	Op, As, Member, Instance, Call string
	APIVersion                     int16
	Protocols                      *[]string
	ProtocolType                   string
	Protocol                       string
	Metadata                       string
	GroupID                        *string
	SessionTimeoutMs               *int32
	RebalanceTimeoutMs             *int32
	Generation                     int32
	Assignments                    map[string]string
	MetadataBytes                  int
	Members                        []struct{ Member, Instance string }
	Ms                             int64
	Expect                         *vectorExpect
}

type vectorExpect struct {
	OK        bool
	Pending   string
	Completed []vectorAnswer
	Group     json.RawMessage // absent, null, or a vectorGroup
	vectorAnswer
}

// vectorAnswer is a reply; what is nil is not compared.
type vectorAnswer struct {
	Call           string
	Error          *string
	Code           *Code
	MemberID       *string
	Generation     *int32
	Leader         *string
	ProtocolType   *string
	Protocol       *string
	SkipAssignment *bool
	Assignment     *string
	Members        []json.RawMessage // join: member ids; leave: objects
}

type vectorGroup struct {
	State      string
	Generation int32
	Protocol   *string
	Leader     *string
	Members    []string
}

type vectorConfig struct{ InitialRebalanceDelayMs, GroupMaxSize *int64 }

type vectorRow struct {
	Given struct {
		State       string
		Coordinator string
		Group       json.RawMessage
	}
	Config   vectorConfig
	Setup    []vectorStep
	Request  vectorStep
	Expect   vectorExpect
	Internal bool     // the state cannot be reached by requests: forceDead reaches it
	Optional []string // fields not to compare
}

type vectorScenario struct {
	Config       vectorConfig
	Steps        []vectorStep
	StillPending []string
	NotCompared  []string
	Internal     bool
}

const vectorGroupName = "vector-group"

// vectorWorld runs steps against an engine.
type vectorWorld struct {
	t       *testing.T
	e       *Engine
	now     Time
	steps   int
	ids     map[string]string // "$A" -> member id
	calls   map[Token]string
	pending []string
}

func newVectorWorld(t *testing.T, config vectorConfig) *vectorWorld {
	defaults := []ConfigEntry{}
	if d := config.InitialRebalanceDelayMs; d != nil {
		defaults = append(defaults, ConfigEntry{Name: "group.initial.rebalance.delay.ms", Value: strconv.FormatInt(*d, 10)})
	}
	if n := config.GroupMaxSize; n != nil {
		defaults = append(defaults, ConfigEntry{Name: "group.max.size", Value: strconv.FormatInt(*n, 10)})
	}
	w := &vectorWorld{t: t, e: New(Config{Seed: 1, Defaults: defaults}), now: 1_700_000_000_000,
		ids: map[string]string{}, calls: map[Token]string{}}
	w.e.Apply(w.now, 1, 0, &CreateTopic{Name: "topic", Partitions: 1})
	w.e.Advance()
	return w
}

func (w *vectorWorld) id(name string) string {
	if strings.HasPrefix(name, "$") {
		id, ok := w.ids[name]
		if !ok {
			w.t.Fatalf("no member id is known for %s", name)
		}
		return id
	}
	return name
}

func (w *vectorWorld) command(s *vectorStep) Command {
	group := vectorGroupName
	if s.GroupID != nil {
		group = *s.GroupID
	}
	member := w.id(s.Member)
	switch s.Op {
	case "join":
		c := &JoinGroup{Group: group, Member: member, Instance: s.Instance, ClientID: "client", Host: "/127.0.0.1",
			ProtocolType: "consumer", SessionTimeoutMs: 30000, RebalanceTimeoutMs: 60000, Version: s.APIVersion}
		if s.ProtocolType != "" {
			c.ProtocolType = s.ProtocolType
		}
		if s.SessionTimeoutMs != nil {
			c.SessionTimeoutMs = *s.SessionTimeoutMs
		}
		if s.RebalanceTimeoutMs != nil {
			c.RebalanceTimeoutMs = *s.RebalanceTimeoutMs
		}
		names := []string{"range"}
		if s.Protocols != nil {
			names = *s.Protocols
		}
		for _, name := range names {
			c.Protocols = append(c.Protocols, JoinProtocol{name, []byte("metadata " + s.Metadata)})
		}
		return c
	case "sync":
		c := &SyncGroup{Group: group, Member: member, Instance: s.Instance, Generation: s.Generation,
			ProtocolType: s.ProtocolType, Protocol: s.Protocol}
		for name, bytes := range s.Assignments {
			c.Assignments = append(c.Assignments, MemberAssignment{w.id(name), []byte(bytes)})
		}
		return c
	case "heartbeat":
		return &Heartbeat{Group: group, Member: member, Instance: s.Instance, Generation: s.Generation}
	case "leave":
		c := &LeaveGroup{Group: group}
		for _, m := range s.Members {
			c.Members = append(c.Members, LeavingMember{Member: w.id(m.Member), Instance: m.Instance, Reason: "test"})
		}
		return c
	case "commit", "txnCommit":
		c := &OffsetCommit{Group: group, Member: member, Instance: s.Instance, Generation: s.Generation, Version: s.APIVersion,
			Offsets: []CommitOffset{{Topic: "topic", Offset: 0, LeaderEpoch: -1, Metadata: strings.Repeat("m", s.MetadataBytes)}}}
		if c.Version == 0 {
			c.Version = 8
		}
		return c
	case "deleteGroup":
		return &DeleteGroups{Groups: []string{group}}
	}
	w.t.Fatalf("unknown op %q", s.Op)
	return nil
}

// run does one step and gives the answer to its own call (nil while parked) and the
// calls that it completed, by name.
func (w *vectorWorld) run(s *vectorStep) (own *Reply, completed map[string]Reply) {
	w.steps++
	tok := Token(w.steps)
	name := s.Call
	if name == "" {
		name = s.Op + strconv.Itoa(w.steps)
	}
	switch s.Op {
	case "advance":
		w.now += Time(s.Ms)
		w.e.Tick(w.now)
	case "forceDead":
		w.e.groupNamed(vectorGroupName).state = GroupDead
	case "txnCommit": // there are no transactions yet, but their check of a group is
		_, code := w.e.groupNamed(vectorGroupName).checkCommit(w.command(s).(*OffsetCommit), true)
		own = &Reply{Code: code}
	default:
		w.calls[tok] = name
		w.pending = append(w.pending, name)
		w.e.Apply(w.now, Session(w.steps), tok, w.command(s))
	}
	ready := w.e.Ready()
	for i := range ready.Events {
		switch ev := &ready.Events[i]; ev.Kind {
		case KindMemberIDGiven, KindMemberJoined, KindMemberReplaced:
			if s.As != "" {
				w.ids["$"+s.As] = string(ev.Bytes)
			}
			if got := w.e.MemberName(ev.Member); got != string(ev.Bytes) {
				w.t.Errorf("member %d is called %q in the event and %q in the engine", ev.Member, ev.Bytes, got)
			}
		}
	}
	completed = map[string]Reply{}
	for _, r := range ready.Replies {
		if call := w.calls[r.Token]; r.Token == tok {
			if own != nil {
				w.t.Errorf("%s is answered twice", call)
			}
			own = &r
		} else {
			completed[call] = r
		}
		i := slices.Index(w.pending, w.calls[r.Token])
		if i < 0 || r.To != Session(r.Token) {
			w.t.Fatalf("reply to a call that does not wait: %+v", r)
		}
		w.pending = slices.Delete(w.pending, i, i+1)
	}
	w.e.Advance()
	if err := w.e.Check(); err != nil {
		w.t.Errorf("after %s: %v", name, err)
	}
	return own, completed
}

func (w *vectorWorld) compare(s *vectorStep, x *vectorExpect, own *Reply, completed map[string]Reply, notCompared, optional []string) {
	w.t.Helper()
	at := fmt.Sprintf("step %d (%s)", w.steps, s.Op)
	switch {
	case x.Pending != "" && own != nil:
		w.t.Errorf("%s: answered %v %+v, should be parked", at, own.Code, own.Body)
	case x.Pending == "" && !x.OK && own == nil:
		w.t.Errorf("%s: no answer", at)
	case x.Pending == "" && !x.OK:
		w.answer(at, &x.vectorAnswer, own)
	}
	for i := range x.Completed {
		c := &x.Completed[i]
		if slices.Contains(notCompared, c.Call) {
			continue
		}
		if r, ok := completed[c.Call]; ok {
			w.answer(at+" completes "+c.Call, c, &r)
		} else {
			w.t.Errorf("%s: does not complete %s", at, c.Call)
		}
	}
	for call, r := range completed {
		if !slices.Contains(notCompared, call) &&
			!slices.ContainsFunc(x.Completed, func(c vectorAnswer) bool { return c.Call == call }) {
			w.t.Errorf("%s: completes %s with %v", at, call, r.Code)
		}
	}
	if x.Group != nil && !slices.Contains(optional, "group") {
		w.group(at, x.Group)
	}
}

func (w *vectorWorld) group(at string, raw json.RawMessage) {
	w.t.Helper()
	g, ok := w.e.Group(vectorGroupName)
	if string(raw) == "null" {
		if ok {
			w.t.Errorf("%s: the group exists: %+v", at, g)
		}
		return
	}
	var x vectorGroup
	vectortest.Decode(w.t, raw, &x)
	if !ok {
		w.t.Errorf("%s: there is no group", at)
		return
	}
	leader := ""
	if x.Leader != nil {
		leader = w.id(*x.Leader)
	}
	if g.State.String() != x.State || g.Generation != x.Generation || w.e.MemberName(g.Leader) != leader {
		w.t.Errorf("%s: group is %v, generation %d, led by %q; want %s, %d, %q", at, g.State, g.Generation,
			w.e.MemberName(g.Leader), x.State, x.Generation, leader)
	}
	if x.Protocol != nil && g.Protocol != *x.Protocol {
		w.t.Errorf("%s: group's protocol is %q, want %q", at, g.Protocol, *x.Protocol)
	}
	var got, want []string
	for _, m := range w.e.Members(g.ID, nil) {
		got = append(got, m.Name)
	}
	for _, name := range x.Members {
		want = append(want, w.id(name))
	}
	if w.sorted(got) != w.sorted(want) {
		w.t.Errorf("%s: group's members are %v, want %v", at, got, want)
	}
}

func (w *vectorWorld) sorted(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(names, " ")
}

// answer compares a reply with what is expected of it.
func (w *vectorWorld) answer(at string, x *vectorAnswer, r *Reply) {
	w.t.Helper()
	code, members := r.Code, []string(nil)
	var id, leader, protocolType, protocol, assignment string
	var generation int32
	var skip bool
	switch body := r.Body.(type) {
	case *JoinGroupReply:
		id, leader, protocolType, protocol = body.Member, body.Leader, body.ProtocolType, body.Protocol
		generation, skip = body.Generation, body.SkipAssignment
		for _, m := range body.Members {
			if string(m.Metadata) == "" {
				w.t.Errorf("%s: member %s has no metadata", at, m.Member)
			}
			members = append(members, m.Member)
		}
	case *SyncGroupReply:
		protocolType, protocol, assignment = body.ProtocolType, body.Protocol, string(body.Assignment)
	case *LeaveGroupReply:
		w.left(at, x.Members, body.Members)
	case *OffsetCommitReply:
		if len(body.Codes) != 1 || body.Codes[0] != code {
			w.t.Errorf("%s: codes %v, want one %v", at, body.Codes, code)
		}
	case *DeleteGroupsReply:
		code = body.Codes[0]
	}
	if x.Error == nil || x.Code == nil || code.String() != *x.Error || code != *x.Code {
		w.t.Errorf("%s: code %v, want %v", at, code, *x.Error)
	}
	check := func(what string, got, want any) {
		if got != want {
			w.t.Errorf("%s: %s %v, want %v", at, what, got, want)
		}
	}
	if x.MemberID != nil {
		check("member id", id, w.id(*x.MemberID))
	}
	if x.Generation != nil {
		check("generation", generation, *x.Generation)
	}
	if x.Leader != nil {
		check("leader", leader, w.id(*x.Leader))
	}
	if x.ProtocolType != nil {
		check("protocol type", protocolType, *x.ProtocolType)
	}
	if x.Protocol != nil {
		check("protocol", protocol, *x.Protocol)
	}
	if x.SkipAssignment != nil {
		check("skip assignment", skip, *x.SkipAssignment)
	}
	if x.Assignment != nil {
		check("assignment", assignment, *x.Assignment)
	}
	if _, join := r.Body.(*JoinGroupReply); join && x.Members != nil {
		var want []string
		for _, raw := range x.Members {
			var name string
			if err := json.Unmarshal(raw, &name); err != nil {
				w.t.Fatal(err)
			}
			want = append(want, w.id(name))
		}
		check("members", w.sorted(members), w.sorted(want))
	}
}

func (w *vectorWorld) left(at string, want []json.RawMessage, got []LeftMember) {
	if len(got) != len(want) {
		w.t.Errorf("%s: %d members, want %d", at, len(got), len(want))
		return
	}
	for i, raw := range want {
		var x struct {
			Error, MemberID, Instance string
			Code                      Code
		}
		vectortest.Decode(w.t, raw, &x)
		if m := got[i]; m.Code != x.Code || m.Code.String() != x.Error || m.Member != w.id(x.MemberID) || m.Instance != x.Instance {
			w.t.Errorf("%s: member %d is %+v, want %+v", at, i, m, x)
		}
	}
}

// reach brings the group into a state for rows that name one and have no setup.
func (w *vectorWorld) reach(state string) {
	join := vectorStep{Op: "join", As: "X", APIVersion: 3}
	steps := map[string][]vectorStep{
		"any": nil, "NonExistent": nil,
		"Empty":               {{Op: "commit", Generation: -1}},
		"PreparingRebalance":  {join},
		"CompletingRebalance": {join, {Op: "advance", Ms: 3000}},
		"Stable":              {join, {Op: "advance", Ms: 3000}, {Op: "sync", Member: "$X", Generation: 1}},
		"Dead":                {{Op: "commit", Generation: -1}, {Op: "forceDead"}},
	}
	list, ok := steps[state]
	if !ok {
		w.t.Fatalf("unknown state %q", state)
	}
	for i := range list {
		w.run(&list[i])
	}
	if g, ok := w.e.Group(vectorGroupName); ok && g.State.String() != state {
		w.t.Fatalf("the group is %v, want %s", g.State, state)
	}
}

func TestVectorsGroupCoordinatorRows(t *testing.T) {
	coordinators := map[string]Code{"": None, "elsewhere": NotCoordinator,
		"loading": CoordinatorLoadInProgress, "inactive": CoordinatorNotAvailable}
	vectortest.Each(t, "group_coordinator_rows", func(t *testing.T, row vectorRow) {
		w := newVectorWorld(t, row.Config)
		if row.Setup == nil {
			w.reach(row.Given.State)
		}
		for i := range row.Setup {
			w.run(&row.Setup[i])
		}
		if row.Given.Group != nil {
			w.group("setup", row.Given.Group)
		}
		code, ok := coordinators[row.Given.Coordinator]
		if !ok {
			t.Fatalf("unknown coordinator %q", row.Given.Coordinator)
		}
		w.e.coordinator = code
		own, completed := w.run(&row.Request)
		w.compare(&row.Request, &row.Expect, own, completed, nil, row.Optional)
	})
}

func TestVectorsGroupCoordinatorScenarios(t *testing.T) {
	vectortest.Each(t, "group_coordinator_scenarios", func(t *testing.T, c vectorScenario) {
		w := newVectorWorld(t, c.Config)
		for i := range c.Steps {
			own, completed := w.run(&c.Steps[i])
			if c.Steps[i].Expect == nil {
				t.Fatalf("step %d expects nothing", i)
			}
			w.compare(&c.Steps[i], c.Steps[i].Expect, own, completed, c.NotCompared, nil)
		}
		compared := func(call string) bool { return slices.Contains(c.NotCompared, call) }
		pending, want := slices.DeleteFunc(w.pending, compared), slices.DeleteFunc(c.StillPending, compared)
		if w.sorted(pending) != w.sorted(want) {
			t.Errorf("still parked: %v, want %v", pending, want)
		}
	})
}
