package sim

import (
	"slices"

	"partita/engine"
	"partita/engine/client"
)

// State is what a simulated process is doing.
type State uint8

// The states of a Consumer.
const (
	Running State = iota
	Frozen        // stopped running; its session runs out
	Crashed       // gone without a goodbye
	Left          // ended by itself: closed, or stopped for good by an error
)

// Bounds of a world.
const (
	MaxConsumers = 200
	MaxProducers = 50
)

// goneShownMs is how long a consumer stays in the picture after its member is gone.
const goneShownMs = 10_000

// Consumer is one simulated consumer.
type Consumer struct {
	Name     string // its client id
	Group    string
	Settings string // as people gave them, for people

	cfg        client.ConsumerConfig
	machine    *client.Consumer
	view       client.ConsumerView
	link       *link
	cable      *cable
	ledger     *ledger
	state      State
	since      engine.Time
	member     engine.MemberID
	inGroup    bool        // the coordinator counts member as a member
	memberGone engine.Time // when it stopped to
	moving     int         // partitions that came from another and have no position yet
	sink       Sink
	sender                 // of what it writes to its output topic
	inTxn      []processed // in the transaction at hand
	removing   bool        // out of the picture as soon as it has left
	again      bool        // a new process starts as soon as it has left
}

// State is what the process is doing.
func (c *Consumer) State() State { return c.state }

// Since is when State began.
func (c *Consumer) Since() engine.Time { return c.since }

// View is the machine as it is now; a crashed one as it was when it crashed.
// Its partitions are lent until the next call.
func (c *Consumer) View() client.ConsumerView {
	c.machine.View(&c.view)
	if c.view.SessionDeadline > 0 {
		c.view.SessionDeadline -= c.cable.skew
	}
	if c.view.PollDeadline > 0 {
		c.view.PollDeadline -= c.cable.skew
	}
	return c.view
}

// Config is what the consumer was made from, and changed to since.
func (c *Consumer) Config() client.ConsumerConfig { return c.cfg }

// InHand calls visit for the records of a partition that the application holds and
// has not processed, until it returns false.
func (c *Consumer) InHand(id engine.TopicID, p engine.Partition, visit func(o engine.Offset, key, value []byte) bool) {
	c.machine.InHand(id, p, visit)
}

// Processing names the record that the application works on; false when it has none,
// or does not run.
func (c *Consumer) Processing() (id engine.TopicID, p engine.Partition, o engine.Offset, ok bool) {
	if c.state != Running {
		return 0, 0, -1, false
	}
	return c.machine.Processing()
}

// Member is its newest member of the group, 0 before the first; in says whether the
// coordinator counts it as a member now.
func (c *Consumer) Member() (id engine.MemberID, in bool) { return c.member, c.inGroup }

// Hidden reports whether it has left the picture: 10 s after its member is gone. It
// can still be restarted.
func (w *World) Hidden(c *Consumer) bool {
	return (c.state == Crashed || c.state == Left) && !c.inGroup &&
		w.now >= max(c.memberGone, c.since)+goneShownMs
}

// Consumers gives the simulated consumers in the order of creation, hidden ones too.
func (w *World) Consumers() []*Consumer { return w.consumers }

