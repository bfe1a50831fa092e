package engine

// An Event is one engine fact, as a flat row: one binary layout for the digest, for
// viewers and for a journal. Fields that a kind does not name are zero.
type Event struct {
	Seq       uint64 // counts from 1
	At        Time
	Kind      Kind
	Code      Code
	Session   Session // who caused it; 0 for a timer
	Topic     TopicID
	Partition Partition
	Epoch     int32 // leader epoch of records; generation of a group
	Group     GroupID
	Member    MemberID
	Offset    Offset
	End       Offset // one past the last offset, so that neighbours merge exactly
	Aux       int64
	Bytes     []byte // lent until Advance
}

// Kind says what an Event is about.
type Kind uint8

// The kinds, with the fields that each one fills.
const (
	_                       Kind = iota
	KindTopicCreated             // Topic, Bytes=name, Aux=partitions
	KindTopicDeleted             // Topic, Bytes=name
	KindPartitionsCreated        // Topic, Aux=new total
	KindConfigAltered            // Topic, Bytes="name=value" or "name" when unset
	KindAppended                 // Topic, Partition, Epoch, Offset, End, Aux=max timestamp, Bytes=the batch
	KindLogStartMoved            // Topic, Partition, Offset=old, End=new log start offset
	KindGroupCreated             // Group, Bytes=name
	KindGroupDeleted             // Group, Bytes=name
	KindMemberIDGiven            // Group, Member, Bytes=member id: KIP-394's first round trip
	KindMemberJoined             // Group, Member, Bytes=member id: now counted as a member
	KindMemberRejoined           // Group, Member: a known member sent JoinGroup in a rebalance
	KindMemberReplaced           // Group, Member=new, Aux=old MemberID, Bytes=member id: a static member restarted (the old one was just removed)
	KindMemberLeft               // Group, Member, Bytes=reason (KIP-800)
	KindMemberRemoved            // Group, Member, Aux=Removal
	KindRebalance                // Group, Member=who caused it, Epoch=generation that ends, Aux=Cause
	KindGeneration               // Group, Epoch=new generation, Member=group leader, Bytes=protocol, Aux=member count
	KindAssigned                 // Group, Member, Epoch, Bytes=assignment as the group leader gave it, or what a member of a consumer group may use now
	KindGroupStable              // Group, Epoch
	KindGroupEmpty               // Group, Epoch
	KindOffsetCommitted          // Group, Member (0 outside the group), Topic, Partition, Offset
	KindOffsetRemoved            // Group, Topic, Partition: the committed offset is gone (topic deleted)
	KindLogCleaned               // Topic, Partition, Offset=first dirty, End=cleaned up to here, Aux=bytes freed: compaction
	KindProducerID               // Aux=producer id, Epoch=its epoch, Bytes=transactional id, empty for a producer that is only idempotent
	KindTxnBegun                 // Aux=producer id, Epoch, Bytes=transactional id: the first partition is added next
	KindTxnPartition             // Aux=producer id, Epoch, Bytes=transactional id, Topic, Partition: added to the transaction
	KindTxnPrepareCommit         // Aux=producer id, Epoch, Bytes=transactional id: the outcome is decided
	KindTxnPrepareAbort          // the same
	KindTxnCommitted             // Aux=producer id, Epoch, Bytes=transactional id: every marker is written
	KindTxnAborted               // the same
	KindTxnTimedOut              // Aux=producer id, Epoch=of the producer, Bytes=transactional id: open longer than transaction.timeout.ms
	KindTxnFenced                // Aux=producer id, Epoch=new epoch, Bytes=transactional id: whoever has an older epoch is fenced
	KindTxnForgotten             // Aux=producer id, Bytes=transactional id: not used for transactional.id.expiration.ms
	KindCommitMarker             // Topic, Partition, Offset, End, Aux=producer id, Epoch=of the producer: the control batch was appended
	KindAbortMarker              // the same
	KindLastStableMoved          // Topic, Partition, Offset=old, End=new last stable offset: a transaction's end let it move
	KindOffsetPending            // Group, Topic, Partition, Offset, Aux=producer id, Epoch: committed in a transaction that is open
	KindOffsetDropped            // the same: the transaction was aborted
	KindGroupConverted           // Group, Aux=GroupKind: it follows another protocol from now on
	KindGroupEpoch               // Group, Member=who caused it (0 for topics), Epoch=new group epoch, Aux=Cause
	KindGroupState               // Group, Epoch=group epoch, Aux=GroupState: Assigning or Reconciling
	KindTargetAssigned           // Group, Epoch=assignment epoch, Aux=member count: there is a new target assignment
	KindMemberTarget             // Group, Member, Epoch=assignment epoch, Bytes=its new target (an Assignment)
	KindReconciling              // Group, Member, Epoch=member epoch, Bytes=what it has to revoke (an Assignment), Aux=partitions of its target that others still have
	KindRevoked                  // Group, Member, Epoch, Bytes=what it has given up (an Assignment)
	KindMemberStable             // Group, Member, Epoch: it has what its target assignment gives it
	KindMemberFenced             // Group, Member, Epoch=as the member sent it: FencedMemberEpoch
	KindGroupConfig              // Bytes="group: name=value", or "group: name" when unset, Offset=length of the group's name
	KindShareStart               // Group, Topic, Partition, Offset=old (-1 at first), End=new share-partition start offset
	KindShareAcquired            // Group, Member, Topic, Partition, Offset, End, Aux=delivery count
	KindShareAcknowledged        // Group, Member, Topic, Partition, Offset, End, Aux=AckType
	KindShareReleased            // Group, Member, Topic, Partition, Offset, End, Aux=delivery count: its share session ended, or the partition's leader changed
	KindShareLockExpired         // Group, Member, Topic, Partition, Offset, End, Aux=delivery count: not acknowledged in time
	KindShareArchived            // Group, Member, Topic, Partition, Offset, End, Aux=delivery count: the limit is reached, nobody gets it again
	KindMemberAway               // Group, Member: a static member leaves for a while
	KindSegmentRolled            // Topic, Partition, Offset=base of the new segment, Aux=reason: 1 segment.bytes, 2 segment.ms, 3 segment.index.bytes
	KindSegmentsDeleted          // Topic, Partition, Offset=first offset, End=one past the last, Aux=bytes freed, Epoch=reason: 1 below the log start, 2 retention.bytes, 3 retention.ms
	KindRecordsDeleted           // Topic, Partition, Offset=old, End=new log start offset: somebody asked for it (DeleteRecords)
	KindBrokerConfigAltered      // Aux=broker, 0 for all, Epoch=1 when static, Bytes="name=value" or "name" when unset
	KindOffsetExpired            // Group, Topic, Partition, Offset: not used for offsets.retention.minutes
	KindDenied                   // Session, Code, Topic (0: none), Group (0: none), Bytes="User:alice Read Topic orders"
	KindACLAdded                 // Session, Bytes="Allow User:alice Read Topic orders", Offset=length of the principal, End=of the resource's name, Aux=1 for a prefix
	KindACLRemoved               // the same
	KindQuotaAltered             // Session, Aux=value, -1 when removed, Bytes="user alice client-id app key", Offset=length of the user's name, End=of the client id
	KindThrottled                // Session, Aux=ms, Bytes=the quota's key: replies wait, the session is muted
	KindBrokerChanged            // Aux=broker, Epoch=BrokerChange, Offset=delay in ms for BrokerSlowed
	KindControllerMoved          // Aux=broker (-1: none now), Epoch=controller epoch
	KindLinkChanged              // Offset=from broker, End=to broker, Aux=1 cut, 0 healed
	KindLeaderChanged            // Topic, Partition, Epoch=new leader epoch, Offset=old leader, End=new leader (-1: none), Aux=Election
	KindISRChanged               // Topic, Partition, Epoch, Aux=broker that came in, or its negative when it went out, Bytes="101,102": the ISR now
	KindHighWatermarkMoved       // Topic, Partition, Epoch, Offset=old, End=new, Aux=broker of the partition leader: replicated partitions only
	KindFollowerAppended         // Topic, Partition, Epoch, Offset, End=its log end offset now, Aux=broker
	KindTruncated                // Topic, Partition, Epoch, Offset=its log end offset now, End=before, Aux=broker: its records between are gone, Code=KafkaStorageError when its machine lost them
	KindReassignment             // Topic, Partition, Aux=1 begun, 2 complete, 3 cancelled, Bytes="102,103": the replicas aimed at
	KindDuplicateBatch           // Topic, Partition, Offset, End=where the batch is, Aux=producer id, Epoch: it came again and is not appended again
	KindRegistered               // Topic, Partition, Epoch=leader epoch, Offset=partition leader (-1: none), End=partition epoch, Aux=Election, Bytes="101,102;101;;": replicas, ISR, adding and removing replicas: what the controller has decided (KRaft's PartitionRecord)
	KindMetadataApplied          // Aux=broker, Offset=until when: it knows now what the controller had decided by then
	KindLeading                  // Topic, Partition, Epoch, Offset=its high watermark, End=its log end offset, Aux=broker: it knows that it leads, and does
	KindReplicaRestarted         // Topic, Partition, Offset=its log start and end offset now, End=log end offset before, Aux=broker: it begins again where the leader's log starts
	KindLatencyChanged           // Aux=ms: from one broker to another
)

