package live

import (
	"bytes"
	"errors"
	"io"

	"github.com/gorilla/websocket"

	"partita/engine/room"
	"partita/web/host"
)

// read is the reader's goroutine. It opens the session, hands its packets to the room and
// ends it together with the socket.
func (s *socket) read(rooms *host.Rooms, code, from string) {
	s.hear()
	var err error
	if h, session, refusal := s.enter(rooms, code, from); refusal != nil {
		s.End(refusal)
		err = s.packets(nil)
	} else {
		err = s.packets(func(packet []byte) error { return h.Receive(session, packet) })
		h.Close(session, s.polite(err))
	}
	var goodbye *websocket.CloseError
	if !errors.As(err, &goodbye) {
		s.conn.Close() // nothing more can be said
	}
	s.End(nil) // the answer to a close frame; and the writer's end
	<-s.done
	s.conn.Close()
}

// enter opens a session. A room that ended a moment ago is made anew.
func (s *socket) enter(rooms *host.Rooms, code, from string) (h *host.Host, session room.Session, err error) {
	for range 2 {
		if h, err = rooms.Visit(code); err != nil {
			return nil, 0, err
		}
		if session, err = h.Open(s, from); err == nil {
			return h, session, nil
		}
	}
	return nil, 0, err
}

// packets reads until the socket ends and gives the reason. What receive refuses closes
// the socket; from then on packets are read and dropped until the other end says goodbye.
func (s *socket) packets(receive func(packet []byte) error) error {
	scratch := make([]byte, 0, 512)
	for {
		kind, message, err := s.conn.NextReader()
		if err != nil {
			return err
		}
		s.hear()
		if s.ended() {
			continue
		}
		scratch, err = readPacket(scratch[:0], message)
		switch {
		case errors.Is(err, errLarge):
		case err != nil:
			return err
		case kind != websocket.BinaryMessage:
			err = errText
		default:
			err = receive(bytes.Clone(scratch)) // a room may keep parts of it
		}
		if err != nil {
			s.End(err)
		}
		if cap(scratch) > keptMost {
			scratch = make([]byte, 0, 512)
		}
	}
}

// readPacket appends one message to dst, up to the most that a packet may have.
func readPacket(dst []byte, message io.Reader) ([]byte, error) {
	for {
		if len(dst) == cap(dst) {
			dst = append(dst, 0)[:len(dst)]
		}
		n, err := message.Read(dst[len(dst):cap(dst)])
		dst = dst[:len(dst)+n]
		switch {
		case len(dst) > room.MaxPacket:
			return dst[:0], errLarge
		case err == io.EOF:
			return dst, nil
		case err != nil:
			return dst[:0], err
		}
	}
}

func (s *socket) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing
}

// polite tells whether the other end closed the socket by itself and in good order: a
// page that is left (1001) or that calls close(), with the usual code (1000) or without
// one (1005 stands for that). Everything else is how a crashed process looks.
func (s *socket) polite(err error) bool {
	return !s.ended() && websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived)
}
