package kafka

import (
	"math"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AlterClientQuotas: 0 and 1 (KIP-546). 1 is flexible. A quota is a whole number
// here; another is refused.
func init() { on(49, 0, 1, alterClientQuotas) }

func alterClientQuotas(c *call, q *kmsg.AlterClientQuotasRequest, a *kmsg.AlterClientQuotasResponse) {
	for i := range q.Entries {
		entry := &q.Entries[i]
		code := c.alterQuota(entry, q.ValidateOnly)
		out := kmsg.AlterClientQuotasResponseEntry{ErrorCode: int16(code)}
		for j := range entry.Entity {
			out.Entity = append(out.Entity, kmsg.AlterClientQuotasResponseEntryEntity{Type: entry.Entity[j].Type, Name: entry.Entity[j].Name})
		}
		a.Entries = append(a.Entries, out)
	}
}

func (c *call) alterQuota(entry *kmsg.AlterClientQuotasRequestEntry, validateOnly bool) engine.Code {
	var of engine.Quota
	for i := range entry.Entity {
		name := defaultQuota
		if entry.Entity[i].Name != nil {
			name = *entry.Entity[i].Name
		}
		switch entry.Entity[i].Type {
		case "user":
			of.User = name
		case "client-id":
			of.ClientID = name
		default:
			return engine.InvalidRequest
		}
	}
	cmd := &engine.AlterQuotas{}
	for i := range entry.Ops {
		op := &entry.Ops[i]
		if !op.Remove && !(op.Value >= 0 && op.Value < math.MaxInt64 && op.Value == math.Trunc(op.Value)) {
			return engine.InvalidRequest
		}
		quota := of
		quota.Key, quota.Remove = op.Key, op.Remove
		if !op.Remove {
			quota.Value = int64(op.Value)
		}
		cmd.Entries = append(cmd.Entries, quota)
	}
	r := c.try(cmd, validateOnly)
	if body, ok := r.Body.(*engine.CodesReply); ok && r.Code == engine.None {
		for _, code := range body.Codes {
			if code != engine.None {
				return code
			}
		}
	}
	return r.Code
}
