package script_test

import (
	"slices"
	"strings"
	"testing"
)

// concepts names the goldens that show each thing people are told about Kafka, and each
// case in which it goes wrong. A golden that stands nowhere here shows nothing that
// anybody looks for.
var concepts = []struct{ concept, goldens string }{
	{"a topic has partitions, and offsets count up from 0 in each", "topics new_partitions"},
	{"brokers hold partitions; replicas are placed on them, on different racks", "placement rack"},
	{"a producer chooses the partition: by the hash of the key", "keys key_order"},
	{"no key: the sticky partitioner spreads records", "null_keys"},
	{"order holds within a partition, for a key", "key_order idempotence reordering threads"},
	{"more partitions move keys elsewhere", "more_partitions"},
	{"a record is key, value, headers, timestamp: bytes", "show_record timestamps"},
	{"reading does not destroy: several groups, each at its own offset", "two_groups committed"},
	{"a group shares partitions; each has one owner", "first_join eager cooperative compare_assignors kip848"},
	{"more consumers than partitions: some are idle", "idle"},
	{"a consumer joins, leaves, crashes: rebalance", "first_join leave crash client_cut"},
	{"a static member comes back and keeps its partitions", "static_member"},
	{"a slow application is taken out: max.poll.interval.ms", "slow_handler"},
	{"offsets are committed to __consumer_offsets, and kept", "committed coordinator offset_expiry"},
	{"where a new group starts: auto.offset.reset; seek", "offset_reset seek"},
	{"at least once: commit after processing", "at_least_once late_commit output_at_least_once"},
	{"at most once: commit before processing", "at_most_once"},
	{"exactly once inside the cluster", "exactly_once exactly_once_polled exactly_once_processed exactly_once_offsets exactly_once_committing exactly_once_committed"},
	{"exactly once outside: an idempotent consumer", "sink"},
	{"acks=0, acks=1, acks=all, min.insync.replicas", "acks_zero acks_one acks_all compare_acks"},
	{"high watermark: consumers read what is replicated", "high_watermark"},
	{"ISR shrinks and grows", "isr slow_broker"},
	{"leader epochs; truncation; a torn tail", "leader_epoch unclean_election unsynced"},
	{"a broker fails, and clients recover by themselves", "broker_failover stale_metadata paused_broker"},
	{"the network breaks", "partition_network client_cut"},
	{"controlled shutdown against crash; preferred leaders", "shutdown"},
	{"the controller moves (KRaft; ZooKeeper before)", "controller"},
	{"partitions move to other brokers", "reassignment"},
	{"the group coordinator moves", "coordinator"},
	{"idempotence: no duplicates, no reordering", "idempotence reordering"},
	{"transactions: commit, abort, read_committed, the last stable offset", "transaction"},
	{"zombies are fenced; transactions time out", "zombie transaction_timeout"},
	{"retention; OFFSET_OUT_OF_RANGE; deleting records", "retention delete_records"},
	{"compaction and tombstones", "compaction"},
	{"timestamps: CreateTime, LogAppendTime, clock skew", "timestamps"},
	{"KIP-848, and the way there", "kip848 upgrade"},
	{"share groups: release, reject, lock timeout", "share_group share_release share_lock"},
	{"access and quotas", "acl quota"},
	{"what Kafka's own tools show", "tools show_events next"},
	{"committed offsets are moved by hand: to an offset, by a number, to a time", "group_reset"},
	{"several threads on a partition", "threads threads_commit"},
}

func TestEveryConceptHasItsGolden(t *testing.T) {
	files, err := goldens.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var there, named []string
	for _, f := range files {
		there = append(there, strings.TrimSuffix(f.Name(), ".txt"))
	}
	for _, c := range concepts {
		for name := range strings.FieldsSeq(c.goldens) {
			named = append(named, name)
			if !slices.Contains(there, name) {
				t.Errorf("%s: there is no golden called %s", c.concept, name)
			}
		}
	}
	for _, name := range there {
		if !slices.Contains(named, name) {
			t.Errorf("the golden %s shows nothing that the table names", name)
		}
	}
}
