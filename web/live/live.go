package live

import (
	"context"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"

	"partita/web/host"
)

// buffers keeps the library from holding a buffer for writing in each socket.
var buffers sync.Pool

// upgrader takes sockets of the server's own pages only: a request that names another
// origin is refused with 403.
var upgrader = websocket.Upgrader{
	HandshakeTimeout: handshakeTimeout,
	ReadBufferSize:   1 << 10,
	WriteBufferSize:  256,
	WriteBufferPool:  &buffers,
	Error:            refuse,
}

func refuse(w http.ResponseWriter, _ *http.Request, status int, reason error) {
	text := "This address is for WebSockets: " + reason.Error() + "."
	if status == http.StatusForbidden {
		text = "A room takes sockets only from its own pages."
	}
	http.Error(w, text, status)
}

// Sockets takes WebSockets and brings them to rooms.
type Sockets struct {
	rooms *host.Rooms
	open  sync.WaitGroup
}

// New makes a handler of sockets for the rooms.
func New(rooms *host.Rooms) *Sockets { return &Sockets{rooms: rooms} }

// ServeHTTP takes a socket at a pattern with {code}, the room's code. The room is made if
// it is not there. A room that cannot be had is a close frame with the reason, because a
// page cannot see why a handshake failed.
func (l *Sockets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	code, from := r.PathValue("code"), r.RemoteAddr
	l.open.Add(1) // before the page is told, which may be when the server stops
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		l.open.Done()
		return // refused, and answered
	}
	if ip, _, err := net.SplitHostPort(from); err == nil {
		from = "/" + ip // as Kafka shows a member's host
	}
	s := newSocket(conn)
	// The request and its buffers are let go: a socket lives for hours.
	go func() {
		defer l.open.Done()
		s.read(l.rooms, code, from)
	}()
	go s.write()
}

// Wait waits until every socket is closed, or ctx is done. It comes after Rooms.Stop.
func (l *Sockets) Wait(ctx context.Context) error {
	closed := make(chan struct{})
	go func() { l.open.Wait(); close(closed) }()
	select {
	case <-closed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
