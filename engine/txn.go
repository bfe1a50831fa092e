package engine

import "partita/engine/batch"

// TransactionsTopic is the internal topic of the transaction coordinators' state.
const TransactionsTopic = "__transaction_state"

// TxnState is the state of a transactional id, with Kafka's numbers.
type TxnState uint8

// The states, by Kafka's names.
const (
	TxnEmpty             TxnState = iota // no transaction yet, or a new producer came
	TxnOngoing                           // partitions are added
	TxnPrepareCommit                     // decided; markers are being written
	TxnPrepareAbort                      // decided; markers are being written
	TxnCompleteCommit                    // all markers are written
	TxnCompleteAbort                     // all markers are written
	TxnDead                              // not used for transactional.id.expiration.ms
	TxnPrepareEpochFence                 // the coordinator fences the producer, to abort for it
	txnStates
)

var txnStateNames = [txnStates]string{"Empty", "Ongoing", "PrepareCommit", "PrepareAbort",
	"CompleteCommit", "CompleteAbort", "Dead", "PrepareEpochFence"}

// String gives Kafka's word.
func (s TxnState) String() string { return txnStateNames[s] }

const (
	rested    = 1<<TxnEmpty | 1<<TxnCompleteCommit | 1<<TxnCompleteAbort
	preparing = 1<<TxnPrepareCommit | 1<<TxnPrepareAbort
)

// txnBefore has, for each state, a bit for each state that it may follow
// (TransactionMetadata.validPreviousStates).
var txnBefore = [txnStates]uint8{
	TxnEmpty:             rested,
	TxnOngoing:           rested | 1<<TxnOngoing,
	TxnPrepareCommit:     1 << TxnOngoing,
	TxnPrepareAbort:      1<<TxnOngoing | 1<<TxnPrepareEpochFence,
	TxnCompleteCommit:    1 << TxnPrepareCommit,
	TxnCompleteAbort:     1 << TxnPrepareAbort,
	TxnDead:              rested,
	TxnPrepareEpochFence: 1 << TxnOngoing,
}

// in tells whether s is one of a set of states, a bit for each.
func (s TxnState) in(set uint8) bool { return set>>s&1 != 0 }

// mayFollow tells whether a transactional id may go from one state to another. Since
// KIP-890 a producer may also abort a transaction to which nothing was added.
func (s TxnState) mayFollow(before TxnState, bumps bool) bool {
	return before.in(txnBefore[s]) || bumps && s == TxnPrepareAbort && before.in(rested)
}

// lastEpoch is the largest epoch that a producer is given; one more is left for
// fencing it. After that it gets a new producer id.
const lastEpoch = 1<<15 - 2

// txn is one transactional id, as Kafka's TransactionMetadata.
type txn struct {
	id    uint32 // its place in Engine.txns
	name  string
	log   Partition // of TransactionsTopic: its leader is the coordinator
	state TxnState
	bumps bool // the epoch was raised when the transaction ended: transaction.version 2

	producer  int64
	previous  int64 // the producer id before the last change of state
	next      int64 // the producer id after this transaction, when epochs are exhausted; else -1
	epoch     int16 // -1: no producer yet
	before    int16 // the epoch before it, for a producer that asks again; else -1
	timeoutMs int32

	start      Time // of the transaction, -1 for none
	updated    Time
	serial     uint64           // of the one timer that counts
	partitions []TopicPartition // by topic and partition
	stored     Offset           // what is written of it in TransactionsTopic ends here
	markers    []TopicPartition // those without a marker yet
	written    []writtenMarker  // markers that may not be replicated yet
	asked      uint16           // brokers that a request for markers is on its way to
	retryAt    Time             // when a timer goes on by itself
}

// transactionsTopic is __transaction_state, made when a transactional id first comes.
func (e *Engine) transactionsTopic() *topic {
	if e.transactions == 0 {
		config := e.internalConfig(brkTxnSegmentBytes)
		config.value[setMinISR], config.set[setMinISR] = e.broker.value[brkTxnMinISR], true
		e.transactions = e.makeTopic(0, TransactionsTopic, int32(e.broker.value[brkTxnPartitions]), e.broker.value[brkTxnReplication], nil, config, true).id
	}
	return e.topics[e.transactions]
}

func (e *Engine) txnNamed(name string) *txn {
	if i, ok := e.txnByName[name]; ok {
		return e.txns[i]
	}
	return nil
}

func (e *Engine) makeTxn(name string) *txn {
	t := e.transactionsTopic()
	x := &txn{id: uint32(len(e.txns)), name: name, log: Partition(CoordinatorPartition(name, int32(len(t.partitions)))),
		producer: -1, previous: -1, next: -1, epoch: -1, before: -1, start: -1, updated: e.now}
	e.txns = append(e.txns, x)
	e.txnByName[name] = x.id
	e.watchTxns()
	return x
}

