package script

import (
	"errors"
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

var consumerVerbs = []verb{
	{words: "consumer add", min: 3, max: 3, settings: []string{"*"}, run: addConsumer, same: sameConsumer,
		example: "consumer add c1 group=billing topics=orders process=200ms commit=auto session.timeout.ms=6000"},
	{words: "consumer set", min: 3, max: 3, settings: []string{"process"}, run: setConsumer,
		example: "consumer set c1 process=2s"},
	process("leave", "consumer.close()", (*sim.World).Close, sim.Running),
	process("crash", "kill -9, of the process of $", (*sim.World).Crash, sim.Running, sim.Frozen),
	process("restart", "a new process of $", (*sim.World).Restart, sim.Running, sim.Frozen, sim.Crashed, sim.Left),
	process("freeze", "kill -STOP, of the process of $", (*sim.World).Freeze, sim.Running),
	process("thaw", "kill -CONT, of the process of $", (*sim.World).Thaw, sim.Frozen),
	process("remove", "consumer.close()", (*sim.World).Remove, sim.Running, sim.Frozen, sim.Crashed, sim.Left),
	application("stop", "no consumer.poll() for a while", "", func(m *client.Consumer, a *call) error {
		m.StopPolling(true)
		return nil
	}),
	application("poll", "consumer.poll(Duration.ofMillis(500))", "", func(m *client.Consumer, a *call) error {
		m.StopPolling(false)
		return nil
	}),
	application("commit", "consumer.commitSync()", "", func(m *client.Consumer, a *call) error {
		return m.Commit(a.now)
	}),
	application("seek", "consumer.seek($, @)", " orders-0 5", func(m *client.Consumer, a *call) error {
		return m.Seek(a.now, a.topic.Name, a.partition, a.offset)
	}),
	application("pause", "consumer.pause(List.of($))", " orders-0", func(m *client.Consumer, a *call) error {
		return m.Pause(a.now, a.topic.Name, a.partition)
	}),
	application("resume", "consumer.resume(List.of($))", " orders-0", func(m *client.Consumer, a *call) error {
		return m.Resume(a.now, a.topic.Name, a.partition)
	}),
}

// The states of a process, as scripts write them.
var stateNames = [...]string{sim.Running: "running", sim.Frozen: "frozen", sim.Crashed: "crashed", sim.Left: "left"}

// process makes a verb that does something to a consumer's process, from some of its
// states.
func process(second, same string, do func(*sim.World, *sim.Consumer), from ...sim.State) verb {
	words := "consumer " + second
	return verb{words: words, min: 3, max: 3, example: words + " c1",
		run: func(r *Runner, l *Line) error {
			c, err := r.consumer(l.Words[2])
			if err != nil {
				return err
			}
			for _, s := range from {
				if c.State() == s {
					do(r.World, c)
					return nil
				}
			}
			return wrongState(c, second)
		},
		same: func(l *Line) string { return strings.ReplaceAll(same, "$", l.Words[2]) }}
}

func wrongState(c *sim.Consumer, second string) error {
	text := c.Name + " is " + stateNames[c.State()] + ", so it cannot " + second + ": "
	switch c.State() {
	case sim.Running:
		return errors.New(text + "it runs already")
	case sim.Frozen:
		return errors.New(text + "first, consumer thaw " + c.Name)
	}
	return errors.New(text + "first, consumer restart " + c.Name)
}

// call is what an application gives to its consumer.
type call struct {
	now       engine.Time
	topic     engine.TopicView
	partition engine.Partition
	offset    engine.Offset
}

// application makes a verb that calls a running consumer as its own application
// would: with nothing, with a partition, or with a partition and an offset.
func application(second, same, words string, do func(m *client.Consumer, a *call) error) verb {
	n := 3 + strings.Count(words, " ")
	return verb{words: "consumer " + second, min: n, max: n, example: "consumer " + second + " c1" + words,
		run: func(r *Runner, l *Line) error {
			c, err := r.consumer(l.Words[2])
			if err != nil {
				return err
			}
			if c.State() != sim.Running {
				return wrongState(c, second)
			}
			var a call
			if n > 3 {
				if a.topic, a.partition, _, err = r.partition(l.Words[3]); err != nil {
					return err
				}
			}
			if n > 4 {
				o, err := number("an offset", l.Words[4], 0, 1<<53)
				if err != nil {
					return err
				}
				a.offset = engine.Offset(o)
			}
			r.World.Do(c, func(m *client.Consumer, now engine.Time) {
				a.now = now
				err = do(m, &a)
			})
			if err != nil {
				return errors.New(c.Name + ": " + err.Error())
			}
			return nil
		},
		same: func(l *Line) string {
			text := same
			if topic, p, err := partition(l.word(3)); err == nil {
				text = strings.Replace(text, "$", "new TopicPartition(\""+topic+"\", "+itoa(int64(p))+")", 1)
			}
			return strings.Replace(text, "@", l.word(4), 1)
		}}
}

// addConsumer: process and commit are about the application around the consumer, host
// is shown by describe; everything else is a setting of Kafka's consumer.
func addConsumer(r *Runner, l *Line) error {
	name := l.Words[2]
	if err := checkName("consumer", name); err != nil {
		return err
	}
	cfg := client.DefaultConsumerConfig()
	cfg.ClientID, cfg.Host = name, "/127.0.0.1"
	for _, s := range l.Settings {
		if err := consumerSetting(&cfg, s); err != nil {
			return err
		}
	}
	if cfg.GroupID == "" || len(cfg.Topics) == 0 {
		return errors.New("consumer add needs a group and topics, as in: consumer add " + name + " group=billing topics=orders")
	}
	if err := cfg.Check(); err != nil {
		return err
	}
	_, err := r.World.AddConsumer(cfg, string(appendSettings(nil, l.Settings)))
	return err
}

func consumerSetting(cfg *client.ConsumerConfig, s Setting) error {
	switch s.Name {
	case "group":
		if cfg.GroupID = s.Value; len(s.Value) > maxGroup {
			return errors.New("a group's name has at most 255 bytes here")
		}
	case "host":
		cfg.Host = s.Value
	case "client.id", "group.id":
		return errors.New("column " + itoa(int64(s.Column)) + ": client.id is the consumer's name, and group.id is written group=")
	case "topics":
		cfg.Topics = strings.Split(s.Value, ",")
		for _, t := range cfg.Topics {
			if !engine.ValidTopicName(t) {
				return refused(engine.InvalidTopic, clip(t)+" cannot be the name of a topic: it has up to 249 letters, digits, dots, _ and -")
			}
		}
	default:
		if len(s.Value) > maxValue {
			return errors.New("column " + itoa(int64(s.Column)) + ": no setting is as long as that")
		}
		return cfg.Set(s.Name, kafkaValue(s))
	}
	return nil
}

const maxGroup = 255 // bytes of a group's name

func setConsumer(r *Runner, l *Line) error {
	c, err := r.consumer(l.Words[2])
	if err != nil {
		return err
	}
	text, ok := l.setting("process")
	if !ok {
		return errors.New("consumer set needs a setting, as in: consumer set c1 process=2s")
	}
	ms, err := client.Duration(text)
	if err == nil {
		r.World.SetProcess(c, ms, merged(c.Settings, l.Settings))
	}
	return err
}

func (r *Runner) consumer(name string) (*sim.Consumer, error) {
	if c := r.World.Consumer(name); c != nil {
		return c, nil
	}
	var list []string
	for _, c := range r.World.Consumers() {
		list = append(list, c.Name)
	}
	return nil, errors.New(missing("consumer", name, list))
}

func sameConsumer(l *Line) string {
	text := "kafka-console-consumer --bootstrap-server localhost:9092"
	for _, s := range l.Settings {
		switch s.Name {
		case "topics":
			if strings.Contains(s.Value, ",") {
				text += " --include " + arg(strings.ReplaceAll(s.Value, ",", "|"))
			} else {
				text += " --topic " + arg(s.Value)
			}
		case "group":
			text += " --group " + arg(s.Value)
		case "process", "host":
		case "commit":
			text += " --consumer-property enable.auto.commit=" + strconv.FormatBool(s.Value == "auto")
		default:
			text += " --consumer-property " + arg(s.Name+"="+kafkaValue(s))
		}
	}
	return text
}
