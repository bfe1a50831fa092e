package client

import (
	"errors"
	"slices"
	"strings"

	"partita/engine"
)

// Setting is one setting for a panel: Kafka's name, the value now, the default, and what
// it may be: words, or a number from Min to Max, or any text where both are 0.
type Setting struct {
	Name, Value, Default string
	Words                []string
	Min, Max             int64
}

// DefaultConsumerConfig is a consumer as Kafka 4.0 starts it, with nothing said.
func DefaultConsumerConfig() ConsumerConfig {
	return ConsumerConfig{
		Assignors:            []string{"range", "cooperative-sticky"},
		AutoOffsetReset:      "latest",
		GroupProtocol:        protocols[0],
		EnableAutoCommit:     true,
		AutoCommitIntervalMs: 5_000,
		MaxPollRecords:       500,
		MaxPollIntervalMs:    300_000,
		SessionTimeoutMs:     45_000,
		HeartbeatIntervalMs:  3_000,
		FetchMinBytes:        1,
		FetchMaxWaitMs:       500,
		FetchMaxBytes:        50 << 20,
		PartitionFetchBytes:  1 << 20,
		MetadataMaxAgeMs:     300_000,
		RetryBackoffMs:       100,
		RequestTimeoutMs:     30_000,
		App:                  AppConfig{TransactionTimeoutMs: 10_000, Acknowledge: 1, Threads: 1},
	}
}

// DefaultProducerConfig is a producer as Kafka 4.0 starts it, with nothing said.
func DefaultProducerConfig() ProducerConfig {
	return ProducerConfig{
		Acks:              -1,
		LingerMs:          5,
		BatchSize:         16 << 10,
		MaxRequestSize:    1 << 20,
		BufferMemory:      32 << 20,
		MaxInFlight:       5,
		Retries:           maxInt32,
		RetryBackoffMs:    100,
		RequestTimeoutMs:  30_000,
		DeliveryTimeoutMs: 120_000,
		MetadataMaxAgeMs:  300_000,
		Partitioner:       "default",

		EnableIdempotence:    true,
		TransactionTimeoutMs: 60_000,
	}
}

const (
	maxInt32 = 1<<31 - 1
	maxInt64 = 1<<63 - 1
)

// Options that are kept in a form of their own.
const (
	_ uint8 = iota
	isAssignors
	isIsolation
	isProcess
	isCommit
	isAcks
	isCompression
	isGuarantee
	isProtocol
	isAcknowledge
	isOrder
	isMark
	isShareMode
	isCrash
)

var (
	shareModes  = []string{"implicit", "explicit"}
	protocols   = []string{"classic", "consumer"}
	resets      = []string{"earliest", "latest", "none"}
	assignors   = []string{"range", "roundrobin", "sticky", "cooperative-sticky"}
	isolations  = []string{"read_uncommitted", "read_committed"}
	policies    = []string{CommitAuto: "auto", CommitAfter: "after", CommitBefore: "before", CommitNone: "none"}
	acknowledge = []string{"0", "1", "all", "-1"}
	codecs      = []string{"none", "gzip", "snappy", "lz4", "zstd"}
)

