package referee

import (
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("consumer", consumerGroup)
	for _, assignor := range []string{"uniform", "range"} {
		on("server-"+assignor, func(p *play) { p.serverAssignor(assignor) })
	}
	on("badshare", badShare)
}

// beat is a ConsumerGroupHeartbeat that says nothing but who it is from.
func (p *play) beat(member string, epoch int32) *kmsg.ConsumerGroupHeartbeatRequest {
	q := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	q.Group, q.MemberID, q.MemberEpoch, q.RebalanceTimeoutMillis = p.act, member, epoch, -1
	return q
}

// entering is one that joins.
func (p *play) entering(member string, topics ...string) *kmsg.ConsumerGroupHeartbeatRequest {
	q := p.beat(member, 0)
	q.RebalanceTimeoutMillis, q.SubscribedTopicNames, q.Topics = 10_000, topics, []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	return q
}

// assigned notes what a member is to have, with partitions in order.
func (p *play) assigned(step string, q *kmsg.ConsumerGroupHeartbeatRequest) *kmsg.ConsumerGroupHeartbeatResponse {
	a, err := p.ask(anyVersion, q)
	if err != nil {
		p.see(step, ended(err))
		return nil
	}
	r := a.(*kmsg.ConsumerGroupHeartbeatResponse)
	has := "as before"
	if r.Assignment != nil {
		var list []string
		for _, t := range r.Assignment.Topics {
			slices.Sort(t.Partitions)
			list = append(list, fmt.Sprint(p.name("id", fmt.Sprint(t.TopicID)), " ", t.Partitions))
		}
		slices.Sort(list)
		has = fmt.Sprint(list)
	}
	p.see(step, fmt.Sprint(codeName(r.ErrorCode), " epoch=", r.MemberEpoch, " ", has))
	return r
}

// consumerGroup is the protocol of KIP-848 by hand, rightly and wrongly.
func consumerGroup(p *play) {
	p.topic("consumer", 3)
	p.topicID("consumer")
	p.assigned("unknown member", p.beat("m0", 5))
	p.assigned("leave of nobody", p.beat("m0", -1))
	for _, c := range []struct {
		name   string
		change func(q *kmsg.ConsumerGroupHeartbeatRequest)
	}{
		{"no group", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.Group = "" }},
		{"no member id", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.MemberID = "" }},
		{"no topics", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.SubscribedTopicNames = nil }},
		{"no rebalance timeout", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.RebalanceTimeoutMillis = -1 }},
		{"owns something", func(q *kmsg.ConsumerGroupHeartbeatRequest) {
			q.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{{TopicID: [16]byte{1}, Partitions: []int32{0}}}
		}},
		{"unknown assignor", func(q *kmsg.ConsumerGroupHeartbeatRequest) { s := "fair"; q.ServerAssignor = &s }},
		{"empty instance", func(q *kmsg.ConsumerGroupHeartbeatRequest) { s := ""; q.InstanceID = &s }},
		{"wrong expression", func(q *kmsg.ConsumerGroupHeartbeatRequest) {
			s := "(("
			q.SubscribedTopicRegex, q.SubscribedTopicNames = &s, nil
		}},
		{"epoch -3", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.MemberEpoch = -3 }},
		{"static leave without an instance", func(q *kmsg.ConsumerGroupHeartbeatRequest) { q.MemberEpoch = -2 }},
	} {
		q := p.entering("m0", "consumer")
		c.change(q)
		p.assigned(c.name, q)
	}
	p.scout("consumer")
	r := p.assigned("m1 joins", p.entering("m1", "consumer"))
	if r == nil {
		return
	}
	p.assigned("m1 joins again", p.entering("m1", "consumer"))
	p.assigned("heartbeat", p.beat("m1", r.MemberEpoch))
	p.assigned("old epoch", p.beat("m1", r.MemberEpoch-1))
	p.assigned("future epoch", p.beat("m1", r.MemberEpoch+5))
	p.commit("commit", "consumer", "m1", r.MemberEpoch, 5)
	p.commit("commit of a future epoch", "consumer", "m1", r.MemberEpoch+9, 6)
	p.commit("commit of an old epoch", "consumer", "m1", r.MemberEpoch-1, 6)
	p.commit("commit of nobody", "consumer", "m9", r.MemberEpoch, 6)
	p.commit("commit from outside", "consumer", "", -1, 6)
	p.commit("commit as a classic client", "consumer", "m1", r.MemberEpoch, 6, func(q *kmsg.OffsetCommitRequest) { q.Generation = -1 })
	p.do("describe", &kmsg.ConsumerGroupDescribeRequest{Groups: []string{"consumer"}})
	p.do("describe as a classic group", &kmsg.DescribeGroupsRequest{Groups: []string{"consumer"}})
	p.do("heartbeat of a classic member", &kmsg.HeartbeatRequest{Group: "consumer", MemberID: "m1", Generation: r.MemberEpoch})
	p.do("delete a group with members", &kmsg.DeleteGroupsRequest{Groups: []string{"consumer"}})
	p.assigned("m1 leaves", p.beat("m1", -1))
	p.assigned("after that", p.beat("m1", r.MemberEpoch))
	p.do("describe the empty group", &kmsg.ConsumerGroupDescribeRequest{Groups: []string{"consumer"}})
	p.do("delete", &kmsg.DeleteGroupsRequest{Groups: []string{"consumer"}})
}

