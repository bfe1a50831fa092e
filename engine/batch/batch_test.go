package batch

import (
	"bytes"
	"math"
	"testing"
)

// three is a plain batch of three records, the middle one with headers.
func three() []byte {
	var b Builder
	b.Reset(nil)
	b.Add(1000, []byte("a"), []byte("first"), nil)
	b.Add(1005, nil, nil, []RecordHeader{{[]byte("h"), []byte("1")}, {[]byte(""), nil}})
	b.Add(1002, []byte{}, []byte{}, nil)
	return b.Finish()
}

// resealed applies edit to a copy of the batch and computes the CRC anew, so that a
// check beyond the CRC has to notice it.
func resealed(b []byte, edit func([]byte) []byte) []byte {
	b = edit(bytes.Clone(b))
	Seal(b)
	return b
}

func TestBuilder(t *testing.T) {
	data := append([]byte("before"), three()...)[6:]
	h, err := Check(data)
	if err != nil {
		t.Fatal(err)
	}
	if h.BaseTimestamp != 1000 || h.MaxTimestamp != 1005 || h.Count != 3 || h.LastOffsetDelta != 2 ||
		h.LeaderEpoch != -1 || h.ProducerID != -1 || h.ProducerEpoch != -1 || h.BaseSequence != -1 || h.BaseOffset != 0 {
		t.Errorf("header %+v", h)
	}
	it, r := Records(data), Record{}
	want := []Record{
		{OffsetDelta: 0, TimestampDelta: 0, Key: []byte("a"), Value: []byte("first")},
		{OffsetDelta: 1, TimestampDelta: 5, HeaderCount: 2},
		{OffsetDelta: 2, TimestampDelta: 2, Key: []byte{}, Value: []byte{}},
	}
	for i, w := range want {
		if !it.Next(&r) {
			t.Fatal(it.Err())
		}
		if r.OffsetDelta != w.OffsetDelta || r.TimestampDelta != w.TimestampDelta || !same(r.Key, w.Key) ||
			!same(r.Value, w.Value) || r.HeaderCount != w.HeaderCount {
			t.Errorf("record %d: %+v", i, r)
		}
	}
	if it.Next(&r) || it.Err() != nil {
		t.Error("a fourth record:", it.Err())
	}
}

func TestBuilderSizes(t *testing.T) {
	var b Builder
	b.Reset(make([]byte, 7))
	if b.Size() != HeaderSize || b.Count() != 0 {
		t.Errorf("empty: %d bytes, %d records", b.Size(), b.Count())
	}
	for i, key := range [][]byte{nil, {}, make([]byte, 63), make([]byte, 64), make([]byte, 8191), make([]byte, 8192)} {
		headers := []RecordHeader{{key, nil}, {nil, key}}
		e, other := Entry{int64(1000 * i * i), key, key, headers}, b.Clone()
		other.Add(e.Timestamp, key, key, headers)
		want := other.Size()
		if b.AddWithin(int64(want-1), &e) > 0 || b.Size() == want || b.Count() != i {
			t.Errorf("%d bytes, %d records after one that was too large", b.Size(), b.Count())
		}
		if b.AddWithin(int64(want), &e) != want || b.Size() != want || b.Count() != i+1 {
			t.Errorf("%d bytes, %d records; want %d, %d", b.Size(), b.Count(), want, i+1)
		}
	}
	if out := b.Finish()[7:]; len(out) != int(Uint32(out[atLength:]))+overhead {
		t.Error("the length field is wrong")
	} else if _, err := Check(out); err != nil {
		t.Error(err)
	}
}

func TestStampKeepsCRC(t *testing.T) {
	data := three()
	Stamp(data, 1<<40, 77)
	h, err := Check(data)
	if err != nil || h.BaseOffset != 1<<40 || h.LeaderEpoch != 77 || h.LastOffset() != 1<<40+2 {
		t.Errorf("%+v, %v", h, err)
	}
	StampAppendTime(data, 5000)
	h, err = Check(data)
	it, r := Records(data), Record{}
	if it.Next(&r); err != nil || !h.IsLogAppendTime() || h.Timestamp(&r) != 5000 {
		t.Errorf("%+v, %v", h, err)
	}
}

