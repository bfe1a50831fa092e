package engine

import (
	"strings"
	"testing"
)

// TestInvalidValues: the sentences are Kafka's.
func TestInvalidValues(t *testing.T) {
	e, _ := newTopic(t, 1)
	for _, c := range []struct{ name, value, want string }{
		{"retention.ms", "-2", "Invalid value -2 for configuration retention.ms: Value must be at least -1"},
		{"retention.ms", "soon", "Invalid value soon for configuration retention.ms: Not a number of type LONG"},
		{"segment.bytes", "3000000000", "Invalid value 3000000000 for configuration segment.bytes: Not a number of type INT"},
		{"segment.bytes", "13", "Invalid value 13 for configuration segment.bytes: Value must be at least 14"},
		{"min.cleanable.dirty.ratio", "1.5", "Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1.0"},
		{"min.cleanable.dirty.ratio", "half", "Invalid value half for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE"},
		{"min.cleanable.dirty.ratio", "-0.1", "Invalid value -0.1 for configuration min.cleanable.dirty.ratio: Value must be at least 0.0"},
		{"cleanup.policy", "compact,shred", "Invalid value compact,shred for configuration cleanup.policy: String must be one of: delete, compact"},
		{"message.timestamp.type", "logappendtime", "Invalid value logappendtime for configuration message.timestamp.type: String must be one of: CreateTime, LogAppendTime"},
		{"preallocate", "yes", "Invalid value yes for configuration preallocate: Expected value to be either true or false"},
		{"no.such", "1", "Unknown topic config name: no.such"},
	} {
		for _, cmd := range []Command{
			&AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: c.name, Value: c.value}}},
			&CreateTopic{Name: "t", Partitions: 1, Config: []ConfigEntry{{Name: c.name, Value: c.value}}},
		} {
			if r := ask(t, e, 0, cmd); r.Code != InvalidConfig || r.Reason != c.want {
				t.Errorf("%s=%s: %v %q, want %q", c.name, c.value, r.Code, r.Reason, c.want)
			}
		}
	}
}

func TestValuesAsWritten(t *testing.T) {
	e, _ := newTopic(t, 1)
	for _, c := range []struct{ name, value, want string }{
		{"cleanup.policy", "compact, delete", "delete,compact"}, {"cleanup.policy", "compact", "compact"}, {"cleanup.policy", "delete", "delete"},
		{"min.cleanable.dirty.ratio", "0.25", "0.25"}, {"min.cleanable.dirty.ratio", ".1234567", "0.123456"},
		{"min.cleanable.dirty.ratio", "1", "1.0"}, {"min.cleanable.dirty.ratio", "0.05", "0.05"},
		{"preallocate", "TRUE", "true"}, {"retention.ms", " 5 ", "5"},
	} {
		if r := ask(t, e, 0, &AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: c.name, Value: c.value}}}); r.Code != None {
			t.Errorf("%s=%s: %v %s", c.name, c.value, r.Code, r.Reason)
		}
		if d := described(t, e, &DescribeConfigs{Topic: "orders"}, c.name); d.Value != c.want || d.Source != DynamicTopic || d.Default {
			t.Errorf("%s=%s is described as %+v", c.name, c.value, d)
		}
	}
}

func described(t *testing.T, e *Engine, cmd Command, name string) DescribedConfig {
	t.Helper()
	before := ""
	found := DescribedConfig{}
	for _, d := range ask(t, e, e.now, cmd).Body.(*DescribeConfigsReply).Entries {
		if d.Name <= before {
			t.Errorf("%s after %s", d.Name, before)
		}
		if before = d.Name; d.Name == name {
			found = d
		}
	}
	if found.Name == "" {
		t.Fatalf("no setting %s", name)
	}
	return found
}

func TestBrokerConfigs(t *testing.T) {
	e := New(Config{Defaults: []ConfigEntry{{Name: "log.retention.ms", Value: "1000"}, {Name: "num.partitions", Value: "3"}}})
	ask(t, e, 0, &CreateTopic{Name: "orders", Partitions: -1})
	ask(t, e, 0, &CreateTopic{Name: "own", Partitions: 1, Config: []ConfigEntry{{Name: "retention.ms", Value: "7"}}})
	all, broker, topic := &DescribeBrokerConfigs{}, &DescribeBrokerConfigs{Broker: FirstBroker}, &DescribeConfigs{Topic: "orders"}
	check := func(cmd Command, name, value string, source ConfigSource) {
		t.Helper()
		if d := described(t, e, cmd, name); d.Value != value || d.Source != source {
			t.Errorf("%s is %s from %d, want %s from %d", name, d.Value, d.Source, value, source)
		}
	}
	alter := func(id int32, name, value string, unset, static bool) Reply {
		t.Helper()
		return ask(t, e, 0, &AlterBrokerConfig{Broker: id, Static: static, Entries: []ConfigEntry{{Name: name, Value: value, Unset: unset}}})
	}
	check(all, "log.retention.ms", "1000", StaticBroker)
	check(topic, "retention.ms", "1000", StaticBroker)
	check(all, "message.max.bytes", "1048588", DefaultConfig)
	alter(0, "log.retention.ms", "2000", false, false)
	check(topic, "retention.ms", "2000", DynamicDefaultBroker)
	check(broker, "log.retention.ms", "2000", DynamicDefaultBroker)
	alter(FirstBroker, "log.retention.ms", "3000", false, false)
	check(broker, "log.retention.ms", "3000", DynamicBroker)
	check(all, "log.retention.ms", "2000", DynamicDefaultBroker)
	check(topic, "retention.ms", "3000", DynamicBroker)
	check(&DescribeConfigs{Topic: "own"}, "retention.ms", "7", DynamicTopic)
	alter(FirstBroker, "log.retention.ms", "", true, false)
	alter(0, "log.retention.ms", "", true, false)
	check(topic, "retention.ms", "1000", StaticBroker)
	if d := described(t, e, all, "num.partitions"); !d.ReadOnly || d.Type != ConfigInt || d.Min != 1 {
		t.Errorf("%+v", d)
	}

	for _, c := range []struct {
		broker int32
		name   string
		value  string
		static bool
		code   Code
		what   string
	}{
		{0, "num.partitions", "4", false, InvalidRequest, "Cannot update these configs dynamically: Set(num.partitions)"},
		{0, "num.partitions", "4", true, None, ""},
		{0, "log.retention.ms", "-2", false, InvalidRequest, "at least -1"},
		{0, "log.retention.ms", "-2", true, InvalidConfig, "at least -1"},
		{0, "no.such", "1", true, InvalidConfig, "Unknown broker config name"},
		{55, "log.retention.ms", "1", false, InvalidRequest, ""},
	} {
		if r := alter(c.broker, c.name, c.value, false, c.static); r.Code != c.code || !strings.Contains(r.Reason, c.what) {
			t.Errorf("%+v: %v %q", c, r.Code, r.Reason)
		}
	}
	check(all, "num.partitions", "4", StaticBroker)
	alter(0, "log.retention.hours", "2", false, true)
	check(all, "log.retention.ms", "7200000", StaticBroker)
	if r := ask(t, e, 0, &CreateTopic{Name: "new", Partitions: -1}); r.Body.(*CreateTopicReply).Partitions != 4 {
		t.Errorf("%+v", r.Body)
	}
	if n := len(e.Ready().Events); n != 0 {
		t.Errorf("%d events left", n)
	}
}
