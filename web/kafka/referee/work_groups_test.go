package referee

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("badgroup", badGroups)
	on("members", members)
	on("commits", commits)
	for name, balancer := range map[string]kgo.GroupBalancer{"range": kgo.RangeBalancer(), "roundrobin": kgo.RoundRobinBalancer(),
		"sticky": kgo.StickyBalancer(), "cooperative-sticky": kgo.CooperativeStickyBalancer()} {
		on("assign-"+name, func(p *play) { p.assign(name, kgo.Balancers(balancer)) })
	}
	on("assign-uniform", func(p *play) { p.assign("uniform", kgo.ServerSideBalancer()) })
}

// joining is a JoinGroup of the consumer protocol type.
func joining(group, member, instance string, protocols ...string) *kmsg.JoinGroupRequest {
	q := kmsg.NewPtrJoinGroupRequest()
	q.Group, q.MemberID, q.SessionTimeoutMillis, q.RebalanceTimeoutMillis, q.ProtocolType = group, member, 10_000, 10_000, "consumer"
	if instance != "" {
		q.InstanceID = &instance
	}
	for _, name := range protocols {
		m := kmsg.NewConsumerMemberMetadata()
		m.Topics = []string{group}
		q.Protocols = append(q.Protocols, kmsg.JoinGroupRequestProtocol{Name: name, Metadata: m.AppendTo(nil)})
	}
	return q
}

// enter gets a member id and joins with it. It gives the id and the generation.
func (p *play) enter(step, group, instance string, protocols ...string) (member string, generation int32) {
	q := joining(group, "", instance, protocols...)
	a, ok := p.do(step, q).(*kmsg.JoinGroupResponse)
	if !ok {
		return "", -1
	}
	if a.ErrorCode == 79 { // MEMBER_ID_REQUIRED
		q.MemberID = a.MemberID
		if a, ok = p.do(step+" with an id", q).(*kmsg.JoinGroupResponse); !ok {
			return "", -1
		}
	}
	return a.MemberID, a.Generation
}

// badGroups asks about groups that are not there, and wrongly.
func badGroups(p *play) {
	for _, c := range []struct {
		name   string
		change func(q *kmsg.JoinGroupRequest)
	}{
		{"no group", func(q *kmsg.JoinGroupRequest) { q.Group = "" }},
		{"short session", func(q *kmsg.JoinGroupRequest) { q.SessionTimeoutMillis = 10 }},
		{"long session", func(q *kmsg.JoinGroupRequest) { q.SessionTimeoutMillis = 1 << 30 }},
		{"unknown member", func(q *kmsg.JoinGroupRequest) { q.MemberID = "nobody" }},
		{"no protocols", func(q *kmsg.JoinGroupRequest) { q.Protocols = nil }},
		{"no protocol type", func(q *kmsg.JoinGroupRequest) { q.ProtocolType = "" }},
	} {
		q := joining("badgroup", "", "", "range")
		c.change(q)
		p.do("join, "+c.name, q)
	}
	for _, group := range []string{"", "badgroup.none"} {
		kind, name := "consumer", "range"
		p.do(fmt.Sprintf("sync %q", group), &kmsg.SyncGroupRequest{Group: group, MemberID: "m", Generation: 1, ProtocolType: &kind, Protocol: &name})
		p.do(fmt.Sprintf("heartbeat %q", group), &kmsg.HeartbeatRequest{Group: group, MemberID: "m", Generation: 1})
		p.do(fmt.Sprintf("leave %q", group), &kmsg.LeaveGroupRequest{Group: group, Members: []kmsg.LeaveGroupRequestMember{{MemberID: "m"}}})
		p.do(fmt.Sprintf("describe %q", group), &kmsg.DescribeGroupsRequest{Groups: []string{group}})
		p.doAt(fmt.Sprintf("describe as in 5 %q", group), 5, &kmsg.DescribeGroupsRequest{Groups: []string{group}})
		p.do(fmt.Sprintf("describe with KIP-848 %q", group), &kmsg.ConsumerGroupDescribeRequest{Groups: []string{group}})
		p.do(fmt.Sprintf("delete %q", group), &kmsg.DeleteGroupsRequest{Groups: []string{group}})
		p.do(fmt.Sprintf("delete offsets %q", group), &kmsg.OffsetDeleteRequest{Group: group, Topics: []kmsg.OffsetDeleteRequestTopic{{Topic: "t", Partitions: []kmsg.OffsetDeleteRequestTopicPartition{{}}}}})
	}
	for _, kind := range []int8{0, 1, 2, 3, 9} {
		for _, key := range []string{"", "badgroup.k"} {
			q := kmsg.NewPtrFindCoordinatorRequest()
			q.CoordinatorType, q.CoordinatorKeys = kind, []string{key}
			p.do(fmt.Sprintf("coordinator %d of %q", kind, key), q)
		}
	}
}

