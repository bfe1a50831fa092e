package client

import (
	"slices"

	"partita/engine"
)

// Consumer is a consumer of a classic group together with its application, as the
// Java client would run it: the application's thread polls, processes and commits,
// and a background thread sends heartbeats.
//
// What the background thread learns, the application acts on only in its next poll:
// partitions are revoked there, and the group is joined again there, so a slow
// application delays everybody's rebalance.
type Consumer struct {
	cfg ConsumerConfig
	now engine.Time
	due engine.Time // when to call Tick; 0 is at once

	requests []Request
	calls    []call
	tokens   engine.Token
	facts    []Fact

	network
	membership
	modern
	sharing
	catalogue
	application
	output
	pool
	commits     []*commit
	autoAt      engine.Time // the next auto commit
	parts       []*part     // assigned, sorted by topic and partition
	queue       []*part     // those with records fetched and not yet returned by poll
	turn        int         // rotates the partitions of a Fetch
	fetchAt     engine.Time // not before: after a failure, or when there was nothing
	fetchFail   int
	offsetsAt   engine.Time // OffsetFetch, likewise
	offsetsFail int

	fatal   engine.Code
	ended   ConsumerState // Closing, and then what it ends as: Closed, Failed or Fenced
	endWith ConsumerState
}

// never is later than any time that is waited for.
const never engine.Time = maxInt64

// NewConsumer makes a consumer that joins its group with the first Tick.
func NewConsumer(cfg ConsumerConfig) *Consumer {
	c := &Consumer{cfg: cfg}
	c.chance.Seed(cfg.Seed, uint64(placeFNV1a([]byte(cfg.ClientID), maxInt32)))
	c.generation, c.lastGeneration, c.coordinator = -1, -1, -1
	c.needsPrepare, c.rejoin = true, true
	c.eager = slices.ContainsFunc(cfg.Assignors, func(name string) bool {
		a, ok := engine.AssignorNamed(name)
		return ok && !a.Cooperative()
	})
	c.subscribe(cfg.Topics)
	c.startOutput()
	return c
}

// Tick does what is due. It returns at most the records of one poll to the
// application; Deadline tells when there is more to do.
func (c *Consumer) Tick(now engine.Time) {
	c.now = max(c.now, now)
	c.expire()
	c.step()
}

// Reply takes the answer to a request; answers to requests given up are ignored. The
// reply's body is kept, and so are the record bytes of a fetch: nobody may write to
// them any more.
func (c *Consumer) Reply(now engine.Time, r *engine.Reply) {
	c.now = max(c.now, now)
	if r.Token&outTokens != 0 {
		if c.out != nil && !c.crashed {
			answer := *r
			answer.Token &^= outTokens
			c.out.Reply(c.now, &answer)
			c.step()
		}
		return
	}
	i := slices.IndexFunc(c.calls, func(k call) bool { return k.token == r.Token })
	if i < 0 {
		return
	}
	k := c.calls[i]
	c.calls = slices.Delete(c.calls, i, i+1)
	c.answered(&k, r)
	c.step()
}

// Deadline is when Tick is to be called at the latest, which may be a time that has
// passed; false when only a reply can change anything.
func (c *Consumer) Deadline() (engine.Time, bool) { return c.due, c.due != never }

// Requests are the commands to send, in this order. They are lent until Sent.
func (c *Consumer) Requests() []Request { return c.requests }

// Sent says that the requests are on their way.
func (c *Consumer) Sent() {
	clear(c.requests)
	c.requests = c.requests[:0]
}

// Facts are what the consumer did since ClearFacts.
func (c *Consumer) Facts() []Fact { return c.facts }

// ClearFacts forgets the facts.
func (c *Consumer) ClearFacts() {
	clear(c.facts)
	c.facts = c.facts[:0]
}

// step lets everybody do what they can at this time: the network, the background
// thread, the application.
func (c *Consumer) step() {
	c.due = never
	if c.crashed {
		return
	}
	c.drive()
	if c.ended != 0 {
		c.ending()
	} else {
		c.refresh()
		if c.isModern() {
			c.beat()
		} else {
			c.background()
		}
		c.run()
	}
	for _, m := range c.commits {
		c.attempt(m)
	}
	c.commits = slices.DeleteFunc(c.commits, func(m *commit) bool { return m.done })
	if c.ended == 0 && !c.isModern() {
		c.wake(c.backgroundAt())
	}
	for i := range c.calls {
		c.wake(c.calls[i].deadline)
	}
	c.drive()
}

