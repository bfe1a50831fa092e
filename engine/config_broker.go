package engine

import (
	"slices"
	"strconv"
)

// brokerSetting numbers the broker settings that the engine obeys. After those of
// brokerRules come the defaults of topics, in the order of topicRules.
type brokerSetting uint8

const (
	brkLogRetentionCheckMs brokerSetting = iota
	brkLogCleanerBackoffMs
	brkNumPartitions

	brkAuthorizer
	brkSuperUsers
	brkAllowIfNoACL
	brkQuotaWindows
	brkQuotaWindowSeconds

	brkGroupInitialDelayMs
	brkGroupMaxSession
	brkGroupMinSession
	brkGroupMaxSize
	brkOffsetMetadataMaxBytes
	brkOffsetsCheckMs
	brkOffsetsRetentionMinutes
	brkOffsetsPartitions
	brkOffsetsReplication
	brkOffsetsSegmentBytes

	brkModernHeartbeat // of consumer groups; those of share groups follow, see modernSetting
	brkModernMaxSize
	brkModernSession
	brkShareHeartbeat
	brkShareMaxSize
	brkShareSession
	brkMigration
	brkShareLocks
	brkShareDeliveries
	brkShareLockMs
	brkSharePartitions
	brkShareReplication
	brkShareSegmentBytes

	brkDefaultReplication
	brkReplicaLagMaxMs
	brkReplicaFetchWaitMs
	brkReplicaFetchBackoffMs
	brkReplicaFetchMaxBytes
	brkReplicaSelector
	brkBrokerHeartbeatMs
	brkBrokerSessionMs
	brkQuorumFetchMs
	brkLeaderBalance
	brkLeaderBalanceSeconds

	brkProducerCheckMs
	brkProducerExpirationMs
	brkTxnCheckMs
	brkTxnExpirationMs
	brkTxnMaxTimeoutMs
	brkTxnPartitions
	brkTxnReplication
	brkTxnMinISR
	brkTxnSegmentBytes
	brkTxnVerification

	brokerSettings
	allBrokerSettings = brokerSettings + brokerSetting(settings)
)

