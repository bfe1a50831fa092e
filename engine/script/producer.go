package script

import (
	"strings"

	"partita/engine/client"
	"partita/engine/sim"
)

var producerVerbs = []verb{
	{words: "producer add", min: 3, max: 3, settings: "*", run: addProducer,
		example: "producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 value=\"ride {n}\" acks=all",
		same: same{text: "kafka-producer-perf-test --num-records 1000000 --record-size 100",
			tail: " --producer-props bootstrap.servers=localhost:9092", props: " ",
			flags: []flag{{"topic", " --topic "}, {"rate", " --throughput "}, {"keys", ""}, {"value", ""}}}},
	{words: "producer set", min: 3, max: 3, settings: "topic rate keys value", run: setProducer, example: "producer set p1 rate=20/s"},
	onProducer("pause", func(w *sim.World, p *sim.Producer) { w.SetPaused(p, true) }),
	onProducer("resume", func(w *sim.World, p *sim.Producer) { w.SetPaused(p, false) }),
	onProducer("remove", (*sim.World).RemoveProducer),
}

func onProducer(second string, do func(*sim.World, *sim.Producer)) verb {
	words := "producer " + second
	return verb{words: words, min: 3, max: 3, example: words + " p1", run: func(r *Runner, l *Line) {
		if p := r.producer(l.Words[2]); p != nil {
			do(r.World, p)
		}
	}}
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
			r.fail(clip(s.Value) + " is not a rate: write 5/s for five records a second")
		} else if gen.Rate > sim.MaxRate {
			r.fail("rate is at most 100000/s")
		}
	case "keys":
		gen.Keys = r.keys(s.Value)
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
		r.failAt(s.Column, s.Name+" has at most 1024 bytes")
	}
}

// addProducer: topic, rate, keys and value say what it makes; everything else is a
// setting of Kafka's producer.
func addProducer(r *Runner, l *Line) {
	gen := sim.Generator{Rate: 1000, Value: "{n}"}
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = r.checkName(l.Words[2])
	for _, s := range l.Settings {
		switch {
		case r.generate(&gen, s):
		case s.Name == "client.id":
			r.failAt(s.Column, "client.id is the producer's name")
		default:
			r.short(s)
			r.check(cfg.Set(s.Name, kafkaValue(s)))
		}
	}
	if gen.Topic == "" {
		r.fail("producer add needs a topic, as in: producer add p1 topic=orders")
	}
	if r.check(cfg.Check()) {
		_, err := r.World.AddProducer(cfg, gen, settingsText(l.Settings))
		r.check(err)
	}
}

func setProducer(r *Runner, l *Line) {
	p := r.producer(l.Words[2])
	if p == nil {
		return
	}
	gen := p.Generator()
	for _, s := range l.Settings {
		r.generate(&gen, s)
	}
	if r.err == nil {
		r.World.SetGenerator(p, gen, merged(p.Settings, l.Settings))
	}
}

// merged is a settings text with some settings changed.
func merged(text string, changed []Setting) string {
	old, _ := Parse(text)
	for _, s := range changed {
		i := 0
		for i < len(old.Settings) && old.Settings[i].Name != s.Name {
			i++
		}
		old.Settings = append(old.Settings[:i], append([]Setting{s}, old.Settings[min(i+1, len(old.Settings)):]...)...)
	}
	return settingsText(old.Settings)
}

func (r *Runner) producer(name string) *sim.Producer {
	p := r.World.Producer(name)
	if p == nil {
		m := missing{what: "producer", name: name}
		for _, p := range r.World.Producers() {
			m.is(p.Name)
		}
		r.fail(m.text())
	}
	return p
}
