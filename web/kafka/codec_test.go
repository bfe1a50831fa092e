package kafka

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"

	"partita/engine/batch"
	"partita/engine/vectortest"
)

func TestCodecs(t *testing.T) {
	texts := [][]byte{nil, []byte("a"), bytes.Repeat([]byte("abcdefgh"), 20_000)}
	for codec := batch.None; codec <= batch.Zstd; codec++ {
		for _, text := range texts {
			packed, err := compress([]byte("head"), codec, text)
			if err != nil {
				t.Fatal(codec, err)
			}
			got, err := decompress([]byte("more"), codec, packed[4:])
			if err != nil || string(packed[:4]) != "head" || string(got[:4]) != "more" || !bytes.Equal(got[4:], text) {
				t.Errorf("%v of %d bytes came back as %d, %v", codec, len(text), len(got)-4, err)
			}
		}
	}
	raw := snappy.Encode(nil, texts[2])
	if got, err := decompress(nil, batch.Snappy, raw); err != nil || !bytes.Equal(got, texts[2]) {
		t.Errorf("snappy without framing: %v", err)
	}
}

// TestBombs: what is small and claims to be large is refused, and not held in memory.
func TestBombs(t *testing.T) {
	large := make([]byte, openedMost+1)
	for codec := batch.Gzip; codec <= batch.Zstd; codec++ {
		packed, err := compress(nil, codec, large)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := decompress(nil, codec, packed); err == nil {
			t.Errorf("%v: %d bytes were made of %d", codec, len(large), len(packed))
		}
	}
}

// vectorBatches are the record batches of the vectors, with the records in them.
type vectorBatches struct {
	EncodeExact bool
	Hex         string
	Batches     []struct {
		SizeInBytes int
		Magic       int8
		Records     []vectorRecord
		TimestampType,
		Compression string
	}
}

type vectorRecord struct {
	Offset     int64
	Timestamp  int64
	Key, Value []byte
}

// TestVectorsRecordBatches: compressed batches open, and message sets of the old formats
// convert up, to the records that Kafka finds in them; what converts down is as Kafka
// writes it.
func TestVectorsRecordBatches(t *testing.T) {
	for _, raw := range vectortest.Load(t, "record_batches") {
		var about struct{ ID string }
		var c vectorBatches
		if json.Unmarshal(raw, &about) != nil || json.Unmarshal(raw, &c) != nil {
			t.Fatalf("a broken case: %.80s", raw)
		}
		t.Run(about.ID, func(t *testing.T) { checkVector(t, &c) })
	}
}

func checkVector(t *testing.T, c *vectorBatches) {
	data, err := hex.DecodeString(c.Hex)
	if err != nil {
		t.Fatal(err)
	}
	exact := data
	var want []vectorRecord
	old := false
	var opened []byte
	for i := range c.Batches {
		b := &c.Batches[i]
		old = old || b.Magic < 2
		want = append(want, b.Records...)
		if b.Magic == 2 {
			opened = append(opened, Open(data[:b.SizeInBytes])...)
		}
		data = data[b.SizeInBytes:]
	}
	if old {
		if opened, err = convertUp(exact); err != nil {
			t.Fatal(err)
		}
		opened = Open(opened)
	}
	got := readAll(t, opened)
	for i := range want {
		if old { // offsets are given anew
			want[i].Offset = int64(i)
		}
		if old && c.Batches[0].TimestampType == "LogAppendTime" { // and so are the broker's times
			want[i].Timestamp, got[i].Timestamp = 0, 0
		}
	}
	if !slices.EqualFunc(got, want, sameRecord) {
		t.Errorf("records %v\nwant %v", got, want)
	}
	if magic := c.Batches[0].Magic; old && c.EncodeExact && c.Batches[0].Compression == "none" {
		set := []byte{}
		for _, b := range c.Batches {
			for _, r := range b.Records {
				set = appendOld(set, byte(magic), r.Offset, r.Timestamp, b.TimestampType == "LogAppendTime", r.Key, r.Value)
			}
		}
		if string(set[:8]) == string(exact[:8]) && !bytes.Equal(set, exact) {
			t.Errorf("converted down it is\n%x\nwant\n%x", set, exact)
		}
	}
}

func sameRecord(a, b vectorRecord) bool {
	return a.Offset == b.Offset && a.Timestamp == b.Timestamp && bytes.Equal(a.Key, b.Key) && bytes.Equal(a.Value, b.Value) &&
		(a.Key == nil) == (b.Key == nil) && (a.Value == nil) == (b.Value == nil)
}

func readAll(t *testing.T, batches []byte) (all []vectorRecord) {
	t.Helper()
	for len(batches) > 0 {
		h, err := batch.Parse(batches)
		if err != nil {
			t.Fatal(err)
		}
		it, r := batch.Records(batches), batch.Record{}
		for it.Next(&r) {
			all = append(all, vectorRecord{h.BaseOffset + int64(r.OffsetDelta), h.Timestamp(&r), r.Key, r.Value})
		}
		if it.Err() != nil {
			t.Fatal(it.Err())
		}
		if err := batch.CheckCRC(batches[:h.Size()]); err != nil {
			t.Error(err)
		}
		batches = batches[h.Size():]
	}
	return all
}

// TestDownAndUp: what goes down to a message set and up again is the same records.
func TestDownAndUp(t *testing.T) {
	var b batch.Builder
	b.Reset(nil)
	b.Header.BaseOffset = 100
	b.Add(1000, []byte("k"), []byte(strings.Repeat("v", 50)), nil)
	b.Add(1001, nil, nil, nil)
	b.Add(1002, []byte{}, []byte("w"), []batch.RecordHeader{{Key: []byte("h")}})
	records := b.Finish()
	for version, magic := range []int16{0, 0, 1, 1} {
		set, err := convertDown(records, 101, int16(version))
		if err != nil || !isMessageSet(set) || set[16] != byte(magic) {
			t.Fatalf("version %d: %x, %v", version, set, err)
		}
		up, err := convertUp(set)
		if err != nil {
			t.Fatal(err)
		}
		got := readAll(t, up)
		if len(got) != 2 || got[0].Key != nil || got[0].Value != nil || string(got[1].Value) != "w" || got[1].Key == nil {
			t.Errorf("version %d: %v", version, got)
		}
		if want := int64(magic)*1003 - 1; version < 2 && got[1].Timestamp != -1 || version >= 2 && got[1].Timestamp != want {
			t.Errorf("version %d: timestamp %d", version, got[1].Timestamp)
		}
	}
}
