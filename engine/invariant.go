package engine

// Invariant is the name of something that always holds.
type Invariant string

// The invariants that Check looks at.
const (
	TimersInOrder      Invariant = "timers-in-order"
	LogBounds          Invariant = "log-bounds"
	OffsetsContiguous  Invariant = "offsets-contiguous"
	LogIndex           Invariant = "log-index"
	MembersKnown       Invariant = "members-known"
	MembersWait        Invariant = "members-wait"
	SessionsWatched    Invariant = "sessions-watched"
	GroupLed           Invariant = "group-led"
	GroupStates        Invariant = "group-states"
	CommitWithinLog    Invariant = "commit-within-log"
	OneOwner           Invariant = "one-owner"
	SequencesKnown     Invariant = "sequences-known"
	OpenTransactions   Invariant = "open-transactions"
	AbortedIndex       Invariant = "aborted-index"
	TransactionsEnd    Invariant = "transactions-end"
	TransactionsStored Invariant = "transactions-stored"
	PendingOffsets     Invariant = "pending-offsets"
)

// Invariants has one sentence for each, for people.
var Invariants = []struct {
	Name Invariant
	Says string
}{
	{TimersInOrder, "Timers fire in the order of their times, and none is overdue."},
	{LogBounds, "Log start offset, last stable offset, high watermark and log end offset are in this order."},
	{OffsetsContiguous, "The offsets of a log go up one by one; only compaction leaves gaps."},
	{LogIndex, "What a log's index says of its record batches is what their headers say."},
	{MembersKnown, "Every member of a group is found by its member id, a static one by its instance id."},
	{MembersWait, "JoinGroup and SyncGroup wait only in the phase of a rebalance that they belong to."},
	{SessionsWatched, "Every member that does not wait for a reply has a timer that looks at its session."},
	{GroupLed, "The group leader is a member of the group."},
	{GroupStates, "An Empty group has no members; a Stable one has a protocol that all of them offer."},
	{CommitWithinLog, "A committed offset does not lie beyond the log end offset, unless an unclean election or a power failure took records."},
	{CommitInLog, "At rest, the newest record of a committed offset in __consumer_offsets is what the group has."},
	{OneOwner, "In one generation a partition has at most one owner."},
	{OneOwnerAcrossEpochs, "A partition of a consumer group is with one member, from when it is assigned until its revocation is confirmed."},
	{EpochsAscend, "A member's epoch is not beyond that of the target assignment, nor that beyond the group epoch."},
	{ShareLocked, "A record that a share group has given out belongs to one member, and a timer watches its lock."},
	{ShareDeliveries, "A record is not given out more often than group.share.delivery.count.limit allows."},
	{ShareStart, "The share-partition start offset stands before the first record that is not done with, and lies within the log."},
	{RevocationWatched, "A member that has to give up partitions has a timer that takes it out if it does not."},
	{ISRWithinReplicas, "The ISR is part of the assignment and never empty, and the partition leader is in it."},
	{ISRHasCommitted, "Every in-sync replica has all records below the high watermark, the same as the partition leader."},
	{LeaderEpochsAscend, "Leader epochs only go up, in the controller and in each replica's log."},
	{ReplicaBounds, "A replica's log start offset, high watermark and log end offset are in this order."},
	{OneLog, "A replica's log is the partition leader's up to where it ends or, after a change of leader, diverges."},
	{SequencesKnown, "A partition knows its producers by id, and the batches of each in the order of their offsets."},
	{OpenTransactions, "A partition lists each producer's open transaction by its first offset: there the last stable offset stops."},
	{AbortedIndex, "The aborted index names transactions by their markers, each after the first record it takes back."},
	{TransactionsEnd, "A transaction that is open or being ended has a timer that will end it."},
	{TransactionsStored, "A transaction coordinator knows what the records of its partition say."},
	{PendingOffsets, "An offset that was committed in a transaction waits only while that transaction is open."},
}

// Broken is an invariant that does not hold, and where.
type Broken struct {
	Invariant Invariant
	Where     string // a topic partition, a group
	What      string
}

// Error is a line like "one-owner: group billing: orders-1 in generation 3".
func (b *Broken) Error() string { return string(b.Invariant) + ": " + b.Where + ": " + b.What }

func broken(rule Invariant, where, what string) error { return &Broken{rule, where, what} }
