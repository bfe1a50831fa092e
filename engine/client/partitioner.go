package client

import (
	"hash/crc32"
	"math/rand/v2"
	"slices"

	"partita/engine"
)

// Partitioner chooses a partition for a record: partitioner.class. Own ones may be
// given to NewProducerWith.
type Partitioner interface {
	// Partition is called for each record that names no partition itself. The answer is
	// from 0 to partitions-1.
	Partition(topic engine.TopicID, key []byte, partitions int32) int32

	// Wrote tells where the record went, by how many bytes the batch there grew, and
	// whether it is full now. It is called with 0 bytes first when the record would
	// begin another batch: then true has Partition called once more.
	Wrote(topic engine.TopicID, p engine.Partition, bytes int, full bool, partitions int32) bool

	// Clone is a copy that goes on by itself from the same state.
	Clone() Partitioner
}

// Partitioners lists the names that partitioner.class may have here: Kafka's own and
// those of two other clients that people meet.
var Partitioners = []string{"default", "sticky", "roundrobin", "consistent_random", "sarama-hash"}

// PartitionerNamed makes one of Partitioners; false for any other name.
//
//   - default: murmur2 by key; without a key one partition until batch.size bytes went
//     there, then another by chance (KIP-794, since Kafka 3.3).
//   - sticky: the same, but another partition for each batch (KIP-480, Kafka 2.4).
//   - roundrobin: each record the next partition, whatever its key.
//   - consistent_random: librdkafka's default, CRC-32 by key, by chance without one.
//   - sarama-hash: Sarama's default, FNV-1a by key, by chance without one.
func PartitionerNamed(name string, batchSize int64, ignoreKeys bool, seed uint64) (Partitioner, bool) {
	chance := *rand.NewPCG(seed, 0x853c49e6748fea9b)
	switch name {
	case "default":
		return &sticky{chance: chance, switchBytes: batchSize, ignoreKeys: ignoreKeys}, true
	case "sticky":
		return &sticky{chance: chance, ignoreKeys: ignoreKeys}, true
	case "roundrobin":
		return &roundRobin{}, true
	case "consistent_random":
		return &hashed{chance: chance, place: placeCRC32}, true
	case "sarama-hash":
		return &hashed{chance: chance, place: placeFNV1a}, true
	}
	return nil, false
}

func draw(chance *rand.PCG, n int32) int32 {
	return int32(chance.Uint64() % uint64(n))
}

// sticky is murmur2 by key, and for records without a key one partition for a while.
type sticky struct {
	chance      rand.PCG
	switchBytes int64 // 0: another partition for each batch
	ignoreKeys  bool
	keyed       bool    // the last record had a key that counted
	topics      []stuck // by TopicID
}

type stuck struct {
	chosen bool
	part   int32
	bytes  int64
}

func (s *sticky) Partition(topic engine.TopicID, key []byte, partitions int32) int32 {
	if s.keyed = key != nil && !s.ignoreKeys; s.keyed {
		return engine.PartitionForKey(key, partitions)
	}
	if int(topic) >= len(s.topics) {
		s.reach(topic)
	}
	t := &s.topics[topic]
	if !t.chosen || t.part >= partitions {
		*t = stuck{chosen: true, part: draw(&s.chance, partitions)}
	}
	return t.part
}

func (s *sticky) reach(topic engine.TopicID) {
	for int(topic) >= len(s.topics) {
		s.topics = append(s.topics, stuck{})
	}
}

// Wrote follows Java's BuiltInPartitioner: another partition by chance once batch.size
// bytes went to this one, headers of batches included, but not while a batch there is
// open, unless twice as much has gone there. KIP-480 has another for each batch, and
// never the same again.
func (s *sticky) Wrote(topic engine.TopicID, p engine.Partition, bytes int, full bool, partitions int32) bool {
	if int(topic) >= len(s.topics) || !s.topics[topic].chosen || s.topics[topic].part != int32(p) {
		return false
	}
	t := &s.topics[topic]
	if s.switchBytes == 0 {
		if bytes > 0 || partitions == 1 {
			return false
		}
		next := draw(&s.chance, partitions-1)
		if next >= t.part {
			next++
		}
		*t = stuck{chosen: true, part: next}
		return true
	}
	if s.keyed {
		return false
	}
	t.bytes += int64(bytes)
	if t.bytes < s.switchBytes || !full && t.bytes < 2*s.switchBytes {
		return false
	}
	*t = stuck{chosen: true, part: draw(&s.chance, partitions)}
	return true
}

func (s *sticky) Clone() Partitioner {
	d := *s
	d.topics = slices.Clone(s.topics)
	return &d
}

// roundRobin ignores keys.
type roundRobin struct{ next []uint32 } // by TopicID

func (r *roundRobin) Partition(topic engine.TopicID, _ []byte, partitions int32) int32 {
	for int(topic) >= len(r.next) {
		r.next = append(r.next, 0)
	}
	p := r.next[topic] % uint32(partitions)
	r.next[topic]++
	return int32(p)
}

func (r *roundRobin) Wrote(engine.TopicID, engine.Partition, int, bool, int32) bool { return false }

func (r *roundRobin) Clone() Partitioner { return &roundRobin{next: slices.Clone(r.next)} }

// hashed is another client's way: a hash by key, chance without one.
type hashed struct {
	chance rand.PCG
	place  func(key []byte, partitions int32) int32
}

func (h *hashed) Partition(_ engine.TopicID, key []byte, partitions int32) int32 {
	if len(key) == 0 {
		return draw(&h.chance, partitions)
	}
	return h.place(key, partitions)
}

func (h *hashed) Wrote(engine.TopicID, engine.Partition, int, bool, int32) bool { return false }

func (h *hashed) Clone() Partitioner {
	d := *h
	return &d
}

func placeCRC32(key []byte, partitions int32) int32 {
	return int32(crc32.ChecksumIEEE(key) % uint32(partitions))
}

func placeFNV1a(key []byte, partitions int32) int32 {
	h := uint32(2166136261)
	for _, c := range key {
		h = (h ^ uint32(c)) * 16777619
	}
	p := int32(h) % partitions
	if p < 0 {
		p = -p
	}
	return p
}
