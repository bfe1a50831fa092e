package script

import (
	"strings"
	"sync"

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
	// Beside hears of the world of a run that is to stand beside this one; what it gives is
	// as for Record. It may be nil.
	Beside func(w *sim.World) (save func() any, load func(any))

	beside  *beside // what this run is compared with; nil: nothing
	touched bool    // the tool at hand has changed something
	looked  bool    // the line at hand only looks
	err     error   // the first thing that is wrong with the line at hand
	out     []byte
	cells   []string // of the table at hand
	trace   bool
	before  func(at engine.Time, tone uint8, text string) // World.OnNote without the trace
}

// verb is one form of a line.
type verb struct {
	words    string // its first word or two
	form     string // what words follow: see args
	settings string // the names of those it knows; "*" for any
	example  string // of how it is written, for help and for errors
	time     bool   // moves time
	run      func(r *Runner, a *args)
	same     same // what Kafka's own tools or client would be told
}

var (
	verbs []verb
	learn sync.Once
)

// learnVerbs fills verbs. Not in an init function: a program that runs no script would
// carry them all.
func learnVerbs() {
	for _, list := range [...][]verb{topicVerbs, sendVerbs, producerVerbs(), consumerVerbs(), groupVerbs, memberVerbs, brokerVerbs(), linkVerbs(), accessVerbs(), timeVerbs, timelineVerbs, compareVerbs(), clusterShows, showVerbs, expectVerbs(), clusterExpectations(), failVerbs} {
		verbs = append(verbs, list...)
	}
}

// Run does one line. Its output is for people and may have several lines; the error is
// a sentence that says what is wrong and what to do. A line that says nothing does nothing.
func (r *Runner) Run(line string) (output string, err error) {
	learn.Do(learnVerbs)
	r.out, r.cells, r.err, r.looked = r.out[:0], r.cells[:0], nil, false
	if tool, fails := strings.CutPrefix(line, "fails "); isTool(tool) {
		r.touched = false
		r.World.Act(tool)
		r.runTool(tool)
		r.World.Acted(r.touched && r.err == nil)
		if r.touched && r.err == nil {
			r.edited(tool)
		}
		r.looked = !r.touched
		if fails {
			r.failed(tool)
		}
		return sim.Plain(r.Said()), r.err
	}
	if rest, ok := strings.CutPrefix(line, "other "); ok {
		r.onlyOther(rest)
		return sim.Plain(r.Said()), r.err
	}
	l, err := Parse(line)
	if err != nil {
		return "", err
	}
	switch {
	case len(l.Words) > 0 && strings.Contains(looks, " "+l.Words[0]+" "):
		r.looked = l.Words[0] == "show" || l.Words[0] == "help"
		if r.do(&l); r.beside != nil && r.err == nil {
			r.inStep()
		}
	case len(l.Words) > 0:
		r.World.Act(line)
		r.do(&l)
		r.World.Acted(r.err == nil)
		if r.err == nil {
			r.edited(line)
		}
	case len(l.Settings) > 0:
		r.fail(sim.Phrase("a line begins with a word: there are ", nouns()))
	}
	return sim.Plain(r.Said()), r.err
}

// Said is the output of the last line of Run, which may be a phrase.
func (r *Runner) Said() string { return strings.TrimRight(string(r.out), "\n") }

// Looked reports whether the last line of Run only looked: the world is as it was.
func (r *Runner) Looked() bool { return r.looked }

func (r *Runner) do(l *Line) {
	v := r.find(l)
	if v != nil && v.time && r.Live {
		r.fail(sim.Phrase("this room follows the wall clock: ", v.words, " works only in a world of its own"))
	}
	if r.err != nil {
		return
	}
	if a := r.look(v, l); r.err == nil {
		v.run(r, a)
	}
}

// fail keeps the first error of a line. What looks things up for a verb calls it and
// then gives nil or zero; the verb need not pass it on.
func (r *Runner) fail(text string) {
	if r.err == nil {
		r.err = refusal(text)
	}
}

// check keeps the first error of a line, and reports whether all is well.
func (r *Runner) check(err error) bool {
	if r.err == nil {
		r.err = err
	}
	return r.err == nil
}

// failAt is fail at a column of the line.
func (r *Runner) failAt(column int, text string) {
	r.fail(sim.Phrase("column ", itoa(int64(column)), ": ", text))
}

// refused fails with a sentence that begins with Kafka's name for an error code; it
// reports false, and does nothing, for None.
func (r *Runner) refused(code engine.Code, text string) bool {
	if code == engine.None {
		return false
	}
	r.fail(sim.Phrase("", code.String(), ": ", text))
	return true
}

// say adds one line to the output.
func (r *Runner) say(text string) {
	r.out = append(append(r.out, text...), '\n')
}

// find looks up the verb of a line, and fails where its form is wrong.
func (r *Runner) find(l *Line) *verb {
	noun, others := l.Words[0], ""
	for i := range verbs {
		v := &verbs[i]
		first, second, _ := strings.Cut(v.words, " ")
		switch {
		case first != noun:
		case second == "" || second == l.word(1):
			r.checkForm(v, l)
			return v
		default:
			others += ", " + second
		}
	}
	switch {
	case others == "":
		r.fail(sim.Phrase("no verb called ", clip(noun), ": there are ", nouns()))
	case len(l.Words) == 1:
		r.fail(sim.Phrase("", noun, " what? There are ", others[2:]))
	default:
		r.fail(sim.Phrase("no ", noun, " ", clip(l.Words[1]), ": there are ", others[2:]))
	}
	return nil
}

func (r *Runner) checkForm(v *verb, l *Line) {
	least, more, _ := strings.Cut(v.form, "|")
	most := v.count() + len(least) + len(more)
	switch n := len(l.Words); {
	case v.form == anyWords && n > 1:
	case n < v.count()+len(least):
		r.fail(sim.Phrase("", v.words, " needs more words, as in: ", v.example))
	case n > most:
		r.failAt(l.columns[most], sim.Phrase("", v.words, " does not know what to do with ", clip(l.Words[most]), ". It is written like this: ", v.example))
	}
	for _, s := range l.Settings {
		if v.settings != "*" && !strings.Contains(" "+v.settings+" ", " "+s.Name+" ") {
			r.failAt(s.Column, sim.Phrase("", v.words, " has no setting ", clip(s.Name), ". It is written like this: ", v.example))
		}
	}
}

// nouns lists the first words of all verbs.
func nouns() string {
	list := ""
	for i := range verbs {
		if noun := verbs[i].noun(); !strings.Contains(list+",", " "+noun+",") {
			list += ", " + noun
		}
	}
	return list[2:]
}

// count is the number of the verb's own words.
func (v *verb) count() int { return 1 + strings.Count(v.words, " ") }

func (v *verb) noun() string {
	noun, _, _ := strings.Cut(v.words, " ")
	return noun
}
