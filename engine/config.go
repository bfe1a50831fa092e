package engine

import (
	"slices"
	"strconv"
	"strings"
)

// rule is one setting: Kafka's name, its default, and what it may be. Values are kept
// as integers: a word as its index, a list of words as bits, a fraction in millionths,
// a text as its place in brokerConfig.texts.
type rule struct {
	name     string
	broker   string // of a topic's setting: the broker's setting that is its default
	value    int64
	min, max int64
	words    []string
	flags    ruleFlags
}

type ruleFlags uint8

const (
	ruleList     ruleFlags = 1 << iota // several words, separated by commas
	ruleFraction                       // between 0 and 1
	ruleText                           // anything
	ruleDynamic                        // of a broker's setting: may change while it runs
)

const million = 1_000_000

const (
	maxInt32 = 1<<31 - 1
	maxInt64 = 1<<63 - 1
)

var (
	policyWords   = []string{"delete", "compact"}
	timeTypeWords = []string{"CreateTime", "LogAppendTime"}
	boolWords     = []string{"false", "true"}
)

// ConfigType is how a setting's value is written, by Kafka's protocol numbers.
type ConfigType int16

// The types that occur.
const (
	ConfigBoolean ConfigType = 1
	ConfigString  ConfigType = 2
	ConfigInt     ConfigType = 3
	ConfigLong    ConfigType = 5
	ConfigDouble  ConfigType = 6
	ConfigList    ConfigType = 7
)

func (r *rule) kind() ConfigType {
	switch {
	case r.flags&ruleList != 0:
		return ConfigList
	case r.flags&ruleFraction != 0:
		return ConfigDouble
	case r.isBool():
		return ConfigBoolean
	case r.words != nil || r.flags&ruleText != 0:
		return ConfigString
	case r.max > maxInt32:
		return ConfigLong
	}
	return ConfigInt
}

func (r *rule) isBool() bool { return r.words != nil && &r.words[0] == &boolWords[0] }

// parse reads a value, or says what is wrong with it in Kafka's words.
func (r *rule) parse(text string) (v int64, wrong string) {
	switch {
	case r.isBool():
		if v = int64(slices.Index(boolWords, strings.ToLower(text))); v < 0 {
			return 0, "Expected value to be either true or false"
		}
		return v, ""
	case r.flags&ruleList != 0 && strings.TrimSpace(text) == "":
		return 0, "" // since Kafka 4.2: records stay
	case r.words != nil:
		for rest, more := text, true; more; {
			word := rest
			if more = false; r.flags&ruleList != 0 {
				word, rest, more = strings.Cut(rest, ",")
				word = strings.TrimSpace(word)
			}
			i := slices.Index(r.words, word)
			if i < 0 {
				return 0, "String must be one of: " + strings.Join(r.words, ", ")
			}
			if r.flags&ruleList == 0 {
				return int64(i), ""
			}
			v |= 1 << i
		}
		return v, ""
	}
	return r.parseNumber(text)
}

func (r *rule) parseNumber(text string) (v int64, wrong string) {
	err := error(nil)
	if text = strings.TrimSpace(text); r.flags&ruleFraction != 0 {
		if v, err = parseMillionths(text); err != nil {
			return 0, "Not a number of type DOUBLE"
		}
	} else if v, err = strconv.ParseInt(text, 10, 64); err != nil || r.max <= maxInt32 && int64(int32(v)) != v {
		if r.max > maxInt32 {
			return 0, "Not a number of type LONG"
		}
		return 0, "Not a number of type INT"
	}
	switch {
	case v < r.min:
		return 0, "Value must be at least " + r.text(r.min)
	case v > r.max:
		return 0, "Value must be no more than " + r.text(r.max)
	}
	return v, ""
}

// parseMillionths reads a decimal number; more than six digits after the point are cut.
func parseMillionths(text string) (int64, error) {
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" && part != "" {
		whole = "0"
	}
	digits := part
	if len(digits) > 6 {
		digits = digits[:6]
	}
	n, err := strconv.ParseInt(whole+digits+"000000"[len(digits):], 10, 64)
	if err == nil && part != "" {
		_, err = strconv.ParseUint(part, 10, 64)
	}
	return n, err
}

// text writes a value as it is read. A text's value says nothing without its broker.
func (r *rule) text(v int64) string {
	switch {
	case r.flags&ruleList != 0:
		s := ""
		for i, word := range r.words {
			if v>>i&1 == 0 {
				continue
			}
			if s != "" {
				s += ","
			}
			s += word
		}
		return s
	case r.words != nil:
		return r.words[v]
	case r.flags&ruleFraction != 0:
		digits := strconv.FormatInt(million+v%million, 10)[1:]
		if digits = strings.TrimRight(digits, "0"); digits == "" {
			digits = "0"
		}
		return strconv.FormatInt(v/million, 10) + "." + digits
	}
	return strconv.FormatInt(v, 10)
}

// TopicRules lists the settings that a topic may have, with Kafka's defaults.
func TopicRules() (list []DescribedConfig) {
	for i := range topicRules {
		r := &topicRules[i]
		list = append(list, r.describe(r.name, r.fallback(), DefaultConfig))
	}
	return list
}

// fallback is the default of Kafka itself.
func (r *rule) fallback() string {
	if r.flags&ruleText != 0 {
		return ""
	}
	return r.text(r.value)
}

// invalidValue is Kafka's sentence about a value that a setting may not have.
func invalidValue(entry *ConfigEntry, wrong string) string {
	return "Invalid value " + entry.Value + " for configuration " + entry.Name + ": " + wrong
}

// ConfigSource says where a setting's value comes from, by Kafka's protocol numbers.
type ConfigSource int16

// The sources, by Kafka's names.
const (
	DynamicTopic         ConfigSource = 1 // set on the topic
	DynamicBroker        ConfigSource = 2 // set on this broker while it ran
	DynamicDefaultBroker ConfigSource = 3 // set for all brokers while they ran
	StaticBroker         ConfigSource = 4 // what the brokers were started with
	DefaultConfig        ConfigSource = 5
	DynamicGroup         ConfigSource = 8 // set for the group
)

// describe fills in what a setting may be.
func (r *rule) describe(name, value string, from ConfigSource) DescribedConfig {
	return DescribedConfig{Name: name, Value: value, Kafka: r.fallback(), Default: from == DynamicDefaultBroker || from == DefaultConfig, Source: from,
		Type: r.kind(), Min: r.min, Max: r.max, Words: r.words}
}
