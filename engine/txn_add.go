package engine

import "partita/engine/batch"

// admits says whether a producer may work on the transaction.
func (x *txn) admits(producer int64, epoch int16) Code {
	switch {
	case x == nil:
		return InvalidProducerIDMapping
	case x.state.in(preparing) && producer == x.next:
		return ConcurrentTransactions // already the next id, whose time has not come
	case x.producer != producer:
		return InvalidProducerIDMapping
	case x.epoch != epoch && planted != bugProducerEpoch:
		return ProducerFenced
	case x.state.in(preparing):
		return ConcurrentTransactions
	}
	return None
}

// addPartitions enlists partitions. The first begins the transaction, and its time.
func (e *Engine) addPartitions(from Session, name string, producer int64, epoch int16, tps []TopicPartition) Code {
	x := e.txnNamed(name)
	if code := x.admits(producer, epoch); code != None {
		return code
	}
	begins := x.state != TxnOngoing
	added := x.add(tps)
	if !begins && len(added) == 0 {
		return None
	}
	if begins {
		x.start, x.bumps = e.now, false
	}
	if begins && planted != bugOpenForever {
		e.again(x, timerTxnTimeout, e.now+Time(x.timeoutMs)+1) // it must be exceeded
	}
	e.enter(from, x, TxnOngoing, x.producer)
	if begins {
		e.emitTxn(from, KindTxnBegun, x)
	}
	for _, tp := range added {
		e.emit(Event{Kind: KindTxnPartition, Session: from, Aux: x.producer, Epoch: int32(x.epoch), Bytes: []byte(x.name),
			Topic: e.topicByName[tp.Topic], Partition: tp.Partition})
	}
	return None
}

func (c *AddPartitionsToTxn) apply(e *Engine, from Session, tok Token) {
	body := &CodesReply{Codes: make([]Code, len(c.Partitions))}
	code := c.run(e, from, body.Codes)
	e.answerStored(from, tok, c.TransactionalID, code, body)
}

// run gives a code for each partition, and one that is about all of them.
func (c *AddPartitionsToTxn) run(e *Engine, from Session, codes []Code) Code {
	unknown := false
	for i, tp := range c.Partitions {
		codes[i] = OperationNotAttempted
		if code := e.denied(from, opWrite, resTopic, tp.Topic); code != None {
			codes[i], unknown = code, true
		} else if e.partitionAt(e.topicByName[tp.Topic], tp.Partition) == nil {
			codes[i], unknown = UnknownTopicOrPartition, true
		}
	}
	code := None
	switch {
	case c.TransactionalID == "":
		code = InvalidRequest
	case unknown:
		return None
	case e.closedTxn(c.TransactionalID) != None:
		code = e.closedTxn(c.TransactionalID)
	case c.VerifyOnly:
		x := e.txnNamed(c.TransactionalID)
		if code = x.admits(c.ProducerID, c.Epoch); code != None {
			break
		}
		for i, tp := range c.Partitions {
			if codes[i] = None; !x.has(tp) {
				codes[i] = TransactionAbortable
			}
		}
		return None
	default:
		code = e.addPartitions(from, c.TransactionalID, c.ProducerID, c.Epoch, c.Partitions)
	}
	for i := range codes {
		codes[i] = code
	}
	return code
}

func (x *txn) has(tp TopicPartition) bool {
	_, ok := x.find(tp)
	return ok
}

func (c *AddOffsetsToTxn) apply(e *Engine, from Session, tok Token) {
	code := InvalidRequest
	if c.TransactionalID != "" {
		code = e.closedTxn(c.TransactionalID)
	}
	if code == None {
		tp := e.offsetsPartition(c.Group).name()
		code = e.addPartitions(from, c.TransactionalID, c.ProducerID, c.Epoch, []TopicPartition{tp})
	}
	e.answerStored(from, tok, c.TransactionalID, code, nil)
}

// offsetsPartition is where a group's offsets are.
func (e *Engine) offsetsPartition(group string) *partition {
	t := e.offsetsTopic()
	return t.partitions[CoordinatorPartition(group, int32(len(t.partitions)))]
}

func (p *partition) name() TopicPartition { return TopicPartition{p.topic.name, p.index} }

// enlist makes sure that a partition is part of the producer's transaction before a
// first batch of it is appended: it adds the partition, or for older clients asks the
// coordinator whether it was added (KIP-890). Without that a late batch could begin a
// transaction that nobody ends.
func (e *Engine) enlist(from Session, p *partition, name string, producer int64, epoch int16, add bool) Code {
	if known := p.producers.lookup(producer); known != nil && known.txnFirst >= 0 && known.epoch == epoch {
		return None
	}
	if verify, _ := e.broker.at(p.actor(), brkTxnVerification); !add && verify == 0 {
		return None
	}
	x := e.txnNamed(name)
	if e.pending(x) && x.state == TxnOngoing && x.admits(producer, epoch) == None {
		return notYet // another partition is being added
	}
	code, tp := e.reachTxn(name), p.name()
	switch {
	case code != None:
	case add:
		code = e.addPartitions(from, name, producer, epoch, []TopicPartition{tp})
	default:
		if code = x.admits(producer, epoch); code == None && !x.has(tp) {
			code = TransactionAbortable
		}
	}
	switch {
	case code == ProducerFenced:
		return InvalidProducerEpoch // what clients expect from Produce
	case code == None && e.pending(x):
		return notYet
	}
	return code
}

// newestProduceVersion is the Produce version that 0 stands for.
const newestProduceVersion = 12

// enlisted is enlist for Produce, with the codes that clients of that version know.
func (e *Engine) enlisted(from Session, p *partition, c *Produce, h *batch.Header) Code {
	if c.TransactionalID == "" {
		return TransactionalIDAuthorizationFailed
	}
	version := c.Version
	if version == 0 {
		version = newestProduceVersion
	}
	switch code := e.enlist(from, p, c.TransactionalID, h.ProducerID, h.ProducerEpoch, version >= newestProduceVersion); {
	case code == TransactionAbortable && version < newestProduceVersion-1:
		return InvalidTxnState
	case code == ConcurrentTransactions && version < newestProduceVersion,
		code == NotCoordinator, code == CoordinatorNotAvailable, code == NetworkException:
		return NotEnoughReplicas // retriable, without looking for a leader
	default:
		return code
	}
}
