package client_test

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

// world is a cluster and its consumers in virtual time. Everything travels as bytes,
// as through a socket, and takes latency each way.
type world struct {
	t       testing.TB
	e       *engine.Engine
	now     engine.Time
	latency engine.Time
	seen    func(broker int32, cmd engine.Command)
	flights []flight // ordered by time, then as sent
	members []*member
	topics  map[string]engine.TopicID
	lose    func(m *member, cmd engine.Command) (request, reply bool)

	calls      int
	rebalances int            // KindGeneration events
	anyValue   bool           // values are not offsets
	removed    []string       // why members were removed
	times      map[string]int // how often each record was processed
}

type flight struct {
	at      engine.Time
	to      *member // a reply; nil for a request
	session engine.Session
	token   engine.Token
	broker  int32
	cmd     engine.Command
	reply   engine.Reply
}

// kept is a command as it comes out at the other end of a socket, for those of
// consumers; a producer's is copied.
func kept(cmd engine.Command) engine.Command {
	switch c := cmd.(type) {
	case *engine.Produce:
		copied := *c
		copied.Batch = slices.Clone(c.Batch)
		return &copied
	case *engine.InitProducerID, *engine.TxnOffsetCommit, *engine.EndTxn:
		return cmd
	}
	got, err := engine.DecodeCommand(engine.AppendCommand(nil, cmd))
	if err != nil {
		panic(err)
	}
	return got
}

func keptReply(r *engine.Reply) engine.Reply {
	switch r.Body.(type) {
	case *engine.InitProducerIDReply, *engine.EndTxnReply:
		return *r
	}
	got, err := engine.DecodeReply(engine.AppendReply(nil, r))
	if err != nil {
		panic(err)
	}
	return got
}

// machine is what the clients have in common.
type machine interface {
	Tick(now engine.Time)
	Reply(now engine.Time, r *engine.Reply)
	Deadline() (engine.Time, bool)
	Requests() []client.Request
	Sent()
	Facts() []client.Fact
	ClearFacts()
}

// cloned is a clone of a machine.
func cloned(m machine) machine {
	switch m := m.(type) {
	case *client.Consumer:
		return m.Clone()
	case *client.Producer:
		return m.Clone()
	}
	panic("no clone")
}

// member is one client process, most often a consumer.
type member struct {
	name    string
	c       *client.Consumer
	p       *client.Producer
	machine machine
	acked   map[string]int // of a producer, records by partition
	session engine.Session
	crashed bool
	frozen  bool
	facts   []string
	did     map[client.FactKind]int
	log     []string // records processed
	values  []string // and their values
	lost    map[engine.Token]bool
	view    client.ConsumerView
}

func newWorld(t testing.TB) *world {
	return &world{t: t, topics: map[string]engine.TopicID{}, times: map[string]int{},
		e: engine.New(engine.Config{Seed: 1, Defaults: []engine.ConfigEntry{{Name: "group.initial.rebalance.delay.ms", Value: "0"}}})}
}

// topic makes a topic.
func (w *world) topic(name string, partitions int32) {
	w.t.Helper()
	r := w.do(&engine.CreateTopic{Name: name, Partitions: partitions, ReplicationFactor: -1})
	w.topics[name] = r.Body.(*engine.CreateTopicReply).Topic
}

// do applies a command from outside and gives its reply.
func (w *world) do(cmd engine.Command) engine.Reply {
	w.t.Helper()
	w.e.Apply(w.now, 1, 999, cmd)
	var answer engine.Reply
	for _, r := range w.e.Ready().Replies {
		if r.To == 1 {
			answer = r
		}
	}
	w.handle()
	if answer.Code != engine.None {
		w.t.Fatalf("%T: %v", cmd, answer.Code)
	}
	return answer
}

// produce writes n records of one batch to a partition; values are their offsets.
func (w *world) produce(topic string, p engine.Partition, n int) {
	w.t.Helper()
	view, _ := w.e.Partition(w.topics[topic], p)
	var b batch.Builder
	b.Reset(nil)
	for i := range n {
		b.Add(int64(w.now), []byte("k"), strconv.AppendInt(nil, int64(view.LogEnd)+int64(i), 10), nil)
	}
	w.do(&engine.Produce{Topic: w.topics[topic], Partition: p, Acks: -1, Batch: b.Finish()})
}

// settings are what most tests start from: a member notices things within seconds.
func settings(pairs ...string) client.ConsumerConfig {
	cfg := client.DefaultConsumerConfig()
	cfg.GroupID, cfg.Topics, cfg.AutoOffsetReset = "g", []string{"orders"}, "earliest"
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if name == "topics" {
			cfg.Topics = strings.Split(value, ",")
		} else if err := cfg.Set(name, value); err != nil {
			panic(err)
		}
	}
	return cfg
}

