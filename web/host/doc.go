// Package host owns live rooms: the lock around each one, the wall clock, and what is
// published when. A transport brings sessions; the host never waits for one.
//
// Every room has one mutex and one goroutine. Whoever has a packet takes the lock and
// hands it to the room; the goroutine takes the lock when the room's deadline comes and
// when frames are due. What a room has for a session goes to its Peer, which only queues
// it: no input or output happens under the lock. Rooms' own lock may be taken under a
// room's, never the other way round.
package host