// Removal says why the coordinator took a member out (Aux of KindMemberRemoved).
type Removal int64

// Reasons for a removal.
const (
	_                       Removal = iota
	RemovedSessionTimeout           // no heartbeat for session.timeout.ms
	RemovedRebalanceTimeout         // did not rejoin within the rebalance timeout
	RemovedSyncTimeout              // did not send SyncGroup in time (KIP-394's sync expiry)
	RemovedFenced                   // another process took its group.instance.id
	RemovedPending                  // was handed a member id and never joined with it
	RemovedGroupFull                // rejoined last when group.max.size was reached
)

// Cause says why a group rebalances (Aux of KindRebalance).
type Cause int64

// Causes of a rebalance.
const (
	_                   Cause = iota
	CauseMemberJoined         // a new member
	CauseMemberLeft           // LeaveGroup
	CauseMemberExpired        // a session or rebalance timeout
	CauseMetadata             // a member's subscription or assignors changed
	CauseLeaderRejoined       // the group leader asks for a new assignment
	CauseStaticReplaced       // a static member came back with other metadata
	CauseNotStored            // the assignment did not fit into one record of OffsetsTopic
	CauseTopics               // topics came, went or got partitions (consumer groups)
)

// BrokerChange says what happened to a broker (Epoch of KindBrokerChanged).
type BrokerChange int32

