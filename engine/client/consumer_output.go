package client

import (
	"partita/engine"
)

// output is what the application does with a record beyond processing it: it writes
// another one to a topic.
type output struct {
	out       *Producer // nil: it produces nothing
	rewind    bool      // something went wrong: go back to what is committed
	crashed   bool      // by crash.at
	unsettled int       // records sent and not acknowledged or given up
}

// outTokens marks the tokens of requests that the application's producer makes.
const outTokens engine.Token = 1 << 50

// CrashPoint is a step of the application, for crash.at: there its process ends.
type CrashPoint uint8

// The steps of an application that polls, processes, writes and commits.
const (
	CrashNever      CrashPoint = iota
	CrashPolled                // records were polled and none is processed
	CrashProcessed             // the first is processed, and nothing is written of it
	CrashWritten               // all are written, and nothing of that is committed
	CrashOffsets               // in a transaction: offsets are in it too
	CrashCommitting            // the request to commit is on its way
	CrashCommitted             // the commit is known to have gone well
)

var crashPoints = []string{"never", "polled", "processed", "written", "offsets", "committing", "committed"}

var guarantees = []string{"at_least_once", "exactly_once"}

// startOutput makes the producer of an application that has an output topic.
func (c *Consumer) startOutput() {
	if c.cfg.App.Output == "" {
		return
	}
	cfg := DefaultProducerConfig()
	cfg.ClientID, cfg.LingerMs, cfg.RequestTimeoutMs = c.cfg.ClientID, 0, c.cfg.RequestTimeoutMs
	if c.cfg.App.ExactlyOnce {
		cfg.TransactionalID, cfg.TransactionTimeoutMs = c.cfg.App.TransactionalID, c.cfg.App.TransactionTimeoutMs
		if cfg.TransactionalID == "" {
			cfg.TransactionalID = c.cfg.ClientID
		}
		c.cfg.ReadCommitted = true
	}
	// It commits by itself, with the transaction or after what it wrote is acknowledged.
	c.cfg.EnableAutoCommit, c.cfg.App.Commit = false, CommitNone
	c.out = NewProducer(cfg, c.cfg.Seed)
}

// GroupMetadata is what a producer needs to store this consumer's offsets in a
// transaction (Producer.SendOffsets).
// While the group rebalances that is who the consumer was before, so that offsets of
// partitions which are lost are refused.
func (c *Consumer) GroupMetadata() GroupMetadata { return c.joinedAs }

func (m *membership) metadata(cfg *ConsumerConfig) GroupMetadata {
	return GroupMetadata{Group: cfg.GroupID, Member: m.memberID, Instance: cfg.GroupInstanceID, Generation: m.generation}
}

// Crashed reports whether the process has ended by crash.at, without a goodbye.
func (c *Consumer) Crashed() bool { return c.crashed }

// crashes ends the process if this is the step of crash.at.
func (c *Consumer) crashes(at CrashPoint) bool {
	if c.cfg.App.CrashAt == at && !c.crashed {
		c.crashed, c.endWith, c.ended = true, Crashed, Crashed
		c.calls = nil
		c.fact(Fact{Kind: FactCrashed, Offset: engine.Offset(at), Epoch: c.generation})
	}
	return c.crashed
}

// effect does what the application does with one record.
func (c *Consumer) effect(h *handed) {
	if c.out == nil {
		return
	}
	if c.out.Send(c.now, c.cfg.App.Output, -1, h.key, h.value, nil) != nil {
		c.rewind = true
		return
	}
	c.unsettled++
}

// drive lets the application's producer work, and takes what it has to say.
func (c *Consumer) drive() {
	if c.out == nil || c.crashed {
		return
	}
	switch at, ok := c.out.Deadline(); {
	case ok && at <= c.now, c.out.state == Uninitialized && c.out.InitTransactions(c.now) != nil:
		c.out.Tick(c.now)
	}
	facts := c.out.Facts()
	for i := range facts {
		switch f := facts[i]; f.Kind {
		case FactSent:
			c.unsettled -= int(f.End - f.Offset)
		case FactSendFailed:
			c.unsettled -= int(f.End)
			c.rewind = true
		case FactTxnError:
			c.rewind = true
		case FactFatal:
			c.facts = append(c.facts, facts...)
			c.out.ClearFacts()
			c.fatal = f.Code
			c.end(Failed)
			return
		}
	}
	c.facts = append(c.facts, facts...)
	c.out.ClearFacts()
	for _, r := range c.out.Requests() {
		r.Token |= outTokens
		c.requests = append(c.requests, r)
	}
	c.out.Sent()
	if at, ok := c.out.Deadline(); ok {
		c.wake(at)
	}
}

// begin starts what is done with the records of one poll: a transaction, once the
// producer is ready for one. It returns false while it waits.
func (c *Consumer) begin() bool {
	if c.out == nil || !c.cfg.App.ExactlyOnce {
		return true
	}
	return c.out.Begin(c.now) == nil
}

// conclude goes on after the records of a poll are processed, step by step, until all
// is committed, or undone.
func (c *Consumer) conclude() {
	for c.out != nil && c.ended == 0 {
		before := c.doing
		if c.cfg.App.ExactlyOnce {
			c.concludeTransaction()
		} else {
			c.concludeWrites()
		}
		c.drive()
		if c.doing == before {
			return
		}
	}
}

// concludeWrites waits until everything is written, and commits then: at least once.
func (c *Consumer) concludeWrites() {
	if c.doing != flushes || c.unsettled > 0 || c.crashes(CrashWritten) {
		return
	}
	if c.rewind {
		c.goBack()
		return
	}
	c.doing = polls
	c.commitSync(commitsAfter)
}

// concludeTransaction puts the offsets into the transaction and commits it: exactly
// once. A transaction that cannot be committed is aborted, and its records are read
// again.
func (c *Consumer) concludeTransaction() {
	p := c.out
	switch {
	case c.doing == aborts:
		if p.state == Ready {
			c.goBack()
		}
	case c.rewind:
		if p.Abort(c.now) == nil {
			c.doing = aborts
		}
	case c.doing == flushes && c.generation < 0: // it is not a member any more
		c.rewind = true
		c.wake(c.now)
	case c.doing == flushes && c.unsettled == 0:
		if c.crashes(CrashWritten) || p.SendOffsets(c.now, c.GroupMetadata(), c.consumed(commitApp)) != nil {
			return
		}
		c.doing = offsets
	case c.doing == offsets && len(p.offsets) == 0:
		if c.crashes(CrashOffsets) || p.Commit(c.now) != nil {
			return
		}
		c.doing = ends
	case c.doing == ends && p.state == Ready:
		c.doing = polls
		for _, part := range c.parts {
			if part.state == positioned {
				part.committed = part.position
			}
		}
		c.crashes(CrashCommitted)
		c.wake(c.now)
	case c.doing == ends && p.txnToken != 0 && p.txnKind == txnEnd:
		c.drive()
		c.crashes(CrashCommitting)
	}
}

// goBack reads again what the last poll returned.
func (c *Consumer) goBack() {
	c.rewind, c.unsettled = false, 0
	for _, p := range c.parts {
		if p.state == positioned && p.began >= 0 {
			c.moveTo(p, p.began)
		}
	}
	c.putDown()
	c.wake(c.now)
}
