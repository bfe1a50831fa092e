package engine

import "partita/engine/batch"

// txnRetryMs is how long a coordinator waits before it tries again what a broker that
// is not there, or replicas that are behind, keep it from.
const txnRetryMs = 100

// writtenMarker is a marker in a partition's log.
type writtenMarker struct {
	TopicPartition
	topic TopicID // another may have its name by now
	end   Offset  // it is replicated when the high watermark is here
	epoch int32   // leader epoch that it was written in
}

// leader is the broker that leads the partition, -1 for none.
func (p *partition) leader() int32 {
	if p.rep == nil {
		return p.home
	}
	return p.rep.reg().leader
}

// actor is the broker that acts as the leader: after its last leader was cut off and
// fenced, that may be one that does not know it.
func (p *partition) actor() int32 {
	if p.rep == nil {
		return p.home
	}
	return p.rep.main.broker
}

func (e *Engine) named(tp TopicPartition) *partition {
	return e.partitionAt(e.topicByName[tp.Topic], tp.Partition)
}

// sendMarkers begins to send the markers to the leaders of all partitions.
func (e *Engine) sendMarkers(x *txn) {
	x.markers, x.written = append([]TopicPartition(nil), x.partitions...), nil
	if planted == bugUnmarked && len(x.markers) > 1 {
		x.markers = x.markers[1:]
	}
	x.serial++
	x.asked, x.retryAt = 0, 0
	e.goOn(x)
}

// goOn does what can be done to end a transaction that is decided: once the decision is
// replicated, a request goes to the leader of every partition without a marker; when
// all markers are replicated, the transaction is complete. There is always a timer.
func (e *Engine) goOn(x *txn) {
	waits := e.pending(x)
	if !waits {
		e.checkWritten(x)
		if len(x.markers)+len(x.written) == 0 {
			e.again(x, timerTxnComplete, e.now)
			return
		}
		e.requestMarkers(x)
	}
	if x.asked == 0 && x.retryAt <= e.now {
		x.retryAt = e.now + txnRetryMs
		e.later(x, 0, txnRetryMs)
	}
}

// later sets a timer to write the markers at one broker, or, for 0, to go on.
func (e *Engine) later(x *txn, broker int32, ms Time) {
	e.timers.set(timer{at: e.now + ms, kind: timerTxnMarkers, owner: x.id, key: uint32(broker), epoch: x.serial})
}

// requestMarkers sends a request to each broker that leads some of the partitions, if
// none is on its way there.
func (e *Engine) requestMarkers(x *txn) {
	c := e.txnLog(x).actor()
	for _, tp := range x.markers {
		to := c // for a partition that is gone
		if p := e.named(tp); p != nil {
			to = p.leader()
		}
		if b := e.brokerAt(to); b != nil && x.asked&b.bit() == 0 && e.reaches(c, to) {
			x.asked |= b.bit()
			e.later(x, to, e.delay(c, to))
		}
	}
}

// writeMarkers writes the markers of the partitions that a broker leads. A partition
// that is gone needs none.
func (e *Engine) writeMarkers(x *txn, broker int32) {
	if broker == 0 {
		e.goOn(x)
		return
	}
	x.asked &^= e.brokerAt(broker).bit()
	m := batch.EndTxn{Commit: x.state == TxnPrepareCommit, CoordinatorEpoch: e.txnLog(x).epoch}
	left := x.markers[:0:0]
	for _, tp := range x.markers {
		p := e.named(tp)
		switch {
		case p == nil:
		case p.leader() != broker || !e.leads(p):
			left = append(left, tp)
		case p.producers.checkMarker(x.producer, x.epoch, m.CoordinatorEpoch) == None:
			e.writeMarker(p, x.producer, x.epoch, m)
			x.written = append(x.written, writtenMarker{tp, p.topic.id, p.end, p.epoch})
		}
	}
	answer := Time(0)
	if c := e.txnLog(x).actor(); len(left) < len(x.markers) {
		answer = e.delay(broker, c)
	} else {
		answer = txnRetryMs // nothing could be written
	}
	x.markers = left
	e.later(x, 0, answer)
}

// leads: the replica whose log is the partition's leads it now.
func (e *Engine) leads(p *partition) bool {
	return p.rep == nil || p.rep.main.lead != nil && p.rep.main.broker == p.leader() && e.brokerAt(p.leader()).runs()
}

// checkWritten forgets markers that are replicated, and sends those anew whose partition
// has another leader meanwhile: they may be lost.
func (e *Engine) checkWritten(x *txn) {
	left := x.written[:0:0]
	for _, w := range x.written {
		switch p := e.named(w.TopicPartition); {
		case p == nil || p.topic.id != w.topic || p.epoch == w.epoch && p.highWatermark() >= w.end:
		case p.epoch != w.epoch:
			x.markers = append(x.markers, w.TopicPartition)
		default:
			left = append(left, w)
		}
	}
	x.written = left
}

// highWatermarkMoved lets the transactions go on that wait for a partition's replicas.
func (e *Engine) highWatermarkMoved(p *partition) {
	if len(e.waitingShares) > 0 && p.topic.id == e.shareStates {
		e.sharesWritten(-1, 0)
	}
	if p.topic.id != e.transactions && len(p.producers.list) == 0 {
		return
	}
	if p.topic.id == e.transactions && len(e.deferred) > 0 {
		e.retryDeferred(0)
	}
	for _, x := range e.txns {
		if x != nil && x.state.in(preparing) && (p.topic.id == e.transactions && p.index == x.log || x.waitsFor(p)) {
			e.later(x, 0, 0)
		}
	}
}

func (x *txn) waitsFor(p *partition) bool {
	for _, w := range x.written {
		if w.Topic == p.topic.name && w.Partition == p.index {
			return true
		}
	}
	return false
}

// answerStored replies when what was written for a transactional id is replicated
// (acks=all): at once when it is, or when nothing was to be done.
func (e *Engine) answerStored(from Session, tok Token, name string, code Code, body Body) {
	x := e.txnNamed(name)
	if code != None || !e.pending(x) {
		e.reply(from, tok, code, body)
		return
	}
	p := e.txnLog(x)
	e.await(p, p.rep.main, waiter{end: x.stored, group: true,
		reply: Reply{To: from, Token: tok, Offset: -1, At: -1, Body: body}}, defaultProduceTimeoutMs)
}

// closedTxn is why the coordinator of a transactional id cannot serve a command now, or
// this broker cannot.
func (e *Engine) closedTxn(name string) Code {
	_, code := e.coordinatorFor(name, true)
	if code != None {
		return code
	}
	t := e.topics[e.transactions]
	p := t.partitions[CoordinatorPartition(name, int32(len(t.partitions)))]
	switch {
	case e.pending(e.txnNamed(name)):
		return ConcurrentTransactions
	case p.rep != nil && p.rep.main.lead != nil && p.short(p.rep.main.lead):
		return CoordinatorNotAvailable // what it makes of NOT_ENOUGH_REPLICAS
	}
	return None
}

// reachTxn is closedTxn for a partition leader, which asks the coordinator.
func (e *Engine) reachTxn(name string) Code {
	asks := e.serving
	id, code := e.coordinatorFor(name, true)
	if asks != 0 && id >= 0 && id != asks {
		if code = NetworkException; e.reaches(asks, id) {
			e.serving = id
			code = e.closedTxn(name)
			e.serving = asks
		}
		return code
	}
	if code == None {
		code = e.closedTxn(name)
	}
	return code
}