// Consumer finds one by name, nil when there is none.
func (w *World) Consumer(name string) *Consumer {
	for _, c := range w.consumers {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// AddConsumer starts a consumer. cfg.ClientID is its name. A hidden consumer of that
// name makes way.
func (w *World) AddConsumer(cfg client.ConsumerConfig, settings string) (*Consumer, error) {
	if old := w.Consumer(cfg.ClientID); old != nil {
		if !w.Hidden(old) {
			return nil, Refusal(Phrase("there is a consumer called ", cfg.ClientID, " already"))
		}
		w.dropConsumer(old)
	}
	if len(w.consumers) >= MaxConsumers {
		i := slices.IndexFunc(w.consumers, w.Hidden)
		if i < 0 {
			return nil, Refusal(Mark + "200 consumers are the most that one world holds: remove some first")
		}
		w.dropConsumer(w.consumers[i])
	}
	c := &Consumer{Name: cfg.ClientID, Group: cfg.GroupID, Settings: settings, cfg: cfg, cable: w.newCable(), sender: w.newSender()}
	w.consumers = append(w.consumers, c)
	w.start(c)
	return c, nil
}

func (w *World) start(c *Consumer) {
	cfg := c.cfg
	cfg.Runs = true
	c.machine = client.NewConsumer(cfg)
	if !w.transacting(c) {
		c.inTxn = c.inTxn[:0] // the cluster never heard of it
	}
	c.link = w.newLink(c.machine, c.cable)
	c.link.consumer = c
	w.authenticate(c.link)
	c.state, c.since, c.removing, c.moving = Running, w.now, false, 0
	c.machine.Tick(c.cable.time(w.now))
	w.settleUp(c.link)
}

// Close makes a consumer leave: it commits, says goodbye and ends. Crashed and frozen
// ones cannot.
func (w *World) Close(c *Consumer) {
	c.machine.Close(c.cable.time(w.now))
	w.settleUp(c.link)
}

// Crash ends a consumer's process without a goodbye.
func (w *World) Crash(c *Consumer) {
	w.sayOf(c, Crash, "!$W crashes without a goodbye: $G finds out when its session times out.")
	w.end(c, Crashed)
}

func (w *World) sayOf(c *Consumer, what What, template string) {
	w.say(Happening{What: what}, template, &words{who: c.Name, group: c.Group})
}

// say passes on a sentence that no event of the cluster tells.
func (w *World) say(h Happening, template string, f *words) {
	h.Text, h.Tone = f.fill(template)
	h.Who, h.Group = f.who, f.group
	if w.working {
		w.after = append(w.after, h)
		return
	}
	w.spoke(&h)
}

func (w *World) end(c *Consumer, state State) {
	c.state, c.since = state, w.now
	c.link.frozen = false
	w.stirred = true
	view := c.View()
	for i := range view.Partitions {
		w.noteLoss(c, view.Partitions[i].ID, view.Partitions[i].Partition)
	}
	w.pauseAll(c, true)
	w.closeLink(c.link)
	again := c.again && state == Left && !c.removing
	c.again = false
	switch {
	case c.removing:
		w.dropConsumer(c)
	case again:
		w.start(c)
	}
}

// Reconfigure gives a consumer other settings. One that runs leaves its group, and a new
// process starts with them; any other has them when it starts again.
func (w *World) Reconfigure(c *Consumer, cfg client.ConsumerConfig, settings string) {
	c.cfg, c.Settings = cfg, settings
	if c.state == Running {
		c.again = true
		w.Close(c)
	}
}

// Restart starts a new process with the same settings; one that still runs crashes.
func (w *World) Restart(c *Consumer) {
	if c.link.open {
		w.Crash(c)
	}
	w.start(c)
	w.sayOf(c, Restart, ".A new process of $W starts.")
}

// Freeze stops a consumer from running, as a long pause of its machine would.
func (w *World) Freeze(c *Consumer) {
	c.state, c.since, c.link.frozen = Frozen, w.now, true
	w.pauseAll(c, true)
	w.sayOf(c, Freeze, "~$W freezes: no heartbeats, no polls. Its session runs out.")
}

// Thaw lets a frozen consumer run again: first it finds what came in the meantime.
func (w *World) Thaw(c *Consumer) {
	c.state, c.since = Running, w.now
	w.pauseAll(c, false)
	w.sayOf(c, Thaw, ".$W runs again.")
	w.thaw(c.link)
}

func (w *World) thaw(l *link) {
	l.frozen = false
	w.stirred = true
	waiting := l.waiting
	l.waiting = nil
	l.machine.Tick(l.cable.time(w.now))
	w.settleUp(l)
	for _, p := range waiting {
		w.deliver(p)
	}
}

// Remove takes a consumer out of the picture; one that runs leaves its group first.
func (w *World) Remove(c *Consumer) {
	switch {
	case c.state == Running:
		c.removing = true
		w.Close(c)
	case c.link.open:
		w.Crash(c)
		w.dropConsumer(c)
	default:
		w.dropConsumer(c)
	}
}

func (w *World) dropConsumer(c *Consumer) {
	w.consumers = slices.DeleteFunc(w.consumers, func(o *Consumer) bool { return o == c })
}

// Do calls a consumer's machine, as its application would, and handles what comes of it.
func (w *World) Do(c *Consumer, call func(m *client.Consumer, now engine.Time)) {
	call(c.machine, c.cable.time(w.now))
	w.settleUp(c.link)
}

// takeFacts passes on what a machine did.
func (w *World) takeFacts(l *link) {
	facts := l.machine.Facts()
	if len(facts) == 0 {
		return
	}
	w.stirred, w.changed = true, true
	for i := range facts {
		facts[i].At -= l.cable.skew
	}
	if l.consumer != nil {
		w.takeConsumerFacts(l.consumer, facts)
	} else {
		for i := range facts {
			w.noteSent(l.producer, &facts[i])
		}
	}
	l.machine.ClearFacts()
}

func (w *World) takeConsumerFacts(c *Consumer, facts []client.Fact) {
	for i := 0; i < len(facts); {
		end := i
		for ; end < len(facts) && facts[end].Kind == facts[i].Kind; end++ {
			f := &facts[end]
			w.noteFact(c, f)
			if w.OnFact != nil {
				w.OnFact(c, f)
			}
		}
		text, tone := FactSentence(w, c, facts[i:end])
		w.chronicleFacts(c, facts[i:end], text, tone)
		i = end
	}
}

// afterConsumer ends a process whose machine has ended: closed, or stopped for good by
// an error, which its view tells.
func (w *World) afterConsumer(c *Consumer) {
	if c.moving > 0 {
		w.noteMoves(c)
	}
	switch {
	case !c.link.open || !c.machine.Ended():
	case c.machine.Crashed(): // where crash.at says; the next process does not
		c.cfg.App.CrashAt = client.CrashNever
		w.Crash(c)
	default:
		w.end(c, Left)
	}
}

// SetSink says what a consumer's application does outside the cluster.
func (w *World) SetSink(c *Consumer, s Sink) { c.sink = s }

// SetProcess changes how long a record takes to process, from the next record on.
func (w *World) SetProcess(c *Consumer, ms int64, settings string) {
	c.cfg.App.ProcessMs, c.Settings = ms, settings // for a restart
	c.machine.SetProcess(ms)
	w.settleUp(c.link)
}
