// Package why says why something is as it is: its formula with the numbers of now, the
// settings behind it, and the chain of causes back to what a person did.
//
// # The answer
//
// An answer is text: a line for each part, whose fields are separated by tabs. The first
// field is one letter that says what the part is. Templates are English sentences in which
// $1, $2 and so on stand for the fields that follow; whoever shows an answer in another
// language looks the template up. \t, \n and \\ in a field stand for a tab, a new line and
// a backslash.
//
//	t template args            the name of the thing
//	h template args            a question; what follows answers it
//	f label value              a fact; the label is a template without arguments
//	= template args            a formula
//	n template args            a sentence
//	s name value default owner a setting: the owner is a thing, as in "consumer c1"
//	c at tone template args    a cause, oldest first: what happened, and when
//	l at line                  the line of script that somebody wrote, where a chain begins
//	o thing template args      something else that can be asked about
//
// # The things
//
//	record orders-0 5          partition orders-0         topic orders
//	hw orders-0                leo orders-0               lso orders-0    start orders-0
//	place billing orders-0     group billing              member billing c1
//	producer p1                broker 101
//	note 17                    a sentence, by its number
//	verdict lost orders-0 5 billing     of the ledger; the group may be left out
//	flight produce p1 orders-0 1200 1250    on its way, from when to when in ms: or fetch c1, replica 102
//	exchange billing c1 join 1200 reply     a request to the coordinator that left at an instant; without reply, not its answer
//	owned billing orders-0 2            in generation 2 of a group
//
// A name with blanks stands in quotes.
package why

import (
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// Asker answers questions about a world. It changes nothing.
type Asker struct {
	World *sim.World
	// Open gives compressed record batches without their codec, or as they are; nil: nothing
	// is opened.
	Open func(batches []byte) []byte
}

// query is one question and its answer so far.
type query struct {
	w    *sim.World
	e    *engine.Engine
	open func([]byte) []byte
	out  []byte
	bad  string // why there is no answer
}

// Why answers a question about one of the things above. The error says what is wrong
// with the question.
func (a *Asker) Why(thing string) (answer string, err error) {
	q := &query{w: a.World, e: a.World.Engine(), open: a.Open}
	words := append(split(thing), "", "", "", "", "", "")
	switch words[0] {
	case "record":
		if p, ok := q.place(words[1]); ok {
			q.record(p, engine.Offset(q.number(words[2])))
		}
	case "partition", "hw", "leo", "lso", "start":
		if p, ok := q.place(words[1]); ok {
			q.partition(p, words[0])
		}
	case "place":
		if p, ok := q.place(words[2]); ok {
			q.standing(words[1], p)
		}
	case "topic":
		q.topic(words[1])
	case "group":
		q.group(words[1])
	case "member":
		q.member(words[1], words[2])
	case "producer":
		q.producer(words[1])
	case "broker":
		q.broker(int32(q.number(words[1])))
	case "note":
		q.note(q.number(words[1]))
	case "verdict":
		if p, ok := q.place(words[2]); ok {
			q.verdict(words[1], p, engine.Offset(q.number(words[3])), words[4])
		}
	case "flight":
		if p, ok := q.place(words[3]); ok {
			q.flight(words[1], words[2], p, engine.Time(q.number(words[4])), engine.Time(q.number(words[5])))
		}
	case "exchange":
		q.exchange(words[1], words[2], words[3], engine.Time(q.number(words[4])), words[5] == "reply")
	case "owned":
		if p, ok := q.place(words[2]); ok {
			q.owned(words[1], p, int32(q.number(words[3])))
		}
	default:
		q.bad = sim.Phrase("nobody can say why of ", sim.Quote(words[0]), ": ask about a record, a partition, a place, a topic, a group, a member, a producer, a broker, a note, a verdict, a flight, an exchange, or who owned what")
	}
	if q.bad != "" {
		return "", sim.Refusal(q.bad)
	}
	return string(q.out), nil
}

// split takes a question apart: words between blanks, or in quotes, where \" and \\ stand
// for themselves.
func split(text string) (words []string) {
	for {
		if text = strings.TrimLeft(text, " "); text == "" {
			return words
		}
		if text[0] != '"' {
			word, rest, _ := strings.Cut(text, " ")
			words, text = append(words, word), rest
			continue
		}
		var word []byte
		i := 1
		for ; i < len(text) && text[i] != '"'; i++ {
			if text[i] == '\\' && i+1 < len(text) {
				i++
			}
			word = append(word, text[i])
		}
		words, text = append(words, string(word)), text[min(i+1, len(text)):]
	}
}

// Question makes a question of words, so that split finds them again.
func Question(words ...string) string {
	for i, w := range words {
		if w == "" || strings.ContainsAny(w, ` "`) {
			words[i] = sim.Quote(w)
		}
	}
	return strings.Join(words, " ")
}

// place is a partition that is asked about.
type place struct {
	engine.TopicPartition
	id engine.TopicID
	v  engine.PartitionView
}

// place reads orders-0.
func (q *query) place(text string) (p place, ok bool) {
	i := strings.LastIndexByte(text, '-')
	n, err := strconv.Atoi(text[i+1:])
	if i > 0 && err == nil {
		p.Topic, p.Partition = text[:i], engine.Partition(n)
		var t engine.TopicView
		if t, ok = q.e.Topic(p.Topic); ok {
			p.id = t.ID
			p.v, ok = q.e.Partition(t.ID, p.Partition)
		}
	}
	if !ok {
		q.bad = sim.Phrase("there is no ", sim.Mark+"partition", " ", text, " now")
	}
	return p, ok
}

func (q *query) number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		q.bad = sim.Phrase("", sim.Quote(text), " is no number")
	}
	return n
}