// scout waits until a group coordinator assigns a topic's partitions: it hears of a new
// topic somewhat later than whoever answers Metadata.
func (p *play) scout(topic string) {
	group := p.act + ".scout"
	in := p.entering("scout", topic)
	in.Group = group
	p.repeat(5*time.Second, func() bool {
		a, err := p.ask(anyVersion, in)
		r, ok := a.(*kmsg.ConsumerGroupHeartbeatResponse)
		return err != nil || ok && r.Assignment != nil && len(r.Assignment.Topics) > 0
	})
	out := p.beat("scout", -1)
	out.Group = group
	p.ask(anyVersion, out)
	p.ask(anyVersion, &kmsg.DeleteGroupsRequest{Groups: []string{group}})
}

// topicID gives a topic's id its name in the act, and the id.
func (p *play) topicID(topic string) [16]byte {
	q := kmsg.NewPtrMetadataRequest()
	q.Topics = []kmsg.MetadataRequestTopic{{Topic: &topic}}
	a, err := p.ask(anyVersion, q)
	if err != nil {
		p.see("id of "+topic, ended(err))
		return [16]byte{}
	}
	id := a.(*kmsg.MetadataResponse).Topics[0].TopicID
	p.name("id", fmt.Sprint(id))
	return id
}

// serverAssignor lets three members come and one go, each of which takes and gives back at
// once what it is told to, and notes what each has in the end.
func (p *play) serverAssignor(assignor string) {
	one, two := p.act+".one", p.act+".two"
	p.topic(one, 4)
	p.topic(two, 3)
	p.topicID(one)
	p.topicID(two)
	owned := map[string][]kmsg.ConsumerGroupHeartbeatRequestTopic{}
	epochs := map[string]int32{}
	var members []string
	settle := func(step string) {
		quiet := 0
		p.until(step, func() bool {
			for _, m := range members {
				q := p.beat(m, epochs[m])
				q.Topics, q.SubscribedTopicNames, q.RebalanceTimeoutMillis = owned[m], []string{one, two}, 10_000
				if owned[m] == nil {
					q.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
				}
				if epochs[m] == 0 {
					q.ServerAssignor = &assignor
				}
				a, err := p.ask(anyVersion, q)
				if err != nil || a.(*kmsg.ConsumerGroupHeartbeatResponse).ErrorCode != 0 {
					p.see(step, fmt.Sprint(ended(err), a))
					quiet = 2 * len(members)
					return true
				}
				r := a.(*kmsg.ConsumerGroupHeartbeatResponse)
				before := fmt.Sprint(owned[m])
				if quiet++; r.MemberEpoch != epochs[m] {
					quiet = 0
				}
				if epochs[m] = r.MemberEpoch; r.Assignment != nil {
					owned[m] = nil
					for _, t := range r.Assignment.Topics {
						slices.Sort(t.Partitions)
						owned[m] = append(owned[m], kmsg.ConsumerGroupHeartbeatRequestTopic{TopicID: t.TopicID, Partitions: t.Partitions})
					}
					slices.SortFunc(owned[m], func(a, b kmsg.ConsumerGroupHeartbeatRequestTopic) int {
						return slices.Compare(a.TopicID[:], b.TopicID[:])
					})
				}
				if fmt.Sprint(owned[m]) != before {
					quiet = 0
				}
			}
			return quiet >= 2*len(members)
		})
		var sizes []int
		for _, m := range members {
			var list []string
			for _, t := range owned[m] {
				slices.Sort(t.Partitions)
				list = append(list, fmt.Sprint(p.name("id", fmt.Sprint(t.TopicID)), " ", t.Partitions))
			}
			// Uniform deals in the order of topic ids, which are random. Epochs also count
			// what the brokers hear of topics, when they hear it.
			if slices.Sort(list); assignor == "range" {
				p.see(step+" "+m, list)
			}
			n := 0
			for _, t := range owned[m] {
				n += len(t.Partitions)
			}
			sizes = append(sizes, n)
		}
		slices.Sort(sizes)
		p.see(step+" sizes", sizes)
	}
	for _, m := range []string{"a", "b", "c"} {
		members = append(members, m)
		settle("with " + m)
	}
	p.assigned("b leaves", p.beat("b", -1))
	delete(owned, "b")
	members = []string{"a", "c"}
	settle("without b")
}