// wake sees to it that step runs again at that time.
func (c *Consumer) wake(at engine.Time) { c.due = min(c.due, at) }

func (c *Consumer) fact(f Fact) {
	f.At = c.now
	c.facts = append(c.facts, f)
}

// call is a request whose answer is waited for.
type call struct {
	token      engine.Token
	to         int32 // the connection: a broker's id, or minus it for the one to the coordinator; 0 for any broker
	kind       callKind
	sent       engine.Time
	deadline   engine.Time
	generation int32         // that it was sent in
	part       *part         // callReset, callValidate
	commit     *commit       // callCommit
	fetch      *engine.Fetch // callFetch, of these parts
	parts      []*part
	acks       []engine.SharePart // callShare, callSettle: of these parts
}

type callKind uint8

const (
	callMetadata callKind = iota
	callJoin
	callSync
	callHeartbeat
	callLeave
	callCommit
	callOffsets
	callReset
	callFetch
	callFind
	callValidate
	callBeat
	callShare
	callSettle
)

// send sends a request. k says what the answer is for; its deadline, if 0, becomes
// request.timeout.ms from now.
func (c *Consumer) send(k call, cmd engine.Command) {
	c.tokens++
	k.token, k.sent, k.generation = c.tokens, c.now, c.generation
	if k.deadline == 0 {
		k.deadline = c.now + engine.Time(c.cfg.RequestTimeoutMs)
	}
	c.calls = append(c.calls, k)
	c.requests = append(c.requests, Request{Token: k.token, Broker: max(k.to, -k.to), Command: cmd})
}

func (c *Consumer) waiting(kind callKind) bool {
	return slices.ContainsFunc(c.calls, func(k call) bool { return k.kind == kind })
}

// forget ignores the answers to requests of a kind.
func (c *Consumer) forget(kind callKind) {
	c.calls = slices.DeleteFunc(c.calls, func(k call) bool { return k.kind == kind })
}

// expire closes the connections on which an answer is missing after
// request.timeout.ms, as Java does.
func (c *Consumer) expire() {
	for {
		i := slices.IndexFunc(c.calls, func(k call) bool { return k.deadline <= c.now })
		if i < 0 {
			return
		}
		k := c.calls[i]
		c.calls = slices.Delete(c.calls, i, i+1)
		c.answered(&k, &engine.Reply{Code: engine.NetworkException})
	}
}

// hangUp ends every request on a connection.
func (c *Consumer) hangUp(to int32) {
	for to != 0 {
		i := slices.IndexFunc(c.calls, func(k call) bool { return k.to == to })
		if i < 0 {
			return
		}
		k := c.calls[i]
		c.calls = slices.Delete(c.calls, i, i+1)
		c.handle(&k, &engine.Reply{Code: engine.NetworkException})
	}
}

// answered takes an answer, or what stands for it when there will be none.
func (c *Consumer) answered(k *call, r *engine.Reply) {
	if r.Code == engine.NetworkException {
		c.broken(k.to, c.now)
	} else {
		c.works(k.to)
	}
	c.handle(k, r)
	switch {
	case r.Code == engine.NetworkException:
		c.hangUp(k.to)
		c.wanted = true
		if k.to < 0 {
			c.lostCoordinator()
		}
	case k.to < 0 && (r.Code == engine.NotCoordinator || r.Code == engine.CoordinatorNotAvailable):
		c.lostCoordinator()
	}
}

func (c *Consumer) handle(k *call, r *engine.Reply) {
	switch k.kind {
	case callMetadata:
		c.learn(r)
	case callJoin:
		c.joinReply = *r
		c.joinAnswered = true // looked at in poll
	case callSync:
		c.synced(r)
	case callHeartbeat:
		c.heard(k, r.Code)
	case callLeave:
		if c.ended != 0 {
			c.ended = c.endWith
		}
	case callCommit:
		c.committed(k, r)
	case callOffsets:
		c.offsetsFetched(r)
	case callReset:
		c.positionFound(k.part, r)
	case callFetch:
		c.fetched(k, r)
	case callFind:
		c.found(r)
	case callShare:
		c.shareFetched(k, r)
	case callSettle:
		c.acknowledged(k, r)
	case callBeat:
		c.beaten(k, r)
	case callValidate:
		c.validated(k.part, r)
	}
}

// retryAt is when to try again after so many failures in a row (retry.backoff.ms).
func (c *Consumer) retryAt(failures *int) engine.Time {
	return c.now + c.backoff(c.cfg.RetryBackoffMs, retryMaxMs, failures)
}
