package sim

import (
	"partita/engine"
	"partita/engine/client"
)

// The invariants that Check cannot see, for they are about what happened over time.
const (
	WatermarkRises  engine.Invariant = "watermark-rises"
	AckedReplicated engine.Invariant = "acked-replicated"
	ReadReplicated  engine.Invariant = "read-replicated"
	ReadCommitted   engine.Invariant = "read-committed"
	OneOwner        engine.Invariant = "one-owner-at-a-time"
	GenerationsRise engine.Invariant = "generations-rise"
	AckedKept       engine.Invariant = "acked-kept"
	WrittenOnce     engine.Invariant = "written-once"
	KeysInOrder     engine.Invariant = "keys-in-order"
	CommitOfMember  engine.Invariant = "commit-of-member"
	ZombiesFenced   engine.Invariant = "zombies-fenced"
	ExactlyOnce     engine.Invariant = "exactly-once"
)

// Invariants has one sentence for each, for people.
var Invariants = []struct {
	Name engine.Invariant
	Says string
}{
	{WatermarkRises, "The high watermark of a partition leader never falls, and a new leader that comes from the ISR has all that was below it."},
	{AckedReplicated, "A record that was acknowledged with acks=all lies below the high watermark."},
	{ReadReplicated, "A consumer gets only records below the high watermark."},
	{ReadCommitted, "With isolation.level=read_committed a consumer gets no record of an open or aborted transaction."},
	{OneOwner, "In one generation a partition is assigned to at most one consumer."},
	{GenerationsRise, "The generation of a group goes up, as long as its coordinator stays."},
	{AckedKept, "A record that was acknowledged with acks=all, with min.insync.replicas of at least 2 and without unclean elections, is never lost."},
	{WrittenOnce, "A producer with enable.idempotence=true writes each record once."},
	{KeysInOrder, "A producer with enable.idempotence=true writes the records of a key in their order."},
	{ExactlyOnce, "With processing.guarantee=exactly_once each record has its effect in the output topic once."},
	{ZombiesFenced, "Once a partition has a record batch of a producer's epoch, it takes none of an earlier epoch."},
	{CommitOfMember, "Offsets are committed by members of the group, in its generation."},
}

// flushing permits that a machine which loses power forgets records.
const flushing = "log.flush.interval.messages"

// Monitor watches a world and notes the first invariant that does not hold. What a
// setting permits to go wrong is not a failure; Excused counts it by that setting.
type Monitor struct {
	Excused map[string]int64
	// Promised says that nobody moves committed offsets by hand, and nothing takes
	// records away before they are read: then processing.guarantee=exactly_once is kept.
	Promised bool

	world   *World
	err     error
	unclean bool     // there was an unclean election
	claimed []Breach // verdicts whose settings are to be looked at
	parts   map[topicPart]*watched
	owners  map[ownership]string
	groups  map[engine.GroupID]int32 // the generation of each
}

// watched is what a monitor knows of a partition.
type watched struct {
	elected  int32           // the epoch of a new leader whose high watermark has not moved yet
	hw       engine.Offset   // now
	highest  engine.Offset   // ever
	unclean  bool            // some leader was not of the ISR
	unsynced bool            // a broker has lost records that it had not flushed
	leading  int32           // epoch of the newest leader that has written
	epochs   map[int64]int16 // of producers, in what it has written
	open     map[int64]engine.Offset
	aborted  []span
}

type topicPart struct {
	id    engine.TopicID
	index engine.Partition
}

type span struct {
	first, end engine.Offset
	producer   int64
}

type ownership struct {
	group      string
	at         engine.TopicPartition
	generation int32
}

// NewMonitor watches a world from now on. It joins the functions that the world calls.
func NewMonitor(w *World) *Monitor {
	m := &Monitor{world: w, Excused: map[string]int64{}, parts: map[topicPart]*watched{},
		owners: map[ownership]string{}, groups: map[engine.GroupID]int32{}}
	onEvent, onFact, onSent := w.OnEvent, w.OnFact, w.OnSent
	w.OnEvent = func(ev *engine.Event) {
		if onEvent != nil {
			onEvent(ev)
		}
		m.event(ev)
	}
	w.OnFact = func(c *Consumer, f *client.Fact) {
		if onFact != nil {
			onFact(c, f)
		}
		m.fact(c, f)
	}
	w.OnSent = func(p *Producer, f *client.Fact) {
		if onSent != nil {
			onSent(p, f)
		}
		m.sent(p, f)
	}
	onBreach := w.OnBreach
	w.OnBreach = func(b *Breach) {
		if onBreach != nil {
			onBreach(b)
		}
		m.claimed = append(m.claimed, *b)
	}
	return m
}

// Err is the first invariant that did not hold, an *engine.Broken.
func (m *Monitor) Err() error { return m.err }

func (m *Monitor) broken(rule engine.Invariant, where, what string) {
	if m.err == nil {
		m.err = &engine.Broken{Invariant: rule, Where: where, What: what + " at " + itoa(int64(m.world.now)) + " ms"}
	}
}

func (m *Monitor) known(id engine.TopicID, p engine.Partition) *watched {
	at := topicPart{id, p}
	s := m.parts[at]
	if s == nil {
		s = &watched{open: map[int64]engine.Offset{}, epochs: map[int64]int16{}}
		m.parts[at] = s
	}
	return s
}

// part gives what is known of a partition, as it is now.
func (m *Monitor) part(id engine.TopicID, p engine.Partition) (*watched, engine.TopicPartition) {
	at := engine.TopicPartition{Topic: m.world.engine.TopicName(id), Partition: p}
	s := m.known(id, p)
	v, ok := m.world.engine.Partition(id, p)
	if !ok {
		return s, at
	}
	if v.HighWatermark < s.hw && v.Leader >= 0 {
		switch {
		case s.elected > 0 && v.LogEnd >= s.highest:
			// It has everything, and learns from its followers that they do too (KIP-207).
		case s.unclean:
			m.Excused["unclean.leader.election.enable=true"]++
		case s.unsynced:
			m.Excused[flushing]++
		default:
			m.broken(WatermarkRises, at.String(), "from "+itoa(int64(s.hw))+" to "+itoa(int64(v.HighWatermark)))
		}
	}
	s.hw = v.HighWatermark
	s.highest = max(s.highest, s.hw)
	return s, at
}

// Unclean reports whether any partition has had a leader that was not of the ISR.
func (m *Monitor) Unclean() bool { return m.unclean }
