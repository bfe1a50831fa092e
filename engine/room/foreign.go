package room

import (
	"partita/engine"
	"partita/engine/sim"
)

// WireBase is the first session of a client that speaks in commands instead of packets: a
// Kafka client that came over TCP. The room knows nothing of it but its number, so the
// number is all that such a session costs.
const WireBase Session = sim.WireBase

// OpenWire begins the session of a client that speaks in commands. Its replies go to
// OnWire; its members of groups show the address and the client id that they join with.
func (r *Room) OpenWire() Session {
	r.wires++
	return WireBase + r.wires
}

// CloseWire ends such a session. As in Kafka its members stay until they leave or time out.
func (r *Room) CloseWire(now engine.Time, id Session) {
	r.Submit(now, 0, id, 0, &engine.Disconnect{})
}

// Submit applies a command of a client that speaks in commands, at one broker (0 for
// whichever is right). What it answers at once has gone to OnWire on return.
func (r *Room) Submit(now engine.Time, broker int32, from Session, tok engine.Token, cmd engine.Command) {
	r.Advance(now, 0)
	r.world.SubmitTo(broker, from, tok, cmd)
}
