package engine

import (
	"errors"

	"partita/engine/batch"
)

// The bytes that consumers put into JoinGroup (a Subscription) and SyncGroup (an
// Assignment): Kafka's ConsumerProtocol, and the user data of its sticky assignors.
// The group coordinator does not look into them; members of any client do.

// ConsumerProtocolVersion is the newest version written and understood. Versions 0
// to 3 of a subscription each add fields at its end; of an assignment they are alike.
const ConsumerProtocolVersion int16 = 3

// ErrConsumerProtocol: the bytes are no subscription, assignment or user data.
var ErrConsumerProtocol = errors.New("consumer protocol: malformed bytes")

// TopicPartitions is some partitions of one topic.
type TopicPartitions struct {
	Topic      string
	Partitions []int32
}

// Subscription is what a member tells the group leader when it joins.
type Subscription struct {
	Topics     []string
	UserData   []byte            // of the assignor; nil is null
	Owned      []TopicPartitions // from version 1: what a cooperative member holds (KIP-429)
	Generation int32             // from version 2: when it was given Owned; -1 if unknown (KIP-792)
	Rack       string            // from version 3: client.rack, empty for none (KIP-881)
}

// Append appends the subscription's bytes at a version from 0 to
// ConsumerProtocolVersion; older versions leave out the newer fields.
func (s *Subscription) Append(dst []byte, version int16) []byte {
	dst = batch.AppendUint16(dst, uint16(version))
	dst = batch.AppendUint32(dst, uint32(len(s.Topics)))
	for _, topic := range s.Topics {
		dst = appendShortString(dst, topic)
	}
	dst = appendLongBytes(dst, s.UserData)
	if version >= 1 {
		dst = appendTopicPartitions(dst, s.Owned)
	}
	if version >= 2 {
		dst = batch.AppendUint32(dst, uint32(s.Generation))
	}
	if version >= 3 {
		if s.Rack == "" {
			return batch.AppendUint16(dst, 0xffff)
		}
		dst = appendShortString(dst, s.Rack)
	}
	return dst
}

// ParseSubscription reads a subscription of any version, of which a newer one is
// read as far as it is known. The error is ErrConsumerProtocol.
func ParseSubscription(b []byte) (Subscription, error) {
	r := protocolReader{b: b}
	s := Subscription{Generation: -1}
	version := r.int16()
	for n := r.count(2); n > 0 && !r.bad; n-- {
		s.Topics = append(s.Topics, r.string())
	}
	s.UserData = r.bytes()
	if version >= 1 {
		s.Owned = r.topicPartitions()
	}
	if version >= 2 {
		s.Generation = r.int32()
	}
	if version >= 3 {
		s.Rack = r.string()
	}
	if r.bad || version < 0 {
		return Subscription{}, ErrConsumerProtocol
	}
	return s, nil
}

// Assignment is what the group leader's assignor gives to one member.
type Assignment struct {
	Partitions []TopicPartitions
	UserData   []byte // nil is null
}

// Append appends the assignment's bytes at a version from 0 to ConsumerProtocolVersion.
func (a *Assignment) Append(dst []byte, version int16) []byte {
	dst = batch.AppendUint16(dst, uint16(version))
	return appendLongBytes(appendTopicPartitions(dst, a.Partitions), a.UserData)
}

// ParseAssignment reads an assignment of any version. No bytes at all, which a
// coordinator hands to a member that was given nothing, are an empty assignment. The
// error is ErrConsumerProtocol.
func ParseAssignment(b []byte) (Assignment, error) {
	if len(b) == 0 {
		return Assignment{}, nil
	}
	r := protocolReader{b: b}
	version := r.int16()
	a := Assignment{Partitions: r.topicPartitions(), UserData: r.bytes()}
	if r.bad || version < 0 {
		return Assignment{}, ErrConsumerProtocol
	}
	return a, nil
}

