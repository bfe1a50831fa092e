package kafka

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Produce and Fetch are decoded here, over the last request of the kind, so that nothing
// is allocated: they are nearly all that clients send. Whatever is out of the ordinary
// (a tagged field, a null where none belongs, too few bytes) is left to kmsg, and
// FuzzDecode holds both to the same.

// decoder reads the fields of a body one by one. The first that does not fit sets odd,
// after which all read as zero.
type decoder struct {
	b        []byte
	flexible bool
	odd      bool
	names    *names
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.odd, d.b = true, nil
		return nil
	}
	v := d.b[:n:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) int8() int8 {
	if v := d.take(1); v != nil {
		return int8(v[0])
	}
	return 0
}

func (d *decoder) int16() int16 {
	if v := d.take(2); v != nil {
		return int16(binary.BigEndian.Uint16(v))
	}
	return 0
}

func (d *decoder) int32() int32 {
	if v := d.take(4); v != nil {
		return int32(binary.BigEndian.Uint32(v))
	}
	return 0
}

func (d *decoder) int64() int64 {
	if v := d.take(8); v != nil {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

// compact reads the length of something compact, -1 for null. Lengths are never written
// in more than five bytes.
func (d *decoder) compact() int {
	v, n := binary.Uvarint(d.b[:min(len(d.b), 5)])
	if n <= 0 || v > 1<<31-1 {
		d.odd, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return int(v) - 1
}

// count reads the length of an array of elements of at least one byte each.
func (d *decoder) count() int {
	n := 0
	if d.flexible {
		n = d.compact()
	} else {
		n = int(d.int32())
	}
	if n < 0 || n > len(d.b) {
		d.odd, d.b = true, nil
		return 0
	}
	return n
}

// text reads a string. null is odd unless it may be.
func (d *decoder) text(mayBeNull bool) (s string, null bool) {
	n := 0
	if d.flexible {
		n = d.compact()
	} else {
		n = int(d.int16())
	}
	if n == -1 && mayBeNull {
		return "", true
	}
	return d.names.of(d.take(n)), false
}

func (d *decoder) bytes() []byte {
	n := 0
	if d.flexible {
		n = d.compact()
	} else {
		n = int(d.int32())
	}
	if n == -1 {
		return nil
	}
	return d.take(n)
}

func (d *decoder) uuid() (id [16]byte) {
	copy(id[:], d.take(len(id)))
	return id
}

// noTags reads the tagged fields of a structure, of which there should be none.
func (d *decoder) noTags() {
	if d.flexible && d.int8() != 0 {
		d.odd, d.b = true, nil
	}
}

// decodeProduce decodes a Produce of version 3 or later; false: leave it to kmsg.
func decodeProduce(b []byte, q *kmsg.ProduceRequest, txn *string, names *names) bool {
	d := decoder{b: b, flexible: q.Version >= 9, names: names}
	var null bool
	q.TransactionID = txn
	if *txn, null = d.text(true); null {
		q.TransactionID = nil
	}
	q.Acks, q.TimeoutMillis = d.int16(), d.int32()
	q.Topics = sized(q.Topics, d.count())
	for i := range q.Topics {
		t := &q.Topics[i]
		t.Topic, _ = d.text(false)
		t.Partitions = sized(t.Partitions, d.count())
		for j := range t.Partitions {
			p := &t.Partitions[j]
			p.Partition, p.Records = d.int32(), d.bytes()
			d.noTags()
		}
		d.noTags()
	}
	d.noTags()
	return !d.odd
}

// decodeFetch decodes a Fetch of version 4 or later; false: leave it to kmsg.
func decodeFetch(b []byte, q *kmsg.FetchRequest, names *names) bool {
	v := q.Version
	d := decoder{b: b, flexible: v >= 12, names: names}
	q.Default()
	q.Rack = ""
	if v <= 14 {
		q.ReplicaID = d.int32()
	}
	q.MaxWaitMillis, q.MinBytes, q.MaxBytes, q.IsolationLevel = d.int32(), d.int32(), d.int32(), d.int8()
	q.SessionID = 0
	if v >= 7 {
		q.SessionID, q.SessionEpoch = d.int32(), d.int32()
	}
	q.Topics = sized(q.Topics, d.count())
	for i := range q.Topics {
		t := &q.Topics[i]
		t.Topic, t.TopicID = d.topic(v)
		t.Partitions = sized(t.Partitions, d.count())
		for j := range t.Partitions {
			d.fetchPart(v, &t.Partitions[j])
		}
		d.noTags()
	}
	q.ForgottenTopics = q.ForgottenTopics[:0]
	if v >= 7 {
		q.ForgottenTopics = sized(q.ForgottenTopics, d.count())
	}
	for i := range q.ForgottenTopics {
		t := &q.ForgottenTopics[i]
		t.Topic, t.TopicID = d.topic(v)
		t.Partitions = sized(t.Partitions, d.count())
		for j := range t.Partitions {
			t.Partitions[j] = d.int32()
		}
		d.noTags()
	}
	if v >= 11 {
		q.Rack, _ = d.text(false)
	}
	d.noTags()
	return !d.odd
}

// topic reads a topic's name, or from version 13 on its id.
func (d *decoder) topic(v int16) (name string, id [16]byte) {
	if v >= 13 {
		return "", d.uuid()
	}
	name, _ = d.text(false)
	return name, id
}

func (d *decoder) fetchPart(v int16, p *kmsg.FetchRequestTopicPartition) {
	*p = kmsg.NewFetchRequestTopicPartition()
	p.Partition = d.int32()
	if v >= 9 {
		p.CurrentLeaderEpoch = d.int32()
	}
	p.FetchOffset = d.int64()
	if v >= 12 {
		p.LastFetchedEpoch = d.int32()
	}
	if v >= 5 {
		p.LogStartOffset = d.int64()
	}
	p.PartitionMaxBytes = d.int32()
	d.noTags()
}

// sized gives a slice of n elements that keep what they have, and with it their room.
func sized[T any](s []T, n int) []T {
	if n > cap(s) {
		s = append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}

// namesMost bounds the names that a connection remembers.
const namesMost = 256

// names are strings that came before: of topics, clients and racks.
type names struct{ known map[string]string }

func (n *names) of(b []byte) string {
	if s, ok := n.known[string(b)]; ok {
		return s
	}
	if n.known == nil || len(n.known) >= namesMost {
		n.known = map[string]string{}
	}
	s := string(b)
	n.known[s] = s
	return s
}
