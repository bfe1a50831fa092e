package kafka

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Fetch responses are written here and not by kmsg, which would copy all records.

// fetchWriterLeast is the first version that this writes: before, records are converted
// and so copied anyway.
const fetchWriterLeast = 4

func (o *output) respondFetch(correlation int32, a *kmsg.FetchResponse, more [][][]byte) {
	v := a.Version
	flexible := v >= 12
	lentBefore := o.size
	start := o.begin(correlation, flexible)
	o.int32(a.ThrottleMillis)
	if v >= 7 {
		o.int16(a.ErrorCode)
		o.int32(a.SessionID)
	}
	o.count(len(a.Topics), flexible)
	for i := range a.Topics {
		t := &a.Topics[i]
		if v >= 13 {
			o.bytes = append(o.bytes, t.TopicID[:]...)
		} else {
			o.string(&t.Topic, flexible)
		}
		o.count(len(t.Partitions), flexible)
		for j := range t.Partitions {
			var behind [][]byte
			if len(more) > 0 {
				behind, more = more[0], more[1:]
			}
			o.fetchPart(v, flexible, &t.Partitions[j], behind)
		}
		o.noTags(flexible)
	}
	o.noTags(flexible)
	o.end(start, lentBefore)
}

func (o *output) fetchPart(v int16, flexible bool, p *kmsg.FetchResponseTopicPartition, more [][]byte) {
	o.int32(p.Partition)
	o.int16(p.ErrorCode)
	o.int64(p.HighWatermark)
	o.int64(p.LastStableOffset)
	if v >= 5 {
		o.int64(p.LogStartOffset)
	}
	aborted := len(p.AbortedTransactions)
	if aborted == 0 {
		aborted = -1 // null
	}
	o.count(aborted, flexible)
	for i := range p.AbortedTransactions {
		o.int64(p.AbortedTransactions[i].ProducerID)
		o.int64(p.AbortedTransactions[i].FirstOffset)
		o.noTags(flexible)
	}
	if v >= 11 {
		o.int32(p.PreferredReadReplica)
	}
	n := len(p.RecordBatches)
	for _, b := range more {
		n += len(b)
	}
	o.count(n, flexible)
	o.add(p.RecordBatches)
	for _, b := range more {
		o.add(b)
	}
	if flexible {
		o.currentLeader(p.CurrentLeader.LeaderID, p.CurrentLeader.LeaderEpoch, 1)
	}
}

func (o *output) int16(v int16) { o.bytes = binary.BigEndian.AppendUint16(o.bytes, uint16(v)) }
func (o *output) int32(v int32) { o.bytes = binary.BigEndian.AppendUint32(o.bytes, uint32(v)) }
func (o *output) int64(v int64) { o.bytes = binary.BigEndian.AppendUint64(o.bytes, uint64(v)) }

// count writes the length of an array or of bytes.
func (o *output) count(n int, flexible bool) {
	if flexible {
		o.bytes = binary.AppendUvarint(o.bytes, uint64(n+1))
	} else {
		o.int32(int32(n))
	}
}

func (o *output) noTags(flexible bool) {
	if flexible {
		o.bytes = append(o.bytes, 0)
	}
}
