package client_test

import (
	"slices"
	"strings"
	"testing"

	"partita/engine/client"
)

func TestConsumerSettings(t *testing.T) {
	c := client.DefaultConsumerConfig()
	for _, s := range c.Settings() {
		if s.Value != s.Default {
			t.Errorf("%s is %q at first, its default is %q", s.Name, s.Value, s.Default)
		}
		if err := c.Set(s.Name, s.Default); err != nil && s.Default != "" {
			t.Errorf("%s=%s, its default: %v", s.Name, s.Default, err)
		}
	}
	for _, set := range [][2]string{
		{"max.poll.records", "10"}, {"isolation.level", "read_committed"}, {"process", "2s"},
		{"partition.assignment.strategy", "sticky,org.apache.kafka.clients.consumer.CooperativeStickyAssignor"},
		{"commit", "before"}, {"group.id", "billing"},
	} {
		if err := c.Set(set[0], set[1]); err != nil {
			t.Error(err)
		}
	}
	if c.MaxPollRecords != 10 || !c.ReadCommitted || c.App.ProcessMs != 2000 || c.GroupID != "billing" ||
		!slices.Equal(c.Assignors, []string{"sticky", "cooperative-sticky"}) ||
		c.App.Commit != client.CommitBefore || c.EnableAutoCommit {
		t.Errorf("after Set: %+v", c)
	}
	if c.Set("enable.auto.commit", "true"); c.App.Commit != client.CommitAuto {
		t.Error("enable.auto.commit=true leaves another commit policy")
	}
	if c.Set("enable.auto.commit", "false"); c.App.Commit != client.CommitNone {
		t.Error("enable.auto.commit=false leaves the auto policy")
	}
}

func TestProducerSettings(t *testing.T) {
	c := client.DefaultProducerConfig()
	for _, s := range c.Settings() {
		if s.Value != s.Default {
			t.Errorf("%s is %q at first, its default is %q", s.Name, s.Value, s.Default)
		}
		if err := c.Set(s.Name, s.Default); err != nil && s.Default != "" {
			t.Errorf("%s=%s, its default: %v", s.Name, s.Default, err)
		}
	}
	for value, want := range map[string]int16{"0": 0, "1": 1, "all": -1, "-1": -1} {
		if err := c.Set("acks", value); err != nil || c.Acks != want {
			t.Errorf("acks=%s is %d: %v", value, c.Acks, err)
		}
	}
}

func TestSettingsRefuse(t *testing.T) {
	consumer, producer := client.DefaultConsumerConfig(), client.DefaultProducerConfig()
	for _, c := range []struct {
		set               func(name, value string) error
		name, value, want string
	}{
		{consumer.Set, "max.poll.records", "0", "Invalid value 0 for configuration max.poll.records: Value must be at least 1"},
		{consumer.Set, "session.timeout.ms", "3000000000", "Not a number of type INT"},
		{consumer.Set, "retry.backoff.ms", "soon", "Not a number of type LONG"},
		{consumer.Set, "auto.offset.reset", "newest", "String must be one of: earliest, latest, none"},
		{consumer.Set, "enable.auto.commit", "yes", "Expected value to be either true or false"},
		{consumer.Set, "group.id", "", "String must be non-empty"},
		{consumer.Set, "partition.assignment.strategy", "range,uniform", "range, roundrobin, sticky, cooperative-sticky"},
		{consumer.Set, "commit", "never", "auto, after, before, none"},
		{consumer.Set, "process", "2 weeks", "is not a time"},
		{consumer.Set, "acks", "all", "acks is not a setting of a consumer"},
		{producer.Set, "acks", "2", "String must be one of: 0, 1, all, -1"},
		{producer.Set, "partitioner.class", "mine", "sarama-hash"},
		{producer.Set, "batch.size", "-1", "Value must be at least 0"},
		{producer.Set, "group.id", "g", "not a setting of a producer"},
	} {
		if err := c.set(c.name, c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, want %q", c.name, c.value, err, c.want)
		}
	}
	for _, s := range append(consumer.Settings(), producer.Settings()...) {
		if s.Value != s.Default {
			t.Errorf("%s became %s although it was refused", s.Name, s.Value)
		}
	}
	consumer.Set("session.timeout.ms", "3000")
	if err := consumer.Check(); err == nil || !strings.Contains(err.Error(), "heartbeat.interval.ms (3000) must be less than session.timeout.ms (3000)") {
		t.Error(err)
	}
	consumer.Set("heartbeat.interval.ms", "1000")
	if err := consumer.Check(); err != nil {
		t.Error(err)
	}
	producer.Set("delivery.timeout.ms", "30004")
	if err := producer.Check(); err == nil || !strings.Contains(err.Error(), "linger.ms + request.timeout.ms (30005)") {
		t.Error(err)
	}
}
