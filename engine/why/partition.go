package why

import (
	"partita/engine"
	"partita/engine/sim"
)

// partition is a partition as a whole, or one of its offsets: hw, leo, lso or start.
func (q *query) partition(p place, of string) {
	switch of {
	case "hw":
		q.put('t', "$1, high watermark $2", p.String(), itoa(p.v.HighWatermark))
		q.watermark(p)
	case "leo":
		q.put('t', "$1, log end offset $2", p.String(), itoa(p.v.LogEnd))
		q.logEnd(p)
	case "lso":
		q.put('t', "$1, last stable offset $2", p.String(), itoa(p.v.LastStable))
		q.lastStable(p)
	case "start":
		q.put('t', "$1, log start offset $2", p.String(), itoa(p.v.LogStart))
		q.logStart(p)
	default:
		q.put('t', "$1", p.String())
		q.leader(p)
		q.watermark(p)
		for _, one := range []struct {
			name, text string
			at         engine.Offset
		}{{"leo", "log end offset $1", p.v.LogEnd}, {"hw", "high watermark $1", p.v.HighWatermark}, {"lso", "last stable offset $1", p.v.LastStable}, {"start", "log start offset $1", p.v.LogStart}} {
			q.put('o', Question(one.name, p.String()), one.text, itoa(one.at))
		}
		q.e.Groups(func(g engine.GroupView) bool {
			if _, ok := q.e.Committed(g.ID, p.Topic, p.Partition); ok {
				q.put('o', Question("place", g.Name, p.String()), "$1 in $2", g.Name, p.String())
			}
			return true
		})
	}
}

// leader says who leads a partition, and why.
func (q *query) leader(p place) {
	q.put('h', "Who leads it, and why?")
	if p.v.Leader < 0 {
		q.put('n', "Nobody: no replica that may lead is up. Nothing can be written or read.")
		q.topicSettings(p.Topic, "unclean.leader.election.enable")
	} else {
		q.put('n', "Broker $1, since leader epoch $2.", itoa(p.v.Leader), itoa(p.v.LeaderEpoch))
		q.put('o', Question("broker", itoa(p.v.Leader)), "broker $1", itoa(p.v.Leader))
	}
	q.newest(p, engine.KindLeaderChanged)
}

// watermark is the least log end offset of the ISR, with each replica's number.
func (q *query) watermark(p place) {
	replicas := q.e.Replicas(p.id, p.Partition, nil)
	least, list, out := engine.Offset(-1), "", ""
	for i := range replicas {
		r := &replicas[i]
		text := ", " + itoa(r.Broker) + ": " + itoa(r.LEO)
		if !r.InSync {
			out += text
			continue
		}
		list += text
		if least < 0 || r.LEO < least {
			least = r.LEO
		}
	}
	q.put('h', "Why is the high watermark $1?", itoa(p.v.HighWatermark))
	if list == "" {
		list = ", -"
	}
	q.put('=', "high watermark = min(log end offsets of the ISR)")
	q.put('=', "min($1) = $2", list[2:], itoa(least))
	if out != "" {
		q.put('n', "Not in the ISR, so they do not count: $1.", out[2:])
	}
	switch {
	case len(replicas) == 1:
		q.put('n', "There is one replica only: whatever it has written can be read at once, and is gone with its disk.")
	case least != p.v.HighWatermark:
		q.put('n', "It still stands at $1: the partition leader learns what a follower has from its next fetch.", itoa(p.v.HighWatermark))
	}
	if len(replicas) > 1 {
		q.topicSettings(p.Topic, "min.insync.replicas")
		q.brokerSettings(0, "replica.lag.time.max.ms")
	}
	q.newest(p, engine.KindISRChanged, engine.KindLeaderChanged, engine.KindTruncated)
}

func (q *query) logEnd(p place) {
	q.put('h', "Why is the log end offset $1?", itoa(p.v.LogEnd))
	q.put('=', "last offset $1 + 1 = $2", itoa(p.v.LogEnd-1), itoa(p.v.LogEnd))
	q.put('n', "It is where the partition leader writes the next record. Offsets count every record that was ever written, and markers of transactions too.")
	replicas := q.e.Replicas(p.id, p.Partition, nil)
	for i := range replicas {
		if r := &replicas[i]; !r.Leader {
			q.put('=', "broker $1 has it up to $2: $3 behind", itoa(r.Broker), itoa(r.LEO), itoa(max(p.v.LogEnd-r.LEO, 0)))
		}
	}
	q.newest(p, engine.KindTruncated, engine.KindLeaderChanged)
}

