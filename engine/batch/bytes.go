package batch

// Big-endian integers and zigzag varints, as Kafka's protocol writes them. They
// are shared by the other engine packages, which leave encoding/binary out of the
// WASM binary. Reading or putting a fixed-size integer panics, as indexing does,
// when the slice is too short: check the length first.

// Uint16 reads two bytes, big-endian.
func Uint16(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 }

// Uint32 reads four bytes, big-endian.
func Uint32(b []byte) uint32 {
	_ = b[3]
	return uint32(b[3]) | uint32(b[2])<<8 | uint32(b[1])<<16 | uint32(b[0])<<24
}

// Uint64 reads eight bytes, big-endian.
func Uint64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[7]) | uint64(b[6])<<8 | uint64(b[5])<<16 | uint64(b[4])<<24 |
		uint64(b[3])<<32 | uint64(b[2])<<40 | uint64(b[1])<<48 | uint64(b[0])<<56
}

// PutUint16 writes v over the first two bytes of b, big-endian.
func PutUint16(b []byte, v uint16) { b[1], b[0] = byte(v), byte(v>>8) }

// PutUint32 writes v over the first four bytes of b, big-endian.
func PutUint32(b []byte, v uint32) {
	_ = b[3]
	b[0], b[1], b[2], b[3] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

// PutUint64 writes v over the first eight bytes of b, big-endian.
func PutUint64(b []byte, v uint64) {
	_ = b[7]
	b[0], b[1], b[2], b[3] = byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32)
	b[4], b[5], b[6], b[7] = byte(v>>24), byte(v>>16), byte(v>>8), byte(v)
}

// AppendUint16 appends v, big-endian.
func AppendUint16(dst []byte, v uint16) []byte { return append(dst, byte(v>>8), byte(v)) }

// AppendUint32 appends v, big-endian.
func AppendUint32(dst []byte, v uint32) []byte {
	return append(dst, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// AppendUint64 appends v, big-endian.
func AppendUint64(dst []byte, v uint64) []byte {
	return append(dst, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32),
		byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// AppendVarint appends v as a zigzag varint: 1 to 10 bytes, and at most 5 when v
// fits an int32. It writes both Kafka's varint and its varlong.
func AppendVarint(dst []byte, v int64) []byte {
	return AppendUvarint(dst, uint64(v)<<1^uint64(v>>63))
}

// AppendUvarint appends v in base-128 groups, lowest first: 1 to 10 bytes.
func AppendUvarint(dst []byte, v uint64) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

// VarintSize is the number of bytes that AppendVarint writes for v.
func VarintSize(v int64) int {
	n := 1
	for u := uint64(v)<<1 ^ uint64(v>>63); u >= 0x80; u >>= 7 {
		n++
	}
	return n
}

// Varint reads a zigzag varint of at most 5 bytes, an int32, and the number of
// bytes it took: 0 when b ends too early, and -1 when the varint is too long.
func Varint(b []byte) (v int32, n int) {
	if len(b) > 0 && b[0] < 0x80 { // most lengths and deltas
		return int32(b[0]>>1) ^ -int32(b[0]&1), 1
	}
	u, n := uvarint(b, 5)
	return int32(uint32(u)>>1) ^ -int32(u&1), n
}

// Varlong is Varint for an int64, of at most 10 bytes.
func Varlong(b []byte) (v int64, n int) {
	u, n := uvarint(b, 10)
	return int64(u>>1) ^ -int64(u&1), n
}

// Uvarint reads an unsigned varint of at most 5 bytes, as compact lengths and
// tagged fields of the protocol have them; n is as for Varint.
func Uvarint(b []byte) (v uint32, n int) {
	u, n := uvarint(b, 5)
	return uint32(u), n
}

// uvarint reads base-128 groups, at most most of them. Bits beyond the 64th (and,
// for its callers, beyond the 32nd) are dropped, as Kafka does.
func uvarint(b []byte, most int) (v uint64, n int) {
	for n < len(b) && n < most {
		c := b[n]
		v |= uint64(c&0x7f) << (7 * n)
		n++
		if c < 0x80 {
			return v, n
		}
	}
	if n == most {
		return 0, -1
	}
	return 0, 0
}
