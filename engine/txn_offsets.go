package engine

// Offsets that are committed in a transaction: records in OffsetsTopic with the
// producer's id, which count when the commit marker follows (KIP-98).

// pendingOffset is one that waits for the end of its transaction.
type pendingOffset struct {
	CommitOffset
	producer int64
	at       Offset // of its record's batch
	time     Time
}

// txnProducer is the producer of a transactional offset commit.
type txnProducer struct {
	name  string // transactional id
	id    int64
	epoch int16
	add   bool // enlist the group's partition; else it must be in the transaction
}

// newestTxnCommitVersion is the TxnOffsetCommit version that 0 stands for.
const newestTxnCommitVersion = 5

func (c *TxnOffsetCommit) apply(e *Engine, from Session, tok Token) {
	body := &OffsetCommitReply{Codes: make([]Code, len(c.Offsets))}
	by := &txnProducer{c.TransactionalID, c.ProducerID, c.Epoch, c.Version == 0 || c.Version >= newestTxnCommitVersion}
	commit := &OffsetCommit{Group: c.Group, Member: c.Member, Instance: c.Instance, Generation: c.Generation, Offsets: c.Offsets}
	code := e.commitOffsets(commit, from, body.Codes, by)
	if code == notYet {
		c.postpone(e, from, tok)
		return
	}
	for i := range body.Codes {
		if c.Version > 0 && c.Version < newestTxnCommitVersion-1 && body.Codes[i] == TransactionAbortable {
			body.Codes[i], code = InvalidTxnState, InvalidTxnState
		}
	}
	e.reply(from, tok, code, body)
}

// enlistOffsets makes sure that the group's partition is in the transaction, and that
// the producer was not fenced there.
func (e *Engine) enlistOffsets(from Session, group string, by *txnProducer) Code {
	p := e.offsetsPartition(group)
	if code := e.enlist(from, p, by.name, by.id, by.epoch, by.add); code != None {
		return code
	}
	return p.producers.checkMarker(by.id, by.epoch, maxInt32)
}

func (e *Engine) emitOffset(from Session, kind Kind, g *group, o *CommitOffset, producer int64) {
	e.emit(Event{Kind: kind, Session: from, Group: g.id, Topic: e.topicByName[o.Topic], Partition: o.Partition,
		Offset: o.Offset, Aux: producer})
}

// endOffsets makes a producer's pending offsets valid, or forgets them: its marker was
// written to a partition of OffsetsTopic. An offset that was committed later stays.
func (e *Engine) endOffsets(p *partition, producer int64, commit bool) {
	for _, g := range e.groups {
		if g == nil || g.log != p || len(g.pending) == 0 {
			continue
		}
		g.dropPending(func(o *pendingOffset) bool {
			if o.producer != producer {
				return false
			}
			if !commit {
				e.emitOffset(0, KindOffsetDropped, g, &o.CommitOffset, producer)
			} else if now := g.committedAt(o.Topic, o.Partition); now == nil || now.at < o.at {
				g.commit(&o.CommitOffset, o.at, o.time)
				e.emitOffset(0, KindOffsetCommitted, g, &o.CommitOffset, producer)
			}
			return true
		})
	}
}

// dropPending forgets the pending offsets for which gone holds.
func (g *group) dropPending(gone func(*pendingOffset) bool) {
	kept := g.pending[:0]
	for i := range g.pending {
		if o := g.pending[i]; !gone(&o) {
			kept = append(kept, o)
		}
	}
	clear(g.pending[len(kept):])
	g.pending = kept
}

// hideUnstable takes back the offsets of partitions that a transaction may yet change
// (KIP-447).
func (g *group) hideUnstable(offsets []FetchedOffset) {
	for i := range offsets {
		for j := range g.pending {
			if f, o := &offsets[i], &g.pending[j]; f.Topic == o.Topic && f.Partition == o.Partition {
				*f = FetchedOffset{Topic: f.Topic, Partition: f.Partition, Code: UnstableOffsetCommit, Offset: -1, LeaderEpoch: -1}
			}
		}
	}
}
