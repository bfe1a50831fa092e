package kafka

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"partita/engine/batch"
)

// The formats before record batches (magic 0 and 1): a set of single records, each with
// its offset, a size and a CRC-32. A compressed set is the value of one more such record.
//
//	offset int64, size int32, crc uint32, magic int8, attributes int8,
//	timestamp int64 (magic 1), key bytes, value bytes
const (
	setOverhead = 12     // offset and size
	setLeast    = 14     // crc, magic, attributes and two null lengths
	setLogTime  = 1 << 3 // attribute of magic 1: the timestamp is the broker's
)

var (
	errSet      = errors.New("a message set is cut or broken")
	errSetCRC   = errors.New("a record of a message set has a wrong CRC")
	errSetDeep  = errors.New("a compressed message set holds another one")
	errSetCodec = errors.New("zstd came with record batches and is not for message sets")
)

// isMessageSet tells whether records are of magic 0 or 1, as Produce before version 3 has
// them.
func isMessageSet(records []byte) bool { return len(records) > 16 && records[16] < 2 }

// old is one record of a message set.
type old struct {
	offset     int64
	magic      byte
	attributes byte
	timestamp  int64 // -1 in magic 0
	key, value []byte
}

// nextOld takes the first record off a message set.
func nextOld(set []byte) (r old, rest []byte, err error) {
	if len(set) < setOverhead+setLeast {
		return r, nil, errSet
	}
	r.offset = int64(binary.BigEndian.Uint64(set))
	size := int(int32(binary.BigEndian.Uint32(set[8:])))
	set = set[setOverhead:]
	if size < setLeast || size > len(set) {
		return r, nil, errSet
	}
	body := set[:size]
	if crc32.ChecksumIEEE(body[4:]) != binary.BigEndian.Uint32(body) {
		return r, nil, errSetCRC
	}
	r.magic, r.attributes, r.timestamp = body[4], body[5], -1
	body = body[6:]
	switch {
	case r.magic > 1:
		return r, nil, batch.ErrMagic
	case r.magic == 1 && len(body) < 8:
		return r, nil, errSet
	case r.magic == 1:
		r.timestamp = int64(binary.BigEndian.Uint64(body))
		body = body[8:]
	}
	if r.key, body, err = oldBytes(body); err == nil {
		r.value, body, err = oldBytes(body)
	}
	if err == nil && len(body) > 0 {
		err = errSet
	}
	return r, set[size:], err
}

func oldBytes(b []byte) (value, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errSet
	}
	n := int(int32(binary.BigEndian.Uint32(b)))
	b = b[4:]
	switch {
	case n < 0:
		return nil, b, nil
	case n > len(b):
		return nil, nil, errSet
	}
	return b[:n:n], b[n:], nil
}

// convertUp makes one record batch of a message set. It has the codec of the first
// compressed set in it, as Kafka has it.
func convertUp(set []byte) ([]byte, error) {
	var b batch.Builder
	b.Reset(nil)
	codec, err := addOld(&b, set, 0)
	if err != nil {
		return nil, err
	}
	made := b.Finish()
	if codec == batch.None {
		return made, nil
	}
	packed, err := compress(append([]byte(nil), made[:batch.HeaderSize]...), codec, made[batch.HeaderSize:])
	if err != nil {
		return nil, err
	}
	packed[22] |= byte(codec) // the low bits of the attributes
	batch.Seal(packed)
	return packed, nil
}

// addOld adds the records of a message set, and of those that are compressed in it.
func addOld(b *batch.Builder, set []byte, depth int) (codec batch.Codec, err error) {
	for len(set) > 0 {
		var r old
		if r, set, err = nextOld(set); err != nil {
			return codec, err
		}
		packed := batch.Codec(r.attributes & 7)
		switch {
		case packed == batch.None:
			b.Add(r.timestamp, r.key, r.value, nil)
			continue
		case packed >= batch.Zstd:
			return codec, errSetCodec
		case depth > 0:
			return codec, errSetDeep
		}
		if codec == batch.None {
			codec = packed
		}
		inner, err := decompress(nil, packed, r.value)
		if err == nil {
			_, err = addOld(b, inner, depth+1)
		}
		if err == nil && b.Size() > openedMost {
			err = errOpened
		}
		if err != nil {
			return codec, err
		}
	}
	return codec, nil
}

// convertDown makes a message set of record batches, for a Fetch of a version before 4.
// The set is not compressed; headers of records and control batches are left out, as
// Kafka does. Records before the offset that was asked for are left out too. A batch that
// cannot be converted ends the set, and is an error when it is the first.
func convertDown(records []byte, from int64, version int16) ([]byte, error) {
	magic := byte(0)
	if version >= 2 {
		magic = 1
	}
	set := []byte{}
	for len(records) > 0 {
		h, err := batch.Parse(records)
		if err != nil {
			return set, nil
		}
		one := records[:h.Size()]
		records = records[h.Size():]
		if h.IsControl() {
			continue
		}
		if h.Codec() == batch.Zstd { // Kafka's rule for clients that cannot know it
			if len(set) == 0 {
				return set, batch.ErrCodec
			}
			return set, nil
		}
		it, r := batch.Records(Open(one)), batch.Record{}
		for it.Next(&r) {
			if offset := h.BaseOffset + int64(r.OffsetDelta); offset >= from {
				set = appendOld(set, magic, offset, h.Timestamp(&r), h.IsLogAppendTime(), r.Key, r.Value)
			}
		}
	}
	return set, nil
}

func appendOld(dst []byte, magic byte, offset, timestamp int64, logTime bool, key, value []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(offset))
	size := len(dst)
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0, magic, 0)
	if magic == 1 {
		if logTime {
			dst[len(dst)-1] = setLogTime
		}
		dst = binary.BigEndian.AppendUint64(dst, uint64(timestamp))
	}
	dst = appendOldBytes(appendOldBytes(dst, key), value)
	binary.BigEndian.PutUint32(dst[size+4:], crc32.ChecksumIEEE(dst[size+8:]))
	binary.BigEndian.PutUint32(dst[size:], uint32(len(dst)-size-4))
	return dst
}

func appendOldBytes(dst, b []byte) []byte {
	if b == nil {
		return binary.BigEndian.AppendUint32(dst, 1<<32-1)
	}
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(b))), b...)
}