// members are two of a group by hand: join, sync, heartbeat, rebalance, commit, leave.
func members(p *play) {
	p.topic("members", 2)
	a, generation := p.enter("a joins", "members", "", "range", "roundrobin")
	sync := func(step, member string, generation int32, kind, name string, of ...string) {
		q := kmsg.NewPtrSyncGroupRequest()
		q.Group, q.MemberID, q.Generation = "members", member, generation
		if kind != "" { // what has no names is refused before it is looked at
			q.ProtocolType, q.Protocol = &kind, &name
		}
		for i, m := range of {
			plan := kmsg.NewConsumerMemberAssignment()
			plan.Topics = []kmsg.ConsumerMemberAssignmentTopic{{Topic: "members", Partitions: []int32{int32(i)}}}
			q.GroupAssignment = append(q.GroupAssignment, kmsg.SyncGroupRequestGroupAssignment{MemberID: m, MemberAssignment: plan.AppendTo(nil)})
		}
		p.do(step, q)
	}
	beat := func(step, member string, generation int32) {
		p.do(step, &kmsg.HeartbeatRequest{Group: "members", MemberID: member, Generation: generation})
	}
	beat("heartbeat before sync", a, generation)
	sync("sync of another generation", a, generation+1, "", "")
	sync("sync with another protocol", a, generation, "consumer", "sticky")
	sync("sync of another type", a, generation, "connect", "range")
	sync("sync", a, generation, "consumer", "range", a)
	sync("sync again", a, generation, "consumer", "range")
	beat("heartbeat", a, generation)
	beat("heartbeat of an old generation", a, generation-1)
	beat("heartbeat of nobody", "nobody", generation)
	p.do("join with another type", func() kmsg.Request { q := joining("members", "", "", "range"); q.ProtocolType = "connect"; return q }())
	p.do("join with another protocol", joining("members", "", "", "sticky"))
	p.commit("commit", "members", a, generation, 5)
	p.commit("commit of an old generation", "members", a, generation-1, 6)
	p.commit("commit of nobody", "members", "nobody", generation, 6)
	p.commit("commit from outside", "members", "", -1, 6)
	p.do("delete a group with members", &kmsg.DeleteGroupsRequest{Groups: []string{"members"}})
	p.do("delete offsets in use", &kmsg.OffsetDeleteRequest{Group: "members", Topics: []kmsg.OffsetDeleteRequestTopic{{Topic: "members", Partitions: []kmsg.OffsetDeleteRequestTopicPartition{{Partition: 0}, {Partition: 9}}}}})
	b := p.second(a, generation)
	p.do("describe", &kmsg.DescribeGroupsRequest{Groups: []string{"members"}})
	p.do("leave of nobody", &kmsg.LeaveGroupRequest{Group: "members", Members: []kmsg.LeaveGroupRequestMember{{MemberID: "nobody"}, {MemberID: b}}})
	beat("heartbeat after the other left", a, generation+1)
	p.do("leave", &kmsg.LeaveGroupRequest{Group: "members", Members: []kmsg.LeaveGroupRequestMember{{MemberID: a}}})
	p.do("describe the empty group", &kmsg.DescribeGroupsRequest{Groups: []string{"members"}})
	p.commit("commit of a member that left", "members", a, generation, 7)
	p.commit("commit to the empty group", "members", "", -1, 8)
	p.statics()
	p.do("delete", &kmsg.DeleteGroupsRequest{Groups: []string{"members"}})
	p.do("delete again", &kmsg.DeleteGroupsRequest{Groups: []string{"members"}})
}

