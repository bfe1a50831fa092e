package kafka

import (
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/room"
	"partita/web/host"
)

// conn is one client's connection to one broker.
type conn struct {
	server *Server
	broker int32
	net    net.Conn
	from   string // the client's address as Kafka shows it: /127.0.0.1

	room    string
	host    *host.Host
	session room.Session

	bare atomic.Bool // tokens of SASL come without Kafka's header
	sasl exchange    // of SASL, while it is under way
	user string      // who has proved to be who; empty: nobody
	told told        // what the engine knows of that

	frozen atomic.Bool   // somebody's client is; ask the host whether it is this one
	thawed chan struct{} // who is frozen has changed

	gone  chan struct{} // closed when the connection is to end
	leave sync.Once
	turns

	names   names     // that came in requests; the reader's
	largest int       // of the requests that came, in bytes
	out     output    // responses that were not written yet
	expires time.Time // of the write deadline

	call      call // the one that is being answered
	producing producing
	fetching  fetching

	// What the request that is being answered waits for. The room's lock guards these.
	first   engine.Token // of the first command
	replies []engine.Reply
	left    int  // replies that are missing
	waiting bool // who answers waits for signal
	signal  chan struct{}
}

var _ host.Client = (*conn)(nil)

// begin opens the session and runs the connection until it ends.
func (c *conn) begin() error {
	defer c.end()
	if err := c.enter(c.server.room); err != nil {
		return err
	}
	defer func() { c.host.Part(c.session) }()
	if !c.brokerUp() {
		return nil // as if nobody listened
	}
	return c.run()
}

// enter brings the client to a room.
func (c *conn) enter(code string) error {
	h, err := c.server.rooms.Visit(code)
	if err != nil || h == c.host {
		return err
	}
	session, err := h.Join(c)
	if err != nil {
		return err
	}
	if c.host != nil {
		c.host.Part(c.session)
	}
	c.host, c.session, c.room, c.told = h, session, h.Code(), told{}
	return nil
}

// introduce tells the engine who asks, once for each who does.
func (c *call) introduce() {
	now := told{c.user, c.clientID, true}
	if c.told == now {
		return
	}
	principal := "User:ANONYMOUS"
	if c.user != "" {
		principal = "User:" + c.user
	}
	c.ask(&engine.Authenticate{Principal: principal, Host: strings.TrimPrefix(c.from, "/"), ClientID: c.clientID})
	c.told = now
}

// told is who a session is, as the engine knows it.
type told struct {
	user, clientID string
	ever           bool
}

// stranger tells whether a request may come before its client has said who it is.
func stranger(key int16) bool { return key == 17 || key == 36 || key == apiVersionsKey }

// brokerUp tells whether the broker of this port takes connections.
func (c *conn) brokerUp() (up bool) {
	c.host.At(c.session, func(d host.Desk) {
		for _, b := range d.Engine().Brokers(nil) {
			up = up || b.ID == c.broker && b.State != engine.BrokerDown
		}
	})
	return up
}

// Reply takes the answer to a command of the request that is being answered.
func (c *conn) Reply(r *engine.Reply) {
	i := uint64(r.Token - c.first)
	if i >= uint64(len(c.replies)) || c.replies[i].Token != 0 {
		return // of a request that was given up
	}
	c.replies[i] = *r
	if c.left--; c.left == 0 && c.waiting {
		c.waiting = false
		c.signal <- struct{}{}
	}
}

// End is called when the room has ended.
func (c *conn) End(error) { c.end() }

// end makes its goroutines stop.
func (c *conn) end() {
	c.leave.Do(func() {
		close(c.gone)
		c.net.Close()
	})
}

// read reads and decodes one request. The error is errGone when the client went.
func (c *conn) read() (*request, error) {
	c.net.SetReadDeadline(time.Now().Add(c.server.limits.idle))
	head, err := c.buffer.Peek(4)
	if err != nil {
		return nil, errGone
	}
	size := int(int32(binary.BigEndian.Uint32(head)))
	c.buffer.Discard(4)
	if size < 0 || size > requestMost {
		return nil, errLarge
	}
	claim := c.server.memory.take(size, c.stall)
	if c.buffer.Buffered() < size {
		c.net.SetReadDeadline(time.Now().Add(c.server.limits.frame))
	}
	q := requests.Get().(*request)
	room := max(firstBytes, 2*c.largest) // a client that has sent much may well do so again
	if size <= atOnceMost {
		room = size
	}
	err = q.read(c.buffer, size, room, claim)
	c.server.memory.arrived(claim)
	c.largest = max(c.largest, len(q.frame))
	switch {
	case err != nil:
	case c.bare.Load():
		q.bareToken()
	default:
		err = q.parse(&c.names)
	}
	if err != nil {
		c.server.memory.give(size)
		return nil, err
	}
	return q, nil
}

// release gives back what a request holds.
func (c *conn) release(q *request) {
	c.server.memory.give(len(q.frame))
	q.recycle()
}

// answer serves one request. The error is errGone when it was given up.
func (c *conn) answer(q *request) (throttle time.Duration, err error) {
	if q.api == nil {
		c.out.respond(q.correlation, unsupportedApiVersions(), nil)
		return 0, nil
	}
	work := &c.call
	*work = call{conn: c, clientID: q.clientID, version: q.version, request: q}
	if !stranger(q.key) {
		if c.user == "" && c.server.users != nil {
			return 0, errStranger
		}
		work.introduce()
	}
	if work.pass(); work.gone {
		return 0, errGone
	}
	a := q.response
	if a == nil {
		a = q.body.ResponseKind()
	}
	q.api.serve(work, q.body, a)
	work.pass() // it may have been frozen while the request was parked
	if work.gone {
		return 0, errGone
	}
	if work.silent {
		return 0, nil
	}
	if t, ok := a.(kmsg.SetThrottleResponse); ok && work.throttleMs > 0 {
		t.SetThrottle(work.throttleMs)
	}
	if q.bare {
		if work.last {
			return 0, errPassword
		}
		c.out.respondBare(a.(*kmsg.SASLAuthenticateResponse).SASLAuthBytes)
		return 0, nil
	}
	c.out.respond(q.correlation, a, c.fetching.more)
	if q.key == 1 {
		c.fetching.forget()
	}
	if work.last {
		c.flush()
		return 0, errPassword
	}
	return time.Duration(work.throttleMs) * time.Millisecond, nil
}

// flush writes the responses that wait.
func (c *conn) flush() error {
	if c.out.waiting() == 0 {
		return nil
	}
	// Deadlines cost more than small writes, so one serves for several.
	if now := time.Now(); c.expires.Sub(now) < c.server.limits.write/2 {
		c.expires = now.Add(c.server.limits.write)
		c.net.SetWriteDeadline(c.expires)
	}
	if c.out.writeTo(c.net) != nil {
		return errGone
	}
	return nil
}
