package batch

import (
	"bytes"
	"testing"
)

// FuzzBatch reads arbitrary bytes as a batch. Nothing may panic, and whatever reads
// as a whole batch must mean the same after it has been encoded anew. The seed
// corpus in testdata holds good and broken batches.
func FuzzBatch(f *testing.F) {
	f.Add(three())
	f.Add(AppendEndTxn(nil, 1, 2, 3, EndTxn{Commit: true}))
	f.Add(oneRecord(0xfe, 0xff, 0xff, 0xff, 0x0f))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Parse(data)
		if err != nil {
			if _, again := Check(data); again != err {
				t.Fatalf("Parse: %v, Check: %v", err, again)
			}
			if it := Records(data); it.Next(new(Record)) || it.Err() != err {
				t.Fatalf("Parse: %v, Records: %v", err, it.Err())
			}
			return
		}
		b := data[:h.Size()]
		_, checked := Check(b)
		anew := h.Append(nil)
		it, r := Records(b), Record{}
		n, inOrder := int32(0), true
		for it.Next(&r) {
			inOrder = inOrder && r.OffsetDelta == n
			anew = AppendRecord(anew, r.OffsetDelta, r.TimestampDelta, r.Key, r.Value, headersOf(t, &r))
			ParseEndTxn(&r)
			n++
		}
		if h.Codec() == None && h.Count >= 0 && numbered(b[HeaderSize:], h.Count) != (inOrder && it.Err() == nil) {
			t.Fatalf("numbered says %v of records that give %v", !(inOrder && it.Err() == nil), it.Err())
		}
		if it.Err() != nil {
			if checked == nil && it.Err() != ErrCompressed {
				t.Fatalf("Check accepts records that give %v", it.Err())
			}
			return
		}
		if n != h.Count {
			t.Fatalf("%d records, header says %d", n, h.Count)
		}
		Seal(anew)
		compare(t, b, anew)
	})
}

func headersOf(t *testing.T, r *Record) (headers []RecordHeader) {
	it, h := r.Headers(), RecordHeader{}
	for it.Next(&h) {
		headers = append(headers, h)
	}
	if len(headers) != int(r.HeaderCount) {
		t.Fatalf("%d headers, record says %d", len(headers), r.HeaderCount)
	}
	return headers
}

// compare checks that two encodings hold the same records: the bytes may differ
// only by longer varints and other negative lengths.
func compare(t *testing.T, a, b []byte) {
	ia, ib := Records(a), Records(b)
	ra, rb := Record{}, Record{}
	for ia.Next(&ra) {
		if !ib.Next(&rb) {
			t.Fatalf("encoded anew: %v", ib.Err())
		}
		if ra.OffsetDelta != rb.OffsetDelta || ra.TimestampDelta != rb.TimestampDelta ||
			!same(ra.Key, rb.Key) || !same(ra.Value, rb.Value) {
			t.Fatalf("%+v became %+v", ra, rb)
		}
		ha, hb := headersOf(t, &ra), headersOf(t, &rb)
		for i := range ha {
			if !bytes.Equal(ha[i].Key, hb[i].Key) || !same(ha[i].Value, hb[i].Value) {
				t.Fatalf("header %q became %q", ha[i], hb[i])
			}
		}
	}
	if ib.Next(&rb) || ib.Err() != nil {
		t.Fatalf("encoded anew: %v", ib.Err())
	}
}
