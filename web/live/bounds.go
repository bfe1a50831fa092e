package live

import "time"

// Bounds of a socket. A socket that leaves them is closed with a reason.
const (
	// waitingMost bounds the packets that wait for a slow reader, in bytes. One packet
	// may go beyond it, however large: a fetch reply can have one large record batch.
	waitingMost = 1 << 20
	// keptMost is the size up to which buffers are kept for the next packets, in bytes.
	keptMost = 16 << 10
	// writeTimeout bounds one write to a socket whose other end does not read.
	writeTimeout = 10 * time.Second
	// pingInterval and pongTimeout find sockets whose other end is gone without a word.
	pingInterval = 20 * time.Second
	pongTimeout  = 45 * time.Second
	// goodbyeTimeout is how long a closed socket waits for the other end's close frame.
	goodbyeTimeout = 2 * time.Second
	// handshakeTimeout bounds the answer to the upgrade.
	handshakeTimeout = 10 * time.Second
)
