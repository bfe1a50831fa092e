package engine

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/batch"
)

// mixer turns bytes into commands of every kind to a cluster, most of them sensible: it
// looks into the engine for what a client would know.
type mixer struct {
	t      *testing.T
	e      *Engine
	in     []byte
	now    Time
	tok    Token
	asked  map[Token]string // what waits for an answer
	stored *[]Event         // the durable events, if wanted
	drawn  map[string]int   // commands by kind, if wanted
	done   map[string]int   // those that were not refused
	last   []string         // what was done last, to be told when something is wrong
}

// mixed is the cluster that the first bytes choose.
func mixed(in []byte) Config {
	b := append(slices.Clone(in[:min(4, len(in))]), 0, 0, 0, 0)
	cfg := Config{Seed: uint64(b[3]), Brokers: []int{1, 2, 3, 3, 4}[b[0]%5], LatencyMs: int64(b[1]%4) * 7, Racks: []string{"a", "b"}}
	factor := strconv.Itoa(min(cfg.Brokers, int(b[2]%3)+1))
	for _, s := range [...]string{"offsets.topic.num.partitions=2", "transaction.state.log.num.partitions=2", "share.coordinator.state.topic.num.partitions=2",
		"offsets.topic.replication.factor=" + factor, "transaction.state.log.replication.factor=" + factor, "share.coordinator.state.topic.replication.factor=" + factor,
		"group.max.size=4", "group.consumer.max.size=4", "log.retention.check.interval.ms=20000", "group.initial.rebalance.delay.ms=500",
		"transactional.id.expiration.ms=400000", "transaction.remove.expired.transaction.cleanup.interval.ms=60000",
		"producer.id.expiration.ms=200000", "producer.id.expiration.check.interval.ms=20000",
		"replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector"} {
		e := entryOf([]byte(s))
		cfg.Defaults = append(cfg.Defaults, e)
	}
	return cfg
}

func newMixer(t *testing.T, in []byte) *mixer {
	m := &mixer{t: t, in: in, asked: map[Token]string{}, e: New(mixed(in))}
	m.in = in[min(4, len(in)):]
	return m
}

func (m *mixer) byte() int {
	if len(m.in) == 0 {
		return 0
	}
	b := m.in[0]
	m.in = m.in[1:]
	return int(b)
}

// pick takes one of the words.
func (m *mixer) pick(words ...string) string { return words[m.byte()%len(words)] }

