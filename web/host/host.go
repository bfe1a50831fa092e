package host

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/scene"
	"partita/engine/sim"
)

// Peer is a transport's end of one session. Its methods are called with the room locked,
// so they must not block and must not call the Host.
type Peer interface {
	// Send queues a packet. It is lent for the call.
	Send(packet []byte)
	// Show queues a frame in the place of one that was not sent yet: a slow viewer gets
	// the newest picture, never a longer queue. The packet is shared and never changes.
	Show(packet []byte)
	// End is the last call: the room has closed the session and says why. It may come
	// again after the peer's own Close.
	End(why error)
}

// Why a room ends a session.
var (
	ErrStopping = errors.New("the server is stopping")
	ErrBroken   = errors.New("this room broke down because of a mistake in Partita, and was closed; it is made anew for the next visitor")
	ErrIdle     = errors.New("this room was closed because nobody was in it")
)

// Bounds of a room's work.
const (
	// advanceBudget is how many steps a world may take before the lock is let go.
	advanceBudget = 20_000
	// frameInterval is the shortest time between two frames.
	frameInterval = 33 * time.Millisecond
	// stillInterval is the time between two frames while only clocks move.
	stillInterval = 250 * time.Millisecond
	// warmUp is how long a room's brokers have been at work before it opens, in
	// milliseconds: they hear of topics and elect coordinators.
	warmUp = 2000
	// nearDeadline is how soon something is due in a room that counts as moving.
	nearDeadline = 100 // ms
)

// Host is one live room.
type Host struct {
	code  string
	rooms *Rooms
	log   *slog.Logger
	start time.Time   // the monotonic clock's zero
	zero  engine.Time // Unix milliseconds at start
	wake  chan struct{}
	quit  chan struct{} // closed when the room has ended

	mu     sync.Mutex
	room   *room.Room
	ended  error // nil while the room is open
	guests map[room.Session]*guest
	wires  map[room.Session]Client
	used   time.Time // when somebody last was here

	planned engine.Time // when the goroutine will look again at what is due

	version   uint64 // counts changes that a viewer should see soon
	published time.Time
	frames    map[viewport][]byte // of the round of publishing that is on
}

// guest is one session as the host knows it.
type guest struct {
	peer  Peer
	waits bool     // a frame was asked for and not given
	view  viewport // of the last pull
	seen  uint64   // the version of its last frame
}

// viewport is what a viewer asked to see. Viewers that ask the same share a frame.
type viewport struct {
	cells uint16
	topic string
}

// newHost makes a room that runs until it ends.
func newHost(code string, rooms *Rooms) (*Host, error) {
	start := time.Now()
	h := &Host{
		code: code, rooms: rooms, log: rooms.log.With("room", code),
		start: start, zero: engine.Time(start.UnixMilli()), used: start,
		wake: make(chan struct{}, 1), quit: make(chan struct{}),
		guests: map[room.Session]*guest{}, wires: map[room.Session]Client{}, frames: map[viewport][]byte{}, version: 1,
	}
	made, err := room.New(room.Config{
		Code: code, Live: true, Seed: rooms.seed(), Start: h.zero - warmUp, Script: rooms.startScript(),
		LatencyMs: liveLatencyMs, Broker: rooms.config, Cluster: sim.Cluster{Brokers: rooms.brokers, LatencyMs: brokerLatencyMs}, Open: rooms.open,
		Memory: Memory,
	})
	if err != nil {
		return nil, fmt.Errorf("making room %s: %w", code, err)
	}
	h.room = made
	made.OnWire, made.World().OnFrozen = h.answer, h.frozen
	return h, h.openGroup()
}

// openGroup makes the tabs' group, so that it is there to see before anybody joins: as in
// Kafka, a group without members is one that has committed offsets.
func (h *Host) openGroup() error {
	h.room.World().Call(&engine.FindCoordinator{Key: TabsGroup}, nil) // the brokers make its topic
	h.room.Advance(h.zero, 0)
	commit := &engine.OffsetCommit{Group: TabsGroup, Generation: -1}
	for p := range engine.Partition(tabsPartitions) {
		commit.Offsets = append(commit.Offsets, engine.CommitOffset{Topic: TabsTopic, Partition: p, LeaderEpoch: -1})
	}
	if code := h.room.World().Call(commit, nil); code != engine.None {
		return fmt.Errorf("making group %s in room %s: %v", TabsGroup, h.code, code)
	}
	return nil
}

