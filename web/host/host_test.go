package host

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/scene"
	"partita/engine/sim"
)

// open starts rooms for one test, with the log in a buffer.
func open(t *testing.T) (*Rooms, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	rooms, err := NewRooms(slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := rooms.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return rooms, &log
}

func visit(t *testing.T, rooms *Rooms, code string) *Host {
	t.Helper()
	h, err := rooms.Visit(code)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// guestPeer is a transport that keeps what it is given.
type guestPeer struct {
	h      *Host
	s      room.Session
	sent   [][]byte
	frames [][]byte
	times  []time.Time // of the frames
	why    error
}

func (p *guestPeer) Send(packet []byte) { p.sent = append(p.sent, bytes.Clone(packet)) }
func (p *guestPeer) End(why error)      { p.why = why }
func (p *guestPeer) Show(packet []byte) {
	p.frames = append(p.frames, packet)
	p.times = append(p.times, time.Now())
}

func enter(t *testing.T, h *Host, role uint8) *guestPeer {
	t.Helper()
	p := &guestPeer{h: h}
	var err error
	if p.s, err = h.Open(p, "/test"); err != nil {
		t.Fatal(err)
	}
	p.give(t, room.ToHello, room.Version, role)
	return p
}

func (p *guestPeer) give(t *testing.T, packet ...byte) {
	t.Helper()
	if err := p.h.Receive(p.s, packet); err != nil {
		t.Fatal(err)
	}
}

func (p *guestPeer) script(t *testing.T, lines string) {
	t.Helper()
	p.give(t, append([]byte{room.ToScript, 0, 0, 0, 0}, lines...)...)
}

func (p *guestPeer) pull(t *testing.T) { t.Helper(); p.give(t, room.ToPull, 24, 0) }

// TestFrames: a viewer gets one frame for each pull, soon while things move and slowly
// while only clocks do, and viewers that ask the same share the bytes.
func TestFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := open(t)
		h := visit(t, rooms, "main")
		a, b := enter(t, h, room.RoleViewer), enter(t, h, room.RoleViewer)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(a.frames) != 0 {
			t.Fatalf("%d frames before the first pull", len(a.frames))
		}
		a.pull(t)
		b.pull(t)
		time.Sleep(time.Second)
		synctest.Wait()
		if len(a.frames) != 1 || len(b.frames) != 1 {
			t.Fatalf("%d and %d frames for a pull each", len(a.frames), len(b.frames))
		}
		a.pull(t)
		b.pull(t)
		synctest.Wait()
		if len(a.frames) == 2 && len(b.frames) == 2 && &a.frames[1][0] != &b.frames[1][0] {
			t.Error("two viewers that ask the same got a frame each")
		}
		rate := func(seconds int) int {
			synctest.Wait()
			n := len(a.frames)
			for range seconds * 100 {
				a.pull(t)
				time.Sleep(10 * time.Millisecond)
			}
			synctest.Wait()
			return (len(a.frames) - n) / seconds
		}
		if got := rate(5); got < 3 || got > 5 {
			t.Errorf("%d frames a second while nothing moves, want 4", got)
		}
		quit := make(chan struct{})
		go func() { // somebody has a table open that is asked for again and again
			for {
				select {
				case <-quit:
					return
				case <-time.After(70 * time.Millisecond):
					b.script(t, "kafka-consumer-groups --describe --group tabs\nshow groups")
					b.give(t, append([]byte{room.ToAsk, 0, 0, 0, 0}, "complete consumer "...)...)
				}
			}
		}()
		if got := rate(5); got < 3 || got > 5 {
			t.Errorf("%d frames a second while somebody only looks, want 4", got)
		}
		close(quit)
		if _, err := h.Script("producer add p1 topic=orders rate=50/s"); err != nil {
			t.Fatal(err)
		}
		if got := rate(5); got < 24 || got > 31 {
			t.Errorf("%d frames a second while records fly, want about 30", got)
		}
		for i := 1; i < len(a.times); i++ {
			if d := a.times[i].Sub(a.times[i-1]); d < frameInterval {
				t.Fatalf("two frames within %v", d)
			}
		}
	})
}

// TestNews: a change is seen by the next frame, not only when a still picture is due.
func TestNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := open(t)
		h := visit(t, rooms, "main")
		a := enter(t, h, room.RoleViewer)
		a.pull(t)
		time.Sleep(time.Second)
		a.pull(t)
		time.Sleep(time.Second)
		a.pull(t) // answered at once: the last picture is old
		synctest.Wait()
		a.pull(t) // waits, because nothing is new
		time.Sleep(frameInterval + time.Millisecond)
		synctest.Wait()
		n := len(a.frames)
		h.Script("topic create news partitions=1")
		time.Sleep(time.Millisecond)
		synctest.Wait()
		if len(a.frames) != n+1 || !bytes.Contains(a.frames[n], []byte("news")) {
			t.Errorf("%d frames, want one with the new topic", len(a.frames)-n)
		}
	})
}

// TestPanic: a mistake in one room ends that room with a clear reason, is logged once, and
// harms no other; the next visitor finds a new room.
func TestPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, log := open(t)
		main, other := visit(t, rooms, "main"), visit(t, rooms, "other")
		a, b := enter(t, main, room.RoleViewer), enter(t, other, room.RoleViewer)
		main.Look(func(w *sim.World) { w.OnEvent = func(*engine.Event) { panic("a mistake") } })
		if err := main.Receive(a.s, append([]byte{room.ToScript, 0, 0, 0, 0}, "topic create t partitions=1"...)); !errors.Is(err, ErrBroken) {
			t.Errorf("the packet that broke the room: %v", err)
		}
		if !errors.Is(a.why, ErrBroken) {
			t.Errorf("the session ended with %v", a.why)
		}
		if _, err := main.Open(a, "/test"); !errors.Is(err, ErrBroken) {
			t.Errorf("a broken room takes a session: %v", err)
		}
		main.Close(a.s, true)
		if text := log.String(); strings.Count(text, "level=ERROR") != 1 || !strings.Contains(text, "a mistake") || !strings.Contains(text, "digest=") {
			t.Errorf("the log: %s", text)
		}
		if b.why != nil {
			t.Errorf("another room ended: %v", b.why)
		}
		again := visit(t, rooms, "main")
		if again == main {
			t.Fatal("the broken room is still there")
		}
		enter(t, again, room.RoleViewer)
	})
}

