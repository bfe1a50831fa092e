package client

import (
	"errors"
	"slices"

	"partita/engine"
)

// apiTimeout is default.api.timeout.ms: how long commitSync tries; closeTimeout is
// how long close does. Milliseconds.
const (
	apiTimeout   = 60_000
	closeTimeout = 30_000
)

// commit is one commit of offsets, with its retries.
type commit struct {
	why      commitReason
	offsets  []engine.CommitOffset
	deadline engine.Time
	retryAt  engine.Time
	failures int
	sent     bool        // an answer is waited for
	done     bool        // and if code is None, it went well
	code     engine.Code // what went wrong last
}

type commitReason uint8

const (
	commitAuto    commitReason = iota // inside poll: not waited for, not tried again
	commitPrepare                     // auto commit before partitions are revoked
	commitApp                         // commitSync by the application's policy
	commitAsked                       // commitSync because somebody asked
	commitClose                       // auto commit before the consumer closes
)

// Commit commits what the application has processed, as commitSync with those
// offsets would. How it went is a FactCommitted or FactCommitFailed.
func (c *Consumer) Commit(now engine.Time) error {
	c.now = max(c.now, now)
	switch {
	case c.ended != 0:
		return errEnded
	case c.cfg.Share:
		return errors.New("a share consumer commits no offsets: it acknowledges records")
	case c.commitPositions(commitAsked) == nil:
		return errors.New("nothing to commit: no partition with a position is assigned")
	}
	c.due = 0
	return nil
}

// autoCommit commits the positions every auto.commit.interval.ms, in poll: so they
// cover what earlier polls returned.
func (c *Consumer) autoCommit() {
	switch {
	case !c.commitsInPoll() || c.state != stable:
	case c.autoAt > c.now:
		c.wake(c.autoAt)
	default:
		c.autoAt = c.now + engine.Time(max(1, c.cfg.AutoCommitIntervalMs))
		c.wake(c.autoAt)
		c.commitPositions(commitAuto)
	}
}

// commitPositions starts to commit. It is nil when there is nothing to commit.
func (c *Consumer) commitPositions(why commitReason) *commit {
	m := &commit{why: why, deadline: c.now + apiTimeout, offsets: c.consumed(why)}
	switch {
	case len(m.offsets) == 0:
		return nil
	case why == commitPrepare:
		m.deadline = never // prepare has a limit of its own
	case why == commitClose:
		m.deadline = c.now + closeTimeout
	}
	c.commits = append(c.commits, m)
	c.attempt(m)
	return m
}

// consumed is where every partition is: how far poll returned records, or for
// somebody who interrupts the application, how far it has processed them.
func (c *Consumer) consumed(why commitReason) (list []engine.CommitOffset) {
	for _, p := range c.parts {
		o := p.position
		if why == commitAsked || why == commitClose || c.pooled() && !c.cfg.EnableAutoCommit {
			o = p.processed
		}
		if p.state == positioned && !p.gone {
			list = append(list, engine.CommitOffset{Topic: p.topic, Partition: p.index, Offset: o, LeaderEpoch: p.epoch})
		}
	}
	return list
}

// attempt sends a commit, the first time or again. Outside a stable generation it
// fails without being sent: Java's CommitFailedException, or while the group
// rebalances RebalanceInProgressException.
func (c *Consumer) attempt(m *commit) {
	switch {
	case m.done || m.sent:
	case c.state == unjoined:
		c.commitFailed(m, engine.UnknownMemberID)
	case c.state != stable:
		c.commitFailed(m, engine.RebalanceInProgress)
	case c.now >= m.deadline:
		c.commitFailed(m, m.code)
	case m.retryAt > c.now:
		c.wake(min(m.retryAt, m.deadline))
	case !c.coordinated():
		c.wake(m.deadline)
	default:
		m.sent = true
		c.send(call{kind: callCommit, to: -c.coordinator, commit: m}, &engine.OffsetCommit{Group: c.cfg.GroupID, Member: c.memberID,
			Instance: c.cfg.GroupInstanceID, Generation: c.generation, Offsets: m.offsets})
	}
}

func (c *Consumer) commitFailed(m *commit, code engine.Code) {
	m.done, m.code = true, code
	c.fact(Fact{Kind: FactCommitFailed, Code: code, Epoch: c.generation})
	c.wake(c.now)
}

