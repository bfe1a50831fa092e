package engine

import (
	"math/rand/v2"
	"testing"
)

// groupFuzzer turns bytes into commands to consumer and share groups, sensible or not.
type groupFuzzer struct {
	fuzzer
	epochs  map[string]int32
	session map[string]int32
}

func (f *groupFuzzer) name() string { return []string{"a", "b", "c", "d", ""}[f.byte()%5] }

func (f *groupFuzzer) epoch(of map[string]int32, name string) int32 {
	switch b := f.byte(); {
	case b < 200:
		return of[name]
	case b < 230:
		return int32(b%5) - 3
	default:
		return int32(b)
	}
}

func (f *groupFuzzer) owned() (list []OwnedTopic) {
	for range f.byte() % 3 {
		o := OwnedTopic{Topic: TopicID(f.byte() % 4)}
		for range f.byte() % 4 {
			o.Partitions = append(o.Partitions, Partition(f.byte()%6))
		}
		list = append(list, o)
	}
	return list
}

func (f *groupFuzzer) topics() (list []string) {
	for range f.byte() % 3 {
		list = append(list, []string{"orders", "other", "none"}[f.byte()%3])
	}
	return list
}

func (f *groupFuzzer) heartbeat() {
	name := f.name()
	c := &ConsumerGroupHeartbeat{Group: []string{"g", "h"}[f.byte()%2], Member: name, Epoch: f.epoch(f.epochs, name), RebalanceTimeoutMs: int32(f.byte()*100) - 1}
	if b := f.byte(); b%2 == 0 {
		c.Subscribed, c.Topics = true, f.topics()
		if b%8 == 0 {
			c.Regex = []string{"o.*", ".*", "("}[f.byte()%3]
		}
	}
	if b := f.byte(); b%2 == 0 {
		c.Owns, c.Owned = true, f.owned()
		c.Instance = []string{"", "", "one", "two"}[b/2%4]
		c.Assignor = []string{"", "", "range", "uniform", "none"}[b/8%5]
	}
	f.send(c, f.epochs, name)
}

func (f *groupFuzzer) send(c Command, epochs map[string]int32, name string) {
	f.tok++
	f.e.Apply(f.now, 1, f.tok, c)
	for _, r := range f.e.Ready().Replies {
		if r.Token == f.tok && r.Code == None {
			switch body := r.Body.(type) {
			case *ConsumerGroupHeartbeatReply:
				epochs[name] = body.Epoch
			case *ShareFetchReply, *ShareAcknowledgeReply:
				epochs[name]++
			}
		}
	}
	f.settle()
}

func (f *groupFuzzer) settle() {
	f.e.Advance()
	if err := f.e.Check(); err != nil {
		f.t.Fatal(err)
	}
}

func (f *groupFuzzer) share() {
	name := f.name()
	part := SharePart{Topic: TopicID(f.byte() % 4), Partition: Partition(f.byte() % 3)}
	for range f.byte() % 3 {
		a := ShareAck{First: Offset(f.byte() % 8), Types: []AckType{AckType(f.byte()%6) - 1}}
		a.Last = a.First + Offset(f.byte()%4) - 1
		part.Acks = append(part.Acks, a)
	}
	switch f.byte() % 3 {
	case 0:
		f.send(&ShareGroupHeartbeat{Group: []string{"s", "h"}[f.byte()%2], Member: name, Epoch: f.epoch(f.epochs, name), Topics: f.topics()}, f.epochs, name)
	case 1:
		f.send(&ShareFetch{Group: "s", Member: name, SessionEpoch: f.epoch(f.session, name), MaxWaitMs: int32(f.byte() * 10), MinBytes: int32(f.byte() - 5),
			MaxBytes: int32(f.byte() * 10), MaxRecords: int32(f.byte() % 8), Parts: []SharePart{part}, Forget: f.owned()}, f.session, name)
	case 2:
		f.send(&ShareAcknowledge{Group: "s", Member: name, SessionEpoch: f.epoch(f.session, name), Parts: []SharePart{part}}, f.session, name)
	}
}

func (f *groupFuzzer) run() uint64 {
	f.e.Apply(0, 1, 0, &CreateTopic{Name: "orders", Partitions: 3})
	f.e.Apply(0, 1, 0, &AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
	f.e.Advance()
	for steps := 0; len(f.in) > 0 && steps < 300; steps++ {
		switch op := f.byte(); op % 12 {
		case 0, 1, 2, 3:
			f.heartbeat()
		case 4, 5, 6:
			f.share()
		case 7:
			s := Subscription{Topics: f.topics(), Owned: f.e.namedPlaces(placesOf(f.owned()))}
			f.send(&JoinGroup{Group: "g", Member: f.name(), ProtocolType: "consumer", SessionTimeoutMs: 10_000, RebalanceTimeoutMs: int32(f.byte() * 100), Version: int16(op / 12 % 10),
				Protocols: []JoinProtocol{{"range", s.Append(nil, 1)}}}, f.epochs, "")
		case 8:
			name := f.name()
			if m := f.e.groupNamed("g"); m != nil && len(m.members) > 0 {
				name = m.members[f.byte()%len(m.members)].name
			}
			f.send(&SyncGroup{Group: "g", Member: name, Generation: int32(f.byte() % 8)}, f.epochs, "")
			f.send(&Heartbeat{Group: "g", Member: name, Generation: int32(f.byte() % 8)}, f.epochs, "")
			if f.byte() < 40 {
				f.send(&LeaveGroup{Group: "g", Members: []LeavingMember{{Member: name}}}, f.epochs, "")
			}
		case 9:
			f.now += Time(f.byte() * 200)
			f.e.Tick(f.now)
			f.settle()
		case 10:
			if t := f.e.topicNamed("orders"); t != nil {
				f.send(&Produce{Topic: t.id, Partition: Partition(f.byte() % 3), Acks: 1, Batch: records(int64(f.now), "a", "b")}, f.epochs, "")
			}
		case 11:
			switch b := f.byte(); b % 6 {
			case 0:
				f.send(&DeleteTopic{Name: "orders"}, f.epochs, "")
			case 1:
				f.send(&CreateTopic{Name: []string{"orders", "other"}[b/6%2], Partitions: int32(1 + b%4)}, f.epochs, "")
			case 2:
				f.send(&CreatePartitions{Name: "orders", Count: int32(b % 8)}, f.epochs, "")
			case 3:
				f.send(&DeleteGroups{Groups: []string{"g", "s", "h"}}, f.epochs, "")
			case 4:
				f.send(&ConsumerGroupDescribe{Groups: []string{"g", "s"}}, f.epochs, "")
				f.send(&ShareGroupDescribe{Groups: []string{"g", "s"}}, f.epochs, "")
				f.send(&ListGroups{}, f.epochs, "")
			case 5:
				f.e.Apply(f.now, 1, 0, &Disconnect{})
				f.settle()
			}
		}
	}
	return f.e.Digest()
}

func FuzzGroups(f *testing.F) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 2))
		in := make([]byte, 1500)
		for i := range in {
			in[i] = byte(r.Uint32())
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		run := func() uint64 {
			g := groupFuzzer{epochs: map[string]int32{}, session: map[string]int32{}}
			g.t, g.in, g.e = t, in, New(Config{Seed: 4, Defaults: []ConfigEntry{{Name: "offsets.topic.num.partitions", Value: "2"},
				{Name: "share.coordinator.state.topic.num.partitions", Value: "2"}, {Name: "group.consumer.max.size", Value: "4"}}})
			return g.run()
		}
		if a, b := run(), run(); a != b {
			t.Errorf("digests %x and %x", a, b)
		}
	})
}