func (c *ConsumerConfig) options() []option {
	return []option{
		{name: "acknowledge", special: isAcknowledge},
		{name: "auto.commit.interval.ms", num: &c.AutoCommitIntervalMs, max: maxInt32},
		{name: "auto.offset.reset", text: &c.AutoOffsetReset, words: resets},
		{name: "client.id", text: &c.ClientID},
		{name: "client.rack", text: &c.ClientRack},
		{name: "commit", special: isCommit},
		{name: "crash.at", special: isCrash},
		{name: "enable.auto.commit", flag: &c.EnableAutoCommit},
		{name: "fetch.max.bytes", num: &c.FetchMaxBytes, max: maxInt32},
		{name: "fetch.max.wait.ms", num: &c.FetchMaxWaitMs, max: maxInt32},
		{name: "fetch.min.bytes", num: &c.FetchMinBytes, max: maxInt32},
		{name: "group.id", text: &c.GroupID},
		{name: "group.instance.id", text: &c.GroupInstanceID},
		{name: "group.protocol", special: isProtocol},
		{name: "group.remote.assignor", text: &c.GroupRemoteAssignor},
		{name: "heartbeat.interval.ms", num: &c.HeartbeatIntervalMs, min: 1, max: maxInt32},
		{name: "isolation.level", special: isIsolation},
		{name: "max.partition.fetch.bytes", num: &c.PartitionFetchBytes, max: maxInt32},
		{name: "max.poll.interval.ms", num: &c.MaxPollIntervalMs, min: 1, max: maxInt32},
		{name: "max.poll.records", num: &c.MaxPollRecords, min: 1, max: maxInt32},
		{name: "metadata.max.age.ms", num: &c.MetadataMaxAgeMs, max: maxInt64},
		{name: "output", text: &c.App.Output},
		{name: "partition.assignment.strategy", special: isAssignors},
		{name: "process", special: isProcess},
		{name: "process.spread", num: &c.App.SpreadMs, max: 86_400_000},
		{name: "processing.guarantee", special: isGuarantee},
		{name: "request.timeout.ms", num: &c.RequestTimeoutMs, max: maxInt32},
		{name: "retry.backoff.ms", num: &c.RetryBackoffMs, max: maxInt64},
		{name: "session.timeout.ms", num: &c.SessionTimeoutMs, min: 1, max: maxInt32},
		{name: "share", flag: &c.Share},
		{name: "share.acknowledgement.mode", special: isShareMode},
		{name: "threads", num: &c.App.Threads, min: 1, max: 100},
		{name: "threads.commit", special: isMark},
		{name: "threads.order", special: isOrder},
		{name: "transaction.timeout.ms", num: &c.App.TransactionTimeoutMs, max: maxInt32},
		{name: "transactional.id", text: &c.App.TransactionalID},
	}
}

func (c *ProducerConfig) options() []option {
	return []option{
		{name: "acks", special: isAcks},
		{name: "batch.size", num: &c.BatchSize, max: maxInt32},
		{name: "buffer.memory", num: &c.BufferMemory, max: maxInt64},
		{name: "client.id", text: &c.ClientID},
		{name: "compression.type", special: isCompression},
		{name: "delivery.timeout.ms", num: &c.DeliveryTimeoutMs, max: maxInt32},
		{name: "enable.idempotence", flag: &c.EnableIdempotence},
		{name: "linger.ms", num: &c.LingerMs, max: maxInt64},
		{name: "max.in.flight.requests.per.connection", num: &c.MaxInFlight, min: 1, max: maxInt32},
		{name: "max.request.size", num: &c.MaxRequestSize, max: maxInt32},
		{name: "metadata.max.age.ms", num: &c.MetadataMaxAgeMs, max: maxInt64},
		{name: "partitioner.class", text: &c.Partitioner, words: Partitioners},
		{name: "partitioner.ignore.keys", flag: &c.PartitionerIgnoreKeys},
		{name: "request.timeout.ms", num: &c.RequestTimeoutMs, max: maxInt32},
		{name: "retries", num: &c.Retries, max: maxInt32},
		{name: "retry.backoff.ms", num: &c.RetryBackoffMs, max: maxInt64},
		{name: "transaction.timeout.ms", num: &c.TransactionTimeoutMs, max: maxInt32},
		{name: "transactional.id", text: &c.TransactionalID},
	}
}