// enter changes the state and stores it. With a producer id that is not the one so far
// the epoch must have been set for it.
func (e *Engine) enter(from Session, x *txn, to TxnState, producer int64) {
	if !to.mayFollow(x.state, x.bumps) {
		panic("engine: " + x.name + " from " + x.state.String() + " to " + to.String())
	}
	x.state, x.previous, x.producer, x.updated = to, x.producer, producer, e.now
	if to == TxnPrepareEpochFence {
		return // only on the way to PrepareAbort: never stored
	}
	if !to.in(1<<TxnOngoing | preparing) {
		x.partitions = nil
	}
	e.writeTxn(from, x)
	x.stored = e.txnLog(x).end
}

// txnLog is where the state of a transactional id is stored.
func (e *Engine) txnLog(x *txn) *partition { return e.topics[e.transactions].partitions[x.log] }

// pending: what was stored last is not replicated yet. Until it is, nothing else can be
// decided (Kafka's pendingState).
func (e *Engine) pending(x *txn) bool { return x != nil && e.txnLog(x).highWatermark() < x.stored }

func (e *Engine) emitTxn(from Session, kind Kind, x *txn) {
	e.emit(Event{Kind: kind, Session: from, Aux: x.producer, Epoch: int32(x.epoch), Bytes: []byte(x.name)})
}

// again makes older timers of a transactional id stale and sets one.
func (e *Engine) again(x *txn, kind timerKind, at Time) {
	x.serial++
	e.timers.set(timer{at: at, kind: kind, owner: x.id, epoch: x.serial})
}

func (e *Engine) fireTxn(t timer) {
	if t.kind == timerTxnExpiry {
		e.expireTxns()
		return
	}
	if t.kind == timerTxnDeferred {
		e.applyDeferred()
		return
	}
	x := e.txns[t.owner]
	if x == nil || x.serial != t.epoch {
		return
	}
	switch t.kind {
	case timerTxnTimeout:
		e.emitTxn(0, KindTxnTimedOut, x)
		e.fenceTxn(0, x)
	case timerTxnMarkers:
		e.writeMarkers(x, int32(t.key))
	case timerTxnComplete:
		e.completeTxn(x)
	}
}

// watchTxns sets the timer that looks for transactional ids to forget.
func (e *Engine) watchTxns() {
	if !e.expiringTxns {
		e.expiringTxns = true
		e.timers.set(timer{at: e.now + Time(e.broker.value[brkTxnCheckMs]), kind: timerTxnExpiry})
	}
}

// expireTxns forgets transactional ids that were not used for
// transactional.id.expiration.ms; an open transaction is use.
func (e *Engine) expireTxns() {
	e.expiringTxns = false
	for _, x := range e.txns {
		switch {
		case x == nil:
		case x.state.in(rested) && !e.pending(x) && e.now-x.updated >= Time(e.broker.value[brkTxnExpirationMs]):
			x.state = TxnDead
			e.writeTxn(0, x)
			e.emitTxn(0, KindTxnForgotten, x)
			e.dropTxn(x)
		default:
			e.watchTxns()
		}
	}
}

func (e *Engine) dropTxn(x *txn) {
	delete(e.txnByName, x.name)
	e.txns[x.id] = nil
}

// add puts partitions into the transaction, in order, and returns those that were not
// in it.
func (x *txn) add(tps []TopicPartition) (added []TopicPartition) {
	for _, tp := range tps {
		if i, ok := x.find(tp); !ok {
			x.partitions = append(x.partitions, tp)
			copy(x.partitions[i+1:], x.partitions[i:])
			x.partitions[i] = tp
			added = append(added, tp)
		}
	}
	return added
}

func (x *txn) find(tp TopicPartition) (int, bool) {
	for i, p := range x.partitions {
		if p.Topic > tp.Topic || p.Topic == tp.Topic && p.Partition >= tp.Partition {
			return i, p == tp
		}
	}
	return len(x.partitions), false
}

// writeMarker appends the control batch that ends a producer's transaction in one
// partition, and gives its offset. Offsets that were committed in it are now valid, or
// gone.
func (e *Engine) writeMarker(p *partition, id int64, epoch int16, m batch.EndTxn) Offset {
	stable, hw := p.lastStable(), p.highWatermark()
	w := &e.writer
	w.batch = batch.AppendEndTxn(w.batch[:0], id, epoch, int64(e.now), m)
	h, _ := batch.Parse(w.batch)
	at, _, _ := e.append(0, p, w.batch, &h)
	kind := KindAbortMarker
	if m.Commit {
		kind = KindCommitMarker
	}
	e.emit(Event{Kind: kind, Topic: p.topic.id, Partition: p.index, Epoch: int32(epoch), Offset: at, End: at + 1, Aux: id})
	e.settleTxns(p, stable, hw)
	if p.topic.id == e.offsets {
		e.endOffsets(p, id, m.Commit)
	}
	return at
}
