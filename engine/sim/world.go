package sim

import (
	"partita/engine"
	"partita/engine/client"
)

// Sessions of a world: people's own requests (AdminSession), then simulated clients,
// and from ExternalBase clients from outside.
const (
	AdminSession engine.Session = 1
	firstSession engine.Session = 2
	ExternalBase engine.Session = 1 << 24
)

// Admin is who AdminSession and the console are; super.users may name it.
const Admin = "User:admin"

// Config is what a World is made from.
type Config struct {
	Seed      uint64
	Start     engine.Time          // where virtual time begins
	LatencyMs int64                // of every link, one way
	Broker    []engine.ConfigEntry // engine.Config.Defaults
	Cluster   Cluster              // until SetCluster

	Open   func(bytes []byte) []byte // engine.Config.Open
	Memory func(size int) []byte     // engine.Config.Memory
}

// Cluster is the shape of a cluster.
type Cluster struct {
	Brokers   int                  // 0 stands for 1
	Racks     []string             // broker.rack of each
	LatencyMs int64                // one way, between brokers
	Settings  []engine.ConfigEntry // of every broker from the start: server.properties
}

// Hooks are functions that a World calls while it works; each may be nil.
type Hooks struct {
	OnEvent  func(ev *engine.Event)               // every fact of the cluster; lent
	OnReply  func(r *engine.Reply)                // replies to sessions from ExternalBase on; lent
	OnFact   func(c *Consumer, fact *client.Fact) // what simulated consumers do, records in runs (ConsumerConfig.Runs); lent
	OnSent   func(p *Producer, fact *client.Fact) // what simulated producers do; lent
	OnClear  func()                               // Clear has replaced the cluster
	OnFrozen func()                               // Outsiders has changed
	// OnNote gets one plain sentence for each fact that people may want to read, of the
	// cluster (Sentence) and of consumers (FactSentence).
	OnNote func(at engine.Time, tone uint8, text string)
	// OnBreach hears of each verdict that turns bad: a record lost, duplicated or out of
	// order. Lent.
	OnBreach func(b *Breach)
}

// World is a cluster with the clients around it. It is not safe for concurrent use.
type World struct {
	Hooks

	cfg      Config
	engine   *engine.Engine
	now      engine.Time
	latency  engine.Time // of new links
	agenda   agenda
	links    []*link // by session from firstSession; nil when closed
	underway []*parcel
	spare    []*parcel

	consumers    []*Consumer
	producers    []*Producer
	console      *Producer
	consoleStale bool // topics have changed since it started
	senders      uint32
	cables       uint64 // so far: each has random numbers of its own
	made         uint64 // clients so far: each has random numbers of its own
	members      []memberName
	ledgers      []*ledger // by GroupID
	outsiders    []Outsider
	custody      custody
	chronicle    chronicle
	exchanges    []Exchange          // newest last
	brokers      []engine.BrokerView // scratch
	offsets      []engine.FetchedOffset
	replicas     []engine.ReplicaView // likewise
	working      bool                 // on an event: what follows from it is said after it
	after        []Happening          // that
	applying     *parcel              // whose command the cluster works on
	work         int64                // records made and processed, for Advance's budget
	stirred      bool                 // something happened that Settled must look at
	called       func(r *engine.Reply)
	steps        uint64    // things done so far: the place in time, finer than now
	moments      uint64    // those of them that people could see
	changed      bool      // the step at hand is one
	tape         *Timeline // nil: nobody goes back
}

// New makes a world with an empty cluster.
func New(cfg Config) *World {
	w := &World{cfg: cfg}
	w.reset(cfg.Start, cfg.Cluster)
	return w
}

func (w *World) reset(now engine.Time, c Cluster) {
	w.engine = engine.New(engine.Config{Seed: w.cfg.Seed, Defaults: append(w.cfg.Broker[:len(w.cfg.Broker):len(w.cfg.Broker)], c.Settings...),
		Brokers: c.Brokers, Racks: c.Racks, LatencyMs: c.LatencyMs, Open: w.cfg.Open, Memory: w.cfg.Memory})
	w.now, w.latency = now, engine.Time(w.cfg.LatencyMs)
	w.engine.Tick(now)
	w.engine.Apply(now, AdminSession, 0, &engine.Authenticate{Principal: Admin, Host: "127.0.0.1"})
	w.engine.Advance()
	w.agenda = agenda{}
	w.links, w.underway, w.spare = nil, nil, nil
	w.consumers, w.producers, w.console = nil, nil, nil
	w.custody, w.applying, w.exchanges = custody{}, nil, nil
	w.outsiders = nil
	w.chronicle.forget()
	w.senders, w.cables, w.made, w.members, w.ledgers, w.stirred = 0, 0, 0, nil, nil, true
}

// Config is what the world was made from.
func (w *World) Config() Config { return w.cfg }

// Clear starts again from nothing at the time it is: a new cluster and no clients.
// Clients from outside find that nobody knows them any more.
func (w *World) Clear() {
	w.reset(w.now, w.cfg.Cluster)
	w.frozenChanged()
	if w.OnClear != nil {
		w.OnClear()
	}
}

