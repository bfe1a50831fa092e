package why

import (
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
	"partita/engine/sim"
)

// valueMost bounds a key or value in an answer, in bytes.
const valueMost = 2000

// shown is a key or value as text.
func shown(b []byte) string {
	if b == nil {
		return "null"
	}
	if len(b) > valueMost {
		return string([]rune(string(b[:valueMost]))) + "…"
	}
	return string([]rune(string(b)))
}

// record is one offset of a partition: the record, why it is there, and what became of it.
func (q *query) record(p place, o engine.Offset) {
	if q.bad != "" {
		return
	}
	q.put('t', "$1, offset $2", p.String(), itoa(o))
	switch {
	case o >= p.v.LogEnd:
		q.lostRecord(p, o)
		q.put('n', "Nothing is here yet: the log end offset is $1, and that is where the next record goes.", itoa(p.v.LogEnd))
		q.put('o', Question("leo", p.String()), "log end offset $1", itoa(p.v.LogEnd))
		return
	case o < p.v.LogStart:
		q.put('h', "Why is it gone?")
		q.put('n', "The log starts at offset $1 now: what was before is deleted.", itoa(p.v.LogStart))
		q.topicSettings(p.Topic, "retention.ms", "retention.bytes", "segment.ms", "cleanup.policy")
		q.newest(p, engine.KindRecordsDeleted, engine.KindLogStartMoved)
		return
	}
	bytes := q.e.Peek(p.id, p.Partition, o, 1)
	h, err := batch.Parse(bytes)
	if err != nil || engine.Offset(h.BaseOffset) > o {
		q.compacted(p)
		return
	}
	bytes = bytes[:h.Size()]
	if h.IsControl() {
		q.marker(p, &h, bytes)
		return
	}
	if h.Codec() != batch.None && q.open != nil {
		bytes = q.open(bytes)
	}
	var r batch.Record
	found := false
	for it := batch.Records(bytes); !found && it.Next(&r); {
		found = engine.Offset(h.BaseOffset)+engine.Offset(r.OffsetDelta) == o
	}
	if !found {
		if h.Codec() != batch.None {
			q.put('n', "Its batch is compressed with $1, which cannot be opened here.", h.Codec().String())
			return
		}
		q.compacted(p)
		return
	}
	life, known := q.w.Custody(p.id, p.Partition, o)
	q.whole(&h, &r, life.Producer)
	q.origin(p, h.Timestamp(&r), life.Producer)
	q.whyThere(p, &r, life.Producer)
	q.readable(p, o, known && life.Aborted)
	q.lostRecord(p, o)
	q.e.Groups(func(g engine.GroupView) bool {
		q.inGroup(p, o, g.Name, g.ID)
		return true
	})
}

// whole is what a record consists of.
func (q *query) whole(h *batch.Header, r *batch.Record, producer string) {
	q.put('f', "key", shown(r.Key))
	q.put('f', "value", shown(r.Value))
	var header batch.RecordHeader
	for it := r.Headers(); it.Next(&header); {
		q.put('f', "header", string([]rune(string(header.Key)))+": "+shown(header.Value))
	}
	kind := "CreateTime:"
	if h.IsLogAppendTime() {
		kind = "LogAppendTime:"
	}
	q.put('f', "timestamp", kind+itoa(h.Timestamp(r)))
	q.put('f', "batch", itoa(h.BaseOffset)+"–"+itoa(h.LastOffset()))
	if producer != "" {
		q.put('f', "producer", producer)
		if q.w.Producer(producer) != nil {
			q.put('o', Question("producer", producer), "producer $1", producer)
		}
	}
	if h.ProducerID >= 0 {
		q.put('f', "producer id, epoch, sequence", itoa(h.ProducerID)+", "+itoa(int32(h.ProducerEpoch))+", "+itoa(batch.AddSequence(h.BaseSequence, r.OffsetDelta)))
	}
	q.put('f', "leader epoch", itoa(h.LeaderEpoch))
}

// origin is the newest line before a record that has to do with its producer: one that
// names it, or that sent the record from the console.
func (q *query) origin(p place, at int64, producer string) {
	h := q.last(nil, func(o *sim.Happening) bool {
		if o.What != sim.ByLine || producer == "" || int64(o.Event.At) > at {
			return false
		}
		words := strings.Fields(o.Text)
		return slices.Contains(words, producer) || producer == "console" && slices.Contains(words, p.Topic) &&
			(words[0] == "send" || strings.Contains(o.Text, "console-producer") || strings.Contains(o.Text, "kcat"))
	})
	if h != nil {
		q.put('h', "Where does it come from?")
		q.chain(h)
	}
}

