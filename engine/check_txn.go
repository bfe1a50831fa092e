package engine

import (
	"slices"

	"partita/engine/batch"
)

// checkProducers: what a partition knows of transactions fits together.
func (e *Engine) checkProducers() error {
	for _, t := range e.topics {
		if t == nil {
			continue
		}
		for _, p := range t.partitions {
			if err := p.checkTxns(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *partition) checkTxns() error {
	ps, open := &p.producers, 0
	for i := range ps.list {
		one := &ps.list[i]
		if i > 0 && ps.list[i-1].id >= one.id {
			return p.broken(SequencesKnown, "producer ids are not in order")
		}
		for j := 1; j < int(one.count); j++ {
			if one.batches[j].base <= one.batches[j-1].base {
				return p.broken(SequencesKnown, "batches of producer "+itoa(Offset(one.id))+" are not in order")
			}
		}
		if one.txnFirst >= 0 {
			open++
		}
	}
	for i, o := range ps.open {
		one := ps.lookup(o.producer)
		if one == nil || one.txnFirst != o.first || i > 0 && ps.open[i-1].first >= o.first {
			return p.broken(OpenTransactions, "the one from "+itoa(o.first)+" on")
		}
	}
	if open != len(ps.open) {
		return p.broken(OpenTransactions, "a producer has one that is not listed")
	}
	if stable := p.lastStable(); len(ps.open) > 0 && stable > max(ps.open[0].first, p.start) {
		return p.broken(OpenTransactions, "last stable "+itoa(stable)+" is beyond the one from "+itoa(ps.open[0].first)+" on")
	}
	for i, a := range ps.aborted {
		if a.first >= a.marker || a.marker >= p.end || i > 0 && ps.aborted[i-1].marker >= a.marker {
			return p.broken(AbortedIndex, "the one from "+itoa(a.first)+" to "+itoa(a.marker))
		}
	}
	return nil
}

// checkTransactions: every transaction that is not at rest will end.
func (e *Engine) checkTransactions() error {
	for _, x := range e.txns {
		if x == nil {
			continue
		}
		if e.txns[x.id] != x || e.txnByName[x.name] != x.id {
			return broken(TransactionsEnd, x.name, "it does not go by its name")
		}
		if x.state.in(1<<TxnOngoing|preparing) && e.served(e.txnLog(x)) && !e.txnWatched(x) {
			return broken(TransactionsEnd, x.name, x.state.String()+" without a timer")
		}
		if x.state.in(rested) && len(x.partitions) > 0 {
			return broken(TransactionsEnd, x.name, x.state.String()+" with partitions")
		}
	}
	return nil
}

// checkStored: a coordinator knows what its log says, and no more.
func (e *Engine) checkStored() error {
	t := e.topicAt(e.transactions)
	if t == nil {
		return nil
	}
	var keys []string
	newest := map[string][]byte{} // by key: each was looked at when it was the newest
	last := map[string]TransactionRecord{}
	var r batch.Record
	for _, p := range t.partitions {
		for _, s := range p.segments {
			for i := range s.batches {
				for it := batch.Records(s.batch(i)); it.Next(&r); {
					if _, ok := newest[string(r.Key)]; !ok {
						keys = append(keys, string(r.Key))
					}
					newest[string(r.Key)] = r.Value
				}
			}
		}
	}
	for _, key := range keys {
		rec, err := DecodeTransactionRecord([]byte(key), newest[key])
		if err != nil {
			return broken(TransactionsStored, TransactionsTopic, "a record cannot be read")
		}
		last[rec.TransactionalID] = rec
	}
	for _, x := range e.txns {
		if x == nil {
			continue
		}
		if rec := last[x.name]; rec.Removed || rec.State != x.state || rec.ProducerID != x.producer || rec.Epoch != x.epoch ||
			rec.Next != x.next || !slices.Equal(rec.Partitions, x.partitions) {
			return broken(TransactionsStored, x.name, "its last record says "+rec.State.String()+", the coordinator "+x.state.String())
		}
	}
	return nil
}

func (e *Engine) txnWatched(x *txn) bool {
	for i := range e.timers.heap {
		t := &e.timers.heap[i]
		if t.owner == x.id && t.epoch == x.serial && t.kind >= timerTxnTimeout && t.kind <= timerTxnComplete {
			return true
		}
	}
	return false
}

// checkPending: an offset that waits for the end of a transaction has one to wait for.
func (e *Engine) checkPending() error {
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		for i := range g.pending {
			o := &g.pending[i]
			if one := g.log.producers.lookup(o.producer); one == nil || one.txnFirst < 0 {
				return g.broken(PendingOffsets, "the offset of "+TopicPartition{o.Topic, o.Partition}.String())
			}
		}
	}
	return nil
}
