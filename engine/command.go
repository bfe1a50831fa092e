package engine

// A Command is one request to the cluster. The set is sealed: the types below, as
// pointers, so that a connection can reuse its own. The engine keeps no reference to
// a command or to its bytes after Apply returns, unless a field says otherwise.
// Strings may be kept.
type Command interface {
	apply(e *Engine, from Session, tok Token)
}

type (
	// CreateTopic makes a topic (protocol key 19). Reply body: *CreateTopicReply.
	// Codes: TopicAlreadyExists, InvalidTopic, InvalidPartitions,
	// InvalidReplicationFactor, InvalidConfig.
	CreateTopic struct {
		Name              string
		Partitions        int32 // 1 to MaxPartitions; -1 for the broker's default
		ReplicationFactor int16 // -1 for the broker's default; at most the number of brokers
		// Replicas, when given, places each partition by hand: Partitions and
		// ReplicationFactor are then -1. The first of each is the preferred leader.
		Replicas [][]int32
		Config   []ConfigEntry
	}

	// DeleteTopic removes a topic and its records (protocol key 20).
	// Codes: UnknownTopicOrPartition, InvalidTopic for an internal topic.
	DeleteTopic struct{ Name string }

	// CreatePartitions raises a topic's partition count (protocol key 37).
	// Codes: UnknownTopicOrPartition, InvalidPartitions when Count does not grow,
	// InvalidReplicaAssignment.
	CreatePartitions struct {
		Name     string
		Count    int32     // the new total
		Replicas [][]int32 // of each new partition; nil: the cluster's choice
	}

	// AlterConfig changes topic settings (protocol key 44, IncrementalAlterConfigs).
	// All entries are applied, or none. Codes: UnknownTopicOrPartition, InvalidConfig.
	AlterConfig struct {
		Topic   string
		Entries []ConfigEntry
	}

	// DescribeConfigs lists a topic's settings (protocol key 32). Body: *DescribeConfigsReply.
	DescribeConfigs struct{ Topic string }

	// Metadata describes topics (protocol key 3). Body: *MetadataReply.
	Metadata struct {
		All   bool     // every topic; Names is not read
		Names []string // an unknown name is answered with its own code
	}

	// Produce appends one RecordBatch v2 to one partition (protocol key 0). The
	// caller has checked the CRC (batch.Verify); the engine copies the bytes.
	// Reply: Offset is the base offset, At the log append time or -1; no body.
	// With Acks 0 there is no reply at all. Codes: UnknownTopicOrPartition,
	// MessageTooLarge, CorruptMessage, InvalidRequiredAcks, InvalidTimestamp; with a
	// producer id OutOfOrderSequenceNumber, InvalidProducerEpoch, InvalidTxnState; in a
	// transaction what AddPartitionsToTxn answers. A batch that is one of the producer's
	// last five is acknowledged again with its old offset.
	Produce struct {
		Topic     TopicID
		Partition Partition
		Acks      int16 // 0, 1 or -1 (all)
		Batch     []byte
		Keep      bool  // Batch is the engine's from now on: a large one is not copied
		TimeoutMs int32 // how long acks=all may wait for the ISR; 0 is 30 s
		// TransactionalID of a transactional producer.
		TransactionalID string
		// Version is the Produce version the client speaks: from 12 a transactional batch
		// enlists its partition (KIP-890), before it AddPartitionsToTxn must have come
		// first. 0 stands for the newest, 12.
		Version int16
	}

	// Fetch reads record batches (protocol key 1). It parks until MinBytes are
	// there or MaxWaitMs have passed. Body: *FetchReply.
	Fetch struct {
		Parts     []FetchPart // kept while parked
		MinBytes  int32
		MaxBytes  int32 // of the whole reply; the first batch is always sent
		MaxWaitMs int32
		Committed bool // isolation.level=read_committed
		// On reads on behind Records, into FetchedPart.More: the log lies in pieces.
		On   bool
		Into *FetchReply // the reply's body, to be written over; nil: a new one
		Rack string      // client.rack: a follower in it may be preferred (KIP-392)
	}

	// FetchPart is one partition of a Fetch.
	FetchPart struct {
		Topic     TopicID
		Partition Partition
		Offset    Offset
		MaxBytes  int32
		// With CheckEpoch, LeaderEpoch is the one the client knows (KIP-320): an older one
		// is FencedLeaderEpoch, a newer one UnknownLeaderEpoch.
		CheckEpoch  bool
		LeaderEpoch int32

		denied bool // the session may not read the topic
	}

	// ListOffsets finds an offset by time (protocol key 2). Reply.Offset is the
	// offset or -1, Reply.At the timestamp or -1; no body.
	ListOffsets struct {
		Topic     TopicID
		Partition Partition
		Timestamp int64 // TimestampLatest, TimestampEarliest, TimestampMax or Unix milliseconds
		Committed bool

		CheckEpoch  bool // as in FetchPart
		LeaderEpoch int32
	}

	// JoinGroup enters or re-enters a classic group (protocol key 11). It parks
	// until the rebalance's join phase ends. Body: *JoinGroupReply.
	JoinGroup struct {
		Group              string
		Member             string // empty for a new member
		Instance           string // group.instance.id: a static member (KIP-345)
		ClientID           string
		Host               string
		ProtocolType       string // "consumer" for consumers
		Protocols          []JoinProtocol
		SessionTimeoutMs   int32
		RebalanceTimeoutMs int32
		// Version is the JoinGroup version the client speaks; behaviour follows it:
		// from 4 a new member is first handed its id (KIP-394), from 9 a restarted
		// static group leader is told to skip the assignment (KIP-814).
		// 0 stands for the newest, 9; an older client sends 1 to 8.
		Version int16
	}

	// JoinProtocol is one assignor that a member offers, with its subscription.
	JoinProtocol struct {
		Name     string
		Metadata []byte // kept
	}

	// SyncGroup hands out or waits for assignments (protocol key 14). Body: *SyncGroupReply.
	SyncGroup struct {
		Group        string
		Member       string
		Instance     string
		Generation   int32
		ProtocolType string // empty: not checked (before version 5)
		Protocol     string // empty: not checked
		Assignments  []MemberAssignment
	}

	// MemberAssignment is the group leader's decision for one member.
	MemberAssignment struct {
		Member string
		Bytes  []byte // kept
	}

	// Heartbeat keeps a member's session alive (protocol key 12). No body.
	Heartbeat struct {
		Group      string
		Member     string
		Instance   string
		Generation int32
	}

	// LeaveGroup takes members out of a group (protocol key 13). Body: *LeaveGroupReply.
	LeaveGroup struct {
		Group   string
		Members []LeavingMember
	}

	// LeavingMember names one member, by its id, its instance id, or both.
	LeavingMember struct {
		Member   string
		Instance string
		Reason   string // KIP-800: shown to people, otherwise without meaning
	}

	// OffsetCommit stores committed offsets (protocol key 8). Body: *OffsetCommitReply;
	// a code about the whole group is also that of the reply.
	// Generation -1 with an empty member is a client outside group management.
	OffsetCommit struct {
		Group      string
		Member     string
		Instance   string
		Generation int32
		Offsets    []CommitOffset
		// Version is the OffsetCommit version the client speaks; from 9 an unknown
		// group is GroupIDNotFound, before it was IllegalGeneration. 0 stands for the
		// newest, 9.
		Version int16
	}

	// CommitOffset is the next offset to read of one partition.
	CommitOffset struct {
		Topic       string
		Partition   Partition
		Offset      Offset
		LeaderEpoch int32 // -1: not known
		Metadata    string
	}

	// OffsetFetch reads committed offsets (protocol key 9). Body: *OffsetFetchReply.
	OffsetFetch struct {
		Group string
		// Member and Epoch, from version 9 on, are of a member of a consumer group; without
		// a member nothing is checked. Codes: UnknownMemberID, StaleMemberEpoch.
		Member     string
		Epoch      int32
		All        bool // every partition with a committed offset
		Partitions []TopicPartition
		// RequireStable answers UnstableOffsetCommit for a partition whose offset is part
		// of an open transaction (KIP-447).
		RequireStable bool
	}

	// DescribeGroups shows groups whole (protocol key 15). Body: *DescribeGroupsReply.
	DescribeGroups struct{ Groups []string }

	// ListGroups lists groups (protocol key 16). Body: *ListGroupsReply.
	ListGroups struct {
		States []string // Kafka's state names; empty for all
		Types  []string // Classic, Consumer, Share; empty for all
	}

	// DeleteGroups removes groups without members (protocol key 42). Body: *DeleteGroupsReply.
	DeleteGroups struct{ Groups []string }

	// Disconnect ends a session: its parked requests are dropped. Members of
	// groups are not touched: as in Kafka only a leave or a timeout removes them.
	// There is no reply.
	Disconnect struct{}
)

// Special values of ListOffsets.Timestamp.
const (
	TimestampLatest   int64 = -1
	TimestampEarliest int64 = -2
	TimestampMax      int64 = -3 // KIP-734: the record with the largest timestamp
)

// MaxPartitions bounds the partitions of one topic. Kafka has no such limit; a
// picture does.
const MaxPartitions = 10_000
