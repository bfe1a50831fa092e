package client

import (
	"errors"

	"partita/engine"
)

// TxnState is where an idempotent or transactional producer is, as Java's
// TransactionManager names it.
type TxnState uint8

// The states. An idempotent producer knows the first three and FatalError only.
const (
	Uninitialized TxnState = iota
	Initializing
	Ready
	InTransaction
	Committing
	Aborting
	AbortableError // Abort is all that may be done
	FatalError     // Close is all that may be done
)

var txnStates = [...]string{"UNINITIALIZED", "INITIALIZING", "READY", "IN_TRANSACTION",
	"COMMITTING_TRANSACTION", "ABORTING_TRANSACTION", "ABORTABLE_ERROR", "FATAL_ERROR"}

// String is Java's name for the state.
func (s TxnState) String() string { return txnStates[s] }

// transactions is the part of a producer that talks to the transaction coordinator. A
// transaction is as in Kafka 4 (KIP-890): batches and offsets enlist themselves, and
// each end raises the epoch.
type transactions struct {
	idempotent bool
	state      TxnState
	id         int64 // producer id; -1 none
	epoch      int16
	fault      engine.Code
	bump       bool // an idempotent producer must raise its epoch
	started    bool // something was sent in this transaction
	offsets    []groupOffsets

	coordinator int32 // of the transactional id; -1 not known
	groupAt     int32 // the coordinator of the group whose offsets are to be stored
	txnToken    engine.Token
	txnKind     txnKind
	txnBroker   int32
	txnDeadline engine.Time
	txnNotUntil engine.Time
	txnFailures int
}

// GroupMetadata is who consumes, for Producer.SendOffsets: Consumer.GroupMetadata.
type GroupMetadata struct {
	Group, Member, Instance string
	Generation              int32
}

type groupOffsets struct {
	group   GroupMetadata
	offsets []engine.CommitOffset
}

type txnKind uint8

const (
	txnNothing txnKind = iota
	txnInit
	txnFind
	txnFindGroup
	txnOffsets
	txnEnd
)

func (p *Producer) start() {
	p.idempotent = p.cfg.Idempotent()
	p.id, p.epoch, p.coordinator, p.groupAt = -1, -1, -1, -1
}

// maySend reports whether Send is allowed in this state.
func (p *Producer) maySend() bool {
	return p.state != FatalError && (p.cfg.TransactionalID == "" || p.state == InTransaction)
}

func (p *Producer) refuseSend(topic string, partition int32) error {
	switch {
	case p.state >= AbortableError:
		return errInError
	case p.id < 0:
		return errors.New("Cannot add partition " + topic + " to transaction before completing a call to initTransactions")
	}
	return errors.New("Cannot add partition " + topic + " to transaction while in state  " + p.state.String())
}

var (
	errInError         = errors.New("Cannot execute transactional method because we are in an error state")
	errNoTransactional = errors.New("Cannot use transactional methods without enabling transactions by setting the transactional.id configuration property")
)

// move changes the state at the application's call.
func (p *Producer) move(to TxnState, from ...TxnState) error {
	switch {
	case p.cfg.TransactionalID == "":
		return errNoTransactional
	case p.state == FatalError || p.state == AbortableError && to != Aborting:
		return errInError
	}
	for _, f := range from {
		if p.state == f {
			p.state = to
			return nil
		}
	}
	return errors.New("TransactionalId " + p.cfg.TransactionalID + ": Invalid transition attempted from state " +
		p.state.String() + " to state " + to.String())
}

// InitTransactions gets the producer its id and epoch, and fences whoever used the
// transactional id before. It is done when the state is Ready: FactProducerID.
func (p *Producer) InitTransactions(now engine.Time) error {
	return p.call(now, p.move(Initializing, Uninitialized))
}

// Begin starts a transaction. The cluster hears of it with the first batch.
func (p *Producer) Begin(now engine.Time) error {
	err := p.move(InTransaction, Ready)
	if err == nil {
		p.started = false
		p.txnFact(now, FactTxnBegun)
	}
	return err
}

// Commit sends what is queued and commits the transaction: FactTxnCommitted, or
// FactTxnError and the transaction is to be aborted.
func (p *Producer) Commit(now engine.Time) error {
	return p.call(now, p.move(Committing, InTransaction))
}

// Abort drops what was not sent and aborts the transaction: FactTxnAborted.
func (p *Producer) Abort(now engine.Time) error {
	err := p.move(Aborting, InTransaction, AbortableError)
	if err == nil {
		p.fault, p.offsets = engine.None, nil
		p.dropUnsent(now, engine.OperationNotAttempted)
	}
	return p.call(now, err)
}

