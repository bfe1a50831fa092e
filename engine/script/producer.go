package script

import (
	"errors"
	"strings"

	"partita/engine/client"
	"partita/engine/sim"
)

var producerVerbs = []verb{
	{words: "producer add", min: 3, max: 3, settings: []string{"*"}, run: addProducer, same: sameProducer,
		example: "producer add p1 topic=orders rate=5/s keys=truck-1..truck-6 value=\"ride {n}\" acks=all"},
	{words: "producer set", min: 3, max: 3, settings: []string{"topic", "rate", "keys", "value"}, run: setProducer,
		example: "producer set p1 rate=20/s"},
	{words: "producer pause", min: 3, max: 3, example: "producer pause p1",
		run: func(r *Runner, l *Line) error { return r.pauseProducer(l, true) }},
	{words: "producer resume", min: 3, max: 3, example: "producer resume p1",
		run: func(r *Runner, l *Line) error { return r.pauseProducer(l, false) }},
	{words: "producer remove", min: 3, max: 3, example: "producer remove p1",
		run: func(r *Runner, l *Line) error {
			p, err := r.producer(l.Words[2])
			if err == nil {
				r.World.RemoveProducer(p)
			}
			return err
		},
		same: func(*Line) string { return "producer.close()" }},
}

const maxValue = 1024 // bytes of a producer's value pattern

// generate takes the settings that say what a producer makes; the others are left.
func (r *Runner) generator(gen *sim.Generator, settings []Setting) (rest []Setting, err error) {
	for _, s := range settings {
		switch s.Name {
		case "topic":
			if t, err := r.topic(s.Value); err != nil {
				return nil, err
			} else if t.Internal {
				return nil, errors.New(t.Name + " is the cluster's own: nobody else writes to it")
			}
			gen.Topic = s.Value
		case "rate":
			gen.Rate, err = rate(s.Value)
			if err == nil && gen.Rate > sim.MaxRate {
				err = errors.New("rate is at most 100000/s")
			}
		case "keys":
			gen.Keys, err = keys(s.Value)
		case "value":
			gen.Value = s.Value
			if len(s.Value) > maxValue {
				err = errors.New("a producer's value has at most 1024 bytes")
			}
		default:
			rest = append(rest, s)
		}
		if err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// addProducer: topic, rate, keys and value say what it makes; everything else is a
// setting of Kafka's producer.
func addProducer(r *Runner, l *Line) error {
	name := l.Words[2]
	if err := checkName("producer", name); err != nil {
		return err
	}
	gen := sim.Generator{Rate: 1000, Value: "{n}"}
	rest, err := r.generator(&gen, l.Settings)
	if err != nil {
		return err
	}
	if gen.Topic == "" {
		return errors.New("producer add needs a topic, as in: producer add " + name + " topic=orders")
	}
	cfg := client.DefaultProducerConfig()
	cfg.ClientID = name
	for _, s := range rest {
		if s.Name == "client.id" || len(s.Value) > maxValue {
			return errors.New("column " + itoa(int64(s.Column)) + ": client.id is the producer's name, and no setting is longer than 1024 bytes")
		}
		if err := cfg.Set(s.Name, kafkaValue(s)); err != nil {
			return err
		}
	}
	if err := cfg.Check(); err != nil {
		return err
	}
	_, err = r.World.AddProducer(cfg, gen, string(appendSettings(nil, l.Settings)))
	return err
}

func setProducer(r *Runner, l *Line) error {
	p, err := r.producer(l.Words[2])
	if err != nil {
		return err
	}
	gen := p.Generator()
	if _, err = r.generator(&gen, l.Settings); err != nil {
		return err
	}
	r.World.SetGenerator(p, gen, merged(p.Settings, l.Settings))
	return nil
}

// merged is a settings text with some settings changed.
func merged(text string, changed []Setting) string {
	old, _ := Parse(text)
	for _, s := range changed {
		found := false
		for i := range old.Settings {
			if old.Settings[i].Name == s.Name {
				old.Settings[i].Value, found = s.Value, true
			}
		}
		if !found {
			old.Settings = append(old.Settings, s)
		}
	}
	return string(appendSettings(nil, old.Settings))
}

func (r *Runner) pauseProducer(l *Line, paused bool) error {
	p, err := r.producer(l.Words[2])
	if err == nil {
		r.World.SetPaused(p, paused)
	}
	return err
}

func (r *Runner) producer(name string) (*sim.Producer, error) {
	if p := r.World.Producer(name); p != nil {
		return p, nil
	}
	var list []string
	for _, p := range r.World.Producers() {
		list = append(list, p.Name)
	}
	return nil, errors.New(missing("producer", name, list))
}

// checkName keeps names to what can be written and shown: Kafka itself takes any.
func checkName(what, name string) error {
	bad := name == "" || len(name) > 64
	for i := range len(name) {
		bad = bad || name[i] <= ' ' || name[i] == ','
	}
	if bad || name == "none" {
		return errors.New(clip(name) + " cannot name a " + what + ": use up to 64 bytes without blanks and commas")
	}
	return nil
}

// kafkaValue takes times in words for Kafka's settings in milliseconds.
func kafkaValue(s Setting) string { return entry(s).Value }

func sameProducer(l *Line) string {
	text, props := "kafka-producer-perf-test --num-records 1000000 --record-size 100", "bootstrap.servers=localhost:9092"
	for _, s := range l.Settings {
		switch s.Name {
		case "topic":
			text += " --topic " + arg(s.Value)
		case "rate":
			text += " --throughput " + arg(strings.TrimSuffix(s.Value, "/s"))
		case "keys", "value":
		default:
			props += " " + arg(s.Name+"="+kafkaValue(s))
		}
	}
	return text + " --producer-props " + props
}
