package engine

import "partita/engine/batch"

// newestEndTxnVersion is the EndTxn version that 0 stands for.
const newestEndTxnVersion = 5

func (c *EndTxn) apply(e *Engine, from Session, tok Token) {
	body := &EndTxnReply{ProducerID: -1, Epoch: -1}
	code := InvalidRequest
	if c.TransactionalID != "" {
		x := e.txnNamed(c.TransactionalID)
		if code = c.run(e, from, x); code == None {
			body.ProducerID, body.Epoch = x.producer, x.epoch
			if x.next >= 0 {
				body.ProducerID, body.Epoch = x.next, 0
			}
		}
	}
	e.reply(from, tok, code, body)
}

// run ends the transaction. From version 5 a request that is sent again is known by its
// epoch, the one before; until 4 it has the same epoch as the next transaction's.
func (c *EndTxn) run(e *Engine, from Session, x *txn) Code {
	bumps := c.Version == 0 || c.Version >= newestEndTxnVersion
	overflowed, bumped := false, false
	if x != nil && bumps {
		overflowed = x.bumps && x.previous == c.ProducerID && c.Epoch == lastEpoch && x.epoch == 0
		bumped = x.bumps && x.producer == c.ProducerID && x.epoch == c.Epoch+1
	}
	retry := bumped || overflowed
	switch {
	case x == nil || x.producer != c.ProducerID && !overflowed:
		return InvalidProducerIDMapping
	case x.epoch != c.Epoch && !(retry && !x.state.in(1<<TxnEmpty|1<<TxnOngoing)),
		x.epoch == c.Epoch && bumps && x.state.in(preparing):
		return ProducerFenced
	case x.state == TxnOngoing:
		e.endTxn(from, x, c.Commit, bumps)
		return None
	case x.state.in(preparing):
		if c.Commit == (x.state == TxnPrepareCommit) {
			return ConcurrentTransactions
		}
		return InvalidTxnState
	case bumps && !retry && !c.Commit: // nothing was added, which does not matter
		x.start = e.now
		e.endTxn(from, x, false, true)
		return None
	case x.state != TxnEmpty && c.Commit == (x.state == TxnCompleteCommit) && (retry || !bumps):
		return None
	}
	return InvalidTxnState
}

// endTxn decides a transaction. With bumps the epoch goes up, so that nothing late can
// get into the next transaction (KIP-890).
func (e *Engine) endTxn(from Session, x *txn, commit, bumps bool) {
	if x.bumps = bumps; bumps {
		if x.epoch >= lastEpoch {
			x.next = e.newProducerID()
		}
		x.epoch, x.before = x.epoch+1, x.epoch
	}
	e.prepareEnd(from, x, commit)
}

// prepareEnd stores the outcome; from here on it cannot change. The markers follow.
func (e *Engine) prepareEnd(from Session, x *txn, commit bool) {
	to, kind := TxnPrepareAbort, KindTxnPrepareAbort
	if commit {
		to, kind = TxnPrepareCommit, KindTxnPrepareCommit
	}
	e.enter(from, x, to, x.producer)
	e.emitTxn(from, kind, x)
	e.sendMarkers(x)
}

// sendMarkers lets the coordinator send the markers, to all partitions.
func (e *Engine) sendMarkers(x *txn) {
	x.markers = append([]TopicPartition(nil), x.partitions...)
	e.again(x, timerTxnMarkers, e.now)
}

// writeMarkers writes the markers. A partition that is gone needs none.
func (e *Engine) writeMarkers(x *txn) {
	m := batch.EndTxn{Commit: x.state == TxnPrepareCommit, CoordinatorEpoch: e.coordinatorEpoch(x)}
	for _, tp := range x.markers {
		p := e.partitionAt(e.topicByName[tp.Topic], tp.Partition)
		if p != nil && p.producers.checkMarker(x.producer, x.epoch, m.CoordinatorEpoch) == None {
			e.writeMarker(p, x.producer, x.epoch, m)
		}
	}
	x.markers = nil
	e.again(x, timerTxnComplete, e.now)
}

// coordinatorEpoch is the epoch of the coordinator: that of its partition's leader.
func (e *Engine) coordinatorEpoch(x *txn) int32 { return 0 }

// completeTxn ends a transaction for good, when all its markers are written.
func (e *Engine) completeTxn(x *txn) {
	to, kind := TxnCompleteAbort, KindTxnAborted
	if x.state == TxnPrepareCommit {
		to, kind = TxnCompleteCommit, KindTxnCommitted
	}
	e.emitTxn(0, kind, x)
	producer := x.producer
	if x.next >= 0 { // epochs are exhausted: the producer goes on with another id
		producer, x.next, x.epoch = x.next, -1, 0
	}
	e.enter(0, x, to, producer)
}
