package engine

import "partita/engine/batch"

// Versions of the keys and values in TransactionsTopic, by the names of Kafka's
// schemas. Version 1 of the value has tagged fields (KIP-890).
const (
	transactionLogKey   = 0
	transactionLogValue = 1
)

// Tags of the value's tagged fields.
const (
	tagPreviousProducer = iota
	tagNextProducer
	tagClientVersion
	txnTags
)

// writeTxn stores the state of a transactional id; Dead as a tombstone.
func (e *Engine) writeTxn(from Session, x *txn) {
	w := &e.writer
	w.begin()
	w.key = appendShortString(batch.AppendUint16(w.key[:0], transactionLogKey), x.name)
	var value []byte
	if x.state != TxnDead {
		w.value = x.appendTo(w.value[:0])
		value = w.value
	}
	w.b.Add(int64(e.now), w.key, value, nil)
	e.flushTo(from, e.txnLog(x))
}

func (x *txn) appendTo(v []byte) []byte {
	v = batch.AppendUint16(v, transactionLogValue)
	v = batch.AppendUint64(v, uint64(x.producer))
	v = batch.AppendUint16(v, uint16(x.epoch))
	v = batch.AppendUint32(v, uint32(x.timeoutMs))
	v = append(v, byte(x.state))
	v = x.appendPartitions(v)
	v = batch.AppendUint64(v, uint64(x.updated))
	v = batch.AppendUint64(v, uint64(x.start))
	tags := [txnTags]int64{x.previous, x.next, 0}
	if x.bumps {
		tags[tagClientVersion] = 2
	}
	count := byte(0)
	for tag, n := range tags {
		if n != tagDefault(tag) {
			count++
		}
	}
	v = append(v, count)
	for tag, n := range tags {
		switch {
		case n == tagDefault(tag):
		case tag == tagClientVersion:
			v = batch.AppendUint16(append(v, byte(tag), 2), uint16(n))
		default:
			v = batch.AppendUint64(append(v, byte(tag), 8), uint64(n))
		}
	}
	return v
}

// tagDefault is the value of a tagged field that is not written.
func tagDefault(tag int) int64 {
	if tag == tagClientVersion {
		return 0
	}
	return -1
}

// appendPartitions writes the partitions by topic: null when Empty.
func (x *txn) appendPartitions(v []byte) []byte {
	if x.state == TxnEmpty {
		return append(v, 0)
	}
	topics := uint64(0)
	for i := range x.partitions {
		if x.firstOfTopic(i) {
			topics++
		}
	}
	v = batch.AppendUvarint(v, topics+1)
	for i, tp := range x.partitions {
		if x.firstOfTopic(i) {
			n := i + 1
			for n < len(x.partitions) && !x.firstOfTopic(n) {
				n++
			}
			v = append(batch.AppendUvarint(v, uint64(len(tp.Topic))+1), tp.Topic...)
			v = batch.AppendUvarint(v, uint64(n-i)+1)
		}
		v = batch.AppendUint32(v, uint32(tp.Partition))
		if i+1 == len(x.partitions) || x.firstOfTopic(i+1) {
			v = append(v, 0) // no tagged fields
		}
	}
	return v
}

func (x *txn) firstOfTopic(i int) bool {
	return i == 0 || x.partitions[i].Topic != x.partitions[i-1].Topic
}

// TransactionRecord is a record of TransactionsTopic as people can read it.
type TransactionRecord struct {
	TransactionalID string
	Removed         bool // a tombstone: the rest is zero
	State           TxnState
	ProducerID      int64
	Previous        int64 // the producer id before it, -1 for none
	Next            int64 // the producer id after this transaction, -1 when it stays
	Epoch           int16
	TimeoutMs       int32
	Partitions      []TopicPartition
	Updated         Time
	Start           Time  // -1: none
	Version         int16 // transaction.version of the client that ended it: 2 raises the epoch
}

