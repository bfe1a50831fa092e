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

// Entry is a record to be written. A nil key or value is null.
type Entry struct {
	Timestamp  int64 // Unix milliseconds, or -1 for none
	Key, Value []byte
	Headers    []RecordHeader
}

// headerSize is the number of bytes of a record's headers, after their count.
func (e *Entry) headerSize() (n int) {
	for i := range e.Headers {
		h := &e.Headers[i]
		n += VarintSize(int64(len(h.Key))) + len(h.Key) + VarintSize(lengthOf(h.Value)) + len(h.Value)
	}
	return n
}

// appendTo writes the record at the end of dst. Where it takes more than most bytes it
// gives nil. It is one function, and stores by index, because it runs for each record of
// everybody: to grow a slice by each byte would look at its capacity each time.
func (e *Entry) appendTo(dst []byte, most int, timestampDelta int64, offsetDelta int32) []byte {
	body := 1 + VarintSize(timestampDelta) + VarintSize(int64(offsetDelta)) +
		VarintSize(lengthOf(e.Key)) + len(e.Key) + VarintSize(lengthOf(e.Value)) + len(e.Value) +
		VarintSize(int64(len(e.Headers)))
	if len(e.Headers) > 0 {
		body += e.headerSize()
	}
	n, end := VarintSize(int64(body))+body, len(dst)
	if n > most {
		return nil
	}
	if cap(dst)-end < n {
		dst = append(dst, make([]byte, n)...)
	}
	dst = dst[:end+n]
	b := dst[end:]
	at := putVarint(b, 0, int64(body))
	b[at] = 0
	at = putVarint(b, at+1, timestampDelta)
	at = putVarint(b, at, int64(offsetDelta))
	at = putVarint(b, at, lengthOf(e.Key))
	at += put(b[at:], e.Key)
	at = putVarint(b, at, lengthOf(e.Value))
	at += put(b[at:], e.Value)
	at = putVarint(b, at, int64(len(e.Headers)))
	for i := range e.Headers {
		h := &e.Headers[i]
		at = putVarint(b, at, int64(len(h.Key)))
		at += put(b[at:], h.Key)
		at = putVarint(b, at, lengthOf(h.Value))
		at += put(b[at:], h.Value)
	}
	return dst
}

// putVarint is AppendVarint at a place in b; it gives the place after it.
func putVarint(b []byte, at int, v int64) int {
	u := uint64(v)<<1 ^ uint64(v>>63)
	for ; u >= 0x80; u >>= 7 {
		b[at] = byte(u) | 0x80
		at++
	}
	b[at] = byte(u)
	return at + 1
}

// put is copy, without a call for a few bytes: in WebAssembly that takes longer than they
// do.
func put(b, v []byte) int {
	if len(v) > 16 {
		return copy(b, v)
	}
	b = b[:len(v)]
	for i := range b {
		b[i] = v[i]
	}
	return len(v)
}

// AppendRecord appends one uncompressed record. A nil key or value is null. It
// serves those who lay out a batch themselves (Header.Append, records, Seal);
// others use a Builder.
func AppendRecord(dst []byte, offsetDelta int32, timestampDelta int64, key, value []byte, headers []RecordHeader) []byte {
	e := Entry{Key: key, Value: value, Headers: headers}
	return e.appendTo(dst, MaxSize, timestampDelta, offsetDelta)
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
	b.AddWithin(MaxSize, &Entry{Timestamp: timestamp, Key: key, Value: value, Headers: headers})
}

// AddWithin appends a record, whose bytes are copied, and gives the length of the batch
// with it. It adds nothing and gives 0 where that would be more than limit, as batch.size
// and max.request.size have it.
func (b *Builder) AddWithin(limit int64, e *Entry) (size int) {
	h := &b.Header
	dst := e.appendTo(b.dst, int(limit)-b.Size(), b.delta(e.Timestamp), h.Count)
	if dst == nil {
		return 0
	}
	b.dst = dst
	if h.Count == 0 {
		h.BaseTimestamp = e.Timestamp
	}
	h.MaxTimestamp = max(h.MaxTimestamp, e.Timestamp)
	h.LastOffsetDelta = h.Count
	h.Count++
	return b.Size()
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