func (q *query) lastStable(p place) {
	q.put('h', "Why is the last stable offset $1?", itoa(p.v.LastStable))
	q.put('=', "last stable offset = min(high watermark, first offset of each open transaction)")
	list, oldest := itoa(p.v.HighWatermark), int64(-1)
	for _, t := range q.e.OpenTransactions(p.id, p.Partition) {
		list += ", " + itoa(t.First)
		if oldest < 0 {
			oldest = t.ProducerID
		}
	}
	q.put('=', "min($1) = $2", list, itoa(p.v.LastStable))
	if oldest < 0 {
		q.put('n', "No transaction is open here: read_committed consumers can read as far as others.")
		return
	}
	q.put('n', "Consumers with isolation.level=read_committed wait here until the transaction of producer id $1 commits, aborts, or is open longer than transaction.timeout.ms.", itoa(oldest))
	q.e.Transactions(func(t engine.TransactionView) bool {
		if t.ProducerID == oldest {
			q.put('s', "transaction.timeout.ms", itoa(t.TimeoutMs), "60000", "transactional.id "+t.TransactionalID)
		}
		return true
	})
	if h := q.last(nil, func(o *sim.Happening) bool {
		return o.What == sim.ByCluster && o.Event.Kind == engine.KindTxnBegun && o.Event.Aux == oldest
	}); h != nil {
		q.chain(h)
	}
}

func (q *query) logStart(p place) {
	q.put('h', "Why does the log start at $1?", itoa(p.v.LogStart))
	if p.v.LogStart == 0 {
		q.put('n', "Nothing was deleted so far: the first record ever written is still there, unless compaction took it.")
	} else {
		q.put('n', "Whole segments older than retention.ms, or beyond retention.bytes, are deleted; or somebody deleted records.")
	}
	q.topicSettings(p.Topic, "cleanup.policy", "retention.ms", "retention.bytes", "segment.ms", "segment.bytes")
	q.brokerSettings(0, "log.retention.check.interval.ms")
	q.newest(p, engine.KindRecordsDeleted, engine.KindLogStartMoved)
}

// standing is where a group stands in a partition.
func (q *query) standing(group string, p place) {
	g, ok := q.e.Group(group)
	if !ok {
		q.bad = sim.Phrase("there is no ", sim.Mark+"group", " ", group, " now")
		return
	}
	q.put('t', "$1 in $2", group, p.String())
	committed, given := q.e.Committed(g.ID, p.Topic, p.Partition)
	q.put('h', "Why is the lag $1?", itoa(p.v.LogEnd-max(committed.Offset, p.v.LogStart)))
	if given {
		q.put('=', "lag = log end offset $1 − committed $2 = $3", itoa(p.v.LogEnd), itoa(committed.Offset), itoa(p.v.LogEnd-max(committed.Offset, p.v.LogStart)))
	} else {
		q.put('=', "lag = log end offset $1 − log start offset $2 = $3, for nothing is committed", itoa(p.v.LogEnd), itoa(p.v.LogStart), itoa(p.v.LogEnd-p.v.LogStart))
	}
	q.put('h', "What is committed, and why?")
	var steps []link
	if given {
		q.put('n', "$1 is the next offset to read: everything before it counts as done.", itoa(committed.Offset))
		if s := q.commit(p, group); s != nil {
			steps = append(steps, link{at: s.At, said: []string{"$1 commits $2 of $3.", s.Who, itoa(s.Offset), p.String()}})
		}
	} else {
		q.put('n', "Nothing yet: whoever owns the partition starts where auto.offset.reset says.")
	}
	owner := q.owner(g.ID, p)
	if owner == nil {
		q.put('n', "Nobody in the group owns the partition now.")
	} else if c := q.w.MemberConsumer(owner.ID); c != nil {
		q.position(c, p)
		q.consumerSettings(c, "enable.auto.commit", "auto.commit.interval.ms", "commit", "auto.offset.reset", "max.poll.records")
		q.put('o', Question("member", group, c.Name), "member $1", c.Name)
	}
	h := q.last(nil, func(o *sim.Happening) bool {
		return o.Group == group && o.Event.Topic == p.id && o.Event.Partition == p.Partition && o.What != sim.ByCluster
	})
	if h != nil || len(steps) > 0 {
		q.put('h', "How did it come to this?")
		q.chain(h, steps...)
	}
}

// position is where an owner reads.
func (q *query) position(c *sim.Consumer, p place) {
	view := c.View()
	for i := range view.Partitions {
		if v := &view.Partitions[i]; v.ID == p.id && v.Partition == p.Partition && v.Position >= 0 {
			q.put('=', "position $1 − processed up to $2 = $3 in hand", itoa(v.Position), itoa(max(v.Processed, 0)), itoa(max(v.Position-max(v.Processed, 0), 0)))
		}
	}
}

// commit is the newest commit of a group in a partition that is remembered.
func (q *query) commit(p place, group string) (found *sim.Footstep) {
	steps := q.w.Footsteps(group, p.id, p.Partition)
	for i := range steps {
		if s := &steps[i]; s.Commit {
			found = s
		}
	}
	return found
}

// owner is the member that has a partition; nil for nobody.
func (q *query) owner(group engine.GroupID, p place) (found *engine.MemberView) {
	members := q.e.Members(group, nil)
	for i := range members {
		a, err := engine.ParseAssignment(members[i].Assignment)
		for _, t := range a.Partitions {
			for _, n := range t.Partitions {
				if err == nil && t.Topic == p.Topic && engine.Partition(n) == p.Partition {
					found = &members[i]
				}
			}
		}
	}
	return found
}
