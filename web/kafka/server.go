package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"syscall"

	"partita/engine"
	"partita/web/host"
)

// DefaultAddr is where the first broker listens unless told otherwise.
const DefaultAddr = "127.0.0.1:9092"

// Config is what a Server is made from.
type Config struct {
	Addr string       // host:port of the first broker; the others follow. Port 0: any free ones
	Room string       // the room that clients come to; empty: the main room
	Log  *slog.Logger // nil: nothing is logged

	// Users are names and passwords for SASL PLAIN and SCRAM. Nil: clients do not
	// authenticate, and come to Room; then the address must be of this machine only, unless
	// Open. A user comes to the room of its name, up to a slash.
	Users map[string]string
	Open  bool
	TLS   *tls.Config // nil: connections are not encrypted
}

// Server lets Kafka clients into a room.
type Server struct {
	rooms     *host.Rooms
	room      string
	addr      string
	log       *slog.Logger
	listeners []net.Listener // by broker, from engine.FirstBroker
	memory    *memory
	limits    limits
	users     *users // nil: clients do not authenticate
	accounts  *users // users, or who has credentials that nobody asks for
	secrets   map[string]string
	open      bool
	tls       *tls.Config
	sessions  fetchSessions
	serving   sync.WaitGroup

	mu      sync.Mutex
	conns   map[*conn]struct{}
	stopped bool
}

// New makes a server that does not listen yet.
func New(rooms *host.Rooms, config Config) *Server {
	s := &Server{
		rooms: rooms, room: config.Room, addr: config.Addr, log: config.Log,
		listeners: make([]net.Listener, rooms.Brokers()),
		secrets:   config.Users, open: config.Open, tls: config.TLS,
		memory: newMemory(memoryMost), accounts: &users{scram: map[string]map[scramMechanism]*scramSecret{}}, limits: usual, conns: map[*conn]struct{}{},
	}
	if s.addr == "" {
		s.addr = DefaultAddr
	}
	if s.room == "" {
		s.room = host.MainCode
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	rooms.OpenWith(OpenAll)
	return s
}

// Listen opens a port for each broker. Its error tells a person what to do; nothing is
// open then.
func (s *Server) Listen() error {
	name, port, err := net.SplitHostPort(s.addr)
	first, numErr := strconv.Atoi(port)
	if err != nil || numErr != nil {
		return fmt.Errorf("cannot listen for Kafka clients on %s: an address is host:port, like %s", s.addr, DefaultAddr)
	}
	if s.secrets != nil {
		if s.users, err = newUsers(s.secrets); err != nil {
			return err
		}
		s.accounts = s.users
	} else if ip := net.ParseIP(name); !s.open && name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("Kafka clients of other machines would come in at %s without a password: name users with --kafka-users, or let everybody in with --kafka-open", s.addr)
	}
	for i := range s.listeners {
		at := first
		if first > 0 {
			at += i
		}
		addr := net.JoinHostPort(name, strconv.Itoa(at))
		if s.listeners[i], err = net.Listen("tcp", addr); err == nil {
			continue
		}
		for _, open := range s.listeners[:i] {
			open.Close()
		}
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("Kafka clients cannot come in: %w; stop what listens there, or choose another port with --kafka", err)
		}
		return fmt.Errorf("Kafka clients cannot come in: %w; choose another address with --kafka", err)
	}
	return nil
}

// Addr is where the first broker listens: a client's bootstrap server. Listen comes first.
func (s *Server) Addr() string { return s.listeners[0].Addr().String() }

// Serve takes connections until Close.
func (s *Server) Serve() {
	for i, l := range s.listeners {
		if s.tls != nil {
			l = tls.NewListener(l, s.tls)
		}
		s.serving.Go(func() { s.accept(l, engine.FirstBroker+int32(i)) })
	}
}

func (s *Server) accept(l net.Listener, broker int32) {
	for {
		socket, err := l.Accept()
		if err != nil {
			return // closed
		}
		s.serving.Go(func() { s.ServeConn(socket, broker) })
	}
}

// ServeConn serves one connection to a broker until it ends.
func (s *Server) ServeConn(socket net.Conn, broker int32) {
	c := &conn{
		server: s, broker: broker, net: socket, from: address(socket.RemoteAddr()),
		gone: make(chan struct{}), signal: make(chan struct{}, 1), thawed: make(chan struct{}, 1),
	}
	if err := s.add(c); err != nil {
		s.log.Warn("a Kafka client was refused", "from", c.from, "why", err)
		socket.Close()
		return
	}
	defer s.remove(c)
	if err := c.begin(); err != nil && !errors.Is(err, errGone) {
		s.log.Warn("a Kafka client's connection was closed", "from", c.from, "why", err)
	}
}

func (s *Server) add(c *conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopped:
		return host.ErrStopping
	case len(s.conns) >= s.limits.connections:
		return errMany
	}
	s.conns[c] = struct{}{}
	return nil
}

func (s *Server) remove(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// Close stops listening, ends every connection and waits for them, or until ctx is done.
func (s *Server) Close(ctx context.Context) error {
	for _, l := range s.listeners {
		if l != nil {
			l.Close()
		}
	}
	s.mu.Lock()
	s.stopped = true
	for c := range s.conns {
		c.end()
	}
	s.mu.Unlock()
	done := make(chan struct{})
	go func() { s.serving.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// address is a socket's address as Kafka shows a client's host: /127.0.0.1.
func address(addr net.Addr) string {
	if name, _, err := net.SplitHostPort(addr.String()); err == nil {
		return "/" + name
	}
	return addr.String()
}

// advertised is where a client finds a broker: at the address that it has come to already,
// at that broker's port.
func (c *conn) advertised(broker int32) (name string, port int32) {
	name, number, _ := net.SplitHostPort(c.net.LocalAddr().String())
	if i := int(broker - engine.FirstBroker); i >= 0 && i < len(c.server.listeners) && c.server.listeners[i] != nil {
		_, number, _ = net.SplitHostPort(c.server.listeners[i].Addr().String())
	}
	n, _ := strconv.Atoi(number)
	return name, int32(n)
}
