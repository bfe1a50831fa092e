package engine

import (
	"slices"
	"strconv"
	"testing"

	"partita/engine/batch"
	"partita/engine/vectortest"
)

type compactionCase struct {
	What   string
	Config struct {
		CleanupPolicy          []string
		DeleteRetentionMs      int64
		MinCompactionLagMs     int64
		MaxCompactionLagMs     int64
		MinCleanableDirtyRatio *float64
	}
	Now                    int64
	FirstDirtyOffset       Offset
	Segments               []compactionSegment
	AbortedTransactions    []struct{ ProducerID, FirstOffset int64 }
	ActiveProducers        map[string]struct{ LastDataOffset int64 }
	CleanBytes, DirtyBytes int64
	OldestDirtyRecordAgeMs int64
	Expect                 struct {
		CleanedUpTo, NextFirstDirtyOffset Offset
		Records                           []compactionRecord
		KeptOffsets                       []int64
		DeleteHorizons                    []compactionHorizon
		EmptyBatchesKept                  []int64
		DirtyRatio                        *float64
		Cleaned                           bool
	}
}

type compactionSegment struct {
	BaseOffset Offset
	Batches    []struct {
		Records         []compactionRecord
		DeleteHorizonMs *int64
		Transactional   bool
		Control         string
		ProducerID      *int64
		ProducerEpoch   int16
	}
}

type compactionRecord struct {
	Offset     int64
	Key, Value *string
	Timestamp  int64
	Control    string
}

type compactionHorizon struct{ BatchLastOffset, DeleteHorizonMs int64 }

func bytesOf(s *string) []byte {
	if s == nil {
		return nil
	}
	return []byte(*s)
}

// configure sets the topic as the case has it.
func (c *compactionCase) configure(config *topicConfig) {
	if c.Config.DeleteRetentionMs != 0 {
		config.value[setDeleteRetentionMs] = c.Config.DeleteRetentionMs
	}
	if c.Config.MaxCompactionLagMs != 0 {
		config.value[setMaxCompactionLagMs] = c.Config.MaxCompactionLagMs
	}
	if c.Config.MinCleanableDirtyRatio != nil {
		config.value[setMinDirtyRatio] = int64(*c.Config.MinCleanableDirtyRatio * million)
	}
	config.value[setMinCompactionLagMs] = c.Config.MinCompactionLagMs
}

// log lays the case's segments out as a partition.
func (c *compactionCase) log(e *Engine) *partition {
	topic := e.offsetsTopic()
	p := &partition{topic: topic, log: log{cleaned: c.FirstDirtyOffset}}
	c.configure(&topic.config)
	for _, cs := range c.Segments {
		s := &segment{base: cs.BaseOffset, maxTime: -1}
		for _, cb := range cs.Batches {
			first, last := cb.Records[0], cb.Records[len(cb.Records)-1]
			h := batch.Header{BaseOffset: first.Offset, LastOffsetDelta: int32(last.Offset - first.Offset), BaseTimestamp: first.Timestamp,
				MaxTimestamp: last.Timestamp, ProducerID: -1, ProducerEpoch: -1, BaseSequence: -1, Count: int32(len(cb.Records))}
			if cb.ProducerID != nil {
				h.ProducerID, h.ProducerEpoch = *cb.ProducerID, cb.ProducerEpoch
			}
			if cb.Transactional {
				h.Attributes |= batch.Transactional
			}
			if cb.DeleteHorizonMs != nil {
				h.Attributes |= batch.HasDeleteHorizon
				h.BaseTimestamp = *cb.DeleteHorizonMs
			}
			bytes := h.Append(nil)
			for _, r := range cb.Records {
				bytes = batch.AppendRecord(bytes, int32(r.Offset-first.Offset), r.Timestamp-h.BaseTimestamp, bytesOf(r.Key), bytesOf(r.Value), nil)
			}
			if cb.Control != "" {
				bytes = markerBytes(&h, first, cb.Control)
			}
			batch.Seal(bytes)
			s.batches = append(s.batches, batchEntry{last: Offset(last.Offset), maxTime: h.MaxTimestamp, pos: int32(len(s.data)), count: h.Count})
			s.data = append(s.data, bytes...)
			s.maxTime = max(s.maxTime, h.MaxTimestamp)
			p.end = Offset(last.Offset) + 1
		}
		p.bytes += int64(len(s.data))
		p.segments = append(p.segments, s)
	}
	p.end = max(p.end, p.segments[len(p.segments)-1].base)
	return p
}

