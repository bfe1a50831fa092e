package batch

import "hash/crc32"

// CheckCRC compares the checksum of the one batch that b is with its bytes. The
// batch must have passed Parse.
func CheckCRC(b []byte) error {
	if Uint32(b[atCRC:]) != crc32.Checksum(b[atAttributes:], castagnoli) {
		return ErrCRC
	}
	return nil
}

// CRC is the checksum that the batch at the start of b carries; it must have passed Parse.
func CRC(b []byte) uint32 { return Uint32(b[atCRC:]) }

// Check is what a broker asks of the bytes that a producer sends to a partition:
// exactly one batch, a right CRC, a known codec, at least one record, and as many
// as the last offset delta says. Uncompressed records are walked and must be
// numbered from 0 without gaps. (Kafka numbers uncompressed records anew and so
// never looks at that; every client numbers them like this.)
//
// What depends on the partition is left to the engine: control batches, sequence
// numbers, keys for compacted topics, max.message.bytes.
func Check(b []byte) (Header, error) {
	h, err := Parse(b)
	if err != nil {
		return h, err
	}
	if len(b) > h.Size() {
		return h, ErrTrailing
	}
	if err := CheckCRC(b); err != nil {
		return h, err
	}
	if h.Codec() > Zstd {
		return h, ErrCodec
	}
	if h.Count <= 0 || int64(h.LastOffsetDelta)+1 != int64(h.Count) {
		return h, ErrCount
	}
	if h.Codec() != None || numbered(b[HeaderSize:], h.Count) {
		return h, nil
	}
	it, r := Records(b), Record{} // finds out what is wrong
	for n := int32(0); it.Next(&r); n++ {
		if r.OffsetDelta != n {
			return h, ErrOffsetDelta
		}
	}
	return h, it.Err()
}

// Stamp sets what a broker sets when it appends a batch: the offset of its first
// record and the epoch of the partition leader. Both lie before the CRC's reach.
// The batch must have passed Parse.
func Stamp(b []byte, baseOffset int64, leaderEpoch int32) {
	PutUint64(b[atBaseOffset:], uint64(baseOffset))
	PutUint32(b[atLeaderEpoch:], uint32(leaderEpoch))
}

// StampAppendTime makes now the timestamp of every record, as a broker does for
// message.timestamp.type=LogAppendTime, and computes the CRC of the one batch that
// b is anew. The batch must have passed Parse.
func StampAppendTime(b []byte, now int64) {
	PutUint16(b[atAttributes:], Uint16(b[atAttributes:])|uint16(LogAppendTime))
	PutUint64(b[atMaxTimestamp:], uint64(now))
	Seal(b)
}

// Seal sets the length field and the CRC of the one batch that b is, header and
// records, at most MaxSize bytes.
func Seal(b []byte) {
	PutUint32(b[atLength:], uint32(len(b)-overhead))
	PutUint32(b[atCRC:], crc32.Checksum(b[atAttributes:], castagnoli))
}
