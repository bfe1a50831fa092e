package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// IncrementalAlterConfigs: 0 and 1. It sets, unsets, and appends to and subtracts from
// lists (KIP-339). 1 is flexible.
func init() { on(44, 0, 1, incrementalAlterConfigs) }

func incrementalAlterConfigs(c *call, q *kmsg.IncrementalAlterConfigsRequest, a *kmsg.IncrementalAlterConfigsResponse) {
	for i := range q.Resources {
		res := &q.Resources[i]
		entries, code := c.changes(res)
		var why string
		if code == engine.None {
			code, why = c.alter(res.ResourceType, res.ResourceName, entries, q.ValidateOnly)
		}
		a.Resources = append(a.Resources, kmsg.IncrementalAlterConfigsResponseResource{ErrorCode: int16(code), ErrorMessage: orNull(why),
			ResourceType: res.ResourceType, ResourceName: res.ResourceName})
	}
}

// changes is what a request does to one resource.
func (c *call) changes(res *kmsg.IncrementalAlterConfigsRequestResource) (entries []engine.ConfigEntry, code engine.Code) {
	var now []engine.DescribedConfig
	for i := range res.Configs {
		s := &res.Configs[i]
		if slices.ContainsFunc(entries, func(e engine.ConfigEntry) bool { return e.Name == s.Name }) {
			return nil, engine.InvalidRequest // one setting twice
		}
		entry := engine.ConfigEntry{Name: s.Name, Value: text(s.Value)}
		switch s.Op {
		case kmsg.IncrementalAlterConfigOpSet:
			if s.Value == nil {
				return nil, engine.InvalidConfig
			}
		case kmsg.IncrementalAlterConfigOpDelete:
			entry.Unset = true
		case kmsg.IncrementalAlterConfigOpAppend, kmsg.IncrementalAlterConfigOpSubtract:
			if now == nil {
				if now, code = c.settings(res.ResourceType, res.ResourceName); code != engine.None {
					return nil, code
				}
			}
			at := slices.IndexFunc(now, func(d engine.DescribedConfig) bool { return d.Name == s.Name })
			if at < 0 || now[at].Type != engine.ConfigList {
				return nil, engine.InvalidConfig
			}
			entry.Value = listed(now[at].Value, entry.Value, s.Op == kmsg.IncrementalAlterConfigOpSubtract)
		default:
			return nil, engine.InvalidRequest
		}
		entries = append(entries, entry)
	}
	return entries, engine.None
}
