package engine

import "strconv"

// Code is a Kafka error code. Every reply carries one; None is success.
type Code int16

// Kafka's error codes by their protocol numbers.
const (
	UnknownServerError                 Code = -1
	None                               Code = 0
	OffsetOutOfRange                   Code = 1
	CorruptMessage                     Code = 2
	UnknownTopicOrPartition            Code = 3
	InvalidFetchSize                   Code = 4
	LeaderNotAvailable                 Code = 5
	NotLeaderOrFollower                Code = 6
	RequestTimedOut                    Code = 7
	BrokerNotAvailable                 Code = 8
	ReplicaNotAvailable                Code = 9
	MessageTooLarge                    Code = 10
	StaleControllerEpoch               Code = 11
	OffsetMetadataTooLarge             Code = 12
	NetworkException                   Code = 13
	CoordinatorLoadInProgress          Code = 14
	CoordinatorNotAvailable            Code = 15
	NotCoordinator                     Code = 16
	InvalidTopic                       Code = 17
	RecordListTooLarge                 Code = 18
	NotEnoughReplicas                  Code = 19
	NotEnoughReplicasAfterAppend       Code = 20
	InvalidRequiredAcks                Code = 21
	IllegalGeneration                  Code = 22
	InconsistentGroupProtocol          Code = 23
	InvalidGroupID                     Code = 24
	UnknownMemberID                    Code = 25
	InvalidSessionTimeout              Code = 26
	RebalanceInProgress                Code = 27
	InvalidCommitOffsetSize            Code = 28
	TopicAuthorizationFailed           Code = 29
	GroupAuthorizationFailed           Code = 30
	ClusterAuthorizationFailed         Code = 31
	InvalidTimestamp                   Code = 32
	IllegalSASLState                   Code = 34
	UnsupportedVersion                 Code = 35
	TopicAlreadyExists                 Code = 36
	InvalidPartitions                  Code = 37
	InvalidReplicationFactor           Code = 38
	InvalidReplicaAssignment           Code = 39
	InvalidConfig                      Code = 40
	NotController                      Code = 41
	InvalidRequest                     Code = 42
	UnsupportedForMessageFormat        Code = 43
	PolicyViolation                    Code = 44
	OutOfOrderSequenceNumber           Code = 45
	DuplicateSequenceNumber            Code = 46
	InvalidProducerEpoch               Code = 47
	InvalidTxnState                    Code = 48
	InvalidProducerIDMapping           Code = 49
	InvalidTransactionTimeout          Code = 50
	ConcurrentTransactions             Code = 51
	TransactionCoordinatorFenced       Code = 52
	TransactionalIDAuthorizationFailed Code = 53
	SecurityDisabled                   Code = 54
	OperationNotAttempted              Code = 55
	KafkaStorageError                  Code = 56
	UnknownProducerID                  Code = 59
	ReassignmentInProgress             Code = 60
	DelegationTokenAuthDisabled        Code = 61
	DelegationTokenOwnerMismatch       Code = 63
	DelegationTokenRequestNotAllowed   Code = 64
	DelegationTokenAuthorizationFailed Code = 65
	NonEmptyGroup                      Code = 68
	GroupIDNotFound                    Code = 69
	FetchSessionIDNotFound             Code = 70
	FencedLeaderEpoch                  Code = 74
	UnknownLeaderEpoch                 Code = 75
	UnsupportedCompressionType         Code = 76
	OffsetNotAvailable                 Code = 78
	MemberIDRequired                   Code = 79
	PreferredLeaderNotAvailable        Code = 80
	GroupMaxSizeReached                Code = 81
	FencedInstanceID                   Code = 82
	EligibleLeadersNotAvailable        Code = 83
	ElectionNotNeeded                  Code = 84
	NoReassignmentInProgress           Code = 85
	GroupSubscribedToTopic             Code = 86
	InvalidRecord                      Code = 87
	UnstableOffsetCommit               Code = 88
	ProducerFenced                     Code = 90
	UnknownTopicID                     Code = 100
	TransactionalIDNotFound            Code = 105
	OffsetMovedToTieredStorage         Code = 109
	FencedMemberEpoch                  Code = 110
	UnreleasedInstanceID               Code = 111
	UnsupportedAssignor                Code = 112
	StaleMemberEpoch                   Code = 113
	UnsupportedEndpointType            Code = 115
	UnknownControllerID                Code = 116
	TelemetryTooLarge                  Code = 118
	TransactionAbortable               Code = 120
	InvalidRecordState                 Code = 121
	ShareSessionNotFound               Code = 122
	InvalidShareSessionEpoch           Code = 123
	DuplicateVoter                     Code = 126
	InvalidRegularExpression           Code = 128
	RebootstrapRequired                Code = 129
)

// Flags of a code.
const (
	retriable = 1 << iota // the same request may succeed later
	refresh               // ask for metadata before trying again
)