// TestPanicInTime: the same when time, and not a packet, brings the mistake out.
func TestPanicInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := open(t)
		h := visit(t, rooms, "main")
		a := enter(t, h, room.RoleViewer)
		h.Script("producer add p1 topic=orders rate=1/s")
		h.Look(func(w *sim.World) { w.OnEvent = func(*engine.Event) { panic("a mistake") } })
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if !errors.Is(a.why, ErrBroken) {
			t.Errorf("the session ended with %v", a.why)
		}
		if visit(t, rooms, "main") == h {
			t.Error("the broken room is still there")
		}
	})
}

// TestIdle: a room without sessions goes after half an hour, except main.
func TestIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := open(t)
		left, used := visit(t, rooms, "left"), visit(t, rooms, "used")
		a, b := enter(t, left, room.RoleViewer), enter(t, used, room.RoleViewer)
		left.Close(a.s, true)
		time.Sleep(idleMost - time.Second)
		if _, ok := rooms.Find("left"); !ok {
			t.Fatal("a room went too early")
		}
		time.Sleep(2 * idleCheck)
		if _, ok := rooms.Find("left"); ok {
			t.Error("a room that nobody uses is still there")
		}
		if err := left.Receive(a.s, []byte{room.ToBye}); !errors.Is(err, ErrIdle) {
			t.Errorf("a packet for a room that went: %v", err)
		}
		if _, ok := rooms.Find("used"); !ok || b.why != nil {
			t.Error("a room with somebody in it went")
		}
		if _, ok := rooms.Find("main"); !ok {
			t.Error("main went")
		}
	})
}

func TestCodes(t *testing.T) {
	for text, want := range map[string]string{
		"main": "main", "7F3K": "7f3k", "a-b-3": "a-b-3", strings.Repeat("x", 32): strings.Repeat("x", 32),
		"": "", strings.Repeat("x", 33): "", "a b": "", "a/b": "", "../x": "", "ä": "", "a_b": "", "<script>": "", "\u212a": "",
	} {
		got, err := ParseCode(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestTooManyRooms(t *testing.T) {
	rooms, _ := open(t)
	for i := range RoomsMost - 1 {
		visit(t, rooms, "r"+strings.Repeat("x", i%30)+strings.Repeat("y", i/30))
	}
	if _, err := rooms.Visit("more"); !errors.Is(err, ErrTooMany) {
		t.Errorf("one room more: %v", err)
	}
	if visit(t, rooms, "RX").Code() != "rx" {
		t.Error("a room that is there cannot be visited")
	}
}

func TestStop(t *testing.T) {
	rooms, _ := open(t)
	h := visit(t, rooms, "main")
	a := enter(t, h, room.RoleTab)
	if err := rooms.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(a.why, ErrStopping) {
		t.Errorf("the session ended with %v", a.why)
	}
	if _, err := rooms.Visit("main"); !errors.Is(err, ErrStopping) {
		t.Errorf("a visit afterwards: %v", err)
	}
	if _, ok := rooms.Find("main"); ok {
		t.Error("main is found afterwards")
	}
}

// TestMemoryIsBounded: what a producer writes day and night is cut to the retention size.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rooms, _ := open(t)
		h := visit(t, rooms, "main")
		results, err := h.Script("producer add p1 topic=orders rate=2000/s keys=k1..k60 value=" + strings.Repeat("v", 1000))
		if err != nil || results[0].Error != "" {
			t.Fatal(err, results[0].Error)
		}
		time.Sleep(2 * time.Minute)
		var held, written int64
		h.Look(func(w *sim.World) {
			topic, _ := w.Engine().Topic(TabsTopic)
			for p := range engine.Partition(topic.Partitions) {
				v, _ := w.Engine().Partition(topic.ID, p)
				held += v.Bytes
				written += int64(v.LogEnd) * 1000
			}
		})
		if written < 150<<20 {
			t.Fatalf("only %d MiB were written", written>>20)
		}
		// 8 MiB a partition, one segment more each, and what came since the last check.
		if held > (6*9+20)<<20 {
			t.Errorf("%d MiB are held of %d MiB written", held>>20, written>>20)
		}
	})
}

func TestOpening(t *testing.T) {
	seen := false
	err := Opening(24, func(f *scene.Frame) {
		seen = true
		if len(f.Staves) != 3 || len(f.Groups) != 2 || len(f.Producers) == 0 || f.Live {
			t.Errorf("%d staves, %d groups, %d producers, live %v", len(f.Staves), len(f.Groups), len(f.Producers), f.Live)
		}
		for _, s := range f.Staves {
			if s.LEO == 0 {
				t.Errorf("partition %d is empty", s.Partition)
			}
		}
		left := 0
		for _, fl := range f.Flights {
			left = max(left, int(fl.Lasts)*(65535-int(fl.Progress))/65535)
		}
		if left < 100 {
			t.Errorf("what is in flight lands within %d ms: the picture stands still before the engine is there", left)
		}
	})
	if err != nil || !seen {
		t.Error(err, seen)
	}
}
