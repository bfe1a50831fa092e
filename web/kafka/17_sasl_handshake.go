package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// SaslHandshake: 0 and 1. After 0 a client sends its tokens bare, with a length and no
// header, and is answered so.
func init() { on(17, 0, 1, saslHandshake) }

func saslHandshake(c *call, q *kmsg.SASLHandshakeRequest, a *kmsg.SASLHandshakeResponse) {
	a.SupportedMechanisms = mechanisms
	switch {
	case c.server.users == nil:
		a.ErrorCode = codeIllegalSASLState
	case !slices.Contains(mechanisms, q.Mechanism):
		a.ErrorCode = codeUnsupportedSASLMechanism
	default:
		c.sasl = c.server.users.begin(q.Mechanism)
		c.bare.Store(c.version == 0)
	}
}