var codes = [...]struct {
	code  Code
	name  string
	flags uint8
}{
	{UnknownServerError, "UNKNOWN_SERVER_ERROR", 0},
	{None, "NONE", 0},
	{OffsetOutOfRange, "OFFSET_OUT_OF_RANGE", 0},
	{CorruptMessage, "CORRUPT_MESSAGE", retriable},
	{UnknownTopicOrPartition, "UNKNOWN_TOPIC_OR_PARTITION", retriable | refresh},
	{InvalidFetchSize, "INVALID_FETCH_SIZE", 0},
	{LeaderNotAvailable, "LEADER_NOT_AVAILABLE", retriable | refresh},
	{NotLeaderOrFollower, "NOT_LEADER_OR_FOLLOWER", retriable | refresh},
	{RequestTimedOut, "REQUEST_TIMED_OUT", retriable},
	{BrokerNotAvailable, "BROKER_NOT_AVAILABLE", 0},
	{ReplicaNotAvailable, "REPLICA_NOT_AVAILABLE", retriable | refresh},
	{MessageTooLarge, "MESSAGE_TOO_LARGE", 0},
	{StaleControllerEpoch, "STALE_CONTROLLER_EPOCH", 0},
	{OffsetMetadataTooLarge, "OFFSET_METADATA_TOO_LARGE", 0},
	{NetworkException, "NETWORK_EXCEPTION", retriable | refresh},
	{CoordinatorLoadInProgress, "COORDINATOR_LOAD_IN_PROGRESS", retriable},
	{CoordinatorNotAvailable, "COORDINATOR_NOT_AVAILABLE", retriable},
	{NotCoordinator, "NOT_COORDINATOR", retriable},
	{InvalidTopic, "INVALID_TOPIC_EXCEPTION", 0},
	{RecordListTooLarge, "RECORD_LIST_TOO_LARGE", 0},
	{NotEnoughReplicas, "NOT_ENOUGH_REPLICAS", retriable},
	{NotEnoughReplicasAfterAppend, "NOT_ENOUGH_REPLICAS_AFTER_APPEND", retriable},
	{InvalidRequiredAcks, "INVALID_REQUIRED_ACKS", 0},
	{IllegalGeneration, "ILLEGAL_GENERATION", 0},
	{InconsistentGroupProtocol, "INCONSISTENT_GROUP_PROTOCOL", 0},
	{InvalidGroupID, "INVALID_GROUP_ID", 0},
	{UnknownMemberID, "UNKNOWN_MEMBER_ID", 0},
	{InvalidSessionTimeout, "INVALID_SESSION_TIMEOUT", 0},
	{RebalanceInProgress, "REBALANCE_IN_PROGRESS", 0},
	{InvalidCommitOffsetSize, "INVALID_COMMIT_OFFSET_SIZE", 0},
	{TopicAuthorizationFailed, "TOPIC_AUTHORIZATION_FAILED", 0},
	{GroupAuthorizationFailed, "GROUP_AUTHORIZATION_FAILED", 0},
	{ClusterAuthorizationFailed, "CLUSTER_AUTHORIZATION_FAILED", 0},
	{InvalidTimestamp, "INVALID_TIMESTAMP", 0},
	{IllegalSASLState, "ILLEGAL_SASL_STATE", 0},
	{UnsupportedVersion, "UNSUPPORTED_VERSION", 0},
	{TopicAlreadyExists, "TOPIC_ALREADY_EXISTS", 0},
	{InvalidPartitions, "INVALID_PARTITIONS", 0},
	{InvalidReplicationFactor, "INVALID_REPLICATION_FACTOR", 0},
	{InvalidReplicaAssignment, "INVALID_REPLICA_ASSIGNMENT", 0},
	{InvalidConfig, "INVALID_CONFIG", 0},
	{NotController, "NOT_CONTROLLER", retriable},
	{InvalidRequest, "INVALID_REQUEST", 0},
	{UnsupportedForMessageFormat, "UNSUPPORTED_FOR_MESSAGE_FORMAT", 0},
	{PolicyViolation, "POLICY_VIOLATION", 0},
	{OutOfOrderSequenceNumber, "OUT_OF_ORDER_SEQUENCE_NUMBER", 0},
	{DuplicateSequenceNumber, "DUPLICATE_SEQUENCE_NUMBER", 0},
	{InvalidProducerEpoch, "INVALID_PRODUCER_EPOCH", 0},
	{InvalidTxnState, "INVALID_TXN_STATE", 0},
	{InvalidProducerIDMapping, "INVALID_PRODUCER_ID_MAPPING", 0},
	{InvalidTransactionTimeout, "INVALID_TRANSACTION_TIMEOUT", 0},
	{ConcurrentTransactions, "CONCURRENT_TRANSACTIONS", retriable},
	{TransactionCoordinatorFenced, "TRANSACTION_COORDINATOR_FENCED", 0},
	{TransactionalIDAuthorizationFailed, "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", 0},
	{SecurityDisabled, "SECURITY_DISABLED", 0},
	{OperationNotAttempted, "OPERATION_NOT_ATTEMPTED", 0},
	{KafkaStorageError, "KAFKA_STORAGE_ERROR", retriable | refresh},
	{UnknownProducerID, "UNKNOWN_PRODUCER_ID", 0},
	{ReassignmentInProgress, "REASSIGNMENT_IN_PROGRESS", 0},
	{DelegationTokenAuthDisabled, "DELEGATION_TOKEN_AUTH_DISABLED", 0},
	{DelegationTokenOwnerMismatch, "DELEGATION_TOKEN_OWNER_MISMATCH", 0},
	{DelegationTokenRequestNotAllowed, "DELEGATION_TOKEN_REQUEST_NOT_ALLOWED", 0},
	{DelegationTokenAuthorizationFailed, "DELEGATION_TOKEN_AUTHORIZATION_FAILED", 0},
	{NonEmptyGroup, "NON_EMPTY_GROUP", 0},
	{GroupIDNotFound, "GROUP_ID_NOT_FOUND", 0},
	{FetchSessionIDNotFound, "FETCH_SESSION_ID_NOT_FOUND", retriable},
	{FencedLeaderEpoch, "FENCED_LEADER_EPOCH", retriable | refresh},
	{UnknownLeaderEpoch, "UNKNOWN_LEADER_EPOCH", retriable},
	{UnsupportedCompressionType, "UNSUPPORTED_COMPRESSION_TYPE", 0},
	{OffsetNotAvailable, "OFFSET_NOT_AVAILABLE", retriable},
	{MemberIDRequired, "MEMBER_ID_REQUIRED", 0},
	{PreferredLeaderNotAvailable, "PREFERRED_LEADER_NOT_AVAILABLE", retriable | refresh},
	{GroupMaxSizeReached, "GROUP_MAX_SIZE_REACHED", 0},
	{FencedInstanceID, "FENCED_INSTANCE_ID", 0},
	{EligibleLeadersNotAvailable, "ELIGIBLE_LEADERS_NOT_AVAILABLE", retriable | refresh},
	{ElectionNotNeeded, "ELECTION_NOT_NEEDED", retriable | refresh},
	{NoReassignmentInProgress, "NO_REASSIGNMENT_IN_PROGRESS", 0},
	{GroupSubscribedToTopic, "GROUP_SUBSCRIBED_TO_TOPIC", 0},
	{InvalidRecord, "INVALID_RECORD", 0},
	{UnstableOffsetCommit, "UNSTABLE_OFFSET_COMMIT", retriable},
	{ProducerFenced, "PRODUCER_FENCED", 0},
	{UnknownTopicID, "UNKNOWN_TOPIC_ID", retriable | refresh},
	{TransactionalIDNotFound, "TRANSACTIONAL_ID_NOT_FOUND", 0},
	{OffsetMovedToTieredStorage, "OFFSET_MOVED_TO_TIERED_STORAGE", 0},
	{FencedMemberEpoch, "FENCED_MEMBER_EPOCH", 0},
	{UnreleasedInstanceID, "UNRELEASED_INSTANCE_ID", 0},
	{UnsupportedAssignor, "UNSUPPORTED_ASSIGNOR", 0},
	{StaleMemberEpoch, "STALE_MEMBER_EPOCH", 0},
	{UnsupportedEndpointType, "UNSUPPORTED_ENDPOINT_TYPE", 0},
	{UnknownControllerID, "UNKNOWN_CONTROLLER_ID", 0},
	{TelemetryTooLarge, "TELEMETRY_TOO_LARGE", 0},
	{TransactionAbortable, "TRANSACTION_ABORTABLE", 0},
	{InvalidRecordState, "INVALID_RECORD_STATE", 0},
	{ShareSessionNotFound, "SHARE_SESSION_NOT_FOUND", retriable},
	{InvalidShareSessionEpoch, "INVALID_SHARE_SESSION_EPOCH", retriable},
	{DuplicateVoter, "DUPLICATE_VOTER", 0},
	{InvalidRegularExpression, "INVALID_REGULAR_EXPRESSION", 0},
	{RebootstrapRequired, "REBOOTSTRAP_REQUIRED", 0},
}

func (c Code) row() int {
	for i := range codes {
		if codes[i].code == c {
			return i
		}
	}
	return -1
}

// String gives Kafka's name, for example UNKNOWN_MEMBER_ID; the number for a code
// that Partita does not know.
func (c Code) String() string {
	if i := c.row(); i >= 0 {
		return codes[i].name
	}
	return "error " + strconv.Itoa(int(c))
}

// Retriable reports whether a client may send the same request again.
func (c Code) Retriable() bool {
	i := c.row()
	return i >= 0 && codes[i].flags&retriable != 0
}

// RefreshMetadata reports whether a client should ask for metadata before it tries again.
func (c Code) RefreshMetadata() bool {
	i := c.row()
	return i >= 0 && codes[i].flags&refresh != 0
}

// For is the code as clients of an older version of an API know it: a fenced producer
// was told InvalidProducerEpoch before KIP-588.
func (c Code) For(key, version int16) Code {
	if c == ProducerFenced && (key >= 24 && key <= 26 && version < 2 || key == 22 && version < 4) {
		return InvalidProducerEpoch
	}
	return c
}
