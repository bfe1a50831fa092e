package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// AlterUserScramCredentials: 0 (KIP-554). Only where clients authenticate at all.
func init() { on(51, 0, 0, alterUserSCRAM) }

func alterUserSCRAM(c *call, q *kmsg.AlterUserSCRAMCredentialsRequest, a *kmsg.AlterUserSCRAMCredentialsResponse) {
	answer := func(user string, code int16, why string) {
		out := kmsg.AlterUserSCRAMCredentialsResponseResult{User: user, ErrorCode: code}
		if code != 0 {
			out.ErrorMessage = &why
		}
		a.Results = append(a.Results, out)
	}
	for i := range q.Deletions {
		d := &q.Deletions[i]
		if c.server.users == nil || !c.server.users.set(d.Name, scramMechanism(d.Mechanism), nil) {
			answer(d.Name, codeResourceNotFound, "There is no such credential.")
		} else {
			answer(d.Name, 0, "")
		}
	}
	for i := range q.Upsertions {
		n := &q.Upsertions[i]
		m := scramMechanism(n.Mechanism)
		switch {
		case c.server.users == nil:
			answer(n.Name, codeUnacceptableCredential, "Clients of this server do not authenticate.")
		case m != scram256 && m != scram512:
			answer(n.Name, codeUnsupportedSASLMechanism, "There is no such mechanism.")
		case n.Name == "" || n.Iterations < scramLeast || n.Iterations > scramMost:
			answer(n.Name, codeUnacceptableCredential, "A credential has a name and 4096 to 16384 iterations.")
		default:
			c.server.users.set(n.Name, m, m.secret(slices.Clone(n.SaltedPassword), slices.Clone(n.Salt), int(n.Iterations)))
			answer(n.Name, 0, "")
		}
	}
}