// committed takes the answer to an OffsetCommit.
func (c *Consumer) committed(k *call, r *engine.Reply) {
	m := k.commit
	m.sent = false
	if m.done {
		return
	}
	current := k.generation == c.generation
	m.code = c.noteCommitted(k, r)
	switch code := m.code; {
	case code == engine.None:
		m.done = true
		c.wake(c.now)
	case code == engine.FencedInstanceID && current:
		c.commitFailed(m, code)
		c.fail(Fact{Code: code})
	case m.why == commitApp && (code == engine.GroupAuthorizationFailed || code == engine.TopicAuthorizationFailed):
		c.commitFailed(m, code)
		c.fail(Fact{Code: code}) // commitSync throws that
	case code == engine.StaleMemberEpoch && c.state == stable && m.why != commitAuto:
		c.commitLater(m) // with the epoch that the member has then
	case c.isModern() && !code.Retriable():
		c.commitFailed(m, code) // heartbeats find out what it means
	case code == engine.RebalanceInProgress && current:
		c.rejoin = true
		c.commitFailed(m, code)
	case (code == engine.UnknownMemberID || code == engine.IllegalGeneration) && current:
		c.commitFailed(m, code)
		c.thrownOut(code)
	case !code.Retriable():
		c.commitFailed(m, code)
	default:
		c.commitLater(m)
	}
}

// commitLater is for errors that may pass.
func (c *Consumer) commitLater(m *commit) {
	if m.code.RefreshMetadata() {
		c.outdated()
	}
	m.retryAt = c.retryAt(&m.failures)
	switch m.why {
	case commitAuto:
		c.autoAt = m.retryAt
		c.commitFailed(m, m.code)
	case commitPrepare, commitClose:
		m.offsets = c.consumed(m.why) // a topic may have been deleted
		m.done = len(m.offsets) == 0
	}
}

// noteCommitted keeps what was committed, and gives the first error.
func (c *Consumer) noteCommitted(k *call, r *engine.Reply) engine.Code {
	body, ok := r.Body.(*engine.OffsetCommitReply)
	if r.Code != engine.None {
		return r.Code
	}
	if !ok || len(body.Codes) != len(k.commit.offsets) {
		return engine.UnknownServerError
	}
	first := engine.None
	for i, code := range body.Codes {
		if code != engine.None {
			if first == engine.None {
				first = code
			}
			continue
		}
		o := &k.commit.offsets[i]
		f := Fact{Kind: FactCommitted, Topic: o.Topic, Partition: o.Partition, Offset: o.Offset, Epoch: k.generation}
		if at, found := c.find(o.Topic, o.Partition); found {
			c.parts[at].committed, f.ID = o.Offset, c.parts[at].id
		}
		c.fact(f)
	}
	return first
}

// Close leaves the group politely, as KafkaConsumer.close does: with auto commit it
// first commits what the application has processed; records in hand are not
// processed any more. Go on until Closed.
func (c *Consumer) Close(now engine.Time) {
	c.now = max(c.now, now)
	if c.ended == 0 {
		c.end(Closed)
	}
}

// Closed reports whether the consumer has left.
func (c *Consumer) Closed() bool { return c.ended == Closed }

// Ended reports whether nothing more will come of the consumer: it has left, or an
// error has stopped it for good.
func (c *Consumer) Ended() bool { return c.ended != 0 && c.ended != Closing }

// end starts to close.
func (c *Consumer) end(as ConsumerState) {
	c.ended, c.endWith = Closing, as
	c.putDown()
	for _, m := range c.commits {
		m.done = true
	}
	c.preparing = nil
	if c.cfg.Share {
		c.settle(true)
	} else if c.commitsInPoll() && c.state == stable {
		c.preparing = c.commitPositions(commitClose)
	}
	if c.out != nil && c.out.Abort(c.now) != nil {
		c.out.Close(c.now)
	}
	c.due = 0
}

// ending goes on closing: the commit, the goodbye, the end.
func (c *Consumer) ending() {
	if c.ended != Closing || c.waiting(callLeave) || c.waiting(callSettle) || c.preparing != nil && !c.preparing.done ||
		c.out != nil && !c.out.Idle() && c.out.state != FatalError {
		return
	}
	kind := FactRevoked
	if c.generation < 0 {
		kind = FactLost
	}
	c.give(kind, func(*part) bool { return true })
	left := c.leave("the consumer is being closed")
	c.reset(true)
	c.calls = slices.DeleteFunc(c.calls, func(k call) bool { return k.kind != callLeave })
	if !left {
		c.ended = c.endWith
	}
}