// markerBytes is a control batch for the case's header.
func markerBytes(h *batch.Header, r compactionRecord, control string) []byte {
	bytes := batch.AppendEndTxn(nil, h.ProducerID, h.ProducerEpoch, r.Timestamp, batch.EndTxn{Commit: control == "COMMIT"})
	got, _ := batch.Parse(bytes)
	var m batch.Record
	it := batch.Records(bytes)
	it.Next(&m)
	got.BaseOffset, got.Attributes = h.BaseOffset, got.Attributes|h.Attributes
	got.BaseTimestamp = h.BaseTimestamp
	out := batch.AppendRecord(got.Append(nil), 0, r.Timestamp-h.BaseTimestamp, m.Key, m.Value, nil)
	*h = got
	return out
}

// producers tells the cleaner what the case says of producers.
func (c *compactionCase) producers(p *partition) {
	for _, a := range c.AbortedTransactions {
		marker := Offset(0)
		for _, s := range c.Segments {
			for _, b := range s.Batches {
				if b.Control == "ABORT" && *b.ProducerID == a.ProducerID {
					marker = Offset(b.Records[0].Offset)
				}
			}
		}
		p.producers.aborted = append(p.producers.aborted, abortedTxn{producer: a.ProducerID, first: Offset(a.FirstOffset), marker: marker})
	}
	for id, last := range c.ActiveProducers {
		n, _ := strconv.ParseInt(id, 10, 64)
		p.producers.list = append(p.producers.list, producer{id: n, txnFirst: -1, count: 1, batches: [rememberedBatches]producerBatch{{base: Offset(last.LastDataOffset)}}})
	}
}

func (c *compactionCase) compaction(t *testing.T) {
	e := New(Config{})
	p := c.log(e)
	e.now = Time(c.Now)
	c.producers(p)
	clean(e, p)
	x := &c.Expect
	if p.cleaned != x.CleanedUpTo || p.cleaned != x.NextFirstDirtyOffset {
		t.Errorf("cleaned up to %d, want %d", p.cleaned, x.CleanedUpTo)
	}
	times := map[int64]int64{}
	for _, s := range c.Segments {
		for _, b := range s.Batches {
			for _, r := range b.Records {
				times[r.Offset] = r.Timestamp
			}
		}
	}
	var kept []int64
	var horizons []compactionHorizon
	var empty []int64
	for _, h := range headersOf(t, p) {
		if at, ok := h.h.DeleteHorizon(); ok {
			horizons = append(horizons, compactionHorizon{h.h.LastOffset(), at})
		}
		if h.h.Count == 0 {
			empty = append(empty, h.h.LastOffset())
		}
		for i, r := range h.records {
			if h.h.IsControl() { // the case has words for key and value
				h.records[i].Key, h.records[i].Value = []byte("abort"), []byte("marker")
				r = h.records[i]
			}
			offset := h.h.BaseOffset + int64(r.OffsetDelta)
			if at := h.h.Timestamp(&r); at != times[offset] {
				t.Errorf("timestamp at %d is %d, was %d", offset, at, times[offset])
			}
			if n := len(kept); n >= len(x.Records) || x.Records[n].Offset != offset || !slices.Equal(bytesOf(x.Records[n].Key), r.Key) ||
				(x.Records[n].Value == nil) != (r.Value == nil) || !slices.Equal(bytesOf(x.Records[n].Value), r.Value) {
				t.Errorf("kept %d: %q=%q", offset, r.Key, r.Value)
			}
			kept = append(kept, offset)
		}
	}
	if !slices.Equal(kept, x.KeptOffsets) {
		t.Errorf("kept %v, want %v", kept, x.KeptOffsets)
	}
	if !slices.Equal(empty, x.EmptyBatchesKept) {
		t.Errorf("empty batches %v, want %v", empty, x.EmptyBatchesKept)
	}
	if !slices.Equal(horizons, x.DeleteHorizons) {
		t.Errorf("delete horizons %v, want %v", horizons, x.DeleteHorizons)
	}
}

type parsedBatch struct {
	h       batch.Header
	records []batch.Record
}

// lentFrom reads without an end.
func lentFrom(p *partition, o Offset, limit int64) []byte {
	bytes, _ := p.read(o, p.end, limit)
	return bytes
}

// headersOf reads a whole log through read, as a consumer would, and checks it.
func headersOf(t testing.TB, p *partition) (all []parsedBatch) {
	t.Helper()
	total := int64(0)
	for o := p.start; o < p.end; {
		bytes := lentFrom(p, o, 1)
		if bytes == nil {
			break
		}
		h, err := batch.Parse(bytes)
		if err == nil {
			err = batch.CheckCRC(bytes)
		}
		if err != nil || h.Size() != len(bytes) || h.LastOffset() < int64(o) {
			t.Fatalf("batch read at %d: %v %+v", o, err, h)
		}
		b := parsedBatch{h: h}
		it := batch.Records(bytes)
		for r := (batch.Record{}); it.Next(&r); {
			b.records = append(b.records, r)
		}
		if it.Err() != nil || len(b.records) != int(h.Count) {
			t.Fatalf("batch at %d: %v, %d records of %d", o, it.Err(), len(b.records), h.Count)
		}
		all = append(all, b)
		total += int64(len(bytes))
		o = Offset(h.NextOffset())
	}
	if total != p.bytes {
		t.Errorf("log counts %d bytes, has %d", p.bytes, total)
	}
	return all
}

