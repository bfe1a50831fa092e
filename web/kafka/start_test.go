package kafka

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"partita/engine"
	"partita/engine/sim"
	"partita/web/host"
)

// testMost bounds one test with real clients.
const testMost = time.Minute

// place is a server with its rooms.
type place struct {
	t     testing.TB
	rooms *host.Rooms
	*Server
	log *safeBuffer
}

// safeBuffer is a log that is read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// start serves Kafka clients on a free port until the test is done.
func start(t testing.TB) *place { return startOf(t, 1) }

// startOf is start for rooms of several brokers.
func startOf(t testing.TB, brokers int) *place { return startWith(t, brokers, Config{}) }

// hasty are settings by which groups wait less than usual, so that tests do.
var hasty = []engine.ConfigEntry{
	{Name: "group.initial.rebalance.delay.ms", Value: "300"},
	{Name: "group.min.session.timeout.ms", Value: "1000"},
	{Name: "group.consumer.heartbeat.interval.ms", Value: "500"},
	{Name: "group.consumer.session.timeout.ms", Value: "4000"},
}

// startWith is startOf with more of a config.
func startWith(t testing.TB, brokers int, config Config, settings ...engine.ConfigEntry) *place {
	t.Helper()
	if test, ok := t.(*testing.T); ok {
		test.Parallel() // real clients mostly wait
	}
	log := &safeBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	rooms, err := host.NewRoomsOf(logger, brokers, append(hasty, settings...)...)
	if err != nil {
		t.Fatal(err)
	}
	config.Addr, config.Log = "127.0.0.1:0", logger
	s := New(rooms, config)
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	s.Serve()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testMost)
		defer cancel()
		if err := errors.Join(s.Close(ctx), rooms.Stop(ctx)); err != nil {
			t.Errorf("the server did not stop: %v", err)
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	return &place{t, rooms, s, log}
}

// main is the room that clients come to.
func (p *place) main() *host.Host {
	p.t.Helper()
	h, err := p.rooms.Visit(host.MainCode)
	if err != nil {
		p.t.Fatal(err)
	}
	return h
}

// topic makes a topic by script.
func (p *place) topic(line string) { p.script("topic create " + line) }

// script runs a line that must go well.
func (p *place) script(line string) {
	p.t.Helper()
	results, err := p.main().Script(line)
	if err != nil || results[0].Error != "" {
		p.t.Fatal(err, results)
	}
}

// records counts the records of a topic that can be read.
func (p *place) records(topic string) (n int) {
	p.main().Look(func(w *sim.World) {
		v, _ := w.Engine().Topic(topic)
		for i := range v.Partitions {
			part, _ := w.Engine().Partition(v.ID, engine.Partition(i))
			n += int(part.HighWatermark - part.LogStart)
		}
	})
	return n
}

// run runs a program to its end, with input, and gives what it printed.
func run(t testing.TB, input string, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Fatalf("%s is missing: go run ./cmd/check clients installs it", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), testMost)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.String(), errs.String())
	}
	return out.String()
}
