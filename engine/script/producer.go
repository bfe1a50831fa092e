package script

import (
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func producerVerbs() []verb {
	return []verb{
		{words: "producer add", form: "w", settings: "*", run: addProducer,
			example: "producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 value=\"ride {n}\" acks=all",
			same: same{text: "kafka-producer-perf-test --num-records 1000000 --record-size 100",
				tail: " --producer-props bootstrap.servers=localhost:9092", props: " ",
				flags: []flag{{"topic", " --topic "}, {"rate", " --throughput "}, {"keys", ""}, {"value", ""}, {"transaction", ""}}}},
		{words: "producer set", form: "d", settings: "*", run: setProducer, example: "producer set p1 rate=20/s", same: same{write: sameProducer}},
		onProducer("pause", "no Kafka setting: your code does not call send() for a while", func(w *sim.World, p *sim.Producer) { w.SetPaused(p, true) }),
		onProducer("resume", "no Kafka setting: your code calls send() again", func(w *sim.World, p *sim.Producer) { w.SetPaused(p, false) }),
		onProducer("remove", "producer.close()", (*sim.World).RemoveProducer),
		onProducer("crash", "kill -9, of the process of @2", (*sim.World).CrashProducer),
		onProducer("freeze", "kill -STOP, of the process of @2", (*sim.World).FreezeProducer),
		onProducer("thaw", "kill -CONT, of the process of @2", (*sim.World).ThawProducer),
		{words: "producer send", form: "d|w", settings: "key partition value", run: sendBy, example: "producer send p1 \"a value\" key=truck-7", same: same{text: "producer.send(new ProducerRecord(topic, key, value))"}},
		transaction("begin", "beginTransaction", (*client.Producer).Begin),
		transaction("commit", "commitTransaction", (*client.Producer).Commit),
		transaction("abort", "abortTransaction", (*client.Producer).Abort),
	}
}

func onProducer(second, text string, do func(*sim.World, *sim.Producer)) verb {
	words := "producer " + second
	return verb{words: words, form: "d", example: words + " p1", same: same{text: text}, run: func(r *Runner, a *args) { do(r.World, a.producer) }}
}

// transaction makes a verb that calls a producer as its application would.
func transaction(second, method string, do func(*client.Producer, engine.Time) error) verb {
	words := "producer " + second
	return verb{words: words, form: "d", example: words + " p1", same: same{text: "producer." + method + "()"}, run: func(r *Runner, a *args) {
		if err := r.World.DoProducer(a.producer, do); err != nil {
			r.fail(sim.Phrase("", a.producer.Name, ": ", err.Error()))
		}
	}}
}

// sendBy writes one record with a producer of ours, as send does with the console's.
func sendBy(r *Runner, a *args) {
	topic := a.producer.Generator().Topic
	if t := r.writable(topic); t != nil {
		if p, key, value := r.record(a, t); r.err == nil {
			r.check(r.World.SendBy(a.producer, topic, p, key, value))
		}
	}
}

const maxValue = 1024 // bytes of a setting and of a producer's value pattern

// generate takes a setting that says what a producer makes; false for any other.
func (r *Runner) generate(gen *sim.Generator, s Setting) bool {
	switch s.Name {
	case "topic":
		r.writable(s.Value)
		gen.Topic = s.Value
	case "rate":
		var ok bool
		if gen.Rate, ok = thousandths(strings.TrimSuffix(s.Value, "/s")); !ok {
			r.fail(sim.Phrase("", clip(s.Value), " is not a rate: write 5/s for five records a second"))
		} else if gen.Rate > sim.MaxRate {
			r.fail(sim.Mark + "rate is at most 100000/s")
		}
	case "keys":
		gen.Keys = r.keys(s.Value)
	case "transaction":
		gen.PerTxn = r.number("transaction, in records,", s.Value, 0, 1<<31)
	case "value":
		r.short(s)
		gen.Value = s.Value
	default:
		return false
	}
	return true
}

// short refuses a setting that is too long to be meant.
func (r *Runner) short(s Setting) {
	if len(s.Value) > maxValue {
		r.failAt(s.Column, sim.Phrase("", s.Name, " has at most 1024 bytes"))
	}
}

// addProducer: topic, rate, keys and value say what it makes; everything else is a
// setting of Kafka's producer.
func addProducer(r *Runner, a *args) {
	cfg, gen := r.producerConfig(a.words[0], a.Settings)
	if r.check(cfg.Check()) {
		_, err := r.World.AddProducer(cfg, gen, settingsText(a.Settings))
		r.check(err)
	}
}

// producerConfig reads the settings of a producer, and what it makes.
func (r *Runner) producerConfig(name string, settings []Setting) (client.ProducerConfig, sim.Generator) {
	gen := sim.Generator{Rate: 1000, Value: "{n}"}
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = r.checkName(name)
	for _, s := range settings {
		switch {
		case r.generate(&gen, s):
		case s.Name == "client.id":
			r.failAt(s.Column, sim.Mark+"client.id is the producer's name")
		default:
			r.short(s)
			r.check(cfg.Set(s.Name, kafkaValue(s)))
		}
	}
	if gen.Topic == "" {
		r.fail(sim.Mark + "producer add needs a topic, as in: producer add p1 topic=orders")
	}
	return cfg, gen
}

// setProducer changes what a producer makes, at once; for a setting of Kafka's it takes a
// new process, as with Kafka. An empty value goes back to the default.
func setProducer(r *Runner, a *args) {
	p := a.producer
	all := merged(p.Settings, a.Settings)
	if generates(a.Line) {
		gen := p.Generator()
		for _, s := range a.Settings {
			r.generate(&gen, s)
		}
		if r.err == nil {
			r.World.SetGenerator(p, gen, all)
		}
		return
	}
	l, _ := Parse(all)
	cfg, gen := r.producerConfig(p.Name, l.Settings)
	if r.check(cfg.Check()) {
		r.check(r.World.ReconfigureProducer(p, cfg, gen, all))
	}
}

// generates reports whether a line changes only what a producer makes.
func generates(l *Line) bool {
	for _, s := range l.Settings {
		if !strings.Contains(" "+look(ours[:], "producer add")+" ", " "+s.Name+" ") || s.Value == "" {
			return false
		}
	}
	return true
}

func sameProducer(l *Line) string {
	if generates(l) {
		return "no Kafka setting: what your own code gives to send(), and how often"
	}
	return "producer.properties: " + configsText(l) + ", and a new process"
}

// merged is a settings text with some settings changed; those with an empty value are gone.
func merged(text string, changed []Setting) string {
	old, _ := Parse(text)
	for _, s := range changed {
		i := 0
		for i < len(old.Settings) && old.Settings[i].Name != s.Name {
			i++
		}
		rest := old.Settings[min(i+1, len(old.Settings)):]
		if s.Value != "" {
			rest = append([]Setting{s}, rest...)
		}
		old.Settings = append(old.Settings[:i], rest...)
	}
	return settingsText(old.Settings)
}
