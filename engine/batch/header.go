package batch

import "hash/crc32"

// HeaderSize is the length of a batch's header; the records start there.
const HeaderSize = 61

// Where the fields of the header lie.
const (
	atBaseOffset      = 0
	atLength          = 8
	atLeaderEpoch     = 12
	atMagic           = 16
	atCRC             = 17
	atAttributes      = 21
	atLastOffsetDelta = 23
	atBaseTimestamp   = 27
	atMaxTimestamp    = 35
	atProducerID      = 43
	atProducerEpoch   = 51
	atBaseSequence    = 53
	atCount           = 57

	// overhead is what the length field does not count: the base offset and itself.
	overhead = 12
)

// MaxSize bounds a whole batch: its length field is an int32.
const MaxSize = 1<<31 - 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Attributes are the bits of a batch's attributes field.
type Attributes int16

// The bits above the three of the codec.
const (
	LogAppendTime    Attributes = 1 << 3 // else the producer's create time
	Transactional    Attributes = 1 << 4
	Control          Attributes = 1 << 5
	HasDeleteHorizon Attributes = 1 << 6 // KIP-534; the base timestamp is the horizon
)

// Codec is how the records of a batch are compressed.
type Codec uint8

// Kafka's codecs. Values 5 to 7 fit the bits and mean nothing.
const (
	None Codec = iota
	Gzip
	Snappy
	LZ4
	Zstd
)

// String is Kafka's name for the codec, as in compression.type.
func (c Codec) String() string {
	switch c {
	case None:
		return "none"
	case Gzip:
		return "gzip"
	case Snappy:
		return "snappy"
	case LZ4:
		return "lz4"
	case Zstd:
		return "zstd"
	}
	return "unknown"
}

// Header is the decoded 61-byte header of a batch. Times are Unix milliseconds.
type Header struct {
	BaseOffset      int64 // of the first record; set by the broker
	Length          int32 // bytes after this field; see Size
	LeaderEpoch     int32 // partition leader epoch; set by the broker, -1 from a producer
	CRC             uint32
	Attributes      Attributes
	LastOffsetDelta int32 // kept by compaction, so it can exceed the last record's
	BaseTimestamp   int64 // record timestamps are relative to it; -1 if there are none
	MaxTimestamp    int64 // with LogAppendTime, the timestamp of every record
	ProducerID      int64 // -1 if none
	ProducerEpoch   int16 // -1 if none
	BaseSequence    int32 // of the first record; -1 if none
	Count           int32 // records; 0 for a batch that compaction emptied
}

// Size is the length of the whole batch in bytes.
func (h *Header) Size() int { return int(h.Length) + overhead }

// Codec is how the records are compressed.
func (h *Header) Codec() Codec { return Codec(h.Attributes & 7) }

// IsLogAppendTime tells whether MaxTimestamp, the broker's time, is the timestamp
// of every record.
func (h *Header) IsLogAppendTime() bool { return h.Attributes&LogAppendTime != 0 }

// IsTransactional tells whether the batch belongs to a transaction.
func (h *Header) IsTransactional() bool { return h.Attributes&Transactional != 0 }

// IsControl tells whether the batch holds a control record, never seen by
// applications.
func (h *Header) IsControl() bool { return h.Attributes&Control != 0 }

// DeleteHorizon is the time at which compaction may remove the batch's tombstones
// or its marker, once compaction has set it (KIP-534).
func (h *Header) DeleteHorizon() (ms int64, ok bool) {
	if h.Attributes&HasDeleteHorizon == 0 {
		return 0, false
	}
	return h.BaseTimestamp, true
}

// LastOffset is the offset of the batch's last record, be it still there or
// compacted away.
func (h *Header) LastOffset() int64 { return h.BaseOffset + int64(h.LastOffsetDelta) }

// NextOffset is the offset after the batch.
func (h *Header) NextOffset() int64 { return h.LastOffset() + 1 }