// SendOffsets stores a consumer's offsets as part of the transaction.
func (p *Producer) SendOffsets(now engine.Time, group GroupMetadata, offsets []engine.CommitOffset) error {
	err := p.move(InTransaction, InTransaction)
	if err == nil && len(offsets) > 0 {
		p.started = true
		p.offsets = append(p.offsets, groupOffsets{group, offsets})
	}
	return p.call(now, err)
}

func (p *Producer) call(now engine.Time, err error) error {
	if err == nil {
		p.Tick(now)
	}
	return err
}

func (p *Producer) txnFact(now engine.Time, kind FactKind) {
	p.facts = append(p.facts, Fact{At: now, Kind: kind, Code: p.fault, Offset: engine.Offset(p.id), Epoch: int32(p.epoch)})
}

// abortable is an error after which the transaction has to be aborted.
func (p *Producer) abortable(now engine.Time, code engine.Code) {
	if p.state == InTransaction || p.state == Committing {
		p.state, p.fault, p.offsets = AbortableError, code, nil
		p.txnFact(now, FactTxnError)
		p.dropUnsent(now, code)
	}
}

// fatal is an error after which the producer can only be closed.
func (p *Producer) fatal(now engine.Time, code engine.Code) {
	if p.state == FatalError {
		return
	}
	p.state, p.fault, p.offsets, p.txnToken = FatalError, code, nil, 0
	p.txnFact(now, FactFatal)
	p.dropUnsent(now, code)
}

// dropUnsent gives up the batches that were never sent; after a fatal error all that
// are not under way.
func (p *Producer) dropUnsent(now engine.Time, code engine.Code) {
	for _, t := range p.topics {
		p.dropEarly(t, len(t.early), now, code)
		for i := range t.parts {
			part := &t.parts[i]
			kept := part.queue[:0]
			for _, b := range part.queue {
				if b.sequenced && p.state != FatalError {
					kept = append(kept, b)
					continue
				}
				p.view.Queued -= b.records
				p.failed(b, now, code)
			}
			clear(part.queue[len(kept):])
			part.queue = kept
		}
	}
}

// wants is what has to be asked next, and of whom: a broker, 0 for any.
func (p *Producer) wants() (kind txnKind, broker int32) {
	switch {
	case !p.idempotent || p.state == FatalError:
		return txnNothing, 0
	case p.cfg.TransactionalID == "":
		if p.id < 0 {
			kind = txnInit
		}
		return kind, 0
	case p.state == Initializing:
		kind = txnInit
	case len(p.offsets) > 0 && p.state != AbortableError:
		if p.groupAt < 0 {
			return txnFindGroup, 0
		}
		return txnOffsets, p.groupAt
	case (p.state == Committing || p.state == Aborting) && p.view.Queued == 0 && p.view.InFlight == 0:
		kind = txnEnd
	default:
		return txnNothing, 0
	}
	if p.coordinator < 0 {
		return txnFind, 0
	}
	return kind, p.coordinator
}

// transactAt is when transact has something to do.
func (p *Producer) transactAt() (engine.Time, bool) {
	if p.txnToken != 0 {
		return p.txnDeadline, true
	}
	kind, broker := p.wants()
	return max(p.txnNotUntil, p.usableAt(broker)), kind != txnNothing
}

// transact sends the next request to a coordinator. There is one at a time.
func (p *Producer) transact(now engine.Time) {
	if !p.idempotent {
		return
	}
	p.resolve(now)
	if p.txnToken != 0 && now >= p.txnDeadline {
		p.txnAnswered(now, &engine.Reply{Token: p.txnToken, Code: engine.NetworkException})
	}
	kind, broker := p.wants()
	if kind == txnNothing || p.txnToken != 0 {
		return
	}
	if kind == txnEnd && !p.started {
		p.ended(now) // nothing was sent: the cluster has never heard of it
		return
	}
	if at, _ := p.transactAt(); at > now {
		return
	}
	p.token++
	p.txnToken, p.txnKind, p.txnBroker, p.txnDeadline = p.token, kind, broker, now+engine.Time(p.cfg.RequestTimeoutMs)
	p.requests = append(p.requests, Request{Token: p.token, Broker: broker, Command: p.txnCommand(kind)})
}

