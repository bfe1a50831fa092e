package engine

import (
	"slices"
	"testing"

	"partita/engine/batch"
	"partita/engine/vectortest"
)

// seqStep is one step at one partition.
type seqStep struct {
	Op               string
	ProducerID       *int64
	Epoch            int16
	Sequence         int32
	Count            int32
	Transactional    bool
	Origin           string
	Type             string
	CoordinatorEpoch int32
	Ms               int64
	Offset           Offset
	Expect           struct {
		Result           string
		Code             Code
		BaseOffset       *Offset
		LastOffset       *Offset
		LogEndOffset     Offset
		HighWatermark    Offset
		LastStableOffset Offset
		Producer         *struct {
			Epoch            int16
			LastSequence     int32
			CachedBatches    int
			CoordinatorEpoch int32
			TxnFirstOffset   *Offset
		}
	}
}

// seqRun plays the steps against one partition.
type seqRun struct {
	t    *testing.T
	e    *Engine
	p    *partition
	now  Time
	high Offset // the high watermark, if the steps move it
	auto bool
}

func newSeqRun(t *testing.T, auto bool) *seqRun {
	e, id := newTopic(t, 1)
	return &seqRun{t: t, e: e, p: e.partitionAt(id, 0), auto: auto}
}

func (r *seqRun) append(s *seqStep) (Offset, Code) {
	var b batch.Builder
	b.Reset(nil)
	if s.ProducerID != nil {
		b.Header.ProducerID, b.Header.ProducerEpoch, b.Header.BaseSequence = *s.ProducerID, s.Epoch, s.Sequence
	}
	if s.Transactional {
		b.Header.Attributes |= batch.Transactional
	}
	for range s.Count {
		b.Add(int64(r.now), []byte("k"), []byte("v"), nil)
	}
	bytes := b.Finish()
	if s.ProducerID != nil && s.Origin != "replication" {
		if dup, code := r.p.producers.check(&b.Header); dup != nil {
			return dup.base, DuplicateSequenceNumber
		} else if code != None {
			return -1, code
		}
	}
	base, _, code := r.e.append(client, r.p, bytes, &b.Header)
	return base, code
}

func (r *seqRun) marker(s *seqStep) (Offset, Code) {
	if code := r.p.producers.checkMarker(*s.ProducerID, s.Epoch, s.CoordinatorEpoch); code != None {
		return -1, code
	}
	m := batch.EndTxn{Commit: s.Type == "commit", CoordinatorEpoch: s.CoordinatorEpoch}
	if r.auto {
		return r.e.writeMarker(r.p, *s.ProducerID, s.Epoch, m), None
	}
	bytes := batch.AppendEndTxn(nil, *s.ProducerID, s.Epoch, int64(r.now), m) // not replicated yet
	h, _ := batch.Parse(bytes)
	base, _, code := r.e.append(client, r.p, bytes, &h)
	return base, code
}

func (r *seqRun) step(s *seqStep) {
	t, want := r.t, &s.Expect
	base, code := Offset(-1), None
	switch s.Op {
	case "append":
		base, code = r.append(s)
	case "marker":
		base, code = r.marker(s)
	case "expire":
		r.now += Time(s.Ms)
		r.e.expireProducers(r.now)
	case "highWatermark":
		r.high = s.Offset
	default:
		t.Fatalf("op %q", s.Op)
	}
	if r.auto {
		r.high = r.p.end
	}
	got := code.String()
	switch code {
	case None:
		got = "OK"
	case DuplicateSequenceNumber:
		got = "DUPLICATE"
	}
	if got != want.Result || want.Code != 0 && want.Code != code {
		t.Errorf("%s: %v, want %s", s.Op, code, want.Result)
	}
	if want.BaseOffset != nil && base != *want.BaseOffset || want.LastOffset != nil && base+Offset(s.Count)-1 != *want.LastOffset {
		t.Errorf("base offset %d of %d records, want %+v", base, s.Count, *want.BaseOffset)
	}
	if r.p.end != want.LogEndOffset || r.high != want.HighWatermark || r.p.stableBelow(r.high) != want.LastStableOffset {
		t.Errorf("log end %d, high watermark %d, last stable %d; want %+v", r.p.end, r.high, r.p.stableBelow(r.high), want)
	}
	if w := want.Producer; w != nil {
		p := r.p.producers.lookup(*s.ProducerID)
		first := Offset(-1)
		if w.TxnFirstOffset != nil {
			first = *w.TxnFirstOffset
		}
		if p == nil || p.epoch != w.Epoch || p.lastSequence() != w.LastSequence || int(p.count) != w.CachedBatches ||
			p.coordinatorEpoch != w.CoordinatorEpoch || p.txnFirst != first {
			t.Errorf("producer %+v, want %+v (first offset %d)", p, w, first)
		}
	}
}

// rebuilt checks that the log alone gives the same state.
func (r *seqRun) rebuilt() {
	was := r.p.producers
	r.p.rebuildProducers()
	now := &r.p.producers
	if !slices.Equal(was.list, now.list) || !slices.Equal(was.open, now.open) || !slices.Equal(was.aborted, now.aborted) {
		r.t.Errorf("rebuilt from the log:\n%+v\nwas\n%+v", *now, was)
	}
}

