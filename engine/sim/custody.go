package sim

import (
	"partita/engine"
	"partita/engine/batch"
)

// Verdict says what became of a record.
type Verdict uint8

// The verdicts.
const (
	Live       Verdict = iota
	Lost               // acknowledged, and gone; or committed by a group, and processed by nobody
	Duplicated         // twice in the log; or processed again in a group
	Disordered         // after a later record of the same key
)

// String gives the word that scripts use.
func (v Verdict) String() string { return [...]string{"live", "lost", "duplicated", "disordered"}[v] }

// Breach is a verdict that has turned bad, for one or more records in a row.
type Breach struct {
	At        engine.Time
	Verdict   Verdict
	Client    string // whose settings permitted it; may be empty
	Group     string // empty: the verdict is about the log, not about a group
	Topic     engine.TopicID
	Partition engine.Partition
	Offset    engine.Offset // of the first; -1 when it never had one
	Records   int64
	Setting   string // that permitted it, as Kafka or a script writes it; empty: none does
}

// Totals is what the custody of all records adds up to.
type Totals struct {
	Sent       int64 // records of producers that left for the cluster
	Acked      int64 // acknowledged, or with acks=0 believed to be
	Failed     int64 // given up by their producers
	Appended   int64 // in logs, copies included
	Lost       int64
	Duplicated int64
	Disordered int64
}

// custody follows records of simulated producers from batch to batch. It remembers the
// newest heldMost batches one by one, and of older ones what they add up to.
type custody struct {
	topics   [][]keeping // by TopicID, by partition
	held     int         // in all partitions
	totals   Totals
	breaches []Breach // the newest breachesMost
}

const (
	heldMost     = 1 << 15 // batches of all partitions: some 2 MB
	breachesMost = 64
	outMost      = 64 // with acks=0
)

// keeping is one partition.
type keeping struct {
	hw      engine.Offset // the highest ever seen
	unclean bool          // the leader was not of the ISR when it was chosen
	epoch   int32         // of the newest leader that has written
	doomed  []held        // written by leaders that were none any more
	held    []held        // oldest first; see own
	lent    bool          // a snapshot has the same list
	newest  []serial      // of each producer
}

// serial is the place of a batch among those that a producer has for a partition.
type serial struct {
	producer uint32
	n        uint32
}

// held is one batch in a log.
type held struct {
	serial
	base, end engine.Offset
	pid       int64
	crc       uint32 // with the serial, which batch it is
	acks      int8
	acked     bool
	again     bool // the log has it a second time
	late      bool // a later one of a key came before it
	txn       uint8
}

// Parts of a transaction's life.
const (
	txnNone uint8 = iota
	txnOpen
	txnCommitted
	txnAborted
)

// sender is whoever writes records: a producer, or a consumer with an output topic.
type sender struct {
	number  uint32     // counts the senders of a world from 1
	serials uint32     // batches sent
	out     []outgoing // sent and not heard of
}

func (w *World) newSender() sender {
	w.senders++
	return sender{number: w.senders}
}

// sender is who writes records through a link; nil for nobody of ours.
func (l *link) sender() *sender {
	switch {
	case l.producer != nil:
		return &l.producer.sender
	case l.consumer != nil:
		return &l.consumer.sender
	}
	return nil
}

// outgoing is a batch that a producer has sent and not heard of.
type outgoing struct {
	serial
	topic engine.TopicID
	part  engine.Partition
	acks  int8
	crc   uint32 // of all that the producer wrote, times and sequence numbers included: the same when it is sent again
	count int32

	pid   int64 // of an idempotent producer, -1 for another
	epoch int16
	seq   int32
}

// is tells whether a batch in a log is this one. A broker that stamps its own time makes
// another CRC of it: then the sequence number tells, if there is one.
func (o *outgoing) is(h *batch.Header) bool {
	return o.crc == h.CRC || h.IsLogAppendTime() && o.count == h.Count &&
		o.pid == h.ProducerID && o.epoch == h.ProducerEpoch && o.seq == h.BaseSequence
}