// LastSequence is the sequence number of the last record, or -1 if there is none.
func (h *Header) LastSequence() int32 {
	if h.BaseSequence < 0 {
		return -1
	}
	return AddSequence(h.BaseSequence, h.LastOffsetDelta)
}

// AddSequence is the sequence number n >= 0 records after seq; numbers wrap from
// 2147483647 to 0.
func AddSequence(seq, n int32) int32 { return int32((uint32(seq) + uint32(n)) & (1<<31 - 1)) }

// Timestamp is the timestamp of a record of this batch.
func (h *Header) Timestamp(r *Record) int64 {
	if h.IsLogAppendTime() {
		return h.MaxTimestamp
	}
	return h.BaseTimestamp + r.TimestampDelta
}

// Parse decodes the header of the batch at the start of b, which may be followed
// by others. It checks magic and length and that b holds the whole batch. It
// checks neither the CRC nor the records.
func Parse(b []byte) (h Header, err error) {
	err = h.Read(b)
	return h, err
}

// Read is Parse into h, which is as it was after an error.
func (h *Header) Read(b []byte) error {
	if len(b) <= atMagic {
		return ErrShort
	}
	if b[atMagic] != 2 {
		return ErrMagic // before all else: older formats lay the rest out otherwise
	}
	length := int32(Uint32(b[atLength:]))
	if length < HeaderSize-overhead || length > MaxSize-overhead {
		return ErrLength
	}
	if len(b) < int(length)+overhead {
		return ErrShort
	}
	b = b[:HeaderSize]
	h.Length = length
	h.BaseOffset = int64(Uint64(b[atBaseOffset:]))
	h.LeaderEpoch = int32(Uint32(b[atLeaderEpoch:]))
	h.CRC = Uint32(b[atCRC:])
	h.Attributes = Attributes(Uint16(b[atAttributes:]))
	h.LastOffsetDelta = int32(Uint32(b[atLastOffsetDelta:]))
	h.BaseTimestamp = int64(Uint64(b[atBaseTimestamp:]))
	h.MaxTimestamp = int64(Uint64(b[atMaxTimestamp:]))
	h.ProducerID = int64(Uint64(b[atProducerID:]))
	h.ProducerEpoch = int16(Uint16(b[atProducerEpoch:]))
	h.BaseSequence = int32(Uint32(b[atBaseSequence:]))
	h.Count = int32(Uint32(b[atCount:]))
	return nil
}

// Whole tells whether the header is of a batch of size bytes that has records, and all
// of those that its offsets have room for.
func (h *Header) Whole(size int) bool {
	return h.Size() == size && h.Count >= 1 && h.LastOffsetDelta == h.Count-1
}

// IsPlain tells whether the batch has no producer id, is in no transaction and is no
// control batch.
func (h *Header) IsPlain() bool {
	return h.ProducerID < 0 && h.Attributes&(Transactional|Control) == 0
}

// Append appends the header as bytes. Seal sets the length and the CRC once the
// records follow.
func (h *Header) Append(dst []byte) []byte {
	dst = AppendUint64(dst, uint64(h.BaseOffset))
	dst = AppendUint32(dst, uint32(h.Length))
	dst = AppendUint32(dst, uint32(h.LeaderEpoch))
	dst = AppendUint32(append(dst, 2), h.CRC)
	dst = AppendUint16(dst, uint16(h.Attributes))
	dst = AppendUint32(dst, uint32(h.LastOffsetDelta))
	dst = AppendUint64(dst, uint64(h.BaseTimestamp))
	dst = AppendUint64(dst, uint64(h.MaxTimestamp))
	dst = AppendUint64(dst, uint64(h.ProducerID))
	dst = AppendUint16(dst, uint16(h.ProducerEpoch))
	dst = AppendUint32(dst, uint32(h.BaseSequence))
	return AppendUint32(dst, uint32(h.Count))
}
