// Package web is the server: pages, live rooms and JSON behind one address.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"partita/engine"
	"partita/engine/scene"
	"partita/web/host"
	"partita/web/lang"
	"partita/web/live"
	"partita/web/page"
)

// Bounds of one request. Sockets leave them behind when they are upgraded.
const (
	headerTimeout   = 10 * time.Second
	requestTimeout  = 30 * time.Second // to read a body
	answerTimeout   = 60 * time.Second
	idleTimeout     = 120 * time.Second
	headerBytesMost = 64 << 10
	shutdownTimeout = 5 * time.Second
)

// DefaultAddr is where the server listens unless told otherwise.
const DefaultAddr = "127.0.0.1:8080"

// Config is what a Server is made from.
type Config struct {
	Addr string       // host:port; empty: DefaultAddr; port 0: any free one
	Log  *slog.Logger // nil: nothing is logged

	Brokers  int                  // of each live room; 0 stands for 1
	Settings []engine.ConfigEntry // of the brokers, by Kafka's names
}

// Server is the whole program behind one listener.
type Server struct {
	addr     string
	log      *slog.Logger
	rooms    *host.Rooms
	sockets  *live.Sockets
	opening  map[lang.Lang]page.PlaygroundView
	http     *http.Server
	listener net.Listener
}

// New makes a server that does not listen yet. Its main room is open: Close it if it never
// serves.
func New(config Config) (*Server, error) {
	s := &Server{addr: config.Addr, log: config.Log, opening: map[lang.Lang]page.PlaygroundView{}}
	if s.addr == "" {
		s.addr = DefaultAddr
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	err := host.Opening(page.CellsMost, func(f *scene.Frame) {
		for _, l := range lang.All() {
			s.opening[l] = page.Playground(l, f)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("the opening script: %w", err)
	}
	if s.rooms, err = host.NewRoomsOf(s.log, config.Brokers, config.Settings...); err != nil {
		return nil, err
	}
	s.sockets = live.New(s.rooms)
	s.http = &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      answerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    headerBytesMost,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	return s, nil
}

// Listen opens the address. Its error tells a person what to do.
func (s *Server) Listen() error {
	listener, err := net.Listen("tcp", s.addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use: stop what listens there, or choose another address with --addr", s.addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s may not be opened by this user: choose a port above 1023 with --addr", s.addr)
	case err != nil:
		return fmt.Errorf("cannot listen on %s (an address is host:port, like %s): %w", s.addr, DefaultAddr, err)
	}
	s.listener = listener
	return nil
}

// URL is the address of the first page, for a person to open. Listen comes first.
func (s *Server) URL() string {
	host, port, _ := net.SplitHostPort(s.listener.Addr().String())
	if ip := net.ParseIP(host); ip != nil && (ip.IsUnspecified() || ip.IsLoopback() && strings.HasPrefix(s.addr, "localhost")) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Rooms are the server's live rooms, for other listeners that bring clients to them.
func (s *Server) Rooms() *host.Rooms { return s.rooms }

// Serve answers until ctx is done, then ends what is open in good order.
func (s *Server) Serve(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(s.listener) }()
	select {
	case err := <-failed:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
		return s.Close()
	}
}

// Close ends the rooms, says goodbye to their sockets and waits for requests that are on,
// but not for long: a frozen tab never answers a goodbye.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	err := errors.Join(s.rooms.Stop(ctx), s.sockets.Wait(ctx), s.http.Shutdown(ctx))
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.Warn("some connections were cut, because they did not end in time")
		return s.http.Close()
	}
	return err
}
