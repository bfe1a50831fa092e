package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// AlterConfigs: 0 to 2. It replaces all settings of a resource: what is not in the request
// goes back to its default. 2 is flexible.
func init() { on(33, 0, 2, alterConfigs) }

func alterConfigs(c *call, q *kmsg.AlterConfigsRequest, a *kmsg.AlterConfigsResponse) {
	for i := range q.Resources {
		res := &q.Resources[i]
		var entries []engine.ConfigEntry
		for j := range res.Configs {
			s := &res.Configs[j]
			entries = append(entries, engine.ConfigEntry{Name: s.Name, Value: text(s.Value), Unset: s.Value == nil})
		}
		entries, code := c.replacing(res.ResourceType, res.ResourceName, entries)
		var why string
		if code == engine.None {
			code, why = c.alter(res.ResourceType, res.ResourceName, entries, q.ValidateOnly)
		}
		a.Resources = append(a.Resources, kmsg.AlterConfigsResponseResource{ErrorCode: int16(code), ErrorMessage: orNull(why),
			ResourceType: res.ResourceType, ResourceName: res.ResourceName})
	}
}
