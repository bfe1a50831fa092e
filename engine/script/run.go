package script

import (
	"errors"
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/sim"
)

// Clock is the clock of a room that has one of its own, which people can stop.
type Clock interface {
	Play()
	Pause()
	SetSpeed(thousandths int32) // 1000 is 1x
}

// Runner runs lines against a world.
type Runner struct {
	World *sim.World
	Live  bool  // the world follows the wall clock: verbs that move time are refused
	Clock Clock // for play, pause and speed; nil: those are refused
	// MaxWork bounds one line, in pieces of work as World.Advance counts them; 0
	// stands for 100 million.
	MaxWork int64

	trace  bool
	before func(at engine.Time, tone uint8, text string) // World.OnNote without the trace
	out    []byte
}

// verb is one form of a line: its first words, how many words it takes, the settings
// it knows (nil: none; "*" any), and an example that also says what is missing.
type verb struct {
	words    string
	min, max int // words in all
	settings []string
	example  string
	time     bool // moves time
	run      func(r *Runner, l *Line) error
	same     func(l *Line) string // what a Kafka tool or client would be told; may be nil
}

var verbs []*verb

func init() {
	for _, list := range [][]verb{topicVerbs, sendVerbs, producerVerbs, consumerVerbs, groupVerbs, timeVerbs, showVerbs, expectVerbs} {
		for i := range list {
			verbs = append(verbs, &list[i])
		}
	}
}

// Run does one line. Its output is for people and may have several lines; the error is
// a sentence that says what is wrong and what to do. A line that says nothing does nothing.
func (r *Runner) Run(line string) (output string, err error) {
	l, err := Parse(line)
	if err != nil || len(l.Words) == 0 {
		if err == nil && len(l.Settings) > 0 {
			err = errors.New("a line begins with a word: there are " + nouns())
		}
		return "", err
	}
	r.out = r.out[:0]
	err = r.do(&l)
	return strings.TrimRight(string(r.out), "\n"), err
}

func (r *Runner) do(l *Line) error {
	v, err := find(l)
	switch {
	case err != nil:
		return err
	case v.time && r.Live:
		return errors.New("this room follows the wall clock: " + v.words + " works only in a world of its own")
	}
	return v.run(r, l)
}

// find looks up the verb of a line and checks its form.
func find(l *Line) (*verb, error) {
	noun := l.Words[0]
	var seconds []string
	for _, v := range verbs {
		first, second, two := strings.Cut(v.words, " ")
		if first != noun {
			continue
		}
		if two && second != l.word(1) {
			seconds = append(seconds, second)
			continue
		}
		return v, v.check(l)
	}
	switch {
	case seconds == nil:
		return nil, errors.New("no verb called " + clip(noun) + ": there are " + nouns())
	case len(l.Words) == 1:
		return nil, errors.New(noun + " what? There are " + strings.Join(seconds, ", "))
	}
	return nil, errors.New("no " + noun + " " + clip(l.Words[1]) + ": there are " + strings.Join(seconds, ", "))
}

func nouns() string {
	var list []string
	for _, v := range verbs {
		if !slices.Contains(list, v.noun()) {
			list = append(list, v.noun())
		}
	}
	return strings.Join(list, ", ")
}

func (v *verb) noun() string {
	noun, _, _ := strings.Cut(v.words, " ")
	return noun
}

func (v *verb) check(l *Line) error {
	switch n := len(l.Words); {
	case n < v.min:
		return errors.New(v.words + " needs more words, as in: " + v.example)
	case n > v.max:
		return errors.New("column " + itoa(int64(l.columns[v.max])) + ": " + v.words + " does not know what to do with " +
			clip(l.Words[v.max]) + ". It is written like this: " + v.example)
	}
	if len(v.settings) > 0 && v.settings[0] == "*" {
		return nil
	}
	for _, s := range l.Settings {
		if slices.Contains(v.settings, s.Name) {
			continue
		}
		text := "column " + itoa(int64(s.Column)) + ": " + v.words + " has no setting " + clip(s.Name)
		if len(v.settings) > 0 {
			text += ": there are " + strings.Join(v.settings, ", ")
		}
		return errors.New(text)
	}
	return nil
}

// say adds one line to the output.
func (r *Runner) say(text string) {
	r.out = append(append(r.out, text...), '\n')
}

// Equivalent is what one would tell Kafka's own tools or client to the same effect;
// empty when there is nothing like it, or the line is wrong.
func Equivalent(line string) string {
	l, err := Parse(line)
	if err != nil || len(l.Words) == 0 {
		return ""
	}
	v, err := find(&l)
	if err != nil || v.same == nil {
		return ""
	}
	return v.same(&l)
}

// refused turns an error code into a sentence that begins with Kafka's name for it.
func refused(code engine.Code, text string) error {
	if code == engine.None {
		return nil
	}
	return errors.New(code.String() + ": " + text)
}
