package remote

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// NewTopic is a topic to be made.
type NewTopic struct {
	Partitions  int32    // -1: the broker's default
	Replication int16    // -1: the broker's default
	Configs     []string // name=value
	IfNotExists bool
}

// CreateTopics makes topics with the same settings.
func (c *Cluster) CreateTopics(ctx context.Context, out io.Writer, names []string, t NewTopic) error {
	configs := map[string]*string{}
	for _, text := range t.Configs {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("--config %s: write it as name=value, as in retention.ms=60000", text)
		}
		configs[name] = &value
	}
	made, err := c.admin.CreateTopics(ctx, t.Partitions, t.Replication, configs, names...)
	if err != nil {
		return c.explain(err)
	}
	var failed error
	for _, name := range names {
		switch r := made[name]; {
		case r.Err == nil:
			fmt.Fprintf(out, "Created topic %s.\n", name)
		case t.IfNotExists && errors.Is(r.Err, kerr.TopicAlreadyExists):
		default:
			failed = errors.Join(failed, withMessage("topic "+name, r.Err, r.ErrMessage))
		}
	}
	return failed
}

// withMessage is an error about one thing, with the broker's own words if it said any.
func withMessage(what string, err error, message string) error {
	err = explainCode(err)
	if message != "" && !strings.Contains(err.Error(), message) {
		return fmt.Errorf("%s: %w (%s)", what, err, message)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// ListTopics writes the names of all topics, one a line.
func (c *Cluster) ListTopics(ctx context.Context, out io.Writer, internal bool) error {
	names, err := c.TopicNames(ctx, internal)
	for _, name := range names {
		fmt.Fprintln(out, name)
	}
	return err
}

// TopicNames gives the names of all topics in order.
func (c *Cluster) TopicNames(ctx context.Context, internal bool) ([]string, error) {
	list := c.admin.ListTopics
	if internal {
		list = c.admin.ListTopicsWithInternal
	}
	topics, err := list(ctx)
	if err != nil {
		return nil, c.explain(err)
	}
	return topics.Names(), nil
}

// DescribeTopics writes topics and their partitions as kafka-topics --describe does;
// without names, all.
func (c *Cluster) DescribeTopics(ctx context.Context, out io.Writer, names []string) error {
	topics, err := c.admin.ListTopicsWithInternal(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	var known []string
	for _, t := range topics.Sorted() {
		if t.Err != nil {
			return withMessage("topic "+t.Topic, t.Err, "")
		}
		known = append(known, t.Topic)
	}
	configs := map[string]string{}
	if len(known) > 0 {
		described, err := c.admin.DescribeTopicConfigs(ctx, known...)
		if err != nil {
			return c.explain(err)
		}
		for _, r := range described {
			configs[r.Name] = changedConfigs(r)
		}
	}
	for _, t := range topics.Sorted() {
		replicas := 0
		if len(t.Partitions) > 0 {
			replicas = len(t.Partitions.Sorted()[0].Replicas)
		}
		fmt.Fprintf(out, "Topic: %s\tTopicId: %s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s\n",
			t.Topic, topicID(t.ID), len(t.Partitions), replicas, configs[t.Topic])
		for _, p := range t.Partitions.Sorted() {
			leader := fmt.Sprint(p.Leader)
			if p.Leader < 0 {
				leader = "none"
			}
			fmt.Fprintf(out, "\tTopic: %s\tPartition: %d\tLeader: %s\tReplicas: %s\tIsr: %s\n",
				t.Topic, p.Partition, leader, numbers(p.Replicas), numbers(p.ISR))
		}
	}
	return nil
}

// topicID is a topic's id as Kafka's tools write it.
func topicID(id kadm.TopicID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// changedConfigs lists what the topic sets itself.
func changedConfigs(r kadm.ResourceConfig) string {
	var list []string
	for _, config := range r.Configs {
		if config.Source.String() == "DYNAMIC_TOPIC_CONFIG" {
			list = append(list, config.Key+"="+config.MaybeValue())
		}
	}
	slices.Sort(list)
	return strings.Join(list, ",")
}

func numbers(list []int32) string {
	text := make([]string, len(list))
	for i, n := range list {
		text[i] = fmt.Sprint(n)
	}
	return strings.Join(text, ",")
}

// DeleteTopics removes topics and their records.
func (c *Cluster) DeleteTopics(ctx context.Context, out io.Writer, names []string) error {
	gone, err := c.admin.DeleteTopics(ctx, names...)
	if err != nil {
		return c.explain(err)
	}
	var failed error
	for _, name := range names {
		if r := gone[name]; r.Err != nil {
			failed = errors.Join(failed, withMessage("topic "+name, r.Err, r.ErrMessage))
		} else {
			fmt.Fprintf(out, "Deleted topic %s.\n", name)
		}
	}
	return failed
}

// Alteration changes a topic.
type Alteration struct {
	Partitions int      // the new total; 0: unchanged
	Set        []string // name=value
	Delete     []string // names that go back to the default
}

// AlterTopic changes one topic.
func (c *Cluster) AlterTopic(ctx context.Context, out io.Writer, name string, a Alteration) error {
	if a.Partitions > 0 {
		grown, err := c.admin.UpdatePartitions(ctx, a.Partitions, name)
		if err != nil {
			return c.explain(err)
		}
		if r := grown[name]; r.Err != nil {
			return withMessage("topic "+name, r.Err, r.ErrMessage)
		}
		fmt.Fprintf(out, "Topic %s has %d partitions now. Keys may go to other partitions than before.\n", name, a.Partitions)
	}
	changes := map[string]kadm.AlterConfig{}
	for _, text := range a.Set {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("--config %s: write it as name=value, as in retention.ms=60000", text)
		}
		changes[key] = kadm.AlterConfig{Op: kadm.SetConfig, Name: key, Value: &value}
	}
	for _, key := range a.Delete {
		changes[key] = kadm.AlterConfig{Op: kadm.DeleteConfig, Name: key}
	}
	if len(changes) == 0 {
		return nil
	}
	var list []kadm.AlterConfig
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		list = append(list, changes[key])
	}
	answers, err := c.admin.AlterTopicConfigs(ctx, list, name)
	if err != nil {
		return c.explain(err)
	}
	for _, r := range answers {
		if r.Err != nil {
			return withMessage("topic "+name, r.Err, r.ErrMessage)
		}
	}
	fmt.Fprintf(out, "Completed updating config for topic %s.\n", name)
	return nil
}
