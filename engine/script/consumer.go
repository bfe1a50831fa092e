package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func consumerVerbs() []verb {
	return []verb{
		{words: "consumer add", form: "w", settings: "*", run: addConsumer,
			example: "consumer add c1 group=billing topics=orders process=200ms commit=auto session.timeout.ms=6000",
			same: same{text: "kafka-console-consumer" + server, props: " --consumer-property ",
				flags: []flag{{"topics", " --topic "}, {"group", " --group "}, {"process", ""}, {"host", ""}, {"sink", ""}}}},
		{words: "share add", form: "w", settings: "*", run: addShare, example: "share add s1 group=crew topics=jobs process=200ms max.poll.records=1",
			same: same{text: "kafka-console-share-consumer" + server, props: " --consumer-property ",
				flags: []flag{{"topics", " --topic "}, {"group", " --group "}, {"process", ""}, {"acknowledge", ""}}}},
		{words: "consumer set", form: "c", settings: "*", run: setConsumer, example: "consumer set c1 process=2s", same: same{write: sameConsumer}},
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
	return verb{words: words, form: "c", example: words + " c1", same: same{text: text}, run: func(r *Runner, a *args) {
		if r.mayCome(a.consumer, second, from) {
			do(r.World, a.consumer)
		}
	}}
}

// mayCome fails where a consumer is in none of some states.
func (r *Runner) mayCome(c *sim.Consumer, second string, from []sim.State) bool {
	for _, s := range from {
		if c.State() == s {
			return true
		}
	}
	text := sim.Phrase("first, consumer restart ", c.Name)
	switch c.State() {
	case sim.Running:
		text = sim.Mark + "it runs already"
	case sim.Frozen:
		text = sim.Phrase("first, consumer thaw ", c.Name)
	}
	r.fail(sim.Phrase("", c.Name, " is ", sim.Phrase(stateNames[c.State()]), ", so it cannot ", second, ": ", text))
	return false
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
	form := "cpo"[:1+strings.Count(words, " ")]
	return verb{words: "consumer " + second, form: form, example: "consumer " + second + " c1" + words, same: same{text: text},
		run: func(r *Runner, a *args) {
			if !r.mayCome(a.consumer, second, []sim.State{sim.Running}) {
				return
			}
			r.World.Do(a.consumer, func(m *client.Consumer, now engine.Time) {
				c := call{now: now, offset: a.offset}
				if a.at != nil {
					c.TopicPartition = a.at.TopicPartition
				}
				if err := do(m, &c); err != nil {
					r.fail(sim.Phrase("", a.consumer.Name, ": ", err.Error()))
				}
			})
		}}
}

const maxGroup = 255 // bytes of a group's name

// addConsumer: process and commit are about the application around the consumer, host
// is shown by describe; everything else is a setting of Kafka's consumer.
func addConsumer(r *Runner, a *args) {
	cfg, sink := r.consumerConfig(a.words[0], a.Settings)
	if r.check(cfg.Check()) {
		c, err := r.World.AddConsumer(cfg, settingsText(a.Settings))
		if r.check(err) {
			r.World.SetSink(c, sink)
		}
	}
}

// consumerConfig reads the settings of a consumer.
func (r *Runner) consumerConfig(name string, settings []Setting) (client.ConsumerConfig, sim.Sink) {
	cfg := client.DefaultConsumerConfig()
	sink := sim.NoSink
	cfg.ClientID, cfg.Host = r.checkName(name), "/127.0.0.1"
	for _, s := range settings {
		r.short(s)
		switch s.Name {
		case "group":
			cfg.GroupID = s.Value
		case "host":
			cfg.Host = s.Value
		case "sink":
			switch s.Value {
			case "plain":
				sink = sim.PlainSink
			case "idempotent":
				sink = sim.IdempotentSink
			default:
				r.failAt(s.Column, sim.Mark+"sink is plain or idempotent: what the application does outside the cluster")
			}
		case "client.id", "group.id":
			r.failAt(s.Column, sim.Mark+"client.id is the consumer's name, and group.id is written group=")
		case "topics":
			cfg.Topics = strings.Split(s.Value, ",")
		default:
			r.check(cfg.Set(s.Name, kafkaValue(s)))
		}
	}
	for _, t := range cfg.Topics {
		if !engine.ValidTopicName(t) {
			r.refused(engine.InvalidTopic, sim.Phrase("", clip(t), " cannot be the name of a topic: it has up to 249 letters, digits, dots, _ and -"))
		}
	}
	switch {
	case cfg.GroupID == "" || cfg.Topics == nil:
		r.fail(sim.Mark + "consumer add needs a group and topics, as in: consumer add c1 group=billing topics=orders")
	case len(cfg.GroupID) > maxGroup:
		r.fail(sim.Mark + "a group's name has at most 255 bytes here")
	}
	return cfg, sink
}

// addShare is consumer add for a member of a share group. Whoever says what it does to
// each record acknowledges explicitly.
func addShare(r *Runner, a *args) {
	line := *a.Line
	line.Settings = append(line.Settings[:len(line.Settings):len(line.Settings)], Setting{Name: "share", Value: "true"})
	if _, ok := a.setting("acknowledge"); ok {
		line.Settings = append(line.Settings, Setting{Name: "share.acknowledgement.mode", Value: "explicit"})
	}
	b := *a
	b.Line = &line
	addConsumer(r, &b)
}

// setConsumer changes settings. How long a record takes changes at once; for all else
// Kafka needs a new process, and so does this: the old one leaves, and another starts. An
// empty value goes back to the default.
func setConsumer(r *Runner, a *args) {
	c := a.consumer
	if len(a.Settings) == 0 {
		r.fail(sim.Mark + "consumer set needs a setting, as in: consumer set c1 process=2s")
		return
	}
	all := merged(c.Settings, a.Settings)
	if onlyProcess(a.Line) && a.Settings[0].Value != "" {
		ms, err := client.Duration(a.Settings[0].Value)
		if r.check(err) {
			r.World.SetProcess(c, ms, all)
		}
		return
	}
	for _, s := range a.Settings {
		if s.Name == "group" || s.Name == "topics" {
			r.failAt(s.Column, sim.Phrase("", s.Name, " stays what it is: add another consumer"))
		}
	}
	l, _ := Parse(all)
	cfg, sink := r.consumerConfig(c.Name, l.Settings)
	if r.check(cfg.Check()) {
		r.World.Reconfigure(c, cfg, all)
		r.World.SetSink(c, sink)
	}
}

func onlyProcess(l *Line) bool { return len(l.Settings) == 1 && l.Settings[0].Name == "process" }

func sameConsumer(l *Line) string {
	if onlyProcess(l) {
		return "no Kafka setting: the time that your own code takes for each record"
	}
	return "consumer.properties: " + configsText(l) + ", and a new process"
}

// configsText writes settings as a file of properties has them.
func configsText(l *Line) string {
	list := ""
	for _, s := range l.Settings {
		if s.Value != "" {
			list += ", " + s.Name + "=" + kafkaValue(s)
		} else {
			list += ", no " + s.Name
		}
	}
	return strings.TrimPrefix(list, ", ")
}
