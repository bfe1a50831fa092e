package engine

import "slices"

// notYet is no code of Kafka's: a command waits until the coordinator's record, that a
// partition was added, is replicated. Records that came before it could be of a
// transaction that nobody knows of.
const notYet Code = -2

// deferred is a command that waits for that.
type deferred struct {
	log      Partition // of TransactionsTopic
	end      Offset    // where the record ends
	until    Time
	serving  int32
	from     Session
	token    Token
	cmd      Command
	timedOut Body // the body of a refusal
}

// postpone keeps a command, which is the engine's own copy, for when what is stored of a
// transactional id is replicated.
func (e *Engine) postpone(from Session, tok Token, name string, timeoutMs int32, cmd Command, timedOut Body) {
	if timeoutMs <= 0 {
		timeoutMs = defaultProduceTimeoutMs
	}
	x := e.txnNamed(name)
	e.deferred = append(e.deferred, deferred{x.log, x.stored, e.now + Time(timeoutMs), e.serving, from, tok, cmd, timedOut})
	if len(e.deferred) == 1 {
		e.retryDeferred(txnRetryMs)
	}
}

func (c *Produce) postpone(e *Engine, from Session, tok Token) {
	own := *c
	own.Batch = slices.Clone(c.Batch)
	e.postpone(from, tok, c.TransactionalID, c.TimeoutMs, &own, nil)
}

func (c *TxnOffsetCommit) postpone(e *Engine, from Session, tok Token) {
	own := *c
	own.Offsets = slices.Clone(c.Offsets)
	e.postpone(from, tok, c.TransactionalID, 0, &own, &OffsetCommitReply{Codes: make([]Code, len(c.Offsets))})
}

// retryDeferred sees to it that the commands that wait are looked at after ms at the
// latest. One timer is enough: each look sets the next.
func (e *Engine) retryDeferred(ms Time) {
	for i := range e.timers.heap {
		if t := &e.timers.heap[i]; t.kind == timerTxnDeferred && t.at <= e.now+ms {
			return
		}
	}
	e.timers.set(timer{at: e.now + ms, kind: timerTxnDeferred})
}

// applyDeferred handles the commands whose time has come, in their order. Without a
// coordinator they fail at once.
func (e *Engine) applyDeferred() {
	list := e.deferred
	e.deferred = nil
	for i := range list {
		d := &list[i]
		p := e.topics[e.transactions].partitions[d.log]
		b := e.brokerAt(d.serving)
		switch {
		case d.serving != 0 && !b.up():
			e.refuseDown(d.from, d.token, d.cmd)
		case p.highWatermark() >= d.end || !e.leads(p):
			e.serving = d.serving
			e.handle(d.from, d.token, d.cmd)
			e.serving = 0
		case e.now >= d.until:
			e.ready.Replies = append(e.ready.Replies, Reply{To: d.from, Token: d.token, Code: RequestTimedOut, Offset: -1, At: -1, Body: d.timedOut})
		default:
			e.deferred = append(e.deferred, *d)
		}
	}
	if len(e.deferred) > 0 {
		e.retryDeferred(txnRetryMs)
	}
}
