package sim

import (
	"partita/engine"
	"partita/engine/client"
)

// machine is what a producer and a consumer have in common.
type machine interface {
	Tick(now engine.Time)
	Deadline() (engine.Time, bool)
	Requests() []client.Request
	Sent()
	Reply(now engine.Time, r *engine.Reply)
	Facts() []client.Fact
	ClearFacts()
}

// link joins one client process to the cluster: one session, and one machine at its
// end. Whoever restarts gets a new link; what is under way on the old one is lost.
type link struct {
	session  engine.Session
	machine  machine
	consumer *Consumer // one of these two
	producer *Producer
	cable    *cable
	wakes    []engine.Time // on the agenda, the latest first
	open     bool          // false: nobody is at the other end any more
	frozen   bool
	waiting  []*parcel // replies that came while frozen
}

// parcel is one request on its way to the cluster, or one reply on its way back.
// Parcels are used again, with the memory of their batch.
type parcel struct {
	link    *link
	way     int32 // of the link's cable
	broker  int32 // as the client asked for it; 0: any
	token   engine.Token
	cmd     engine.Command // nil for a reply
	reply   engine.Reply
	produce engine.Produce // the storage of cmd, when it is one
	out     outgoing       // the batch of a simulated producer in it
	arrived bool           // a log has it
	sent    engine.Time
	arrives engine.Time
	index   int32 // in World.underway
}

func (w *World) newLink(m machine, c *cable) *link {
	c.latency = w.latency
	l := &link{session: firstSession + engine.Session(len(w.links)), machine: m, cable: c, open: true}
	w.links = append(w.links, l)
	return l
}

// linkOf is the link of a session, nil when it is closed or not ours.
func (w *World) linkOf(s engine.Session) *link {
	if i := int(s) - int(firstSession); i >= 0 && i < len(w.links) {
		return w.links[i]
	}
	return nil
}

// closeLink takes the client away. The cluster notices the closed connection when
// the news has travelled there; requests under way still arrive.
func (w *World) closeLink(l *link) {
	l.open = false
	for _, p := range l.waiting {
		w.free(p)
	}
	l.waiting = nil
	// Its sockets close, and that travels even where nothing else does.
	p := w.parcel(l)
	p.way = int32(l.cable.way(w.broker(l.cable)))
	p.cmd = &engine.Disconnect{}
	y := &l.cable.ways[p.way]
	y.last[Out] = max(y.last[Out], w.now+l.cable.latency)
	p.arrives = y.last[Out]
	w.agenda.add(due{at: p.arrives, kind: dueRequest, link: l, parcel: p})
	w.links[l.session-firstSession] = nil
}

func (w *World) parcel(l *link) *parcel {
	var p *parcel
	if n := len(w.spare); n > 0 {
		p = w.spare[n-1]
		w.spare = w.spare[:n-1]
	} else {
		p = &parcel{}
	}
	p.link, p.sent = l, w.now
	p.index = int32(len(w.underway))
	w.underway = append(w.underway, p)
	return p
}

func (w *World) free(p *parcel) {
	last := len(w.underway) - 1
	moved := w.underway[last]
	w.underway[p.index] = moved
	moved.index = p.index
	w.underway[last] = nil
	w.underway = w.underway[:last]
	p.link, p.cmd, p.reply, p.out, p.arrived = nil, nil, engine.Reply{}, outgoing{}, false
	w.spare = append(w.spare, p)
}

// wayBits of a request's token name the way it took, for the reply.
const wayBits = 4

// send puts a request on its way to a broker; 0 stands for any that is up.
func (w *World) send(l *link, broker int32, tok engine.Token, cmd engine.Command) {
	p := w.parcel(l)
	p.broker = broker
	if broker == 0 {
		broker = w.broker(l.cable)
	}
	p.way = int32(l.cable.way(broker))
	p.token = tok<<wayBits | engine.Token(p.way)
	p.keep(cmd)
	if c, ok := cmd.(*engine.Produce); ok {
		p.out = w.noteProduce(l.sender(), c)
	}
	w.dispatch(p, Out)
}