// start starts a consumer process; pairs are settings.
func (w *world) start(name string, pairs ...string) *member {
	cfg := settings(pairs...)
	cfg.ClientID = name
	c := client.NewConsumer(cfg)
	m := w.join(name, c)
	m.c = c
	return m
}

// join puts a machine into the world.
func (w *world) join(name string, machine machine) *member {
	m := &member{name: name, machine: machine, session: engine.Session(10 + len(w.members)),
		did: map[client.FactKind]int{}, lost: map[engine.Token]bool{}, acked: map[string]int{}}
	w.members = append(w.members, m)
	w.settle(m)
	return m
}

// startProducer starts a producer process.
func (w *world) startProducer(name string, pairs ...string) *member {
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = name
	for _, pair := range pairs {
		key, value, _ := strings.Cut(pair, "=")
		if err := cfg.Set(key, value); err != nil {
			panic(err)
		}
	}
	p := client.NewProducer(cfg, 1)
	m := w.join(name, p)
	m.p = p
	return m
}

func (w *world) crash(m *member) {
	m.crashed = true
	w.do1(m.session)
}

func (w *world) do1(session engine.Session) {
	w.e.Apply(w.now, session, 0, &engine.Disconnect{})
	w.handle()
}

// settle takes from a machine what it has to say.
func (w *world) settle(m *member) {
	for _, f := range m.machine.Facts() {
		m.did[f.Kind]++
		tp := engine.TopicPartition{Topic: f.Topic, Partition: f.Partition}.String()
		switch f.Kind {
		case client.FactProcessed:
			record := tp + "@" + strconv.Itoa(int(f.Offset))
			m.values = append(m.values, string(f.Value))
			if !w.anyValue && f.Value != nil && string(f.Value) != strconv.Itoa(int(f.Offset)) {
				w.t.Errorf("%s: record %s has the value %q", m.name, record, f.Value)
			}
			w.times[record]++
			m.log = append(m.log, record)
		case client.FactSent:
			m.acked[tp] += int(f.End - f.Offset)
		case client.FactPolled, client.FactCommitted:
		default:
			m.facts = append(m.facts, fmt.Sprintf("%d %s %v %s %d", f.At, factNames[f.Kind], f.Code, tp, f.Offset))
		}
	}
	m.machine.ClearFacts()
	for _, r := range m.machine.Requests() {
		loseRequest := false
		if w.lose != nil {
			loseRequest, m.lost[r.Token] = w.lose(m, r.Command)
		}
		if !loseRequest {
			w.fly(flight{at: w.now + w.latency, session: m.session, token: r.Token, broker: r.Broker, cmd: kept(r.Command)})
		}
	}
	m.machine.Sent()
}

var factNames = map[client.FactKind]string{
	client.FactAssigned: "assigned", client.FactRevoked: "revoked", client.FactLost: "lost", client.FactCommitFailed: "commit failed",
	client.FactOffsetReset: "reset", client.FactPollTimeout: "poll timeout", client.FactJoined: "joined",
	client.FactRejoining: "rejoining", client.FactFatal: "fatal", client.FactAcknowledged: "acknowledged",
}

func (w *world) fly(f flight) {
	i := len(w.flights)
	for i > 0 && w.flights[i-1].at > f.at {
		i--
	}
	w.flights = slices.Insert(w.flights, i, f)
}

// handle sends the cluster's replies on their way.
func (w *world) handle() {
	ready := w.e.Ready()
	for i := range ready.Events {
		switch ev := &ready.Events[i]; ev.Kind {
		case engine.KindGeneration:
			w.rebalances++
		case engine.KindMemberRemoved:
			w.removed = append(w.removed, fmt.Sprint(ev.Aux))
		}
	}
	for i := range ready.Replies {
		r := &ready.Replies[i]
		for _, m := range w.members {
			if m.session == r.To && !m.crashed && !m.lost[r.Token] {
				w.fly(flight{at: w.now + w.latency, to: m, reply: keptReply(r)})
			}
		}
	}
	w.e.Advance()
}

// run lets time pass up to a time.
func (w *world) run(to engine.Time) {
	w.t.Helper()
	for steps := 0; ; steps++ {
		if steps > 3_000_000 {
			w.t.Fatalf("time stands still at %d", w.now)
		}
		at, m := w.next()
		if at > to {
			break
		}
		w.now = max(w.now, at)
		switch {
		case m != nil:
			w.call(m, func(c machine) { c.Tick(w.now) })
		case len(w.flights) > 0 && w.flights[0].at <= at:
			w.land()
		default:
			w.e.Tick(w.now)
			w.handle()
		}
	}
	w.now = to
}

