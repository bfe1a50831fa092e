package engine

import (
	"math/rand/v2"
	"testing"
)

// fuzzClient is one client of a fuzzed cluster: it remembers what it was told.
type fuzzClient struct {
	group, member, instance string
	generation              int32
	leads                   []string // the members that it has to assign to
}

// fuzzer turns bytes into commands, mostly sensible ones.
type fuzzer struct {
	t       *testing.T
	e       *Engine
	in      []byte
	now     Time
	tok     Token
	clients [6]fuzzClient
	waiting map[Token]int // which client waits for a reply
}

func newFuzzer(t *testing.T, in []byte) *fuzzer {
	f := &fuzzer{t: t, in: in, waiting: map[Token]int{}, e: New(Config{Seed: 3, Defaults: []ConfigEntry{
		{Name: "offsets.topic.num.partitions", Value: "2"}, {Name: "group.max.size", Value: "4"},
		{Name: "log.retention.check.interval.ms", Value: "20000"}}})}
	for i := range f.clients {
		f.clients[i].group = []string{"g", "h"}[i/4]
	}
	f.clients[1].instance, f.clients[2].instance, f.clients[3].instance = "one", "two", "two"
	return f
}

func (f *fuzzer) byte() int {
	if len(f.in) == 0 {
		return 0
	}
	b := f.in[0]
	f.in = f.in[1:]
	return int(b)
}

func (f *fuzzer) run() uint64 {
	f.do(0, &CreateTopic{Name: "orders", Partitions: 3})
	for steps := 0; len(f.in) > 0 && steps < 200; steps++ {
		f.step()
	}
	return f.e.Digest()
}

func (f *fuzzer) step() {
	op := f.byte()
	i := op / 16 % len(f.clients)
	c := &f.clients[i]
	switch op % 16 {
	case 0, 1, 2:
		f.do(i, f.join(c))
	case 3, 4:
		f.do(i, f.sync(c))
	case 5:
		f.do(i, &Heartbeat{Group: c.group, Member: c.member, Instance: c.instance, Generation: c.generation})
	case 6:
		f.do(i, &LeaveGroup{Group: c.group, Members: []LeavingMember{{Member: c.member, Instance: c.instance}}})
	case 7:
		f.do(i, f.commit(c))
	case 8:
		f.do(i, &OffsetFetch{Group: c.group, All: true})
	case 9:
		f.now += Time(f.byte() * 100)
		f.e.Tick(f.now)
		f.after()
	case 10:
		if at, ok := f.e.Deadline(); ok {
			f.now = max(f.now, at)
			f.e.Tick(f.now)
			f.after()
		}
	case 11:
		id := f.e.topicByName["orders"]
		f.do(i, &Produce{Topic: id, Partition: Partition(f.byte() % 4), Acks: 1, Batch: records(int64(f.now), "a", "b")})
	case 12:
		f.do(i, fetchOf(f.e.topicByName["orders"], Offset(f.byte()%8), int32(f.byte()), int32(f.byte()*10)))
	case 13:
		f.admin(i)
	case 14:
		f.e.Tick(f.now) // what is due comes before it
		f.after()
		f.e.Apply(f.now, Session(i+1), 0, &Disconnect{})
		for tok, client := range f.waiting {
			if client == i {
				delete(f.waiting, tok)
			}
		}
		f.after()
	case 15: // forget who one is: a restart
		c.member = ""
	}
}

func (f *fuzzer) admin(i int) {
	switch b := f.byte(); b % 12 {
	case 0:
		f.do(i, &DeleteTopic{Name: "orders"})
	case 1:
		f.do(i, &CreateTopic{Name: "orders", Partitions: int32(b%5 + 1)})
	case 2:
		f.do(i, &CreatePartitions{Name: "orders", Count: int32(b % 8)})
	case 3:
		f.do(i, &DeleteGroups{Groups: []string{"g", "h"}})
	case 4:
		f.do(i, &DescribeGroups{Groups: []string{"g", "none"}})
	case 5:
		f.do(i, &ListGroups{})
		f.do(i, &AlterConfig{Topic: OffsetsTopic, Entries: []ConfigEntry{{Name: "segment.bytes", Value: "300"}}})
	case 6:
		f.do(i, &DeleteRecords{Topic: f.e.topicByName["orders"], Partition: Partition(b / 12 % 3), Before: Offset(b/36) - 1})
	case 7:
		f.do(i, &AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: "segment.bytes", Value: "300"}, {Name: "retention.ms", Value: "9000"},
			{Name: "cleanup.policy", Value: []string{"compact", "delete", "compact,delete"}[b/12%3]}, {Name: "delete.retention.ms", Value: "5000"}}})
	case 8:
		f.do(i, &OffsetDelete{Group: "g", Partitions: []TopicPartition{{"orders", 0}, {"orders", Partition(b % 3)}}})
	case 9:
		f.do(i, &AlterBrokerConfig{Static: true, Entries: []ConfigEntry{{Name: "offsets.retention.minutes", Value: "1"},
			{Name: "offsets.retention.check.interval.ms", Value: "15000"}, {Name: "authorizer.class.name", Value: []string{"", "StandardAuthorizer"}[b/12%2]},
			{Name: "super.users", Value: "User:a"}}})
	case 10:
		f.do(i, &AlterQuotas{Entries: []Quota{{User: defaultEntity, Key: []string{produceRate, consumeRate, requestShare}[b/12%3], Value: 1, Remove: b > 128}}})
	case 11:
		f.do(i, &Authenticate{Principal: "User:" + string(rune('a'+b/12%2)), ClientID: "c"})
		f.do(i, &CreateACLs{Rules: []ACL{{resTopic, "o", prefixed, "User:b", "*", opRead, allow}, {resGroup, "g", literal, "User:*", "*", opAll, allow}}})
	}
}