// DecodeTransactionRecord reads a key and a value of TransactionsTopic, as version 1 of
// the value has it. The error is ErrConsumerProtocol.
func DecodeTransactionRecord(key, value []byte) (TransactionRecord, error) {
	k, v := protocolReader{b: key}, protocolReader{b: value}
	k.bad = k.int16() != transactionLogKey
	rec := TransactionRecord{TransactionalID: k.string(), Removed: value == nil}
	if value != nil {
		rec.read(&v)
	}
	if k.bad || v.bad || len(k.b)+len(v.b) > 0 {
		return TransactionRecord{}, ErrConsumerProtocol
	}
	return rec, nil
}

func (rec *TransactionRecord) read(v *protocolReader) {
	v.bad = v.int16() != transactionLogValue
	rec.ProducerID, rec.Epoch, rec.TimeoutMs = v.int64(), v.int16(), v.int32()
	if state := v.take(1); state != nil {
		rec.State = TxnState(state[0])
	}
	v.bad = v.bad || rec.State >= txnStates
	for n := v.uvarint() - 1; n > 0 && !v.bad; n-- { // a null array is 0, and so no topic
		topic := string(v.take(v.uvarint() - 1))
		for m := v.uvarint() - 1; m > 0 && !v.bad; m-- {
			rec.Partitions = append(rec.Partitions, TopicPartition{topic, Partition(v.int32())})
		}
		v.bad = v.bad || v.uvarint() != 0 // no tags are known here
	}
	rec.Updated, rec.Start = Time(v.int64()), Time(v.int64())
	rec.Previous, rec.Next = -1, -1
	for n := v.uvarint(); n > 0 && !v.bad; n-- {
		tag := v.uvarint()
		field := protocolReader{b: v.take(v.uvarint())}
		switch tag {
		case tagPreviousProducer:
			rec.Previous = field.int64()
		case tagNextProducer:
			rec.Next = field.int64()
		case tagClientVersion:
			rec.Version = field.int16()
		}
		v.bad = v.bad || field.bad
	}
}

// unloadTransactions forgets the transactions of one partition of TransactionsTopic: its
// leader is no more, and what it had is in the log.
func (e *Engine) unloadTransactions(index Partition) {
	for _, x := range e.txns {
		if x != nil && x.log == index {
			e.dropTxn(x)
		}
	}
}

// loadTransactions makes the transactions of one partition of TransactionsTopic from its
// records, for a coordinator that has just become it, and goes on where it stopped.
func (e *Engine) loadTransactions(index Partition) {
	e.unloadTransactions(index)
	var r batch.Record
	for _, s := range e.transactionsTopic().partitions[index].segments {
		for i := range s.batches {
			for it := batch.Records(s.batch(i)); it.Next(&r); {
				if rec, err := DecodeTransactionRecord(r.Key, r.Value); err == nil {
					e.loadTxn(&rec)
				}
			}
		}
	}
	for _, x := range e.txns {
		switch {
		case x == nil || x.log != index:
		case x.state == TxnOngoing:
			e.again(x, timerTxnTimeout, max(e.now, x.start+Time(x.timeoutMs)+1))
		case x.state.in(preparing):
			e.sendMarkers(x)
		}
	}
}

func (e *Engine) loadTxn(rec *TransactionRecord) {
	x := e.txnNamed(rec.TransactionalID)
	if rec.Removed {
		if x != nil {
			e.dropTxn(x)
		}
		return
	}
	if x == nil {
		x = e.makeTxn(rec.TransactionalID)
	}
	x.state, x.bumps, x.partitions = rec.State, rec.Version >= 2, rec.Partitions
	x.producer, x.previous, x.next = rec.ProducerID, rec.Previous, rec.Next
	x.epoch, x.timeoutMs, x.updated, x.start = rec.Epoch, rec.TimeoutMs, rec.Updated, rec.Start
	x.stored = e.txnLog(x).end
	e.nextProducerID = max(e.nextProducerID, x.producer+1, x.next+1)
}
