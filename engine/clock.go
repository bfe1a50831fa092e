package engine

// A timer is a value, not a closure: the collector has nothing to walk and a
// snapshot is a copy. Owners do not cancel timers; fire checks whether one still
// means anything.
type timer struct {
	at    Time
	id    uint64
	kind  timerKind
	owner uint32 // GroupID for group timers, fetch id for fetch timers
	key   uint32 // MemberID for member timers
	epoch uint64 // what the owner counted when it set the timer; stale when it moved on
}

type timerKind uint8

const (
	timerFetch        timerKind = iota + 1 // a parked fetch reached its max wait
	timerSession                           // owner=group, key=member: check the session's deadline
	timerJoin                              // owner=group: the join phase may end
	timerSync                              // owner=group: the sync phase has lasted too long
	timerPending                           // owner=group, key=member: a given member id was never used
	timerLogRetention                      // log.retention.check.interval.ms has passed
	timerProducers                         // producer.id.expiration.check.interval.ms has passed
	timerDue                               // owner=group, key=member: it should have revoked, joined or synced
	timerShareLock                         // owner=group, key=topic, epoch=partition: locks of records may have ended
	timerShareFetch                        // owner=fetch: a parked ShareFetch reached its max wait
	timerUnmute                            // owner=session: it was over a quota, and may speak again
	timerOffsets                           // offsets.retention.check.interval.ms has passed
	timerLogCleaner                        // owner=broker: log.cleaner.backoff.ms has passed
	timerTxnTimeout                        // owner=txn: its transaction has been open for transaction.timeout.ms
	timerTxnMarkers                        // owner=txn: markers can be written
	timerTxnComplete                       // owner=txn: the coordinator knows that its markers are written
	timerTxnDeferred                       // commands that wait for a transaction's record may be handled
	timerTxnExpiry                         // transaction.remove.expired.transaction.cleanup.interval.ms has passed
	timerReplica                           // owner=topic, key=partition and replica: its fetch arrives, or its answer
	timerISR                               // owner=topic, key=partition and replica: look for lagging followers
	timerProduce                           // owner=topic, key=partition and replica: an acks=all produce has waited too long
	timerAlterISR                          // owner=topic, key=partition and replica: a partition leader asks the controller
	timerMetadata                          // owner=broker: it gets the metadata log up to epoch
	timerLiveness                          // owner=broker: the controller fences it or lets it in
	timerController                        // the controller role may move
	timerHeld                              // owner=broker: a slow one handles the next command
	timerStop                              // owner=broker: the end of a controlled shutdown
	timerBalance                           // leader.imbalance.check.interval.seconds has passed
	timerShareWrite                        // owner=reply: the state of a share group was not replicated in time
	timerShareRewrite                      // owner=partition of ShareStateTopic: it has a new leader
)

// timers is a binary heap ordered by (at, id): equal times fire in the order set.
type timers struct {
	heap []timer
	next uint64
}

func (ts *timers) set(t timer) {
	ts.next++
	t.id = ts.next
	ts.heap = append(ts.heap, t)
	h := ts.heap
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].before(&h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

func (ts *timers) pop() timer {
	h := ts.heap
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	ts.heap = h
	for i := 0; ; {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < last; c++ {
			if h[c].before(&h[least]) {
				least = c
			}
		}
		if least == i {
			return top
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}

func (t *timer) before(u *timer) bool {
	if t.at != u.at {
		return t.at < u.at
	}
	return t.id < u.id
}

func (e *Engine) fire(t timer) {
	switch t.kind {
	case timerShareFetch:
		e.shareTimedOut(t.owner)
	case timerShareWrite:
		e.sharesWritten(-1, t.owner)
	case timerShareRewrite:
		e.rewriteShares(e.topics[e.shareStates].partitions[t.owner])
	case timerFetch:
		e.fetchTimedOut(t.owner)
	case timerLogRetention:
		e.retainLogs()
	case timerProducers:
		e.expiring = false
		if e.expireProducers(e.now) {
			e.watchProducers()
		}
	case timerShareLock:
		e.shareLockTimer(t)
	case timerUnmute:
		e.unmute(Session(t.owner))
	case timerOffsets:
		e.expireOffsets()
	case timerLogCleaner:
		e.cleanLogs(int32(t.owner))
	case timerTxnTimeout, timerTxnMarkers, timerTxnComplete, timerTxnDeferred, timerTxnExpiry:
		e.fireTxnAt(t)
	case timerReplica, timerISR, timerProduce, timerAlterISR:
		e.fireReplica(t)
	case timerMetadata, timerLiveness, timerController, timerHeld, timerStop, timerBalance:
		e.fireBroker(t)
	default:
		if g := e.groups[t.owner]; g != nil && e.coordinated(g.log, t) {
			n, end := len(e.ready.Replies), g.log.end
			e.fireGroup(g, t)
			e.holdReplies(g.log, end, n)
		}
	}
}
