package client_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

// coordinator answers one consumer by hand, so that every error can be had.
type coordinator struct {
	t       *testing.T
	c       *client.Consumer
	now     engine.Time
	saw     []string         // types of the requests
	sent    []client.Request // all of them
	facts   []client.Fact
	epoch   int32                                            // see spread
	answers map[string]func(cmd engine.Command) engine.Reply // by type; nil is no answer
}

func newCoordinator(t *testing.T, pairs ...string) *coordinator {
	k := &coordinator{t: t, c: client.NewConsumer(settings(pairs...))}
	assignment := engine.Assignment{Partitions: []engine.TopicPartitions{{Topic: "orders", Partitions: []int32{0}}}}
	generation := int32(0)
	k.answers = map[string]func(engine.Command) engine.Reply{
		"Metadata":             with(&engine.MetadataReply{Topics: []engine.TopicMetadata{{Name: "orders", Topic: 1, Partitions: []engine.PartitionMetadata{{Leader: 101}}}}}),
		"FindCoordinator":      with(&engine.FindCoordinatorReply{Broker: 101}),
		"OffsetForLeaderEpoch": with(&engine.OffsetForLeaderEpochReply{Epoch: 0, End: 1 << 40}),
		"JoinGroup": func(engine.Command) engine.Reply {
			generation++
			return engine.Reply{Body: &engine.JoinGroupReply{Member: "m", Generation: generation, Protocol: "range", Leader: "other"}}
		},
		"SyncGroup":   with(&engine.SyncGroupReply{Assignment: assignment.Append(nil, 3)}),
		"Heartbeat":   with(nil),
		"LeaveGroup":  with(&engine.LeaveGroupReply{}),
		"OffsetFetch": with(&engine.OffsetFetchReply{Offsets: []engine.FetchedOffset{{Topic: "orders", Offset: 0}}}),
		"ListOffsets": with(nil),
		"OffsetCommit": func(cmd engine.Command) engine.Reply {
			return engine.Reply{Body: &engine.OffsetCommitReply{Codes: make([]engine.Code, len(cmd.(*engine.OffsetCommit).Offsets))}}
		},
	}
	return k
}

func with(body engine.Body) func(engine.Command) engine.Reply {
	return func(engine.Command) engine.Reply { return engine.Reply{Body: body} }
}

// once answers the next request of a type with a code or body, and then as before.
func (k *coordinator) once(kind string, r engine.Reply) {
	usual := k.answers[kind]
	k.answers[kind] = func(engine.Command) engine.Reply {
		k.answers[kind] = usual
		return r
	}
}

// fetch answers the next fetch with bytes.
func (k *coordinator) fetch(records []byte) {
	k.once("Fetch", engine.Reply{Body: &engine.FetchReply{Parts: []engine.FetchedPart{{Topic: 1, Records: records, HighWatermark: 1000}}}})
}

// run lets time pass, up to a time.
func (k *coordinator) run(to engine.Time) {
	for steps := 0; ; steps++ {
		if steps > 100_000 {
			k.t.Fatalf("time stands still at %d", k.now)
		}
		requests := append([]client.Request(nil), k.c.Requests()...)
		k.c.Sent()
		for _, r := range requests {
			kind := fmt.Sprintf("%T", r.Command)[len("*engine."):]
			k.saw, k.sent = append(k.saw, kind), append(k.sent, r)
			if answer := k.answers[kind]; answer != nil {
				reply := answer(r.Command)
				reply.Token = r.Token
				k.c.Reply(k.now, &reply)
			}
		}
		k.facts = append(k.facts, k.c.Facts()...)
		k.c.ClearFacts()
		at, ok := k.c.Deadline()
		switch {
		case len(k.c.Requests()) > 0:
		case !ok || at > to:
			k.now = to
			return
		default:
			k.now = max(k.now, at)
			k.c.Tick(k.now)
		}
	}
}

