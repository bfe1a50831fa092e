package live

import (
	"errors"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"partita/web/host"
)

// Why a socket ends its session.
var (
	errSlow  = errors.New("this tab did not read for so long that more than 1 MiB waited for it")
	errLarge = errors.New("a packet may have at most 1 MiB and 64 KiB")
	errText  = errors.New("packets are binary")
)

// socket is one WebSocket: a host's peer.
type socket struct {
	conn *websocket.Conn
	raw  net.Conn      // where frames are written
	wake chan struct{} // something waits for the writer
	done chan struct{} // closed when the writer has ended

	mu      sync.Mutex
	out     []byte // frames that wait, ready to be written
	show    []byte // the newest picture's packet, nil when it was sent
	closing bool   // the last frame is a close frame; nothing follows
}

var _ host.Peer = (*socket)(nil)

func newSocket(conn *websocket.Conn) *socket {
	s := &socket{conn: conn, raw: conn.NetConn(), wake: make(chan struct{}, 1), done: make(chan struct{})}
	conn.SetCloseHandler(func(int, string) error { return nil }) // the reader answers
	conn.SetPingHandler(func(data string) error {
		s.queue(websocket.PongMessage, []byte(data))
		return nil
	})
	conn.SetPongHandler(func(string) error {
		s.hear()
		return nil
	})
	return s
}

// hear notes that the other end is there. A socket that is closing has less time.
func (s *socket) hear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.conn.SetReadDeadline(time.Now().Add(pongTimeout))
	}
}

// Send queues a packet.
func (s *socket) Send(packet []byte) { s.queue(websocket.BinaryMessage, packet) }

func (s *socket) queue(opcode byte, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing {
		return
	}
	if len(s.out) > waitingMost {
		s.shut(errSlow)
		return
	}
	s.out = appendFrame(s.out, opcode, payload)
	s.stir()
}

// Show queues the newest picture.
func (s *socket) Show(packet []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.show = packet
		s.stir()
	}
}

// End closes the socket: the session is over.
func (s *socket) End(why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut(why)
}

// shut queues the last frame; nothing is sent after it. The lock is held.
func (s *socket) shut(why error) {
	if s.closing {
		return
	}
	s.closing, s.show = true, nil
	if len(s.out) > waitingMost {
		s.out = nil
	}
	code, reason := websocket.CloseNormalClosure, ""
	if why != nil {
		code, reason = closeCode(why), why.Error()
	}
	s.out = appendClose(s.out, code, reason)
	s.conn.SetReadDeadline(time.Now().Add(writeTimeout + goodbyeTimeout))
	s.stir()
}

// closeCode chooses the code that tells a page whether it makes sense to come back.
func closeCode(why error) int {
	switch {
	case errors.Is(why, host.ErrStopping), errors.Is(why, host.ErrIdle):
		return websocket.CloseGoingAway
	case errors.Is(why, host.ErrBroken):
		return websocket.CloseInternalServerErr
	case errors.Is(why, host.ErrTooMany), errors.Is(why, errSlow):
		return websocket.CloseTryAgainLater
	case errors.Is(why, errLarge):
		return websocket.CloseMessageTooBig
	case errors.Is(why, errText):
		return websocket.CloseUnsupportedData
	}
	return websocket.ClosePolicyViolation
}

func (s *socket) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// write is the writer's goroutine: the only one that writes to the socket. It ends with a
// close frame or an error.
func (s *socket) write() {
	defer close(s.done)
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	var (
		spare   []byte // the buffer written last, to be filled again
		header  [headerMost]byte
		parts   [3][]byte
		buffers net.Buffers // of parts, in use
		expires time.Time   // of the write deadline
	)
	for {
		select {
		case <-s.wake:
		case <-ping.C:
			s.queue(websocket.PingMessage, nil)
		}
		s.mu.Lock()
		out, show, closing := s.out, s.show, s.closing
		s.out, s.show = spare[:0], nil
		s.mu.Unlock()

		buffers = parts[:0]
		if len(out) > 0 {
			buffers = append(buffers, out)
		}
		if show != nil {
			buffers = append(buffers, appendHeader(header[:0], websocket.BinaryMessage, len(show)), show)
		}
		if len(buffers) > 0 {
			// Deadlines cost more than small writes, so one serves for several.
			if now := time.Now(); expires.Sub(now) < writeTimeout/2 {
				expires = now.Add(writeTimeout)
				s.raw.SetWriteDeadline(expires)
			}
			if _, err := buffers.WriteTo(s.raw); err != nil {
				s.conn.Close() // the reader finds out
				return
			}
		}
		if closing {
			s.conn.SetReadDeadline(time.Now().Add(goodbyeTimeout))
			return
		}
		if spare = out; cap(spare) > keptMost {
			spare = nil
		}
	}
}