// TestMalformed gives Check one broken batch for each error that it can return.
func TestMalformed(t *testing.T) {
	good := three()
	put := func(at int, v ...byte) func([]byte) []byte {
		return func(b []byte) []byte { copy(b[at:], v); return b }
	}
	for _, c := range []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrShort},
		{"header cut", good[:HeaderSize-1], ErrShort},
		{"records cut", good[:len(good)-1], ErrShort},
		{"magic 1", put(atMagic, 1)(bytes.Clone(good)), ErrMagic},
		{"magic 3", put(atMagic, 3)(bytes.Clone(good)), ErrMagic},
		{"negative length", put(atLength, 255, 255, 255, 255)(bytes.Clone(good)), ErrLength},
		{"length below the header", put(atLength, 0, 0, 0, 48)(bytes.Clone(good)), ErrLength},
		{"length beyond int32", put(atLength, 0x7f, 255, 255, 255)(bytes.Clone(good)), ErrLength},
		{"a bit flipped", put(len(good)-3, good[len(good)-3]^1)(bytes.Clone(good)), ErrCRC},
		{"two batches", append(bytes.Clone(good), good...), ErrTrailing},
		{"codec 5", resealed(good, put(atAttributes, 0, 5)), ErrCodec},
		{"no records", resealed(good, put(atCount, 0, 0, 0, 0)), ErrCount},
		{"negative count", resealed(good, put(atCount, 255, 255, 255, 255)), ErrCount},
		{"count and last delta differ", resealed(good, put(atLastOffsetDelta, 0, 0, 0, 3)), ErrCount},
		{"count too large", resealed(good, func(b []byte) []byte {
			b[atCount+3], b[atLastOffsetDelta+3] = 4, 3
			return b
		}), ErrCount},
		{"count too small", resealed(good, func(b []byte) []byte {
			b[atCount+3], b[atLastOffsetDelta+3] = 2, 1
			return b
		}), ErrTrailing},
		{"offset delta 1 first", resealed(good, put(HeaderSize+3, 2)), ErrOffsetDelta},
		{"record too long", resealed(good, put(HeaderSize, 126)), ErrRecord},
		{"record of negative length", resealed(good, put(HeaderSize, 1)), ErrRecord},
		{"record too short", resealed(good, put(HeaderSize, good[HeaderSize]-2)), ErrRecord},
		{"empty record", resealed(good, put(HeaderSize, 0)), ErrRecord},
		{"key too long", resealed(good, put(HeaderSize+4, 126)), ErrRecord},
		{"length varint of six bytes", resealed(good, put(HeaderSize, 128, 128, 128, 128, 128, 0)), ErrVarint},
		{"timestamp varlong of eleven bytes", resealed(good,
			put(HeaderSize+2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0)), ErrVarint},
		{"negative header count", resealed(oneRecord(0x01), put(0)), ErrHeader},
		{"null header key", resealed(oneRecord(0x02, 0x01, 0x01), put(0)), ErrHeader},
		{"header missing", resealed(oneRecord(0x02), put(0)), ErrRecord},
		{"header count of millions", resealed(oneRecord(0xfe, 0xff, 0xff, 0xff, 0x0f), put(0)), ErrRecord},
	} {
		if _, err := Check(c.data); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

// oneRecord is a batch of one record with null key and value, whose header section
// is the given bytes.
func oneRecord(headers ...byte) []byte {
	h := Header{Count: 1}
	record := append([]byte{0, 0, 0, 1, 1}, headers...)
	return append(AppendVarint(h.Append(nil), int64(len(record))), record...)
}

func TestCompressedIsOpaque(t *testing.T) {
	for codec := Gzip; codec <= Zstd; codec++ {
		data := resealed(three(), func(b []byte) []byte { b[atAttributes+1] = byte(codec); return b })
		if h, err := Check(data); err != nil || h.Codec() != codec {
			t.Errorf("%v: %v", codec, err)
		}
		if it := Records(data); it.Next(new(Record)) || it.Err() != ErrCompressed {
			t.Errorf("%v: Records gives %v", codec, it.Err())
		}
	}
}

func TestEmptiedBatch(t *testing.T) {
	h := Header{BaseOffset: 50, LastOffsetDelta: 9, Attributes: HasDeleteHorizon, BaseTimestamp: 123}
	data := h.Append(nil)
	Seal(data)
	got, err := Parse(data)
	if err != nil || got.LastOffset() != 59 || CheckCRC(data) != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if ms, ok := got.DeleteHorizon(); !ok || ms != 123 {
		t.Errorf("delete horizon %d, %v", ms, ok)
	}
	if it := Records(data); it.Next(new(Record)) || it.Err() != nil {
		t.Error(it.Err())
	}
}

func TestVarints(t *testing.T) {
	for _, v := range []int64{0, -1, 1, 63, -64, 64, -65, 8191, 8192, math.MaxInt32, math.MinInt32, math.MaxInt64, math.MinInt64} {
		b := AppendVarint(nil, v)
		if len(b) != VarintSize(v) {
			t.Errorf("%d: %d bytes, VarintSize says %d", v, len(b), VarintSize(v))
		}
		if got, n := Varlong(append(b, 0xff)); got != v || n != len(b) {
			t.Errorf("%d: read %d in %d bytes", v, got, n)
		}
		if got, n := Varint(b); v == int64(int32(v)) && (int64(got) != v || n != len(b)) {
			t.Errorf("%d: read %d in %d bytes", v, got, n)
		}
		if _, n := Varlong(b[:len(b)-1]); n != 0 {
			t.Errorf("%d cut: n %d, want 0", v, n)
		}
	}
	if b := AppendVarint(nil, -3); !bytes.Equal(b, []byte{5}) {
		t.Errorf("-3 is %x", b)
	}
	if v, n := Uvarint(AppendUvarint(nil, math.MaxUint32)); v != math.MaxUint32 || n != 5 {
		t.Errorf("Uvarint: %d in %d bytes", v, n)
	}
}

func TestBigEndian(t *testing.T) {
	b := AppendUint64(AppendUint32(AppendUint16(nil, 0x0102), 0x03040506), 0x0708090a0b0c0d0e)
	if want := []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}; !bytes.Equal(b, want) {
		t.Fatalf("%x", b)
	}
	put := make([]byte, 14)
	PutUint16(put, Uint16(b))
	PutUint32(put[2:], Uint32(b[2:]))
	PutUint64(put[6:], Uint64(b[6:]))
	if !bytes.Equal(b, put) {
		t.Errorf("%x", put)
	}
}

