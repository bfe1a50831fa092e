package host

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"partita/engine"
)

// Bounds of the registry.
const (
	// RoomsMost bounds the rooms that are open at one time.
	RoomsMost = 64
	// idleMost is how long a room stays open without sessions.
	idleMost = 30 * time.Minute
	// idleCheck is how often a room looks whether it is idle.
	idleCheck = time.Minute
	// codeMost bounds a room's code, in characters.
	codeMost = 32
)

// MainCode is the code of the room that is always there.
const MainCode = "main"

// TabsGroup is the consumer group that a tab joins when it takes a seat, and TabsTopic
// the topic that it reads.
const (
	TabsGroup = "tabs"
	TabsTopic = "orders"

	tabsPartitions = 6
)

// liveLatencyMs is the one-way latency of simulated clients in a live room: enough to see
// records fly.
const liveLatencyMs = 150

// brokerConfig is what a live room's broker sets apart from Kafka's defaults: a topic
// that says nothing else keeps 8 MiB a partition, and logs are checked often, so that a
// producer may run for days in little memory.
var brokerConfig = []engine.ConfigEntry{
	{Name: "log.retention.bytes", Value: "8388608"},
	{Name: "log.segment.bytes", Value: "1048576"},
	{Name: "offsets.topic.segment.bytes", Value: "1048576"},
	{Name: "log.retention.check.interval.ms", Value: "10000"},
}

// brokerLatencyMs is the one-way latency between the brokers of a live room.
const brokerLatencyMs = 1

// startScript is what every live room begins with.
func (rs *Rooms) startScript() string {
	return "topic create " + TabsTopic + " partitions=6 replication=" + strconv.Itoa(min(3, rs.brokers))
}

// Why a room cannot be visited, besides the reasons why a session ends.
var (
	ErrCode    = errors.New("a room's code has 1 to 32 characters: letters, digits and hyphens")
	ErrTooMany = errors.New("there are " + strconv.Itoa(RoomsMost) + " rooms open, which is as many as this server keeps; a room closes half an hour after the last person left it")
)

// Rooms is every live room of a server.
type Rooms struct {
	log     *slog.Logger
	brokers int // of each room
	config  []engine.ConfigEntry
	wait    sync.WaitGroup // the rooms' goroutines

	opener atomic.Pointer[func(batches []byte) []byte]

	mu      sync.Mutex
	hosts   map[string]*Host
	stopped bool
}

// NewRooms opens the registry and the main room. Rooms have one broker.
func NewRooms(log *slog.Logger) (*Rooms, error) { return NewRoomsOf(log, 1) }

// NewRoomsOf is NewRooms for rooms of 1 to engine.MaxBrokers brokers, which are started with
// config beside what live rooms set.
func NewRoomsOf(log *slog.Logger, brokers int, config ...engine.ConfigEntry) (*Rooms, error) {
	rs := &Rooms{log: log, brokers: min(max(brokers, 1), engine.MaxBrokers), hosts: map[string]*Host{}, config: append(slices.Clone(brokerConfig), config...)}
	_, err := rs.Visit(MainCode)
	return rs, err
}

// OpenWith tells the rooms how compressed record batches are opened for viewers and tabs,
// who have no codecs: open gives them without a codec, or as they are.
func (rs *Rooms) OpenWith(open func(batches []byte) []byte) { rs.opener.Store(&open) }

func (rs *Rooms) open(batches []byte) []byte {
	if open := rs.opener.Load(); open != nil {
		return (*open)(batches)
	}
	return batches
}

// Brokers is how many brokers each room has.
func (rs *Rooms) Brokers() int { return rs.brokers }

// ParseCode gives a room's code as the registry keeps it, in lower case. The error is
// ErrCode.
func ParseCode(text string) (string, error) {
	const letters = "abcdefghijklmnopqrstuvwxyz" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if text == "" || len(text) > codeMost || strings.Trim(text, letters+"0123456789-") != "" {
		return "", ErrCode
	}
	return strings.ToLower(text), nil
}

// Visit gives the room of that code and makes it if it is not there. Errors: ErrCode,
// ErrTooMany, ErrStopping.
func (rs *Rooms) Visit(code string) (*Host, error) {
	code, err := ParseCode(code)
	if err != nil {
		return nil, err
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	switch h := rs.hosts[code]; {
	case rs.stopped:
		return nil, ErrStopping
	case h != nil:
		return h, nil
	case len(rs.hosts) >= RoomsMost && code != MainCode:
		return nil, ErrTooMany
	}
	h, err := newHost(code, rs)
	if err != nil {
		return nil, err
	}
	rs.hosts[code] = h
	rs.wait.Go(h.run)
	return h, nil
}

// Find gives a room only if it is open; the main room always is.
func (rs *Rooms) Find(code string) (*Host, bool) {
	if code, err := ParseCode(code); err == nil && code == MainCode {
		h, err := rs.Visit(code)
		return h, err == nil
	}
	rs.mu.Lock()
	defer rs.mu.Unlock()
	h := rs.hosts[strings.ToLower(code)]
	return h, h != nil
}

// forget takes a room that has ended out of the registry.
func (rs *Rooms) forget(h *Host) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.hosts[h.code] == h {
		delete(rs.hosts, h.code)
	}
}

// Stop ends every room and waits until their goroutines are done, or ctx is.
func (rs *Rooms) Stop(ctx context.Context) error {
	rs.mu.Lock()
	rs.stopped = true
	open := make([]*Host, 0, len(rs.hosts))
	for _, h := range rs.hosts {
		open = append(open, h)
	}
	rs.mu.Unlock()
	for _, h := range open {
		h.stop(ErrStopping)
	}
	done := make(chan struct{})
	go func() { rs.wait.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// seed starts a new room's random numbers. Live rooms differ; what is random in them is
// only member ids.
func (rs *Rooms) seed() uint64 { return rand.Uint64() }
