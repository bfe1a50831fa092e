package engine

// Commands of the consumer group protocol of KIP-848 and of share groups (KIP-932).
type (
	// ConsumerGroupHeartbeat joins, stays in and leaves a consumer group (protocol key
	// 68). Body: *ConsumerGroupHeartbeatReply. Codes: UnknownMemberID, FencedMemberEpoch,
	// UnreleasedInstanceID, UnsupportedAssignor, GroupMaxSizeReached, InvalidRegularExpression.
	ConsumerGroupHeartbeat struct {
		Group              string
		Member             string // made by the client from version 1 on
		Epoch              int32  // 0 joins, -1 leaves, -2 leaves for a while (static member)
		Instance           string
		Rack               string
		ClientID           string
		Host               string
		RebalanceTimeoutMs int32 // -1: unchanged
		Subscribed         bool  // Topics and Regex are given
		Topics             []string
		Regex              string
		Assignor           string // empty: unchanged, or the broker's choice
		Owns               bool   // Owned is given
		Owned              []OwnedTopic
	}

	// OwnedTopic is partitions of one topic.
	OwnedTopic struct {
		Topic      TopicID
		Partitions []Partition
	}

	// ConsumerGroupDescribe shows groups of KIP-848 (protocol key 69). Body:
	// *ConsumerGroupDescribeReply.
	ConsumerGroupDescribe struct{ Groups []string }

	// ShareGroupHeartbeat joins, stays in and leaves a share group (protocol key 76).
	// Body: *ConsumerGroupHeartbeatReply.
	ShareGroupHeartbeat struct {
		Group    string
		Member   string
		Epoch    int32
		Rack     string
		ClientID string
		Host     string
		Topics   []string // nil: unchanged
	}

	// AlterGroupConfig changes settings of a group, which need not exist
	// (IncrementalAlterConfigs of a GROUP resource): consumer.session.timeout.ms,
	// consumer.heartbeat.interval.ms, share.session.timeout.ms,
	// share.heartbeat.interval.ms, share.record.lock.duration.ms,
	// share.auto.offset.reset (latest, earliest), share.isolation.level. All entries are
	// applied, or none. Codes: InvalidRequest without a name, InvalidConfig.
	AlterGroupConfig struct {
		Group   string
		Entries []ConfigEntry
	}

	// DescribeGroupConfig lists the settings of a group. Body: *DescribeConfigsReply.
	DescribeGroupConfig struct{ Group string }

	// ShareFetch acquires records (protocol key 78), after it has taken the
	// acknowledgements that come with it. Body: *ShareFetchReply.
	ShareFetch struct {
		Group        string
		Member       string
		SessionEpoch int32 // 0 opens the share session, -1 closes it
		MaxWaitMs    int32
		MinBytes     int32
		MaxBytes     int32
		MaxRecords   int32
		Parts        []SharePart  // new in the session, or with acknowledgements
		Forget       []OwnedTopic // leave the session
	}

	// SharePart is one partition of a ShareFetch or ShareAcknowledge.
	SharePart struct {
		Topic     TopicID
		Partition Partition
		Acks      []ShareAck
	}

	// ShareAck settles records. Types has one entry for each offset, or one for all.
	ShareAck struct {
		First, Last Offset
		Types       []AckType
	}

	// ShareAcknowledge settles records without fetching (protocol key 79). Body:
	// *ShareAcknowledgeReply. Codes of a partition: InvalidRecordState,
	// InvalidShareSessionEpoch, ShareSessionNotFound.
	ShareAcknowledge struct {
		Group        string
		Member       string
		SessionEpoch int32
		Parts        []SharePart
	}

	// ShareGroupDescribe shows share groups (protocol key 77). Body:
	// *ConsumerGroupDescribeReply.
	ShareGroupDescribe struct{ Groups []string }
)

// AckType is how a share consumer settles a record.
type AckType int8

// The ways to settle a record.
const (
	AckGap     AckType = iota // there is no record at that offset
	AckAccept                 // processed
	AckRelease                // give it out again
	AckReject                 // never give it out again
)

type (
	// ConsumerGroupHeartbeatReply tells a member where it stands.
	ConsumerGroupHeartbeatReply struct {
		Member              string
		Epoch               int32
		HeartbeatIntervalMs int32
		Assigned            bool // Assignment is given; else it is unchanged
		Assignment          []OwnedTopic
	}

	// ConsumerGroupDescribeReply has one entry for each group, in the order asked.
	ConsumerGroupDescribeReply struct{ Groups []ConsumerGroupDescription }

	// ConsumerGroupDescription is one group.
	ConsumerGroupDescription struct {
		Code            Code
		Group           string
		State           string // Empty, Assigning, Reconciling, Stable, Dead
		Epoch           int32
		AssignmentEpoch int32
		Assignor        string
		Members         []ConsumerMemberDescription
	}

	// ConsumerMemberDescription is one member.
	ConsumerMemberDescription struct {
		Member     string
		Instance   string
		Rack       string
		ClientID   string
		Host       string
		Epoch      int32
		Topics     []string
		Regex      string
		Assignment []OwnedTopic // what it has
		Target     []OwnedTopic // what it is to have
		Classic    bool         // it speaks the classic protocol
	}

	// ShareFetchReply has one entry for each partition that has something to say.
	ShareFetchReply struct {
		Parts         []SharedPart
		LockTimeoutMs int32
	}

	// SharedPart is what one partition gave. Records alias a log segment; only those in
	// Acquired are the member's.
	SharedPart struct {
		Topic     TopicID
		Partition Partition
		Code      Code
		AckCode   Code // of the acknowledgements that came with the fetch
		Records   []byte
		Acquired  []Acquired
	}

	// Acquired is a run of records that were given out.
	Acquired struct {
		First, Last Offset
		Deliveries  int16 // how often they have been given out, with this time
	}

	// ShareAcknowledgeReply has one code for each partition, in the order asked.
	ShareAcknowledgeReply struct{ Codes []Code }
)

func (*ConsumerGroupHeartbeatReply) body() {}
func (*ConsumerGroupDescribeReply) body()  {}
func (*ShareFetchReply) body()             {}
func (*ShareAcknowledgeReply) body()       {}
