package script

import (
	"partita/engine"
	"partita/engine/sim"
)

var timeVerbs = []verb{
	{words: "advance", form: "w", time: true, run: advance, example: "advance 500ms"},
	{words: "settle", time: true, run: settle, example: "settle"},
	{words: "play", time: true, run: func(r *Runner, _ *args) { r.clock(Clock.Play) }, example: "play"},
	{words: "pause", time: true, run: func(r *Runner, _ *args) { r.clock(Clock.Pause) }, example: "pause"},
	{words: "speed", form: "w", time: true, run: speed, example: "speed 2"},
	{words: "trace", form: "w", time: true, run: trace, example: "trace on"},
	{words: "clear", time: true, run: func(r *Runner, _ *args) { r.World.Clear() }, example: "clear"},
}

const (
	maxAdvance  = 30 * 24 * 3_600_000 // ms of one line
	maxLatency  = 60_000              // ms
	defaultWork = 100_000_000
)

func (r *Runner) budget() int {
	if r.MaxWork > 0 {
		return int(r.MaxWork)
	}
	return defaultWork
}

// advance lets time pass.
func advance(r *Runner, a *args) {
	ms := r.duration(a.words[0])
	if ms > maxAdvance {
		r.fail(sim.Mark + "one line advances by at most 30 days")
	}
	if r.err != nil {
		return
	}
	to := r.World.Now() + engine.Time(ms)
	if got := r.World.Advance(to, r.budget()); got < to {
		r.fail(sim.Phrase("too much happens for one line: time stands at ", seconds(got), " instead of ", seconds(to)))
	}
}

// settle lets time pass until nothing is left to happen but heartbeats.
func settle(r *Runner, _ *args) {
	if done, why := r.World.Settle(r.budget()); !done {
		r.fail(sim.Phrase("this does not settle: ", why))
	}
}

func (r *Runner) clock(do func(Clock)) {
	switch {
	case r.err != nil:
	case r.Clock == nil:
		r.fail(sim.Mark + "there is no clock to move here: time goes on by advance and settle")
	default:
		do(r.Clock)
	}
}

// speed takes times as fast: 1 is the speed of the wall clock.
func speed(r *Runner, a *args) {
	n, ok := thousandths(a.words[0])
	if !ok || n < 10 || n > 100_000 {
		r.fail(sim.Phrase("speed is from 0.01 to 100, not ", clip(a.words[0])))
	}
	r.clock(func(c Clock) { c.SetSpeed(int32(n)) })
}

// trace prints a sentence for each interesting fact, from now on.
func trace(r *Runner, a *args) {
	on := a.words[0] == "on"
	switch {
	case !on && a.words[0] != "off":
		r.fail(sim.Phrase("trace is on or off, not ", clip(a.words[0])))
	case on == r.trace:
	case on:
		r.before = r.World.OnNote
		r.World.OnNote = func(at engine.Time, tone uint8, text string) {
			if r.before != nil {
				r.before(at, tone, text)
			}
			time := seconds(at)
			r.say("         "[min(9, len(time)):] + time + " " + sim.Plain(text))
		}
		r.trace = true
	default:
		r.World.OnNote, r.trace = r.before, false
	}
}

// seconds writes 12300 as 12.300.
func seconds(t engine.Time) string {
	return itoa(int64(t)/1000) + "." + itoa(int64(t)%1000 + 1000)[1:]
}

// link sets how long a request or reply of every simulated client takes, one way.
func link(r *Runner, a *args) {
	text, _ := a.setting("latency")
	ms := r.duration(text)
	if ms > maxLatency {
		r.fail(sim.Mark + "latency is at most 1m")
	}
	if r.err == nil {
		r.World.SetLatency(ms)
	}
}