func TestAddSequence(t *testing.T) {
	for _, c := range [][3]int32{{0, 5, 5}, {math.MaxInt32, 1, 0}, {math.MaxInt32 - 1, 3, 1}, {7, math.MaxInt32, 6}} {
		if got := AddSequence(c[0], c[1]); got != c[2] {
			t.Errorf("%d + %d = %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

func TestEndTxn(t *testing.T) {
	for _, want := range []EndTxn{{true, 5}, {false, -1}} {
		data := AppendEndTxn(nil, 9, 2, 1234, want)
		h, err := Check(data)
		if err != nil || !h.IsControl() || !h.IsTransactional() || h.ProducerID != 9 || h.ProducerEpoch != 2 ||
			h.BaseSequence != -1 || h.MaxTimestamp != 1234 {
			t.Errorf("%+v, %v", h, err)
		}
		it, r := Records(data), Record{}
		it.Next(&r)
		if got, err := ParseEndTxn(&r); got != want || err != nil {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for _, r := range []Record{
		{}, {Key: []byte{0, 0, 0, 1}}, {Key: []byte{0, 0, 0, 2}, Value: make([]byte, 6)},
		{Key: []byte{255, 0, 0, 1}, Value: make([]byte, 6)}, {Key: []byte{0, 0, 0}, Value: make([]byte, 6)},
	} {
		if m, err := ParseEndTxn(&r); err != ErrControl {
			t.Errorf("%+v: %+v, %v", r, m, err)
		}
	}
}

// TestNoAllocation covers the produce path and the read path with reused buffers.
func TestNoAllocation(t *testing.T) {
	key, value := []byte("key-1"), make([]byte, 100)
	headers := []RecordHeader{{[]byte("h"), []byte("1")}}
	var b Builder
	buf := make([]byte, 0, 16<<10)
	if n := testing.AllocsPerRun(100, func() {
		b.Reset(buf[:0])
		for i := int64(0); i < 100; i++ {
			b.Add(1000+i, key, value, headers)
		}
		buf = b.Finish()
	}); n != 0 {
		t.Errorf("building allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() {
		if _, err := Check(buf); err != nil {
			t.Fatal(err)
		}
		it, r, h := Records(buf), Record{}, RecordHeader{}
		for it.Next(&r) {
			for hs := r.Headers(); hs.Next(&h); {
			}
		}
		Stamp(buf, 5, 5)
	}); n != 0 {
		t.Errorf("reading allocates %v times", n)
	}
}

func BenchmarkBuild100(b *testing.B) {
	key, value := []byte("key-1"), make([]byte, 100)
	var w Builder
	buf := make([]byte, 0, 16<<10)
	b.ReportAllocs()
	for b.Loop() {
		w.Reset(buf[:0])
		for i := int64(0); i < 100; i++ {
			w.Add(1000+i, key, value, nil)
		}
		buf = w.Finish()
	}
	b.SetBytes(int64(len(buf)))
}

func BenchmarkCheck100(b *testing.B) {
	var w Builder
	w.Reset(nil)
	for i := int64(0); i < 100; i++ {
		w.Add(1000+i, []byte("key-1"), make([]byte, 100), nil)
	}
	data := w.Finish()
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Check(data); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSkip passes over records, and is not fooled by lengths that lead nowhere.
func TestSkip(t *testing.T) {
	var b Builder
	b.Reset(nil)
	for i := range 20 {
		b.Add(int64(i), []byte{byte('a' + i)}, bytes.Repeat([]byte{'v'}, i*7), nil)
	}
	data := b.Finish()
	for _, n := range []int64{0, 1, 7, 19, 20, 99} {
		it, r := Records(data), Record{}
		it.Skip(n)
		ok := it.Next(&r)
		if ok != (n < 20) || ok && (int64(r.OffsetDelta) != n || r.Key[0] != byte('a'+n)) {
			t.Errorf("after %d: %v %+v %v", n, ok, r, it.Err())
		}
	}
	for cut := HeaderSize; cut < len(data); cut++ {
		broken := bytes.Clone(data)
		broken[cut] = 0xff
		it, r := Records(broken), Record{}
		it.Skip(10)
		for it.Next(&r) {
		}
	}
}
