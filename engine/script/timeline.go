package script

import (
	"partita/engine"
	"partita/engine/sim"
)

var timelineVerbs = []verb{
	{words: "seek", form: "w", time: true, run: seek, example: "seek 12s"},
	{words: "step back", time: true, run: stepBack, example: "step back"},
	{words: "step", time: true, run: step, example: "step"},
	{words: "next back", time: true, run: func(r *Runner, _ *args) { r.goTo((*sim.Timeline).Previous) }, example: "next back"},
	{words: "next", time: true, run: func(r *Runner, _ *args) { r.goTo((*sim.Timeline).Next) }, example: "next"},
	{words: "fork list", time: true, run: forkList, example: "fork list"},
	{words: "show script", time: true, run: showScript, example: "show script"},
	{words: "fork go", form: "w", time: true, run: forkGo, example: "fork go 2"},
}

// looks are the nouns of lines that a timeline does not have to do again: they only look,
// or only move time.
const looks = " show why expect digest help fails trace advance settle play pause speed seek step next fork compare "

// Record starts a timeline of the world, which then goes back and forth by seek, step
// and fork. See sim.NewTimeline.
func (r *Runner) Record(limit int64, save func() any, load func(any)) {
	again := &Runner{World: r.World}
	sim.NewTimeline(r.World, limit, func(line string) { again.Run(line) }, save, load)
}

// tape is the timeline; without one the line fails.
func (r *Runner) tape() *sim.Timeline {
	t := r.World.Tape()
	if t == nil {
		r.fail(sim.Mark + "nobody keeps the past of this world: time only goes forward here")
	}
	return t
}

// quietly moves through time without printing again what trace has printed.
func (r *Runner) quietly(move func() error) {
	if r.trace {
		traced := r.World.OnNote
		r.World.OnNote = r.before
		defer func() { r.World.OnNote = traced }()
	}
	r.check(move())
}

// seek goes to an instant, counted from the beginning of virtual time.
func seek(r *Runner, a *args) {
	to := engine.Time(r.duration(a.words[0]))
	t := r.tape()
	if to > r.World.Now()+maxAdvance {
		r.fail(sim.Mark + "one line advances by at most 30 days")
	}
	if r.err == nil {
		r.quietly(func() error { return t.Seek(to, r.budget()) })
	}
}

// goTo moves through time to where something worth a notice happens.
func (r *Runner) goTo(move func(t *sim.Timeline, budget int) error) {
	if t := r.tape(); t != nil {
		r.quietly(func() error { return move(t, r.budget()) })
	}
}

func step(r *Runner, _ *args) {
	if t := r.tape(); t != nil && !t.Step() {
		r.fail(sim.Mark + "nothing is left to happen")
	}
}

func stepBack(r *Runner, _ *args) {
	if t := r.tape(); t != nil {
		r.quietly(t.StepBack)
	}
}

// forkList prints the ways that the world went: a line for each.
func forkList(r *Runner, _ *args) {
	t := r.tape()
	if t == nil {
		return
	}
	for i, b := range t.Branches() {
		text := itoa(int64(i+1)) + " until " + seconds(b.End)
		if i > 0 {
			text = itoa(int64(i+1)) + " from " + seconds(b.Fork) + " until " + seconds(b.End)
		}
		if b.Line != "" {
			text += ": " + clip(b.Line)
		}
		if b.Lines > 1 {
			text += " and " + itoa(int64(b.Lines-1)) + " more"
		}
		if b.Here {
			text += " (here)"
		}
		r.say(text)
	}
}

func forkGo(r *Runner, a *args) {
	t := r.tape()
	n := r.number("a fork", a.words[0], 1, 1<<31-1)
	if r.err == nil {
		r.quietly(func() error { return t.Go(int(n)-1, r.budget()) })
	}
}

// showScript prints the lines that do this run again from nothing, up to where it is now.
func showScript(r *Runner, _ *args) {
	t := r.tape()
	if t == nil {
		return
	}
	begin, only := r.beside.lines()
	if begin != "" {
		r.say(begin)
	}
	at := engine.Time(0)
	until := func(to engine.Time) {
		if to > at {
			r.say("advance " + itoa(int64(to-at)) + "ms")
			at = to
		}
	}
	start, _ := t.Span()
	until(start)
	now := r.World.Now()
	t.Edits(-1, func(when engine.Time, line string) {
		for len(only) > 0 && only[0].at < when {
			until(only[0].at)
			r.say(only[0].line)
			only = only[1:]
		}
		if when <= now {
			until(when)
			r.say(line)
		}
	})
	for _, e := range only {
		if e.at <= now {
			until(e.at)
			r.say(e.line)
		}
	}
	until(now)
}

// edited tells the timeline of a line that has changed the world, and the run beside it.
func (r *Runner) edited(line string) {
	r.World.Tape().Edit(line)
	if r.beside != nil {
		r.inOther(line)
	}
}