func TestVectorsProducerSequence(t *testing.T) {
	vectortest.Each(t, "producer_sequence", func(t *testing.T, c struct {
		Kind  string
		Steps []seqStep
	}) {
		r, expired := newSeqRun(t, true), false
		for i := range c.Steps {
			r.step(&c.Steps[i])
			expired = expired || c.Steps[i].Op == "expire"
		}
		if !expired {
			r.rebuilt()
		}
	})
}

// read is what a vector's consumer gets.
type txnRead struct {
	Isolation           string
	FetchOffset         Offset
	LastStableOffset    Offset
	AbortedTransactions []struct {
		ProducerID  int64
		FirstOffset Offset
	}
	VisibleOffsets []Offset
}

func TestVectorsTransactionLog(t *testing.T) {
	vectortest.Each(t, "transaction_log", func(t *testing.T, c struct {
		Kind              string
		AutoHighWatermark bool
		Steps             []seqStep
		Log               []struct {
			Offset        Offset
			ProducerID    int64
			Transactional bool
			Control       string
		}
		AbortedIndex []struct {
			ProducerID       int64
			FirstOffset      Offset
			LastOffset       Offset
			LastStableOffset Offset
		}
		Reads []txnRead
	}) {
		r := newSeqRun(t, c.AutoHighWatermark)
		for i := range c.Steps {
			r.step(&c.Steps[i])
		}
		next := Offset(0)
		for _, s := range r.p.segments {
			for i := range s.batches {
				h, _ := batch.Parse(s.batch(i))
				for n := range h.Count {
					want, control := c.Log[next], ""
					if m, ok := marker(s.batch(i)); ok && h.IsControl() {
						control = map[bool]string{true: "COMMIT", false: "ABORT"}[m.Commit]
					}
					if want.Offset != Offset(h.BaseOffset)+Offset(n) || want.ProducerID != h.ProducerID || control != want.Control ||
						!h.IsControl() && want.Transactional != h.IsTransactional() {
						t.Errorf("offset %d: %+v %s, want %+v", next, h, control, want)
					}
					next++
				}
			}
		}
		if int(next) != len(c.Log) {
			t.Errorf("%d records, want %d", next, len(c.Log))
		}
		if len(r.p.producers.aborted) != len(c.AbortedIndex) {
			t.Errorf("aborted index %+v, want %+v", r.p.producers.aborted, c.AbortedIndex)
		}
		for i, a := range r.p.producers.aborted {
			if w := c.AbortedIndex[i]; a != (abortedTxn{w.ProducerID, w.FirstOffset, w.LastOffset, w.LastStableOffset}) {
				t.Errorf("aborted %+v, want %+v", a, w)
			}
		}
		for i := range c.Reads {
			checkRead(t, r, &c.Reads[i])
		}
		r.rebuilt()
		for i := range c.Reads {
			checkRead(t, r, &c.Reads[i])
		}
	})
}

func checkRead(t *testing.T, r *seqRun, want *txnRead) {
	t.Helper()
	committed := want.Isolation == "read_committed"
	part := r.e.readPart(&FetchPart{Topic: r.p.topic.id, Offset: want.FetchOffset, MaxBytes: 1 << 20}, 1<<20, true, committed, "")
	if part.Code != None || committed && part.LastStableOffset != want.LastStableOffset {
		t.Errorf("read %+v: %v, last stable %d", want, part.Code, part.LastStableOffset)
	}
	if len(part.Aborted) != len(want.AbortedTransactions) {
		t.Errorf("read %+v: aborted %+v", want, part.Aborted)
	}
	for i, a := range part.Aborted {
		if w := want.AbortedTransactions[i]; a != (AbortedTxn{w.ProducerID, w.FirstOffset}) {
			t.Errorf("read %+v: aborted %+v", want, part.Aborted)
		}
	}
	if got := visible(part, want.FetchOffset); !slices.Equal(got, want.VisibleOffsets) {
		t.Errorf("read %+v: visible %v", want, got)
	}
}

// visible is what a consumer makes of a fetched partition, as Kafka's Fetcher does:
// without control batches, and without what is in an aborted transaction.
func visible(part FetchedPart, from Offset) (offsets []Offset) {
	aborted, todo := map[int64]bool{}, slices.Clone(part.Aborted)
	slices.SortFunc(todo, func(a, b AbortedTxn) int { return int(a.First - b.First) })
	for b := part.Records; len(b) > 0; {
		h, err := batch.Parse(b)
		if err != nil {
			panic(err)
		}
		raw := b[:h.Size()]
		b = b[h.Size():]
		for len(todo) > 0 && todo[0].First <= Offset(h.LastOffset()) {
			aborted[todo[0].ProducerID] = true
			todo = todo[1:]
		}
		if h.IsControl() {
			if m, ok := marker(raw); ok && !m.Commit {
				delete(aborted, h.ProducerID)
			}
			continue
		}
		if h.IsTransactional() && aborted[h.ProducerID] {
			continue
		}
		for it, rec := batch.Records(raw), (batch.Record{}); it.Next(&rec); {
			if o := Offset(h.BaseOffset) + Offset(rec.OffsetDelta); o >= from {
				offsets = append(offsets, o)
			}
		}
	}
	return offsets
}
