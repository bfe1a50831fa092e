package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeConfigs: 0 to 4. 0 says only whether a value is the default, 1 its source, 3 its
// type, 4 is flexible. Of the synonyms (KIP-226) only the value in force is given, and
// there is no documentation. Brokers' settings come as soon as the engine has them.
func init() { on(32, 0, 4, describeConfigs) }

func describeConfigs(c *call, q *kmsg.DescribeConfigsRequest, a *kmsg.DescribeConfigsResponse) {
	for i := range q.Resources {
		res := &q.Resources[i]
		out := kmsg.NewDescribeConfigsResponseResource()
		out.ResourceType, out.ResourceName = res.ResourceType, res.ResourceName
		entries, code := c.settings(res.ResourceType, res.ResourceName)
		out.ErrorCode = int16(code)
		for j := range entries {
			if s := &entries[j]; res.ConfigNames == nil || slices.Contains(res.ConfigNames, s.Name) {
				out.Configs = append(out.Configs, describedConfig(s, q.IncludeSynonyms))
			}
		}
		a.Resources = append(a.Resources, out)
	}
}

func describedConfig(s *engine.DescribedConfig, synonyms bool) kmsg.DescribeConfigsResponseResourceConfig {
	out := kmsg.NewDescribeConfigsResponseResourceConfig()
	out.Name, out.Value, out.ReadOnly, out.IsSensitive = s.Name, &s.Value, s.ReadOnly, s.Sensitive
	out.IsDefault, out.Source, out.ConfigType = s.Default, kmsg.ConfigSource(s.Source), kmsg.ConfigType(s.Type)
	if synonyms {
		out.ConfigSynonyms = []kmsg.DescribeConfigsResponseResourceConfigConfigSynonym{{Name: s.Name, Value: &s.Value, Source: out.Source}}
	}
	return out
}