// badShare asks of share groups what cannot be, and fetches what can.
func badShare(p *play) {
	p.topic("badshare", 1)
	id := p.topicID("badshare")
	p.produce("send", "badshare", batchOf(recs("a", "b", "c"), nil))
	beat := func(step, group, member string, epoch int32, topics ...string) {
		q := kmsg.NewPtrShareGroupHeartbeatRequest()
		q.GroupID, q.MemberID, q.MemberEpoch, q.SubscribedTopicNames = group, member, epoch, topics
		p.do(step, q)
	}
	beat("unknown member", "badshare", "s1", 5)
	beat("no group", "", "s1", 0, "badshare")
	beat("no member id", "badshare", "", 0, "badshare")
	beat("no topics", "badshare", "s1", 0)
	beat("epoch -2", "badshare", "s1", -2)
	beat("leave of nobody", "badshare", "s1", -1)
	p.alter("from the start", kmsg.ConfigResourceTypeGroupConfig, "badshare", kmsg.IncrementalAlterConfigOpSet, "share.auto.offset.reset=earliest")
	p.settle(kmsg.ConfigResourceTypeGroupConfig, "badshare", "share.auto.offset.reset", "earliest")
	p.do("describe none", &kmsg.ShareGroupDescribeRequest{GroupIDs: []string{"badshare.none", ""}})
	group, member := "badshare", "AAAAAAAAAAAAAAAAAAAAAQ"
	fetch := func(step string, epoch int32) {
		q := kmsg.NewPtrShareFetchRequest()
		q.GroupID, q.MemberID, q.ShareSessionEpoch = &group, &member, epoch
		q.MaxWaitMillis, q.MinBytes, q.MaxBytes, q.MaxRecords, q.BatchSize = 500, 1, 1<<20, 100, 100
		q.Topics = []kmsg.ShareFetchRequestTopic{{TopicID: id, Partitions: []kmsg.ShareFetchRequestTopicPartition{{}}}}
		if a, err := p.ask(anyVersion, q); err != nil {
			p.see(step, ended(err))
		} else {
			p.see(step, codeName(a.(*kmsg.ShareFetchResponse).ErrorCode)) // what else there is depends on the moment
		}
	}
	fetch("session of epoch 3", 3)
	fetch("session of no member", 0)
	acknowledge := kmsg.NewPtrShareAcknowledgeRequest()
	acknowledge.GroupID, acknowledge.MemberID, acknowledge.ShareSessionEpoch = &group, &member, 0
	p.do("acknowledge without a session", acknowledge)
}
