package client

import (
	"maps"

	"partita/engine"
)

// Sink is a store outside the cluster, as a database is: it knows nothing of offsets
// and transactions. Whoever owns the consumers gives it their FactWritten and
// FactUpserted. The zero value is empty.
type Sink struct {
	Rows  int64 // that are there
	Again int64 // writes of records that had been written before

	written map[sinkKey]bool
}

type sinkKey struct {
	topic     engine.TopicID
	partition engine.Partition
	offset    engine.Offset
}

// Write takes one write, and reports whether the record had been written before. A
// plain write then makes a second row; one by the key topic-partition-offset does not.
func (s *Sink) Write(f *Fact) (again bool) {
	key := sinkKey{f.ID, f.Partition, f.Offset}
	if s.written == nil {
		s.written = map[sinkKey]bool{}
	}
	again = s.written[key]
	s.written[key] = true
	if again {
		s.Again++
	}
	if !again || f.Kind == FactWritten {
		s.Rows++
	}
	return again
}

// Clone is a copy that goes on by itself from the same state.
func (s *Sink) Clone() *Sink {
	d := *s
	d.written = maps.Clone(s.written)
	return &d
}
