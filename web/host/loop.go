package host

import (
	"time"

	"partita/engine"
	"partita/engine/room"
)

// run is the room's goroutine: it lets time pass and publishes frames, until the room ends.
func (h *Host) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-h.quit:
			return
		case <-h.wake:
		case <-timer.C:
		}
		timer.Reset(h.turn())
	}
}

// turn does what is due and returns the time until something is due again.
func (h *Host) turn() (wait time.Duration) {
	h.do(func(r *room.Room) {
		if h.idle() {
			h.end(ErrIdle)
			return
		}
		now := h.now()
		at, ok := r.Deadline()
		if ok && at <= now {
			h.version++
		}
		wait = idleCheck
		if r.Advance(now, advanceBudget) {
			wait = 0 // the rest comes after whoever waits for the lock
		}
		if at, ok = r.Deadline(); ok {
			wait = min(wait, time.Duration(max(at-now, 1))*time.Millisecond)
		}
		wait = min(wait, h.publish(r, ok && at-now <= nearDeadline))
		h.planned = now + engine.Time(wait.Milliseconds())
	})
	return wait
}

// publish sends frames to the viewers that wait for one and have something new to see,
// and returns the time until the next ones are due. A viewer whose picture is not new
// gets another one when stillInterval has passed, because clocks drain in it.
func (h *Host) publish(r *room.Room, moving bool) time.Duration {
	since := time.Since(h.published)
	next, sent := idleCheck, false
	for _, g := range h.guests {
		if !g.waits {
			continue
		}
		interval := stillInterval
		if moving || g.seen != h.version {
			interval = frameInterval
		}
		if since < interval {
			next = min(next, interval-since)
			continue
		}
		g.waits, g.seen, sent = false, h.version, true
		g.peer.Show(h.frame(r, g.view))
	}
	if sent {
		clear(h.frames)
		h.published = time.Now()
	}
	return next
}

// frame encodes a frame once for all viewers of one round that ask the same. Its bytes
// are never used again: a slow socket may hold them for long.
func (h *Host) frame(r *room.Room, view viewport) []byte {
	packet := h.frames[view]
	if packet == nil {
		packet = r.Frame(nil, view.cells, view.topic)
		h.frames[view] = packet
	}
	return packet
}

// idle tells whether the room has been empty for so long that it may go.
func (h *Host) idle() bool {
	return h.code != MainCode && len(h.guests)+len(h.wires) == 0 && time.Since(h.used) >= idleMost
}
