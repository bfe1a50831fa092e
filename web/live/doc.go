// Package live brings sessions over WebSockets to live rooms.
//
// Each socket has one reader and one writer goroutine. The reader hands packets to the
// room; the writer sends what the room queued: everything that waits leaves in one system
// call. Writing frames of the protocol is a few bytes before each packet and is done
// here, so that a packet for many viewers is encoded once and copied never; the library
// does the handshake and reads.
//
// Packets are not compressed: a frame is one or two kilobytes, and compressing it for
// each socket costs more than sending it.
package live
