package engine

// Commands of idempotent producers and transactions (KIP-98, KIP-360, KIP-890).
type (
	// FindCoordinator asks which broker coordinates a group or a transactional id
	// (protocol key 10). Body: *FindCoordinatorReply. Codes: CoordinatorNotAvailable.
	FindCoordinator struct {
		Key           string
		Transactional bool
	}

	// InitProducerID gives a producer its id and epoch (protocol key 22). Without a
	// TransactionalID it is only idempotent. With one it ends what an earlier producer of
	// that id left open, and fences it. Body: *InitProducerIDReply. Codes:
	// InvalidTransactionTimeout, ConcurrentTransactions, ProducerFenced.
	InitProducerID struct {
		TransactionalID string
		Transactional   bool  // a TransactionalID was given; an empty one is then InvalidRequest
		TimeoutMs       int32 // transaction.timeout.ms
		ProducerID      int64 // KIP-360: of a producer that recovers, with its Epoch; else -1
		Epoch           int16 // -1 without a ProducerID
	}

	// AddPartitionsToTxn enlists partitions (protocol key 24). Body: *CodesReply, one for
	// each partition. Codes: InvalidProducerIDMapping, ProducerFenced,
	// ConcurrentTransactions, OperationNotAttempted.
	AddPartitionsToTxn struct {
		TransactionalID string
		ProducerID      int64
		Epoch           int16
		Partitions      []TopicPartition
		// VerifyOnly asks whether the partitions are in the transaction, as partition
		// leaders do (KIP-890); TransactionAbortable for one that is not.
		VerifyOnly bool
	}

	// AddOffsetsToTxn enlists a group's offsets (protocol key 25).
	AddOffsetsToTxn struct {
		TransactionalID string
		ProducerID      int64
		Epoch           int16
		Group           string
	}

	// EndTxn commits or aborts (protocol key 26). Body: *EndTxnReply. From version 5 the
	// epoch is raised with each transaction (KIP-890). Version 0 stands for 5.
	EndTxn struct {
		TransactionalID string
		ProducerID      int64
		Epoch           int16
		Commit          bool
		Version         int16
	}

	// TxnOffsetCommit stores offsets that become visible when the transaction commits
	// (protocol key 28). Body: *OffsetCommitReply.
	TxnOffsetCommit struct {
		TransactionalID string
		Group           string
		ProducerID      int64
		Epoch           int16
		Member          string
		Instance        string
		Generation      int32
		Offsets         []CommitOffset
		// Version is the TxnOffsetCommit version: from 5 it enlists the group's offsets
		// itself (KIP-890), before it AddOffsetsToTxn must have come first. 0 stands for 5.
		Version int16
	}

	// DescribeProducers shows the producers of one partition (protocol key 61). Body:
	// *DescribeProducersReply.
	DescribeProducers struct {
		Topic     TopicID
		Partition Partition
	}

	// DescribeTransactions shows transactions by their ids (protocol key 65). Body:
	// *DescribeTransactionsReply.
	DescribeTransactions struct{ TransactionalIDs []string }

	// ListTransactions lists transactional ids (protocol key 66). Body:
	// *ListTransactionsReply.
	ListTransactions struct {
		States      []string // empty: all
		ProducerIDs []int64  // empty: all
		OlderThanMs int64    // at least 0: only transactions open this long (KIP-994); -1 and 0: all
	}
)

type (
	// FindCoordinatorReply names a broker.
	FindCoordinatorReply struct{ Broker int32 }

	// InitProducerIDReply is what the producer writes into its batches.
	InitProducerIDReply struct {
		ProducerID int64
		Epoch      int16
	}

	// CodesReply has one code for each thing that was asked about, in their order.
	CodesReply struct{ Codes []Code }

	// EndTxnReply is the producer's id and epoch for its next transaction.
	EndTxnReply struct {
		ProducerID int64
		Epoch      int16
	}

	// DescribeProducersReply lists producers by id.
	DescribeProducersReply struct{ Producers []DescribedProducer }

	// DescribedProducer is a producer as one partition knows it.
	DescribedProducer struct {
		ProducerID       int64
		Epoch            int16
		LastSequence     int32
		LastTimestamp    int64
		CoordinatorEpoch int32
		TxnStart         Offset // -1: no open transaction
	}

	// DescribeTransactionsReply has one entry for each id, in the order asked.
	DescribeTransactionsReply struct{ Transactions []DescribedTransaction }

	// DescribedTransaction is one transactional id.
	DescribedTransaction struct {
		Code            Code
		TransactionalID string
		State           string // Empty, Ongoing, PrepareCommit, PrepareAbort, CompleteCommit, CompleteAbort, PrepareEpochFence, Dead
		TimeoutMs       int32
		Start           Time // -1: none
		ProducerID      int64
		Epoch           int16
		Partitions      []TopicPartition
	}

	// ListTransactionsReply lists transactional ids by name.
	ListTransactionsReply struct{ Transactions []ListedTransaction }

	// ListedTransaction is one line of a ListTransactionsReply.
	ListedTransaction struct {
		TransactionalID string
		ProducerID      int64
		State           string
	}
)

func (*FindCoordinatorReply) body()      {}
func (*InitProducerIDReply) body()       {}
func (*CodesReply) body()                {}
func (*EndTxnReply) body()               {}
func (*DescribeProducersReply) body()    {}
func (*DescribeTransactionsReply) body() {}
func (*ListTransactionsReply) body()     {}
