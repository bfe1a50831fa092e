package engine

// MaxBrokers is the most that an Engine has.
const MaxBrokers = 9

// BrokerState is the state of a broker's process.
type BrokerState uint8

// The states.
const (
	BrokerRunning   BrokerState = iota
	BrokerShutdown              // a controlled shutdown is under way: it still serves
	BrokerDown                  // stopped or crashed
	BrokerSuspended             // paused: it keeps what comes and handles it later
)

// broker is one broker: its process, its links, and what it knows of the cluster.
type broker struct {
	id     int32
	rack   string
	state  BrokerState
	fenced bool   // for the controller: it neither leads nor is in an ISR
	slow   Time   // how much longer it takes for what comes
	cut    uint16 // bit i: nothing gets from it to broker i
	epoch  uint64 // of the timers about its process: a restart makes them stale
	since  Time   // when it started: its heartbeats count from here

	watch   uint64 // of the one liveness timer that counts
	heard   Time   // its last heartbeat, while the controller does not hear it; else -1
	applied uint64 // how much of the metadata log it knows
	alive   uint16 // bit i: it takes broker i for alive
	believe int32  // whom it takes for the controller
	fresh   bool   // it has started and knows nothing
	coming  Time   // when the metadata sent at the time sent gets to it
	sent    Time
	held    []heldCommand
	late    []timer // of groups and transactions, due while it was paused
}

// heldCommand waits at a broker that is paused or slow.
type heldCommand struct {
	at    Time // not handled before
	from  Session
	token Token
	cmd   Command
}

func (e *Engine) startBrokers(cfg Config) {
	n := min(max(cfg.Brokers, 1), MaxBrokers)
	e.brokers = make([]broker, n)
	e.latency = Time(cfg.LatencyMs)
	e.controller = FirstBroker
	for i := range e.brokers {
		b := &e.brokers[i]
		b.id, b.heard, b.alive, b.believe, b.sent = FirstBroker+int32(i), -1, 1<<n-1, FirstBroker, -1
		if i < len(cfg.Racks) {
			b.rack = cfg.Racks[i]
		}
	}
}

// brokerAt gives the broker of that id, nil when there is none.
func (e *Engine) brokerAt(id int32) *broker {
	if i := int(id - FirstBroker); i >= 0 && i < len(e.brokers) {
		return &e.brokers[i]
	}
	return nil
}

// ms is a broker setting that is a time.
func (e *Engine) ms(s brokerSetting) Time { return Time(e.broker.value[s]) }

// bit is the broker's place in sets of brokers.
func (b *broker) bit() uint16 { return 1 << (b.id - FirstBroker) }

// runs: its process is there and gets time.
func (b *broker) runs() bool { return b.state == BrokerRunning || b.state == BrokerShutdown }

// up: its process is there, though it may be paused.
func (b *broker) up() bool { return b.state != BrokerDown }

// connected: packets get from one broker to the other.
func (e *Engine) connected(from, to int32) bool {
	return from == to || e.brokerAt(from).cut&e.brokerAt(to).bit() == 0
}

// reaches: both run, and packets get through in both directions.
func (e *Engine) reaches(a, b int32) bool {
	return e.brokerAt(a).runs() && e.brokerAt(b).runs() && e.connected(a, b) && e.connected(b, a)
}

// delay is how long something takes from one broker to be handled at another.
func (e *Engine) delay(from, to int32) Time {
	if from == to {
		return 0
	}
	return e.latency + e.brokerAt(to).slow
}

func (e *Engine) fireBroker(t timer) {
	if t.kind == timerController {
		e.electController(t.epoch)
		return
	}
	if t.kind == timerBalance {
		e.balanceLeaders()
		return
	}
	b := e.brokerAt(int32(t.owner))
	switch t.kind {
	case timerMetadata:
		b.sent = -1
		if e.controller >= 0 && e.reaches(e.controller, b.id) {
			e.learn(b, t.epoch)
		}
	case timerLiveness:
		if t.epoch == b.watch {
			e.judge(b)
		}
	case timerHeld:
		e.handleHeld(b)
	case timerStop:
		if t.epoch == b.epoch && b.state == BrokerShutdown {
			e.endBroker(b, BrokerStopped)
		}
	}
}

// ApplyTo is Apply for a client that has chosen a broker, as Kafka's clients do: a
// partition's leader, or a group's coordinator. The wrong one answers
// NotLeaderOrFollower or NotCoordinator, one that is down NetworkException. One that is
// paused or slow keeps the command until it gets to it: the caller must leave it alone
// until it is answered, except for the bytes of a Produce, which are copied. Broker 0
// stands for whichever is right.
func (e *Engine) ApplyTo(at Time, to int32, from Session, tok Token, cmd Command) {
	e.Tick(at)
	if to == 0 {
		e.take(from, tok, cmd)
		return
	}
	b := e.brokerAt(to)
	switch {
	case b == nil || !b.up():
		e.refuseDown(from, tok, cmd)
	case b.state == BrokerSuspended || b.slow > 0 || len(b.held) > 0:
		if p, ok := cmd.(*Produce); ok {
			c := *p
			c.Batch = append([]byte(nil), p.Batch...)
			cmd = &c
		}
		b.held = append(b.held, heldCommand{e.now + b.slow, from, tok, cmd})
		e.timers.set(timer{at: e.now + b.slow, kind: timerHeld, owner: uint32(b.id)})
	default:
		e.applyAt(b, from, tok, cmd)
	}
}

func (e *Engine) applyAt(b *broker, from Session, tok Token, cmd Command) {
	e.serving = b.id
	e.take(from, tok, cmd)
	e.serving = 0
}

// refuseDown answers for a broker that is not there: the connection breaks.
func (e *Engine) refuseDown(from Session, tok Token, cmd Command) {
	switch c := cmd.(type) {
	case *Produce:
		if c.Acks == 0 {
			return
		}
	case *Disconnect:
		return
	}
	e.reply(from, tok, NetworkException, nil)
}

// handleHeld lets a broker handle what it kept, in order, as far as its time has come.
func (e *Engine) handleHeld(b *broker) {
	for b.runs() && len(b.held) > 0 && b.held[0].at <= e.now {
		h := b.held[0]
		b.held[0].cmd = nil
		b.held = b.held[1:]
		e.applyAt(b, h.from, h.token, h.cmd)
	}
	if len(b.held) == 0 {
		b.held = nil
	}
}

// dropHeld answers what a broker kept when its process ends.
func (e *Engine) dropHeld(b *broker) {
	for i := range b.held {
		e.refuseDown(b.held[i].from, b.held[i].token, b.held[i].cmd)
	}
	b.held = nil
}

func (e *Engine) emitBroker(from Session, b *broker, what BrokerChange) {
	e.emit(Event{Kind: KindBrokerChanged, Session: from, Aux: int64(b.id), Epoch: int32(what), Offset: Offset(b.slow)})
}
