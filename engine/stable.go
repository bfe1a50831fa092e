package engine

import "partita/engine/batch"

// The last stable offset and the aborted index: what read_committed consumers may
// see of a partition.

// lastStable is the end of what read_committed consumers may read.
func (p *partition) lastStable() Offset { return p.stableBelow(p.highWatermark()) }

// stableBelow is the last stable offset of a replica with that high watermark: the
// first record of a transaction that is open, or whose marker is not replicated yet.
func (p *partition) stableBelow(hw Offset) Offset {
	ps := &p.producers
	stable := hw
	if len(ps.open) > 0 {
		stable = min(stable, ps.open[0].first)
	}
	for i := range ps.decided {
		if d := &ps.decided[i]; d.marker >= hw {
			stable = min(stable, d.first)
		}
	}
	return min(hw, max(stable, p.start))
}

// settleTxns forgets the ends of transactions that are replicated, and says how far
// that brought read_committed consumers. It is called when a marker was written and
// when the high watermark moved, with both offsets as they were before.
func (e *Engine) settleTxns(p *partition, stable, hw Offset) {
	ps := &p.producers
	now, kept := p.highWatermark(), ps.decided[:0]
	for _, d := range ps.decided {
		if d.marker >= now {
			kept = append(kept, d)
		}
	}
	ps.decided = kept
	for len(ps.aborted) > 0 && ps.aborted[0].marker < p.start {
		ps.aborted = ps.aborted[1:]
	}
	if moved := p.lastStable(); stable < hw && moved > stable {
		e.emit(Event{Kind: KindLastStableMoved, Topic: p.topic.id, Partition: p.index, Offset: stable, End: moved})
	}
}

// abortedIn lists the aborted transactions with records in [from, to).
func (p *partition) abortedIn(from, to Offset) []AbortedTxn {
	var found []AbortedTxn
	for i := range p.producers.aborted {
		a := &p.producers.aborted[i]
		if a.marker >= from && a.first < to {
			found = append(found, AbortedTxn{a.producer, a.first})
		}
	}
	return found
}

// rebuildProducers makes the producers' state from the log, for a leader that has just
// become it, and after a truncation. Producers whose records are all gone from the
// log's beginning are kept, as Kafka keeps them in its snapshot files.
func (p *partition) rebuildProducers() {
	ps := &p.producers
	was := ps.list
	*ps = producers{}
	first := p.start // the log may start within a segment
	if len(p.segments) > 0 {
		first = p.segments[0].base
	}
	for i := range was {
		if w := &was[i]; w.txnFirst < 0 && w.count > 0 && w.batches[w.count-1].base < first {
			ps.list = append(ps.list, *w)
		}
	}
	for _, s := range p.segments {
		for i := range s.batches {
			stored := s.batch(i)
			h, err := batch.Parse(stored)
			if err != nil || h.ProducerID < 0 {
				continue
			}
			ps.update(&h, stored, Offset(h.BaseOffset), appendTime(&h))
		}
	}
}

// appendTime is what the reply to the producer said of a batch's time.
func appendTime(h *batch.Header) Time {
	if h.IsLogAppendTime() {
		return Time(h.MaxTimestamp)
	}
	return -1
}
