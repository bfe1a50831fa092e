package engine

// Commands about brokers, and about how they reach one another. The first group is
// Kafka's own administration; the second is what an operator, or bad luck, does to
// machines and cables, and has no protocol key.
type (
	// ElectLeaders moves leadership (protocol key 43): to the preferred replica, or,
	// when Unclean, to any live replica where no in-sync one is left. Body:
	// *ElectLeadersReply. Codes of a partition: ElectionNotNeeded,
	// PreferredLeaderNotAvailable, EligibleLeadersNotAvailable.
	ElectLeaders struct {
		Unclean    bool
		Partitions []TopicPartition // empty: all
	}

	// AlterReassignments moves partitions to other replicas (protocol key 45, KIP-455).
	// Body: *AlterReassignmentsReply. Codes of a partition: InvalidReplicaAssignment,
	// NoReassignmentInProgress.
	AlterReassignments struct{ Partitions []Reassignment }

	// Reassignment is the target of one partition. Nil Replicas cancels.
	Reassignment struct {
		Topic     string
		Partition Partition
		Replicas  []int32
	}

	// ListReassignments shows partitions under way (protocol key 46). Body:
	// *ListReassignmentsReply.
	ListReassignments struct{ Partitions []TopicPartition } // empty: all

	// OffsetForLeaderEpoch finds where an epoch ends in the leader's log (protocol key
	// 23). Body: *OffsetForLeaderEpochReply. Codes: FencedLeaderEpoch, UnknownLeaderEpoch.
	OffsetForLeaderEpoch struct {
		Topic      TopicID
		Partition  Partition
		Epoch      int32
		CheckEpoch bool  // CurrentEpoch is the one the client knows
		Current    int32 // current leader epoch
	}

	// DescribeCluster lists the brokers (protocol key 60). Body: *DescribeClusterReply.
	DescribeCluster struct{}

	// AlterBrokerConfig changes settings of one broker, or of all for Broker 0 (protocol
	// key 44). All entries are applied, or none. Static settings are those of all brokers'
	// server.properties: read-only ones can only be changed there. In Kafka a change of the
	// file needs a restart of each broker; here it holds at once. Codes: InvalidConfig,
	// InvalidRequest for an unknown broker or a setting that cannot change like that.
	AlterBrokerConfig struct {
		Broker  int32
		Static  bool
		Entries []ConfigEntry
	}

	// DescribeBrokerConfigs lists a broker's settings (protocol key 32). Body:
	// *DescribeConfigsReply.
	DescribeBrokerConfigs struct{ Broker int32 }
)

type (
	// CrashBroker ends a broker's process without a goodbye. With LoseUnsynced the
	// machine loses power: records after the last flush are gone when it starts again.
	// Codes of all commands below: BrokerNotAvailable when there is no such broker or it
	// is in the wrong state for it.
	CrashBroker struct {
		Broker       int32
		LoseUnsynced bool
	}

	// StopBroker is a controlled shutdown: leaders move away first.
	StopBroker struct{ Broker int32 }

	// StartBroker starts a broker that is down.
	StartBroker struct{ Broker int32 }

	// PauseBroker freezes a broker's process, as SIGSTOP or a long pause of its collector
	// do: what is sent to it waits. ResumeBroker lets it go on.
	PauseBroker struct{ Broker int32 }

	// ResumeBroker ends a pause.
	ResumeBroker struct{ Broker int32 }

	// SlowBroker makes a broker take DelayMs longer to handle what comes from another
	// broker or a client; 0 ends it.
	SlowBroker struct {
		Broker  int32
		DelayMs int64
	}

	// CutLink breaks the network from one broker to another, in that direction only;
	// what is on its way is lost. HealLink mends it. Broker 0 is every broker.
	CutLink struct{ From, To int32 }

	// HealLink mends what CutLink broke.
	HealLink struct{ From, To int32 }

	// SetBrokerLatency sets the one-way latency between brokers, in milliseconds.
	SetBrokerLatency struct{ Ms int64 }
)

type (
	// ElectLeadersReply has one entry for each partition, in the order asked, or by name.
	ElectLeadersReply struct{ Partitions []PartitionResult }

	// PartitionResult is how one partition fared.
	PartitionResult struct {
		Topic     string
		Partition Partition
		Code      Code
	}

	// AlterReassignmentsReply has one entry for each partition, in the order asked.
	AlterReassignmentsReply struct{ Partitions []PartitionResult }

	// ListReassignmentsReply lists what moves, by topic and partition.
	ListReassignmentsReply struct{ Partitions []OngoingReassignment }

	// OngoingReassignment is one partition under way.
	OngoingReassignment struct {
		Topic     string
		Partition Partition
		Replicas  []int32
		Adding    []int32
		Removing  []int32
	}

	// OffsetForLeaderEpochReply is the end of the largest epoch that is not larger than
	// the one asked for; -1 and -1 when there is none.
	OffsetForLeaderEpochReply struct {
		Epoch int32
		End   Offset
	}

	// DescribeClusterReply lists the live brokers by id.
	DescribeClusterReply struct {
		Controller int32
		Brokers    []BrokerMetadata
	}

	// BrokerMetadata is one broker as clients see it.
	BrokerMetadata struct {
		ID   int32
		Rack string
	}
)

func (*ElectLeadersReply) body()         {}
func (*AlterReassignmentsReply) body()   {}
func (*ListReassignmentsReply) body()    {}
func (*OffsetForLeaderEpochReply) body() {}
func (*DescribeClusterReply) body()      {}
