package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DeleteTopics: 0 to 6. 4 is flexible, 5 gives messages, 6 takes topic ids instead of
// names.
func init() { on(20, 0, 6, deleteTopics) }

func deleteTopics(c *call, q *kmsg.DeleteTopicsRequest, a *kmsg.DeleteTopicsResponse) {
	for i := range q.TopicNames {
		a.Topics = append(a.Topics, c.deleteTopic(q.TopicNames[i]))
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		if t.Topic != nil {
			a.Topics = append(a.Topics, c.deleteTopic(*t.Topic))
			continue
		}
		name := ""
		c.look(func(e *engine.Engine) { name = e.TopicName(topicOf(c.room, t.TopicID)) })
		out := kmsg.DeleteTopicsResponseTopic{ErrorCode: int16(engine.UnknownTopicID)}
		if name != "" {
			out = c.deleteTopic(name)
		}
		out.TopicID = t.TopicID
		a.Topics = append(a.Topics, out)
	}
}

func (c *call) deleteTopic(name string) kmsg.DeleteTopicsResponseTopic {
	r := c.ask(&engine.DeleteTopic{Name: name})
	return kmsg.DeleteTopicsResponseTopic{Topic: &name, ErrorCode: int16(r.Code), ErrorMessage: orNull(r.Reason)}
}