// AppendStickyUserData appends the user data by which a member of the sticky
// assignor tells what it was last given, and in which generation (-1 if unknown):
// StickyAssignorUserData version 1.
func AppendStickyUserData(dst []byte, owned []TopicPartitions, generation int32) []byte {
	return batch.AppendUint32(appendTopicPartitions(dst, owned), uint32(generation))
}

// ParseStickyUserData reads user data of version 1 or of version 0, which has no
// generation: -1. The bytes do not say which they are. The error is
// ErrConsumerProtocol.
func ParseStickyUserData(b []byte) (owned []TopicPartitions, generation int32, err error) {
	r := protocolReader{b: b}
	owned = r.topicPartitions()
	if r.bad {
		return nil, -1, ErrConsumerProtocol
	}
	if generation = r.int32(); r.bad {
		generation = -1
	}
	return owned, generation, nil
}

func appendShortString(dst []byte, s string) []byte {
	return append(batch.AppendUint16(dst, uint16(len(s))), s...)
}

func appendLongBytes(dst, b []byte) []byte {
	if b == nil {
		return batch.AppendUint32(dst, 0xffffffff)
	}
	return append(batch.AppendUint32(dst, uint32(len(b))), b...)
}

func appendTopicPartitions(dst []byte, list []TopicPartitions) []byte {
	dst = batch.AppendUint32(dst, uint32(len(list)))
	for i := range list {
		dst = appendShortString(dst, list[i].Topic)
		dst = batch.AppendUint32(dst, uint32(len(list[i].Partitions)))
		for _, p := range list[i].Partitions {
			dst = batch.AppendUint32(dst, uint32(p))
		}
	}
	return dst
}

// protocolReader reads big-endian fields one by one. Once one does not fit it is
// bad, and everything reads as zero.
type protocolReader struct {
	b   []byte
	bad bool
}

func (r *protocolReader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.b) {
		r.bad = true
		return nil
	}
	b := r.b[:n:n]
	r.b = r.b[n:]
	return b
}

func (r *protocolReader) int16() int16 {
	if b := r.take(2); b != nil {
		return int16(batch.Uint16(b))
	}
	return 0
}

func (r *protocolReader) int32() int32 {
	if b := r.take(4); b != nil {
		return int32(batch.Uint32(b))
	}
	return 0
}

func (r *protocolReader) int64() int64 {
	if b := r.take(8); b != nil {
		return int64(batch.Uint64(b))
	}
	return 0
}

// uvarint reads an unsigned varint, as compact lengths and tags are.
func (r *protocolReader) uvarint() int {
	v, n := batch.Uvarint(r.b)
	r.take(n) // -1 when it is too long
	r.bad = r.bad || n == 0
	return int(v)
}

// string reads a string, or a null one as empty.
func (r *protocolReader) string() string {
	if n := r.int16(); n != -1 {
		return string(r.take(int(n)))
	}
	return ""
}

// bytes reads nullable bytes into a copy.
func (r *protocolReader) bytes() []byte {
	n := r.int32()
	if n == -1 || r.bad {
		return nil
	}
	b := r.take(int(n))
	if r.bad {
		return nil
	}
	return append([]byte{}, b...)
}

// count reads the length of an array whose elements take at least size bytes each,
// so that a length which cannot be true is noticed before anything is stored. A null
// array is an empty one.
func (r *protocolReader) count(size int) int {
	n := int(r.int32())
	if n > len(r.b)/size || n < -1 {
		r.bad = true
	}
	if r.bad || n < 0 {
		return 0
	}
	return n
}

func (r *protocolReader) topicPartitions() (list []TopicPartitions) {
	for n := r.count(6); n > 0 && !r.bad; n-- {
		tp := TopicPartitions{Topic: r.string()}
		tp.Partitions = make([]int32, r.count(4))
		for i := range tp.Partitions {
			tp.Partitions[i] = r.int32()
		}
		list = append(list, tp)
	}
	return list
}
