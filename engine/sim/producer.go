package sim

import (
	"math/rand/v2"
	"slices"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
)

// MaxRate bounds a producer: thousandths of a record a second.
const MaxRate = 100_000_000

// Generator says what records a producer makes.
type Generator struct {
	Topic  string
	Rate   int64    // thousandths of a record a second; 0 makes none
	Keys   []string // each record takes one of these by chance (seeded); empty: null keys
	PerTxn int64    // a transactional producer makes transactions of so many records; 0: somebody else does
	Value  string   // "{n}" in it counts the producer's records from 1
}

// Producer is one simulated producer.
type Producer struct {
	Name     string // its client id
	Settings string // as people gave them, for people

	gen     Generator
	paused  bool
	state   State
	retired bool  // goes as soon as nothing is under way
	made    int64 // records generated
	inTxn   int64 // of them in the transaction at hand
	sent    int64
	failed  int64
	machine *client.Producer
	sender
	link   *link
	cable  *cable
	chance rand.PCG
	// Each change of pace starts a new count of records.
	began engine.Time
	count int64
	next  engine.Time // on the agenda; -1 none
	key   []byte
	value counting
}

// Generator is what the producer makes.
func (p *Producer) Generator() Generator { return p.gen }

// Config is its settings, to look at.
func (p *Producer) Config() *client.ProducerConfig { return p.machine.Config() }

// Paused reports whether it makes nothing for now.
func (p *Producer) Paused() bool { return p.paused }

// Sent and Failed count the records acknowledged and given up.
func (p *Producer) Sent() int64 { return p.sent }

// Failed counts the records given up.
func (p *Producer) Failed() int64 { return p.failed }

// Busy reports whether it goes on making records.
func (p *Producer) Busy() bool { return !p.paused && p.gen.Rate > 0 && p.state == Running }

// Producers gives the simulated producers in the order of creation, without the console.
func (w *World) Producers() []*Producer { return w.producers }

