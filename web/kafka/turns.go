package kafka

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// turns is who does what on a connection. Two things are to be done, to read requests and
// to answer them, and at most one goroutine does each. Who has read a request answers it,
// if nobody is answering, and then reads on: a request that is answered at once costs no
// handing over, which costs a processor more than most answers do. Who has to wait while it
// answers lets another goroutine read meanwhile, so that it is noticed when the client
// goes, and so that requests can be read ahead.
type turns struct {
	mu        sync.Mutex
	free      sync.Cond  // there is room for one more in ahead, or the end has come
	ahead     []*request // read and not answered; empty while nobody answers
	answering bool
	over      bool
	err       error // why the connection ended

	buffer  *bufio.Reader // of who reads
	reading chan struct{} // passes the turn to read on
	reads   bool          // who answers has the turn to read as well; the answerer's
	helped  bool          // the other goroutine runs; the answerer's
	stall   func()        // ends what is being read
	work    sync.WaitGroup
}

// run serves the connection until it ends, and gives back what was read in vain. Its error
// says what the client did wrong; a client that goes does nothing wrong.
func (c *conn) run() error {
	c.free.L, c.reading = &c.mu, make(chan struct{}, 1)
	c.buffer = bufio.NewReaderSize(c.net, readBytes)
	c.stall = func() { c.net.SetReadDeadline(time.Now()) }
	c.reading <- struct{}{}
	c.serve()
	c.work.Wait()
	for _, q := range c.ahead {
		c.release(q)
	}
	return c.err
}

// serve reads and answers whenever it is its turn.
func (c *conn) serve() {
	var err error
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("a mistake in Partita: %v\n%s", cause, debug.Stack())
		}
		c.fail(err)
	}()
	for err == nil {
		select {
		case <-c.reading:
			err = c.turn()
		case <-c.gone:
			return
		}
	}
}

// fail ends the connection for a reason.
func (c *conn) fail(err error) {
	c.end()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !errors.Is(err, errGone) {
		c.err = errors.Join(c.err, err)
	}
	c.over = true
	c.free.Broadcast()
}

// turn reads, and answers what nobody else does, until somebody else has the turn.
func (c *conn) turn() error {
	for {
		q, err := c.read()
		if err != nil {
			c.finish()
			return err
		}
		mine, err := c.offer(q)
		if err != nil {
			c.release(q)
			return err
		}
		if !mine {
			continue
		}
		reads := true
		for c.reads = true; q != nil; q = c.next() {
			if err := c.respond(q); err != nil {
				return err
			}
			reads = c.reads // after next, it may be another's
		}
		if !reads {
			return nil
		}
	}
}

// offer gives a request to who answers, or makes its reader the one. It waits while too
// many are read ahead.
func (c *conn) offer(q *request) (mine bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.answering && len(c.ahead) == aheadMost && !c.over {
		c.free.Wait()
	}
	switch {
	case c.over:
		return false, errGone
	case c.answering:
		c.ahead = append(c.ahead, q)
		return false, nil
	}
	c.answering = true
	return true, nil
}

// next takes what was read ahead; when that is nothing, nobody answers any more.
func (c *conn) next() *request {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ahead) == 0 {
		c.answering = false
		return nil
	}
	q := c.ahead[0]
	copy(c.ahead, c.ahead[1:])
	c.ahead[len(c.ahead)-1] = nil
	c.ahead = c.ahead[:len(c.ahead)-1]
	c.free.Signal()
	return q
}

// finish writes what waits for the response to a request that does not come, unless
// somebody answers.
func (c *conn) finish() {
	c.mu.Lock()
	answering := c.answering
	c.mu.Unlock()
	if !answering {
		c.flush()
	}
}

// more tells whether another request is here already, so that responses may wait for the
// one to that.
func (c *conn) more() bool {
	if c.reads {
		n := c.buffer.Buffered()
		if n < 4 {
			return false
		}
		head, _ := c.buffer.Peek(4)
		return n-4 >= int(binary.BigEndian.Uint32(head))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.ahead) > 0
}

// letRead lets another goroutine read, while the one that answers waits.
func (c *conn) letRead() {
	if !c.reads {
		return
	}
	c.reads = false
	c.reading <- struct{}{}
	if !c.helped {
		c.helped = true
		c.work.Go(c.serve)
	}
}

// respond answers one request and writes what is to be written.
func (c *conn) respond(q *request) error {
	throttle, err := c.answer(q)
	c.release(q)
	if err != nil {
		return err
	}
	if throttle == 0 && c.out.waiting() <= keptMost && c.more() {
		return nil
	}
	if err := c.flush(); err != nil {
		return err
	}
	if throttle > 0 { // KIP-219: the connection is mute for as long
		c.letRead()
		select {
		case <-time.After(throttle):
		case <-c.gone:
		}
	}
	return nil
}
