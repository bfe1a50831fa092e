package engine

import "partita/engine/batch"

// enlisted makes sure that a partition is part of the producer's transaction before a
// first batch of it is appended (KIP-890).
func (e *Engine) enlisted(p *partition, c *Produce, h *batch.Header) Code {
	return UnsupportedForMessageFormat
}

// writeMarker appends the control batch that ends a producer's transaction in one
// partition, and gives its offset.
func (e *Engine) writeMarker(p *partition, id int64, epoch int16, m batch.EndTxn) Offset {
	stable, hw := p.lastStable(), p.highWatermark()
	w := &e.writer
	w.batch = batch.AppendEndTxn(w.batch[:0], id, epoch, int64(e.now), m)
	h, _ := batch.Parse(w.batch)
	at, _, _ := e.append(0, p, w.batch, &h)
	kind := KindAbortMarker
	if m.Commit {
		kind = KindCommitMarker
	}
	e.emit(Event{Kind: kind, Topic: p.topic.id, Partition: p.index, Epoch: int32(epoch), Offset: at, End: at + 1, Aux: id})
	e.settleTxns(p, stable, hw)
	return at
}
