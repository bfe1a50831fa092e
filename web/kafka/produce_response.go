package kafka

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Produce responses are written here and not by kmsg, which looks at each partition by
// reflection. TestProduceResponses holds both to the same bytes.

// produceWriterLeast is the first version that this writes.
const produceWriterLeast = 3

func (o *output) respondProduce(correlation int32, a *kmsg.ProduceResponse) {
	v := a.Version
	flexible := v >= 9
	start := o.begin(correlation, flexible)
	o.count(len(a.Topics), flexible)
	for i := range a.Topics {
		t := &a.Topics[i]
		o.string(&t.Topic, flexible)
		o.count(len(t.Partitions), flexible)
		for j := range t.Partitions {
			o.producedPart(v, flexible, &t.Partitions[j])
		}
		o.noTags(flexible)
	}
	o.int32(a.ThrottleMillis)
	o.noTags(flexible)
	o.end(start, o.size)
}

func (o *output) producedPart(v int16, flexible bool, p *kmsg.ProduceResponseTopicPartition) {
	o.int32(p.Partition)
	o.int16(p.ErrorCode)
	o.int64(p.BaseOffset)
	o.int64(p.LogAppendTime)
	if v >= 5 {
		o.int64(p.LogStartOffset)
	}
	if v >= 8 {
		o.count(len(p.ErrorRecords), flexible)
		for i := range p.ErrorRecords {
			o.int32(p.ErrorRecords[i].RelativeOffset)
			o.string(p.ErrorRecords[i].ErrorMessage, flexible)
			o.noTags(flexible)
		}
		o.string(p.ErrorMessage, flexible)
	}
	if flexible {
		o.currentLeader(p.CurrentLeader.LeaderID, p.CurrentLeader.LeaderEpoch, 0)
	}
}

// currentLeader writes the tagged fields of a partition: one, of nine bytes, if there is a
// leader to tell of.
func (o *output) currentLeader(id, epoch int32, tag byte) {
	if id < 0 && epoch < 0 {
		o.bytes = append(o.bytes, 0)
		return
	}
	o.bytes = append(o.bytes, 1, tag, 9)
	o.int32(id)
	o.int32(epoch)
	o.bytes = append(o.bytes, 0)
}

// string writes a string, nil as null.
func (o *output) string(s *string, flexible bool) {
	switch {
	case flexible && s == nil:
		o.bytes = append(o.bytes, 0)
	case flexible:
		o.bytes = append(binary.AppendUvarint(o.bytes, uint64(len(*s)+1)), *s...)
	case s == nil:
		o.int16(-1)
	default:
		o.int16(int16(len(*s)))
		o.bytes = append(o.bytes, *s...)
	}
}