// begin makes what most commands need.
func (m *mixer) begin() {
	m.do(0, &CreateTopic{Name: "orders", Partitions: 2, ReplicationFactor: int16(min(3, len(m.e.brokers))),
		Config: []ConfigEntry{{Name: "segment.bytes", Value: "400"}}})
	m.do(0, &AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
}

// run does all that the bytes say, at most so many steps.
func (m *mixer) run(steps int) {
	for ; steps > 0 && len(m.in) > 0; steps-- {
		m.step()
	}
}

func (m *mixer) step() {
	switch b := m.byte(); {
	case b < 30:
		m.tick(m.now + Time(m.byte()*m.byte()/10))
	case b < 60:
		if at, ok := m.e.Deadline(); ok {
			m.tick(max(m.now, at))
		}
	case b < 64:
		m.mend()
	default:
		one := mixerKinds[m.byte()%len(mixerKinds)]
		to := int32(0)
		if b := m.byte(); b%4 == 0 {
			to = m.broker()
		} else if p := m.partition(); p != nil && b%4 == 1 {
			to = p.leader()
		}
		m.do(max(to, 0), one.draw(m))
	}
}

// mend brings all brokers and links back. The cluster itself may do so, whoever else is
// denied it.
func (m *mixer) mend() {
	m.own(&HealLink{})
	for i := range m.e.brokers {
		m.own(&ResumeBroker{m.e.brokers[i].id})
	}
	m.tick(m.now + 5_000) // those that shut down have ended
	for i := range m.e.brokers {
		m.own(&StartBroker{m.e.brokers[i].id})
		m.own(&SlowBroker{m.e.brokers[i].id, 0})
	}
	m.tick(m.now + 20_000)
}

func (m *mixer) own(cmd Command) {
	m.e.Apply(m.now, 0, 0, cmd)
	m.after()
}

func (m *mixer) tick(to Time) {
	m.now = to
	m.e.Tick(to)
	m.after()
}

func (m *mixer) do(to int32, cmd Command) {
	m.tok++
	if p, ok := cmd.(*Produce); !ok || p.Acks != 0 {
		m.asked[m.tok] = typeName(cmd)
	}
	if m.drawn != nil {
		m.drawn[typeName(cmd)]++
	}
	m.e.Tick(m.now) // what is due comes before it
	m.after()
	m.last = append(m.last[max(0, len(m.last)-20):], fmt.Sprintf("%d: to %d %s %+v", m.now, to, typeName(cmd), cmd))
	from := Session(1 + int(m.tok)%3)
	m.e.ApplyTo(m.now, to, from, m.tok, cmd)
	if _, ok := cmd.(*Disconnect); ok {
		clear(m.asked) // whoever it was waits no more
	}
	m.after()
}

// after takes the replies and checks the engine.
func (m *mixer) after() {
	for _, r := range m.e.Ready().Replies {
		if kind := m.asked[r.Token]; m.done != nil && r.Code == None {
			m.done[kind]++
		}
		delete(m.asked, r.Token)
	}
	for _, ev := range m.e.Ready().Events {
		if m.stored != nil && ev.Kind.Durable() {
			ev.Bytes = slices.Clone(ev.Bytes)
			*m.stored = append(*m.stored, ev)
		}
	}
	m.e.Advance()
	if err := m.e.Check(); err != nil {
		m.t.Fatalf("at %d: %v, after\n%s", m.now, err, strings.Join(m.last, "\n"))
	}
}

// copy gives a mixer that goes on the same way with another engine.
func (m *mixer) copy(e *Engine) *mixer {
	c := *m
	c.e, c.asked, c.stored = e, maps.Clone(m.asked), nil
	return &c
}

func (m *mixer) broker() int32 { return FirstBroker + int32(m.byte()%len(m.e.brokers)) }

func (m *mixer) topic() string { return m.pick("orders", "orders", "other", "none") }

func (m *mixer) tp() TopicPartition { return TopicPartition{m.topic(), Partition(m.byte() % 3)} }

// partition is one that there is, or nil.
func (m *mixer) partition() *partition {
	tp := TopicPartition{"orders", Partition(m.byte() % 2)}
	return m.e.named(tp)
}

func (m *mixer) id(topic string) TopicID { return m.e.topicByName[topic] }

func (m *mixer) replicas() []int32 {
	return m.e.placeReplicas(TopicID(m.byte()+1), 0, 1+m.byte()%len(m.e.brokers))
}

// producing is a transactional id with what its client would know of it.
func (m *mixer) producer() (name string, x txn) {
	name = m.pick("ta", "tb")
	x.producer, x.epoch = -1, -1
	if there := m.e.txnNamed(name); there != nil {
		x = *there
	}
	if m.byte() > 240 {
		x.epoch--
	}
	return name, x
}

func (m *mixer) produce() Command {
	c := &Produce{Topic: m.id(m.topic()), Partition: Partition(m.byte() % 2), Acks: int16(m.byte()%3 - 1), TimeoutMs: int32(m.byte() * 20),
		Version: int16(m.byte() % 2 * 3)}
	kind, key := m.byte(), []byte{byte('a' + m.byte()%5)}
	var b batch.Builder
	b.Reset(nil)
	if kind%3 > 0 {
		c.Version = 0
		id, epoch := int64(kind%4+900), int16(0)
		if kind%3 == 2 {
			name, x := m.producer()
			c.TransactionalID, id, epoch = name, x.producer, x.epoch
			b.Header.Attributes |= batch.Transactional
		}
		b.Header.ProducerID, b.Header.ProducerEpoch, b.Header.BaseSequence = id, epoch, 0
		if p := m.e.partitionAt(c.Topic, c.Partition); p != nil {
			if one := p.producers.lookup(id); one != nil && one.epoch == epoch {
				b.Header.BaseSequence = batch.AddSequence(one.lastSequence(), 1)
			}
		}
	}
	for i := range 1 + kind%3 {
		value := []byte("value " + strconv.Itoa(m.byte()))
		if kind > 200 {
			value = nil
		}
		b.Add(int64(m.now)+int64(i), key, value, nil)
	}
	c.Batch = b.Finish()
	return c
}

func (m *mixer) offsets() (list []CommitOffset) {
	for range m.byte() % 3 {
		tp := m.tp()
		o := CommitOffset{Topic: tp.Topic, Partition: tp.Partition, LeaderEpoch: -1}
		if p := m.e.named(tp); p != nil {
			o.Offset = min(p.highWatermark(), Offset(m.byte()))
		}
		list = append(list, o)
	}
	return list
}

// member is one that a classic group has, or a new one.
func (m *mixer) member(group string) (name, instance string, generation int32) {
	g := m.e.groupNamed(group)
	if g == nil || m.byte()%8 == 0 {
		return "", "", -1
	}
	names := slices.Sorted(maps.Keys(g.byName))
	if len(names) == 0 {
		return "", "", -1
	}
	name = names[m.byte()%len(names)]
	generation = g.generation
	if g.kind != GroupClassic {
		generation = g.byName[name].epoch
	}
	return name, g.byName[name].instance, generation
}

func (m *mixer) topics() []string {
	return [][]string{{"orders"}, {"orders", "other"}, {"other"}, {}}[m.byte()%4]
}

func (m *mixer) join() Command {
	c := &JoinGroup{Group: m.pick("g", "h", "k"), ClientID: "c", ProtocolType: consumerProtocol, SessionTimeoutMs: int32(6000 + m.byte()*100),
		RebalanceTimeoutMs: int32(m.byte() * 100), Version: int16(m.byte() % 2 * 3)}
	c.Member, c.Instance, _ = m.member(c.Group)
	if c.Member == "" && m.byte()%3 == 0 {
		c.Instance = m.pick("one", "two")
	}
	s := Subscription{Topics: m.topics(), Generation: -1}
	c.Protocols = []JoinProtocol{{"range", s.Append(nil, 1)}}
	return c
}

func (m *mixer) sync() Command {
	c := &SyncGroup{Group: m.pick("g", "h", "k")}
	c.Member, c.Instance, c.Generation = m.member(c.Group)
	g := m.e.groupNamed(c.Group)
	if g == nil || g.kind != GroupClassic {
		return c
	}
	if g.leader != nil && m.byte()%2 == 0 {
		c.Member, c.Instance = g.leader.name, g.leader.instance
	}
	for i, one := range g.members { // a partition to each
		a := Assignment{Partitions: []TopicPartitions{{"orders", []int32{int32(i)}}}}
		c.Assignments = append(c.Assignments, MemberAssignment{one.name, a.Append(nil, 1)})
	}
	return c
}

// beat is a heartbeat of a consumer or share group: its member's epoch, what it owns.
func (m *mixer) beat(group string) (name string, epoch int32, owned []OwnedTopic) {
	name = m.pick("a", "b", "c")
	g := m.e.groupNamed(group)
	if g == nil || g.member(name) == nil {
		return name, 0, nil
	}
	one := g.member(name)
	switch b := m.byte(); {
	case b < 10:
		return name, -1, nil
	case b < 20:
		return name, -2, nil
	case b < 30:
		return name, int32(b) - 25, nil
	}
	return name, one.epoch, ownedTopics(one.assigned)
}

func (m *mixer) consumerBeat() Command {
	c := &ConsumerGroupHeartbeat{Group: m.pick("k", "g"), RebalanceTimeoutMs: -1}
	name, epoch, owned := m.beat(c.Group)
	c.Member, c.Epoch = name, epoch
	switch b := m.byte(); {
	case epoch == 0:
		c.RebalanceTimeoutMs, c.Subscribed, c.Topics, c.Owns = int32(b*100), true, m.topics(), true
	case b%4 == 0:
		c.Subscribed, c.Topics = true, m.topics()
	default:
		c.Owns, c.Owned = b%2 == 0, owned
	}
	if c.Member == "c" {
		c.Instance = "static"
	}
	return c
}

func (m *mixer) shareBeat() Command {
	c := &ShareGroupHeartbeat{Group: "s"}
	c.Member, c.Epoch, _ = m.beat("s")
	if c.Epoch == 0 || m.byte()%4 == 0 {
		c.Topics = m.topics()
	}
	return c
}

// shareSession is one that there is, with the epoch that its next request has.
func (m *mixer) shareSession() (member string, epoch int32) {
	if n := len(m.e.shareSessions); n > 0 && m.byte()%6 > 0 {
		s := m.e.shareSessions[m.byte()%n]
		if m.byte() < 15 {
			return m.e.memberNames[s.member], -1
		}
		return m.e.memberNames[s.member], s.epoch
	}
	return m.pick("a", "b", "c"), 0
}

func (m *mixer) sharePart(acks bool) SharePart {
	part := SharePart{Topic: m.id("orders"), Partition: Partition(m.byte() % 2)}
	g := m.e.groupNamed("s")
	if !acks || g == nil {
		return part
	}
	for _, sp := range g.shares {
		if sp.at != placeOf(part.Topic, part.Partition) {
			continue
		}
		for i := range sp.records {
			if o := sp.start + Offset(i); sp.records[i].state == ShareAcquired && len(part.Acks) < 3 {
				part.Acks = append(part.Acks, ShareAck{First: o, Last: o, Types: []AckType{AckType(m.byte()%3 + 1)}})
			}
		}
	}
	return part
}
