package engine

import "strings"

// kindNames are the names of the kinds in their order, with blanks between.
const kindNames = "" +
	"TopicCreated TopicDeleted PartitionsCreated ConfigAltered Appended LogStartMoved " +
	"GroupCreated GroupDeleted MemberIDGiven MemberJoined MemberRejoined MemberReplaced " +
	"MemberLeft MemberRemoved Rebalance Generation Assigned GroupStable GroupEmpty " +
	"OffsetCommitted OffsetRemoved LogCleaned ProducerID TxnBegun TxnPartition " +
	"TxnPrepareCommit TxnPrepareAbort TxnCommitted TxnAborted TxnTimedOut TxnFenced " +
	"TxnForgotten CommitMarker AbortMarker LastStableMoved OffsetPending OffsetDropped " +
	"GroupConverted GroupEpoch GroupState TargetAssigned MemberTarget Reconciling Revoked " +
	"MemberStable MemberFenced GroupConfig ShareStart ShareAcquired ShareAcknowledged " +
	"ShareReleased ShareLockExpired ShareArchived MemberAway SegmentRolled SegmentsDeleted " +
	"RecordsDeleted BrokerConfigAltered OffsetExpired Denied ACLAdded ACLRemoved " +
	"QuotaAltered Throttled BrokerChanged ControllerMoved LinkChanged LeaderChanged " +
	"ISRChanged HighWatermarkMoved FollowerAppended Truncated Reassignment DuplicateBatch " +
	"Registered MetadataApplied Leading ReplicaRestarted LatencyChanged "

// String is the kind's name without its first word, as in Appended.
func (k Kind) String() string {
	n := Kind(1)
	for name := range strings.FieldsSeq(kindNames) {
		if n == k {
			return name
		}
		n++
	}
	return ""
}