// next is what is due next: the cluster, then what is under way, then a member.
func (w *world) next() (at engine.Time, who *member) {
	at = 1 << 62
	if d, ok := w.e.Deadline(); ok {
		at = max(d, w.now)
	}
	if len(w.flights) > 0 && w.flights[0].at < at {
		at = w.flights[0].at
	}
	for _, m := range w.members {
		if d, ok := m.machine.Deadline(); ok && !m.crashed && !m.frozen && max(d, w.now) < at {
			at, who = max(d, w.now), m
		}
	}
	return at, who
}

func (w *world) land() {
	f := w.flights[0]
	w.flights = slices.Delete(w.flights, 0, 1)
	if f.to == nil {
		cmd := f.cmd
		if w.seen != nil {
			w.seen(f.broker, cmd)
		}
		w.e.ApplyTo(w.now, f.broker, f.session, f.token, cmd)
		w.handle()
		return
	}
	if f.to.crashed {
		return
	}
	if f.to.frozen {
		w.t.Fatal("a reply for a frozen member: the tests do not need it")
	}
	r := f.reply
	w.call(f.to, func(c machine) { c.Reply(w.now, &r) })
}

// call calls a consumer, and now and then a clone of it before: the clone must say the
// same, and the consumer must not notice.
func (w *world) call(m *member, do func(c machine)) {
	w.calls++
	if w.calls%5 == 0 {
		clone := cloned(m.machine)
		do(clone)
		do(m.machine)
		if !reflect.DeepEqual(clone.Requests(), m.machine.Requests()) || !reflect.DeepEqual(clone.Facts(), m.machine.Facts()) {
			w.t.Errorf("at %d %s and its clone differ:\n%+v\n%+v", w.now, m.name, m.machine.Requests(), clone.Requests())
		}
	} else {
		do(m.machine)
	}
	w.settle(m)
}

// see is the member's view now.
func (m *member) see() *client.ConsumerView {
	m.c.View(&m.view)
	return &m.view
}

// owns is what a member holds, as orders-0 orders-1.
func (m *member) owns() string {
	var list []string
	for _, p := range m.see().Partitions {
		list = append(list, engine.TopicPartition{Topic: p.Topic, Partition: p.Partition}.String())
	}
	return strings.Join(list, " ")
}

// divided checks who owns how much, and that every partition has one owner.
func (w *world) divided(total int, want ...int) {
	w.t.Helper()
	var got []int
	owners := map[string]string{}
	for _, m := range w.members {
		if m.c == nil {
			continue
		}
		v := m.see()
		if m.crashed || v.State == client.Closed || v.State == client.Failed || v.State == client.Fenced {
			continue
		}
		if v.State != client.Stable {
			w.t.Errorf("%s is in state %d at %d", m.name, v.State, w.now)
		}
		got = append(got, len(v.Partitions))
		for _, tp := range strings.Fields(m.owns()) {
			if other := owners[tp]; other != "" {
				w.t.Errorf("%s belongs to %s and %s", tp, other, m.name)
			}
			owners[tp] = m.name
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(owners) != total {
		w.t.Errorf("at %d the %d partitions are divided %v, want %d as %v", w.now, len(owners), got, total, want)
	}
}

// group is the coordinator's view of the group.
func (w *world) group(name string) engine.DescribedGroup {
	r := w.do(&engine.DescribeGroups{Groups: []string{name}})
	return r.Body.(*engine.DescribeGroupsReply).Groups[0]
}

// committedAt is the committed offset of a partition.
func (w *world) committedAt(topic string, p engine.Partition) engine.Offset {
	r := w.do(&engine.OffsetFetch{Group: "g", Partitions: []engine.TopicPartition{{Topic: topic, Partition: p}}})
	return r.Body.(*engine.OffsetFetchReply).Offsets[0].Offset
}

// count checks how many records were processed never, once and again.
func (w *world) count(topic string, p engine.Partition, n, never, again int) {
	w.t.Helper()
	gotNever, gotAgain := 0, 0
	for o := range n {
		switch times := w.times[fmt.Sprintf("%s-%d@%d", topic, p, o)]; {
		case times == 0:
			gotNever++
		case times > 1:
			gotAgain++
		}
	}
	if gotNever != never || gotAgain != again {
		w.t.Errorf("of %d records of %s-%d, %d were never processed and %d more than once; want %d and %d", n, topic, p, gotNever, gotAgain, never, again)
	}
}

// has checks that the member's facts contain something.
func (m *member) has(t testing.TB, text string) {
	t.Helper()
	if !strings.Contains(strings.Join(m.facts, "\n"), text) {
		t.Errorf("%s did not %q:\n%s", m.name, text, strings.Join(m.facts, "\n"))
	}
}
