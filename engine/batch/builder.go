package batch

// noBytes is a null key or value where its length is written.
const noBytes = -1

// lengthOf is what a length field says of b: -1 for nil, which is null.
func lengthOf(b []byte) int64 {
	if b == nil {
		return noBytes
	}
	return int64(len(b))
}

// bodySize is the number of bytes of a record after its length field.
func bodySize(timestampDelta int64, offsetDelta int32, key, value []byte, headers []RecordHeader) int {
	n := 1 + VarintSize(timestampDelta) + VarintSize(int64(offsetDelta)) +
		VarintSize(lengthOf(key)) + len(key) + VarintSize(lengthOf(value)) + len(value) +
		VarintSize(int64(len(headers)))
	for i := range headers {
		h := &headers[i]
		n += VarintSize(int64(len(h.Key))) + len(h.Key) + VarintSize(lengthOf(h.Value)) + len(h.Value)
	}
	return n
}

// AppendRecord appends one uncompressed record. A nil key or value is null. It
// serves those who lay out a batch themselves (Header.Append, records, Seal);
// others use a Builder.
func AppendRecord(dst []byte, offsetDelta int32, timestampDelta int64, key, value []byte, headers []RecordHeader) []byte {
	dst = AppendVarint(dst, int64(bodySize(timestampDelta, offsetDelta, key, value, headers)))
	dst = append(dst, 0)
	dst = AppendVarint(dst, timestampDelta)
	dst = AppendVarint(dst, int64(offsetDelta))
	dst = appendBytes(dst, key)
	dst = appendBytes(dst, value)
	dst = AppendVarint(dst, int64(len(headers)))
	for i := range headers {
		dst = AppendVarint(dst, int64(len(headers[i].Key)))
		dst = append(dst, headers[i].Key...)
		dst = appendBytes(dst, headers[i].Value)
	}
	return dst
}

func appendBytes(dst, b []byte) []byte {
	return append(AppendVarint(dst, lengthOf(b)), b...)
}

// Builder writes one batch at the end of a buffer. It keeps no memory of its own:
// reused with the same buffer it allocates nothing.
//
//	b.Reset(buf[:0])
//	b.Add(now, key, value, nil)
//	buf = b.Finish()
type Builder struct {
	// Header is Reset to what a producer without an id sends. Attributes (but not
	// a codec), ProducerID, ProducerEpoch, BaseSequence, BaseOffset and LeaderEpoch
	// may be set until Finish, which fills in the rest.
	Header Header
	dst    []byte
	start  int
}

// Reset starts a batch at the end of dst, which the builder owns until Finish.
func (b *Builder) Reset(dst []byte) {
	b.Header = Header{LeaderEpoch: -1, LastOffsetDelta: -1, BaseTimestamp: -1, MaxTimestamp: -1,
		ProducerID: -1, ProducerEpoch: -1, BaseSequence: -1}
	b.start = len(dst)
	b.dst = b.Header.Append(dst)
}

// Count is the number of records added since Reset.
func (b *Builder) Count() int { return int(b.Header.Count) }

// Size is the length of the batch as it stands, in bytes.
func (b *Builder) Size() int { return len(b.dst) - b.start }

// SizeWith is the length that the batch would have with this record added, for
// comparison with batch.size and max.request.size.
func (b *Builder) SizeWith(timestamp int64, key, value []byte, headers []RecordHeader) int {
	body := bodySize(b.delta(timestamp), b.Header.Count, key, value, headers)
	return b.Size() + VarintSize(int64(body)) + body
}

// delta is the timestamp relative to the first record's.
func (b *Builder) delta(timestamp int64) int64 {
	if b.Header.Count == 0 {
		return 0
	}
	return timestamp - b.Header.BaseTimestamp
}

// Add appends a record with a timestamp in Unix milliseconds, or -1 for none. A nil
// key or value is null. The bytes are copied.
func (b *Builder) Add(timestamp int64, key, value []byte, headers []RecordHeader) {
	h, delta := &b.Header, b.delta(timestamp)
	b.dst = AppendRecord(b.dst, h.Count, delta, key, value, headers)
	if h.Count == 0 {
		h.BaseTimestamp = timestamp
	}
	h.MaxTimestamp = max(h.MaxTimestamp, timestamp)
	h.LastOffsetDelta = h.Count
	h.Count++
}

// Finish completes the batch and returns the buffer that Reset was given, grown by
// it. The builder must be Reset before it is used again.
func (b *Builder) Finish() []byte {
	dst := b.dst
	b.Header.Append(dst[:b.start]) // in place: Reset made the room
	Seal(dst[b.start:])
	b.dst = nil
	return dst
}

// Clone is a builder with the same records in a buffer of its own.
func (b *Builder) Clone() Builder {
	c := *b
	c.dst = append([]byte(nil), b.dst...)
	return c
}
