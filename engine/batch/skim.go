package batch

// numbered tells whether b is count well-formed records whose offset deltas count from 0,
// and nothing else. It is Iterator without the records: a broker looks at every record
// that producers send, so this is a large part of what it does for one.
func numbered(b []byte, count int32) bool {
	i := 0
	for n := int32(0); n < count; n++ {
		var v uint32
		if v, i = skim(b, i); v&1 != 0 || int(v>>1) > len(b)-i {
			return false // also after the last byte, where i lies beyond
		}
		record := b[:i+int(v>>1)]
		i = skip(record, i+1) // the attributes and the timestamp delta
		if v, i = skim(record, i); v != uint32(n)<<1 {
			return false
		}
		i = skimBytes(record, i) // the key
		i = skimBytes(record, i) // the value
		if v, i = skim(record, i); v != 0 {
			if v&1 != 0 {
				return false
			}
			for ; v > 0 && i <= len(record); v -= 2 {
				if i < len(record) && record[i]&1 != 0 {
					return false // the key of a header is never null
				}
				i = skimBytes(record, i)
				i = skimBytes(record, i)
			}
		}
		if i != len(record) {
			return false
		}
	}
	return i == len(b)
}

// skim reads a varint of at most 5 bytes as it is, without undoing the zigzag, and gives
// the place after it: beyond the end of b if there is none.
func skim(b []byte, i int) (v uint32, next int) {
	if uint(i) < uint(len(b)) && b[i] < 0x80 {
		return uint32(b[i]), i + 1
	}
	return skimOn(b, i)
}

func skimOn(b []byte, i int) (v uint32, next int) {
	for shift := 0; shift < 35 && uint(i) < uint(len(b)); shift += 7 {
		c := b[i]
		i++
		v |= uint32(c&0x7f) << shift
		if c < 0x80 {
			return v, i
		}
	}
	return 0, len(b) + 1
}

// skip moves past a varlong of at most 10 bytes.
func skip(b []byte, i int) (next int) {
	for most := i + 10; uint(i) < uint(len(b)) && i < most; i++ {
		if b[i] < 0x80 {
			return i + 1
		}
	}
	return len(b) + 1
}

// skimBytes moves past a length and as many bytes; any negative length is null.
func skimBytes(b []byte, i int) (next int) {
	v, i := skim(b, i)
	switch {
	case v&1 != 0:
		return i
	case int(v>>1) > len(b)-i:
		return len(b) + 1
	}
	return i + int(v>>1)
}
