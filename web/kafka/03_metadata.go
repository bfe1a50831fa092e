package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// Metadata: 0 to 13. 0 has no controller; from 1 null topics are all topics and an empty
// list is none (in 0 an empty list is all); 2 adds the cluster id, 4 forbids creation of
// topics by asking, 5 offline replicas, 7 the leader epoch, 8 authorized operations, 9 is
// flexible, 10 has topic ids, which may be asked for from 12, 13 a code of its own.
func init() { on(3, 0, 13, metadata) }

func metadata(c *call, q *kmsg.MetadataRequest, a *kmsg.MetadataResponse) {
	cmd := &engine.Metadata{All: q.Topics == nil || c.version == 0 && len(q.Topics) == 0}
	var unknown [][16]byte // ids of no topic
	c.look(func(e *engine.Engine) {
		for i := range q.Topics {
			t := &q.Topics[i]
			if t.Topic != nil {
				cmd.Names = append(cmd.Names, *t.Topic)
			} else if name := e.TopicName(topicOf(c.room, t.TopicID)); name != "" {
				cmd.Names = append(cmd.Names, name)
			} else {
				unknown = append(unknown, t.TopicID)
			}
		}
	})
	body := c.metadataOf(cmd)
	if (q.AllowAutoTopicCreation || c.version < 4) && c.createMissing(body) {
		body = c.metadataOf(cmd)
	}
	id := clusterID(c.room)
	a.ClusterID, a.ControllerID = &id, body.Controller
	for _, b := range body.Brokers {
		name, port := c.advertised(b.ID)
		a.Brokers = append(a.Brokers, kmsg.MetadataResponseBroker{NodeID: b.ID, Host: name, Port: port, Rack: orNull(b.Rack)})
	}
	for i := range body.Topics {
		a.Topics = append(a.Topics, c.metadataTopic(&body.Topics[i], body.Brokers))
	}
	for _, id := range unknown {
		a.Topics = append(a.Topics, kmsg.MetadataResponseTopic{ErrorCode: int16(engine.UnknownTopicID), TopicID: id, AuthorizedOperations: noOperations})
	}
	a.AuthorizedOperations = c.operations(q.IncludeClusterAuthorizedOperations, "Cluster", "")
	for i := range a.Topics {
		if t := &a.Topics[i]; t.ErrorCode == 0 {
			t.AuthorizedOperations = c.operations(q.IncludeTopicAuthorizedOperations, "Topic", text(t.Topic))
		}
	}
}

// operations are what the client may do with a resource, if it asked for them.
func (c *call) operations(asked bool, resource, name string) (bits int32) {
	if !asked {
		return noOperations
	}
	c.look(func(e *engine.Engine) { bits = e.Operations(c.session, resource, name) })
	return bits
}

// noOperations is what stands for operations that nobody asked about.
const noOperations = -1 << 31

// metadataOf never gives nil. A cluster that does not say which brokers there are has one.
func (c *call) metadataOf(cmd *engine.Metadata) *engine.MetadataReply {
	body, ok := c.ask(cmd).Body.(*engine.MetadataReply)
	if !ok {
		body = &engine.MetadataReply{}
	}
	if len(body.Brokers) == 0 {
		body.Brokers, body.Controller = []engine.BrokerMetadata{{ID: engine.FirstBroker}}, engine.FirstBroker
	}
	return body
}

// createMissing makes the topics that are not there, with the broker's defaults
// (auto.create.topics.enable), and tells whether it made any.
func (c *call) createMissing(body *engine.MetadataReply) (made bool) {
	for i := range body.Topics {
		t := &body.Topics[i]
		if t.Code == engine.UnknownTopicOrPartition && t.Name != engine.OffsetsTopic {
			c.ask(&engine.CreateTopic{Name: t.Name, Partitions: -1, ReplicationFactor: -1})
			made = true
		}
	}
	return made
}

func (c *call) metadataTopic(t *engine.TopicMetadata, up []engine.BrokerMetadata) kmsg.MetadataResponseTopic {
	a := kmsg.MetadataResponseTopic{ErrorCode: int16(t.Code), Topic: &t.Name, IsInternal: t.Internal, AuthorizedOperations: noOperations}
	if t.Code == engine.None {
		a.TopicID = topicUUID(c.room, t.Topic)
	}
	for i := range t.Partitions {
		p := &t.Partitions[i]
		a.Partitions = append(a.Partitions, kmsg.MetadataResponseTopicPartition{
			ErrorCode: int16(p.Code), Partition: int32(i), Leader: p.Leader, LeaderEpoch: p.LeaderEpoch,
			Replicas: slices.Clone(p.Replicas), ISR: slices.Clone(p.ISR), OfflineReplicas: offline(p.Replicas, up),
		})
	}
	return a
}

// offline are the replicas on brokers that are not up.
func offline(replicas []int32, up []engine.BrokerMetadata) (down []int32) {
	for _, id := range replicas {
		if !slices.ContainsFunc(up, func(b engine.BrokerMetadata) bool { return b.ID == id }) {
			down = append(down, id)
		}
	}
	return down
}
