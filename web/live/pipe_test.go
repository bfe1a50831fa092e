package live

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"partita/engine/room"
	"partita/web/host"
)

// server is a real server behind pipes, so that a test can run in a bubble with its own
// clock.
type server struct {
	t       *testing.T
	rooms   *host.Rooms
	sockets *Sockets
	conns   chan net.Conn
	closed  chan struct{}
	close   func()
}

func (s *server) Accept() (net.Conn, error) {
	select {
	case conn := <-s.conns:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *server) Close() error   { s.close(); return nil }
func (s *server) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// start serves sockets until the test is done.
func start(t *testing.T) *server {
	t.Helper()
	rooms, err := host.NewRooms(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, rooms: rooms, sockets: New(rooms), conns: make(chan net.Conn), closed: make(chan struct{})}
	s.close = sync.OnceFunc(func() { close(s.closed) })
	mux := http.NewServeMux()
	mux.Handle("GET /room/{code}/socket", s.sockets)
	web := &http.Server{Handler: mux}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(s) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := errors.Join(rooms.Stop(ctx), s.sockets.Wait(ctx), web.Shutdown(ctx)); err != nil {
			t.Errorf("the server did not stop: %v", err)
		}
		<-ended
	})
	return s
}

// socketClient is the other end of one socket.
type socketClient struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket to a room.
func (s *server) dial(code string) *socketClient {
	s.t.Helper()
	conn, response, err := s.try(code, nil)
	if err != nil {
		s.t.Fatalf("dial: %v, %v", err, response)
	}
	return &socketClient{s.t, conn}
}

func (s *server) try(code string, header http.Header) (*websocket.Conn, *http.Response, error) {
	dialer := websocket.Dialer{NetDial: func(string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		s.conns <- theirs
		return ours, nil
	}}
	return dialer.Dial("ws://partita.test/room/"+code+"/socket", header)
}

func (c *socketClient) send(packet ...byte) {
	c.t.Helper()
	if err := c.conn.WriteMessage(websocket.BinaryMessage, packet); err != nil {
		c.t.Fatal(err)
	}
}

func (c *socketClient) hello(role uint8, name string) {
	c.t.Helper()
	c.send(append([]byte{room.ToHello, room.Version, role}, name...)...)
	if got := c.read(room.FromWelcome); len(got) < 13 {
		c.t.Fatalf("a welcome of %d bytes", len(got))
	}
}

func (c *socketClient) script(number uint32, lines string) {
	c.t.Helper()
	packet := binary.LittleEndian.AppendUint32([]byte{room.ToScript}, number)
	c.send(append(packet, lines...)...)
}

func (c *socketClient) pull() {
	c.t.Helper()
	c.send(room.ToPull, 24, 0)
}

// read gives the next packet of one type; others are passed over.
func (c *socketClient) read(kind byte) []byte {
	c.t.Helper()
	c.conn.SetReadDeadline(time.Now().Add(time.Hour))
	for {
		_, packet, err := c.conn.ReadMessage()
		if err != nil {
			c.t.Fatalf("waiting for packet type %d: %v", kind, err)
		}
		if packet[0] == kind {
			return packet
		}
	}
}

// ends reads until the server closes the socket, and checks the code.
func (c *socketClient) ends(code int) string {
	c.t.Helper()
	defer c.conn.Close()
	c.conn.SetReadDeadline(time.Now().Add(time.Hour))
	for {
		_, _, err := c.conn.ReadMessage()
		var end *websocket.CloseError
		if errors.As(err, &end) {
			if end.Code != code {
				c.t.Errorf("closed with %d %q, want %d", end.Code, end.Text, code)
			}
			return end.Text
		}
		if err != nil {
			c.t.Errorf("ended without a close frame: %v", err)
			return ""
		}
	}
}
