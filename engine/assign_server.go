package engine

// The assignors that the group coordinator runs itself (KIP-848). Uniform balances over
// all topics and moves as little as it can; range divides each topic by itself, so that
// equal partitions of several topics meet at one member.

// serverAssignorNames are the values of group.consumer.assignors, the default first.
var serverAssignorNames = [...]string{"uniform", "range"}

const (
	serverUniform = iota
	serverRange
)

// assignorUniform is the sticky algorithm with what the coordinator knows of the
// members' partitions, not what they claim.
const assignorUniform = AssignorCooperativeSticky + 1

// AssignOnServer divides the partitions among the members as the group coordinator does:
// name is uniform or range. What a member has now is its Subscription.Owned. The code is
// UnsupportedAssignor for another name, and UnknownTopicOrPartition when a member
// subscribes to a topic that is not there, which fails the whole assignment. The result
// is as that of Assignor.Assign.
func AssignOnServer(name string, members []AssignorMember, topics []AssignorTopic) ([]MemberPartitions, Code) {
	if name != serverAssignorNames[serverUniform] && name != serverAssignorNames[serverRange] {
		return nil, UnsupportedAssignor
	}
	pl := newPlan(members, topics)
	for i := range pl.members {
		for _, topic := range pl.members[i].Subscription.Topics {
			if _, ok := pl.topicNamed(topic); !ok {
				return nil, UnknownTopicOrPartition
			}
		}
	}
	if name == serverAssignorNames[serverRange] {
		for t := range pl.topics {
			pl.topics[t].Racks = nil // the server's range does not look at racks
		}
		pl.assignRange()
	} else {
		pl.assignSticky(assignorUniform)
	}
	return pl.result(), None
}
