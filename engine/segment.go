package engine

// chunkBytes bounds a piece of a segment in memory: small pieces keep the live log in
// the processor's cache and let snapshots work in small steps.
const chunkBytes = 64 << 10

// keptLeast is the size of a batch from which on it pays to keep the caller's bytes
// instead of a copy.
const keptLeast = chunkBytes / 2

// segment is a run of whole record batches. Bytes once written never change and
// never move: readers and snapshots alias them. A segment in Kafka's sense, a file of
// up to segment.bytes, is one of these and those after it that have before > 0.
type segment struct {
	base     Offset // of the first record
	data     []byte
	batches  []batchEntry
	maxTime  int64
	modified Time // when the last batch was appended

	// The whole segment's, carried on from piece to piece.
	before    int64 // bytes in earlier pieces
	first     int64 // the largest timestamp of the first batch, for segment.ms; -1: none
	created   Time
	jitterMs  int64 // rolled that much earlier (segment.jitter.ms)
	indexed   int64 // entries in the offset index
	unindexed int64 // bytes since the last entry
}

// batchEntry finds a batch in its segment. Equal-sized flat rows: nothing to collect.
type batchEntry struct {
	last    Offset // offset of its last record
	maxTime int64
	pos     int32
	count   int32
}

// find gives the index of the batch that holds offset o, or len(batches).
func (s *segment) find(o Offset) int {
	lo, hi := 0, len(s.batches)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if s.batches[mid].last < o {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// from gives whole batches from index i on, up to index to: as many as fit in limit
// bytes, but at least one (KIP-74). next is the offset after them.
func (s *segment) from(i, to int, limit int64) (batches []byte, next Offset) {
	if i >= to {
		return nil, 0
	}
	start := s.batches[i].pos
	lo, hi := i+1, to // the answer ends where batch lo starts
	for lo < hi {
		mid := int(uint(lo+hi+1) / 2)
		if int64(s.end(mid)-start) <= limit {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	end := s.end(lo)
	return s.data[start:end:end], s.batches[lo-1].last + 1
}

// end is where the first n batches end.
func (s *segment) end(n int) int32 {
	if n == len(s.batches) {
		return int32(len(s.data))
	}
	return s.batches[n].pos
}

// batch gives the bytes of batch i.
func (s *segment) batch(i int) []byte {
	return s.data[s.batches[i].pos:s.end(i+1)]
}
