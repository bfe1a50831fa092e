package engine

import "strconv"

type (
	// Time is virtual time in milliseconds. A server passes Unix milliseconds, a
	// simulation starts at 0.
	Time int64

	// Offset is a position in a partition: the n-th record ever written to it,
	// from 0. -1 stands for "none" wherever that can be.
	Offset int64

	// Partition is the index of a partition in its topic, from 0.
	Partition int32

	// TopicID is the dense number of a topic. It is never used again after a delete.
	TopicID uint32

	// GroupID is the dense number of a consumer group, never used again after a delete.
	GroupID uint32

	// MemberID is the dense number of a member of any group, from 1; 0 is nobody.
	// Kafka's own member id, a string, is Engine.MemberName(id).
	MemberID uint32

	// Session is one client's connection: a socket, a browser tab or a simulated client.
	Session uint32

	// Token is chosen by the client and comes back in the Reply to its command.
	Token uint64
)

// Config is what an Engine is made from. Equal configs and equal commands give
// equal events.
type Config struct {
	// Seed feeds the engine's own random numbers (member ids).
	Seed uint64

	// Defaults are broker settings that differ from Kafka's defaults, by Kafka's
	// names: group.initial.rebalance.delay.ms, group.min.session.timeout.ms,
	// group.max.session.timeout.ms, group.max.size, offsets.topic.num.partitions,
	// num.partitions, log.retention.ms and the like. Unknown names panic in New.
	Defaults []ConfigEntry

	// Brokers is how many there are, 1 to 9; 0 stands for 1. Their ids count up from
	// FirstBroker. Racks has broker.rack of each, and may be shorter.
	Brokers int
	Racks   []string

	// LatencyMs is the one-way latency between brokers.
	LatencyMs int64

	// Open gives a compressed record batch without its codec, or as it is; always the same
	// of the same. Nil: records of compressed batches are never looked at.
	Open func(bytes []byte) []byte

	// Memory gives room for records: an empty slice of that capacity, in bytes. It has no
	// part in what the engine does. Nil: make.
	Memory func(size int) []byte
}

// ConfigEntry is one setting by its Kafka name.
type ConfigEntry struct {
	Name  string
	Value string
	Unset bool // in AlterConfig: go back to the default
}

// TopicPartition names one partition as Kafka's tools print it: topic-partition.
type TopicPartition struct {
	Topic     string
	Partition Partition
}

// String gives "orders-0".
func (tp TopicPartition) String() string {
	return tp.Topic + "-" + strconv.Itoa(int(tp.Partition))
}

// OffsetsTopic is the internal topic of committed offsets and group metadata.
const OffsetsTopic = "__consumer_offsets"

// FirstBroker is the id of the first broker; ids count up from it.
const FirstBroker int32 = 101