// broker picks one that a client asks who may ask any: each in turn that is up and that
// its cable leads to.
func (w *World) broker(c *cable) int32 {
	w.brokers = w.engine.Brokers(w.brokers[:0])
	n := len(w.brokers)
	for i := range n {
		b := &w.brokers[(int(c.turn)+i)%n]
		if y := &c.ways[c.way(b.ID)]; b.State != engine.BrokerDown && !y.cut[Out] && !y.cut[In] || n == 1 {
			c.turn = uint8((int(c.turn) + i + 1) % n)
			return b.ID
		}
	}
	return engine.FirstBroker
}

// keeps reports whether a broker does not get to what comes at once.
func (w *World) keeps(broker int32) bool {
	w.brokers = w.engine.Brokers(w.brokers[:0])
	for _, b := range w.brokers {
		if b.ID == broker {
			return b.State == engine.BrokerSuspended || b.SlowMs > 0
		}
	}
	return false
}

// keep holds a command until it arrives. A producer uses its own again after Sent, so
// those are copied; a consumer makes each anew.
func (p *parcel) keep(cmd engine.Command) {
	p.cmd = cmd
	switch c := cmd.(type) {
	case *engine.Produce:
		bytes := append(p.produce.Batch[:0], c.Batch...)
		p.produce = *c
		p.produce.Batch = bytes
		p.cmd = &p.produce
	case *engine.Metadata:
		p.cmd = &engine.Metadata{All: c.All, Names: append([]string(nil), c.Names...)}
	}
}

// carry puts a reply on its way to a client. Its body is the client's to keep.
func (w *World) carry(l *link, r *engine.Reply) {
	p := w.parcel(l)
	p.reply = *r
	p.way = int32(r.Token & (1<<wayBits - 1))
	p.reply.Token = r.Token >> wayBits
	w.dispatch(p, In)
}

// deliver hands a reply to a client, or keeps it for one that is frozen.
func (w *World) deliver(p *parcel) {
	l := p.link
	if l.frozen && l.open {
		l.waiting = append(l.waiting, p)
		return
	}
	if l.open {
		l.machine.Reply(l.cable.time(w.now), &p.reply)
		if _, fetched := p.reply.Body.(*engine.FetchReply); !fetched && p.reply.Body != nil {
			w.stirred = true // others tell by facts
		}
	}
	w.free(p)
	w.settleUp(l)
}

// settleUp takes from a machine what it wants done after it was called.
func (w *World) settleUp(l *link) {
	if !l.open {
		return
	}
	w.takeFacts(l)
	for _, r := range l.machine.Requests() {
		w.send(l, r.Broker, r.Token, r.Command)
	}
	l.machine.Sent()
	if at, ok := l.machine.Deadline(); ok {
		w.wakeBy(l, max(at-l.cable.skew, w.now))
	}
	switch {
	case l.consumer != nil:
		w.afterConsumer(l.consumer)
	case l.producer.retired && l.producer.machine.Idle():
		w.closeLink(l)
	}
}

// wakeBy sees to it that a link is woken at a time or before. One that is woken too early
// looks and plans again: so a busy client, whose next deadline is near and whose timeouts are
// far, has two or three wakes on the agenda and not one for every request that it ever sent.
func (w *World) wakeBy(l *link, at engine.Time) {
	if n := len(l.wakes); n > 0 && l.wakes[n-1] <= at {
		return
	}
	l.wakes = append(l.wakes, at)
	w.agenda.add(due{at: at, kind: dueWake, link: l})
}

// wake ticks a machine whose deadline has come.
func (w *World) wake(l *link) {
	if !l.open {
		return
	}
	l.wakes = l.wakes[:len(l.wakes)-1]
	if l.frozen {
		return
	}
	if next, ok := l.machine.Deadline(); ok && next-l.cable.skew <= w.now {
		l.machine.Tick(l.cable.time(w.now))
	}
	w.settleUp(l)
}
