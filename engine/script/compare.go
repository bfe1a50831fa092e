package script

import (
	"partita/engine"
	"partita/engine/sim"
)

func compareVerbs() []verb {
	return []verb{
		{words: "compare set", settings: "*", time: true, run: compareSet, example: "compare set acks=all"},
		{words: "compare begin", time: true, run: compareBegin, example: "compare begin"},
		{words: "compare fork", form: "w", time: true, run: compareFork, example: "compare fork 1"},
		{words: "compare show", time: true, run: compareShow, example: "compare show"},
		{words: "show events", time: true, run: showEvents, example: "show events"},
		{words: "compare end", time: true, run: func(r *Runner, _ *args) { r.beside = nil }, example: "compare end"},
		{words: "other", form: anyWords, settings: "*", time: true, example: "other broker crash 102",
			run: func(r *Runner, _ *args) { r.noOther() }}, // Run takes it before it is parsed
	}
}

// besideBytes bounds what the other run keeps of its past.
const besideBytes = 16 << 20

// beside is a second run that stands beside the first, in step with it. Lines go to both.
type beside struct {
	run    *Runner
	what   string    // how it differs
	change []Setting // that each line of it has instead
	forked bool      // it began as another branch
	only   []timed   // lines for it alone
}

type timed struct {
	at   engine.Time
	line string
}

// Other is the world of the run that stands beside this one and how it differs; nil
// without one.
func (r *Runner) Other() (w *sim.World, what string) {
	if r.beside == nil {
		return nil, ""
	}
	return r.beside.run.World, r.beside.what
}

// Follow brings the run that stands beside this one to the same time, with at most about
// budget pieces of work; false when it is not there yet.
func (r *Runner) Follow(budget int) bool {
	if r.beside == nil {
		return true
	}
	w, now := r.beside.run.World, r.World.Now()
	if w.Now() > now {
		return w.Tape().Seek(now, budget) == nil
	}
	return w.Advance(now, budget) == now
}

// inStep is Follow for a line, which fails when the other run does not get there.
func (r *Runner) inStep() bool {
	if !r.Follow(r.budget()) {
		r.fail(sim.Phrase("too much happens in the other run: its time stands at ", seconds(r.beside.run.World.Now())))
	}
	return r.err == nil
}

// compareSet begins a run like this one in which each line has other settings.
func compareSet(r *Runner, a *args) {
	if len(a.Settings) == 0 {
		r.fail(sim.Mark + "compare set needs a setting, as in: compare set acks=all")
		return
	}
	what := ""
	for _, s := range a.Settings {
		what += " " + s.Name + "=" + s.Value
	}
	r.compare(&beside{what: what[1:], change: a.Settings}, -1)
}

func compareBegin(r *Runner, _ *args) {
	r.compare(&beside{what: "the same so far"}, -1)
}

func compareFork(r *Runner, a *args) {
	n := r.number("a fork", a.words[0], 1, 1<<31-1)
	if r.err == nil {
		r.compare(&beside{what: "fork " + a.words[0], forked: true}, int(n)-1)
	}
}

// compare does the lines of a branch again in a world of their own, up to now.
func (r *Runner) compare(b *beside, branch int) {
	t := r.tape()
	if t == nil {
		return
	}
	w := sim.New(r.World.Config())
	b.run = &Runner{World: w, MaxWork: r.MaxWork}
	save, load := func() any { return nil }, func(any) {}
	if r.Beside != nil {
		save, load = r.Beside(w)
	}
	b.run.Record(besideBytes, save, load)
	now, differ := r.World.Now(), 0
	there := t.Edits(branch, func(at engine.Time, line string) {
		if at > now || r.err != nil {
			return
		}
		w.Advance(at, r.budget())
		changed, err := b.do(line)
		r.check(err)
		if changed {
			differ++
		}
	})
	if !there {
		r.fail(sim.Mark + "there is no such fork: fork list shows them")
	}
	if r.err != nil {
		return
	}
	r.beside = b
	if r.inStep() && b.change != nil {
		r.say(sim.Phrase("", sim.Count(int64(differ), "line"), " of this run so far would be different"))
	}
}

// do does a line in the other run, with its settings where the line can have them.
func (b *beside) do(line string) (changed bool, err error) {
	if other, certain := b.rewrite(line); other != line {
		if _, err = b.run.Run(other); err == nil || certain {
			return true, err
		}
	}
	_, err = b.run.Run(line)
	return false, err
}

// rewrite gives a line the settings of the other run: certain when it has had one of
// them before, else it may turn out that it cannot have them.
func (b *beside) rewrite(line string) (other string, certain bool) {
	l, err := Parse(line)
	if err != nil || len(b.change) == 0 || len(l.Words) == 0 || isTool(line) {
		return line, false
	}
	adds := l.Words[0] == "cluster" || l.word(1) == "add" || l.word(1) == "create"
	for _, s := range b.change {
		at := -1
		for i := range l.Settings {
			if l.Settings[i].Name == s.Name {
				at = i
			}
		}
		switch {
		case at >= 0 && l.Settings[at].Value != s.Value:
			l.Settings[at].Value, certain = s.Value, true
		case at < 0 && adds:
			l.Settings = append(l.Settings, s)
		default:
			continue
		}
		other = l.String()
	}
	if other == "" {
		other = line
	}
	return other, certain
}

// inOther does a line that has changed this world in the other one too.
func (r *Runner) inOther(line string) {
	if line == "clear" {
		r.beside = nil
		return
	}
	if r.inStep() {
		if _, err := r.beside.do(line); err != nil {
			r.say(sim.Phrase("in the other run: ", Told(err)))
		}
	}
}

func (r *Runner) noOther() {
	r.fail(sim.Mark + "no other run stands beside this one: compare set acks=all begins one, or compare begin")
}

// onlyOther does a line in the other run alone.
func (r *Runner) onlyOther(line string) {
	b := r.beside
	if b == nil {
		r.noOther()
		return
	}
	if l, err := Parse(line); err == nil && len(l.Words) > 0 && (l.Words[0] == "compare" || l.Words[0] == "other") {
		r.fail(sim.Mark + "a run beside the other one is too much: two are compared at a time")
		return
	}
	if !r.inStep() {
		return
	}
	output, err := b.run.Run(line)
	if output != "" {
		r.say(output)
	}
	if r.check(err) {
		b.keep(timed{r.World.Now(), "other " + line})
		r.inStep()
	}
}

// keep remembers a line for the other run alone, in the order of their times.
func (b *beside) keep(t timed) {
	i := len(b.only)
	for i > 0 && b.only[i-1].at > t.at {
		i--
	}
	b.only = append(b.only[:i], append([]timed{t}, b.only[i:]...)...)
}

// lines are those that begin the comparison again, and those for the other run alone;
// empty when no line does.
func (b *beside) lines() (begin string, only []timed) {
	switch {
	case b == nil || b.forked:
		return "", nil
	case b.change == nil:
		return "compare begin", b.only
	}
	set := Line{Words: []string{"compare", "set"}, Settings: b.change}
	return set.String(), b.only
}

// compareShow prints what the two runs have come to.
func compareShow(r *Runner, _ *args) {
	if r.beside == nil {
		r.noOther()
		return
	}
	r.row("", "this run", "the other", r.beside.what)
	here, there := r.World.Figures(), r.beside.run.World.Figures()
	for i := range here {
		mark := ""
		if here[i].Value != there[i].Value {
			mark = "differs"
		}
		r.row(here[i].Name, itoa(here[i].Value), itoa(there[i].Value), mark)
	}
	r.table(4)
}
