package sim

import (
	"partita/engine"
	"partita/engine/batch"
)

// Flight is records on their way: a batch to the cluster, or a fetched part to a
// consumer.
type Flight struct {
	Producer  *Producer // nil for a fetch; the console's has the name "console"
	Consumer  *Consumer // nil for a produce
	Topic     engine.TopicID
	Partition engine.Partition
	Records   int
	Offset    engine.Offset // of the first record; -1 when it has none yet
	Key       []byte        // of the first record, lent; nil is null
	Tombstone bool          // the first record's value is null
	Broker    int32         // that it goes to or comes from
	Sent      engine.Time
	Arrives   engine.Time
}

// Flights calls visit for everything that carries records now. Their order means
// nothing. The flight is lent.
func (w *World) Flights(visit func(f *Flight)) {
	f := Flight{}
	for _, p := range w.underway {
		if !p.link.open || p.link.frozen && p.cmd == nil {
			continue
		}
		f.Producer, f.Consumer, f.Sent, f.Arrives = p.link.producer, p.link.consumer, p.sent, p.arrives
		f.Broker = p.link.cable.ways[p.way].broker
		if c, ok := p.cmd.(*engine.Produce); ok {
			f.Topic, f.Partition, f.Offset = c.Topic, c.Partition, -1
			if f.load(c.Batch) {
				f.Offset = -1
				visit(&f)
			}
			continue
		}
		body, ok := p.reply.Body.(*engine.FetchReply)
		if !ok || f.Consumer == nil {
			continue
		}
		for i := range body.Parts {
			part := &body.Parts[i]
			f.Topic, f.Partition = part.Topic, part.Partition
			if f.load(part.Records) {
				visit(&f)
			}
		}
	}
}

// load counts the records of whole batches, at most 65,535, and looks at the first.
func (f *Flight) load(bytes []byte) bool {
	f.Records, f.Key, f.Tombstone = 0, nil, false
	var r batch.Record
	if it := batch.Records(bytes); it.Next(&r) {
		f.Key, f.Tombstone = r.Key, r.Value == nil
	}
	for len(bytes) > 0 && f.Records < 1<<16-1 {
		h, err := batch.Parse(bytes)
		if err != nil {
			break
		}
		if f.Records == 0 {
			f.Offset = engine.Offset(h.BaseOffset)
		}
		f.Records += int(h.Count)
		bytes = bytes[h.Size():]
	}
	f.Records = min(f.Records, 1<<16-1)
	return f.Records > 0
}