// late answers the last request of a type, which was not answered in time.
func (k *coordinator) late(kind string, r engine.Reply) {
	for i := len(k.saw) - 1; i >= 0; i-- {
		if k.saw[i] == kind {
			r.Token = k.sent[i].Token
			break
		}
	}
	k.c.Reply(k.now, &r)
}

// keep lets requests of a type go unanswered; the function that it gives ends that.
func (k *coordinator) keep(kind string) (end func()) {
	usual := k.answers[kind]
	k.answers[kind] = nil
	return func() { k.answers[kind] = usual }
}

func (k *coordinator) seen(kind string) (n int) {
	for _, s := range k.saw {
		if s == kind {
			n++
		}
	}
	return n
}

func (k *coordinator) fact(kind client.FactKind, code engine.Code) bool {
	for i := range k.facts {
		if k.facts[i].Kind == kind && k.facts[i].Code == code {
			return true
		}
	}
	return false
}

func (k *coordinator) state() client.ConsumerState {
	var v client.ConsumerView
	k.c.View(&v)
	return v.State
}

func TestCommitErrors(t *testing.T) {
	for _, c := range []struct {
		code          engine.Code
		commits       int // requests in 3 s
		failed, again bool
		state         client.ConsumerState
	}{
		{engine.None, 1, false, false, client.Stable},
		{engine.CoordinatorLoadInProgress, 2, false, false, client.Stable},
		{engine.NotCoordinator, 2, false, false, client.Stable},
		{engine.RequestTimedOut, 2, false, false, client.Stable},
		{engine.UnknownTopicOrPartition, 2, false, false, client.Stable},
		{engine.RebalanceInProgress, 1, true, true, client.Stable},
		{engine.IllegalGeneration, 1, true, true, client.Stable},
		{engine.UnknownMemberID, 1, true, true, client.Stable},
		{engine.OffsetMetadataTooLarge, 1, true, false, client.Stable},
		{engine.FencedInstanceID, 1, true, false, client.Fenced},
	} {
		t.Run(c.code.String(), func(t *testing.T) {
			k := newCoordinator(t, "commit=none")
			k.run(1_000)
			joins := k.seen("JoinGroup")
			if err := k.c.Commit(k.now); err != nil {
				t.Fatal(err)
			}
			k.once("OffsetCommit", engine.Reply{Body: &engine.OffsetCommitReply{Codes: []engine.Code{c.code}}})
			k.run(4_000)
			if n := k.seen("OffsetCommit"); n != c.commits {
				t.Errorf("%d commits, want %d", n, c.commits)
			}
			if k.fact(client.FactCommitFailed, c.code) != c.failed || k.fact(client.FactCommitted, engine.None) == c.failed {
				t.Errorf("facts: %+v", k.facts)
			}
			if again := k.seen("JoinGroup") > joins; again != c.again || k.state() != c.state {
				t.Errorf("joined again: %v; state %d", again, k.state())
			}
		})
	}
}

func TestJoinAndSyncErrors(t *testing.T) {
	for _, c := range []struct {
		kind  string
		code  engine.Code
		after engine.Time // by when it is in the group all the same; 0: never
		state client.ConsumerState
	}{
		{"JoinGroup", engine.CoordinatorLoadInProgress, 200, client.Stable},
		{"JoinGroup", engine.NotCoordinator, 200, client.Stable},
		{"JoinGroup", engine.UnknownMemberID, 1, client.Stable},
		{"JoinGroup", engine.RebalanceInProgress, 1, client.Stable},
		{"JoinGroup", engine.NetworkException, 200, client.Stable},
		{"JoinGroup", engine.GroupMaxSizeReached, 0, client.Failed},
		{"JoinGroup", engine.InvalidSessionTimeout, 0, client.Failed},
		{"JoinGroup", engine.FencedInstanceID, 0, client.Fenced},
		{"SyncGroup", engine.RebalanceInProgress, 1, client.Stable},
		{"SyncGroup", engine.IllegalGeneration, 1, client.Stable},
		{"SyncGroup", engine.UnknownMemberID, 1, client.Stable},
		{"SyncGroup", engine.CoordinatorNotAvailable, 200, client.Stable},
		{"SyncGroup", engine.InconsistentGroupProtocol, 0, client.Failed},
	} {
		k := newCoordinator(t)
		k.once(c.kind, engine.Reply{Code: c.code})
		k.run(max(c.after, 1_000))
		if k.state() != c.state || k.fact(client.FactFatal, c.code) != (c.after == 0) {
			t.Errorf("%s %v: state %d, facts %+v", c.kind, c.code, k.state(), k.facts)
		}
	}
}

