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
