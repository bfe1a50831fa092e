package engine

// mixerKinds draws a command of each kind; those that many others need come twice.
var mixerKinds = []struct {
	name string
	draw func(m *mixer) Command
}{
	{"Produce", (*mixer).produce},
	{"Produce", (*mixer).produce},
	{"Produce", (*mixer).produce},
	{"JoinGroup", (*mixer).join},
	{"JoinGroup", (*mixer).join},
	{"SyncGroup", (*mixer).sync},
	{"SyncGroup", (*mixer).sync},
	{"ConsumerGroupHeartbeat", (*mixer).consumerBeat},
	{"ConsumerGroupHeartbeat", (*mixer).consumerBeat},
	{"ShareGroupHeartbeat", (*mixer).shareBeat},
	{"CreateTopic", func(m *mixer) Command {
		c := &CreateTopic{Name: m.pick("orders", "other"), Partitions: int32(m.byte()%3 + 1), ReplicationFactor: int16(m.byte()%4 - 1)}
		if m.byte()%4 == 0 {
			c.Replicas, c.Partitions, c.ReplicationFactor = [][]int32{m.replicas()}, -1, -1
		}
		c.Config = []ConfigEntry{{Name: "segment.bytes", Value: "300"}, {Name: "min.insync.replicas", Value: m.pick("1", "2")}}
		return c
	}},
	{"DeleteTopic", func(m *mixer) Command { return &DeleteTopic{m.pick("other", "other", "orders")} }},
	{"CreatePartitions", func(m *mixer) Command { return &CreatePartitions{Name: m.topic(), Count: int32(m.byte() % 5)} }},
	{"AlterConfig", func(m *mixer) Command {
		entry := []ConfigEntry{{Name: "retention.ms", Value: "9000"}, {Name: "retention.bytes", Value: "900"}, {Name: "cleanup.policy", Value: "compact"},
			{Name: "cleanup.policy", Unset: true}, {Name: "unclean.leader.election.enable", Value: "true"}, {Name: "message.timestamp.type", Value: "LogAppendTime"},
			{Name: "min.insync.replicas", Value: "2"}, {Name: "nonsense", Value: "1"}}[m.byte()%8]
		return &AlterConfig{m.topic(), []ConfigEntry{entry, {Name: "delete.retention.ms", Value: "5000"}}}
	}},
	{"DescribeConfigs", func(m *mixer) Command { return &DescribeConfigs{m.topic()} }},
	{"Metadata", func(m *mixer) Command { return &Metadata{All: m.byte()%2 == 0, Names: []string{m.topic()}} }},
	{"Fetch", func(m *mixer) Command {
		b := m.byte()
		part := FetchPart{Topic: m.id(m.topic()), Partition: Partition(b % 2), Offset: Offset(b % 20), MaxBytes: int32(m.byte() * 10), CheckEpoch: b%3 == 0, LeaderEpoch: int32(b % 4)}
		return &Fetch{Parts: []FetchPart{part}, MinBytes: int32(m.byte()), MaxBytes: int32(m.byte() * 20), MaxWaitMs: int32(m.byte() * 10), Committed: b%2 == 0, Rack: m.pick("", "a", "b")}
	}},
	{"ListOffsets", func(m *mixer) Command {
		return &ListOffsets{Topic: m.id(m.topic()), Partition: Partition(m.byte() % 2), Timestamp: int64(m.byte()%8 - 3), Committed: m.byte()%2 == 0}
	}},
	{"Heartbeat", func(m *mixer) Command {
		c := &Heartbeat{Group: m.pick("g", "h", "k")}
		c.Member, c.Instance, c.Generation = m.member(c.Group)
		return c
	}},
	{"LeaveGroup", func(m *mixer) Command {
		c := &LeaveGroup{Group: m.pick("g", "h", "k")}
		one := LeavingMember{}
		one.Member, one.Instance, _ = m.member(c.Group)
		c.Members = []LeavingMember{one}
		return c
	}},
	{"OffsetCommit", func(m *mixer) Command {
		c := &OffsetCommit{Group: m.pick("g", "h", "k", "alone"), Generation: -1, Offsets: m.offsets()}
		c.Member, c.Instance, c.Generation = m.member(c.Group)
		return c
	}},
	{"OffsetFetch", func(m *mixer) Command {
		return &OffsetFetch{Group: m.pick("g", "h", "k"), All: m.byte()%2 == 0, Partitions: []TopicPartition{m.tp()}, RequireStable: m.byte()%2 == 0}
	}},
	{"DescribeGroups", func(m *mixer) Command { return &DescribeGroups{[]string{"g", m.pick("h", "none")}} }},
	{"ListGroups", func(m *mixer) Command { return &ListGroups{Types: [][]string{nil, {"Share"}}[m.byte()%2]} }},
	{"DeleteGroups", func(m *mixer) Command { return &DeleteGroups{[]string{m.pick("g", "h", "k", "s", "alone")}} }},
	{"Disconnect", func(m *mixer) Command { return &Disconnect{} }},
	{"FindCoordinator", func(m *mixer) Command {
		return &FindCoordinator{Key: m.pick("g", "h", "ta"), Transactional: m.byte()%2 == 0}
	}},
	{"InitProducerID", func(m *mixer) Command {
		c := &InitProducerID{TimeoutMs: int32(m.byte()*200 + 1), ProducerID: -1, Epoch: -1}
		if b := m.byte(); b%4 > 0 {
			name, x := m.producer()
			c.TransactionalID, c.Transactional = name, true
			if b%4 == 1 {
				c.ProducerID, c.Epoch = x.producer, x.epoch
			}
		}
		return c
	}},
	{"AddPartitionsToTxn", func(m *mixer) Command {
		name, x := m.producer()
		return &AddPartitionsToTxn{TransactionalID: name, ProducerID: x.producer, Epoch: x.epoch, Partitions: []TopicPartition{m.tp()}, VerifyOnly: m.byte() > 200}
	}},
	{"AddOffsetsToTxn", func(m *mixer) Command {
		name, x := m.producer()
		return &AddOffsetsToTxn{TransactionalID: name, ProducerID: x.producer, Epoch: x.epoch, Group: m.pick("g", "alone")}
	}},
	{"EndTxn", func(m *mixer) Command {
		name, x := m.producer()
		return &EndTxn{TransactionalID: name, ProducerID: x.producer, Epoch: x.epoch, Commit: m.byte()%3 > 0, Version: int16(m.byte() % 2 * 3)}
	}},
	{"TxnOffsetCommit", func(m *mixer) Command {
		name, x := m.producer()
		return &TxnOffsetCommit{TransactionalID: name, ProducerID: x.producer, Epoch: x.epoch, Group: m.pick("g", "alone"), Generation: -1, Offsets: m.offsets()}
	}},
	{"DescribeProducers", func(m *mixer) Command { return &DescribeProducers{m.id(m.topic()), Partition(m.byte() % 2)} }},
	{"DescribeTransactions", func(m *mixer) Command { return &DescribeTransactions{[]string{m.pick("ta", "none")}} }},
	{"ListTransactions", func(m *mixer) Command { return &ListTransactions{OlderThanMs: int64(m.byte())} }},
	{"ConsumerGroupDescribe", func(m *mixer) Command { return &ConsumerGroupDescribe{[]string{m.pick("k", "g")}} }},
	{"AlterGroupConfig", func(m *mixer) Command {
		entry := []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}, {Name: "share.isolation.level", Value: "read_committed"},
			{Name: "consumer.session.timeout.ms", Value: "50000"}, {Name: "share.isolation.level", Unset: true}, {Name: "nonsense"}}[m.byte()%5]
		return &AlterGroupConfig{m.pick("s", "k"), []ConfigEntry{entry}}
	}},
	{"DescribeGroupConfig", func(m *mixer) Command { return &DescribeGroupConfig{"s"} }},
	{"ShareFetch", func(m *mixer) Command {
		c := &ShareFetch{Group: "s", MaxWaitMs: int32(m.byte() * 10), MinBytes: int32(m.byte()), MaxBytes: 1000, MaxRecords: int32(m.byte() % 8)}
		c.Member, c.SessionEpoch = m.shareSession()
		c.Parts = []SharePart{m.sharePart(c.SessionEpoch != 0)}
		return c
	}},
	{"ShareAcknowledge", func(m *mixer) Command {
		c := &ShareAcknowledge{Group: "s"}
		c.Member, c.SessionEpoch = m.shareSession()
		c.Parts = []SharePart{m.sharePart(true)}
		return c
	}},
	{"ShareGroupDescribe", func(m *mixer) Command { return &ShareGroupDescribe{[]string{"s"}} }},
	{"ElectLeaders", func(m *mixer) Command {
		return &ElectLeaders{Unclean: m.byte() > 200, Partitions: [][]TopicPartition{nil, {m.tp()}}[m.byte()%2]}
	}},
	{"AlterReassignments", func(m *mixer) Command {
		r := Reassignment{Topic: m.topic(), Partition: Partition(m.byte() % 2), Replicas: m.replicas()}
		if m.byte()%5 == 0 {
			r.Replicas = nil
		}
		return &AlterReassignments{[]Reassignment{r}}
	}},
	{"ListReassignments", func(m *mixer) Command { return &ListReassignments{} }},
	{"OffsetForLeaderEpoch", func(m *mixer) Command {
		return &OffsetForLeaderEpoch{Topic: m.id(m.topic()), Partition: Partition(m.byte() % 2), Epoch: int32(m.byte() % 4)}
	}},
	{"DescribeCluster", func(m *mixer) Command { return &DescribeCluster{} }},
	{"AlterBrokerConfig", func(m *mixer) Command {
		c := &AlterBrokerConfig{Static: true}
		entry := []ConfigEntry{{Name: "log.retention.ms", Value: "50000"}, {Name: "log.retention.ms", Unset: true}, {Name: "min.insync.replicas", Value: "2"},
			{Name: "log.segment.bytes", Value: "350"}, {Name: "authorizer.class.name", Value: "StandardAuthorizer"}, {Name: "super.users", Value: "User:a;User:b"},
			{Name: "authorizer.class.name", Value: ""}, {Name: "offsets.retention.minutes", Value: "1"}}[m.byte()%8]
		if m.byte()%2 == 0 {
			c.Static, entry = false, []ConfigEntry{{Name: "log.retention.ms", Value: "60000"}, {Name: "log.retention.ms", Unset: true},
				{Name: "min.insync.replicas", Value: "1"}, {Name: "log.cleaner.backoff.ms", Value: "5000"}}[m.byte()%4]
			if m.byte()%2 == 0 {
				c.Broker = m.broker()
			}
		}
		c.Entries = []ConfigEntry{entry}
		return c
	}},
	{"DescribeBrokerConfigs", func(m *mixer) Command { return &DescribeBrokerConfigs{m.broker()} }},
	{"CrashBroker", func(m *mixer) Command { return &CrashBroker{m.broker(), m.byte()%3 == 0} }},
	{"StopBroker", func(m *mixer) Command { return &StopBroker{m.broker()} }},
	{"StartBroker", func(m *mixer) Command { return &StartBroker{m.broker()} }},
	{"StartBroker", func(m *mixer) Command { return &StartBroker{m.broker()} }},
	{"PauseBroker", func(m *mixer) Command { return &PauseBroker{m.broker()} }},
	{"ResumeBroker", func(m *mixer) Command { return &ResumeBroker{m.broker()} }},
	{"ResumeBroker", func(m *mixer) Command { return &ResumeBroker{m.broker()} }},
	{"SlowBroker", func(m *mixer) Command { return &SlowBroker{m.broker(), int64(m.byte() % 4 * 50)} }},
	{"CutLink", func(m *mixer) Command { return &CutLink{m.broker(), m.broker()} }},
	{"HealLink", func(m *mixer) Command { return &HealLink{} }},
	{"SetBrokerLatency", func(m *mixer) Command { return &SetBrokerLatency{int64(m.byte() % 30)} }},
	{"DeleteRecords", func(m *mixer) Command {
		return &DeleteRecords{m.id(m.topic()), Partition(m.byte() % 2), Offset(m.byte()%8 - 1)}
	}},
	{"OffsetDelete", func(m *mixer) Command { return &OffsetDelete{m.pick("g", "h", "alone"), []TopicPartition{m.tp()}} }},
	{"Authenticate", func(m *mixer) Command {
		return &Authenticate{Principal: m.pick("User:a", "User:b", "User:c"), Host: "h", ClientID: "c"}
	}},
	{"CreateACLs", func(m *mixer) Command {
		return &CreateACLs{[]ACL{{m.pick(resTopic, resGroup), m.pick("o", "orders", "with space"), m.pick(literal, prefixed), m.pick("User:c", "User:CN=C, O=D"), m.pick("*", "h"), m.pick(opRead, opAll, opWrite), m.pick(allow, allow, deny)}}}
	}},
	{"DeleteACLs", func(m *mixer) Command { return &DeleteACLs{[]ACL{{Principal: m.pick("User:c", "User:CN=C, O=D")}}} }},
	{"DescribeACLs", func(m *mixer) Command { return &DescribeACLs{} }},
	{"AlterQuotas", func(m *mixer) Command {
		return &AlterQuotas{[]Quota{{User: m.pick("", "a", "user b", defaultEntity), ClientID: m.pick("", "c", defaultEntity), Key: m.pick(produceRate, consumeRate, requestShare), Value: int64(m.byte()*20 + 1), Remove: m.byte()%2 == 0}}}
	}},
	{"DescribeQuotas", func(m *mixer) Command { return &DescribeQuotas{} }},
}
