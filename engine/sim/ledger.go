package sim

import (
	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

// ledger counts how often each record was processed in one group. It knows what
// simulated consumers do; of clients from outside it sees the commits only.
type ledger struct {
	group   string
	topics  [][]account // by TopicID, by partition
	revoked int64       // partitions taken from members in good order
	lost    int64       // partitions taken without a chance to commit
	counts  Tally       // as far as it was told of: Lost only when a consumer let go
	eras    []Era       // who owned what, oldest first
	paused  engine.Time // for how long partitions had nobody who read them, together
}

// Sink says what an application does outside the cluster with each record.
type Sink uint8

// The sinks.
const (
	NoSink         Sink = iota
	PlainSink           // an effect each time, as a mail is sent
	IdempotentSink      // it keeps the offset with the effect, and has none a second time
)

// account gives the account of a partition, made when missing. The pointer is good
// until the next call.
func (l *ledger) account(id engine.TopicID, p engine.Partition) *account {
	for int(id) >= len(l.topics) {
		l.topics = append(l.topics, nil)
	}
	for int(p) >= len(l.topics[id]) {
		l.topics[id] = append(l.topics[id], account{committed: -1})
	}
	return &l.topics[id][p]
}

// noteFact keeps what the ledger must know of a simulated consumer's fact.
func (w *World) noteFact(c *Consumer, f *client.Fact) {
	if c.ledger == nil || f.Kind == client.FactJoined {
		c.ledger = w.ledgerNamed(c.Group)
	}
	l := c.ledger
	if l == nil {
		return
	}
	switch f.Kind {
	case client.FactPolled:
		l.account(f.ID, f.Partition).open(f.Offset)
	case client.FactProcessed:
		if c.cfg.App.ExactlyOnce { // it counts when its transaction commits
			c.inTxn = append(c.inTxn, processed{f.ID, f.Partition, f.Offset})
			w.work++
			break
		}
		if a := l.account(f.ID, f.Partition); f.Batch != nil {
			w.noteRun(c, l, a, f)
		} else {
			w.noteProcessed(c, l, a, f)
		}
	case client.FactTxnAborted:
		c.inTxn = c.inTxn[:0] // the cluster may never have heard of it
	case client.FactSent:
		if f.Offset >= 0 {
			w.noteAcked(&c.sender, f.ID, f.Partition, f.Offset, int32(f.End-f.Offset))
		}
	case client.FactSendFailed:
		w.noteAcked(&c.sender, f.ID, f.Partition, -1, int32(f.End))
	case client.FactRevoked:
		l.revoked++
		l.account(f.ID, f.Partition).pause(c, w.now)
		w.noteLoss(c, f.ID, f.Partition)
	case client.FactLost:
		l.lost++
		l.account(f.ID, f.Partition).pause(c, w.now)
		w.noteLoss(c, f.ID, f.Partition)
	case client.FactAssigned:
		a := l.account(f.ID, f.Partition)
		if a.unread {
			l.resume(engine.TopicPartition{Topic: w.engine.TopicName(f.ID), Partition: f.Partition}, w.now-a.since)
			a.unread = false
		}
		a.moved = a.owner != nil && a.owner != c
		if a.moved {
			c.moving++
		}
		a.owner, a.by = c, nil
	case client.FactOffsetReset:
		a := l.account(f.ID, f.Partition)
		a.by = nil
		if n := int64(f.Offset - max(a.end, a.committed)); a.opened && n > 0 {
			a.known += n
			l.counts.Lost += n
			setting := "auto.offset.reset=" + c.cfg.AutoOffsetReset
			if c.cfg.AutoOffsetReset == "earliest" {
				setting = "retention"
			}
			w.breach(&Breach{Verdict: Lost, Client: c.Name, Group: c.Group, Topic: f.ID, Partition: f.Partition,
				Offset: f.Offset - engine.Offset(n), Records: n, Setting: setting})
		}
	}
}

// processed is a record that was processed in a transaction which is open.
type processed struct {
	id   engine.TopicID
	part engine.Partition
	at   engine.Offset
}

// transactionalID is the one of what a consumer writes.
func (c *Consumer) transactionalID() string {
	if id := c.cfg.App.TransactionalID; id != "" {
		return id
	}
	return c.Name
}

// transacting reports whether the transaction that a consumer left behind is still to be
// decided, one way or the other.
func (w *World) transacting(c *Consumer) (open bool) {
	if len(c.inTxn) == 0 {
		return false
	}
	w.engine.Transactions(func(v engine.TransactionView) bool {
		open = open || v.TransactionalID == c.transactionalID() && v.State == engine.TxnOngoing
		return !open
	})
	return open
}

// noteTxnEnd counts what a consumer with an output topic did in a transaction, once it
// is decided to commit it (the consumer hears of that, and goes on, before all markers
// are written), and forgets it when it is aborted.
func (w *World) noteTxnEnd(transactionalID string, committed bool) {
	for _, c := range w.consumers {
		if c.transactionalID() != transactionalID || !c.cfg.App.ExactlyOnce || c.ledger == nil {
			continue
		}
		for i := range c.inTxn {
			if p := &c.inTxn[i]; committed {
				w.noteProcessed(c, c.ledger, c.ledger.account(p.id, p.part),
					&client.Fact{ID: p.id, Partition: p.part, Offset: p.at, End: p.at + 1})
			}
		}
		c.inTxn = c.inTxn[:0]
	}
}

// noteRun counts records of one batch. Those that are later than all before them are in
// good order together; others are looked at one by one, with their keys.
func (w *World) noteRun(c *Consumer, l *ledger, a *account, f *client.Fact) {
	n := int64(f.End - f.Offset)
	if f.Offset >= a.end && n <= window {
		w.work += n
		if c.sink != NoSink {
			l.counts.Effects += n
		}
		a.by, a.last = c, f.End-1
		a.addRun(f.Offset, f.End)
		return
	}
	h, _ := batch.Parse(f.Batch)
	one, r := *f, batch.Record{}
	for it := batch.Records(f.Batch); it.Next(&r); {
		one.Offset, one.Key = engine.Offset(h.BaseOffset)+engine.Offset(r.OffsetDelta), r.Key
		if one.Offset >= f.Offset && one.Offset < f.End {
			w.noteProcessed(c, l, a, &one)
		}
	}
}

// noteProcessed counts one record, and looks whether it was its turn.
func (w *World) noteProcessed(c *Consumer, l *ledger, a *account, f *client.Fact) {
	w.work++
	again := a.count(f.Offset) > 0
	b := Breach{Client: c.Name, Group: c.Group, Topic: f.ID, Partition: f.Partition, Offset: f.Offset, Records: 1}
	if c.sink == PlainSink || c.sink == IdempotentSink && !again {
		l.counts.Effects++
	}
	switch {
	case again:
		l.counts.Duplicates++
		if c.sink == IdempotentSink {
			break // it does no harm
		}
		if c.sink == PlainSink {
			l.counts.Repeats++
		}
		b.Verdict, b.Setting = Duplicated, c.permits()
	case f.Offset < a.end-1 && !c.cfg.Share && w.overtaken(a, f):
		l.counts.KeyDisorder++
		b.Verdict = Disordered
		if c.cfg.App.Threads > 1 {
			b.Setting = "threads.order=record"
		}
	}
	if b.Verdict != Live {
		told := b // so that nothing is allocated for records in good order
		w.breach(&told)
	}
	if a.by == c && f.Offset <= a.last {
		a.disorder++
	}
	a.by, a.last = c, f.Offset
	a.add(f.Offset)
}

// permittedBy are the settings behind a record that is processed again, or not at all.
var permittedBy = [...]string{client.CommitAuto: "enable.auto.commit=true", client.CommitAfter: "commit after processing",
	client.CommitBefore: "commit before processing", client.CommitNone: "enable.auto.commit=false"}

// permits names the setting behind a record that a consumer processes again, or not at
// all.
func (c *Consumer) permits() string {
	switch {
	case c.cfg.Share:
		return "share=true"
	case c.cfg.App.Threads > 1 && c.cfg.App.CommitHighest:
		return "threads.commit=highest"
	case c.cfg.App.Output != "" && !c.cfg.App.ExactlyOnce:
		return "processing.guarantee=at_least_once"
	}
	return permittedBy[c.cfg.App.Commit]
}

// overtaken reports whether a later record of the same key was processed already.
func (w *World) overtaken(a *account, f *client.Fact) (found bool) {
	if f.Key == nil {
		return false
	}
	bytes, _ := w.engine.Read(f.ID, f.Partition, f.Offset, 1<<20)
	for len(bytes) > 0 && !found {
		h, err := batch.Parse(bytes)
		if err != nil {
			break
		}
		var r batch.Record
		for it := batch.Records(bytes[:h.Size()]); it.Next(&r); {
			o := engine.Offset(h.BaseOffset) + engine.Offset(r.OffsetDelta)
			found = found || o > f.Offset && a.count(o) > 0 && r.Key != nil && string(r.Key) == string(f.Key)
		}
		bytes = bytes[h.Size():]
	}
	return found
}

// noteLoss tells of records that nobody will process, once a consumer has let go of a
// partition: the group has committed past them.
func (w *World) noteLoss(c *Consumer, id engine.TopicID, p engine.Partition) {
	if c.ledger == nil {
		return
	}
	a := c.ledger.account(id, p)
	n := a.skipped + w.lost(c.Group, id, p, a)
	if n > a.known {
		w.breach(&Breach{Verdict: Lost, Client: c.Name, Group: c.Group, Topic: id, Partition: p, Offset: a.committed - engine.Offset(n-a.known),
			Records: n - a.known, Setting: c.permits()})
		c.ledger.counts.Lost += n - a.known
		a.known = n
	}
}

// noteMoves tells of partitions that came from another consumer, as soon as it is
// known where their new owner starts.
func (w *World) noteMoves(c *Consumer) {
	c.moving = 0
	view := c.View()
	for i := range view.Partitions {
		v := &view.Partitions[i]
		a := c.ledger.account(v.ID, v.Partition)
		switch {
		case !a.moved || a.owner != c:
		case v.Position < 0:
			c.moving++
		default:
			a.moved = false
			template := movedSentence
			if v.Position < a.end {
				template = movedAgainSentence
			}
			h := Happening{What: Moved, Event: engine.Event{At: w.now, Topic: v.ID, Partition: v.Partition, Offset: v.Position, End: a.end}}
			w.say(h, template, &words{who: c.Name, group: c.Group, parts: partitionName(v.Topic, v.Partition), at: v.Position})
		}
	}
}

func (w *World) noteCommit(ev *engine.Event) {
	if l := w.ledgerAt(ev.Group); l != nil && ev.Topic != 0 {
		l.account(ev.Topic, ev.Partition).committed = ev.Offset
	}
}

// Processed says how often simulated consumers of a group processed one record, at
// most 255 times, and 0 for a record that is older than the last 65,536.
func (w *World) Processed(group string, id engine.TopicID, p engine.Partition, o engine.Offset) int {
	l := w.ledgerNamed(group)
	if l == nil || int(id) >= len(l.topics) || int(p) >= len(l.topics[id]) {
		return 0
	}
	return int(l.topics[id][p].count(o))
}

// Tally is what a ledger adds up to.
type Tally struct {
	Duplicates  int64 // times that a record was processed again
	Lost        int64 // records that the group has committed past and nobody processed or holds
	Disorder    int64 // records that an owner processed after a later one of the same partition
	KeyDisorder int64 // those among them that came after a later one of the same key
	Effects     int64 // outside the cluster, of consumers with a sink
	Repeats     int64 // effects of a record that had one before
	Revoked     int64 // partitions taken from members in good order
	Dropped     int64 // partitions taken from members without a chance to commit
}

// Tally adds up the ledger of a group.
func (w *World) Tally(group string) Tally {
	var t Tally
	l := w.ledgerNamed(group)
	if l == nil {
		return t
	}
	t.Revoked, t.Dropped = l.revoked, l.lost
	t.Effects, t.Repeats, t.KeyDisorder = l.counts.Effects, l.counts.Repeats, l.counts.KeyDisorder
	for id := range l.topics {
		for p := range l.topics[id] {
			a := &l.topics[id][p]
			t.Duplicates += a.duplicates
			t.Disorder += a.disorder
			t.Lost += a.skipped + w.lost(group, engine.TopicID(id), engine.Partition(p), a)
		}
	}
	return t
}

// Counts is Tally as far as it is told of by now, without a look at every record: for
// a picture. Lost counts only what consumers have let go.
func (w *World) Counts(group string) Tally {
	if l := w.ledgerNamed(group); l != nil {
		return l.counts
	}
	return Tally{}
}

// lost counts the records of the window that were committed and never processed,
// without those that a living consumer still has in hand.
func (w *World) lost(group string, id engine.TopicID, p engine.Partition, a *account) int64 {
	n := int64(0)
	for o := a.base; a.opened && o < a.committed; o++ {
		if o >= a.end {
			n += int64(a.committed - o) // nobody got that far
			break
		}
		if a.count(o) == 0 {
			n++
		}
	}
	if n == 0 {
		return 0
	}
	n -= w.hidden(id, p, a)
	for _, c := range w.consumers {
		if c.Group != group || c.state == Crashed || c.state == Left {
			continue
		}
		for _, v := range c.View().Partitions {
			if v.ID != id || v.Partition != p {
				continue
			}
			for o := max(v.Processed, a.base); o < min(v.Position, a.committed); o++ {
				if a.count(o) == 0 {
					n--
				}
			}
		}
	}
	return max(n, 0)
}

// hidden counts the offsets of the window up to the committed offset that nobody has
// processed because no application gets them: markers, records of aborted transactions,
// and what compaction has taken.
func (w *World) hidden(id engine.TopicID, p engine.Partition, a *account) (n int64) {
	v, ok := w.engine.Partition(id, p)
	if !ok {
		return 0
	}
	at, to := max(a.base, v.LogStart), min(a.committed, v.LogEnd)
	aborted := w.engine.AbortedTransactions(id, p, at, to)
	count := func(from, end engine.Offset) {
		for o := max(from, at); o < min(end, to); o++ {
			if a.count(o) == 0 {
				n++
			}
		}
	}
	for next := at; next < to; {
		h, err := batch.Parse(w.engine.Peek(id, p, next, 1))
		if err != nil {
			break
		}
		first, end := engine.Offset(h.BaseOffset), engine.Offset(h.NextOffset())
		count(next, first)
		if gone := h.IsControl(); gone || h.IsTransactional() {
			for i := range aborted {
				gone = gone || aborted[i].ProducerID == h.ProducerID && first >= aborted[i].First && first < aborted[i].Marker
			}
			if gone {
				count(first, end)
			}
		}
		next = end
	}
	return n
}
