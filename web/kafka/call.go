package kafka

import (
	"partita/engine"
	"partita/web/host"
)

// call is one request while it is being answered. Its methods run on the goroutine
// that answers.
type call struct {
	*conn
	clientID   string
	version    int16
	request    *request
	throttleMs int32
	silent     bool // there is no response: a Produce with acks=0
	last       bool // the connection ends after the response
	gone       bool // the client or the room ended; nothing more matters
}

// ask has one command carried out and waits for its reply.
func (c *call) ask(cmd engine.Command) engine.Reply {
	return c.askAll(1, func(host.Desk, int) engine.Command { return cmd })[0]
}

// askAll has up to n commands carried out at one moment and waits for all the replies. Of
// those that are nil, or that are not answered, the reply's token is 0. The replies are
// lent until the next ask.
func (c *call) askAll(n int, command func(d host.Desk, i int) engine.Command) []engine.Reply {
	parked := false
	if !c.gone {
		err := c.host.At(c.session, func(d host.Desk) {
			parked = c.submit(d, n, command)
		})
		c.gone = err != nil
	}
	if parked {
		c.wait()
	}
	if c.gone {
		return make([]engine.Reply, n)
	}
	for i := range c.replies {
		if c.throttleMs = max(c.throttleMs, c.replies[i].ThrottleMs); c.replies[i].Code == engine.NetworkException {
			c.gone = true // the broker is down: its connections break
		}
	}
	return c.replies
}

// submit does so with the room locked, and tells whether replies are missing.
func (c *call) submit(d host.Desk, n int, command func(d host.Desk, i int) engine.Command) (parked bool) {
	c.first += engine.Token(len(c.replies)) + 1
	c.replies = resize(c.replies, n)
	clear(c.replies)
	c.left = n
	for i := range n {
		cmd := command(d, i)
		if p, ok := cmd.(*engine.Produce); cmd == nil || ok && p.Acks == 0 {
			c.left--
		}
		if cmd != nil {
			d.Submit(c.broker, c.first+engine.Token(i), cmd)
		}
	}
	c.waiting = c.left > 0
	return c.waiting
}

// wait waits for the replies that are missing. Responses to earlier requests go out first.
func (c *call) wait() {
	if c.flush() != nil {
		c.gone = true
		return
	}
	c.letRead()
	select {
	case <-c.signal:
	case <-c.conn.gone:
		c.gone = true
	}
}

// try has a command carried out, or only says what would come of it: on a copy of the
// cluster that is thrown away.
func (c *call) try(cmd engine.Command, validateOnly bool) (r engine.Reply) {
	if !validateOnly {
		return c.ask(cmd)
	}
	c.look(func(e *engine.Engine) {
		copied := engine.New(engine.Config{})
		copied.Restore(e.Snapshot())
		copied.ApplyTo(e.Now(), c.broker, 1, 1, cmd)
		if replies := copied.Ready().Replies; len(replies) > 0 {
			r = replies[len(replies)-1]
		}
	})
	return r
}

// look looks at the cluster at one moment.
func (c *call) look(at func(e *engine.Engine)) {
	if !c.gone && c.host.At(c.session, func(d host.Desk) { at(d.Engine()) }) != nil {
		c.gone = true
	}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// text is a string that may be null on the wire, where null stands for empty.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// orNull is the opposite: empty becomes null.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