// brokerRules are the broker settings that are not defaults of topics. Those without
// ruleDynamic are read-only in Kafka: they are set before a broker starts.
var brokerRules = [brokerSettings]rule{
	brkLogRetentionCheckMs: {name: "log.retention.check.interval.ms", value: 300_000, min: 1, max: maxInt64},
	brkLogCleanerBackoffMs: {name: "log.cleaner.backoff.ms", value: 15_000, max: maxInt64, flags: ruleDynamic},
	brkNumPartitions:       {name: "num.partitions", value: 1, min: 1, max: maxInt32},

	// Access and quotas. With any authorizer, access is checked as by the StandardAuthorizer.
	brkAuthorizer:         {name: "authorizer.class.name", words: []string{"", "StandardAuthorizer", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"}},
	brkSuperUsers:         {name: "super.users", flags: ruleText},
	brkAllowIfNoACL:       {name: "allow.everyone.if.no.acl.found", words: boolWords},
	brkQuotaWindows:       {name: "quota.window.num", value: 11, min: 1, max: maxInt32},
	brkQuotaWindowSeconds: {name: "quota.window.size.seconds", value: 1, min: 1, max: maxInt32},

	// Groups and their offsets.
	brkGroupInitialDelayMs:     {name: "group.initial.rebalance.delay.ms", value: 3_000, max: maxInt32},
	brkGroupMaxSession:         {name: "group.max.session.timeout.ms", value: 1_800_000, max: maxInt32},
	brkGroupMinSession:         {name: "group.min.session.timeout.ms", value: 6_000, max: maxInt32},
	brkGroupMaxSize:            {name: "group.max.size", value: maxInt32, min: 1, max: maxInt32},
	brkOffsetMetadataMaxBytes:  {name: "offset.metadata.max.bytes", value: 4096, max: maxInt32},
	brkOffsetsPartitions:       {name: "offsets.topic.num.partitions", value: 50, min: 1, max: maxInt32},
	brkOffsetsReplication:      {name: "offsets.topic.replication.factor", value: 3, min: 1, max: 1<<15 - 1},
	brkOffsetsSegmentBytes:     {name: "offsets.topic.segment.bytes", value: 100 << 20, min: 1, max: maxInt32},
	brkOffsetsCheckMs:          {name: "offsets.retention.check.interval.ms", value: 600_000, min: 1, max: maxInt64},
	brkOffsetsRetentionMinutes: {name: "offsets.retention.minutes", value: 10_080, min: 1, max: maxInt32},

	// Consumer and share groups.
	brkModernHeartbeat:   {name: "group.consumer.heartbeat.interval.ms", value: 5_000, min: 1, max: maxInt32},
	brkModernMaxSize:     {name: "group.consumer.max.size", value: maxInt32, min: 1, max: maxInt32},
	brkModernSession:     {name: "group.consumer.session.timeout.ms", value: 45_000, min: 1, max: maxInt32},
	brkShareHeartbeat:    {name: "group.share.heartbeat.interval.ms", value: 5_000, min: 1, max: maxInt32},
	brkShareMaxSize:      {name: "group.share.max.size", value: 200, min: 1, max: 1000},
	brkShareSession:      {name: "group.share.session.timeout.ms", value: 45_000, min: 1, max: maxInt32},
	brkMigration:         {name: "group.consumer.migration.policy", value: migrationUpgrade | migrationDowngrade, words: migrationPolicies},
	brkShareLocks:        {name: "group.share.partition.max.record.locks", value: 2000, min: 100, max: 10_000},
	brkShareDeliveries:   {name: "group.share.delivery.count.limit", value: 5, min: 2, max: 10},
	brkShareLockMs:       {name: "group.share.record.lock.duration.ms", value: 30_000, min: 1_000, max: 3_600_000},
	brkSharePartitions:   {name: "share.coordinator.state.topic.num.partitions", value: 50, min: 1, max: maxInt32},
	brkShareReplication:  {name: "share.coordinator.state.topic.replication.factor", value: 3, min: 1, max: 1<<15 - 1},
	brkShareSegmentBytes: {name: "share.coordinator.state.topic.segment.bytes", value: 100 << 20, min: 1, max: maxInt32},

	// Replication.
	brkDefaultReplication: {name: "default.replication.factor", value: 1, min: 1, max: maxInt32},
	brkReplicaLagMaxMs:    {name: "replica.lag.time.max.ms", value: 30_000, max: maxInt64},

	brkReplicaFetchWaitMs:    {name: "replica.fetch.wait.max.ms", value: 500, min: 1, max: maxInt32},
	brkReplicaFetchBackoffMs: {name: "replica.fetch.backoff.ms", value: 1000, max: maxInt32},
	brkReplicaFetchMaxBytes:  {name: "replica.fetch.max.bytes", value: 1 << 20, max: maxInt32},
	brkReplicaSelector:       {name: "replica.selector.class", words: selectorWords},
	brkBrokerHeartbeatMs:     {name: "broker.heartbeat.interval.ms", value: 2_000, min: 1, max: maxInt32},
	brkBrokerSessionMs:       {name: "broker.session.timeout.ms", value: 9_000, min: 1, max: maxInt32},
	brkQuorumFetchMs:         {name: "controller.quorum.fetch.timeout.ms", value: 2_000, min: 1, max: maxInt32},
	brkLeaderBalance:         {name: "auto.leader.rebalance.enable", value: 1, words: boolWords},
	brkLeaderBalanceSeconds:  {name: "leader.imbalance.check.interval.seconds", value: 300, min: 1, max: maxInt32},

	// Producers and transactions.
	brkProducerCheckMs:      {name: "producer.id.expiration.check.interval.ms", value: 600_000, min: 1, max: maxInt32},
	brkProducerExpirationMs: {name: "producer.id.expiration.ms", value: 86_400_000, min: 1, max: maxInt32, flags: ruleDynamic},
	brkTxnCheckMs:           {name: "transaction.remove.expired.transaction.cleanup.interval.ms", value: 3_600_000, min: 1, max: maxInt32},
	brkTxnExpirationMs:      {name: "transactional.id.expiration.ms", value: 604_800_000, min: 1, max: maxInt32},
	brkTxnMaxTimeoutMs:      {name: "transaction.max.timeout.ms", value: 900_000, min: 1, max: maxInt32},
	brkTxnPartitions:        {name: "transaction.state.log.num.partitions", value: 50, min: 1, max: maxInt32},
	brkTxnMinISR:            {name: "transaction.state.log.min.isr", value: 2, min: 1, max: maxInt32},
	brkTxnReplication:       {name: "transaction.state.log.replication.factor", value: 3, min: 1, max: 1<<15 - 1},
	brkTxnSegmentBytes:      {name: "transaction.state.log.segment.bytes", value: 100 << 20, min: 1, max: maxInt32},
	brkTxnVerification:      {name: "transaction.partition.verification.enable", value: 1, words: boolWords, flags: ruleDynamic},
}

// migrationPolicies are the values of group.consumer.migration.policy; the index of one
// has the bits below.
var migrationPolicies = []string{"disabled", "upgrade", "downgrade", "bidirectional"}

const (
	migrationUpgrade = 1 << iota
	migrationDowngrade
)

// modernSetting is a setting that consumer groups and share groups both have.
func (c *brokerConfig) modernSetting(s brokerSetting, kind GroupKind) int64 {
	return c.value[s+brokerSetting(kind-GroupConsumer)*(brkShareHeartbeat-brkModernHeartbeat)]
}

// selectorWords are the classes of replica.selector.class: none, which is the leader
// always, and the one of KIP-392.
var selectorWords = []string{"", "org.apache.kafka.common.replica.RackAwareReplicaSelector"}

// rule gives the setting's rule and the broker's name for it.
func (s brokerSetting) rule() (*rule, string) {
	if s < brokerSettings {
		r := &brokerRules[s]
		return r, r.name
	}
	r := &topicRules[s-brokerSettings]
	return r, r.broker
}

// dynamic tells whether it may change while brokers run: all defaults of topics may.
func (s brokerSetting) dynamic() bool {
	return s >= brokerSettings || brokerRules[s].flags&ruleDynamic != 0
}

func brokerSettingNamed(name string) (brokerSetting, bool) {
	for s := range allBrokerSettings {
		if _, is := s.rule(); is == name {
			return s, true
		}
	}
	return 0, false
}

// brokerConfig is the brokers' settings. All brokers are started with the same ones.
type brokerConfig struct {
	value  [allBrokerSettings]int64 // in force for all brokers
	static [allBrokerSettings]int64
	source [allBrokerSettings]ConfigSource // of the static values
	own    []ownSetting                    // dynamic settings, in the order in which they were first set
	texts  []string                        // values of texts; the first is empty
}

// ownSetting is a dynamic setting.
type ownSetting struct {
	broker  int32 // that has it for itself; 0 for all
	setting brokerSetting
	value   int64
}

func newBrokerConfig(entries []ConfigEntry) brokerConfig {
	c := brokerConfig{texts: make([]string, 1)}
	for s := range allBrokerSettings {
		r, _ := s.rule()
		c.value[s], c.source[s] = r.value, DefaultConfig
	}
	c.static = c.value
	for i := range entries {
		s, v, wrong := c.parse(&entries[i])
		if wrong != "" {
			panic("engine: " + wrong)
		}
		c.value[s], c.static[s], c.source[s] = v, v, StaticBroker
	}
	return c
}

// CheckDefaults says what is wrong with entries for Config.Defaults; empty when nothing is.
func CheckDefaults(entries []ConfigEntry) string {
	var c brokerConfig
	for i := range entries {
		if _, _, wrong := c.parse(&entries[i]); wrong != "" {
			return wrong
		}
	}
	return ""
}

// longer are names of settings that say the same in a longer unit; they are read-only in
// Kafka, and yield to the one in milliseconds.
var longer = [...]struct {
	name, ms string
	unit     int64
}{
	{"log.retention.hours", "log.retention.ms", 3_600_000}, {"log.retention.minutes", "log.retention.ms", 60_000},
	{"log.roll.hours", "log.roll.ms", 3_600_000}, {"log.roll.jitter.hours", "log.roll.jitter.ms", 3_600_000},
}

// parse reads an entry, or says what is wrong with it.
func (c *brokerConfig) parse(entry *ConfigEntry) (s brokerSetting, v int64, wrong string) {
	for _, l := range longer {
		if l.name != entry.Name {
			continue
		}
		n, err := strconv.ParseInt(entry.Value, 10, 32)
		if err != nil && !entry.Unset {
			return 0, 0, invalidValue(entry, "Not a number of type INT")
		}
		entry = &ConfigEntry{Name: l.ms, Value: strconv.FormatInt(max(n*l.unit, -1), 10), Unset: entry.Unset}
		break
	}
	s, ok := brokerSettingNamed(entry.Name)
	if !ok {
		return 0, 0, "Unknown broker config name, or one that is not modelled: " + entry.Name
	}
	r, _ := s.rule()
	switch {
	case entry.Unset:
		return s, 0, ""
	case r.flags&ruleText != 0:
		c.texts = append(c.texts, entry.Value)
		return s, int64(len(c.texts) - 1), ""
	}
	if v, wrong = r.parse(entry.Value); wrong != "" {
		wrong = invalidValue(entry, wrong)
	}
	return s, v, wrong
}

// at is a setting as one broker has it, or for broker 0 as all do.
func (c *brokerConfig) at(broker int32, s brokerSetting) (v int64, from ConfigSource) {
	v, from = c.static[s], c.source[s]
	for i := range c.own {
		switch o := &c.own[i]; {
		case o.setting != s || o.broker != 0 && o.broker != broker:
		case o.broker == 0 && from != DynamicBroker:
			v, from = o.value, DynamicDefaultBroker
		case o.broker != 0:
			v, from = o.value, DynamicBroker
		}
	}
	return v, from
}

// set changes a dynamic setting of one broker, or for 0 of all; unset takes it back.
func (c *brokerConfig) set(broker int32, s brokerSetting, v int64, unset bool) {
	i := slices.IndexFunc(c.own, func(o ownSetting) bool { return o.broker == broker && o.setting == s })
	switch {
	case i >= 0 && unset:
		c.own = slices.Delete(c.own, i, i+1)
	case i >= 0:
		c.own[i].value = v
	case !unset:
		c.own = append(c.own, ownSetting{broker, s, v})
	}
}

// topicDefaults is what a topic has that sets nothing itself.
func (c *brokerConfig) topicDefaults() *topicConfig {
	d := &topicConfig{}
	copy(d.value[:], c.value[brokerSettings:])
	return d
}