func TestHeartbeatErrors(t *testing.T) {
	for _, c := range []struct {
		code  engine.Code
		joins int
		state client.ConsumerState
		lost  bool
	}{
		{engine.None, 1, client.Stable, false},
		{engine.NotCoordinator, 1, client.Stable, false},
		{engine.RebalanceInProgress, 2, client.Stable, false},
		{engine.IllegalGeneration, 2, client.Stable, true},
		{engine.UnknownMemberID, 2, client.Stable, true},
		{engine.FencedInstanceID, 1, client.Fenced, true},
	} {
		k := newCoordinator(t)
		k.run(2_000)
		k.once("Heartbeat", engine.Reply{Code: c.code})
		k.run(5_000)
		member := ""
		for _, r := range k.sent {
			if join, ok := r.Command.(*engine.JoinGroup); ok {
				member = join.Member
			}
		}
		if keeps := c.code != engine.UnknownMemberID; c.joins > 1 && (member == "m") != keeps {
			t.Errorf("%v: joins again as %q", c.code, member)
		}
		if n := k.seen("JoinGroup"); n != c.joins || k.state() != c.state || k.fact(client.FactLost, engine.None) != c.lost {
			t.Errorf("%v: %d joins, state %d, facts %+v", c.code, n, k.state(), k.facts)
		}
	}
}

func TestPositionAndFetchErrors(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		reply      engine.Reply
		again      string // what is sent once more
		fatal      engine.Code
	}{
		{"offsets unstable", "OffsetFetch", engine.Reply{Body: &engine.OffsetFetchReply{Offsets: []engine.FetchedOffset{{Topic: "orders", Code: engine.UnstableOffsetCommit}}}}, "OffsetFetch", 0},
		{"offsets loading", "OffsetFetch", engine.Reply{Code: engine.CoordinatorLoadInProgress}, "OffsetFetch", 0},
		{"offsets forbidden", "OffsetFetch", engine.Reply{Code: engine.GroupAuthorizationFailed}, "", engine.GroupAuthorizationFailed},
		{"fetch disconnected", "Fetch", engine.Reply{Code: engine.NetworkException}, "Metadata", 0},
		{"fetch without a leader", "Fetch", fetchCode(engine.NotLeaderOrFollower), "Metadata", 0},
		{"fetch out of range", "Fetch", fetchCode(engine.OffsetOutOfRange), "ListOffsets", 0},
		{"fetch forbidden", "Fetch", fetchCode(engine.TopicAuthorizationFailed), "", engine.TopicAuthorizationFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := newCoordinator(t, "metadata.max.age.ms=100000")
			k.once(c.kind, c.reply)
			k.run(0)
			before := 0
			switch c.again { // what the start needs anyway
			case "OffsetFetch", "Metadata":
				before = 1
			}
			k.run(1_000)
			if c.again != "" && k.seen(c.again) <= before {
				t.Errorf("requests: %v", k.saw)
			}
			if c.fatal != 0 && (k.state() != client.Failed || !k.fact(client.FactFatal, c.fatal)) {
				t.Errorf("state %d, facts %+v", k.state(), k.facts)
			}
		})
	}
}