// put writes one part of the answer.
func (q *query) put(kind byte, fields ...string) {
	q.out = append(q.out, kind)
	for _, f := range fields {
		q.out = append(q.out, '\t')
		for i := range len(f) {
			switch c := f[i]; c {
			case '\t':
				q.out = append(q.out, '\\', 't')
			case '\n':
				q.out = append(q.out, '\\', 'n')
			case '\\':
				q.out = append(q.out, '\\', '\\')
			default:
				q.out = append(q.out, c)
			}
		}
	}
	q.out = append(q.out, '\n')
}

func itoa[T ~int64 | ~int32 | ~int](n T) string { return strconv.FormatInt(int64(n), 10) }

// partOf names a partition of a topic.
func (q *query) partOf(id engine.TopicID, p engine.Partition) string {
	return engine.TopicPartition{Topic: q.e.TopicName(id), Partition: p}.String()
}

// Text fills the templates of an answer, for people.
func Text(answer string) string {
	var out []byte
	for line := range strings.Lines(answer) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for i := range fields {
			fields[i] = sim.Plain(unescape(fields[i]))
		}
		kind := fields[0]
		fields = append(fields[1:], "", "", "", "")
		switch kind {
		case "f":
			out = append(append(append(out, fields[0]...), ": "...), fields[1]...)
		case "s":
			out = append(out, "setting "+fields[0]+"="+fields[1]+" (default "+fields[2]+", "+fields[3]+")"...)
		case "c":
			out = append(out, "at "+fields[0]+" ms "+fill(fields[2], fields[3:])...)
		case "l":
			out = append(out, "at "+fields[0]+" ms › "+fields[1]...)
		case "o":
			continue
		default:
			out = append(out, fill(fields[0], fields[1:])...)
		}
		out = append(out, '\n')
	}
	return string(out)
}

func fill(template string, args []string) (text string) {
	for {
		i := strings.IndexByte(template, '$')
		if i < 0 || i+1 == len(template) {
			return text + template
		}
		text += template[:i]
		if n := int(template[i+1]) - '1'; n >= 0 && n < len(args) {
			text += args[n]
		}
		template = template[i+2:]
	}
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return sim.Swap(s, `\t`, "\t", `\n`, "\n", `\\`, `\`)
}