// now is the room's time: Unix milliseconds that never go back.
func (h *Host) now() engine.Time {
	return h.zero + engine.Time(time.Since(h.start).Milliseconds())
}

// Code is the room's name.
func (h *Host) Code() string { return h.code }

// Open begins a session; from is the client's address, for describe. The error says why
// the room takes nobody.
func (h *Host) Open(peer Peer, from string) (s room.Session, err error) {
	err = h.do(func(r *room.Room) {
		s = r.Open(from)
		h.guests[s] = &guest{peer: peer}
		h.stir()
	})
	return s, err
}

// Receive takes one packet of a session. The error says why the session must end: the
// packet was broken, or the room has ended.
func (h *Host) Receive(s room.Session, packet []byte) error {
	var broken error
	err := h.do(func(r *room.Room) {
		broken = r.Receive(h.now(), s, packet)
		switch {
		case len(packet) > 0 && packet[0] == room.ToPull:
			if g := h.guests[s]; g != nil {
				g.view.cells, g.view.topic, g.waits = r.Wants(s)
				h.nudge()
			}
		case len(packet) > 0 && (packet[0] == room.ToAsk || packet[0] == room.ToScript && r.Looked()):
			h.used = time.Now() // nobody else has anything new to see
		default:
			h.stir()
		}
	})
	return errors.Join(err, broken)
}

// Close ends a session. A polite one takes the tab's members out of their groups at once;
// otherwise their sessions run out.
func (h *Host) Close(s room.Session, polite bool) {
	h.do(func(r *room.Room) {
		delete(h.guests, s)
		r.Close(h.now(), s, polite)
		h.stir()
	})
}

// Script runs lines for somebody without a session.
func (h *Host) Script(lines string) (results []room.Result, err error) {
	err = h.do(func(r *room.Room) {
		results = r.Script(h.now(), lines)
		h.stir()
	})
	return results, err
}

// Look lets a reader look at the world as it is now. What it gives is lent for the call.
func (h *Host) Look(look func(w *sim.World)) error {
	return h.do(func(r *room.Room) {
		r.Advance(h.now(), 0)
		look(r.World())
	})
}

// Picture lets a reader look at a frame of the whole room. It is lent for the call.
func (h *Host) Picture(cells uint16, look func(f *scene.Frame)) error {
	return h.do(func(r *room.Room) {
		h.used = time.Now()
		r.Advance(h.now(), 0)
		look(r.Picture(cells, ""))
	})
}

// do runs work with the room locked, then hands out what it made for sessions. A panic in
// the room ends it; nothing else is harmed.
func (h *Host) do(work func(r *room.Room)) (err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended != nil {
		return h.ended
	}
	defer func() {
		if cause := recover(); cause != nil {
			h.log.Error("a room broke down", "cause", cause, "digest", h.digest(), "stack", string(debug.Stack()))
			h.end(ErrBroken)
			err = ErrBroken
		}
	}()
	work(h.room)
	h.flush()
	return nil
}

// digest names the state in which a room broke down, if that can still be told.
func (h *Host) digest() (text string) {
	defer func() {
		if recover() != nil {
			text = "unknown"
		}
	}()
	return fmt.Sprintf("%016x", h.room.World().Engine().Digest())
}

// flush hands what waits for sessions to their peers.
func (h *Host) flush() {
	for _, s := range h.room.Dirty() {
		if g := h.guests[s]; g != nil {
			h.room.Outbox(s, g.peer.Send)
		}
	}
}

// end closes the room for good. The lock is held.
func (h *Host) end(why error) {
	h.ended = why
	for _, g := range h.guests {
		g.peer.End(why)
	}
	clear(h.guests)
	for _, c := range h.wires {
		c.End(why)
	}
	clear(h.wires)
	close(h.quit)
	h.rooms.forget(h)
}

// stop closes the room unless it has ended already.
func (h *Host) stop(why error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended == nil {
		h.end(why)
	}
}

// stir notes that viewers have something new to see, and that the deadline may have moved.
func (h *Host) stir() {
	h.version++
	h.used = time.Now()
	h.nudge()
}

// nudge makes the room's goroutine look again at what is due.
func (h *Host) nudge() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}
