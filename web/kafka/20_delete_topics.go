package kafka

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// DeleteTopics: 0 to 6. 4 is flexible, 5 gives messages, 6 takes topic ids instead of
// names.
func init() { on(20, 0, 6, deleteTopics) }

func deleteTopics(c *call, q *kmsg.DeleteTopicsRequest, a *kmsg.DeleteTopicsResponse) {
	for i := range q.TopicNames {
		q.Topics = append(q.Topics, kmsg.DeleteTopicsRequestTopic{Topic: &q.TopicNames[i]})
	}
	for i := range q.Topics {
		if t := &q.Topics[i]; !slices.ContainsFunc(q.Topics[:i], sameTopic(t)) {
			a.Topics = append(a.Topics, c.deleteTopic(t, slices.ContainsFunc(q.Topics[i+1:], sameTopic(t))))
		}
	}
}

// deleteTopic deletes a topic. One that is in the request again is not deleted.
func (c *call) deleteTopic(t *kmsg.DeleteTopicsRequestTopic, again bool) kmsg.DeleteTopicsResponseTopic {
	out := kmsg.DeleteTopicsResponseTopic{Topic: t.Topic, TopicID: t.TopicID}
	wrong := ""
	switch {
	case t.Topic != nil && t.TopicID != [16]byte{}:
		wrong = "You may not specify both topic name and topic id."
	case t.Topic == nil && t.TopicID == [16]byte{}:
		wrong = "Neither topic name nor id were specified."
	case again && t.Topic != nil:
		wrong = "Duplicate topic name."
	case again:
		wrong = "Duplicate topic id."
	}
	if wrong != "" {
		out.ErrorCode, out.ErrorMessage = int16(engine.InvalidRequest), &wrong
		return out
	}
	name := text(t.Topic)
	c.look(func(e *engine.Engine) {
		if t.Topic == nil {
			name = e.TopicName(topicOf(c.room, t.TopicID))
		} else if v, ok := e.Topic(name); ok {
			out.TopicID = topicUUID(c.room, v.ID)
		}
	})
	if t.Topic == nil && name == "" {
		out.ErrorCode = int16(engine.UnknownTopicID)
		return out
	}
	r := c.ask(&engine.DeleteTopic{Name: name})
	if out.Topic, out.ErrorCode, out.ErrorMessage = &name, int16(r.Code), orNull(r.Reason); r.Code != engine.None && t.Topic != nil {
		out.TopicID = [16]byte{}
	}
	return out
}

// sameTopic tells whether another entry is about the same name or id.
func sameTopic(t *kmsg.DeleteTopicsRequestTopic) func(kmsg.DeleteTopicsRequestTopic) bool {
	return func(o kmsg.DeleteTopicsRequestTopic) bool {
		return (t.Topic == nil) == (o.Topic == nil) && text(t.Topic) == text(o.Topic) && t.TopicID == o.TopicID
	}
}