// whyThere is the partitioner's arithmetic.
func (q *query) whyThere(p place, r *batch.Record, producer string) {
	q.put('h', "Why is it in partition $1?", itoa(p.Partition))
	t, _ := q.e.Topic(p.Topic)
	class := "default"
	by := q.w.Producer(producer)
	if by != nil {
		class = by.Config().Partitioner
	}
	to := engine.PartitionForKey(r.Key, t.Partitions)
	switch {
	case class == "roundrobin":
		q.put('n', "partitioner.class=roundrobin: each record goes to the next partition, whatever its key.")
	case r.Key == nil:
		q.put('n', "It has no key: the producer stays with one partition until batch.size bytes went there, and then chooses another (KIP-794). Whoever names a partition is obeyed.")
	case class == "consistent_random" || class == "sarama-hash":
		hash := "fnv1a"
		if class == "consistent_random" {
			hash = "crc32"
		}
		made, _ := client.PartitionerNamed(class, 1, false, 0)
		to = made.Partition(p.id, r.Key, t.Partitions)
		q.put('=', "$1($2) % $3 = $4", hash, sim.Quote(shown(r.Key)), itoa(t.Partitions), itoa(to))
		q.put('n', "This client does not hash as Java's does: the same key may go to another partition there.")
	default:
		hash := engine.Murmur2(r.Key)
		q.put('=', "murmur2($1) = $2", sim.Quote(shown(r.Key)), itoa(hash))
		q.put('=', "$1 & 0x7fffffff = $2", itoa(hash), itoa(hash&0x7fffffff))
		q.put('=', "$1 % $2 partitions = $3", itoa(hash&0x7fffffff), itoa(t.Partitions), itoa(to))
	}
	if r.Key != nil && class != "roundrobin" && engine.Partition(to) != p.Partition {
		q.put('n', "So it would go to partition $1 now. It was written when the topic had fewer partitions, or its producer named the partition or hashes in another way.", itoa(to))
		if by := q.last(nil, func(h *sim.Happening) bool {
			return h.What == sim.ByCluster && h.Event.Kind == engine.KindPartitionsCreated && h.Event.Topic == p.id
		}); by != nil {
			q.chain(by)
		}
	}
	if by != nil {
		if r.Key == nil {
			q.producerSettings(by, "partitioner.class", "batch.size", "linger.ms")
		} else {
			q.producerSettings(by, "partitioner.class", "partitioner.ignore.keys")
		}
	}
}

// readable says whether consumers can read a record, and if not, why.
func (q *query) readable(p place, o engine.Offset, aborted bool) {
	q.put('h', "Can it be read?")
	switch {
	case o >= p.v.HighWatermark:
		q.put('n', "Not yet: offset $1 is not below the high watermark $2. These replicas in the ISR do not have it, or have not said so:", itoa(o), itoa(p.v.HighWatermark))
		q.watermark(p)
	case o >= p.v.LastStable:
		q.put('n', "With isolation.level=read_uncommitted. With read_committed not yet: the last stable offset is $1, where the oldest open transaction begins.", itoa(p.v.LastStable))
	case aborted:
		q.put('n', "With isolation.level=read_uncommitted only: its transaction was aborted, and read_committed consumers skip it.")
	default:
		q.put('n', "Yes: offset $1 is below the high watermark $2, so every replica in the ISR has it.", itoa(o), itoa(p.v.HighWatermark))
	}
	q.put('o', Question("hw", p.String()), "high watermark $1", itoa(p.v.HighWatermark))
}

