package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// ElectLeaders: 0 to 2. 1 may elect uncleanly, 2 is flexible. Null topics are all
// partitions.
func init() { on(43, 0, 2, electLeaders) }

func electLeaders(c *call, q *kmsg.ElectLeadersRequest, a *kmsg.ElectLeadersResponse) {
	cmd := &engine.ElectLeaders{Unclean: q.ElectionType == 1}
	for i := range q.Topics {
		cmd.Partitions = appendPartitions(cmd.Partitions, q.Topics[i].Topic, q.Topics[i].Partitions)
	}
	if q.Topics != nil && len(cmd.Partitions) == 0 {
		return // none is not all
	}
	r := c.ask(cmd)
	body, ok := r.Body.(*engine.ElectLeadersReply)
	if !ok {
		a.ErrorCode = int16(r.Code)
		return
	}
	for i := range body.Partitions {
		p := &body.Partitions[i]
		if q.Topics == nil && p.Code == engine.ElectionNotNeeded {
			continue // of all, only those are told that had an election
		}
		if n := len(a.Topics); n == 0 || a.Topics[n-1].Topic != p.Topic {
			a.Topics = append(a.Topics, kmsg.ElectLeadersResponseTopic{Topic: p.Topic})
		}
		t := &a.Topics[len(a.Topics)-1]
		t.Partitions = append(t.Partitions, kmsg.ElectLeadersResponseTopicPartition{Partition: int32(p.Partition), ErrorCode: int16(p.Code)})
	}
}
