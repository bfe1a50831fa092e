package sim

import (
	"strings"

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
	held    []held        // oldest first
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

// noteProduce follows a batch as it leaves its producer, the first time or again.
func (w *World) noteProduce(p *sender, c *engine.Produce) outgoing {
	o := outgoing{topic: c.Topic, part: c.Partition, acks: int8(c.Acks)}
	h, err := batch.Parse(c.Batch)
	if err != nil {
		return o
	}
	o.crc, o.count = h.CRC, h.Count
	for i := range p.out {
		if q := &p.out[i]; q.topic == o.topic && q.part == o.part && q.crc == o.crc {
			return *q
		}
	}
	p.serials++
	o.serial = serial{p.number, p.serials}
	w.custody.totals.Sent += int64(o.count)
	if c.Acks == 0 {
		w.custody.totals.Acked += int64(o.count)
		for len(p.out) > outMost { // nobody says when it is over
			p.out = append(p.out[:0], p.out[1:]...)
		}
	}
	p.out = append(p.out, o)
	return o
}

// noteAppended follows a batch into the log.
func (w *World) noteAppended(ev *engine.Event) {
	if strings.HasPrefix(w.engine.TopicName(ev.Topic), "__") {
		return // the cluster's own
	}
	h, _ := batch.Parse(ev.Bytes)
	k := w.custody.at(ev.Topic, ev.Partition)
	if ev.Epoch >= k.epoch {
		k.epoch = ev.Epoch
		w.cutCustody(ev.Topic, ev.Partition, ev.Offset)
	}
	if h.IsControl() {
		return
	}
	w.custody.totals.Appended += int64(h.Count)
	n := held{base: ev.Offset, end: ev.End, pid: h.ProducerID, crc: h.CRC, acks: 1, acked: true}
	if h.IsTransactional() {
		n.txn = txnOpen
	}
	if o := w.outgoing(ev, &h); o != nil {
		n.serial, n.crc, n.acks = o.serial, o.crc, o.acks
		n.acked = n.acks == 0
	}
	if ev.Epoch < k.epoch { // a leader that does not know yet that it is none
		k.doomed = append(k.doomed, n)
		return
	}
	if k.follows(n.serial) || n.producer == 0 {
		w.hold(k, n)
		return
	}
	for i := len(k.held) - 1; i >= 0; i-- {
		if o := &k.held[i]; o.producer == n.producer && o.n == n.n {
			n.again = true
			w.hold(k, n)
			w.custody.totals.Duplicated += int64(n.end - n.base)
			w.breach(&Breach{Verdict: Duplicated, Client: w.producerName(n.producer), Topic: ev.Topic, Partition: ev.Partition,
				Offset: n.base, Records: int64(n.end - n.base), Setting: "enable.idempotence=false"})
			return
		}
	}
	if late := w.late(ev, k, &n); late > 0 {
		n.late = true
		w.custody.totals.Disordered += late
		w.breach(&Breach{Verdict: Disordered, Client: w.producerName(n.producer), Topic: ev.Topic, Partition: ev.Partition,
			Offset: n.base, Records: late, Setting: "enable.idempotence=false with max.in.flight.requests.per.connection>1"})
	}
	w.hold(k, n)
}

// follows reports whether a batch is newer than all others of its producer, and
// remembers it if so.
func (k *keeping) follows(s serial) bool {
	if s.producer == 0 {
		return true
	}
	for i := range k.newest {
		if o := &k.newest[i]; o.producer == s.producer {
			if s.n <= o.n {
				return false
			}
			o.n = s.n
			return true
		}
	}
	k.newest = append(k.newest, s)
	return true
}

func (w *World) hold(k *keeping, n held) {
	if w.custody.held >= heldMost && len(k.held) > 0 {
		k.held = append(k.held[:0], k.held[1+len(k.held)/4:]...) // a quarter at a time
		w.custody.held = 0
		for i := range w.custody.topics {
			for j := range w.custody.topics[i] {
				w.custody.held += len(w.custody.topics[i][j].held)
			}
		}
	}
	k.held = append(k.held, n)
	w.custody.held++
}

// late counts the records of a batch that come after a later one of the same key.
func (w *World) late(ev *engine.Event, k *keeping, n *held) (count int64) {
	later := map[string]bool{}
	var r batch.Record
	for i := range k.held {
		if o := &k.held[i]; o.producer == n.producer && o.n > n.n {
			bytes, _ := w.engine.Read(ev.Topic, ev.Partition, o.base, 1)
			for it := batch.Records(bytes); it.Next(&r); {
				if r.Key != nil {
					later[string(r.Key)] = true
				}
			}
		}
	}
	for it := batch.Records(ev.Bytes); it.Next(&r); {
		if r.Key != nil && later[string(r.Key)] {
			count++
		}
	}
	return count
}

// outgoing finds what a producer sent in a batch that is in a log now; nil for somebody
// else's. A broker that stamps its own time makes another CRC of it.
func (w *World) outgoing(ev *engine.Event, h *batch.Header) *outgoing {
	if p := w.applying; p != nil && p.out.producer > 0 && p.link.session == ev.Session {
		p.arrived = true
		return &p.out
	}
	l := w.linkOf(ev.Session)
	if l == nil {
		return nil
	}
	p := l.sender()
	for i := range p.out {
		o := &p.out[i]
		if o.topic == ev.Topic && o.part == ev.Partition && (o.crc == h.CRC || h.IsLogAppendTime() && o.count == h.Count) {
			return o
		}
	}
	return nil
}

// noteMarker ends a transaction's part in a partition.
func (w *World) noteMarker(ev *engine.Event, txn uint8) {
	k := w.custody.at(ev.Topic, ev.Partition)
	for i := len(k.held) - 1; i >= 0; i-- {
		if o := &k.held[i]; o.pid == ev.Aux {
			if o.txn != txnOpen {
				return
			}
			o.txn = txn
		}
	}
}

// noteArrival ends a request to produce: with acks=0 nobody else will say that it failed.
func (w *World) noteArrival(p *parcel, held bool) {
	if c, ok := p.cmd.(*engine.Produce); ok && c.Acks == 0 && !p.arrived && !held && p.out.producer > 0 {
		w.custody.totals.Lost += int64(p.out.count)
		w.breach(&Breach{Verdict: Lost, Client: w.producerName(p.out.producer), Topic: c.Topic, Partition: c.Partition,
			Offset: -1, Records: int64(p.out.count), Setting: "acks=0"})
	}
}

// noteAcked takes what a producer heard: its batch is at an offset, or is given up.
func (w *World) noteAcked(p *sender, id engine.TopicID, part engine.Partition, base engine.Offset, count int32) {
	crc := uint32(0)
	if base >= 0 {
		w.custody.totals.Acked += int64(count)
		k := w.custody.at(id, part)
		for i := len(k.held) - 1; i >= 0; i-- {
			if o := &k.held[i]; o.base == base && o.producer == p.number {
				o.acked, crc = true, o.crc
				break
			}
		}
		for i := range k.doomed {
			if o := k.doomed[i]; crc == 0 && o.base == base && o.producer == p.number {
				crc = o.crc
				k.doomed = append(k.doomed[:i], k.doomed[i+1:]...)
				w.custody.totals.Lost += int64(count)
				w.breach(&Breach{Verdict: Lost, Client: w.producerName(p.number), Topic: id, Partition: part,
					Offset: base, Records: int64(count), Setting: w.lostBy(id, part, k, &o)})
				break
			}
		}
	} else {
		w.custody.totals.Failed += int64(count)
	}
	for i := range p.out {
		if o := &p.out[i]; o.topic == id && o.part == part && (o.crc == crc || crc == 0 && o.count == count) {
			p.out = append(p.out[:i], p.out[i+1:]...)
			return
		}
	}
}

// cutCustody ends the custody of what stood in a log from an offset on: the log of its
// leader does not have it any more.
func (w *World) cutCustody(id engine.TopicID, part engine.Partition, end engine.Offset) {
	k := w.custody.at(id, part)
	n := len(k.held)
	for n > 0 && k.held[n-1].end > end {
		n--
	}
	gone := k.held[n:]
	b := Breach{} // of neighbours, one
	for i := range gone {
		o := &gone[i]
		if !o.acked || o.txn == txnAborted {
			continue
		}
		from := max(o.base, end)
		next := Breach{Verdict: Lost, Client: w.producerName(o.producer), Topic: id, Partition: part,
			Offset: from, Records: int64(o.end - from), Setting: w.lostBy(id, part, k, o)}
		w.custody.totals.Lost += next.Records
		if b.Client == next.Client && b.Setting == next.Setting {
			b.Records += next.Records
			continue
		}
		if b.Verdict == Lost {
			w.breach(&b)
		}
		b = next
	}
	if b.Verdict == Lost {
		w.breach(&b)
	}
	w.custody.held -= len(gone)
	k.held = k.held[:n]
	k.hw = min(k.hw, end)
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
	w.say(template, &words{who: b.Client, group: b.Group, parts: partitionName(w.engine.TopicName(b.Topic), b.Partition),
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

// noteLeader follows a partition to a new leader. Where the old one is gone, the new log
// is what counts from now on; an old leader that still runs is followed until the new one
// writes.
func (w *World) noteLeader(ev *engine.Event) {
	k := w.custody.at(ev.Topic, ev.Partition)
	if ev.End < 0 {
		return
	}
	k.unclean = engine.Election(ev.Aux) == engine.ElectedUnclean
	w.brokers = w.engine.Brokers(w.brokers[:0])
	for i := range w.brokers {
		if b := &w.brokers[i]; b.ID == int32(ev.Offset) && b.State != engine.BrokerDown && !b.Fenced {
			return
		}
	}
	k.epoch = ev.Epoch
	w.replicas = w.engine.Replicas(ev.Topic, ev.Partition, w.replicas[:0])
	for i := range w.replicas {
		if r := &w.replicas[i]; r.Broker == int32(ev.End) {
			w.cutCustody(ev.Topic, ev.Partition, r.LEO)
			return
		}
	}
}

// noteTruncated ends what a replica had and the leader has not.
func (w *World) noteTruncated(ev *engine.Event) {
	end, led := ev.Offset, false
	w.replicas = w.engine.Replicas(ev.Topic, ev.Partition, w.replicas[:0])
	for i := range w.replicas {
		if r := &w.replicas[i]; r.Leader && r.Online {
			end, led = max(ev.Offset, r.LEO), true
		} else if r.InSync && !led { // one of these is to lead
			end = max(end, r.LEO)
		}
	}
	w.cutCustody(ev.Topic, ev.Partition, end)
}

// lostBy names the setting that permitted an acknowledged batch to go.
func (w *World) lostBy(id engine.TopicID, part engine.Partition, k *keeping, o *held) string {
	w.replicas = w.engine.Replicas(id, part, w.replicas[:0])
	switch {
	case o.acks == 0:
		return "acks=0"
	case len(w.replicas) == 1:
		return "replication.factor=1"
	case k.unclean && o.base < k.hw:
		return "unclean.leader.election.enable=true"
	case o.acks == 1:
		return "acks=1"
	}
	return "min.insync.replicas=1"
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
