package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func consumerVerbs() []verb {
	return []verb{
		{words: "consumer add", min: 3, max: 3, settings: "*", run: addConsumer,
			example: "consumer add c1 group=billing topics=orders process=200ms commit=auto session.timeout.ms=6000",
			same: same{text: "kafka-console-consumer" + server, props: " --consumer-property ",
				flags: []flag{{"topics", " --topic "}, {"group", " --group "}, {"process", ""}, {"host", ""}}}},
		{words: "consumer set", min: 3, max: 3, settings: "process", run: setConsumer, example: "consumer set c1 process=2s"},
		process("leave", "consumer.close()", (*sim.World).Close, sim.Running),
		process("crash", "kill -9, of the process of @2", (*sim.World).Crash, sim.Running, sim.Frozen),
		process("restart", "a new process of @2", (*sim.World).Restart, sim.Running, sim.Frozen, sim.Crashed, sim.Left),
		process("freeze", "kill -STOP, of the process of @2", (*sim.World).Freeze, sim.Running),
		process("thaw", "kill -CONT, of the process of @2", (*sim.World).Thaw, sim.Frozen),
		process("remove", "consumer.close()", (*sim.World).Remove, sim.Running, sim.Frozen, sim.Crashed, sim.Left),
		application("stop", "no consumer.poll() for a while", "", func(m *client.Consumer, _ *call) error {
			m.StopPolling(true)
			return nil
		}),
		application("poll", "consumer.poll(Duration.ofMillis(500))", "", func(m *client.Consumer, _ *call) error {
			m.StopPolling(false)
			return nil
		}),
		application("commit", "consumer.commitSync()", "", func(m *client.Consumer, a *call) error {
			return m.Commit(a.now)
		}),
		application("seek", "consumer.seek($3, @4)", " orders-0 5", func(m *client.Consumer, a *call) error {
			return m.Seek(a.now, a.Topic, a.Partition, a.offset)
		}),
		application("pause", "consumer.pause(List.of($3))", " orders-0", func(m *client.Consumer, a *call) error {
			return m.Pause(a.now, a.Topic, a.Partition)
		}),
		application("resume", "consumer.resume(List.of($3))", " orders-0", func(m *client.Consumer, a *call) error {
			return m.Resume(a.now, a.Topic, a.Partition)
		}),
	}
}

// The states of a process, as scripts write them.
var stateNames = [...]string{sim.Running: "running", sim.Frozen: "frozen", sim.Crashed: "crashed", sim.Left: "left"}

// process makes a verb that does something to a consumer's process, from some of its
// states.
func process(second, text string, do func(*sim.World, *sim.Consumer), from ...sim.State) verb {
	words := "consumer " + second
	return verb{words: words, min: 3, max: 3, example: words + " c1", same: same{text: text}, run: func(r *Runner, l *Line) {
		if c := r.consumerIn(l.Words[2], second, from); c != nil {
			do(r.World, c)
		}
	}}
}

// consumerIn finds a consumer that is in one of some states; nil when there is none.
func (r *Runner) consumerIn(name, second string, from []sim.State) *sim.Consumer {
	c := r.consumer(name)
	if c == nil {
		return nil
	}
	for _, s := range from {
		if c.State() == s {
			return c
		}
	}
	text := ": first, consumer restart " + name
	switch c.State() {
	case sim.Running:
		text = ": it runs already"
	case sim.Frozen:
		text = ": first, consumer thaw " + name
	}
	r.fail(name + " is " + stateNames[c.State()] + ", so it cannot " + second + text)
	return nil
}

// call is what an application gives to its consumer.
type call struct {
	now engine.Time
	engine.TopicPartition
	offset engine.Offset
}

// application makes a verb that calls a running consumer as its own application
// would: with nothing, with a partition, or with a partition and an offset.
func application(second, text, words string, do func(m *client.Consumer, a *call) error) verb {
	n := 3 + strings.Count(words, " ")
	return verb{words: "consumer " + second, min: n, max: n, example: "consumer " + second + " c1" + words, same: same{text: text},
		run: func(r *Runner, l *Line) {
			c := r.consumerIn(l.Words[2], second, []sim.State{sim.Running})
			var a call
			if n > 3 {
				if at := r.place(l.Words[3]); at != nil {
					a.TopicPartition = at.TopicPartition
				}
			}
			if n > 4 {
				a.offset = engine.Offset(r.number("an offset", l.Words[4], 0, 1<<53))
			}
			if r.err != nil {
				return
			}
			r.World.Do(c, func(m *client.Consumer, now engine.Time) {
				a.now = now
				if err := do(m, &a); err != nil {
					r.fail(c.Name + ": " + err.Error())
				}
			})
		}}
}

const maxGroup = 255 // bytes of a group's name

// addConsumer: process and commit are about the application around the consumer, host
// is shown by describe; everything else is a setting of Kafka's consumer.
func addConsumer(r *Runner, l *Line) {
	cfg := client.DefaultConsumerConfig()
	cfg.ClientID, cfg.Host = r.checkName(l.Words[2]), "/127.0.0.1"
	for _, s := range l.Settings {
		r.short(s)
		switch s.Name {
		case "group":
			cfg.GroupID = s.Value
		case "host":
			cfg.Host = s.Value
		case "client.id", "group.id":
			r.failAt(s.Column, "client.id is the consumer's name, and group.id is written group=")
		case "topics":
			cfg.Topics = strings.Split(s.Value, ",")
		default:
			r.check(cfg.Set(s.Name, kafkaValue(s)))
		}
	}
	for _, t := range cfg.Topics {
		if !engine.ValidTopicName(t) {
			r.refused(engine.InvalidTopic, clip(t)+" cannot be the name of a topic: it has up to 249 letters, digits, dots, _ and -")
		}
	}
	switch {
	case cfg.GroupID == "" || cfg.Topics == nil:
		r.fail("consumer add needs a group and topics, as in: consumer add c1 group=billing topics=orders")
	case len(cfg.GroupID) > maxGroup:
		r.fail("a group's name has at most 255 bytes here")
	}
	if r.check(cfg.Check()) {
		_, err := r.World.AddConsumer(cfg, settingsText(l.Settings))
		r.check(err)
	}
}

func setConsumer(r *Runner, l *Line) {
	c := r.consumer(l.Words[2])
	text, ok := l.setting("process")
	if !ok {
		r.fail("consumer set needs a setting, as in: consumer set c1 process=2s")
	}
	ms, err := client.Duration(text)
	if r.check(err) {
		r.World.SetProcess(c, ms, merged(c.Settings, l.Settings))
	}
}

func (r *Runner) consumer(name string) *sim.Consumer {
	c := r.World.Consumer(name)
	if c == nil {
		m := missing{what: "consumer", name: name}
		for _, c := range r.World.Consumers() {
			m.is(c.Name)
		}
		r.fail(m.text())
	}
	return c
}
