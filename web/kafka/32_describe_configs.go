package kafka

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DescribeConfigs: 0 to 4. 0 says only whether a value is the default, 1 its source, 3 its
// type, 4 is flexible. Synonyms (KIP-226) are where a value could also
// come from. There is no documentation.
func init() { on(32, 0, 4, describeConfigs) }

func describeConfigs(c *call, q *kmsg.DescribeConfigsRequest, a *kmsg.DescribeConfigsResponse) {
	for i := range q.Resources {
		res := &q.Resources[i]
		out := kmsg.NewDescribeConfigsResponseResource()
		out.ResourceType, out.ResourceName = res.ResourceType, res.ResourceName
		entries, code := c.settings(res.ResourceType, res.ResourceName)
		out.ErrorCode = int16(code)
		var brokers []engine.DescribedConfig
		switch {
		case !q.IncludeSynonyms || res.ResourceType == kmsg.ConfigResourceTypeGroupConfig:
		case res.ResourceType == kmsg.ConfigResourceTypeBroker:
			brokers = entries
		default:
			brokers, _ = c.settings(kmsg.ConfigResourceTypeBroker, strconv.Itoa(int(c.broker)))
		}
		for j := range entries {
			s := &entries[j]
			if res.ConfigNames != nil && !slices.Contains(res.ConfigNames, s.Name) {
				continue
			}
			described := describedConfig(s)
			if q.IncludeSynonyms {
				described.ConfigSynonyms = synonyms(s, brokers)
			}
			out.Configs = append(out.Configs, described)
		}
		a.Resources = append(a.Resources, out)
	}
}

func describedConfig(s *engine.DescribedConfig) kmsg.DescribeConfigsResponseResourceConfig {
	out := kmsg.NewDescribeConfigsResponseResourceConfig()
	out.Name, out.Value, out.ReadOnly, out.IsSensitive = s.Name, &s.Value, s.ReadOnly, s.Sensitive
	out.IsDefault, out.Source, out.ConfigType = s.Default, kmsg.ConfigSource(s.Source), kmsg.ConfigType(s.Type)
	return out
}

// undecided are settings of brokers that Kafka leaves without a default: those in a longer
// unit decide.
var undecided = []string{"log.retention.ms", "log.roll.ms", "log.roll.jitter.ms", "log.flush.interval.ms"}

// synonyms are where a value comes from and could come from: the resource's own setting,
// the broker's, and Kafka's default.
func synonyms(s *engine.DescribedConfig, brokers []engine.DescribedConfig) (list []kmsg.DescribeConfigsResponseResourceConfigConfigSynonym) {
	add := func(name string, value *string, source engine.ConfigSource) {
		list = append(list, kmsg.DescribeConfigsResponseResourceConfigConfigSynonym{Name: name, Value: value, Source: kmsg.ConfigSource(source)})
	}
	if brokers == nil || own(s) {
		add(s.Name, &s.Value, s.Source)
	}
	name := s.Broker
	if name == "" {
		name = s.Name
	}
	if i := slices.IndexFunc(brokers, func(b engine.DescribedConfig) bool { return b.Name == name }); i >= 0 {
		b := &brokers[i]
		if b.Source != engine.DefaultConfig && (s.Broker != "" || !own(s)) {
			add(name, &b.Value, b.Source)
		}
		if !slices.Contains(undecided, name) {
			add(name, &b.Kafka, engine.DefaultConfig)
		}
	}
	return list
}
