package referee

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func init() {
	on("create", createTopics)
	on("partitions", createPartitions)
	on("delete", deleteTopics)
	on("metadata", metadata)
	on("settings", settingsOfTopics)
	on("settings2", settingsOfOthers)
}

// topic makes a topic without noting anything; a topic that cannot be made ends the act.
func (p *play) topic(name string, partitions int32, config ...string) {
	q := kmsg.NewPtrCreateTopicsRequest()
	q.TimeoutMillis = 10_000
	if !strings.Contains(strings.Join(config, " "), "retention.ms=") {
		config = append(config, "retention.ms=-1") // records have the times of the work, not of today
	}
	q.Topics = []kmsg.CreateTopicsRequestTopic{newTopic(name, partitions, 1, config...)}
	a, err := p.ask(anyVersion, q)
	if err != nil || a.(*kmsg.CreateTopicsResponse).Topics[0].ErrorCode != 0 {
		p.see("topic "+name, fmt.Sprint("cannot be made: ", err, a))
		return
	}
	p.until("topic "+name, func() bool { return p.leads(name, partitions) && p.serves(name, partitions) })
}

// serves tells whether the broker knows that it leads every partition of a topic: Apache
// Kafka's metadata says so a moment before.
func (p *play) serves(name string, partitions int32) bool {
	q := kmsg.NewPtrListOffsetsRequest()
	q.ReplicaID = -1
	topic := kmsg.NewListOffsetsRequestTopic()
	topic.Topic = name
	for i := range partitions {
		part := kmsg.NewListOffsetsRequestTopicPartition()
		part.Partition, part.Timestamp = i, -1
		topic.Partitions = append(topic.Partitions, part)
	}
	q.Topics = append(q.Topics, topic)
	a, err := p.ask(anyVersion, q)
	if err != nil {
		return false
	}
	for _, t := range a.(*kmsg.ListOffsetsResponse).Topics {
		for _, part := range t.Partitions {
			if part.ErrorCode != 0 {
				return false
			}
		}
	}
	return true
}

// leads tells whether every partition of a topic has a leader.
func (p *play) leads(name string, partitions int32) bool {
	q := kmsg.NewPtrMetadataRequest()
	q.Topics = []kmsg.MetadataRequestTopic{{Topic: &name}}
	a, err := p.ask(anyVersion, q)
	if err != nil {
		return false
	}
	t := a.(*kmsg.MetadataResponse).Topics[0]
	for _, part := range t.Partitions {
		if part.ErrorCode != 0 || part.Leader < 0 {
			return false
		}
	}
	return t.ErrorCode == 0 && len(t.Partitions) == int(partitions)
}

func newTopic(name string, partitions int32, factor int16, config ...string) kmsg.CreateTopicsRequestTopic {
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, partitions, factor
	for _, line := range config {
		key, value, ok := strings.Cut(line, "=")
		c := kmsg.CreateTopicsRequestTopicConfig{Name: key}
		if ok {
			c.Value = &value
		}
		t.Configs = append(t.Configs, c)
	}
	return t
}

// create asks for topics and notes the codes and what came of it.
func (p *play) create(step string, validate bool, topics ...kmsg.CreateTopicsRequestTopic) {
	q := kmsg.NewPtrCreateTopicsRequest()
	q.TimeoutMillis, q.ValidateOnly, q.Topics = 10_000, validate, topics
	a, err := p.ask(anyVersion, q)
	if err != nil {
		p.see(step, ended(err))
		return
	}
	for _, t := range a.(*kmsg.CreateTopicsResponse).Topics {
		p.see(step+" "+short(t.Topic), fmt.Sprint(codeName(t.ErrorCode), " partitions=", t.NumPartitions, " replicas=", t.ReplicationFactor))
	}
}

