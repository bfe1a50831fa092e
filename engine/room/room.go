package room

import (
	"strconv"
	"strings"

	"partita/engine"
	"partita/engine/scene"
	"partita/engine/script"
	"partita/engine/sim"
)

// Config is what a Room is made from.
type Config struct {
	Code   string      // shown to people
	Live   bool        // the caller's clock is the wall clock and never stands still
	Seed   uint64      // of everything random
	Start  engine.Time // the caller's time now
	Script string      // lines to run at the start

	LatencyMs int64                // one way, of simulated clients
	Broker    []engine.ConfigEntry // broker settings, by Kafka's names
	Cluster   sim.Cluster          // how many brokers there are, and how they are joined

	Memory func(size int) []byte // engine.Config.Memory

	// Open gives compressed record batches without their codec, or as they are: for viewers
	// and tabs, which have no codecs, and for the cleaner. Nil: nothing is opened.
	Open func(batches []byte) []byte
}

// linesMost bounds one script, in lines.
const linesMost = 10_000

// timelineBytes bounds what a room with its own clock keeps of its past.
const timelineBytes = 32 << 20

// leapMost is the longest step of a room with its own clock, in milliseconds: a page
// that was hidden goes on where it was instead of leaping ahead.
const leapMost = 500

// Room is one world and the sessions that look at it. It is not safe for concurrent
// use.
type Room struct {
	// OnWire gets the replies to sessions from WireBase on; lent for the call, their bodies
	// to keep.
	OnWire func(reply *engine.Reply)

	config  Config
	world   *sim.World
	runner  *script.Runner
	builder *scene.Builder
	frame   scene.Frame
	beside  besides

	sessions      []*session
	nextSession   Session
	wires         Session // sessions from WireBase on, so far
	dirty, lent   []Session
	memberScratch []engine.MemberView

	clock   engine.Time // the caller's time at the last Advance
	credit  int64       // thousandths of virtual milliseconds not yet run
	speed   int64       // thousandths: virtual time for caller's time
	paused  bool
	changed bool // since the frames were cached
	looked  bool // the last script did nothing else
	cached  []cachedFrame
}

type cachedFrame struct {
	cells uint16
	topic string
	bytes []byte
}

// New makes a room and runs its script.
func New(config Config) (*Room, error) {
	r := &Room{config: config, nextSession: sim.ExternalBase, clock: config.Start, speed: 1000}
	start := engine.Time(0)
	if config.Live {
		start = config.Start
	}
	r.world = sim.New(sim.Config{Seed: config.Seed, Start: start, LatencyMs: config.LatencyMs, Broker: config.Broker, Cluster: config.Cluster, Open: config.Open, Memory: config.Memory})
	r.runner = &script.Runner{World: r.world, Live: config.Live, Clock: clock{r}}
	r.builder = scene.NewBuilder(r.world)
	r.builder.Open = config.Open
	r.world.OnReply = r.deliver
	r.world.OnEvent = r.event
	r.world.OnNote = r.note
	r.world.OnClear = r.builder.Clear
	r.runner.Beside = r.openBeside
	if !config.Live {
		r.runner.Record(timelineBytes, func() any { return r.builder.Kept() }, func(kept any) { r.builder.Restore(kept.(scene.Kept)) })
	}
	number := 0
	for line := range strings.SplitSeq(config.Script, "\n") {
		number++
		if _, err := r.runner.Run(line); err != nil {
			return nil, sim.Refusal(sim.Phrase("line ", itoa(int32(number)), " of the script: ", script.Told(err)))
		}
	}
	return r, nil
}

// World is the room's world, to look at.
func (r *Room) World() *sim.World { return r.world }

// Code is the room's name.
func (r *Room) Code() string { return r.config.Code }

func (r *Room) event(ev *engine.Event) {
	if ev.Kind == engine.KindMemberJoined || ev.Kind == engine.KindMemberReplaced {
		r.joined(ev)
	}
}

func (r *Room) note(at engine.Time, tone uint8, text string) {
	note := r.builder.Note(at, tone, text)
	if r.config.Live {
		r.tell(note)
	}
}

// Advance runs the world up to now, the caller's time in milliseconds, at most
// budget steps (0: no limit); true says that work is left.
func (r *Room) Advance(now engine.Time, budget int) bool {
	if r.config.Live {
		r.clock = max(r.clock, now)
		reached := r.world.Advance(r.clock, budget)
		r.changed = true
		return reached < r.clock
	}
	elapsed := min(max(0, now-r.clock), leapMost)
	r.clock = max(r.clock, now)
	if r.paused {
		return false
	}
	r.credit += int64(elapsed) * r.speed
	step := r.credit / 1000
	if step == 0 {
		return false
	}
	if !r.runner.Follow(budget) { // the two go in step
		return true
	}
	was := r.world.Now()
	reached := r.world.Advance(was+engine.Time(step), budget)
	r.credit -= int64(reached-was) * 1000
	r.changed = true
	if reached < was+engine.Time(step) {
		r.credit = min(r.credit, leapMost*r.speed) // too much to do: time runs slower
		return true
	}
	return !r.runner.Follow(budget)
}

