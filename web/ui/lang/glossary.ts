// Kafka's words, one sentence each. This file is loaded when somebody asks for a word.

/** A word and what it means. */
export type Entry = [word: string, meaning: string];

export const english = {
  record: ["record", "A key, a value, headers and a timestamp: the unit that producers write and consumers read."],
  batch: ["record batch", "Records that a producer sends together and that stay together in the log, with one header and one checksum."],
  topic: ["topic", "A named stream of records, divided into partitions."],
  partition: ["partition", "One ordered log of a topic, the unit of order, of parallel reading and of replication."],
  offset: ["offset", "The number of a record in its partition, given out in order and never again."],
  segment: ["segment", "A piece of a partition's log, closed when it is full or old enough, and deleted or compacted as a whole."],
  logStart: ["log start offset", "The first offset that a partition still has: what was before it has been deleted."],
  logEnd: ["log end offset", "The offset that the next record will get, one past the newest."],
  highWatermark: ["high watermark", "The offset up to which every replica in the ISR has the log: consumers may read what is below it."],
  lastStable: ["last stable offset", "The offset below which every transaction is decided, which is as far as read_committed consumers may read."],
  leaderEpoch: ["leader epoch", "A number that grows with each new partition leader, by which replicas find where their logs part."],
  broker: ["broker", "A server of the cluster, which keeps partitions and answers clients."],
  controller: ["controller", "The broker that keeps the cluster's metadata and decides who leads each partition."],
  replica: ["replica", "One broker's copy of a partition."],
  partitionLeader: ["partition leader", "The replica to which producers write, and from which followers and usually consumers read."],
  follower: ["follower", "A replica that copies its partition leader's log by fetching from it, as a consumer would."],
  isr: ["ISR", "The in-sync replicas: those that keep up with the partition leader, and of which the next one is chosen."],
  acks: ["acks", "How many replicas must have a batch before the producer is told: none, the partition leader, or all in the ISR."],
  producerId: ["producer id", "The number under which brokers know an idempotent producer."],
  producerEpoch: ["producer epoch", "A number that grows each time a transactional producer starts again, so that its older self is fenced off."],
  sequence: ["sequence", "The number of a producer's record in one partition, by which a broker recognises a batch that comes twice."],
  group: ["consumer group", "Consumers that share the partitions of their topics, each partition read by one of them at a time."],
  member: ["member", "A consumer as its group knows it."],
  staticMember: ["static member", "A member with a group.instance.id, which may restart within its session timeout and keep its partitions."],
  coordinator: ["group coordinator", "The broker that keeps a group's members, assignment and committed offsets."],
  groupLeader: ["group leader", "The member that makes the assignment in the classic protocol, for all the others."],
  generation: ["generation", "The number of a classic group's assignment, one higher after each rebalance; a commit of an older one is refused."],
  memberEpoch: ["member epoch", "The number of the assignment that a member follows in the protocol of KIP-848."],
  assignor: ["assignor", "The rule by which partitions are shared among the members of a group."],
  assignment: ["assignment", "Which member of a group reads which partitions."],
  rebalance: ["rebalance", "A group sharing out its partitions anew, because a member came or went or its topics changed."],
  revoke: ["revoke", "To take a partition from a member, which may commit first what it has processed."],
  committed: ["committed offset", "The next offset to read as a group has stored it, where it goes on after a restart."],
  position: ["position", "The offset of the next record that a consumer will poll."],
  lag: ["lag", "How many records a group has still to read: log end offset minus committed offset."],
  heartbeat: ["heartbeat", "A sign of life that a member sends to its group coordinator."],
  sessionTimeout: ["session timeout", "How long the group coordinator waits for a heartbeat before it takes a member out of the group."],
  isolation: ["isolation level", "Whether a consumer reads the records of open and aborted transactions too, or committed ones only."],
  retention: ["retention", "Deleting the oldest segments of a log by age or by size."],
  compaction: ["compaction", "Cleaning a log so that of each key only the newest record stays."],
  tombstone: ["tombstone", "A record whose value is null: compaction removes its key, and after a while the tombstone too."],
} satisfies Record<string, Entry>;

export type Term = keyof typeof english;
export type Glossary = Record<Term, Entry>;
