package batch

import (
	"bytes"
	"encoding/hex"
	"testing"

	"partita/engine/vectortest"
)

type vectorBatch struct {
	BaseOffset           int64
	SizeInBytes          int
	Magic                int8
	BatchLength          int32
	PartitionLeaderEpoch int32
	CRC32C               uint32
	LastOffsetDelta      int32
	BaseTimestamp        int64
	MaxTimestamp         int64
	ProducerID           int64
	ProducerEpoch        int16
	BaseSequence         int32
	LastSequence         int32
	RecordCount          int32
	IsTransactional      bool
	IsControlBatch       bool
	DeleteHorizonMs      *int64
	Attributes           Attributes
	LastOffset           int64
	NextOffset           int64
	Compression          string
	TimestampType        string
	Records              []vectorRecord
}

type vectorRecord struct {
	Offset           int64
	Timestamp        int64
	Key, Value       []byte // base64 in JSON; null stays nil and "" does not
	Headers          []vectorHeader
	ControlType      string
	CoordinatorEpoch int32
}

type vectorHeader struct {
	Key   string // as it is
	Value []byte // base64
}

type vectorCase struct {
	EncodeExact bool
	Hex         string
	Batches     []vectorBatch
}

func TestVectorsRecordBatches(t *testing.T) {
	vectortest.Each(t, "record_batches", func(t *testing.T, c vectorCase) {
		data, err := hex.DecodeString(c.Hex)
		if err != nil {
			t.Fatal(err)
		}
		rest := data
		for i := range c.Batches {
			want := &c.Batches[i]
			if want.Magic < 2 {
				// Formats 0 and 1 are refused by name: this is all that is asked of them.
				t.Logf("magic %d: expecting ErrMagic", want.Magic)
				if _, err := Parse(rest); err != ErrMagic {
					t.Errorf("Parse: %v, want ErrMagic", err)
				}
				if it := Records(rest); it.Next(new(Record)) || it.Err() != ErrMagic {
					t.Errorf("Records: %v, want ErrMagic", it.Err())
				}
				rest = rest[want.SizeInBytes:]
				continue
			}
			h, err := Parse(rest)
			if err != nil {
				t.Fatal(err)
			}
			b := rest[:h.Size()]
			rest = rest[h.Size():]
			if err := CheckCRC(b); err != nil {
				t.Error(err)
			}
			checkHeader(t, &h, want)
			if want.Compression != "none" {
				if it := Records(b); it.Next(new(Record)) || it.Err() != ErrCompressed {
					t.Errorf("Records: %v, want ErrCompressed", it.Err())
				}
				continue
			}
			encoded := checkRecords(t, b, &h, want)
			if c.EncodeExact && !bytes.Equal(encoded, b) {
				t.Errorf("encoded anew:\n%x\nwant\n%x", encoded, b)
			}
		}
		if len(rest) > 0 {
			t.Errorf("%d bytes left over", len(rest))
		}
	})
}

func checkHeader(t *testing.T, h *Header, want *vectorBatch) {
	t.Helper()
	wantHeader := Header{BaseOffset: want.BaseOffset, Length: want.BatchLength, LeaderEpoch: want.PartitionLeaderEpoch,
		CRC: want.CRC32C, Attributes: want.Attributes, LastOffsetDelta: want.LastOffsetDelta,
		BaseTimestamp: want.BaseTimestamp, MaxTimestamp: want.MaxTimestamp, ProducerID: want.ProducerID,
		ProducerEpoch: want.ProducerEpoch, BaseSequence: want.BaseSequence, Count: want.RecordCount}
	if *h != wantHeader {
		t.Errorf("header %+v\nwant   %+v", *h, wantHeader)
	}
	if h.Size() != want.SizeInBytes || h.LastOffset() != want.LastOffset || h.NextOffset() != want.NextOffset ||
		h.LastSequence() != want.LastSequence {
		t.Errorf("size %d, last offset %d, next offset %d, last sequence %d; want %d, %d, %d, %d",
			h.Size(), h.LastOffset(), h.NextOffset(), h.LastSequence(),
			want.SizeInBytes, want.LastOffset, want.NextOffset, want.LastSequence)
	}
	if h.Codec().String() != want.Compression || h.IsLogAppendTime() != (want.TimestampType == "LogAppendTime") ||
		h.IsTransactional() != want.IsTransactional || h.IsControl() != want.IsControlBatch {
		t.Errorf("attributes %b: %v, %v, %v, %v", h.Attributes, h.Codec(), h.IsLogAppendTime(), h.IsTransactional(), h.IsControl())
	}
	if ms, ok := h.DeleteHorizon(); ok != (want.DeleteHorizonMs != nil) || ok && ms != *want.DeleteHorizonMs {
		t.Errorf("delete horizon %d %v", ms, ok)
	}
}

