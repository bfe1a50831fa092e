package sim

import "partita/engine"

// eventSentences says what an event means; kinds without an entry say nothing.
var eventSentences = [...]string{
	engine.KindTopicCreated:        ".Topic $X is created with $K.",
	engine.KindTopicDeleted:        "~Topic $X is deleted, with all its records.",
	engine.KindPartitionsCreated:   "~$T has $K now. New records of a key may go to another partition than the old ones.",
	engine.KindConfigAltered:       ".Topic $T is set to $X.",
	engine.KindLogStartMoved:       ".Retention deletes the oldest records of $P: its log starts at offset $O now.",
	engine.KindGroupDeleted:        "~Group $X is deleted, with its committed offsets.",
	engine.KindMemberJoined:        ".$W joins $G.",
	engine.KindMemberReplaced:      "+$W is back in $G under its group.instance.id and keeps its partitions: nobody else notices.",
	engine.KindMemberLeft:          ".$W leaves $G.",
	engine.KindGeneration:          ".Generation $O of $G: $M. $W, the group leader, assigns by $X.",
	engine.KindAssigned:            "+$W gets $P.",
	engine.KindGroupEmpty:          ".$G has no members now. Its committed offsets stay.",
	engine.KindLogCleaned:          ".Compaction cleans $P up to offset $O: of each key the newest record stays.",
	engine.KindTxnBegun:            ".A transaction of $X begins.",
	engine.KindTxnPrepareCommit:    ".It is decided: the transaction of $X commits. Now a marker goes to each of its partitions.",
	engine.KindTxnPrepareAbort:     "~It is decided: the transaction of $X aborts. Now a marker goes to each of its partitions.",
	engine.KindTxnCommitted:        "+The transaction of $X is committed, and all of its partitions show it.",
	engine.KindTxnAborted:          "~The transaction of $X is aborted: its records stay in the log, and read_committed consumers skip them.",
	engine.KindTxnTimedOut:         "!The transaction of $X was open longer than transaction.timeout.ms: the coordinator aborts it.",
	engine.KindTxnFenced:           "!Whoever used transactional.id=$X before is fenced: epoch $E is the newest now.",
	engine.KindTxnForgotten:        ".The coordinator forgets transactional.id=$X, which was not used for transactional.id.expiration.ms.",
	engine.KindOffsetDropped:       "~Offset $F of $P is not committed for $G: its transaction was aborted.",
	engine.KindGroupConverted:      "~$G follows the $X protocol from now on.",
	engine.KindTargetAssigned:      ".Group epoch $E of $G: the coordinator has a new target assignment for $M.",
	engine.KindReconciling:         "~$W is to give up $P.",
	engine.KindRevoked:             ".$W has given up $P.",
	engine.KindMemberStable:        "+$W has all that it is to have, at member epoch $E.",
	engine.KindMemberFenced:        "!$W is fenced in $G: its member epoch $E is not the one that the coordinator knows.",
	engine.KindMemberAway:          ".$W goes away for a while: $G keeps its partitions for it.",
	engine.KindRecordsDeleted:      "~Somebody deletes the oldest records of $P: its log starts at offset $O now.",
	engine.KindBrokerConfigAltered: ".$B is set to $X.",
	engine.KindOffsetExpired:       "~The committed offset of $G for $P expires: nobody used it for offsets.retention.minutes.",
	engine.KindDenied:              "!$W is refused ($C): $X is not allowed.",
	engine.KindACLAdded:            ".A new access rule: $X.",
	engine.KindACLRemoved:          ".An access rule is taken away: $X.",
	engine.KindQuotaAltered:        ".The quota of $X is $N now.",
	engine.KindThrottled:           "~$W is over its quota ($X): the broker mutes it for $N ms.",
	engine.KindControllerMoved:     "~Broker $N is the controller now.",
	engine.KindLinkChanged:         "+The network from $F to $O is whole again.",
	engine.KindLeaderChanged:       ".Broker $O leads $P from now on, at leader epoch $E.",
	engine.KindISRChanged:          "+Broker $N has caught up: the ISR of $P is $X now.",
	engine.KindTruncated:           "~Broker $N cuts its log of $P back to offset $O: its records from there on are not the leader's.",
	engine.KindDuplicateBatch:      "+$P has this batch already, from offset $F on: it is acknowledged again, and not written twice.",
	engine.KindReassignment:        ".$P is to move to the brokers $X.",
}

// brokerChanges tells of KindBrokerChanged, by BrokerChange.
var brokerChanges = [...]string{
	engine.BrokerStarted:  ".Broker $N starts.",
	engine.BrokerUnfenced: "+The controller counts broker $N in again.",
	engine.BrokerFenced:   "~The controller fences broker $N: it leads nothing now, and is in no ISR.",
	engine.BrokerStopping: ".Broker $N shuts down: it hands its partitions over first.",
	engine.BrokerStopped:  ".Broker $N has stopped.",
	engine.BrokerCrashed:  "!Broker $N crashes.",
	engine.BrokerPaused:   "!Broker $N pauses: it answers nobody.",
	engine.BrokerResumed:  ".Broker $N goes on.",
	engine.BrokerSlowed:   "~Broker $N takes $F ms longer for everything.",
}

const (
	unslowedSentence     = ".Broker $N is as fast as before."
	noControllerSentence = "!There is no controller now: no partition leader can be chosen."
	cutSentence          = "!Nothing gets from $F to $O any more."
	noLeaderSentence     = "!Nobody leads $P now: no replica that is in sync is up."
	uncleanSentence      = "!Broker $O leads $P from now on, at leader epoch $E, and was not in the ISR: unclean.leader.election.enable=true. What it had not replicated is gone."
	preferredSentence    = "+Broker $O, the preferred leader, leads $P again, at leader epoch $E."
	shrinkSentence       = "~Broker $N falls out of the ISR of $P, which is $X now."
	unsyncedSentence     = "!Broker $N had not written $P to its disk from offset $O on: those records are gone there."
	movedThereSentence   = "+$P has moved to the brokers $X."
	moveEndedSentence    = "~$P stays where it is: the move is taken back."
)