// Set changes one setting by its Kafka name. More are about the application: output,
// the topic that it writes to, with processing.guarantee (at_least_once, exactly_once);
// crash.at, a CrashPoint; share, a member of a share group, with acknowledge (accept,
// release, reject, lose: what it does to each record in explicit mode); threads, with
// threads.order, threads.commit and process.spread;
// process, how long one record takes (200ms, 2s, 1m, or a number of ms), and commit
// (auto, after, before, none), which goes with enable.auto.commit. A value that Kafka
// would refuse is refused in Kafka's words, and changes nothing. What several
// settings have to agree on, Check looks at.
func (c *ConsumerConfig) Set(name, value string) (err error) {
	options := c.options()
	o, err := find(options, name, "consumer")
	if err != nil {
		return err
	}
	i := -1
	defer func() {
		if at := slices.Index(protocolOnly, name); at >= 0 && err == nil {
			c.given |= 1 << at
		}
	}()
	switch o.special {
	case isAssignors:
		return c.setAssignors(value)
	case isProtocol:
		if i = slices.Index(protocols, strings.ToLower(value)); i < 0 {
			return o.refuse(value, "String must be one of (case insensitive): CLASSIC, CONSUMER")
		}
		c.GroupProtocol = protocols[i]
	case isProcess:
		var ms int64
		if ms, err = Duration(value); err == nil {
			c.App.ProcessMs = ms
		}
	case isIsolation:
		if i, err = o.word(isolations, value); err == nil {
			c.ReadCommitted = i == 1
		}
	case isAcknowledge:
		if i, err = o.word(acknowledgements, value); err == nil {
			c.App.Acknowledge = uint8(i)
		}
	case isShareMode:
		if i, err = o.word(shareModes, value); err == nil {
			c.ShareExplicit = i == 1
		}
	case isOrder:
		if i, err = o.word(orders, value); err == nil {
			c.App.ByRecord = i == 1
		}
	case isMark:
		if i, err = o.word(commits, value); err == nil {
			c.App.CommitHighest = i == 1
		}
	case isGuarantee:
		if i, err = o.word(guarantees, value); err == nil {
			c.App.ExactlyOnce = i == 1
		}
	case isCrash:
		if i, err = o.word(crashPoints, value); err == nil {
			c.App.CrashAt = CrashPoint(i)
		}
	case isCommit:
		if i, err = o.word(policies, value); err == nil {
			c.App.Commit = CommitPolicy(i)
			c.EnableAutoCommit = c.App.Commit == CommitAuto
		}
	default:
		if err = o.set(value); err == nil && name == "enable.auto.commit" {
			if c.EnableAutoCommit {
				c.App.Commit = CommitAuto
			} else if c.App.Commit == CommitAuto {
				c.App.Commit = CommitNone
			}
		}
	}
	return err
}

// Set changes one setting by its Kafka name. A value that Kafka would refuse is
// refused in Kafka's words, and changes nothing. What several settings have to agree
// on, Check looks at.
func (c *ProducerConfig) Set(name, value string) error {
	o, err := find(c.options(), name, "producer")
	if err != nil || o.special == 0 {
		if err == nil {
			err = o.set(value)
			c.IdempotenceSet = c.IdempotenceSet || err == nil && name == "enable.idempotence"
		}
		return err
	}
	if o.special == isCompression {
		if _, err = o.word(codecs, value); err == nil && value != "none" {
			err = errors.New("compression.type " + value + " is not modelled: producers here write batches without compression, which none stands for")
		}
		return err
	}
	i, err := o.word(acknowledge, value)
	switch {
	case err != nil:
	case i < 2:
		c.Acks = int16(i)
	default:
		c.Acks = -1
	}
	return err
}

// protocolOnly are settings that only the classic protocol has, and at last the one
// that only the other has.
var protocolOnly = []string{"partition.assignment.strategy", "heartbeat.interval.ms", "session.timeout.ms", "group.remote.assignor"}

// Check says whether the settings agree with each other, once all are set.
func (c *ConsumerConfig) Check() error {
	modern := c.GroupProtocol == "consumer"
	var wrong []string
	for i, name := range protocolOnly {
		if c.given>>i&1 != 0 && (i < 3) == modern {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, ", ") + " cannot be set when group.protocol=" + strings.ToUpper(c.GroupProtocol))
	}
	if c.HeartbeatIntervalMs >= c.SessionTimeoutMs {
		return errors.New("heartbeat.interval.ms (" + itoa(c.HeartbeatIntervalMs) +
			") must be less than session.timeout.ms (" + itoa(c.SessionTimeoutMs) + "): the heartbeat must be set lower than the session timeout")
	}
	if c.App.Acknowledge != 1 && !(c.Share && c.ShareExplicit) {
		return errors.New("acknowledge is for share=true with share.acknowledgement.mode=explicit: others accept every record with the next poll")
	}
	if c.Share && c.App.Output != "" {
		return errors.New("output is not for share consumers: their acknowledgements cannot be part of a transaction")
	}
	if c.App.Threads > 1 && (c.Share || c.App.Output != "" || c.App.Commit == CommitBefore) {
		return errors.New("threads is for consumers that commit offsets after they processed records, and do not write to a topic: without share, output and commit=before")
	}
	if c.App.ExactlyOnce && c.App.Output == "" {
		return errors.New("processing.guarantee=exactly_once is about what is written to a topic: it needs output=TOPIC")
	}
	return nil
}