// What happens to brokers.
const (
	_              BrokerChange = iota
	BrokerStarted               // the process runs
	BrokerUnfenced              // the controller lets it lead and be in ISRs
	BrokerFenced                // the controller takes it for dead (broker.session.timeout.ms), or it shut down
	BrokerStopping              // a controlled shutdown has begun
	BrokerStopped               // it has ended
	BrokerCrashed
	BrokerPaused
	BrokerResumed
	BrokerSlowed // Offset=ms; 0: not any more
)

// Election says how a partition leader was chosen (Aux of KindLeaderChanged).
type Election int64

// Elections.
const (
	ElectedClean     Election = iota // from the ISR
	ElectedUnclean                   // from outside of it: records may be lost
	ElectedPreferred                 // the first of the replicas, by request or balancing
)

// Durable reports whether a server must find the fact again after a crash. Of groups,
// transactions and share groups nothing is named here: they are records in internal topics.
func (k Kind) Durable() bool {
	switch k {
	case KindTopicCreated, KindTopicDeleted, KindPartitionsCreated, KindConfigAltered, KindBrokerConfigAltered, KindGroupConfig,
		KindAppended, KindLogStartMoved, KindSegmentsDeleted, KindLogCleaned, KindProducerID,
		KindACLAdded, KindACLRemoved, KindQuotaAltered,
		KindBrokerChanged, KindControllerMoved, KindLinkChanged, KindLatencyChanged,
		KindRegistered, KindMetadataApplied, KindLeading, KindFollowerAppended, KindHighWatermarkMoved, KindTruncated, KindReplicaRestarted:
		return true
	}
	return false
}
