package engine

import (
	"slices"
	"strconv"
)

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

// rule is one setting: Kafka's name, its default, and what it may be.
type rule struct {
	name     string
	value    int64
	min, max int64
	words    []string // the value is an index into these
}

const (
	policyDelete = iota
	policyCompact
)

const (
	createTime = iota
	logAppendTime
)

const maxInt64 = 1<<63 - 1

var topicRules = [settings]rule{
	setCleanupPolicy:   {name: "cleanup.policy", words: []string{"delete", "compact"}},
	setMaxMessageBytes: {name: "max.message.bytes", value: 1_048_588, max: 1<<31 - 1},
	setTimestampType:   {name: "message.timestamp.type", words: []string{"CreateTime", "LogAppendTime"}},
	setRetentionBytes:  {name: "retention.bytes", value: -1, min: -1, max: maxInt64},
	setRetentionMs:     {name: "retention.ms", value: 604_800_000, min: -1, max: maxInt64},
	setSegmentBytes:    {name: "segment.bytes", value: 1 << 30, min: 14, max: 1<<31 - 1},
	setSegmentMs:       {name: "segment.ms", value: 604_800_000, min: 1, max: maxInt64},
}

func (r *rule) parse(text string) (int64, bool) {
	if r.words != nil {
		i := slices.Index(r.words, text)
		return int64(i), i >= 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= r.min && n <= r.max
}

func (r *rule) text(v int64) string {
	if r.words != nil {
		return r.words[v]
	}
	return strconv.FormatInt(v, 10)
}

// topicConfig is a topic's settings: its own where set, else the defaults.
type topicConfig struct {
	value [settings]int64
	set   [settings]bool
}

func newTopicConfig() topicConfig {
	var c topicConfig
	for i := range c.value {
		c.value[i] = topicRules[i].value
	}
	return c
}

// topicConfig is what a topic has that sets nothing itself: as in Kafka the broker's
// log.retention.bytes and log.segment.bytes are the defaults of its topics.
func (b *brokerConfig) topicConfig() topicConfig {
	c := newTopicConfig()
	c.value[setRetentionBytes], c.value[setSegmentBytes] = b.retentionBytes, b.segmentBytes
	return c
}

// with gives c changed by entries, or InvalidConfig and c as it was. A setting that
// the engine does not obey is refused, never kept without effect. An entry that is
// unset falls back to the defaults.
func (c topicConfig) with(entries []ConfigEntry, defaults topicConfig, internal bool) (topicConfig, Code) {
	changed := c
	for _, entry := range entries {
		i := slices.IndexFunc(topicRules[:], func(r rule) bool { return r.name == entry.Name })
		if i < 0 {
			return c, InvalidConfig
		}
		if entry.Unset {
			changed.value[i], changed.set[i] = defaults.value[i], false
			continue
		}
		v, ok := topicRules[i].parse(entry.Value)
		if !ok || setting(i) == setCleanupPolicy && v == policyCompact && !internal {
			return c, InvalidConfig
		}
		changed.value[i], changed.set[i] = v, true
	}
	return changed, None
}

// brokerConfig is the broker's settings that differ from Kafka only through Config.
type brokerConfig struct {
	initialRebalanceDelayMs int64
	minSessionTimeoutMs     int64
	maxSessionTimeoutMs     int64
	groupMaxSize            int64
	offsetsPartitions       int64
	numPartitions           int64
	retentionCheckMs        int64
	retentionBytes          int64
	segmentBytes            int64
	offsetsSegmentBytes     int64
	offsetMetadataMaxBytes  int64
}

func newBrokerConfig(entries []ConfigEntry) brokerConfig {
	c := brokerConfig{
		initialRebalanceDelayMs: 3_000,
		minSessionTimeoutMs:     6_000,
		maxSessionTimeoutMs:     1_800_000,
		groupMaxSize:            1<<31 - 1,
		offsetsPartitions:       50,
		numPartitions:           1,
		retentionCheckMs:        300_000,
		retentionBytes:          -1,
		segmentBytes:            1 << 30,
		offsetsSegmentBytes:     100 << 20,
		offsetMetadataMaxBytes:  4096,
	}
	for _, entry := range entries {
		n, err := strconv.ParseInt(entry.Value, 10, 64)
		field := c.field(entry.Name)
		if field == nil || err != nil {
			panic("engine: no such broker setting, or not a number: " + entry.Name + "=" + entry.Value)
		}
		*field = n
	}
	return c
}

func (c *brokerConfig) field(name string) *int64 {
	switch name {
	case "group.initial.rebalance.delay.ms":
		return &c.initialRebalanceDelayMs
	case "group.min.session.timeout.ms":
		return &c.minSessionTimeoutMs
	case "group.max.session.timeout.ms":
		return &c.maxSessionTimeoutMs
	case "group.max.size":
		return &c.groupMaxSize
	case "offsets.topic.num.partitions":
		return &c.offsetsPartitions
	case "num.partitions":
		return &c.numPartitions
	case "offsets.topic.segment.bytes":
		return &c.offsetsSegmentBytes
	case "log.retention.bytes":
		return &c.retentionBytes
	case "log.segment.bytes":
		return &c.segmentBytes
	case "log.retention.check.interval.ms":
		return &c.retentionCheckMs
	case "offset.metadata.max.bytes":
		return &c.offsetMetadataMaxBytes
	}
	return nil
}
