package kafka

import (
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// SaslAuthenticate: 0 to 2. 1 says how long the session lives, which is for good, 2 is
// flexible. The user's name, up to a slash, is the room that the client comes to.
func init() { on(36, 0, 2, saslAuthenticate) }

func saslAuthenticate(c *call, q *kmsg.SASLAuthenticateRequest, a *kmsg.SASLAuthenticateResponse) {
	a.SASLAuthBytes = []byte{}
	if c.sasl == nil {
		why := "SaslAuthenticate comes after SaslHandshake."
		a.ErrorCode, a.ErrorMessage, c.last = codeIllegalSASLState, &why, true
		return
	}
	answer, user, err := c.sasl.step(q.SASLAuthBytes)
	if err == nil && user != "" {
		room, _, _ := strings.Cut(user, "/")
		err = c.enter(room)
	}
	if err != nil {
		why := err.Error()
		a.ErrorCode, a.ErrorMessage, c.last = codeSASLAuthenticationFailed, &why, true
		return
	}
	if answer != nil {
		a.SASLAuthBytes = answer
	}
	if user != "" {
		c.user, c.sasl = user, nil
		c.bare.Store(false)
	}
}

// bareToken takes the frame for a token that came bare after SaslHandshake version 0.
func (q *request) bareToken() {
	q.key, q.version, q.api, q.bare = 36, 0, apis[36], true
	q.body = &kmsg.SASLAuthenticateRequest{SASLAuthBytes: q.frame}
}

// respondBare answers one.
func (o *output) respondBare(token []byte) {
	o.int32(int32(len(token)))
	o.bytes = append(o.bytes, token...)
}