func (k *custody) at(id engine.TopicID, p engine.Partition) *keeping {
	for int(id) >= len(k.topics) {
		k.topics = append(k.topics, nil)
	}
	for int(p) >= len(k.topics[id]) {
		k.topics[id] = append(k.topics[id], keeping{})
	}
	return &k.topics[id][p]
}

// own is the list of batches, to be written to. A snapshot shares it until then: a fast
// world has a few megabytes of it, and would stand still for a moment twice a second.
func (k *keeping) own() []held {
	if k.lent {
		k.held, k.lent = append(make([]held, 0, len(k.held)+len(k.held)/4+16), k.held...), false
	}
	return k.held
}

// breach tells of a verdict that has turned bad. Records that follow the last breach
// of the same kind are part of it.
func (w *World) breach(b *Breach) {
	b.At = w.now
	list := w.custody.breaches
	for i := max(0, len(list)-8); i < len(list); i++ {
		if o := &list[i]; o.Verdict == b.Verdict && o.Group == b.Group && o.Topic == b.Topic && o.Partition == b.Partition &&
			o.Client == b.Client && o.Setting == b.Setting && b.Offset >= 0 && b.Offset == o.Offset+engine.Offset(o.Records) {
			o.Records += b.Records
			return
		}
	}
	if len(list) == breachesMost {
		list = append(list[:0], list[1:]...)
	}
	w.custody.breaches = append(list, *b)
	if w.OnBreach != nil {
		w.OnBreach(b)
	}
	template := breachSentences[b.Verdict]
	switch {
	case b.Group != "":
		template = groupBreachSentences[b.Verdict]
	case b.Offset < 0:
		template = unheardSentence
	}
	h := Happening{What: Breached, Verdict: b.Verdict, Setting: b.Setting,
		Event: engine.Event{At: w.now, Topic: b.Topic, Partition: b.Partition, Offset: b.Offset, End: b.Offset + engine.Offset(b.Records), Aux: b.Records}}
	w.say(h, template, &words{who: b.Client, group: b.Group, parts: partitionName(w.engine.TopicName(b.Topic), b.Partition),
		n: b.Records, at: b.Offset, text: b.Setting})
}

// Breaches lists the newest verdicts that turned bad, at most 64; lent.
func (w *World) Breaches() []Breach { return w.custody.breaches }

// Totals is what the custody of all records adds up to.
func (w *World) Totals() Totals { return w.custody.totals }

func (w *World) producerName(number uint32) string {
	for _, p := range w.producers {
		if p.number == number {
			return p.Name
		}
	}
	for _, c := range w.consumers {
		if c.number == number {
			return c.Name
		}
	}
	if w.console != nil && w.console.number == number {
		return w.console.Name
	}
	return ""
}

// Custody is the life of one record so far.
type Custody struct {
	Producer   string // empty: from outside, or gone
	Acked      bool
	Replicated bool // below the high watermark: every member of the ISR has it
	Aborted    bool // its transaction was
	Copy       bool // the log has it a second time: this is the later one
	Late       bool // its batch came after a later one
}

// Custody tells the life of the record at an offset; false when it is too old to be
// remembered, or there is none.
func (w *World) Custody(id engine.TopicID, part engine.Partition, at engine.Offset) (c Custody, ok bool) {
	k := w.custody.at(id, part)
	for i := len(k.held) - 1; i >= 0 && !ok; i-- {
		if o := &k.held[i]; at >= o.base && at < o.end {
			v, _ := w.engine.Partition(id, part)
			c = Custody{w.producerName(o.producer), o.acked, at < v.HighWatermark, o.txn == txnAborted, o.again, o.late}
			ok = true
		}
	}
	return c, ok
}

// forget ends the custody of a topic that was deleted.
func (k *custody) forget(id engine.TopicID) {
	if int(id) < len(k.topics) {
		for i := range k.topics[id] {
			k.held -= len(k.topics[id][i].held)
		}
		k.topics[id] = nil
	}
}