// checkRecords compares the records with the vector's and returns the batch encoded
// anew from the vector. Only the timestamp deltas are the bytes' own where the
// vector does not tell them: under log append time.
func checkRecords(t *testing.T, b []byte, h *Header, want *vectorBatch) []byte {
	t.Helper()
	anew := Header{BaseOffset: want.BaseOffset, LeaderEpoch: want.PartitionLeaderEpoch, Attributes: want.Attributes,
		LastOffsetDelta: want.LastOffsetDelta, BaseTimestamp: want.BaseTimestamp, MaxTimestamp: want.MaxTimestamp,
		ProducerID: want.ProducerID, ProducerEpoch: want.ProducerEpoch, BaseSequence: want.BaseSequence,
		Count: want.RecordCount}
	encoded := anew.Append(nil)
	it, r := Records(b), Record{}
	for i := range want.Records {
		w := &want.Records[i]
		if !it.Next(&r) {
			t.Fatalf("record %d: %v", i, it.Err())
		}
		if offset := h.BaseOffset + int64(r.OffsetDelta); offset != w.Offset || h.Timestamp(&r) != w.Timestamp {
			t.Errorf("record %d: offset %d, timestamp %d; want %d, %d", i, offset, h.Timestamp(&r), w.Offset, w.Timestamp)
		}
		if !same(r.Key, w.Key) || !same(r.Value, w.Value) {
			t.Errorf("record %d: %q=%q, want %q=%q", i, r.Key, r.Value, w.Key, w.Value)
		}
		headers := vectorHeaders(w)
		n, hs := 0, r.Headers()
		for got := (RecordHeader{}); hs.Next(&got); n++ {
			if n < len(headers) && (!same(got.Key, headers[n].Key) || !same(got.Value, headers[n].Value)) {
				t.Errorf("record %d: header %q, want %q", i, got, headers[n])
			}
		}
		if n != len(headers) {
			t.Errorf("record %d: %d headers, want %d", i, n, len(headers))
		}
		if w.ControlType != "" {
			m, err := ParseEndTxn(&r)
			if err != nil || m.Commit != (w.ControlType == "COMMIT") || m.CoordinatorEpoch != w.CoordinatorEpoch {
				t.Errorf("marker %+v, %v; want %s of epoch %d", m, err, w.ControlType, w.CoordinatorEpoch)
			}
			if own := AppendEndTxn(nil, h.ProducerID, h.ProducerEpoch, h.MaxTimestamp, m); !bytes.Equal(own[atCRC:], b[atCRC:]) {
				t.Errorf("AppendEndTxn:\n%x\nwant\n%x", own, b)
			}
		}
		delta := w.Timestamp - want.BaseTimestamp
		if h.IsLogAppendTime() {
			delta = r.TimestampDelta
		}
		encoded = AppendRecord(encoded, int32(w.Offset-want.BaseOffset), delta, w.Key, w.Value, headers)
	}
	if it.Next(&r) || it.Err() != nil {
		t.Errorf("after the last record: %v", it.Err())
	}
	Seal(encoded)
	return encoded
}

func vectorHeaders(r *vectorRecord) (headers []RecordHeader) {
	for _, h := range r.Headers {
		headers = append(headers, RecordHeader{[]byte(h.Key), h.Value})
	}
	return headers
}

func same(a, b []byte) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) }