// Producer finds one by name, nil when there is none.
func (w *World) Producer(name string) *Producer {
	for _, p := range w.producers {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// AddProducer starts a producer. cfg.ClientID is its name.
func (w *World) AddProducer(cfg client.ProducerConfig, gen Generator, settings string) (*Producer, error) {
	if w.Producer(cfg.ClientID) != nil {
		return nil, Refusal(Phrase("there is a producer called ", cfg.ClientID, " already"))
	}
	if len(w.producers) >= MaxProducers {
		return nil, Refusal(Mark + "50 producers are the most that one world holds: remove some first")
	}
	p := w.newProducer(cfg)
	p.Settings, p.gen, p.value = settings, gen, counting{}
	w.producers = append(w.producers, p)
	if cfg.TransactionalID != "" {
		_ = w.DoProducer(p, (*client.Producer).InitTransactions) // the first call of all cannot be wrong
	}
	w.pace(p)
	return p, nil
}

func (w *World) newProducer(cfg client.ProducerConfig) *Producer {
	w.made++
	p := &Producer{Name: cfg.ClientID, next: -1}
	p.sender = w.newSender()
	p.chance.Seed(w.cfg.Seed, w.made)
	p.machine = client.NewProducer(cfg, w.cfg.Seed^w.made*0x9e3779b97f4a7c15)
	p.cable = w.newCable()
	p.link = w.newLink(p.machine, p.cable)
	p.link.producer = p
	if cfg.ClientID == consoleName {
		p.cable.user = Admin
	}
	w.authenticate(p.link)
	return p
}

// SetGenerator changes what a producer makes, from now on.
func (w *World) SetGenerator(p *Producer, gen Generator, settings string) {
	p.gen, p.Settings, p.value = gen, settings, counting{}
	w.pace(p)
}

// ReconfigureProducer gives a producer other settings: a new process with them takes its
// place. What the old one has sent still arrives.
func (w *World) ReconfigureProducer(p *Producer, cfg client.ProducerConfig, gen Generator, settings string) error {
	i := slices.Index(w.producers, p)
	w.RemoveProducer(p)
	q, err := w.AddProducer(cfg, gen, settings)
	if err == nil {
		q.sent, q.failed, q.made = p.sent, p.failed, p.made
		w.producers = slices.Insert(w.producers[:len(w.producers)-1], i, q)
	}
	return err
}

// SetPaused stops a producer from making records, or lets it go on.
func (w *World) SetPaused(p *Producer, paused bool) {
	p.paused = paused
	w.pace(p)
}

// RemoveProducer takes a producer out of the picture. What it has sent still arrives.
func (w *World) RemoveProducer(p *Producer) {
	p.paused = true
	w.pace(p)
	w.retire(p)
	w.producers = slices.DeleteFunc(w.producers, func(o *Producer) bool { return o == p })
}

// Send writes one record from the console, with nil for a null key or value and -1
// for the partitioner's choice. When topics have changed it is a new console, which
// knows of that.
func (w *World) Send(topic string, p engine.Partition, key, value []byte) error {
	if w.console != nil && w.consoleStale {
		w.retire(w.console)
		w.console = nil
	}
	if w.console == nil {
		w.console, w.consoleStale = w.newProducer(consoleConfig()), false
	}
	err := w.console.machine.Send(w.console.cable.time(w.now), topic, int32(p), key, value, nil)
	w.settleUp(w.console.link)
	return err
}

// SendBy writes one record with a producer, as Send does with the console's.
func (w *World) SendBy(p *Producer, topic string, part engine.Partition, key, value []byte) error {
	err := p.machine.Send(p.cable.time(w.now), topic, int32(part), key, value, nil)
	w.settleUp(p.link)
	return err
}

// View is what its client says of a producer.
func (p *Producer) View() client.ProducerView { return p.machine.View() }

// State is what the process is doing.
func (p *Producer) State() State { return p.state }

// DoProducer calls a producer's machine, as its application would.
func (w *World) DoProducer(p *Producer, call func(m *client.Producer, now engine.Time) error) error {
	err := call(p.machine, p.cable.time(w.now))
	w.settleUp(p.link)
	return err
}

// CrashProducer ends a producer's process: what it has not sent is gone, and an open
// transaction stays open until its timeout or until a producer of the same
// transactional.id comes.
func (w *World) CrashProducer(p *Producer) {
	w.say(Happening{What: Crash}, "!$W crashes: what it had not sent is gone.", &words{who: p.Name})
	w.freezeProducer(p, Crashed)
	if p.link.open {
		w.closeLink(p.link)
	}
	w.producers = slices.DeleteFunc(w.producers, func(o *Producer) bool { return o == p })
}

// FreezeProducer stops a producer from running; ThawProducer lets it go on, as if
// nothing had happened: a zombie, if another took its place.
func (w *World) FreezeProducer(p *Producer) {
	w.say(Happening{What: Freeze}, "~$W freezes: it makes and sends nothing.", &words{who: p.Name})
	w.freezeProducer(p, Frozen)
}

func (w *World) freezeProducer(p *Producer, state State) {
	p.state, p.link.frozen = state, true
	w.pace(p)
}

// ThawProducer lets a frozen producer run again.
func (w *World) ThawProducer(p *Producer) {
	w.say(Happening{What: Thaw}, ".$W runs again.", &words{who: p.Name})
	p.state = Running
	w.thaw(p.link)
	w.pace(p)
}

// retire lets a producer go as soon as it has sent what it has.
func (w *World) retire(p *Producer) {
	p.retired = true
	w.settleUp(p.link)
}

// pace starts the count of a producer's records anew.
func (w *World) pace(p *Producer) {
	p.began, p.count, p.next = w.now, 0, -1
	w.stirred = true
	w.planNext(p)
}

func (w *World) planNext(p *Producer) {
	if p.Busy() {
		p.next = p.dueAt(p.count + 1)
		w.agenda.add(due{at: p.next, kind: dueGenerate, link: p.link})
	}
}

// dueAt is when the n-th record of the count is due, rounded up to the millisecond.
func (p *Producer) dueAt(n int64) engine.Time {
	return p.began + engine.Time((n*1_000_000+p.gen.Rate-1)/p.gen.Rate)
}

// dueBy is how many records of the count are due at a time, the last n for which dueAt
// is not later.
func (p *Producer) dueBy(now engine.Time) int64 {
	return int64(now-p.began) * p.gen.Rate / 1_000_000
}

// generate makes the records that are due, however many fall into one millisecond.
func (w *World) generate(p *Producer, at engine.Time) {
	if p.next != at {
		return // planned before the pace changed
	}
	now, due := p.cable.time(w.now), p.dueBy(w.now)
	for transactional := p.Config().TransactionalID != ""; p.count < due; p.count++ {
		if !transactional || p.inTransaction(now) {
			p.makeRecord(now)
			w.work++
		}
	}
	w.settleUp(p.link)
	w.planNext(p)
}

func (p *Producer) makeRecord(now engine.Time) {
	p.made++
	if !p.value.up(p.made) {
		p.value.write(p.gen.Value, p.made)
	}
	e := batch.Entry{Timestamp: int64(now), Value: p.value.bytes}
	if n := len(p.gen.Keys); n > 0 {
		p.key = append(p.key[:0], p.gen.Keys[p.chance.Uint64()%uint64(n)]...)
		e.Key = p.key
	}
	if p.machine.SendEntry(now, p.gen.Topic, -1, &e) != nil {
		p.failed++
	}
	if p.inTxn++; p.gen.PerTxn > 0 && p.inTxn >= p.gen.PerTxn {
		_ = p.machine.Commit(now) // or it is in an error, and the next record sees to that
	}
}

// inTransaction sees to it that a producer which makes its own transactions is in one,
// once it may; after an error it aborts first.
func (p *Producer) inTransaction(now engine.Time) bool {
	switch state := p.machine.View().State; {
	case state == client.InTransaction:
		return true
	case p.gen.PerTxn == 0:
	case state == client.AbortableError:
		_ = p.machine.Abort(now)
	case state == client.Ready:
		p.inTxn = 0
		return p.machine.Begin(now) == nil
	}
	return false
}

func (w *World) noteSent(p *Producer, f *client.Fact) {
	switch f.Kind {
	case client.FactSent:
		p.sent += int64(f.End - f.Offset)
		if f.Offset >= 0 {
			w.noteAcked(&p.sender, f.ID, f.Partition, f.Offset, int32(f.End-f.Offset))
		}
	case client.FactSendFailed:
		p.failed += int64(f.End)
		w.noteAcked(&p.sender, f.ID, f.Partition, -1, int32(f.End))
		h := Happening{What: SendError, Event: engine.Event{At: w.now, Code: f.Code, Topic: f.ID, Partition: f.Partition, Aux: int64(f.End)}}
		w.say(h, sendFailedSentence, &words{who: p.Name, n: int64(f.End), code: f.Code})
	}
	if w.OnSent != nil {
		w.OnSent(p, f)
	}
}

const consoleName = "console"

// consoleConfig is the producer behind Send.
func consoleConfig() client.ProducerConfig {
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = consoleName
	return cfg
}
