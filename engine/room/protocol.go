// Package room is sessions around one world: script lines and client commands come
// in, frames, results and replies go out. It deals in bytes only, so every transport
// (a Worker, a SharedWorker, a WebSocket) is a few lines.
//
// # The session protocol
//
// Both ways a session carries packets: one byte that names the type, then fields.
// Integers are little-endian; text is UTF-8 to the end of the packet unless it says
// otherwise. A packet longer than MaxPacket is refused and ends the session.
//
// From the page or tab to the room:
//
//	ToHello    version uint8, role uint8 (RoleViewer, RoleTab), name text
//	ToScript   number uint32, script text (lines)
//	ToCommand  token uint64, broker uint8 (0: any), command (engine.AppendCommand): RoleTab only
//	ToPull     cells uint16 (how many fit on a stave), topic text (empty: the room's choice)
//	ToBeside   nothing: a pull, with the viewport of the last one, for the run that stands
//	           beside the room's own; it is answered only while one does
//	ToBye      nothing: a polite end; a tab's members leave their groups
//	ToAsk      number uint32, question text: see Room.Ask
//
// From the room:
//
//	FromWelcome  session uint32, time float64 (ms), name text (as given, or made up)
//	FromResult   number uint32, then for each line: failed uint8, line uint32, length uint32, text
//	FromReply    reply (engine.AppendReply)
//	FromFrame    scene.AppendFrame
//	FromNotes    seq float64 of the last one, then text: a line a sentence, each after
//	             a digit, its tone (scene.TonePlain and so on); for tabs
//	FromBeside   scene.AppendFrame of the run that stands beside the room's own
//	FromError    text: what was wrong and what to do; the session may go on
//	FromAnswer   number uint32, failed uint8, text
package room

// Version of the session protocol; ToHello carries it.
const Version uint8 = 2

// MaxPacket bounds a packet from a page or tab, in bytes: a 1 MiB record with room
// around it.
const MaxPacket = 1<<20 + 64<<10

// Packet types towards the room.
const (
	ToHello uint8 = iota + 1
	ToScript
	ToCommand
	ToPull
	ToBye
	ToBeside
	ToAsk
)

// Packet types from the room.
const (
	FromWelcome uint8 = iota + 65
	FromResult
	FromReply
	FromFrame
	FromNotes
	FromError
	FromBeside
	FromAnswer
)

// Roles of a session.
const (
	RoleViewer uint8 = iota // draws the stage, sends script
	RoleTab                 // is a consumer: sends commands too
)
