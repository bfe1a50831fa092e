package host

import (
	"time"

	"partita/engine"
	"partita/engine/room"
)

// Client is a transport's end of a session that speaks in commands: a Kafka client. Its
// methods are called with the room locked, so they must not block and must not call the
// Host.
type Client interface {
	// Reply takes the answer to one command. It is lent for the call; its body is to keep.
	Reply(reply *engine.Reply)
	// Frozen says that other clients are frozen now than before; any tells whether any is.
	Frozen(any bool)
	// End is the last call: the room has closed the session and says why.
	End(why error)
}

// Desk is where a Client's commands are taken, while the room is locked.
type Desk struct {
	host    *Host
	session room.Session
	now     engine.Time
}

// Engine is the room's cluster, to look at: it is changed by commands only.
func (d Desk) Engine() *engine.Engine { return d.host.room.World().Engine() }

// Submit applies a command at a broker. What is answered at once has come to
// Client.Reply on return.
func (d Desk) Submit(broker int32, tok engine.Token, cmd engine.Command) {
	d.host.room.Submit(d.now, broker, d.session, tok, cmd)
}

// Held reports whether the session's requests must wait for somebody to thaw its client;
// member names the one that the request is about, if it is about one.
func (d Desk) Held(member string) bool {
	return d.host.room.World().Held(d.session, member)
}

// Join begins a session that speaks in commands.
func (h *Host) Join(c Client) (s room.Session, err error) {
	err = h.do(func(r *room.Room) {
		s = r.OpenWire()
		h.wires[s] = c
		c.Frozen(len(r.World().Outsiders()) > 0)
		h.stir()
	})
	return s, err
}

// Part ends such a session.
func (h *Host) Part(s room.Session) {
	h.do(func(r *room.Room) {
		delete(h.wires, s)
		r.CloseWire(h.now(), s)
		h.stir()
	})
}

// At lets a session work at the desk: it looks at the cluster and submits commands, all
// at one moment.
func (h *Host) At(s room.Session, work func(d Desk)) error {
	return h.do(func(*room.Room) {
		work(Desk{h, s, h.now()})
		h.version++
		h.replan()
	})
}

// frozen tells every client that others are frozen now.
func (h *Host) frozen() {
	for _, c := range h.wires {
		c.Frozen(len(h.room.World().Outsiders()) > 0)
	}
}

// answer passes a reply on to its client.
func (h *Host) answer(reply *engine.Reply) {
	if c := h.wires[reply.To]; c != nil {
		c.Reply(reply)
	}
}

// replan wakes the room's goroutine if something is due before it would look: commands
// come too often to wake it for each.
func (h *Host) replan() {
	due, ok := h.room.Deadline()
	if len(h.guests) > 0 {
		frame := h.now() + engine.Time(max(0, frameInterval-time.Since(h.published)).Milliseconds())
		if !ok || frame < due {
			due, ok = frame, true
		}
	}
	if ok && due < h.planned {
		h.planned = due
		h.nudge()
	}
}
