package kafka

import (
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a large request may be on its way, whatever its pace, before it has
// to make room for others that wait.
const patience = time.Second

// memory is what is left of memoryMost. A large request takes all that it claims before it
// comes, as its parts could not all be finished otherwise. One that then hardly comes would
// starve others: while somebody waits, it is hung up on.
type memory struct {
	mu     sync.Mutex
	free   sync.Cond
	left   int
	coming map[*claim]struct{}
}

// claim is a large request on its way.
type claim struct {
	since time.Time
	came  atomic.Int64 // bytes
	stop  func()       // ends its connection
}

func newMemory(size int) *memory {
	m := &memory{left: size, coming: map[*claim]struct{}{}}
	m.free.L = &m.mu
	return m
}

// take waits until n bytes are free. The claim is for arrived, when the request has come or
// does not come. Small requests never wait, and have none: they are bounded by the number
// of connections. stop is called without waiting for anything.
func (m *memory) take(n int, stop func()) *claim {
	if n <= smallMost {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for m.left < n {
		m.hurry()
		again := time.AfterFunc(patience, m.free.Broadcast)
		m.free.Wait()
		again.Stop()
	}
	m.left -= n
	c := &claim{since: time.Now(), stop: stop}
	m.coming[c] = struct{}{}
	return c
}

// hurry hangs up on those that come too slowly. What they hold is given back when their
// connections notice.
func (m *memory) hurry() {
	now := time.Now()
	for c := range m.coming {
		on := now.Sub(c.since)
		if on >= patience && float64(c.came.Load()) < paceLeast*on.Seconds() {
			delete(m.coming, c)
			c.stop()
		}
	}
}

// arrived notes that a request is no longer on its way.
func (m *memory) arrived(c *claim) {
	if c == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.coming, c)
}

func (m *memory) give(n int) {
	if n <= smallMost {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left += n
	m.free.Broadcast()
}
