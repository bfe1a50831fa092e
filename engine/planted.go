package engine

// bug numbers the bugs that a test plants, one at a time, to see whether the swarm
// finds them. Built without the tag mutants nothing of them is left in the program.
type bug uint8

const (
	_                 bug = iota
	bugWatermarkAlone     // the high watermark does not wait for the ISR
	bugAckedEarly         // acks=all is answered before the ISR has the records
	bugReadBeyond         // consumers read beyond the high watermark
	bugGeneration         // a rebalance ends without a new generation
	bugOldMember          // a member that is not one any more is taken for another
	bugDuplicate          // sequence numbers are not looked at
	bugNewestDropped      // compaction keeps older records and drops the newest
	bugNotTruncated       // a follower keeps what its leader does not have
	bugRetention          // retention goes beyond the high watermark
	bugUnwatched          // nobody looks at sessions
	bugGap                // offsets are left out
	bugAnyLeader          // a replica outside the ISR may lead, though it must not
	bugOldGeneration      // heartbeats, SyncGroup and commits of another generation are taken
	bugUnstable           // read_committed reads up to the high watermark
	bugAbortedShown       // fetches do not name aborted transactions
	bugLeaderEpoch        // leader epochs are not compared
	bugProducerEpoch      // epochs of producers are not compared
	bugHurried            // a partition is assigned before its old owner has given it up
	bugUnmarked           // one partition of a transaction gets no marker
	bugOpenForever        // transactions have no timeout
	bugEarlyOffsets       // offsets in a transaction count at once
	bugSharedTwice        // a record that a member has acquired is given to others too
	bugLocked             // locks of acquired records do not end
	bugStaleProducers     // a new leader goes by what the old one knew of producers
	bugRevokeForever      // nobody looks whether a member gives up its partitions
	bugs
)