// Check says whether the settings agree with each other, once all are set.
func (c *ProducerConfig) Check() error {
	if c.DeliveryTimeoutMs < c.LingerMs+c.RequestTimeoutMs {
		return errors.New("delivery.timeout.ms (" + itoa(c.DeliveryTimeoutMs) +
			") should be equal to or larger than linger.ms + request.timeout.ms (" + itoa(c.LingerMs+c.RequestTimeoutMs) + ")")
	}
	why := ""
	switch asked := c.EnableIdempotence && c.IdempotenceSet; {
	case asked && c.Retries == 0:
		why = "Must set retries to non-zero when using the idempotent producer."
	case asked && c.Acks != -1:
		why = "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence."
	case c.EnableIdempotence && c.MaxInFlight > 5:
		why = "Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer."
	case c.TransactionalID != "" && !c.Idempotent():
		why = "Cannot set a transactional.id without also enabling idempotence."
	default:
		return nil
	}
	return errors.New(why)
}

// Idempotent reports whether the producer is idempotent: unless that was asked for,
// settings that forbid it turn it off, as in Kafka.
func (c *ProducerConfig) Idempotent() bool {
	return c.EnableIdempotence && c.Acks == -1 && c.Retries > 0
}

// Settings lists every setting by name.
func (c *ConsumerConfig) Settings() []Setting {
	defaults := DefaultConsumerConfig()
	now, before := c.options(), defaults.options()
	list := make([]Setting, len(now))
	for i := range now {
		o := &now[i]
		list[i] = Setting{o.name, c.value(o), defaults.value(&before[i]), o.choices(), o.min, o.max}
	}
	return list
}

// Settings lists every setting by name.
func (c *ProducerConfig) Settings() []Setting {
	defaults := DefaultProducerConfig()
	now, before := c.options(), defaults.options()
	list := make([]Setting, len(now))
	for i := range now {
		o := &now[i]
		list[i] = Setting{o.name, c.value(o), defaults.value(&before[i]), o.choices(), o.min, o.max}
	}
	return list
}

func (c *ConsumerConfig) value(o *option) string {
	switch o.special {
	case isProtocol:
		return c.GroupProtocol
	case isAssignors:
		return strings.Join(c.Assignors, ",")
	case isProcess:
		return itoa(c.App.ProcessMs) + "ms"
	case isCommit:
		return policies[c.App.Commit]
	case isAcknowledge:
		return acknowledgements[c.App.Acknowledge]
	case isShareMode:
		return choice(shareModes, c.ShareExplicit)
	case isOrder:
		return choice(orders, c.App.ByRecord)
	case isMark:
		return choice(commits, c.App.CommitHighest)
	case isCrash:
		return crashPoints[c.App.CrashAt]
	case isGuarantee:
		return choice(guarantees, c.App.ExactlyOnce)
	case isIsolation:
		return choice(isolations, c.ReadCommitted)
	}
	return o.value()
}

// choice is the second word if it is so.
func choice(words []string, second bool) string {
	if second {
		return words[1]
	}
	return words[0]
}

func (c *ProducerConfig) value(o *option) string {
	switch {
	case o.special == 0:
		return o.value()
	case o.special == isCompression:
		return codecs[0]
	case c.Acks < 0:
		return "all"
	}
	return itoa(int64(c.Acks))
}

// setAssignors takes a list of assignors, by their own names or Java's class names.
func (c *ConsumerConfig) setAssignors(value string) error {
	var list []string
	for name := range strings.SplitSeq(value, ",") {
		name = strings.TrimSpace(name)
		if class, ok := strings.CutSuffix(strings.TrimPrefix(name, "org.apache.kafka.clients.consumer."), "Assignor"); ok {
			name = strings.ToLower(strings.Replace(class, "eS", "e-S", 1)) // CooperativeSticky
		}
		if _, ok := engine.AssignorNamed(name); !ok {
			return (&option{name: "partition.assignment.strategy"}).refuse(value, "String must be one of: "+strings.Join(assignors, ", "))
		}
		list = append(list, name)
	}
	c.Assignors = list
	return nil
}