func fetchCode(code engine.Code) engine.Reply {
	return engine.Reply{Body: &engine.FetchReply{Parts: []engine.FetchedPart{{Topic: 1, Code: code}}}}
}

// numbered is a batch of n records from an offset on.
func numbered(base int64, n int) []byte {
	var b batch.Builder
	b.Reset(nil)
	for range n {
		b.Add(0, nil, []byte("v"), nil)
	}
	bytes := b.Finish()
	batch.Stamp(bytes, base, 3)
	return bytes
}

func TestRecordsOfEveryKindOfBatch(t *testing.T) {
	control := numbered(5, 1)
	batch.PutUint16(control[21:], uint16(batch.Control))
	compressed := numbered(6, 3)
	batch.PutUint16(compressed[21:], uint16(batch.Gzip))
	thinned := numbered(20, 2) // compaction has left two of six
	batch.PutUint32(thinned[23:], 5)
	var all []byte
	for _, b := range [][]byte{numbered(0, 2), numbered(2, 3), control, compressed, thinned} {
		all = append(all, b...)
	}
	k := newCoordinator(t, "max.poll.records=2", "commit=after")
	k.once("OffsetFetch", engine.Reply{Body: &engine.OffsetFetchReply{Offsets: []engine.FetchedOffset{{Topic: "orders", Offset: 1}}}})
	k.fetch(all)
	k.run(1_000)
	var got []engine.Offset
	for i := range k.facts {
		if k.facts[i].Kind == client.FactProcessed {
			got = append(got, k.facts[i].Offset)
		}
	}
	if want := "[1 2 3 4 6 7 8 20 21]"; fmt.Sprint(got) != want {
		t.Errorf("processed %v, want %s", got, want)
	}
	var v client.ConsumerView
	k.c.View(&v)
	if p := v.Partitions[0]; p.Position != 26 || p.Processed != 26 || p.Committed != 26 || p.HighWatermark != 1000 {
		t.Errorf("%+v", p)
	}
}

func TestCorruptRecordsAreFatal(t *testing.T) {
	torn := numbered(0, 3)
	for i := range 8 {
		torn[len(torn)-1-i] = 0xff
	}
	for _, bytes := range [][]byte{torn, {1, 2, 3}, numbered(0, 1)[:70], make([]byte, 100)} {
		k := newCoordinator(t)
		k.fetch(bytes)
		k.run(1_000)
		if k.state() != client.Failed || !k.fact(client.FactFatal, engine.CorruptMessage) {
			t.Errorf("%d bytes: state %d", len(bytes), k.state())
		}
	}
}

func TestAutoCommitThatFailsIsTriedAgainSoon(t *testing.T) {
	k := newCoordinator(t)
	k.once("OffsetCommit", engine.Reply{Code: engine.NotCoordinator})
	k.run(5_500)
	if n := k.seen("OffsetCommit"); n != 2 {
		t.Errorf("%d commits, want the one at 5000 and one soon after", n)
	}
}

func TestAnswersFromBeforeARebalanceCountForNothing(t *testing.T) {
	k := newCoordinator(t)
	end := k.keep("OffsetFetch")
	k.run(2_000)
	k.once("Heartbeat", engine.Reply{Code: engine.RebalanceInProgress})
	restart := k.keep("SyncGroup")
	k.run(3_500)
	restart()
	if k.seen("JoinGroup") != 2 {
		t.Fatalf("requests: %v", k.saw)
	}
	k.late("SyncGroup", k.answers["SyncGroup"](nil))
	k.saw[slices.Index(k.saw, "OffsetFetch")] = "the first OffsetFetch"
	k.late("the first OffsetFetch", engine.Reply{Body: &engine.OffsetFetchReply{Offsets: []engine.FetchedOffset{{Topic: "orders", Offset: 7}}}})
	end()
	k.run(40_000)
	var v client.ConsumerView
	if k.c.View(&v); v.Partitions[0].Position != 0 {
		t.Errorf("starts at %d, which another owner may have passed meanwhile", v.Partitions[0].Position)
	}
}