func createTopics(p *play) {
	p.create("one", false, newTopic("create.one", 3, 1))
	p.create("again", false, newTopic("create.one", 3, 1))
	p.create("twice in one request", false, newTopic("create.two", 1, 1), newTopic("create.two", 1, 1))
	p.create("defaults", false, newTopic("create.defaults", -1, -1))
	p.create("only validated", true, newTopic("create.validated", 2, 1))
	p.create("validated again", true, newTopic("create.one", 2, 1))
	p.create("collides", false, newTopic("create_one", 1, 1))
	for _, name := range []string{"", ".", "..", "a b", "a/b", "ä", strings.Repeat("x", 249), strings.Repeat("x", 250), "__cluster_metadata"} {
		p.create("name", true, newTopic(name, 1, 1))
	}
	for _, n := range []int32{0, -2} {
		p.create(fmt.Sprint("partitions ", n), false, newTopic("create.n", n, 1))
	}
	for _, n := range []int16{-2, 2, 0} {
		p.create(fmt.Sprint("replicas ", n), false, newTopic("create.n", 1, n))
	}
	for _, config := range []string{"retention.ms=abc", "retention.ms=-2", "retention.ms=", "retention.ms", "cleanup.policy=delete", "cleanup.policy=compact,delete", "cleanup.policy=",
		"cleanup.policy=neither", "min.insync.replicas=0", "min.insync.replicas=7", "segment.bytes=10", "max.message.bytes=-1", "no.such.thing=1", "compression.type=gzip",
		"compression.type=bzip", "min.cleanable.dirty.ratio=1.5", "min.cleanable.dirty.ratio=0.5", "message.timestamp.type=LogAppendTime", "message.timestamp.type=Now",
		"unclean.leader.election.enable=maybe", "unclean.leader.election.enable=TRUE", "segment.ms=0", "flush.messages=0", "retention.bytes=1", "remote.storage.enable=false",
		"leader.replication.throttled.replicas=*", "min.compaction.lag.ms=5", "max.compaction.lag.ms=0", "delete.retention.ms=-1", "segment.jitter.ms=-1", "preallocate=true"} {
		p.create("config "+config, true, newTopic("create.config", 1, 1, config))
	}
	p.create("lags", true, newTopic("create.lags", 1, 1, "min.compaction.lag.ms=5", "max.compaction.lag.ms=4"))
	p.create("config twice", true, newTopic("create.twice", 1, 1, "retention.ms=5", "retention.ms=6"))
	p.createByHand()
}

// createByHand places replicas by hand, rightly and wrongly.
func (p *play) createByHand() {
	broker := p.broker()
	for _, c := range []struct {
		name     string
		n        int32
		factor   int16
		replicas map[int32][]int32
	}{
		{"right", -1, -1, map[int32][]int32{0: {broker}, 1: {broker}}},
		{"and a count", 2, -1, map[int32][]int32{0: {broker}, 1: {broker}}},
		{"and a factor", -1, 1, map[int32][]int32{0: {broker}}},
		{"gap", -1, -1, map[int32][]int32{0: {broker}, 2: {broker}}},
		{"nobody", -1, -1, map[int32][]int32{0: {}}},
		{"unknown broker", -1, -1, map[int32][]int32{0: {99}}},
		{"broker twice", -1, -1, map[int32][]int32{0: {broker, broker}}},
	} {
		t := newTopic("create.hand."+strings.ReplaceAll(c.name, " ", "-"), c.n, c.factor)
		for i := range int32(3) {
			if ids, ok := c.replicas[i]; ok {
				t.ReplicaAssignment = append(t.ReplicaAssignment, kmsg.CreateTopicsRequestTopicReplicaAssignment{Partition: i, Replicas: ids})
			}
		}
		p.create("by hand", false, t)
	}
}

// broker is the id of the target's broker.
func (p *play) broker() int32 {
	a, err := p.ask(anyVersion, kmsg.NewPtrMetadataRequest())
	if err != nil || len(a.(*kmsg.MetadataResponse).Brokers) == 0 {
		p.see("brokers", ended(err))
		return 0
	}
	return a.(*kmsg.MetadataResponse).Brokers[0].NodeID
}

