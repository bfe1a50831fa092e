package client

import "partita/engine"

// ConsumerState is where a consumer is in its life.
type ConsumerState uint8

// The states.
const (
	Starting   ConsumerState = iota // looks for its topics and coordinator
	Joining                         // JoinGroup is on its way or parked
	Syncing                         // SyncGroup is on its way or parked
	Stable                          // has an assignment, maybe empty
	OutOfGroup                      // left because max.poll.interval.ms passed; joins again at the next poll
	Fenced                          // another process uses its group.instance.id: fatal
	Closing                         // leaving
	Closed                          // left
	Failed                          // poll threw an error and the application ended: Fatal
	Crashed                         // its process ended at crash.at, without a goodbye
)

// ConsumerView is a consumer as it is now, for a picture. Times are absolute.
type ConsumerView struct {
	State           ConsumerState
	Member          string      // member id, empty before the first join
	Generation      int32       // -1 outside a group
	Protocol        string      // the assignor in use
	Polling         bool        // false: the application was told to stop polling
	InHand          int32       // records of the last poll not yet processed
	Committing      bool        // commitSync is under way: the application waits
	Fatal           engine.Code // why it is Fenced or Failed
	SessionDeadline engine.Time // when the coordinator gives up on it, as far as it knows
	PollDeadline    engine.Time // when max.poll.interval.ms has passed; 0: no poll yet
	Partitions      []PartitionView
}

// PartitionView is one assigned partition of a ConsumerView, sorted by topic and partition.
type PartitionView struct {
	Topic         string
	ID            engine.TopicID
	Partition     engine.Partition
	Position      engine.Offset // next to be returned by poll; -1 not known yet
	Processed     engine.Offset // one past the last record the application finished
	Committed     engine.Offset // as the consumer knows it; -1 none
	HighWatermark engine.Offset // of the last fetch; -1 not known yet
	Paused        bool
}

// Fact is one thing that a machine did that its owner may show or count.
type Fact struct {
	At        engine.Time
	Kind      FactKind
	Code      engine.Code
	Topic     string
	ID        engine.TopicID
	Partition engine.Partition
	Offset    engine.Offset // first
	End       engine.Offset // one past the last
	Epoch     int32         // generation
	Key       []byte        // FactProcessed: lent until ClearFacts
	Value     []byte        // FactProcessed: lent until ClearFacts
	Batch     []byte        // FactProcessed of a run (ConsumerConfig.Runs): the batch that has it, not compressed; lent
}

// FactKind says what a Fact is about.
type FactKind uint8

// The kinds, with the fields that each one fills.
const (
	FactPolled       FactKind = iota + 1 // one partition's records of a poll: ID, Topic, Partition, Offset, End
	FactProcessed                        // one record: Topic, ID, Partition, Offset, End=Offset+1, Key, Value, Epoch (in a share group: how often it was given out); or a run: Batch, and neither Key nor Value
	FactAssigned                         // one partition came: Offset=start position or -1, Epoch
	FactRevoked                          // one partition went in good order: Epoch
	FactLost                             // one partition went without a chance to commit: Epoch
	FactCommitted                        // one partition: Offset
	FactCommitFailed                     // Code
	FactOffsetReset                      // auto.offset.reset was used: Offset=new position
	FactPollTimeout                      // max.poll.interval.ms passed: left the group
	FactJoined                           // Epoch=generation
	FactRejoining                        // Code=what the coordinator said
	FactFatal                            // Code: the consumer or producer stops
	FactSent                             // producer, one batch acknowledged: ID, Partition, Offset, End
	FactSendFailed                       // producer, records given up: Code, ID, Partition, End=how many
	FactProducerID                       // producer, it has an id: Offset=producer id, Epoch
	FactTxnBegun                         // producer: Offset=producer id, Epoch
	FactTxnOffset                        // producer, one committed offset is part of the transaction: Topic, Partition, Offset, Epoch
	FactTxnCommitted                     // producer: Offset=producer id, Epoch
	FactTxnAborted                       // producer: Offset=producer id, Epoch
	FactTxnError                         // producer: Code: the transaction must be aborted
	FactCrashed                          // the process ended at crash.at: Offset=CrashPoint
	FactAcknowledged                     // share consumer, records settled: ID, Topic, Partition, Offset, End, Epoch=engine.AckType; Code: INVALID_RECORD_STATE when the lock was lost
	FactTruncated                        // one partition: the log lost what was read (KIP-320): ID, Topic, Partition, Offset=old position, End=where the logs diverge or -1
)