func TestPartitionsAboutToBeRevokedReturnNothing(t *testing.T) {
	k := newCoordinator(t)
	k.run(2_000)
	k.keep("OffsetCommit")
	k.once("Heartbeat", engine.Reply{Code: engine.RebalanceInProgress})
	k.run(3_500)
	if k.seen("OffsetCommit") != 1 || k.seen("JoinGroup") != 1 {
		t.Fatalf("requests: %v", k.saw)
	}
	k.late("Fetch", engine.Reply{Body: &engine.FetchReply{Parts: []engine.FetchedPart{{Topic: 1, Records: numbered(0, 2)}}}})
	k.late("OffsetCommit", engine.Reply{Body: &engine.OffsetCommitReply{Codes: make([]engine.Code, 1)}})
	k.run(4_000)
	if k.fact(client.FactPolled, engine.None) || !k.fact(client.FactRevoked, engine.None) || k.seen("JoinGroup") != 2 {
		t.Errorf("facts: %+v", k.facts)
	}
}

func TestRecordsThatCannotBeCommittedFirstAreNotProcessed(t *testing.T) {
	k := newCoordinator(t, "commit=before")
	k.once("OffsetCommit", engine.Reply{Code: engine.RebalanceInProgress})
	k.fetch(numbered(0, 5))
	k.run(1_000)
	if k.fact(client.FactProcessed, engine.None) || !k.fact(client.FactCommitFailed, engine.RebalanceInProgress) {
		t.Errorf("facts: %+v", k.facts)
	}
	if k.seen("JoinGroup") != 2 {
		t.Errorf("requests: %v", k.saw)
	}
}

// TestNonsenseFromTheOtherEnd: whatever comes out of the socket, nothing panics and
// time goes on.
func TestNonsenseFromTheOtherEnd(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	bodies := []engine.Body{nil, &engine.MetadataReply{}, &engine.FetchReply{Parts: make([]engine.FetchedPart, 3)},
		&engine.JoinGroupReply{Member: "m", Leader: "m", Protocol: "none", Members: []engine.JoinMember{{Metadata: []byte{9}}}},
		&engine.JoinGroupReply{Member: "m", Leader: "m", Protocol: "none"}, &engine.SyncGroupReply{Assignment: []byte{0, 0, 0}},
		&engine.OffsetCommitReply{}, &engine.OffsetFetchReply{Offsets: make([]engine.FetchedOffset, 2)}, &engine.LeaveGroupReply{}}
	codes := []engine.Code{engine.None, engine.None, engine.NetworkException, engine.UnknownMemberID, engine.RebalanceInProgress, engine.NotCoordinator, 1234}
	for range 1_000 {
		k := newCoordinator(t, "commit="+[]string{"auto", "after", "before"}[chance.IntN(3)])
		for _, kind := range slices.Sorted(maps.Keys(k.answers)) {
			usual := k.answers[kind]
			k.answers[kind] = func(cmd engine.Command) engine.Reply {
				if chance.IntN(3) > 0 {
					return usual(cmd)
				}
				return engine.Reply{Code: codes[chance.IntN(len(codes))], Body: bodies[chance.IntN(len(bodies))], Offset: engine.Offset(chance.IntN(9) - 2)}
			}
		}
		k.answers["Fetch"] = func(cmd engine.Command) engine.Reply {
			r := engine.Reply{Code: codes[chance.IntN(len(codes))]}
			if chance.IntN(2) == 0 {
				r.Body = bodies[chance.IntN(len(bodies))]
			}
			return r
		}
		k.run(10_000)
		k.c.Close(k.now)
		k.run(80_000)
		if s := k.state(); s != client.Closed && s != client.Failed && s != client.Fenced {
			t.Fatalf("after closing it is in state %d", s)
		}
	}
}
