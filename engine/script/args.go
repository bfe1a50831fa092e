package script

import (
	"partita/engine"
	"partita/engine/sim"
)

// args is what a line is about: the words after its verb, looked up as the verb's form
// says. All that the form asks for is there when a verb runs.
type args struct {
	*Line
	words    []string // after the verb
	topic    *engine.TopicView
	group    *engine.GroupView
	at       *place
	consumer *sim.Consumer
	producer *sim.Producer
	offset   engine.Offset
	broker   int32
}

// place is one partition.
type place struct {
	engine.TopicPartition
	id   engine.TopicID
	view engine.PartitionView
}

// What a verb's form has a letter for: each stands for a word, and those after | may
// be left out. Any other letter is a word that the verb reads itself.
const (
	isTopic     = 't'
	isPartition = 'p' // orders-0
	isConsumer  = 'c'
	isProducer  = 'd'
	isGroup     = 'g'
	isOffset    = 'o'
	isBroker    = 'b'
)

// look looks up the words of a line; it fails where one names nothing.
func (r *Runner) look(v *verb, l *Line) *args {
	a := &args{Line: l, words: l.Words[v.count():]}
	if v.form == anyWords {
		return a
	}
	for i, j := 0, 0; i < len(a.words); i, j = i+1, j+1 {
		if v.form[j] == '|' {
			j++
		}
		word := a.words[i]
		switch v.form[j] {
		case isTopic:
			a.topic = r.topic(word)
		case isPartition:
			a.at = r.place(word)
		case isConsumer:
			a.consumer = r.consumer(word)
		case isProducer:
			a.producer = r.producer(word)
		case isGroup:
			a.group = r.group(word)
		case isOffset:
			a.offset = engine.Offset(r.number("an offset", word, 0, 1<<53))
		case isBroker:
			a.broker = r.broker(word)
		}
	}
	return a
}

// word gives the i-th word after the verb, empty when there are fewer.
func (a *args) word(i int) string {
	if i < len(a.words) {
		return a.words[i]
	}
	return ""
}

// topic finds a topic by name; nil when there is none.
func (r *Runner) topic(name string) *engine.TopicView {
	t, ok := r.World.Engine().Topic(name)
	if !ok {
		r.fail(r.noTopic(name))
		return nil
	}
	return &t
}

func (r *Runner) noTopic(name string) string {
	m := missing{what: sim.Mark + "topic", name: name}
	r.World.Engine().Topics(func(t engine.TopicView) bool {
		m.is(t.Name)
		return true
	})
	return m.text()
}

// place finds a partition written as orders-0; nil when there is none.
func (r *Runner) place(text string) *place {
	name, p := r.splitPartition(text)
	if name == "" {
		return nil
	}
	t := r.topic(name)
	if t == nil {
		return nil
	}
	v, ok := r.World.Engine().Partition(t.ID, p)
	if !ok {
		r.fail(sim.Phrase("there is no ", clip(text), ": ", name, " has the partitions 0 to ", itoa(int64(t.Partitions)-1)))
		return nil
	}
	return &place{engine.TopicPartition{Topic: name, Partition: p}, t.ID, v}
}

// group finds a group by name; nil when there is none.
func (r *Runner) group(name string) *engine.GroupView {
	g, ok := r.World.Engine().Group(name)
	if !ok {
		r.fail(r.noGroup(name))
		return nil
	}
	return &g
}

func (r *Runner) noGroup(name string) string {
	m := missing{what: sim.Mark + "group", name: name}
	r.World.Engine().Groups(func(g engine.GroupView) bool {
		m.is(g.Name)
		return true
	})
	return m.text()
}

func (r *Runner) consumer(name string) *sim.Consumer {
	c := r.World.Consumer(name)
	if c == nil {
		m := missing{what: sim.Mark + "consumer", name: name}
		for _, c := range r.World.Consumers() {
			m.is(c.Name)
		}
		if group := r.groupOfOutsider(name); group != "" {
			r.fail(clip(name) + " is run from elsewhere: what works on it is member freeze " + group + " " + clip(name) + ", and member thaw")
		}
		r.fail(m.text())
	}
	return c
}

func (r *Runner) producer(name string) *sim.Producer {
	p := r.World.Producer(name)
	if p == nil {
		m := missing{what: sim.Mark + "producer", name: name}
		for _, p := range r.World.Producers() {
			m.is(p.Name)
		}
		r.fail(m.text())
	}
	return p
}

// missing says that there is nothing of that name, and what there is.
type missing struct {
	what, name, list string
	n                int
}

func (m *missing) is(name string) {
	if m.n++; m.n <= 12 {
		m.list += ", " + clip(name)
	}
}

func (m *missing) text() string {
	what, name := m.what, clip(m.name)
	switch {
	case m.n == 0:
		return sim.Phrase("no ", what, " called ", name, ": there are none yet")
	case m.n == 1:
		return sim.Phrase("no ", what, " called ", name, ": there is ", m.list[2:])
	case m.n > 12:
		m.list = sim.Phrase("", m.list[2:], " and more")
	default:
		m.list = m.list[2:]
	}
	return sim.Phrase("no ", what, " called ", name, ": there are ", m.list)
}
