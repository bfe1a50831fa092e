package client

// ConsumerConfig is a consumer's settings, each by its Kafka name through Set.
// Times are milliseconds.
type ConsumerConfig struct {
	ClientID string   // client.id; shown as the consumer's name
	Host     string   // shown by describe; a real broker takes it from the socket
	Topics   []string // subscribed topics

	GroupID              string   // group.id
	GroupInstanceID      string   // group.instance.id; empty: a dynamic member
	Assignors            []string // partition.assignment.strategy, in order of preference
	AutoOffsetReset      string   // auto.offset.reset: earliest, latest or none
	EnableAutoCommit     bool     // enable.auto.commit
	AutoCommitIntervalMs int64    // auto.commit.interval.ms
	MaxPollRecords       int64    // max.poll.records
	MaxPollIntervalMs    int64    // max.poll.interval.ms, and the group's rebalance timeout
	SessionTimeoutMs     int64    // session.timeout.ms
	HeartbeatIntervalMs  int64    // heartbeat.interval.ms
	FetchMinBytes        int64    // fetch.min.bytes
	FetchMaxWaitMs       int64    // fetch.max.wait.ms
	FetchMaxBytes        int64    // fetch.max.bytes
	PartitionFetchBytes  int64    // max.partition.fetch.bytes
	MetadataMaxAgeMs     int64    // metadata.max.age.ms: how soon new partitions are noticed
	RetryBackoffMs       int64    // retry.backoff.ms
	RequestTimeoutMs     int64    // request.timeout.ms
	ReadCommitted        bool     // isolation.level=read_committed
	GroupProtocol        string   // group.protocol: classic or consumer (KIP-848)
	GroupRemoteAssignor  string   // group.remote.assignor; empty: the coordinator's choice
	Share                bool     // share=true: a member of a share group (KIP-932)
	ShareExplicit        bool     // share.acknowledgement.mode=explicit
	given                uint8    // settings that only one group.protocol allows, and were set
	ClientRack           string   // client.rack: a follower there may be preferred (KIP-392)
	Seed                 uint64   // of chance: how long exactly to back off

	// Runs says that whoever takes the facts takes FactProcessed of several records in a
	// row: those of one batch, where they are processed at once and nothing is done with
	// each.
	Runs bool

	App AppConfig
}

// AppConfig is the application around the consumer: its poll loop.
type AppConfig struct {
	ProcessMs int64        // how long one record takes to process
	Commit    CommitPolicy // who commits, and when

	// Output is the topic that gets a record for each one processed: the application
	// then has a producer and commits by itself.
	Output               string
	ExactlyOnce          bool       // processing.guarantee: with transactions
	TransactionalID      string     // transactional.id of the producer; empty: the client id
	TransactionTimeoutMs int64      // transaction.timeout.ms
	CrashAt              CrashPoint // crash.at

	Threads       int64 // threads that process, when more than 1, while poll goes on
	ByRecord      bool  // threads.order=record: any of them takes the next one
	CommitHighest bool  // threads.commit=highest: unsafe
	SpreadMs      int64 // process.spread: threads take up to so much longer, by chance
	Acknowledge   uint8 // acknowledge: an engine.AckType for what a share consumer processed; 0: none is sent
}

// CommitPolicy says when an application commits by hand.
type CommitPolicy uint8

// The commit policies. By hand means enable.auto.commit=false.
const (
	CommitAuto   CommitPolicy = iota // enable.auto.commit=true: inside poll, every auto.commit.interval.ms
	CommitAfter                      // commitSync after the records of a poll are processed: at least once
	CommitBefore                     // commitSync before they are processed: at most once
	CommitNone                       // only when somebody asks (Consumer.Commit)
)

// ProducerConfig is a producer's settings, each by its Kafka name through Set.
type ProducerConfig struct {
	ClientID              string // client.id
	Acks                  int16  // acks: 0, 1 or -1 (all)
	LingerMs              int64  // linger.ms
	BatchSize             int64  // batch.size, bytes
	MaxRequestSize        int64  // max.request.size, bytes
	BufferMemory          int64  // buffer.memory, bytes; Send refuses beyond it
	MaxInFlight           int64  // max.in.flight.requests.per.connection
	Retries               int64  // retries
	RetryBackoffMs        int64  // retry.backoff.ms
	RequestTimeoutMs      int64  // request.timeout.ms
	DeliveryTimeoutMs     int64  // delivery.timeout.ms
	MetadataMaxAgeMs      int64  // metadata.max.age.ms
	Partitioner           string // default (murmur2 by key, sticky without), roundrobin, or one registered by the owner
	PartitionerIgnoreKeys bool   // partitioner.ignore.keys
	EnableIdempotence     bool   // enable.idempotence
	IdempotenceSet        bool   // and it was set, not left at its default
	TransactionalID       string // transactional.id; empty: no transactions
	TransactionTimeoutMs  int64  // transaction.timeout.ms
}
