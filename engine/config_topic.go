package engine

import (
	"slices"
	"strconv"
	"strings"
)

// setting numbers the topic settings that the engine obeys, sorted by Kafka's name.
type setting uint8

const (
	setCleanupPolicy setting = iota
	setCompressionType
	setDeleteRetentionMs
	setFileDeleteDelayMs
	setFlushMessages
	setFlushMs
	setIndexIntervalBytes
	setMaxCompactionLagMs
	setMaxMessageBytes
	setTimestampAfterMaxMs
	setTimestampBeforeMaxMs
	setTimestampType
	setMinDirtyRatio
	setMinCompactionLagMs
	setMinISR
	setPreallocate
	setRetentionBytes
	setRetentionMs
	setSegmentBytes
	setSegmentIndexBytes
	setSegmentJitterMs
	setSegmentMs
	setUncleanElection
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

const (
	weekMs = 604_800_000
	dayMs  = 86_400_000
)

// topicRules are the topic settings, each with the broker's setting that is its default.
// Limits and defaults are those of Kafka 4, except that segments may be small enough to be
// watched. What concerns files alone
// (file.delete.delay.ms, preallocate) is accepted, for there are none; compression.type
// is refused unless it is the producer's, for nothing here compresses.
var topicRules = [settings]rule{
	setCleanupPolicy:        {name: "cleanup.policy", broker: "log.cleanup.policy", value: policyDelete, words: policyWords, flags: ruleList},
	setCompressionType:      {name: "compression.type", broker: "compression.type", words: []string{"producer"}},
	setDeleteRetentionMs:    {name: "delete.retention.ms", broker: "log.cleaner.delete.retention.ms", value: dayMs, max: maxInt64},
	setFileDeleteDelayMs:    {name: "file.delete.delay.ms", broker: "log.segment.delete.delay.ms", value: 60_000, max: maxInt64},
	setFlushMessages:        {name: "flush.messages", broker: "log.flush.interval.messages", value: maxInt64, min: 1, max: maxInt64},
	setFlushMs:              {name: "flush.ms", broker: "log.flush.interval.ms", value: maxInt64, max: maxInt64},
	setIndexIntervalBytes:   {name: "index.interval.bytes", broker: "log.index.interval.bytes", value: 4096, max: maxInt32},
	setMaxCompactionLagMs:   {name: "max.compaction.lag.ms", broker: "log.cleaner.max.compaction.lag.ms", value: maxInt64, min: 1, max: maxInt64},
	setMaxMessageBytes:      {name: "max.message.bytes", broker: "message.max.bytes", value: 1_048_588, max: maxInt32},
	setTimestampAfterMaxMs:  {name: "message.timestamp.after.max.ms", broker: "log.message.timestamp.after.max.ms", value: 3_600_000, max: maxInt64},
	setTimestampBeforeMaxMs: {name: "message.timestamp.before.max.ms", broker: "log.message.timestamp.before.max.ms", value: maxInt64, max: maxInt64},
	setTimestampType:        {name: "message.timestamp.type", broker: "log.message.timestamp.type", words: timeTypeWords},
	setMinDirtyRatio:        {name: "min.cleanable.dirty.ratio", broker: "log.cleaner.min.cleanable.ratio", value: million / 2, max: million, flags: ruleFraction},
	setMinCompactionLagMs:   {name: "min.compaction.lag.ms", broker: "log.cleaner.min.compaction.lag.ms", max: maxInt64},
	setMinISR:               {name: "min.insync.replicas", broker: "min.insync.replicas", value: 1, min: 1, max: maxInt32},
	setPreallocate:          {name: "preallocate", broker: "log.preallocate", words: boolWords},
	setRetentionBytes:       {name: "retention.bytes", broker: "log.retention.bytes", value: -1, min: -1, max: maxInt64},
	setRetentionMs:          {name: "retention.ms", broker: "log.retention.ms", value: weekMs, min: -1, max: maxInt64},
	setSegmentBytes:         {name: "segment.bytes", broker: "log.segment.bytes", value: 1 << 30, min: 14, max: maxInt32},
	setSegmentIndexBytes:    {name: "segment.index.bytes", broker: "log.index.size.max.bytes", value: 10 << 20, min: 4, max: maxInt32},
	setSegmentJitterMs:      {name: "segment.jitter.ms", broker: "log.roll.jitter.ms", max: maxInt64},
	setSegmentMs:            {name: "segment.ms", broker: "log.roll.ms", value: weekMs, min: 1, max: maxInt64},
	setUncleanElection:      {name: "unclean.leader.election.enable", broker: "unclean.leader.election.enable", words: boolWords},
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
		if i < 0 && entry.Unset {
			continue
		}
		if i < 0 {
			if n := entry.Name; strings.HasPrefix(n, "remote.") || strings.HasPrefix(n, "local.") || strings.HasPrefix(n, "compression.") || strings.HasSuffix(n, ".throttled.replicas") {
				return c, "Topic config that is not modelled: " + n
			}
			return c, "Unknown topic config name: " + entry.Name
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
	if low, high := changed.value[setMinCompactionLagMs], changed.value[setMaxCompactionLagMs]; low > high {
		return c, "conflict topic config setting min.compaction.lag.ms (" + strconv.FormatInt(low, 10) + ") > max.compaction.lag.ms (" +
			strconv.FormatInt(high, 10) + ")"
	}
	return changed, ""
}

// noTopic is the code for a topic that is not there.
func noTopic(name string) Code {
	if ValidTopicName(name) {
		return UnknownTopicOrPartition
	}
	return InvalidTopic
}

func (c *AlterConfig) apply(e *Engine, from Session, tok Token) {
	t := e.topicNamed(c.Topic)
	if t == nil {
		e.reply(from, tok, noTopic(c.Topic), nil)
		return
	}
	config, wrong := t.config.with(c.Entries, e.broker.topicDefaults())
	if wrong != "" {
		e.refuse(from, tok, InvalidConfig, wrong)
		return
	}
	t.config = config
	for _, p := range t.partitions {
		e.localize(p)
	}
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
		e.reply(from, tok, noTopic(c.Topic), nil)
		return
	}
	e.reply(from, tok, None, &DescribeConfigsReply{Entries: e.TopicConfigs(t.name)})
}

// TopicConfigs lists the settings of a topic by name; nil when there is none.
func (e *Engine) TopicConfigs(topic string) (list []DescribedConfig) {
	t := e.topicNamed(topic)
	if t == nil {
		return nil
	}
	for i := range topicRules {
		r := &topicRules[i]
		value, source := e.broker.at(max(e.serving, e.onlyBroker()), brokerSettings+brokerSetting(i))
		if t.config.set[i] {
			value, source = t.config.value[i], DynamicTopic
		}
		d := r.describe(r.name, r.text(value), source)
		d.Broker = r.broker
		d.Default = !t.config.set[i]
		list = append(list, d)
	}
	return list
}
