package kafka

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// DescribeUserScramCredentials: 0 (KIP-554). No users are all users.
func init() { on(50, 0, 0, describeUserSCRAM) }

func describeUserSCRAM(c *call, q *kmsg.DescribeUserSCRAMCredentialsRequest, a *kmsg.DescribeUserSCRAMCredentialsResponse) {
	u := c.server.accounts
	u.mu.Lock()
	defer u.mu.Unlock()
	names := slices.Sorted(maps.Keys(u.scram))
	twice := map[string]bool{}
	if q.Users != nil {
		names = nil
		for i := range q.Users {
			if name := q.Users[i].Name; slices.Contains(names, name) {
				twice[name] = true
			} else {
				names = append(names, name)
			}
		}
	}
	for _, name := range names {
		out := kmsg.DescribeUserSCRAMCredentialsResponseResult{User: name}
		if twice[name] {
			why := "The user is asked about more than once."
			out.ErrorCode, out.ErrorMessage = codeDuplicateResource, &why
			a.Results = append(a.Results, out)
			continue
		}
		for _, m := range []scramMechanism{scram256, scram512} {
			if s := u.scram[name][m]; s != nil {
				out.CredentialInfos = append(out.CredentialInfos, kmsg.DescribeUserSCRAMCredentialsResponseResultCredentialInfo{Mechanism: int8(m), Iterations: int32(s.iterations)})
			}
		}
		if out.CredentialInfos == nil {
			why := "There is no credential of this user."
			out.ErrorCode, out.ErrorMessage = codeResourceNotFound, &why
		}
		a.Results = append(a.Results, out)
	}
}