// inGroup says what a group did with a record.
func (q *query) inGroup(p place, o engine.Offset, group string, id engine.GroupID) {
	committed, ok := q.e.Committed(id, p.Topic, p.Partition)
	times := q.w.Processed(group, p.id, p.Partition, o)
	list := q.polls(p, o, group)
	if !ok && times == 0 && len(list) == 0 {
		return
	}
	q.put('h', "What did $1 do with it?", group)
	switch {
	case times > 1:
		q.put('n', "$1 processed it $2 times.", group, itoa(times))
	case times == 1:
		q.put('n', "$1 processed it once.", group)
	case len(list) > 0:
		q.put('n', "$1 has polled it, and not processed it yet.", group)
	case ok && committed.Offset > o:
		q.put('n', "$1 has committed past it, and no consumer of ours has processed it.", group)
	default:
		q.put('n', "$1 has not read it yet.", group)
	}
	if ok {
		if committed.Offset > o {
			q.put('=', "committed $1 > $2: a restart does not read it again", itoa(committed.Offset), itoa(o))
		} else {
			q.put('=', "committed $1 ≤ $2: a restart reads it again", itoa(committed.Offset), itoa(o))
		}
	}
	q.put('o', Question("place", group, p.String()), "$1 in $2", group, p.String())
	told := false
	for i := range q.w.Breaches() {
		if b := &q.w.Breaches()[i]; b.Group == group && b.Topic == p.id && b.Partition == p.Partition && b.Offset >= 0 && o >= b.Offset && o < b.Offset+engine.Offset(b.Records) {
			q.breach(b)
			told = true
		}
	}
	if !told && len(list) > 0 {
		q.chain(nil, list...)
	}
}

// polls lists who polled a record in a group, and what the group committed last before
// each time it was polled again.
func (q *query) polls(p place, o engine.Offset, group string) (list []link) {
	var committed *sim.Footstep
	steps := q.w.Footsteps(group, p.id, p.Partition)
	for i := range steps {
		s := &steps[i]
		if s.Commit {
			committed = s
		} else if o >= s.Offset && o < s.End {
			if committed != nil && len(list) > 0 {
				list = append(list, link{at: committed.At, said: []string{"$1 commits $2 of $3.", committed.Who, itoa(committed.Offset), p.String()}})
			}
			list = append(list, link{at: s.At, said: []string{"$1 polls offsets $2 to $3 of $4.", s.Who, itoa(s.Offset), itoa(s.End - 1), p.String()}})
			committed = nil
		}
	}
	if len(list) > 6 {
		list = append(list[:2], list[len(list)-4:]...)
	}
	return list
}

// lostRecord tells of acknowledged records that stood at an offset and are gone.
func (q *query) lostRecord(p place, o engine.Offset) {
	for i := range q.w.Breaches() {
		if b := &q.w.Breaches()[i]; b.Group == "" && b.Topic == p.id && b.Partition == p.Partition && b.Offset >= 0 && o >= b.Offset && o < b.Offset+engine.Offset(b.Records) {
			q.breach(b)
		}
	}
}

func (q *query) compacted(p place) {
	q.put('h', "Why is there no record?")
	q.put('n', "Compaction took it away: a later record has the same key, or it was a tombstone older than delete.retention.ms. Offsets never move, so the gap stays.")
	q.topicSettings(p.Topic, "cleanup.policy", "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "delete.retention.ms")
	q.newest(p, engine.KindLogCleaned)
}

// marker is the control record that ends a transaction.
func (q *query) marker(p place, h *batch.Header, bytes []byte) {
	var r batch.Record
	end := "abort"
	if it := batch.Records(bytes); it.Next(&r) {
		if m, err := batch.ParseEndTxn(&r); err == nil && m.Commit {
			end = "commit"
		}
	}
	q.put('h', "Why is there no record?")
	q.put('n', "It is a marker that the transaction coordinator wrote to $1 the transaction of producer id $2. It takes an offset, and no application ever sees it: that is why lag can stay at 1.", end, itoa(h.ProducerID))
	q.put('f', "producer id, epoch", itoa(h.ProducerID)+", "+itoa(int32(h.ProducerEpoch)))
	if by := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Event.Aux == h.ProducerID && (o.Event.Kind == engine.KindTxnPrepareCommit || o.Event.Kind == engine.KindTxnPrepareAbort)
	}); by != nil {
		q.chain(by)
	}
}

// newest tells the chain behind the newest of some events in a partition.
func (q *query) newest(p place, kinds ...engine.Kind) {
	here := &sim.Happening{Event: engine.Event{Topic: p.id, Partition: p.Partition}}
	here.Seq = 1<<63 - 1
	if h := q.event(here, samePart, kinds...); h != nil {
		q.chain(h)
	}
}