// second lets another member in, while the first rejoins, and gives its id.
func (p *play) second(a string, generation int32) (b string) {
	other := &play{T: p.T, at: p.at, act: p.act, names: p.names, kinds: p.kinds, seen: map[string]string{}, steps: map[string]int{}}
	first, err := other.ask(anyVersion, joining("members", "", "", "range"))
	if err != nil {
		p.see("b joins", ended(err))
		return ""
	}
	b = first.(*kmsg.JoinGroupResponse).MemberID
	var joined kmsg.Response
	var wait sync.WaitGroup
	wait.Go(func() { joined, err = other.ask(anyVersion, joining("members", b, "", "range")) })
	p.until("rebalance", func() bool {
		r, err := p.ask(anyVersion, &kmsg.HeartbeatRequest{Group: "members", MemberID: a, Generation: generation})
		return err == nil && r.(*kmsg.HeartbeatResponse).ErrorCode == 27
	})
	p.commit("commit while the group rebalances", "members", a, generation, 9)
	p.do("a joins again", joining("members", a, "", "range", "roundrobin"))
	wait.Wait()
	if err != nil {
		p.see("b joins", ended(err))
		return b
	}
	j := joined.(*kmsg.JoinGroupResponse)
	p.see("b joins", fmt.Sprint(codeName(j.ErrorCode), " generation=", j.Generation, " protocol=", *j.Protocol, " leader is a=", j.LeaderID == a))
	p.commit("commit before sync", "members", a, generation+1, 9)
	other.wire.Close()
	return b
}

// statics are members with a group.instance.id.
func (p *play) statics() {
	one, generation := p.enter("static joins", "members", "one", "range")
	q := kmsg.NewPtrSyncGroupRequest()
	id, kind, name := "one", "consumer", "range"
	q.ProtocolType, q.Protocol = &kind, &name
	q.Group, q.MemberID, q.Generation, q.InstanceID = "members", one, generation, &id
	q.GroupAssignment = []kmsg.SyncGroupRequestGroupAssignment{{MemberID: one, MemberAssignment: []byte{1, 2, 3}}}
	p.do("static syncs", q)
	again, generation := p.enter("static joins again", "members", "one", "range")
	p.see("the id is another one", again != one)
	p.do("heartbeat of the old one", &kmsg.HeartbeatRequest{Group: "members", MemberID: one, Generation: generation, InstanceID: &id})
	p.do("heartbeat of the new one", &kmsg.HeartbeatRequest{Group: "members", MemberID: again, Generation: generation, InstanceID: &id})
	p.do("leave of the old one", &kmsg.LeaveGroupRequest{Group: "members", Members: []kmsg.LeaveGroupRequestMember{{MemberID: one, InstanceID: &id}}})
	p.do("leave by instance", &kmsg.LeaveGroupRequest{Group: "members", Members: []kmsg.LeaveGroupRequestMember{{InstanceID: &id}}})
	none := "none"
	p.do("leave of no instance", &kmsg.LeaveGroupRequest{Group: "members", Members: []kmsg.LeaveGroupRequestMember{{InstanceID: &none}}})
}

// commit commits an offset for partition 0 of the topic that is called as the group.
func (p *play) commit(step, group, member string, generation int32, offset int64, change ...func(q *kmsg.OffsetCommitRequest)) {
	q := kmsg.NewPtrOffsetCommitRequest()
	q.Group, q.MemberID, q.Generation = group, member, generation
	part := kmsg.NewOffsetCommitRequestTopicPartition()
	part.Offset = offset
	q.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: group, Partitions: []kmsg.OffsetCommitRequestTopicPartition{part}}}
	for _, f := range change {
		f(q)
	}
	p.do(step, q)
}

// fetchOffsets notes what a group committed; no topics are all.
func (p *play) fetchOffsets(step, group string, topics ...string) {
	q := kmsg.NewPtrOffsetFetchRequest()
	g := kmsg.NewOffsetFetchRequestGroup()
	g.Group = group
	for _, topic := range topics {
		g.Topics = append(g.Topics, kmsg.OffsetFetchRequestGroupTopic{Topic: topic, Partitions: []int32{0, 1, 7}})
	}
	q.Groups = append(q.Groups, g)
	p.do(step, q)
}

