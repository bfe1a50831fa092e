package referee

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// first is the time of the first record of every act, in milliseconds.
const first = 1_750_000_000_000

// rec is one record to send. A nil value is a tombstone.
type rec struct {
	key, value []byte
	at         int64 // milliseconds after first
}

// recs makes records without keys.
func recs(values ...string) (list []rec) {
	for i, v := range values {
		list = append(list, rec{value: []byte(v), at: int64(i)})
	}
	return list
}

// batchOf encodes records as a RecordBatch of version 2 without compression; change may
// alter its header before the checksum is computed.
func batchOf(list []rec, change func(b *kmsg.RecordBatch)) []byte {
	b := kmsg.RecordBatch{Magic: 2, ProducerID: -1, ProducerEpoch: -1, FirstSequence: -1, NumRecords: int32(len(list)),
		LastOffsetDelta: int32(len(list)) - 1, PartitionLeaderEpoch: -1}
	if len(list) > 0 {
		b.FirstTimestamp = first + list[0].at
	}
	for i, r := range list {
		k := kmsg.Record{Key: r.key, Value: r.value, OffsetDelta: int32(i), TimestampDelta64: r.at - list[0].at}
		b.MaxTimestamp = max(b.MaxTimestamp, first+r.at)
		body := k.AppendTo(nil) // begins with a length of zero, in one byte
		b.Records = append(kbin.AppendVarint(b.Records, int32(len(body)-1)), body[1:]...)
	}
	if change != nil {
		change(&b)
	}
	return sealed(&b)
}

// sealed encodes a batch with its length and checksum.
func sealed(b *kmsg.RecordBatch) []byte {
	data := b.AppendTo(nil)
	binary.BigEndian.PutUint32(data[8:], uint32(len(data)-12))
	binary.BigEndian.PutUint32(data[17:], crc32.Checksum(data[21:], crc32.MakeTable(crc32.Castagnoli)))
	return data
}

// recordsOf tells the record batches of a fetch: offsets, producers, keys and values.
func recordsOf(data []byte) string {
	var out []string
	for len(data) >= 61 {
		n := 12 + int(binary.BigEndian.Uint32(data[8:]))
		if n > len(data) {
			break // cut, as a fetch may
		}
		var b kmsg.RecordBatch
		if err := b.ReadFrom(data[:n]); err != nil {
			return "not record batches: " + err.Error()
		}
		out = append(out, batchText(&b))
		data = data[n:]
	}
	return strings.Join(out, " ")
}

func batchText(b *kmsg.RecordBatch) string {
	s := fmt.Sprintf("[%d..%d", b.FirstOffset, b.FirstOffset+int64(b.LastOffsetDelta))
	if b.ProducerEpoch >= 0 {
		s += fmt.Sprintf(" epoch=%d sequence=%d", b.ProducerEpoch, b.FirstSequence)
	}
	if a := b.Attributes &^ 0x40; a != 0 { // whether there is a delete horizon yet depends on the moment
		s += fmt.Sprintf(" attributes=%d", a)
	}
	if b.Attributes&7 != 0 {
		return s + fmt.Sprintf(" %d records]", b.NumRecords)
	}
	rest := kbin.Reader{Src: b.Records}
	for range b.NumRecords {
		var r kmsg.Record
		size := rest.Varint()
		body := rest.Span(int(size))
		if rest.Complete() != nil || r.ReadFrom(append(kbin.AppendVarint(nil, size), body...)) != nil {
			return s + " not a record]"
		}
		at := "null"
		if r.Value != nil {
			at = fmt.Sprintf("%.20q", r.Value)
		}
		if b.Attributes&0x20 != 0 {
			s += fmt.Sprintf(" marker %x", r.Key)
			continue
		}
		s += fmt.Sprintf(" %d:%s=%s", b.FirstOffset+int64(r.OffsetDelta), r.Key, at)
	}
	return s + "]"
}
