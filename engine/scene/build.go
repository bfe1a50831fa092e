package scene

import (
	"slices"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// Builder makes frames of one world. It remembers the cells that it has decoded and
// the notes, so that a frame costs little however long the logs are.
type Builder struct {
	// Open gives compressed record batches without their codec, or as they are; nil: they
	// stay closed, and their records are gaps.
	Open func(batches []byte) []byte

	world *sim.World
	tapes []tape
	notes []Note
	noted int64

	view     client.ConsumerView
	members  []engine.MemberView
	offsets  []engine.FetchedOffset
	brokers  []engine.BrokerView
	replicas []engine.ReplicaView
	reading  []reading
	topicAt  []engine.TopicID // by index into Frame.Topics
	groupAt  []engine.GroupID // by index into Frame.Groups
}

// Tabs tells a Builder about clients from outside that are browser tabs.
type Tabs interface {
	// Tab gives a tab's name; false when the session is no tab, or gone.
	Tab(s engine.Session) (name string, ok bool)
	// TabPosition is where a tab stands in a partition, -1 if that is not known.
	TabPosition(s engine.Session, topic engine.TopicID, p engine.Partition) engine.Offset
}

// Viewport is what a viewer can see.
type Viewport struct {
	Cells int    // at most so many cells a stave
	Topic string // its staves only; empty: every topic that is not internal
	Tabs  Tabs   // nil: there are none
}

// stavesMost bounds the staves of one frame; topics that do not fit are left out of
// view, and the first one is cut.
const stavesMost = 64

// NewBuilder makes a Builder for a world.
func NewBuilder(w *sim.World) *Builder { return &Builder{world: w} }

// Clear forgets what belonged to a world that was cleared.
func (b *Builder) Clear() { b.tapes = b.tapes[:0] }

// Kept is what a Builder has that the world does not: the newest notes. A timeline keeps
// it with each state of the world.
type Kept struct {
	notes []Note
	noted int64
}

// Kept captures the notes.
func (b *Builder) Kept() Kept { return Kept{slices.Clone(b.notes), b.noted} }

// Restore takes back what was kept, for a world that was restored too.
func (b *Builder) Restore(k Kept) {
	b.Clear()
	b.notes, b.noted = append(b.notes[:0], k.notes...), k.noted
}

// Note adds a sentence to the frames from now on. The result is lent.
func (b *Builder) Note(at engine.Time, tone uint8, text string) *Note {
	if len(b.notes) == NotesMost {
		b.notes = append(b.notes[:0], b.notes[1:]...)
	}
	b.noted++
	b.notes = append(b.notes, Note{Seq: b.noted, At: int64(at), Tone: tone, Text: text})
	return &b.notes[len(b.notes)-1]
}

// Build fills a frame; what it points to is lent until the next Build. Room, Live,
// Paused, Speed, Viewers and Tabs are the caller's.
func (b *Builder) Build(f *Frame, v Viewport) {
	w := b.world
	f.Time = int64(w.Now())
	b.buildBrokers(f)
	b.buildTopics(f, v)
	b.buildProducers(f)
	b.buildGroups(f, v)
	b.buildFlights(f)
	b.replicaFlights(f)
	b.buildShares(f)
	b.buildLedger(f)
	b.buildExchanges(f)
	f.Notes, f.LastNote = b.notes, b.noted
}

func (b *Builder) buildTopics(f *Frame, v Viewport) {
	e := b.world.Engine()
	f.Topics, f.Staves, b.topicAt = f.Topics[:0], f.Staves[:0], b.topicAt[:0]
	e.Topics(func(t engine.TopicView) bool {
		if t.Internal && t.Name != v.Topic {
			return true
		}
		topic := Topic{Name: t.Name, Partitions: t.Partitions, Detail: sim.Count(int64(t.Partitions), "partition")}
		b.replicas = e.Replicas(t.ID, 0, b.replicas[:0])
		topic.Replicas, topic.MinISR = int32(len(b.replicas)), int32(t.MinISR)
		topic.InView = v.Topic == "" && len(f.Staves)+int(t.Partitions) <= stavesMost || v.Topic == t.Name ||
			v.Topic == "" && len(f.Staves) == 0
		for p := range engine.Partition(t.Partitions) {
			part, _ := e.Partition(t.ID, p)
			topic.Records += int64(part.LogEnd - part.LogStart)
			if topic.InView && len(f.Staves) < stavesMost {
				b.stave(f, t.ID, p, &part, v.Cells)
			}
		}
		f.Topics = append(f.Topics, topic)
		b.topicAt = append(b.topicAt, t.ID)
		return true
	})
}

func (b *Builder) stave(f *Frame, id engine.TopicID, p engine.Partition, part *engine.PartitionView, cells int) {
	f.Staves = extend(f.Staves)
	s := &f.Staves[len(f.Staves)-1]
	first := max(part.LogStart, part.LogEnd-engine.Offset(cells))
	*s = Stave{
		Topic: uint16(len(f.Topics)), Partition: uint16(p), Leader: part.Leader, LeaderEpoch: part.LeaderEpoch,
		LogStart: int64(part.LogStart), HW: int64(part.HighWatermark), LSO: int64(part.LastStable),
		LEO: int64(part.LogEnd), First: int64(first), Cells: s.Cells[:0],
		Replicas: s.Replicas[:0], Ranges: s.Ranges[:0],
	}
	b.buildReplicas(s, id, p)
	b.ranges(s, id, p)
	t := b.tapeOf(id, p)
	t.follow(b.world.Engine(), part, first, b.Open)
	for _, c := range t.done {
		if c.end > first {
			s.Ranges = append(s.Ranges, Range{Kind: RangeCommitted, First: int64(c.first), End: int64(c.end), Producer: c.producer, Member: -1})
		}
	}
	for o := first; o < part.LogEnd; o++ {
		s.Cells = append(s.Cells, t.at(o))
	}
}

// extend makes room for one more element and keeps what the element held before, so
// that its slices are used again.
func extend[T any](list []T) []T {
	if len(list) < cap(list) {
		return list[:len(list)+1]
	}
	var zero T
	return append(list, zero)
}

func (b *Builder) topicIndex(name string, f *Frame) int {
	for i := range f.Topics {
		if f.Topics[i].Name == name {
			return i
		}
	}
	return -1
}

// staveIndex finds the stave of a partition, -1 when it is not in view.
func (b *Builder) staveIndex(f *Frame, topic int, p engine.Partition) int {
	if topic < 0 || !f.Topics[topic].InView {
		return -1
	}
	for i := range f.Staves {
		if int(f.Staves[i].Topic) == topic {
			if i += int(p); i < len(f.Staves) && int(f.Staves[i].Topic) == topic {
				return i
			}
			return -1
		}
	}
	return -1
}
