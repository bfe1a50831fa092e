package room

import "math"

// The fields of packets, little-endian.

func appendUint32(dst []byte, v uint32) []byte {
	return append(dst, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
}

func appendUint64(dst []byte, v uint64) []byte {
	return appendUint32(appendUint32(dst, uint32(v)), uint32(v>>32))
}

func appendFloat(dst []byte, v int64) []byte {
	return appendUint64(dst, math.Float64bits(float64(v)))
}

func readUint16(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }

func readUint32(b []byte) uint32 {
	return uint32(readUint16(b)) | uint32(readUint16(b[2:]))<<16
}

func readUint64(b []byte) uint64 {
	return uint64(readUint32(b)) | uint64(readUint32(b[4:]))<<32
}

func readFloat(b []byte) int64 { return int64(math.Float64frombits(readUint64(b))) }

// outbox is packets that wait to be sent, end to end in one buffer.
type outbox struct {
	bytes []byte
	ends  []int
	taken int
}

// add begins and ends one packet that build appends to.
func (o *outbox) end() { o.ends = append(o.ends, len(o.bytes)) }

func (o *outbox) empty() bool { return len(o.ends) == 0 }

// next gives the oldest packet, or nil; the bytes are lent until the next add.
func (o *outbox) next() []byte {
	if o.taken == len(o.ends) {
		o.bytes, o.ends, o.taken = o.bytes[:0], o.ends[:0], 0
		return nil
	}
	start := 0
	if o.taken > 0 {
		start = o.ends[o.taken-1]
	}
	packet := o.bytes[start:o.ends[o.taken]]
	o.taken++
	return packet
}
