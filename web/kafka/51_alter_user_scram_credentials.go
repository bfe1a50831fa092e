package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// AlterUserScramCredentials: 0 (KIP-554). Where clients do not authenticate, credentials are
// kept all the same. There is one result for each user; who comes twice is left as
// before.
func init() { on(51, 0, 0, alterUserSCRAM) }

func alterUserSCRAM(c *call, q *kmsg.AlterUserSCRAMCredentialsRequest, a *kmsg.AlterUserSCRAMCredentialsResponse) {
	u := c.server.accounts
	answer := func(user string, code int16, why string) {
		out := kmsg.AlterUserSCRAMCredentialsResponseResult{User: user, ErrorCode: code}
		if code != 0 {
			out.ErrorMessage = &why
		}
		for i := range a.Results {
			if at := &a.Results[i]; at.User == user {
				if code != 0 {
					*at = out
				}
				return
			}
		}
		a.Results = append(a.Results, out)
	}
	times := map[string]int{}
	for i := range q.Deletions {
		times[q.Deletions[i].Name]++
	}
	for i := range q.Upsertions {
		times[q.Upsertions[i].Name]++
	}
	wrong := func(name string, mechanism int8) (code int16, why string) {
		switch m := scramMechanism(mechanism); {
		case times[name] > 1:
			return codeDuplicateResource, "A user can be altered once in a request."
		case name == "":
			return codeUnacceptableCredential, "A credential has a name."
		case m != scram256 && m != scram512:
			return codeUnsupportedSASLMechanism, "There is no such mechanism."
		}
		return 0, ""
	}
	for i := range q.Deletions {
		d := &q.Deletions[i]
		code, why := wrong(d.Name, d.Mechanism)
		if code == 0 && !u.set(d.Name, scramMechanism(d.Mechanism), nil) {
			code, why = codeResourceNotFound, "There is no such credential."
		}
		answer(d.Name, code, why)
	}
	for i := range q.Upsertions {
		n := &q.Upsertions[i]
		m := scramMechanism(n.Mechanism)
		code, why := wrong(n.Name, n.Mechanism)
		switch {
		case code != 0:
		case n.Iterations < scramLeast || n.Iterations > scramMost:
			code, why = codeUnacceptableCredential, "A credential has 4096 to 16384 iterations."
		case len(n.SaltedPassword) == 0:
			code, why = codeUnacceptableCredential, "A credential has a password."
		case u.full(n.Name):
			code, why = codeUnacceptableCredential, "There are too many users with credentials."
		default:
			u.set(n.Name, m, m.secret(slices.Clone(n.SaltedPassword), slices.Clone(n.Salt), int(n.Iterations)))
		}
		answer(n.Name, code, why)
	}
}
