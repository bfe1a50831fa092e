package client

import "partita/engine"

// application is the thread around the consumer: it polls, processes what poll
// returned, and commits where it does so by hand.
type application struct {
	doing    doing
	stopped  bool // told not to poll
	lastPoll engine.Time
	hand     []handed // what the last poll returned
	handAt   int      // the record being processed
	records  int64    // in hand, in all
	handFrom int32    // the generation it was polled in
	started  engine.Time
	syncing  *commit // commitSync, while doing commitsBefore or commitsAfter
}

type doing uint8

const (
	polls doing = iota // or is about to, or would if it were not told to stop
	processes
	commitsBefore
	commitsAfter
	begins  // waits until the producer can start a transaction
	flushes // waits until what it wrote is acknowledged
	offsets // in a transaction: waits until they are stored
	ends    // waits for the commit
	aborts  // and for the end of a transaction that failed
	settles // waits for the answers to ShareAcknowledge
)

// handed is a record in the application's hands, or a run of them.
type handed struct {
	part *part
	fetched
}

// epoch is the generation of a record, or in a share group how often it was given out.
func (f *fetched) epoch(generation int32) int32 {
	if f.deliveries > 0 {
		return int32(f.deliveries)
	}
	return generation
}

type fetched struct {
	id         engine.TopicID // of the topic that it was read from: another may have its name by now
	offset     engine.Offset
	end        engine.Offset // offset+1, or after a run
	key, value []byte
	run        []byte // the batch that has the run
	deliveries int16  // in a share group: how often it was given out
}

// inPoll reports whether the application is inside poll, which then goes on until
// there are records.
func (c *Consumer) inPoll() bool { return c.doing == polls && !c.stopped && c.ended == 0 }

// run lets the application go on: at most one poll.
func (c *Consumer) run() {
	if (c.doing == commitsBefore || c.doing == commitsAfter) && c.syncing.done {
		c.synchronized()
	}
	if c.doing == begins && c.begin() {
		c.doing, c.started = processes, c.now
	}
	if c.doing == processes {
		c.process()
	}
	if c.doing == settles && !c.waiting(callSettle) && !c.crashes(CrashCommitted) {
		c.doing = polls
	}
	if c.doing >= flushes && c.doing != settles {
		c.conclude()
	}
	if c.pooled() {
		if c.work(); c.crashed {
			return
		}
	}
	if !c.inPoll() {
		return
	}
	c.poll()
	if c.doing == processes && !c.crashed {
		if c.process(); c.doing == polls {
			c.wake(c.now) // for the next poll
		}
	}
}

// poll is one look of KafkaConsumer.poll at everything that it may do.
func (c *Consumer) poll() {
	c.lastPoll, c.stale = c.now, false
	if c.cfg.Share {
		c.pollShare()
		return
	}
	if c.isModern() {
		c.reconcile()
	} else {
		c.coordinate()
	}
	if c.ended != 0 {
		return
	}
	c.autoCommit()
	if c.positions(); c.ended != 0 {
		return
	}
	if c.preparing != nil && (c.eager || c.isModern()) {
		return // about to be revoked: nothing may get ahead of what was just committed
	}
	returned := c.collect()
	if c.ended != 0 {
		return
	}
	c.fetch() // even with records in hand: the next ones come while these are processed
	if !returned {
		return
	}
	c.handAt, c.handFrom, c.started, c.doing = 0, c.generation, c.now, processes
	if c.crashes(CrashPolled) {
		return
	}
	if c.pooled() {
		c.handToPool()
		return
	}
	if !c.begin() {
		c.doing = begins
		return
	}
	if c.cfg.App.Commit == CommitBefore {
		c.commitSync(commitsBefore)
	}
}

// collect takes up to max.poll.records records out of what was fetched.
func (c *Consumer) collect() bool {
	c.hand, c.records = c.hand[:0], 0
	for _, p := range c.parts {
		p.began = p.position
	}
	for i := 0; i < len(c.queue) && c.records < c.cfg.MaxPollRecords; {
		p := c.queue[i]
		if p.paused || c.full(p) {
			i++
			continue
		}
		before := len(c.hand)
		if !c.handOver(p) {
			c.fail(Fact{Code: engine.CorruptMessage, Topic: p.topic, ID: p.id, Partition: p.index, Offset: p.position})
			return false
		}
		if len(c.hand) > before {
			c.fact(Fact{Kind: FactPolled, Topic: p.topic, ID: p.from, Partition: p.index,
				Offset: c.hand[before].offset, End: p.position, Epoch: c.generation})
		}
		if p.buffered() {
			break // there are enough
		}
		c.drop(p)
	}
	return len(c.hand) > 0
}

// atOnce reports whether the application is through with all that poll returns before
// anything else happens, and does nothing with each record, so that its owner may hear of
// runs of them.
func (c *Consumer) atOnce() bool {
	a := &c.cfg.App
	return c.cfg.Runs && a.ProcessMs == 0 && a.Commit != CommitBefore && a.CrashAt == CrashNever && c.out == nil && !c.pooled()
}

// process finishes the records whose time is over. The time of each starts when the
// one before is finished.
func (c *Consumer) process() {
	for ; c.handAt < len(c.hand); c.handAt++ {
		if done := c.started + engine.Time(c.cfg.App.ProcessMs); done > c.now {
			c.wake(done)
			return
		}
		h := &c.hand[c.handAt]
		h.part.processed = h.end
		c.fact(Fact{Kind: FactProcessed, Topic: h.part.topic, ID: h.id, Partition: h.part.index,
			Offset: h.offset, End: h.end, Epoch: h.epoch(c.handFrom), Key: h.key, Value: h.value, Batch: h.run})
		c.started = c.now
		if c.crashes(CrashProcessed) {
			return
		}
		c.effect(h)
	}
	for _, p := range c.parts {
		p.processed = p.position // which may lie behind a gap that compaction left
	}
	c.putDown()
	switch {
	case c.settling:
		c.settleProcessed()
	case c.cfg.Share:
	case c.out != nil:
		c.doing = flushes
		c.conclude()
	case c.cfg.App.Commit == CommitAfter && !c.crashes(CrashWritten):
		c.commitSync(commitsAfter)
	}
}

// putDown ends with what the last poll returned.
func (c *Consumer) putDown() {
	clear(c.hand)
	c.hand, c.handAt, c.doing = c.hand[:0], 0, polls
	if c.ended != 0 {
		c.tasks, c.working = nil, nil
	}
}

// commitSync blocks the application until the offsets are committed.
func (c *Consumer) commitSync(while doing) {
	if c.syncing = c.commitPositions(commitApp); c.syncing != nil {
		c.doing = while
		c.wake(c.now)
		if c.syncing.sent {
			c.crashes(CrashCommitting)
		}
	}
}

// synchronized goes on after commitSync. An application that commits before it
// processes goes back to records that it could not commit, without processing them.
func (c *Consumer) synchronized() {
	m := c.syncing
	c.syncing = nil
	if m.code == engine.None && c.crashes(CrashCommitted) {
		return
	}
	if c.doing == commitsBefore && m.code == engine.None {
		c.doing, c.started = processes, c.now
		return
	}
	for i := range c.hand {
		if p := c.hand[i].part; p.position != p.processed {
			c.moveTo(p, p.processed)
		}
	}
	c.putDown()
}