func createPartitions(p *play) {
	p.topic("partitions.a", 3)
	broker := p.broker()
	ask := func(step, topic string, count int32, replicas ...[]int32) {
		q := kmsg.NewPtrCreatePartitionsRequest()
		q.TimeoutMillis = 10_000
		t := kmsg.CreatePartitionsRequestTopic{Topic: topic, Count: count}
		for _, r := range replicas {
			t.Assignment = append(t.Assignment, kmsg.CreatePartitionsRequestTopicAssignment{Replicas: r})
		}
		q.Topics = append(q.Topics, t)
		p.do(step, q)
	}
	ask("more", "partitions.a", 5)
	ask("same", "partitions.a", 5)
	ask("fewer", "partitions.a", 2)
	ask("none", "partitions.a", 0)
	ask("negative", "partitions.a", -1)
	ask("unknown topic", "partitions.none", 2)
	ask("by hand", "partitions.a", 6, []int32{broker})
	ask("by hand, too few", "partitions.a", 9, []int32{broker})
	ask("by hand, unknown broker", "partitions.a", 7, []int32{99})
	ask("by hand, nobody", "partitions.a", 7, []int32{})
	p.until("partitions", func() bool { return p.leads("partitions.a", 6) })
	p.describeTopics("partitions.a")
}

// describeTopics notes what Metadata and DescribeTopicPartitions say of topics.
func (p *play) describeTopics(names ...string) {
	q, d := kmsg.NewPtrMetadataRequest(), kmsg.NewPtrDescribeTopicPartitionsRequest()
	q.AllowAutoTopicCreation, d.ResponsePartitionLimit = false, 2000
	for _, name := range names {
		q.Topics = append(q.Topics, kmsg.MetadataRequestTopic{Topic: &name})
		d.Topics = append(d.Topics, kmsg.DescribeTopicPartitionsRequestTopic{Topic: name})
	}
	p.do("metadata", q)
	p.do("describe", d)
}

func deleteTopics(p *play) {
	p.topic("delete.a", 2)
	ask := func(step string, topics ...kmsg.DeleteTopicsRequestTopic) {
		q := kmsg.NewPtrDeleteTopicsRequest()
		q.TimeoutMillis, q.Topics = 10_000, topics
		p.do(step, q)
	}
	byName := func(name string) kmsg.DeleteTopicsRequestTopic { return kmsg.DeleteTopicsRequestTopic{Topic: &name} }
	ask("unknown", byName("delete.none"))
	ask("invalid", byName("a/b"))
	ask("unknown id", kmsg.DeleteTopicsRequestTopic{TopicID: [16]byte{1, 2, 3}})
	ask("no id", kmsg.DeleteTopicsRequestTopic{})
	both := byName("delete.a")
	both.TopicID = [16]byte{1}
	ask("id and name", both)
	ask("twice in one request", byName("delete.a"), byName("delete.a"))
	ask("known", byName("delete.a"))
	p.until("deleted", func() bool { // brokers hear of it a little later
		name := "delete.a"
		q := kmsg.NewPtrMetadataRequest()
		q.Topics = []kmsg.MetadataRequestTopic{{Topic: &name}}
		a, err := p.ask(anyVersion, q)
		return err == nil && a.(*kmsg.MetadataResponse).Topics[0].ErrorCode != 0
	})
	ask("again", byName("delete.a"))
	p.describeTopics("delete.a")
}

func metadata(p *play) {
	p.topic("metadata.a", 2)
	p.describeTopics("metadata.a", "metadata.none")
	p.describeTopics("a/b", "metadata.a")
	p.describeTopics("")
	q := kmsg.NewPtrMetadataRequest()
	q.Topics = []kmsg.MetadataRequestTopic{{TopicID: [16]byte{9, 9}}}
	p.do("unknown id", q)
	for _, version := range []int16{1, 4, 8, 12} {
		q := kmsg.NewPtrMetadataRequest()
		name := "metadata.a"
		q.Topics = []kmsg.MetadataRequestTopic{{Topic: &name}}
		p.doAt(fmt.Sprint("version ", version), version, q)
	}
	d := kmsg.NewPtrDescribeTopicPartitionsRequest()
	d.ResponsePartitionLimit = 1
	d.Topics = []kmsg.DescribeTopicPartitionsRequestTopic{{Topic: "metadata.a"}}
	p.do("one at a time", d)
	d.Cursor = &kmsg.DescribeTopicPartitionsRequestCursor{Topic: "metadata.a", Partition: 1}
	p.do("and then", d)
	p.do("cluster", kmsg.NewPtrDescribeClusterRequest())
	e := kmsg.NewPtrDescribeClusterRequest()
	e.EndpointType = 7
	p.do("cluster of another kind", e)
}

