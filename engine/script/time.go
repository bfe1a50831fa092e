package script

import (
	"errors"
	"strconv"

	"partita/engine"
)

var timeVerbs = []verb{
	{words: "advance", min: 2, max: 2, time: true, run: advance, example: "advance 500ms"},
	{words: "settle", min: 1, max: 1, time: true, run: settle, example: "settle"},
	{words: "play", min: 1, max: 1, time: true, example: "play",
		run: func(r *Runner, _ *Line) error { return r.clock(func(c Clock) { c.Play() }) }},
	{words: "pause", min: 1, max: 1, time: true, example: "pause",
		run: func(r *Runner, _ *Line) error { return r.clock(func(c Clock) { c.Pause() }) }},
	{words: "speed", min: 2, max: 2, time: true, run: speed, example: "speed 2"},
	{words: "trace", min: 2, max: 2, time: true, run: trace, example: "trace on"},
	{words: "link", min: 1, max: 1, settings: []string{"latency"}, run: link, example: "link latency=50ms"},
	{words: "clear", min: 1, max: 1, example: "clear",
		run: func(r *Runner, _ *Line) error { r.World.Clear(); return nil }},
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
func advance(r *Runner, l *Line) error {
	ms, err := duration(l.Words[1])
	if err != nil {
		return err
	}
	if ms > maxAdvance {
		return errors.New("one line advances by at most 30 days")
	}
	to := r.World.Now() + engine.Time(ms)
	if got := r.World.Advance(to, r.budget()); got < to {
		return errors.New("too much happens for one line: time stands at " + seconds(got) + " instead of " + seconds(to))
	}
	return nil
}

// settle lets time pass until nothing is left to happen but heartbeats.
func settle(r *Runner, _ *Line) error {
	if done, why := r.World.Settle(r.budget()); !done {
		return errors.New("this does not settle: " + why)
	}
	return nil
}

func (r *Runner) clock(do func(Clock)) error {
	if r.Clock == nil {
		return errors.New("there is no clock to move here: time goes on by advance and settle")
	}
	do(r.Clock)
	return nil
}

// speed takes times as fast: 1 is the speed of the wall clock.
func speed(r *Runner, l *Line) error {
	n, ok := thousandths(l.Words[1])
	if !ok || n < 10 || n > 100_000 {
		return errors.New("speed is from 0.01 to 100, not " + clip(l.Words[1]))
	}
	return r.clock(func(c Clock) { c.SetSpeed(int32(n)) })
}

// trace prints a sentence for each interesting fact, from now on.
func trace(r *Runner, l *Line) error {
	switch l.Words[1] {
	case "on":
		if r.trace {
			return nil
		}
		r.trace, r.before = true, r.World.OnNote
		r.World.OnNote = func(at engine.Time, tone uint8, text string) {
			if r.before != nil {
				r.before(at, tone, text)
			}
			time := seconds(at)
			for range 9 - len(time) {
				r.out = append(r.out, ' ')
			}
			r.say(time + " " + text)
		}
	case "off":
		if r.trace {
			r.trace, r.World.OnNote = false, r.before
		}
	default:
		return errors.New("trace is on or off, not " + clip(l.Words[1]))
	}
	return nil
}

// seconds writes 12300 as 12.300.
func seconds(t engine.Time) string {
	text := strconv.FormatInt(int64(t)%1000+1000, 10)
	return itoa(int64(t)/1000) + "." + text[1:]
}

// link sets how long a request or reply of every simulated client takes, one way.
func link(r *Runner, l *Line) error {
	text, ok := l.setting("latency")
	if !ok {
		return errors.New("link needs a setting, as in: link latency=50ms")
	}
	ms, err := duration(text)
	if err == nil && ms > maxLatency {
		err = errors.New("latency is at most 1m")
	}
	if err == nil {
		r.World.SetLatency(ms)
	}
	return err
}
