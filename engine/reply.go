package engine

// A Reply answers one command. It is lent until Advance.
type Reply struct {
	To     Session
	Token  Token
	Code   Code
	Offset Offset // Produce: base offset; ListOffsets: the offset found
	At     Time   // Produce: log append time or -1; ListOffsets: timestamp or -1
	// ThrottleMs is how long the client is over its quota (KIP-124).
	ThrottleMs int32
	Reason     string // what is wrong in Kafka's words, where the code alone does not say; often empty
	Body       Body   // nil where the command's comment names none
}

// Body is the sealed set of reply bodies below, as pointers.
type Body interface{ body() }

type (
	// CreateTopicReply says what was made.
	CreateTopicReply struct {
		Topic      TopicID
		Partitions int32
	}

	// DescribeConfigsReply lists every setting of a topic, sorted by name.
	DescribeConfigsReply struct{ Entries []DescribedConfig }

	// DescribedConfig is one setting with its value now, and what it may be.
	DescribedConfig struct {
		Name      string
		Value     string
		Default   bool   // not set on the topic; of a broker, neither on it nor in its file
		Kafka     string // what Kafka has when nobody says anything
		Broker    string // of a topic's setting: the broker's setting that is its default
		Source    ConfigSource
		ReadOnly  bool // a broker's setting that cannot change while it runs
		Sensitive bool // never true: the engine keeps no secrets
		Type      ConfigType
		Min, Max  int64    // of numbers; a fraction's are in millionths
		Words     []string // what it may be, or be made of; nil for numbers and free text
	}

	// MetadataReply describes topics: in the order asked, or by name for All.
	MetadataReply struct {
		Topics     []TopicMetadata
		Brokers    []BrokerMetadata // those that are up, by id
		Controller int32            // -1: none now
	}

	// TopicMetadata is one topic of a MetadataReply.
	TopicMetadata struct {
		Code       Code
		Name       string
		Topic      TopicID
		Internal   bool
		Partitions []PartitionMetadata
	}

	// PartitionMetadata says who leads a partition.
	PartitionMetadata struct {
		Code        Code  // LeaderNotAvailable while there is none
		Leader      int32 // -1: none now
		LeaderEpoch int32
		Replicas    []int32
		ISR         []int32
	}

	// FetchReply has one entry for each partition of the Fetch, in its order.
	FetchReply struct{ Parts []FetchedPart }

	// FetchedPart is what one partition gave. Records alias a log segment: they
	// may be read after Advance and must not be written to.
	FetchedPart struct {
		Topic            TopicID
		Partition        Partition
		Code             Code
		HighWatermark    Offset
		LastStableOffset Offset
		LogStartOffset   Offset
		Records          []byte       // whole record batches
		More             [][]byte     // and those after them, if Fetch.On
		Aborted          []AbortedTxn // for read_committed: what to leave out
		Preferred        int32        // KIP-392: the replica to fetch from instead, or 0
		LeaderEpoch      int32        // with NotLeaderOrFollower: the current one (KIP-951)
		Leader           int32        // and the current leader, or 0 when not known
	}

	// AbortedTxn is one aborted transaction: records of ProducerID from First on to its
	// abort marker are not for read_committed consumers.
	AbortedTxn struct {
		ProducerID int64
		First      Offset
	}

	// JoinGroupReply ends the join phase for one member.
	JoinGroupReply struct {
		Member         string // the id to use from now on
		Generation     int32
		ProtocolType   string
		Protocol       string
		Leader         string
		SkipAssignment bool         // KIP-814
		Members        []JoinMember // for the group leader only
	}

	// JoinMember is one member as the group leader sees it.
	JoinMember struct {
		Member   string
		Instance string
		Metadata []byte
	}

	// SyncGroupReply gives a member its assignment.
	SyncGroupReply struct {
		ProtocolType string
		Protocol     string
		Assignment   []byte
	}

	// LeaveGroupReply has one entry for each member that asked to leave.
	LeaveGroupReply struct{ Members []LeftMember }

	// LeftMember says how one leave went.
	LeftMember struct {
		Member   string
		Instance string
		Code     Code
	}

	// OffsetCommitReply has one code for each committed offset, in their order.
	OffsetCommitReply struct{ Codes []Code }

	// OffsetFetchReply lists committed offsets: in the order asked, or by topic and
	// partition for All.
	OffsetFetchReply struct{ Offsets []FetchedOffset }

	// FetchedOffset is one committed offset; Offset is -1 when there is none.
	FetchedOffset struct {
		Topic       string
		Partition   Partition
		Code        Code
		Offset      Offset
		LeaderEpoch int32
		Metadata    string
	}

	// DescribeGroupsReply has one entry for each group asked about, in that order.
	DescribeGroupsReply struct{ Groups []DescribedGroup }

	// DescribedGroup is one group. An unknown group is Dead, has no members and has
	// the code GroupIDNotFound (which DescribeGroups before version 6 did not say).
	DescribedGroup struct {
		Code         Code
		Group        string
		State        string // Empty, PreparingRebalance, CompletingRebalance, Stable, Dead
		ProtocolType string
		Protocol     string // empty unless Stable
		Generation   int32
		Leader       string
		Members      []DescribedMember
	}

	// DescribedMember is one member of a DescribedGroup.
	DescribedMember struct {
		Member     string
		Instance   string
		ClientID   string
		Host       string
		Metadata   []byte
		Assignment []byte
	}

	// ListGroupsReply lists groups by name.
	ListGroupsReply struct{ Groups []ListedGroup }

	// ListedGroup is one line of a ListGroupsReply.
	ListedGroup struct {
		Group        string
		ProtocolType string
		State        string
		Type         string // Classic, Consumer or Share
	}

	// DeleteGroupsReply has one code for each group, in the order asked.
	DeleteGroupsReply struct{ Codes []Code }
)

func (*CreateTopicReply) body()     {}
func (*DescribeConfigsReply) body() {}
func (*MetadataReply) body()        {}
func (*FetchReply) body()           {}
func (*JoinGroupReply) body()       {}
func (*SyncGroupReply) body()       {}
func (*LeaveGroupReply) body()      {}
func (*OffsetCommitReply) body()    {}
func (*OffsetFetchReply) body()     {}
func (*DescribeGroupsReply) body()  {}
func (*ListGroupsReply) body()      {}
func (*DeleteGroupsReply) body()    {}