func settingsOfTopics(p *play) {
	p.topic("settings.a", 1, "retention.ms=70000")
	p.describe("all", kmsg.ConfigResourceTypeTopic, "settings.a")
	alter := func(step, name, value string, op kmsg.IncrementalAlterConfigOp) {
		p.alter(step, kmsg.ConfigResourceTypeTopic, "settings.a", op, name+"="+value)
	}
	alter("set", "retention.ms", "80000", kmsg.IncrementalAlterConfigOpSet)
	alter("set again", "retention.ms", "80000", kmsg.IncrementalAlterConfigOpSet)
	alter("set wrong", "retention.ms", "soon", kmsg.IncrementalAlterConfigOpSet)
	alter("set unknown", "no.such.thing", "1", kmsg.IncrementalAlterConfigOpSet)
	alter("unset", "retention.ms", "", kmsg.IncrementalAlterConfigOpDelete)
	alter("unset again", "retention.ms", "", kmsg.IncrementalAlterConfigOpDelete)
	alter("unset unknown", "no.such.thing", "", kmsg.IncrementalAlterConfigOpDelete)
	alter("append", "cleanup.policy", "compact", kmsg.IncrementalAlterConfigOpAppend)
	alter("append again", "cleanup.policy", "compact", kmsg.IncrementalAlterConfigOpAppend)
	p.settle(kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "delete,compact")
	p.describe("appended", kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "retention.ms")
	alter("subtract", "cleanup.policy", "delete", kmsg.IncrementalAlterConfigOpSubtract)
	alter("subtract all", "cleanup.policy", "compact", kmsg.IncrementalAlterConfigOpSubtract)
	alter("append to a number", "retention.ms", "1", kmsg.IncrementalAlterConfigOpAppend)
	alter("no operation", "retention.ms", "1", 9)
	p.settle(kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "")
	p.describe("in the end", kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "retention.ms")
	alter("policies the other way round", "cleanup.policy", "compact,delete", kmsg.IncrementalAlterConfigOpSet)
	p.settle(kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "compact,delete")
	p.describe("policies", kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy")
	p.alter("twice", kmsg.ConfigResourceTypeTopic, "settings.a", kmsg.IncrementalAlterConfigOpSet, "retention.ms=1", "retention.ms=2")
	p.alter("unknown topic", kmsg.ConfigResourceTypeTopic, "settings.none", kmsg.IncrementalAlterConfigOpSet, "retention.ms=1")
	p.alter("invalid topic", kmsg.ConfigResourceTypeTopic, "a/b", kmsg.IncrementalAlterConfigOpSet, "retention.ms=1")
	p.replace("replace", "settings.a", "segment.ms=5000")
	p.replace("replace wrongly", "settings.a", "segment.ms=no")
	p.replace("replace of none", "settings.none", "segment.ms=1")
	p.settle(kmsg.ConfigResourceTypeTopic, "settings.a", "segment.ms", "5000")
	p.describe("replaced", kmsg.ConfigResourceTypeTopic, "settings.a", "cleanup.policy", "retention.ms", "segment.ms")
	p.describe("some", kmsg.ConfigResourceTypeTopic, "settings.a", "retention.ms", "no.such.thing")
	p.describe("none", kmsg.ConfigResourceTypeTopic, "settings.none")
	p.describe("invalid", kmsg.ConfigResourceTypeTopic, "a/b")
}

func (p *play) describe(step string, kind kmsg.ConfigResourceType, name string, keys ...string) {
	q := kmsg.NewPtrDescribeConfigsRequest()
	q.Resources = []kmsg.DescribeConfigsRequestResource{{ResourceType: kind, ResourceName: name, ConfigNames: keys}}
	p.do(step, q)
}

// settle waits until a setting has come to the brokers.
func (p *play) settle(kind kmsg.ConfigResourceType, name, key, value string) {
	p.repeat(most/12, func() bool {
		a, err := p.ask(anyVersion, &kmsg.DescribeConfigsRequest{Resources: []kmsg.DescribeConfigsRequestResource{{ResourceType: kind, ResourceName: name, ConfigNames: []string{key}}}})
		if err != nil {
			return false
		}
		all := a.(*kmsg.DescribeConfigsResponse).Resources[0].Configs
		return len(all) == 1 && all[0].Value != nil && *all[0].Value == value
	})
}

func (p *play) alter(step string, kind kmsg.ConfigResourceType, name string, op kmsg.IncrementalAlterConfigOp, entries ...string) {
	q := kmsg.NewPtrIncrementalAlterConfigsRequest()
	r := kmsg.IncrementalAlterConfigsRequestResource{ResourceType: kind, ResourceName: name}
	for _, entry := range entries {
		key, value, _ := strings.Cut(entry, "=")
		c := kmsg.IncrementalAlterConfigsRequestResourceConfig{Name: key, Op: op}
		if op != kmsg.IncrementalAlterConfigOpDelete {
			c.Value = &value
		}
		r.Configs = append(r.Configs, c)
	}
	q.Resources = append(q.Resources, r)
	p.do(step, q)
}

// replace is AlterConfigs, which leaves nothing of what was set before.
func (p *play) replace(step, topic, entry string) {
	key, value, _ := strings.Cut(entry, "=")
	q := kmsg.NewPtrAlterConfigsRequest()
	q.Resources = []kmsg.AlterConfigsRequestResource{{ResourceType: kmsg.ConfigResourceTypeTopic, ResourceName: topic, Configs: []kmsg.AlterConfigsRequestResourceConfig{{Name: key, Value: &value}}}}
	p.do(step, q)
}

func settingsOfOthers(p *play) {
	broker := fmt.Sprint(p.broker())
	const set = kmsg.IncrementalAlterConfigOpSet
	p.describe("unknown broker", kmsg.ConfigResourceTypeBroker, "77", "num.partitions")
	p.describe("not a broker", kmsg.ConfigResourceTypeBroker, "abc", "num.partitions")
	p.describe("another kind", 3, "x")
	p.alter("read-only", kmsg.ConfigResourceTypeBroker, "", set, "num.partitions=3")
	p.alter("wrong value", kmsg.ConfigResourceTypeBroker, "", set, "log.retention.ms=no")
	p.alter("unknown broker", kmsg.ConfigResourceTypeBroker, "77", set, "log.retention.ms=1000000")
	p.alter("another kind", 3, "x", set, "a=b")
	p.alter("group", kmsg.ConfigResourceTypeGroupConfig, "settings2.g", set, "consumer.session.timeout.ms=50000")
	p.alter("group, too short", kmsg.ConfigResourceTypeGroupConfig, "settings2.g", set, "consumer.session.timeout.ms=1")
	p.alter("group, unknown", kmsg.ConfigResourceTypeGroupConfig, "settings2.g", set, "no.such.thing=1")
	p.alter("group without a name", kmsg.ConfigResourceTypeGroupConfig, "", set, "consumer.session.timeout.ms=50000")
	p.settle(kmsg.ConfigResourceTypeGroupConfig, "settings2.g", "consumer.session.timeout.ms", "50000")
	p.describe("group", kmsg.ConfigResourceTypeGroupConfig, "settings2.g")
	p.describe("another group", kmsg.ConfigResourceTypeGroupConfig, "settings2.none", "share.auto.offset.reset", "consumer.heartbeat.interval.ms")
	a, err := p.ask(anyVersion, &kmsg.DescribeConfigsRequest{Resources: []kmsg.DescribeConfigsRequestResource{{ResourceType: kmsg.ConfigResourceTypeBroker, ResourceName: broker,
		ConfigNames: []string{"log.retention.ms", "log.retention.bytes", "num.partitions", "group.min.session.timeout.ms", "default.replication.factor", "compression.type"}}}})
	if err != nil {
		p.see("broker", ended(err))
		return
	}
	for _, c := range a.(*kmsg.DescribeConfigsResponse).Resources[0].Configs {
		p.see("broker "+c.Name, settingText(&c))
	}
}