func (f *fuzzer) join(c *fuzzClient) *JoinGroup {
	b := f.byte()
	cmd := &JoinGroup{Group: c.group, Member: c.member, Instance: c.instance, ClientID: "c", ProtocolType: "consumer",
		SessionTimeoutMs: int32(6000 + b%4*5000), RebalanceTimeoutMs: int32(b % 8 * 3000), Version: int16(b / 32 * 3)}
	for i, name := range []string{"range", "sticky"} {
		if b%16 != 7+i {
			cmd.Protocols = append(cmd.Protocols, JoinProtocol{name, []byte{byte(b % 3)}})
		}
	}
	return cmd
}

func (f *fuzzer) sync(c *fuzzClient) *SyncGroup {
	cmd := &SyncGroup{Group: c.group, Member: c.member, Instance: c.instance, Generation: c.generation}
	for i, name := range c.leads { // every partition to one member
		a := Assignment{}
		for p := int32(i); p < 5; p += int32(len(c.leads)) {
			a.Partitions = append(a.Partitions, TopicPartitions{"orders", []int32{p}})
		}
		cmd.Assignments = append(cmd.Assignments, MemberAssignment{name, a.Append(nil, 1)})
	}
	return cmd
}

func (f *fuzzer) commit(c *fuzzClient) *OffsetCommit {
	b := f.byte()
	cmd := &OffsetCommit{Group: c.group, Member: c.member, Instance: c.instance, Generation: c.generation, Version: int16(8 + b%2)}
	if b%3 == 0 {
		cmd.Member, cmd.Instance, cmd.Generation = "", "", -1
	}
	for p := range Partition(b % 4) {
		end := Offset(0)
		if v, ok := f.e.Partition(f.e.topicByName["orders"], p); ok {
			end = v.LogEnd
		}
		cmd.Offsets = append(cmd.Offsets, CommitOffset{Topic: "orders", Partition: p, Offset: min(end, Offset(b/8))})
	}
	return cmd
}

func (f *fuzzer) do(i int, cmd Command) {
	f.tok++
	f.waiting[f.tok] = i
	f.e.Apply(f.now, Session(i+1), f.tok, cmd)
	f.after()
}

// after hands the replies to the clients and checks the engine.
func (f *fuzzer) after() {
	for _, r := range f.e.Ready().Replies {
		i, ok := f.waiting[r.Token]
		if !ok || r.To != Session(i+1) {
			f.t.Fatalf("reply to nobody: %+v", r)
		}
		delete(f.waiting, r.Token)
		c := &f.clients[i]
		switch body := r.Body.(type) {
		case *JoinGroupReply:
			if r.Code == None || r.Code == MemberIDRequired {
				c.member, c.generation, c.leads = body.Member, body.Generation, nil
				for _, m := range body.Members {
					c.leads = append(c.leads, m.Member)
				}
			} else if r.Code == UnknownMemberID {
				c.member = ""
			}
		case nil:
			if r.Code == UnknownMemberID {
				c.member = ""
			}
		}
	}
	seq := f.e.seq - uint64(len(f.e.Ready().Events))
	for _, ev := range f.e.Ready().Events {
		if seq++; ev.Seq != seq || ev.At > f.now || ev.Kind == 0 {
			f.t.Fatalf("event %+v at %d", ev, f.now)
		}
	}
	f.e.Advance()
	if err := f.e.Check(); err != nil {
		f.t.Fatal(err)
	}
}

func FuzzClassicGroups(f *testing.F) {
	f.Add([]byte{})
	// Two dynamic members and two static ones that fight for one instance id.
	f.Add([]byte{0, 0, 0, 0, 64, 3, 64, 3, 10, 10, 3, 67, 5, 69, 11, 0, 11, 1, 7, 10, 16, 1, 32, 1, 48, 1, 10, 10, 10, 35, 51, 19, 3, 6, 10, 10})
	// Topics come and go under a group that commits.
	f.Add([]byte{7, 0, 13, 5, 11, 0, 7, 3, 11, 0, 7, 11, 11, 0, 7, 19, 7, 27, 7, 3, 7, 11, 7, 19, 10, 10, 9, 250, 7, 3, 13, 0, 9, 250, 9, 250})
	f.Add([]byte{0, 32, 9, 30, 3, 11, 0, 7, 9, 13, 0, 8, 13, 1, 7, 250, 13, 2, 7, 3, 6, 13, 3})
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		in := make([]byte, 400)
		for i := range in {
			in[i] = byte(r.Uint32())
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if a, b := newFuzzer(t, in).run(), newFuzzer(t, in).run(); a != b {
			t.Errorf("digests %x and %x", a, b)
		}
	})
}
