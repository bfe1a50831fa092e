package client_test

import (
	"fmt"
	"slices"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// spread is a coordinator by hand with partitions led by several brokers: leaders[i]
// leads partition i, in epochs[i].
func spread(t *testing.T, leaders, epochs []int32, pairs ...string) *coordinator {
	k := newCoordinator(t, pairs...)
	k.epoch = 1
	var indices []int32
	for i := range leaders {
		indices = append(indices, int32(i))
	}
	k.answers["Metadata"] = func(engine.Command) engine.Reply {
		parts := make([]engine.PartitionMetadata, len(leaders))
		for i := range parts {
			parts[i] = engine.PartitionMetadata{Leader: leaders[i], LeaderEpoch: epochs[i]}
		}
		return engine.Reply{Body: &engine.MetadataReply{Topics: []engine.TopicMetadata{{Name: "orders", Topic: 1, Partitions: parts}}}}
	}
	assignment := engine.Assignment{Partitions: []engine.TopicPartitions{{Topic: "orders", Partitions: indices}}}
	k.answers["SyncGroup"] = with(&engine.SyncGroupReply{Assignment: assignment.Append(nil, 3)})
	k.answers["OffsetFetch"] = func(cmd engine.Command) engine.Reply {
		body := &engine.OffsetFetchReply{}
		for _, tp := range cmd.(*engine.OffsetFetch).Partitions {
			body.Offsets = append(body.Offsets, engine.FetchedOffset{Topic: tp.Topic, Partition: tp.Partition, Offset: 10, LeaderEpoch: k.epoch})
		}
		return engine.Reply{Body: body}
	}
	return k
}

// to lists where requests of a kind went, with partitions for fetches.
func (k *coordinator) to(kind string) (list []string) {
	for i, s := range k.saw {
		if s != kind {
			continue
		}
		text := fmt.Sprint(k.sent[i].Broker)
		if f, ok := k.sent[i].Command.(*engine.Fetch); ok {
			var parts []int
			for _, p := range f.Parts {
				parts = append(parts, int(p.Partition))
			}
			slices.Sort(parts)
			text += fmt.Sprint(parts)
		}
		list = append(list, text)
	}
	return list
}

func (k *coordinator) expect(kind string, want ...string) {
	k.t.Helper()
	if got := k.to(kind); !slices.Equal(got, want) {
		k.t.Errorf("%s went to %v, want %v", kind, got, want)
	}
}

func TestOneFetchForEachLeader(t *testing.T) {
	k := spread(t, []int32{101, 102, 101, 103}, []int32{1, 1, 1, 1})
	k.answers["FindCoordinator"] = with(&engine.FindCoordinatorReply{Broker: 103})
	k.epoch = -1
	k.run(100)
	got := k.to("Fetch")
	slices.Sort(got)
	if fmt.Sprint(got) != "[101[0 2] 102[1] 103[3]]" {
		t.Errorf("fetches: %v", got)
	}
	k.expect("Metadata", "0")
	k.expect("FindCoordinator", "0")
	k.expect("JoinGroup", "103")
	k.expect("OffsetFetch", "103")
	if n := k.seen("OffsetForLeaderEpoch"); n != 0 {
		t.Errorf("%d positions were validated, but they came without the epoch of a commit", n)
	}
}

func TestANewLeaderIsFoundAndThePositionValidated(t *testing.T) {
	leaders, epochs := []int32{101}, []int32{1}
	k := spread(t, leaders, epochs)
	k.once("Fetch", fetchCode(engine.NotLeaderOrFollower))
	k.run(1)
	leaders[0], epochs[0] = 102, 2
	k.run(2_000)
	k.expect("Fetch", "101[0]", "102[0]")
	k.expect("OffsetForLeaderEpoch", "101", "102")
	last := k.sent[slices.Index(k.saw, "OffsetForLeaderEpoch")].Command.(*engine.OffsetForLeaderEpoch)
	if last.Epoch != 1 || last.Current != 1 || !last.CheckEpoch {
		t.Errorf("%+v", last)
	}
	fetch := k.sent[len(k.saw)-1-slices.Index(reversed(k.saw), "Fetch")].Command.(*engine.Fetch)
	if p := fetch.Parts[0]; !p.CheckEpoch || p.LeaderEpoch != 2 {
		t.Errorf("%+v", p)
	}
}

func reversed(s []string) []string {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

func TestALeaderHintSavesTheRoundOfMetadata(t *testing.T) {
	k := spread(t, []int32{101}, []int32{1})
	k.once("Fetch", engine.Reply{Body: &engine.FetchReply{Parts: []engine.FetchedPart{{Topic: 1, Code: engine.NotLeaderOrFollower, Leader: 102, LeaderEpoch: 2}}}})
	k.run(1)
	k.expect("Fetch", "101[0]", "102[0]")
}

func TestTruncationIsDetected(t *testing.T) {
	for _, c := range []struct {
		reset    string
		end      engine.Offset
		epoch    int32
		position engine.Offset
		state    client.ConsumerState
	}{
		{"earliest", 10, 1, 10, client.Stable},
		{"earliest", 7, 0, 7, client.Stable}, // where the logs diverge
		{"none", 7, 0, 0, client.Failed},
		{"earliest", -1, -1, 0, client.Stable}, // nobody knows: auto.offset.reset
	} {
		k := spread(t, []int32{101}, []int32{5}, "auto.offset.reset="+c.reset)
		k.answers["OffsetForLeaderEpoch"] = with(&engine.OffsetForLeaderEpochReply{Epoch: c.epoch, End: c.end})
		k.answers["ListOffsets"] = func(engine.Command) engine.Reply { return engine.Reply{Offset: 0} }
		k.run(1_000)
		if k.state() != c.state || k.fact(client.FactTruncated, engine.None) != (c.end < 10) {
			t.Errorf("%+v: state %d, facts %+v", c, k.state(), k.facts)
		}
		var v client.ConsumerView
		if k.c.View(&v); c.state == client.Stable && v.Partitions[0].Position != c.position {
			t.Errorf("%+v: position %d", c, v.Partitions[0].Position)
		}
	}
}

func TestThePreferredReplicaIsFetchedFromForAWhile(t *testing.T) {
	k := spread(t, []int32{101}, []int32{1}, "client.rack=b", "metadata.max.age.ms=3000")
	empty := func(preferred int32, code engine.Code) engine.Reply {
		return engine.Reply{Body: &engine.FetchReply{Parts: []engine.FetchedPart{{Topic: 1, Preferred: preferred, Code: code}}}}
	}
	k.answers["Fetch"] = func(engine.Command) engine.Reply {
		if k.sent[len(k.sent)-1].Broker == 101 {
			return empty(102, engine.None)
		}
		if k.now < 500 {
			return empty(0, engine.None)
		}
		return empty(0, engine.OffsetOutOfRange)
	}
	k.run(400)
	if to := k.to("Fetch"); to[0] != "101[0]" || to[1] != "102[0]" || to[len(to)-1] != "102[0]" || k.seen("ListOffsets") != 0 {
		t.Errorf("fetches: %v", to[:5])
	}
	if f := k.sent[slices.Index(k.saw, "Fetch")].Command.(*engine.Fetch); f.Rack != "b" {
		t.Errorf("rack %q", f.Rack)
	}
	k.run(600) // what a follower says is out of range is asked of the leader again
	if to := k.to("Fetch"); slices.Index(to[1:], "101[0]") < 0 || k.seen("ListOffsets") != 0 {
		t.Errorf("fetches: %v", to[len(to)-9:])
	}
}

func TestTheCoordinatorMoves(t *testing.T) {
	for _, code := range []engine.Code{engine.NotCoordinator, engine.CoordinatorNotAvailable, engine.NetworkException} {
		k := spread(t, []int32{101}, []int32{1})
		where := int32(102)
		k.answers["FindCoordinator"] = func(engine.Command) engine.Reply {
			return engine.Reply{Body: &engine.FindCoordinatorReply{Broker: where}}
		}
		k.run(2_000)
		where = 103
		k.once("Heartbeat", engine.Reply{Code: code})
		k.run(9_000)
		k.expect("Heartbeat", "102", "103", "103")
		k.expect("JoinGroup", "102")
		k.expect("FindCoordinator", "0", "0")
		k.expect("OffsetCommit", "103")
	}
}

func TestASilentBrokersConnectionIsClosed(t *testing.T) {
	k := spread(t, []int32{101, 102}, []int32{1, 1}, "request.timeout.ms=2000")
	k.answers["FindCoordinator"] = with(&engine.FindCoordinatorReply{Broker: 101})
	k.answers["Fetch"] = nil // nobody answers
	k.run(4_900)
	if to := k.to("Fetch"); len(to) != 6 {
		t.Errorf("fetches: %v", to)
	}
	if n := k.seen("Metadata"); n < 2 {
		t.Errorf("%d Metadata: a lost connection asks for it", n)
	}
	if n := k.seen("JoinGroup"); n != 1 {
		t.Errorf("%d joins: the connection to the coordinator is another one", n)
	}
}
