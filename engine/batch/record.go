package batch

// Record is one record of an uncompressed batch. Its slices alias the batch.
type Record struct {
	OffsetDelta    int32  // to the batch's base offset
	TimestampDelta int64  // ms to the batch's base timestamp; see Header.Timestamp
	Key, Value     []byte // nil is null, and a null value a tombstone; empty is not nil
	HeaderCount    int32
	headers        []byte
}

// RecordHeader is a header of a record. Keys may repeat and may be empty.
type RecordHeader struct {
	Key, Value []byte // a nil value is null; a key is never null
}

// Headers iterates over the record's headers.
func (r *Record) Headers() HeaderIterator { return HeaderIterator{r.headers, r.HeaderCount} }

// HeaderIterator walks the headers of a record, whose form Iterator.Next has
// checked.
type HeaderIterator struct {
	b    []byte
	left int32
}

// Next stores the next header in h, or returns false after the last.
func (it *HeaderIterator) Next(h *RecordHeader) bool {
	if it.left <= 0 {
		return false
	}
	it.left--
	f := fields{b: it.b}
	h.Key, h.Value = f.bytes(), f.bytes()
	it.b = f.b[f.at:]
	return true
}

// Iterator walks the records of one batch without allocating.
type Iterator struct {
	f    fields
	left int32
}

// Records starts an iteration over the records of the batch at the start of b. A
// bad header, or records that are compressed, leave it empty with an error.
func Records(b []byte) Iterator {
	h, err := Parse(b)
	switch {
	case err != nil:
	case h.Codec() > Zstd:
		err = ErrCodec
	case h.Codec() != None:
		err = ErrCompressed
	case h.Count < 0:
		err = ErrCount
	default:
		return Iterator{fields{b: b[HeaderSize:h.Size()]}, h.Count}
	}
	return Iterator{f: fields{err: err}}
}

// Err is what ended the iteration: nil when every record was read and no byte was
// left over.
func (it *Iterator) Err() error { return it.f.err }

// Next stores the next record in r. It returns false after the last and at the
// first malformed one; Err tells which.
func (it *Iterator) Next(r *Record) bool {
	f := &it.f
	if f.err != nil || it.left == 0 {
		if f.err == nil && f.at < len(f.b) {
			f.err = ErrTrailing
		}
		return false
	}
	if f.at == len(f.b) {
		f.err = ErrCount // fewer records than the header says
		return false
	}
	it.left--
	one := fields{b: f.record()}
	if f.err != nil {
		return false
	}
	one.byte() // the record's attributes, all unused
	r.TimestampDelta = one.varlong()
	r.OffsetDelta = one.varint()
	r.Key = one.bytes()
	r.Value = one.bytes()
	r.HeaderCount = one.varint()
	r.headers = one.b[one.at:]
	if one.err == nil && r.HeaderCount < 0 {
		one.err = ErrHeader
	}
	for i := int32(0); i < r.HeaderCount && one.err == nil; i++ {
		if one.bytes() == nil && one.err == nil {
			one.err = ErrHeader
		}
		one.bytes()
	}
	if one.err == nil && one.at < len(one.b) {
		one.err = ErrRecord
	}
	f.err = one.err
	return f.err == nil
}

// Skip passes over the next n records and reads no more of them than their lengths.
func (it *Iterator) Skip(n int64) {
	for ; n > 0 && it.left > 0 && it.f.err == nil; n-- {
		it.f.record()
		if it.f.err == nil {
			it.left--
		}
	}
}

// fields reads the fields of a record one by one. The first that does not fit
// sets err, after which all read as zero.
type fields struct {
	b   []byte
	at  int // the next one's place in b
	err error
}

// fail ends the reading.
func (f *fields) fail(err error) {
	if f.err == nil {
		f.err = err
	}
	f.b, f.at = nil, 0
}

// took moves past n bytes, or sets err from the n of a failed varint.
func (f *fields) took(n int) {
	switch {
	case n > 0:
		f.at += n
	case n < 0:
		f.fail(ErrVarint)
	default:
		f.fail(ErrRecord)
	}
}

// varint is mostly of one byte, and small enough then to be part of its caller.
func (f *fields) varint() int32 {
	if uint(f.at) < uint(len(f.b)) && f.b[f.at] < 0x80 {
		f.at++
		return int32(f.b[f.at-1]>>1) ^ -int32(f.b[f.at-1]&1)
	}
	return int32(f.varintOn(5))
}

func (f *fields) varlong() int64 {
	if uint(f.at) < uint(len(f.b)) && f.b[f.at] < 0x80 {
		f.at++
		return int64(f.b[f.at-1]>>1) ^ -int64(f.b[f.at-1]&1)
	}
	return f.varintOn(10)
}

// varintOn reads a zigzag varint of at most so many bytes.
func (f *fields) varintOn(most int) int64 {
	u, n := uvarint(f.b[f.at:], most)
	f.took(n)
	if most == 5 {
		u = uint64(uint32(u)) // what does not fit is dropped
	}
	return int64(u>>1) ^ -int64(u&1)
}

func (f *fields) byte() { f.took(min(1, len(f.b)-f.at)) }

// bytes reads a length and as many bytes. Any negative length is null, as Kafka
// has it.
func (f *fields) bytes() []byte {
	n := int(f.varint())
	if f.err != nil || n < 0 {
		return nil
	}
	if n > len(f.b)-f.at {
		f.fail(ErrRecord)
		return nil
	}
	f.at += n
	return f.b[f.at-n : f.at : f.at]
}

// record reads a length and as many bytes, which are never null.
func (f *fields) record() []byte {
	n := int(f.varint())
	if f.err == nil && (n < 0 || n > len(f.b)-f.at) {
		f.fail(ErrRecord)
	}
	if f.err != nil {
		return nil
	}
	f.at += n
	return f.b[f.at-n : f.at : f.at]
}
