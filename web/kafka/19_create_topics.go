package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// CreateTopics: 0 to 7. 1 may only validate and gives messages, 4 takes -1 for the
// broker's defaults (KIP-464), 5 is flexible and tells what was made, 7 its topic id.
// Kafka 4 serves no version below 2.
func init() { on(19, 0, 7, createTopics) }

func createTopics(c *call, q *kmsg.CreateTopicsRequest, a *kmsg.CreateTopicsResponse) {
	times := map[string]int{}
	for i := range q.Topics {
		times[q.Topics[i].Topic]++
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		out := kmsg.NewCreateTopicsResponseTopic()
		out.Topic, out.NumPartitions, out.ReplicationFactor = t.Topic, -1, -1
		if times[t.Topic] == 0 {
			continue // said already
		}
		wrong := wrongTopic(t, times[t.Topic])
		if times[t.Topic] = 0; wrong.Code != engine.None {
			out.ErrorCode, out.ErrorMessage = int16(wrong.Code), &wrong.Reason
		} else {
			c.createTopic(t, q.ValidateOnly, &out)
		}
		a.Topics = append(a.Topics, out)
	}
}

// wrongTopic says what a request may not ask for, whatever there is in the cluster.
func wrongTopic(t *kmsg.CreateTopicsRequestTopic, times int) engine.Reply {
	byHand := len(t.ReplicaAssignment) > 0
	switch {
	case times > 1:
		return engine.Reply{Code: engine.InvalidRequest, Reason: "Duplicate topic name."}
	case t.Topic == "__cluster_metadata":
		return engine.Reply{Code: engine.InvalidRequest, Reason: "Creation of internal topic __cluster_metadata is prohibited."}
	case byHand && t.ReplicationFactor != -1:
		return engine.Reply{Code: engine.InvalidRequest, Reason: "A manual partition assignment was specified, but replication factor was not set to -1."}
	case byHand && t.NumPartitions != -1:
		return engine.Reply{Code: engine.InvalidRequest, Reason: "A manual partition assignment was specified, but numPartitions was not set to -1."}
	case t.ReplicationFactor < -1 || t.ReplicationFactor == 0:
		return engine.Reply{Code: engine.InvalidReplicationFactor, Reason: "Replication factor must be larger than 0, or -1 to use the default value."}
	}
	return engine.Reply{}
}

func (c *call) createTopic(t *kmsg.CreateTopicsRequestTopic, validateOnly bool, out *kmsg.CreateTopicsResponseTopic) {
	cmd := &engine.CreateTopic{Name: t.Topic, Partitions: t.NumPartitions, ReplicationFactor: t.ReplicationFactor}
	for i := range t.Configs {
		if t.Configs[i].Value == nil {
			why := "A setting without a value: " + t.Configs[i].Name
			out.ErrorCode, out.ErrorMessage = int16(engine.InvalidConfig), &why
			return
		}
		cmd.Config = append(cmd.Config, engine.ConfigEntry{Name: t.Configs[i].Name, Value: *t.Configs[i].Value})
	}
	if len(t.ReplicaAssignment) > 0 {
		cmd.Replicas = make([][]int32, len(t.ReplicaAssignment))
		for i := range t.ReplicaAssignment {
			p := &t.ReplicaAssignment[i]
			if p.Partition < 0 || int(p.Partition) >= len(cmd.Replicas) || cmd.Replicas[p.Partition] != nil {
				why := "Partitions must be numbered from 0 without gaps."
				out.ErrorCode, out.ErrorMessage = int16(engine.InvalidReplicaAssignment), &why
				return
			}
			cmd.Replicas[p.Partition] = p.Replicas
		}
	}
	r := c.try(cmd, validateOnly)
	out.ErrorCode, out.ErrorMessage = int16(r.Code), orNull(r.Reason)
	if body, ok := r.Body.(*engine.CreateTopicReply); ok && r.Code == engine.None {
		out.NumPartitions = body.Partitions
		out.ReplicationFactor = max(1, cmd.ReplicationFactor)
		if cmd.Replicas != nil {
			out.ReplicationFactor = int16(len(cmd.Replicas[0]))
		}
		if !validateOnly {
			out.TopicID = topicUUID(c.room, body.Topic)
			c.createdConfigs(out)
		}
	}
}

// createdConfigs lists the settings of a topic that was made (KIP-525).
func (c *call) createdConfigs(out *kmsg.CreateTopicsResponseTopic) {
	if c.version < 5 {
		return
	}
	if meta := c.metadataOf(&engine.Metadata{Names: []string{out.Topic}}); len(meta.Topics) == 1 && len(meta.Topics[0].Partitions) > 0 {
		out.ReplicationFactor = int16(len(meta.Topics[0].Partitions[0].Replicas))
	}
	body, ok := c.ask(&engine.DescribeConfigs{Topic: out.Topic}).Body.(*engine.DescribeConfigsReply)
	if !ok {
		return
	}
	for i := range body.Entries {
		s := &body.Entries[i]
		out.Configs = append(out.Configs, kmsg.CreateTopicsResponseTopicConfig{Name: s.Name, Value: &s.Value, ReadOnly: s.ReadOnly, Source: int8(s.Source)})
	}
}
