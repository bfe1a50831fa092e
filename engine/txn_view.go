package engine

import "slices"

// TransactionView is one transactional id as it is now.
type TransactionView struct {
	TransactionalID string
	State           TxnState
	ProducerID      int64
	Epoch           int16
	TimeoutMs       int32
	Start           Time             // of the transaction, -1 for none
	Partitions      []TopicPartition // lent
	Unmarked        []TopicPartition // lent: those that wait for their marker
	Coordinator     Partition        // of TransactionsTopic: its leader coordinates
}

// Transactions calls visit for every transactional id in the order of their coming,
// until it returns false.
func (e *Engine) Transactions(visit func(TransactionView) bool) {
	for _, x := range e.txns {
		if x != nil && !visit(TransactionView{x.name, x.state, x.producer, x.epoch, x.timeoutMs, x.start,
			x.partitions, x.markers, x.log}) {
			return
		}
	}
}

// TxnRange is where a producer's transaction lies in a partition.
type TxnRange struct {
	ProducerID int64
	First      Offset
	Marker     Offset // of the marker that ended it; -1 while it is open
}

// OpenTransactions lists the open transactions of a partition by their first offsets.
func (e *Engine) OpenTransactions(id TopicID, index Partition) (list []TxnRange) {
	if p := e.partitionAt(id, index); p != nil {
		for _, o := range p.producers.open {
			list = append(list, TxnRange{o.producer, o.first, -1})
		}
	}
	return list
}

// AbortedTransactions lists the aborted transactions of a partition that reach into
// [from, to), by their markers.
func (e *Engine) AbortedTransactions(id TopicID, index Partition, from, to Offset) (list []TxnRange) {
	if p := e.partitionAt(id, index); p != nil {
		for _, a := range p.producers.aborted {
			if a.marker >= from && a.first < to {
				list = append(list, TxnRange{a.producer, a.first, a.marker})
			}
		}
	}
	return list
}

func (c *DescribeProducers) apply(e *Engine, from Session, tok Token) {
	p := e.partitionAt(c.Topic, c.Partition)
	code := UnknownTopicOrPartition
	if p != nil {
		_, code = e.actingFor(p, &FetchPart{})
	}
	if code != None {
		e.reply(from, tok, code, nil)
		return
	}
	body := &DescribeProducersReply{}
	for i := range p.producers.list {
		one := &p.producers.list[i]
		body.Producers = append(body.Producers, DescribedProducer{one.id, one.epoch, one.lastSequence(),
			one.lastTime, one.coordinatorEpoch, one.txnFirst})
	}
	e.reply(from, tok, None, body)
}

func (c *DescribeTransactions) apply(e *Engine, from Session, tok Token) {
	body := &DescribeTransactionsReply{}
	for _, name := range c.TransactionalIDs {
		d := DescribedTransaction{TransactionalID: name, Code: InvalidRequest, ProducerID: -1, Epoch: -1, Start: -1}
		if x := e.txnNamed(name); x != nil {
			d = DescribedTransaction{None, name, x.state.String(), x.timeoutMs, x.start, x.producer, x.epoch,
				slices.Clone(x.partitions)}
		} else if name != "" {
			d.Code = TransactionalIDNotFound
		}
		if code := e.denied(from, opDescribe, resTxn, name); code != None {
			d = DescribedTransaction{TransactionalID: name, Code: code, ProducerID: -1, Epoch: -1, Start: -1}
		}
		body.Transactions = append(body.Transactions, d)
	}
	e.reply(from, tok, None, body)
}

func (c *ListTransactions) apply(e *Engine, from Session, tok Token) {
	list := []ListedTransaction{}
	for _, x := range e.txns {
		switch {
		case x == nil, !e.describable(from, resTxn, x.name),
			len(c.States) > 0 && !slices.Contains(c.States, x.state.String()),
			len(c.ProducerIDs) > 0 && !slices.Contains(c.ProducerIDs, x.producer),
			c.OlderThanMs > 0 && (x.start < 0 || e.now-x.start <= Time(c.OlderThanMs)):
		default:
			list = append(list, ListedTransaction{x.name, x.producer, x.state.String()})
		}
	}
	SortBy(len(list), func(i, j int) bool { return list[i].TransactionalID < list[j].TransactionalID },
		func(i, j int) { list[i], list[j] = list[j], list[i] })
	e.reply(from, tok, None, &ListTransactionsReply{list})
}
