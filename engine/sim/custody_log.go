package sim

import (
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/batch"
)

// noteProduce follows a batch as it leaves its producer, the first time or again.
func (w *World) noteProduce(p *sender, c *engine.Produce) outgoing {
	o := outgoing{topic: c.Topic, part: c.Partition, acks: int8(c.Acks)}
	h, err := batch.Parse(c.Batch)
	if err != nil {
		return o
	}
	o.crc, o.count, o.pid, o.epoch, o.seq = h.CRC, h.Count, h.ProducerID, h.ProducerEpoch, h.BaseSequence
	for i := range p.out {
		if q := &p.out[i]; q.part == o.part && q.crc == o.crc {
			q.topic = o.topic // another has its name by now
			return *q
		}
	}
	p.serials++
	o.serial = serial{p.number, p.serials}
	for i := range p.out { // a part of a batch that was too large takes its place
		if q := &p.out[i]; o.pid >= 0 && q.pid == o.pid && q.epoch == o.epoch && q.part == o.part && q.count > o.count &&
			o.seq >= q.seq && o.seq < q.seq+q.count {
			o.n = q.n
		}
	}
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
		if o := &k.held[i]; o.producer == n.producer && o.n == n.n && o.crc == n.crc {
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
		list := k.own()
		k.held = append(list[:0], list[1+len(list)/4:]...) // a quarter at a time
		w.custody.held = 0
		for i := range w.custody.topics {
			for j := range w.custody.topics[i] {
				w.custody.held += len(w.custody.topics[i][j].held)
			}
		}
	}
	k.held = append(k.own(), n)
	w.custody.held++
}

// late counts the records of a batch that come after a later one of the same key.
func (w *World) late(ev *engine.Event, k *keeping, n *held) (count int64) {
	later := map[string]bool{}
	var r batch.Record
	for i := range k.held {
		if o := &k.held[i]; o.producer == n.producer && o.n > n.n {
			bytes := w.engine.Peek(ev.Topic, ev.Partition, o.base, 1)
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
// else's.
func (w *World) outgoing(ev *engine.Event, h *batch.Header) *outgoing {
	// Before it gets to a command, a broker may handle one that it held, of the same client.
	if p := w.applying; p != nil && p.out.producer > 0 && p.link.session == ev.Session &&
		p.out.topic == ev.Topic && p.out.part == ev.Partition && p.out.is(h) {
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
		if o.topic == ev.Topic && o.part == ev.Partition && o.is(h) {
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
			k.own()[i].txn = txn
		}
	}
}

// noteArrival ends a request to produce: with acks=0 nobody else will say that it failed.
func (w *World) noteArrival(p *parcel, came bool) {
	if c, ok := p.cmd.(*engine.Produce); ok && c.Acks == 0 && !p.arrived && p.out.producer > 0 {
		if came && w.keeps(p.link.cable.ways[p.way].broker) {
			return // the broker gets to it later
		}
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
				crc = o.crc
				k.own()[i].acked = true
				break
			}
		}
		for i := range k.doomed {
			if o := k.doomed[i]; crc == 0 && o.base == base && o.producer == p.number {
				crc = o.crc
				k.doomed = append(k.doomed[:i], k.doomed[i+1:]...)
				if w.adopted(id, part, k, o) {
					break
				}
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

// adopted takes a batch back that was thought doomed, if the partition's log has it: the
// new leader got it from the old one before it heard of its election.
func (w *World) adopted(id engine.TopicID, part engine.Partition, k *keeping, o held) bool {
	h, err := batch.Parse(w.engine.Peek(id, part, o.base, 1))
	if err != nil || h.BaseOffset != int64(o.base) || h.CRC != o.crc {
		return false
	}
	i := len(k.held)
	for i > 0 && k.held[i-1].base > o.base {
		i--
	}
	o.acked = true
	k.held = slices.Insert(k.own(), i, o)
	w.custody.held++
	return true
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
	if len(gone) == 0 { // nearly always
		k.hw = min(k.hw, end)
		return
	}
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
	k.held = k.own()[:n]
	k.hw = min(k.hw, end)
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
