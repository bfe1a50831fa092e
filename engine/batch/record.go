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
	it.b = f.b
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
		if f.err == nil && len(f.b) > 0 {
			f.err = ErrTrailing
		}
		return false
	}
	if len(f.b) == 0 {
		f.err = ErrCount // fewer records than the header says
		return false
	}
	it.left--
	n := int(f.varint())
	if f.err == nil && (n < 0 || n > len(f.b)) {
		f.err = ErrRecord
	}
	if f.err != nil {
		return false
	}
	rest := f.b[n:]
	f.b = f.b[:n:n]
	f.byte() // the record's attributes, all unused
	r.TimestampDelta = f.varlong()
	r.OffsetDelta = f.varint()
	r.Key = f.bytes()
	r.Value = f.bytes()
	r.HeaderCount = f.varint()
	r.headers = f.b
	if f.err == nil && r.HeaderCount < 0 {
		f.err = ErrHeader
	}
	for i := int32(0); i < r.HeaderCount && f.err == nil; i++ {
		if f.bytes() == nil && f.err == nil {
			f.err = ErrHeader
		}
		f.bytes()
	}
	if f.err == nil && len(f.b) > 0 {
		f.err = ErrRecord
	}
	f.b = rest
	return f.err == nil
}

// Skip passes over the next n records and reads no more of them than their lengths.
func (it *Iterator) Skip(n int64) {
	f := &it.f
	for ; n > 0 && it.left > 0 && f.err == nil; n-- {
		size := int(f.varint())
		if f.err == nil && (size < 0 || size > len(f.b)) {
			f.err = ErrRecord
		}
		if f.err == nil {
			f.b = f.b[size:]
			it.left--
		}
	}
}

// fields reads the fields of a record one by one. The first that does not fit
// sets err, after which all read as zero.
type fields struct {
	b   []byte
	err error
}

// took moves past n bytes, or sets err from the n of a failed varint.
func (f *fields) took(n int) {
	switch {
	case f.err != nil:
	case n > 0:
		f.b = f.b[n:]
		return
	case n < 0:
		f.err = ErrVarint
	default:
		f.err = ErrRecord
	}
	f.b = nil
}

func (f *fields) varint() int32 {
	v, n := Varint(f.b)
	f.took(n)
	return v
}

func (f *fields) varlong() int64 {
	v, n := Varlong(f.b)
	f.took(n)
	return v
}

func (f *fields) byte() { f.took(min(1, len(f.b))) }

// bytes reads a length and as many bytes. Any negative length is null, as Kafka
// has it.
func (f *fields) bytes() []byte {
	n := int(f.varint())
	if f.err != nil || n < 0 {
		return nil
	}
	if n > len(f.b) {
		f.err, f.b = ErrRecord, nil
		return nil
	}
	v := f.b[:n:n]
	f.b = f.b[n:]
	return v
}
