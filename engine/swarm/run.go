package swarm

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/script"
	"partita/engine/sim"
)

// Options say what to do beside running.
type Options struct {
	Note  func(at engine.Time, text string) // gets a sentence for each thing worth telling
	Event func(*engine.Event)               // gets each event of the cluster, lent
	Keep  bool                              // Result.Script
}

// Result is what came of one seed.
type Result struct {
	Seed    uint64
	Digest  uint64   // of all events
	Events  int64    // facts of the cluster
	Records int64    // produced
	Steps   int64    // things done in the world
	Script  []string // the whole run as lines
	Excused map[string]int64
	Err     error // what went wrong; nil if nothing did
}

// run is one seed at work.
type run struct {
	Options
	result    Result
	chance    *rand.Rand
	world     *sim.World
	runner    script.Runner
	monitor   *sim.Monitor
	plan      plan
	static    bool   // a consumer has a group.instance.id
	works     string // what all workers have in common
	workers   group
	every     int   // pieces of work between two checks
	processed int64 // records, by consumers
	at        engine.Time
}

// Run runs one seed.
func Run(seed uint64, o Options) Result {
	r := &run{Options: o, chance: rand.New(rand.NewPCG(seed, 0x5eed))}
	r.result.Seed = seed
	r.draw(seed)
	r.world.OnEvent = func(ev *engine.Event) {
		if r.result.Events++; o.Event != nil {
			o.Event(ev)
		}
	}
	r.world.OnFact = func(_ *sim.Consumer, f *client.Fact) {
		if f.Kind == client.FactProcessed {
			r.processed += int64(f.End - f.Offset)
		}
	}
	if o.Note != nil {
		r.world.OnNote = func(at engine.Time, _ uint8, text string) { o.Note(at, sim.Plain(text)) }
	}
	r.monitor = sim.NewMonitor(r.world)
	r.monitor.Promised = !r.plan.unsynced && !r.plan.renew && !r.plan.clean && !r.plan.meddle
	err := r.whole()
	for _, p := range r.world.Producers() {
		r.result.Records += p.Sent()
	}
	r.result.Err, r.result.Digest, r.result.Excused = err, r.world.Engine().Digest(), r.monitor.Excused
	r.result.Steps = r.world.Steps()
	return r.result
}

// whole is both phases. A panic is an error like any other: it has a seed.
func (r *run) whole() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err = r.safety(); err == nil {
		err = r.liveness()
	}
	if err == nil {
		err = r.monitor.Look()
	}
	return err
}

// do runs a line.
func (r *run) do(line string) error {
	now := r.world.Now()
	if r.Note != nil {
		r.Note(now, "> "+line)
	}
	if _, err := r.runner.Run(line); err != nil {
		return errors.New(line + ": " + err.Error())
	}
	if r.Keep {
		if now > r.at {
			r.result.Script = append(r.result.Script, "advance "+itoa(int64(now-r.at))+"ms")
			r.at = now
		}
		r.result.Script = append(r.result.Script, line)
	}
	return nil
}

// stepsMost is far more than happens between two troubles.
const stepsMost = 300_000

// advance lets time pass, and checks.
func (r *run) advance(ms int64) error {
	to, from := r.world.Now()+engine.Time(ms), r.world.Steps()
	for {
		now := r.world.Advance(to, r.every)
		if err := r.check(); err != nil || now == to {
			return err
		}
		if r.world.Steps() > from+stepsMost {
			return errors.New("livelock: time does not get beyond " + itoa(int64(now)) + " ms")
		}
	}
}

func (r *run) check() error {
	but := engine.Invariant("")
	if r.plan.renew {
		but = engine.CommitWithinLog
	}
	if err := r.world.Engine().CheckBut(but); err != nil {
		return err
	}
	return r.monitor.Look()
}

// safety lets things go wrong.
func (r *run) safety() error {
	for _, line := range r.plan.setup {
		if err := r.do(line); err != nil {
			return err
		}
	}
	for range r.plan.actions {
		if err := r.advance(1 + r.chance.Int64N(r.plan.pauseMs)); err != nil {
			return err
		}
		for _, line := range r.trouble() {
			if err := r.do(line); err != nil && !refusable(line) {
				return err
			}
		}
		if err := r.check(); err != nil {
			return err
		}
	}
	return nil
}

// refusable lines are drawn without looking whether the broker can do that now.
func refusable(line string) bool {
	noun, _, _ := strings.Cut(line, " ")
	switch noun {
	case "broker", "elect", "reassign", "topic", "link", "records", "send", "group":
		return true
	case "consumer":
		return !strings.HasPrefix(line, "consumer add ")
	}
	return false
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
