package kafka

import (
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// brokerOf reads the name of a broker resource: a broker's id, or nothing for the
// settings of all (0).
func brokerOf(name string) (broker int32, ok bool) {
	if name == "" {
		return 0, true
	}
	n, err := strconv.ParseInt(name, 10, 32)
	return int32(n), err == nil && n > 0
}

// settings asks for the settings of a topic, a broker or a group.
func (c *call) settings(kind kmsg.ConfigResourceType, name string) ([]engine.DescribedConfig, engine.Code) {
	var r engine.Reply
	switch kind {
	case kmsg.ConfigResourceTypeTopic:
		r = c.ask(&engine.DescribeConfigs{Topic: name})
	case kmsg.ConfigResourceTypeBroker:
		broker, ok := brokerOf(name)
		if !ok {
			return nil, engine.InvalidRequest
		}
		r = c.ask(&engine.DescribeBrokerConfigs{Broker: broker})
	case kmsg.ConfigResourceTypeGroupConfig:
		r = c.ask(&engine.DescribeGroupConfig{Group: name})
	default:
		return nil, engine.InvalidRequest
	}
	if body, ok := r.Body.(*engine.DescribeConfigsReply); ok && r.Code == engine.None {
		return body.Entries, engine.None
	}
	return nil, r.Code
}

// alter changes the settings of a topic, a broker or a group, or only says what would come
// of it, with Kafka's words for what is wrong if it has any.
func (c *call) alter(kind kmsg.ConfigResourceType, name string, entries []engine.ConfigEntry, validateOnly bool) (engine.Code, string) {
	var cmd engine.Command
	switch kind {
	case kmsg.ConfigResourceTypeTopic:
		cmd = &engine.AlterConfig{Topic: name, Entries: entries}
	case kmsg.ConfigResourceTypeBroker:
		if broker, ok := brokerOf(name); ok {
			cmd = &engine.AlterBrokerConfig{Broker: broker, Entries: entries}
		}
	case kmsg.ConfigResourceTypeGroupConfig:
		cmd = &engine.AlterGroupConfig{Group: name, Entries: entries}
	}
	if cmd == nil {
		return engine.InvalidRequest, ""
	}
	r := c.try(cmd, validateOnly)
	return r.Code, r.Reason
}

// own tells whether a setting was set on the resource itself.
func own(s *engine.DescribedConfig) bool {
	return s.Source == engine.DynamicGroup || s.Source == engine.DynamicTopic || s.Source == engine.DynamicBroker || s.Source == engine.DynamicDefaultBroker
}

// replacing is the entries that make a resource have just the given settings of its own.
func (c *call) replacing(kind kmsg.ConfigResourceType, name string, given []engine.ConfigEntry) ([]engine.ConfigEntry, engine.Code) {
	now, code := c.settings(kind, name)
	for i := range now {
		has := func(e engine.ConfigEntry) bool { return e.Name == now[i].Name }
		if own(&now[i]) && !slices.ContainsFunc(given, has) {
			given = append(given, engine.ConfigEntry{Name: now[i].Name, Unset: true})
		}
	}
	return given, code
}

// listed is a list setting after words were appended to it or subtracted.
func listed(now string, words string, subtract bool) string {
	var list []string
	if now != "" {
		list = strings.Split(now, ",")
	}
	for word := range strings.SplitSeq(words, ",") {
		at := slices.Index(list, word)
		switch {
		case subtract && at >= 0:
			list = slices.Delete(list, at, at+1)
		case !subtract && at < 0:
			list = append(list, word)
		}
	}
	return strings.Join(list, ",")
}
