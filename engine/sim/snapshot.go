package sim

import (
	"slices"

	"partita/engine"
)

// Snapshot is a whole world at one instant: its cluster, the clients, what is under way,
// what is due, and what was counted. It does not change, and worlds can be made from it
// any number of times. It shares the bytes of the logs.
type Snapshot struct {
	world World
	log   *engine.Snapshot
}

// Capture takes the state. The world must not be at work.
func (w *World) Capture() *Snapshot {
	s := &Snapshot{log: w.engine.Snapshot()}
	w.copyTo(&s.world)
	return s
}

// Restore makes the world what it was at Capture, except for the functions that it
// calls. Consumers and producers are other ones now: look them up again by name.
func (w *World) Restore(s *Snapshot) {
	old := *w
	s.world.copyTo(w)
	w.Hooks = old.Hooks
	w.tape = old.tape
	w.engine = old.engine
	w.engine.Restore(s.log)
}

// copier copies everything once, so that the copies point to each other as the
// originals do.
type copier struct {
	from, to  *World
	links     []*link // by session from firstSession
	consumers map[*Consumer]*Consumer
	producers map[*Producer]*Producer
	cables    map[*cable]*cable
}

// copyTo makes c a world of its own, but for its engine. TestStateIsWhole knows every
// field that holds a reference, and fails when a new one is not decided on.
func (w *World) copyTo(c *World) {
	*c = *w
	c.Hooks, c.called, c.applying, c.tape, c.engine, c.spare = Hooks{}, nil, nil, nil, nil, nil
	c.custody.copyFrom(&w.custody)
	c.brokers, c.offsets, c.replicas, c.after = nil, nil, nil, nil
	c.chronicle.happened = w.chronicle.happened[:len(w.chronicle.happened):len(w.chronicle.happened)]
	c.chronicle.footsteps = w.chronicle.footsteps[:len(w.chronicle.footsteps):len(w.chronicle.footsteps)]
	c.chronicle.names = w.chronicle.names[:len(w.chronicle.names):len(w.chronicle.names)]
	c.exchanges, c.outsiders = slices.Clone(w.exchanges), slices.Clone(w.outsiders)
	k := copier{from: w, to: c, links: make([]*link, len(w.links)),
		consumers: map[*Consumer]*Consumer{}, producers: map[*Producer]*Producer{}, cables: map[*cable]*cable{}}
	c.ledgers = make([]*ledger, len(w.ledgers)) // before the consumers, who have one
	for i, l := range w.ledgers {
		if l != nil {
			c.ledgers[i] = &ledger{}
		}
	}
	c.underway = make([]*parcel, len(w.underway))
	for i := range c.underway {
		c.underway[i] = &parcel{}
	}
	c.links = slices.Clone(w.links)
	for i := range c.links {
		c.links[i] = k.link(w.links[i])
	}
	c.consumers, c.producers = slices.Clone(w.consumers), slices.Clone(w.producers)
	for i := range c.consumers {
		c.consumers[i] = k.consumer(w.consumers[i])
	}
	for i := range c.producers {
		c.producers[i] = k.producer(w.producers[i])
	}
	c.console = k.producer(w.console)
	for i, p := range w.underway {
		k.parcel(p, c.underway[i])
	}
	c.agenda.heap = slices.Clone(w.agenda.heap)
	for i := range c.agenda.heap {
		d := &c.agenda.heap[i]
		d.link, d.parcel = k.link(d.link), k.parcelOf(d.parcel)
	}
	c.members = slices.Clone(w.members)
	for i := range c.members {
		c.members[i].consumer = k.consumer(c.members[i].consumer)
	}
	for i, l := range w.ledgers {
		if l != nil {
			k.ledger(l, c.ledgers[i])
		}
	}
}

// link copies a link with the client at its end. One that is closed needs no machine:
// nothing reaches it.
func (k *copier) link(l *link) *link {
	if l == nil {
		return nil
	}
	i := l.session - firstSession
	if k.links[i] != nil {
		return k.links[i]
	}
	c := *l
	k.links[i] = &c
	c.machine, c.cable = nil, k.cable(l.cable)
	c.consumer, c.producer = k.consumer(l.consumer), k.producer(l.producer)
	if l.open && c.consumer != nil {
		c.machine = c.consumer.machine
	} else if l.open {
		c.machine = c.producer.machine
	}
	c.wakes, c.waiting = slices.Clone(l.wakes), slices.Clone(l.waiting)
	for i, p := range c.waiting {
		c.waiting[i] = k.parcelOf(p)
	}
	return &c
}

func (k *copier) consumer(o *Consumer) *Consumer {
	if o == nil || k.consumers[o] != nil {
		return k.consumers[o]
	}
	c := *o
	k.consumers[o] = &c
	c.machine, c.view.Partitions = o.machine.Clone(), nil
	c.link, c.cable, c.out, c.inTxn = k.link(o.link), k.cable(o.cable), slices.Clone(o.out), slices.Clone(o.inTxn)
	if o.ledger != nil {
		c.ledger = k.to.ledgers[slices.Index(k.from.ledgers, o.ledger)]
	}
	return &c
}

func (k *copier) producer(o *Producer) *Producer {
	if o == nil || k.producers[o] != nil {
		return k.producers[o]
	}
	c := *o
	k.producers[o] = &c
	c.machine, c.key, c.value, c.out = o.machine.Clone(), nil, counting{}, slices.Clone(o.out)
	c.link, c.cable = k.link(o.link), k.cable(o.cable)
	return &c
}

// parcelOf finds the copy of a parcel: all of them are under way, those too that wait
// for a frozen client.
func (k *copier) parcelOf(p *parcel) *parcel {
	if p == nil {
		return nil
	}
	return k.to.underway[p.index]
}

// parcel copies what is under way. Commands and replies are shared: nobody changes them
// once they are sent, but for a record batch, whose memory is used again.
func (k *copier) parcel(p, c *parcel) {
	*c = *p
	c.link, c.produce.Batch = k.link(p.link), nil
	if p.cmd == &p.produce {
		c.produce.Batch = slices.Clone(p.produce.Batch)
		c.cmd = &c.produce
	}
}

func (k *copier) ledger(l, c *ledger) {
	*c = *l
	c.eras = slices.Clone(l.eras) // owners are written anew
	c.topics = slices.Clone(l.topics)
	for i := range c.topics {
		c.topics[i] = slices.Clone(l.topics[i])
		for j := range c.topics[i] {
			a := &c.topics[i][j]
			a.counts = l.topics[i][j].counts.share()
			a.by, a.owner = k.consumer(a.by), k.consumer(a.owner)
		}
	}
}

func (k *copier) cable(o *cable) *cable {
	c := k.cables[o]
	if c == nil {
		c = &cable{}
		*c = *o
		c.ways = slices.Clone(o.ways)
		k.cables[o] = c
	}
	return c
}

func (k *custody) copyFrom(o *custody) {
	k.breaches, k.topics = slices.Clone(o.breaches), slices.Clone(o.topics)
	for i := range k.topics {
		k.topics[i] = slices.Clone(k.topics[i])
		for j := range k.topics[i] {
			p := &k.topics[i][j]
			p.newest, p.doomed = slices.Clone(p.newest), slices.Clone(p.doomed)
			p.lent, o.topics[i][j].lent = true, true
		}
	}
}
