package engine

import "testing"

// TestBrokerDefaultsOfTopics: log.retention.bytes and log.segment.bytes hold for a topic
// that sets nothing itself, and again once it takes its own value back.
func TestBrokerDefaultsOfTopics(t *testing.T) {
	e := New(Config{Defaults: []ConfigEntry{
		{Name: "log.retention.bytes", Value: "1000"}, {Name: "log.segment.bytes", Value: "500"},
		{Name: "offsets.topic.segment.bytes", Value: "700"},
	}})
	value := func(topic, name string) (string, bool) {
		t.Helper()
		e.Apply(0, 1, 1, &DescribeConfigs{Topic: topic})
		replies := e.Ready().Replies
		defer e.Advance()
		for _, entry := range replies[len(replies)-1].Body.(*DescribeConfigsReply).Entries {
			if entry.Name == name {
				return entry.Value, entry.Default
			}
		}
		t.Fatalf("%s has no setting %s", topic, name)
		return "", false
	}
	e.Apply(0, 1, 1, &CreateTopic{Name: "plain", Partitions: 1})
	e.Apply(0, 1, 1, &CreateTopic{Name: "own", Partitions: 1, Config: []ConfigEntry{{Name: "retention.bytes", Value: "-1"}}})
	e.Apply(0, 1, 1, &OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "plain", LeaderEpoch: -1}}})
	for _, c := range []struct {
		topic, name, want string
		standard          bool
	}{
		{"plain", "retention.bytes", "1000", true},
		{"plain", "segment.bytes", "500", true},
		{"own", "retention.bytes", "-1", false},
		{"own", "segment.bytes", "500", true},
		{OffsetsTopic, "segment.bytes", "700", false},
		{OffsetsTopic, "retention.bytes", "1000", true},
	} {
		if got, standard := value(c.topic, c.name); got != c.want || standard != c.standard {
			t.Errorf("%s: %s is %s, default %v; want %s, %v", c.topic, c.name, got, standard, c.want, c.standard)
		}
	}
	e.Apply(0, 1, 1, &AlterConfig{Topic: "own", Entries: []ConfigEntry{{Name: "retention.bytes", Unset: true}}})
	if got, standard := value("own", "retention.bytes"); got != "1000" || !standard {
		t.Errorf("taken back it is %s, default %v; want 1000 of the broker", got, standard)
	}
}

// TestBrokersOwnDefaults: what is set for one broker holds for the partitions that it
// leads, and moves with them.
func TestBrokersOwnDefaults(t *testing.T) {
	c := newCluster(t, 3, 5)
	c.must(&CreateTopic{Name: "orders", Replicas: [][]int32{{101, 102}, {102, 101}}, Partitions: -1, ReplicationFactor: -1})
	c.wait(1000)
	c.must(&AlterBrokerConfig{Broker: 102, Entries: []ConfigEntry{{Name: "message.max.bytes", Value: "100"}}})
	if r := c.do(&AlterBrokerConfig{Broker: 102, Static: true, Entries: []ConfigEntry{{Name: "message.max.bytes", Value: "100"}}}); r.Code != InvalidRequest {
		t.Errorf("server.properties of one broker: %v", r.Code)
	}
	id := c.e.topicByName["orders"]
	produce := func(p Partition) Code {
		t.Helper()
		tok := c.at(0, &Produce{Topic: id, Partition: p, Acks: 1, Batch: records(0, "a value that is longer than a hundred bytes with all that comes before it")})
		return c.codes[tok]
	}
	want := func(first, second Code) {
		t.Helper()
		if a, b := produce(0), produce(1); a != first || b != second {
			t.Errorf("codes %v and %v, want %v and %v", a, b, first, second)
		}
	}
	want(None, MessageTooLarge)
	c.at(0, &CrashBroker{Broker: 101})
	c.wait(20_000)
	want(MessageTooLarge, MessageTooLarge)
	c.at(0, &StartBroker{Broker: 101})
	c.wait(20_000)
	c.at(0, &ElectLeaders{})
	c.wait(1000)
	want(None, MessageTooLarge)
	for broker, value := range map[int32]string{101: "1048588", 102: "100"} {
		tok := c.at(broker, &DescribeConfigs{Topic: "orders"})
		for _, d := range c.bodies[tok].Body.(*DescribeConfigsReply).Entries {
			if d.Name == "max.message.bytes" && d.Value != value {
				t.Errorf("broker %d has %s, want %s", broker, d.Value, value)
			}
		}
	}
	c.must(&AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: "max.message.bytes", Value: "5000"}}})
	want(None, None)
	c.must(&AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: "max.message.bytes", Unset: true}}})
	want(None, MessageTooLarge)
	c.must(&AlterBrokerConfig{Broker: 102, Entries: []ConfigEntry{{Name: "message.max.bytes", Unset: true}}})
	want(None, None)
}
