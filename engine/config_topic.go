package engine

import "slices"

// setting numbers the topic settings that the engine obeys, sorted by Kafka's name.
type setting uint8

const (
	setCleanupPolicy setting = iota
	setMaxMessageBytes
	setTimestampType
	setRetentionBytes
	setRetentionMs
	setSegmentBytes
	setSegmentMs
	settings
)

// Bits of cleanup.policy.
const (
	policyDelete  = 1 << 0
	policyCompact = 1 << 1
)

const (
	createTime = iota
	logAppendTime
)

// topicRules are the topic settings, each with the broker's setting that is its default.
// The limits are those of Kafka 3.9.
var topicRules = [settings]rule{
	setCleanupPolicy:   {name: "cleanup.policy", broker: "log.cleanup.policy", value: policyDelete, words: policyWords, flags: ruleList},
	setMaxMessageBytes: {name: "max.message.bytes", broker: "message.max.bytes", value: 1_048_588, max: maxInt32},
	setTimestampType:   {name: "message.timestamp.type", broker: "log.message.timestamp.type", words: timeTypeWords},
	setRetentionBytes:  {name: "retention.bytes", broker: "log.retention.bytes", value: -1, min: -1, max: maxInt64},
	setRetentionMs:     {name: "retention.ms", broker: "log.retention.ms", value: 604_800_000, min: -1, max: maxInt64},
	setSegmentBytes:    {name: "segment.bytes", broker: "log.segment.bytes", value: 1 << 30, min: 14, max: maxInt32},
	setSegmentMs:       {name: "segment.ms", broker: "log.roll.ms", value: 604_800_000, min: 1, max: maxInt64},
}

// topicConfig is a topic's settings: its own where set, else the defaults.
type topicConfig struct {
	value [settings]int64
	set   [settings]bool
}

// has tells whether cleanup.policy has that word.
func (c *topicConfig) has(policy int64) bool { return c.value[setCleanupPolicy]&policy != 0 }

// with gives c changed by entries, or c as it was and what is wrong with them. A setting
// that the engine does not obey is refused, never kept without effect. An entry that is
// unset falls back to the defaults.
func (c topicConfig) with(entries []ConfigEntry, defaults *topicConfig) (changed topicConfig, wrong string) {
	changed = c
	for e := range entries {
		entry := &entries[e]
		i := slices.IndexFunc(topicRules[:], func(r rule) bool { return r.name == entry.Name })
		if i < 0 {
			return c, "Unknown topic config name, or one that is not modelled: " + entry.Name
		}
		if entry.Unset {
			changed.value[i], changed.set[i] = defaults.value[i], false
			continue
		}
		v, wrong := topicRules[i].parse(entry.Value)
		if wrong != "" {
			return c, invalidValue(entry, wrong)
		}
		changed.value[i], changed.set[i] = v, true
	}
	return changed, ""
}

func (c *AlterConfig) apply(e *Engine, from Session, tok Token) {
	t := e.topicNamed(c.Topic)
	if t == nil {
		e.reply(from, tok, UnknownTopicOrPartition, nil)
		return
	}
	config, wrong := t.config.with(c.Entries, e.broker.topicDefaults())
	if wrong != "" {
		e.refuse(from, tok, InvalidConfig, wrong)
		return
	}
	t.config = config
	for _, entry := range c.Entries {
		e.emitConfig(from, t, entry)
	}
	e.reply(from, tok, None, nil)
}

func (e *Engine) emitConfig(from Session, t *topic, entry ConfigEntry) {
	e.emit(Event{Kind: KindConfigAltered, Session: from, Topic: t.id, Bytes: entry.bytes()})
}

// bytes are name=value, or the name alone when it is unset.
func (c *ConfigEntry) bytes() []byte {
	text := c.Name
	if !c.Unset {
		text += "=" + c.Value
	}
	return []byte(text)
}

func (c *DescribeConfigs) apply(e *Engine, from Session, tok Token) {
	t := e.topicNamed(c.Topic)
	if t == nil {
		e.reply(from, tok, UnknownTopicOrPartition, nil)
		return
	}
	body := &DescribeConfigsReply{}
	for i := range topicRules {
		r, source := &topicRules[i], e.broker.source[brokerSettings+brokerSetting(i)]
		if t.config.set[i] {
			source = DynamicTopic
		}
		body.Entries = append(body.Entries, r.describe(r.name, r.text(t.config.value[i]), source))
	}
	e.reply(from, tok, None, body)
}