func TestVectorsLogCompaction(t *testing.T) {
	vectortest.Each(t, "log_compaction", func(t *testing.T, c compactionCase) {
		switch c.What {
		case "compaction":
			c.compaction(t)
		case "selection":
			broker := newBrokerConfig(nil)
			config := broker.topicDefaults()
			c.configure(config)
			r := cleanable{clean: c.CleanBytes, dirty: c.DirtyBytes}
			if c.OldestDirtyRecordAgeMs > 0 {
				r.oldest = 1
			}
			if got := r.worthwhile(config, Time(1+c.OldestDirtyRecordAgeMs)); got != c.Expect.Cleaned {
				t.Errorf("cleaned %v, want %v", got, c.Expect.Cleaned)
			}
		default:
			t.Fatalf("unknown kind of case %q", c.What)
		}
	})
}

// clean runs the cleaner on one log, dirty enough or not.
func clean(e *Engine, p *partition) {
	r := p.cleanable(e.now)
	e.cleanLog(p, &r)
}

// TestOffsetsLogStaysSmall commits for weeks.
func TestOffsetsLogStaysSmall(t *testing.T) {
	e := New(Config{Seed: 1, Defaults: []ConfigEntry{{Name: "offsets.topic.segment.bytes", Value: "65536"}}})
	now := Time(1_700_000_000_000) // from the start: else it is the cleaner's rounds since 1970 that take the time
	ask(t, e, now, &CreateTopic{Name: "orders", Partitions: 4})
	var g GroupView
	for i := range 60_000 {
		now += 30_000
		e.Apply(now, client, 1, &OffsetCommit{Group: "g", Generation: -1,
			Offsets: []CommitOffset{{Topic: "orders", Partition: Partition(i % 4), Offset: Offset(i), LeaderEpoch: -1}}})
		e.Advance()
	}
	g, _ = e.Group("g")
	p := e.groups[g.ID].log
	if p.end != 60_000 || p.bytes > 3*chunkBytes {
		t.Errorf("log ends at %d and takes %d bytes", p.end, p.bytes)
	}
	newest := map[string]Offset{}
	for _, b := range headersOf(t, p) {
		for _, r := range b.records {
			rec, err := DecodeOffsetsRecord(r.Key, r.Value)
			if err != nil || rec.Group != "g" {
				t.Fatalf("%+v %v", rec, err)
			}
			newest[rec.Topic+strconv.Itoa(int(rec.Partition))] = rec.Offset
		}
	}
	for i := range Partition(4) {
		if f, _ := e.Committed(g.ID, "orders", i); f.Offset != newest["orders"+strconv.Itoa(int(i))] || f.Offset != Offset(59_996+int(i)) {
			t.Errorf("partition %d: %+v, in the log %d", i, f, newest["orders"+strconv.Itoa(int(i))])
		}
	}
	if err := p.check(); err != nil {
		t.Error(err)
	}
}

// TestCompactionLeavesLentBytesAlone reads, cleans, and looks at what was read.
func TestCompactionLeavesLentBytesAlone(t *testing.T) {
	e := New(Config{})
	topic := e.offsetsTopic()
	topic.config.value[setSegmentBytes] = 100_000
	p := topic.partitions[0]
	big := make([]byte, 9000)
	for i := range 40 {
		var b batch.Builder
		b.Reset(nil)
		big[0] = byte(i)
		b.Add(int64(i), []byte{byte(i % 3)}, big, nil)
		b.Add(int64(i), []byte("always"), []byte{byte(i)}, []batch.RecordHeader{{Key: []byte("h"), Value: []byte{1}}})
		bytes := b.Finish()
		e.append(0, p, bytes, &b.Header)
	}
	lent := lentFrom(p, 0, 1<<20)
	before := slices.Clone(lent)
	clean(e, p)
	if !slices.Equal(before, lent) {
		t.Error("bytes that were lent have changed")
	}
	for _, b := range headersOf(t, p)[:2] {
		if b.h.Count == 1 && b.h.LastOffsetDelta != 1 {
			t.Errorf("a shrunk batch ends at %d", b.h.LastOffset())
		}
		for i := range b.records {
			if string(b.records[i].Key) == "always" && b.records[i].HeaderCount != 1 {
				t.Error("headers were lost")
			}
		}
	}
	if lentFrom(p, 0, 1<<20) == nil {
		t.Error("nothing can be read at an offset that was cleaned away")
	}
}
