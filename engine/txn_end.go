package engine

// newestEndTxnVersion is the EndTxn version that 0 stands for.
const newestEndTxnVersion = 5

func (c *EndTxn) apply(e *Engine, from Session, tok Token) {
	body := &EndTxnReply{ProducerID: -1, Epoch: -1}
	code := InvalidRequest
	if c.TransactionalID != "" {
		code = e.closedTxn(c.TransactionalID)
	}
	if code == None {
		x := e.txnNamed(c.TransactionalID)
		if code = c.run(e, from, x); code == None {
			body.ProducerID, body.Epoch = x.producer, x.epoch
			if x.next >= 0 {
				body.ProducerID, body.Epoch = x.next, 0
			}
		}
	}
	e.answerStored(from, tok, c.TransactionalID, code, body)
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
	x.serial++ // no timer counts any more
}