// commits are offsets of a group without members.
func commits(p *play) {
	p.topic("commits", 2)
	p.fetchOffsets("unknown group", "commits", "commits", "commits.none")
	p.fetchOffsets("unknown group, all", "commits")
	p.commit("as a member of no group", "commits", "m", 3, 1)
	p.commit("with a generation", "commits", "", 3, 1)
	p.commit("no group", "", "", -1, 1)
	p.commit("first", "commits", "", -1, 5)
	part := func(q *kmsg.OffsetCommitRequest) *kmsg.OffsetCommitRequestTopicPartition {
		return &q.Topics[0].Partitions[0]
	}
	note := "some metadata"
	p.commit("with metadata", "commits", "", -1, 6, func(q *kmsg.OffsetCommitRequest) { part(q).Metadata = &note; part(q).LeaderEpoch = 0 })
	long := strings.Repeat("x", 5000)
	p.commit("too much metadata", "commits", "", -1, 7, func(q *kmsg.OffsetCommitRequest) { part(q).Metadata = &long })
	p.commit("negative", "commits", "", -1, -5)
	p.commit("unknown topic", "commits", "", -1, 1, func(q *kmsg.OffsetCommitRequest) { q.Topics[0].Topic = "commits.none" })
	p.commit("unknown partition", "commits", "", -1, 1, func(q *kmsg.OffsetCommitRequest) { part(q).Partition = 9 })
	p.commit("beyond the end", "commits", "", -1, 1000)
	p.fetchOffsets("some", "commits", "commits", "commits.none")
	p.fetchOffsets("all", "commits")
	p.do("describe", &kmsg.DescribeGroupsRequest{Groups: []string{"commits"}})
	p.do("delete an offset", &kmsg.OffsetDeleteRequest{Group: "commits", Topics: []kmsg.OffsetDeleteRequestTopic{{Topic: "commits", Partitions: []kmsg.OffsetDeleteRequestTopicPartition{{}, {Partition: 1}, {Partition: 9}}}, {Topic: "commits.none", Partitions: []kmsg.OffsetDeleteRequestTopicPartition{{}}}}})
	p.fetchOffsets("after that", "commits", "commits")
	q := kmsg.NewPtrListGroupsRequest()
	a, err := p.ask(anyVersion, q)
	if err != nil {
		p.see("list", ended(err))
	} else {
		for _, g := range a.(*kmsg.ListGroupsResponse).Groups {
			if g.Group == "commits" {
				p.see("list", fmt.Sprintf("%s %q %s", g.GroupState, g.ProtocolType, g.GroupType))
			}
		}
	}
	p.do("delete", &kmsg.DeleteGroupsRequest{Groups: []string{"commits", "commits"}})
}

// assign lets three of franz-go's consumers share two topics, and notes who reads what when
// every partition has its reader; then one leaves.
func (p *play) assign(name string, balancer kgo.Opt) {
	one, two := p.act+".one", p.act+".two"
	p.topic(one, 4)
	p.topic(two, 3)
	var mu sync.Mutex
	owned := map[string]map[string]bool{}
	ctx, stop := context.WithCancel(p.Context())
	defer stop()
	var readers sync.WaitGroup
	reader := func(who string) *kgo.Client {
		owned[who] = map[string]bool{}
		change := func(have bool) func(context.Context, *kgo.Client, map[string][]int32) {
			return func(_ context.Context, _ *kgo.Client, of map[string][]int32) {
				mu.Lock()
				defer mu.Unlock()
				for topic, parts := range of {
					for _, part := range parts {
						if key := fmt.Sprint(topic[len(p.act):], "-", part); have {
							owned[who][key] = true
						} else {
							delete(owned[who], key)
						}
					}
				}
			}
		}
		c := p.at.franz(p, balancer, kgo.ClientID(who), kgo.ConsumerGroup(p.act), kgo.ConsumeTopics(one, two), kgo.HeartbeatInterval(100_000_000),
			kgo.OnPartitionsAssigned(change(true)), kgo.OnPartitionsRevoked(change(false)), kgo.OnPartitionsLost(change(false)))
		readers.Go(func() {
			for ctx.Err() == nil {
				c.PollFetches(ctx)
			}
		})
		return c
	}
	shares := func(n int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			total, all, idle := 0, map[string]bool{}, false
			for _, of := range owned {
				total, idle = total+len(of), idle || len(of) == 0
				for key := range of {
					all[key] = true
				}
			}
			return n == len(owned) && !idle && total == 7 && len(all) == 7
		}
	}
	tell := func(step string) {
		mu.Lock()
		defer mu.Unlock()
		var sizes []int
		for who, of := range owned {
			var keys []string
			for key := range of {
				keys = append(keys, key)
			}
			slices.Sort(keys)
			if sizes = append(sizes, len(keys)); name == "range" || name == "roundrobin" {
				p.see(step+" "+who, keys)
			}
		}
		slices.Sort(sizes)
		p.see(step+" sizes", sizes)
	}
	for _, who := range []string{"a", "b", "c"} {
		reader(who)
		p.until(who+" has its part", shares(len(owned)))
		tell("with " + who)
	}
	last := reader("d")
	p.until("d has its part", shares(4))
	last.Close()
	mu.Lock()
	delete(owned, "d")
	mu.Unlock()
	p.until("without d", shares(3))
	tell("without d")
	stop()
	readers.Wait()
}
