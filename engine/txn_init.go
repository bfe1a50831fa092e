package engine

// initTxn gives a transactional id's producer its id and epoch (TransactionCoordinator's
// handleInitProducerId).
func (c *InitProducerID) initTxn(e *Engine, from Session) (*txn, Code) {
	if c.TimeoutMs <= 0 || int64(c.TimeoutMs) > e.broker.value[brkTxnMaxTimeoutMs] {
		return nil, InvalidTransactionTimeout
	}
	if code := e.closedTxn(c.TransactionalID); code != None {
		return nil, code
	}
	x := e.txnNamed(c.TransactionalID)
	if x == nil {
		x = e.makeTxn(c.TransactionalID)
		x.producer = e.newProducerID()
	}
	recovers := c.ProducerID >= 0
	switch {
	case recovers && !x.knows(c.ProducerID, c.Epoch):
		return nil, ProducerFenced
	case x.state.in(preparing):
		return nil, ConcurrentTransactions
	case x.state == TxnOngoing:
		// The epoch that fences is given to nobody: the client asks again and gets the next.
		e.fenceTxn(from, x)
		return nil, ConcurrentTransactions
	}
	producer := x.producer
	switch {
	case x.epoch >= lastEpoch && (!recovers || c.Epoch == x.epoch):
		producer = e.newProducerID()
		if x.before = -1; recovers {
			x.before = x.epoch
		}
		x.epoch = 0
	case !recovers:
		x.epoch, x.before = x.epoch+1, -1
	case x.epoch < 0 || c.Epoch == x.epoch:
		x.epoch, x.before = x.epoch+1, x.epoch
	case c.Epoch == x.before: // it asks again: the answer was lost
	default:
		return nil, ProducerFenced
	}
	x.timeoutMs, x.start, x.bumps = c.TimeoutMs, -1, false
	e.enter(from, x, TxnEmpty, producer)
	e.emitTxn(from, KindProducerID, x)
	return x, None
}

// knows tells whether a producer that recovers may be the one that has the transactional
// id (KIP-360): by its id, or by the one before when that had no more epochs.
func (x *txn) knows(producer int64, epoch int16) bool {
	return x.epoch < 0 || producer == x.producer || producer == x.previous && epoch >= lastEpoch
}

// fenceTxn raises the epoch, so that the producer of an open transaction can do no more,
// and aborts for it.
func (e *Engine) fenceTxn(from Session, x *txn) {
	x.epoch, x.before, x.bumps = x.epoch+1, -1, false
	e.enter(from, x, TxnPrepareEpochFence, x.producer)
	e.emitTxn(from, KindTxnFenced, x)
	e.prepareEnd(from, x, false)
}
