package kafka

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// DescribeUserScramCredentials: 0 (KIP-554). No users are all users.
func init() { on(50, 0, 0, describeUserSCRAM) }

func describeUserSCRAM(c *call, q *kmsg.DescribeUserSCRAMCredentialsRequest, a *kmsg.DescribeUserSCRAMCredentialsResponse) {
	u := c.server.users
	if u == nil {
		u = &users{}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	names := slices.Sorted(maps.Keys(u.scram))
	if q.Users != nil {
		names = nil
		for i := range q.Users {
			names = append(names, q.Users[i].Name)
		}
	}
	for _, name := range names {
		out := kmsg.DescribeUserSCRAMCredentialsResponseResult{User: name}
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
