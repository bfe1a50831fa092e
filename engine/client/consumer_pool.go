package client

import (
	"slices"

	"partita/engine"
)

// pool is the threads of an application that processes elsewhere than it polls
// (threads=4): poll goes on and hands its records over. Threads that each keep to
// partitions of their own keep the order. With threads.order=record whoever is free
// takes the next record, so that later ones may be finished first; then it matters what
// is committed: threads.commit=lowest, up to the first record that is not finished, or
// highest, which loses records when the process ends.
type pool struct {
	tasks   []handed // waiting, oldest first
	working []task
}

// task is a record that a thread works on.
type task struct {
	handed
	until      engine.Time
	generation int32 // that it was polled in
}

var (
	orders  = []string{"partition", "record"}
	commits = []string{"lowest", "highest"}
)

// pooled reports whether the application has threads.
func (c *Consumer) pooled() bool { return c.cfg.App.Threads > 1 }

// commits reports whether poll commits now and then, and before partitions go.
func (c *Consumer) commitsInPoll() bool {
	return c.cfg.EnableAutoCommit || c.pooled() && c.cfg.App.Commit == CommitAfter
}

// handToPool takes over what poll returned.
func (c *Consumer) handToPool() {
	c.tasks = append(c.tasks, c.hand...)
	for i := range c.hand {
		h := &c.hand[i]
		h.part.unfinished = append(h.part.unfinished, h.offset)
	}
	c.handFrom = c.generation
	c.putDown()
	c.wake(c.now)
}

// full reports whether a partition has so many records in the pool that poll is not to
// return more of it for now.
func (c *Consumer) full(p *part) bool {
	return c.pooled() && int64(len(p.unfinished)) >= c.cfg.MaxPollRecords
}

// work lets threads finish records, and take others.
func (c *Consumer) work() {
	for {
		at := slices.IndexFunc(c.working, func(t task) bool { return t.until <= c.now })
		for i := range c.working {
			if at >= 0 && c.working[i].until < c.working[at].until {
				at = i
			}
		}
		if at >= 0 {
			t := c.working[at]
			c.working = slices.Delete(c.working, at, at+1)
			c.finish(&t)
			if c.crashed {
				return
			}
			continue
		}
		next := -1
		if int64(len(c.working)) < c.cfg.App.Threads {
			next = slices.IndexFunc(c.tasks, c.mayStart)
		}
		if next < 0 {
			break
		}
		t := task{c.tasks[next], c.now + c.processTime(), c.handFrom}
		c.tasks = slices.Delete(c.tasks, next, next+1)
		c.working = append(c.working, t)
	}
	for i := range c.working {
		c.wake(c.working[i].until)
	}
}

// mayStart keeps the records of a partition in order, if that is asked for.
func (c *Consumer) mayStart(h handed) bool {
	return c.cfg.App.ByRecord || !slices.ContainsFunc(c.working, func(t task) bool { return t.part == h.part })
}

// processTime is how long the next record takes.
func (c *Consumer) processTime() engine.Time {
	ms := c.cfg.App.ProcessMs
	if spread := c.cfg.App.SpreadMs; spread > 0 {
		ms += int64(draw(&c.chance, int32(spread)+1))
	}
	return engine.Time(ms)
}

func (c *Consumer) finish(t *task) {
	p := t.part
	c.fact(Fact{Kind: FactProcessed, Topic: p.topic, ID: t.id, Partition: p.index, Offset: t.offset, End: t.offset + 1,
		Epoch: t.generation, Key: t.key, Value: t.value})
	i := slices.Index(p.unfinished, t.offset)
	if p.revoked || i < 0 {
		return // another consumer has it now: the work was for nothing, or is done twice
	}
	p.unfinished = slices.Delete(p.unfinished, i, i+1)
	switch {
	case c.cfg.App.CommitHighest:
		p.processed = max(p.processed, t.offset+1)
	case len(p.unfinished) > 0:
		p.processed = p.unfinished[0]
	default:
		p.processed = p.position
	}
	c.crashes(CrashProcessed)
}

// withdraw takes the records of a partition from the pool, but for those that a thread
// works on.
func (c *Consumer) withdraw(p *part) {
	p.unfinished = nil
	c.tasks = slices.DeleteFunc(c.tasks, func(h handed) bool { return h.part == p })
}