// SetCluster gives the cluster its shape. It reports false, and does nothing, once
// there is a topic, a group or a client.
func (w *World) SetCluster(c Cluster) bool {
	empty := len(w.consumers)+len(w.producers) == 0
	w.engine.Topics(func(engine.TopicView) bool {
		empty = false
		return false
	})
	w.engine.Groups(func(engine.GroupView) bool {
		empty = false
		return false
	})
	if empty {
		w.reset(w.now, c)
		if w.OnClear != nil {
			w.OnClear()
		}
	}
	return empty
}

// Engine is the cluster. Look at it as you like; change it only through the world.
func (w *World) Engine() *engine.Engine { return w.engine }

// Steps counts the things done so far.
func (w *World) Steps() int64 { return int64(w.steps) }

// Now is the virtual time.
func (w *World) Now() engine.Time { return w.now }

// Latency is the one-way latency of new links, in milliseconds.
func (w *World) Latency() int64 { return int64(w.latency) }

// SetLatency changes the one-way latency of every simulated client.
func (w *World) SetLatency(ms int64) {
	w.latency = engine.Time(ms)
	for _, l := range w.links {
		if l != nil {
			l.cable.latency = w.latency
		}
	}
}

// Next is when something is due next; false when nothing ever is.
func (w *World) Next() (engine.Time, bool) {
	if at, ok := w.tape.next(); ok {
		return at, true
	}
	at, ok := w.engine.Deadline()
	if len(w.agenda.heap) > 0 && (!ok || w.agenda.heap[0].at < at) {
		return w.agenda.heap[0].at, true
	}
	return at, ok
}

// Advance does everything due up to a time, in order, but stops after about budget
// pieces of work (steps, records made, records processed) so that a frame is never
// late; 0 is without bound. It returns the time reached: to, or earlier when work is
// left. Call it again with the same to and it goes on.
func (w *World) Advance(to engine.Time, budget int) engine.Time {
	left := int64(budget)
	for {
		at, ok := w.Next()
		if !ok || at > to {
			break
		}
		if budget > 0 && left <= 0 {
			return w.now
		}
		before := w.work
		w.step(at)
		left -= 1 + w.work - before
	}
	w.now = max(w.now, to)
	return w.now
}

// step does the one thing that is due next.
func (w *World) step(at engine.Time) {
	w.now = max(w.now, at)
	if w.tape.again() {
		return
	}
	w.tape.due()
	w.steps++
	w.changed = false
	if deadline, ok := w.engine.Deadline(); ok && deadline <= at {
		w.engine.Tick(at)
		w.handleReady()
	} else {
		w.do(w.agenda.pop())
	}
	if w.changed {
		w.moments++
	}
}

func (w *World) do(d due) {
	switch d.kind {
	case dueRequest:
		w.applying = d.parcel
		w.engine.ApplyTo(w.now, d.parcel.broker, d.link.session, d.parcel.token, d.parcel.cmd)
		w.handleReady()
		w.applying = nil
		w.noteArrival(d.parcel, true)
		w.free(d.parcel)
	case dueReply:
		w.deliver(d.parcel)
	case dueWake:
		w.wake(d.link)
	case dueGenerate:
		w.generate(d.link.producer, d.at)
	}
}

// Submit applies a command of a client from outside, at once.
func (w *World) Submit(from engine.Session, tok engine.Token, cmd engine.Command) {
	w.SubmitTo(0, from, tok, cmd)
}

// SubmitTo is Submit for a client that has chosen a broker; 0 is whichever is right.
func (w *World) SubmitTo(broker int32, from engine.Session, tok engine.Token, cmd engine.Command) {
	if _, bye := cmd.(*engine.Disconnect); !bye && w.tape != nil {
		w.tape.outside = true
	}
	w.engine.ApplyTo(w.now, broker, from, tok, cmd)
	w.handleReady()
}

// Call applies a command that people give themselves, at once and without a link, and
// returns its code. Commands that park are not for Call. The reply is lent to look.
func (w *World) Call(cmd engine.Command, look func(r *engine.Reply)) engine.Code {
	code := engine.None
	w.called = func(r *engine.Reply) {
		code = r.Code
		if look != nil {
			look(r)
		}
	}
	w.engine.Apply(w.now, AdminSession, 0, cmd)
	w.handleReady()
	w.called = nil
	return code
}

// handleReady does an owner's duties: it passes on what the cluster has to say.
func (w *World) handleReady() {
	ready := w.engine.Ready()
	w.changed = w.changed || len(ready.Events) > 0
	for i := range ready.Events {
		ev := &ready.Events[i]
		w.working = true
		w.noteEvent(ev)
		w.working = false
		if w.OnEvent != nil {
			w.OnEvent(ev)
		}
		h := w.chronicleEvent(ev)
		if w.OnNote != nil {
			if text, tone := Sentence(w, ev); text != "" {
				w.tell(h, ev.At, tone, text)
			}
		}
		for i := range w.after {
			w.spoke(&w.after[i])
		}
		w.after = w.after[:0]
	}
	for i := range ready.Replies {
		r := &ready.Replies[i]
		switch {
		case r.To >= ExternalBase:
			if w.OnReply != nil {
				w.OnReply(r)
			}
		case r.To == AdminSession:
			if w.called != nil {
				w.called(r)
			}
		default:
			if l := w.linkOf(r.To); l != nil && r.Token != 0 {
				w.carry(l, r)
			}
		}
	}
	w.engine.Advance()
}
