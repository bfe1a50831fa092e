package engine

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"partita/engine/batch"
)

// written is one record as the test knows it.
type written struct {
	key, value string
	removed    bool // a tombstone
	open       bool // its transaction has not ended
	aborted    bool
}

// scribe writes one log, sometimes in transactions, and remembers everything.
type scribe struct {
	t    *testing.T
	e    *Engine
	p    *partition
	r    *rand.Rand
	all  map[Offset]written
	txns map[int64][]Offset // open ones, by producer
	seq  map[int64]int32
}

func (s *scribe) write() {
	var b batch.Builder
	b.Reset(nil)
	producer := int64(s.r.IntN(5)) - 2 // negative: none
	transactional := producer == 2
	var list []written
	for range 1 + s.r.IntN(4) {
		w := written{key: "k" + strconv.Itoa(s.r.IntN(8)), value: strconv.Itoa(s.r.IntN(1000)), open: transactional, removed: s.r.IntN(5) == 0}
		value := []byte(w.value)
		if w.removed {
			value = nil
		}
		b.Add(int64(s.e.now), []byte(w.key), value, nil)
		list = append(list, w)
	}
	if producer >= 0 {
		b.Header.ProducerID, b.Header.ProducerEpoch, b.Header.BaseSequence = producer, 0, s.seq[producer]
		s.seq[producer] += int32(len(list))
	}
	if transactional {
		b.Header.Attributes |= batch.Transactional
	}
	raw := b.Finish()
	base, _, code := s.e.append(0, s.p, raw, &b.Header)
	if code != None {
		s.t.Fatal(code)
	}
	for i, w := range list {
		s.all[base+Offset(i)] = w
		if transactional {
			s.txns[producer] = append(s.txns[producer], base+Offset(i))
		}
	}
}

// end writes a marker for the producer that has a transaction open.
func (s *scribe) end(commit bool) {
	for _, o := range s.txns[2] {
		w := s.all[o]
		w.open, w.aborted = false, !commit
		s.all[o] = w
	}
	delete(s.txns, 2)
	b := batch.AppendEndTxn(nil, 2, 0, int64(s.e.now), batch.EndTxn{Commit: commit})
	h, _ := batch.Parse(b)
	s.e.append(0, s.p, b, &h)
}

// table is what a reader of committed records ends up with.
func (s *scribe) table(has func(Offset) bool) map[string]string {
	newest, table := map[string]Offset{}, map[string]string{}
	for o := range s.p.end {
		if w, ok := s.all[o]; ok && !w.open && !w.aborted && has(o) {
			newest[w.key] = o
		}
	}
	for key, o := range newest {
		if w := s.all[o]; !w.removed {
			table[key] = w.value
		}
	}
	return table
}

// look compares the log with what was written.
func (s *scribe) look() (kept int) {
	s.t.Helper()
	there := map[Offset]bool{}
	last := Offset(-1)
	for _, b := range headersOf(s.t, s.p) {
		for _, r := range b.records {
			o := Offset(b.h.BaseOffset) + Offset(r.OffsetDelta)
			if o <= last {
				s.t.Fatalf("offset %d after %d", o, last)
			}
			last = o
			if b.h.IsControl() {
				continue
			}
			w, ok := s.all[o]
			if !ok || w.key != string(r.Key) || w.removed != (r.Value == nil) || !w.removed && w.value != string(r.Value) {
				s.t.Fatalf("at %d there is %q=%q, written was %+v", o, r.Key, r.Value, w)
			}
			there[o] = true
		}
	}
	want := s.table(func(Offset) bool { return true })
	got := s.table(func(o Offset) bool { return there[o] })
	for key, value := range want {
		if got[key] != value {
			s.t.Fatalf("the newest value of %s is %q, want %q", key, got[key], value)
		}
	}
	if len(got) != len(want) {
		s.t.Fatalf("a removed key is back: %v, want %v", got, want)
	}
	for o, w := range s.all {
		if w.open && !there[o] {
			s.t.Fatalf("the record at %d of an open transaction is gone", o)
		}
	}
	return len(there)
}

// TestCompactionKeepsTheNewest writes at random, cleans again and again, and looks.
func TestCompactionKeepsTheNewest(t *testing.T) {
	for seed := range uint64(40) {
		e := New(Config{Seed: seed, Defaults: []ConfigEntry{{Name: "log.cleaner.backoff.ms", Value: "3000"}}})
		e.Apply(1, client, 1, &CreateTopic{Name: "table", Partitions: 1, Config: []ConfigEntry{{Name: "cleanup.policy", Value: "compact"},
			{Name: "segment.bytes", Value: "700"}, {Name: "delete.retention.ms", Value: "9000"}, {Name: "min.cleanable.dirty.ratio", Value: "0.1"}}})
		s := &scribe{t: t, e: e, p: e.topics[1].partitions[0], r: rand.New(rand.NewPCG(seed, 1)),
			all: map[Offset]written{}, txns: map[int64][]Offset{}, seq: map[int64]int32{}}
		cleanings := 0
		for range 300 {
			if e.Advance(); len(s.txns) > 0 && s.r.IntN(6) == 0 {
				s.end(s.r.IntN(2) == 0)
			}
			s.write()
			active := s.p.segments[len(s.p.segments)-1]
			before, start := bytes.Clone(active.data), s.p.segments[s.p.activeSegment()].base
			e.Tick(e.now + Time(s.r.IntN(1500)))
			if !bytes.Equal(active.data, before) || s.p.segments[s.p.activeSegment()].base != start {
				t.Fatal("the active segment was touched")
			}
			if n := len(kinds(e, KindLogCleaned)); n > 0 {
				cleanings += n
				s.look()
			}
			if err := e.Check(); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
		}
		if kept := s.look(); cleanings < 10 || kept > len(s.all)/4 {
			t.Errorf("seed %d: %d cleanings kept %d of %d records", seed, cleanings, kept, len(s.all))
		}
	}
}