func (p *Producer) txnCommand(kind txnKind) engine.Command {
	name := p.cfg.TransactionalID
	switch kind {
	case txnInit:
		if name == "" {
			p.state = Initializing
		}
		return &engine.InitProducerID{TransactionalID: name, Transactional: name != "", TimeoutMs: int32(p.cfg.TransactionTimeoutMs),
			ProducerID: -1, Epoch: -1}
	case txnFind:
		return &engine.FindCoordinator{Key: name, Transactional: true}
	case txnFindGroup:
		return &engine.FindCoordinator{Key: p.offsets[0].group.Group}
	case txnOffsets:
		o := &p.offsets[0]
		return &engine.TxnOffsetCommit{TransactionalID: name, Group: o.group.Group, ProducerID: p.id, Epoch: p.epoch,
			Member: o.group.Member, Instance: o.group.Instance, Generation: o.group.Generation, Offsets: o.offsets}
	}
	return &engine.EndTxn{TransactionalID: name, ProducerID: p.id, Epoch: p.epoch, Commit: p.state == Committing}
}

// txnAnswered takes the answer of a coordinator, by the rules of Java's handlers.
func (p *Producer) txnAnswered(now engine.Time, r *engine.Reply) {
	p.txnToken = 0
	code := r.Code
	if body, ok := r.Body.(*engine.OffsetCommitReply); ok && code == engine.None {
		for _, c := range body.Codes {
			if c != engine.None && (code == engine.None || !c.Retriable()) {
				code = c
			}
		}
	}
	if code == engine.NetworkException {
		p.broken(p.txnBroker, now)
	} else {
		p.works(p.txnBroker)
	}
	switch {
	case code == engine.None:
		p.txnFailures, p.txnNotUntil = 0, 0
		p.txnDone(now, r)
	case code.Retriable() || code == engine.ConcurrentTransactions:
		p.txnAgain(now, code)
	case code == engine.InvalidProducerEpoch || code == engine.ProducerFenced:
		p.fatal(now, engine.ProducerFenced)
	case p.txnKind == txnOffsets && (code == engine.UnknownMemberID || code == engine.IllegalGeneration || code == engine.FencedInstanceID ||
		code == engine.StaleMemberEpoch || code == engine.GroupAuthorizationFailed),
		code == engine.TransactionAbortable,
		p.txnKind > txnInit && (code == engine.UnknownProducerID || code == engine.InvalidProducerIDMapping),
		p.txnKind == txnFindGroup && code == engine.GroupAuthorizationFailed:
		p.abortable(now, code)
	default:
		p.fatal(now, code)
	}
}

// txnAgain asks again later, elsewhere if the coordinator is not there any more.
func (p *Producer) txnAgain(now engine.Time, code engine.Code) {
	if code == engine.NotCoordinator || code == engine.CoordinatorNotAvailable ||
		code == engine.NetworkException || code == engine.RequestTimedOut && p.txnKind == txnOffsets {
		if p.txnKind == txnOffsets {
			p.groupAt = -1
		} else {
			p.coordinator = -1
		}
	}
	p.txnNotUntil = now + p.backoff(p.cfg.RetryBackoffMs, retryMaxMs, &p.txnFailures)
}

func (p *Producer) txnDone(now engine.Time, r *engine.Reply) {
	switch body := r.Body.(type) {
	case *engine.FindCoordinatorReply:
		if p.txnKind == txnFind {
			p.coordinator = body.Broker
		} else {
			p.groupAt = body.Broker
		}
	case *engine.InitProducerIDReply:
		p.id, p.epoch, p.state = body.ProducerID, body.Epoch, Ready
		p.txnFact(now, FactProducerID)
	case *engine.OffsetCommitReply:
		if len(p.offsets) == 0 {
			return // aborted meanwhile
		}
		for _, o := range p.offsets[0].offsets {
			p.facts = append(p.facts, Fact{At: now, Kind: FactTxnOffset, Topic: o.Topic, Partition: o.Partition, Offset: o.Offset, Epoch: int32(p.epoch)})
		}
		p.offsets = append(p.offsets[:0:0], p.offsets[1:]...)
		p.groupAt = -1
	case *engine.EndTxnReply:
		p.ended(now)
		p.id, p.epoch = body.ProducerID, body.Epoch
	}
}

// ended is the end of a transaction.
func (p *Producer) ended(now engine.Time) {
	kind := FactTxnCommitted
	if p.state == Aborting {
		kind = FactTxnAborted
	}
	p.txnFact(now, kind)
	p.state, p.started = Ready, false
}