// Full stops the room's own clock, because there is no memory for more records: whoever
// sees it can make room and go on.
func (r *Room) Full() {
	if r.paused || r.config.Live {
		return
	}
	clock{r}.Pause()
	r.note(r.world.Now(), sim.ToneBad, sim.Mark+"The memory of this page is full of records, so time stands still. Delete a topic, or set its retention.bytes, and play on.")
}

// Deadline is when Advance is next due, in the caller's time; false when nothing is.
func (r *Room) Deadline() (engine.Time, bool) {
	at, ok := r.world.Next()
	if other, _ := r.runner.Other(); other != nil {
		if its, has := other.Next(); has && (!ok || its < at) {
			at, ok = its, true
		}
	}
	if r.config.Live || !ok {
		return at, ok
	}
	if r.paused || r.speed == 0 {
		return 0, false
	}
	left := int64(at-r.world.Now())*1000 - r.credit
	return r.clock + engine.Time(max(0, left+r.speed-1)/r.speed), true
}

// buckets are the numbers of cells a stave that frames are made for, so that many
// viewers share one frame.
var buckets = [...]uint16{8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128, 200}

// Frame appends a FromFrame packet with at most cells cells a stave, of one topic
// (empty: the room's choice). It is made once for all that ask the same between two
// changes of the world.
func (r *Room) Frame(dst []byte, cells uint16, topic string) []byte {
	cells = fit(cells)
	if r.changed {
		r.changed = false
		for i := range r.cached {
			r.cached[i].bytes = r.cached[i].bytes[:0]
		}
	}
	c := r.cacheFor(cells, topic)
	if len(c.bytes) == 0 {
		c.bytes = scene.AppendFrame(append(c.bytes, FromFrame), r.Picture(cells, topic))
	}
	return append(dst, c.bytes...)
}

// Picture is the frame with at most cells cells a stave before it is encoded: for a page
// whose first state is drawn by the server. It is lent until the next Picture or Frame.
func (r *Room) Picture(cells uint16, topic string) *scene.Frame {
	r.head(&r.frame)
	r.builder.Build(&r.frame, scene.Viewport{Cells: int(cells), Topic: topic, Tabs: r})
	other, what := r.runner.Other()
	r.builder.Compare(&r.frame, other, what)
	return &r.frame
}

// head fills in what a frame says of the room.
func (r *Room) head(f *scene.Frame) {
	f.Room, f.Live = r.config.Code, r.config.Live
	f.Paused, f.Speed = r.paused, int32(r.speed)
	f.Viewers, f.Tabs = r.counts()
}

// fit is the largest bucket of cells a stave that is not above cells.
func fit(cells uint16) uint16 {
	best := buckets[0]
	for _, b := range buckets {
		if b <= cells {
			best = b
		}
	}
	return best
}

// cachedMost bounds the viewports that frames are kept for.
const cachedMost = 16

func (r *Room) cacheFor(cells uint16, topic string) *cachedFrame {
	for i := range r.cached {
		if r.cached[i].cells == cells && r.cached[i].topic == topic {
			return &r.cached[i]
		}
	}
	if len(r.cached) == cachedMost {
		r.cached = append(r.cached[:0], r.cached[1:]...)
	}
	r.cached = append(r.cached, cachedFrame{cells: cells, topic: topic})
	return &r.cached[len(r.cached)-1]
}

func (r *Room) counts() (viewers, tabs int32) {
	for _, s := range r.sessions {
		if s.hello && s.role == RoleTab {
			tabs++
		} else if s.hello {
			viewers++
		}
	}
	return viewers, tabs
}

// Tab tells the scene about a browser tab: its name and whether it is connected.
func (r *Room) Tab(id Session) (name string, ok bool) {
	if s := r.session(id); s != nil && s.role == RoleTab {
		return s.name, true
	}
	return "", false
}

// TabPosition is where a tab's last fetch of a partition stood, -1 if unknown.
func (r *Room) TabPosition(id Session, topic engine.TopicID, p engine.Partition) engine.Offset {
	if s := r.session(id); s != nil {
		for _, at := range s.reads {
			if at.topic == topic && at.partition == p {
				return at.offset
			}
		}
	}
	return -1
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }
