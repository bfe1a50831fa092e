package engine

import "slices"

// Share groups (KIP-932): members join as in a consumer group, by heartbeats, and the
// coordinator assigns; but a partition may be assigned to several members, who share its
// records one by one.

// simpleAssignor is the only assignor of share groups, by the name that Kafka gives it.
const simpleAssignor = "simple"

func (c *ShareGroupHeartbeat) apply(e *Engine, from Session, tok Token) {
	e.heartbeatOf(GroupShare, &ConsumerGroupHeartbeat{Group: c.Group, Member: c.Member, Epoch: c.Epoch, Rack: c.Rack,
		ClientID: c.ClientID, Host: c.Host, RebalanceTimeoutMs: -1, Subscribed: c.Topics != nil, Topics: c.Topics}, from, tok)
}

// sharing is how far the simple assignor has come.
type sharing struct {
	all     []place   // the partitions of all subscribed topics
	sharers []int     // of each: how many members have it
	members []*member // in order of their ids
	got     [][]place
}

// quota deals n things out to parts: each gets the least, and as many as extra one more.
type quota struct{ least, extra int }

func quotaOf(n, parts int) quota { return quota{n / parts, n % parts} }

// take tells whether one more may be had by who has that many, and counts it.
func (q *quota) take(has int) bool {
	if has == q.least && q.extra > 0 {
		q.extra--
		return true
	}
	return has < q.least
}

// targetShared is the simple assignor: everybody keeps what it has as far as balance
// allows; then every partition gets a member, and every member a partition, the ones with
// the fewest first.
func (e *Engine) targetShared(g *group, from Session) {
	s := sharing{members: slices.Clone(g.members), got: make([][]place, len(g.members))}
	list := s.members
	SortBy(len(list), func(i, j int) bool { return list[i].name < list[j].name }, func(i, j int) { list[i], list[j] = list[j], list[i] })
	for _, t := range g.subscribed {
		for p := range t.partition() {
			s.all = append(s.all, placeOf(t.topic(), p))
		}
	}
	s.sharers = make([]int, len(s.all))
	if len(s.all) > 0 && len(list) > 0 {
		e.share(&s)
	}
	for i, m := range s.members {
		sortPlaces(s.got[i])
		e.setTarget(g, m, s.got[i], from)
	}
}

func (e *Engine) share(s *sharing) {
	pairs := max(len(s.all), len(s.members))
	forMember, forPlace := quotaOf(pairs, len(s.members)), quotaOf(pairs, len(s.all))
	least := forMember.least
	may := make([][]bool, len(s.members))
	for i, m := range s.members {
		may[i] = e.mayShare(m, s.all)
		for _, x := range m.target {
			p, ok := slices.BinarySearch(s.all, x)
			if left := forPlace; ok && may[i][p] && left.take(s.sharers[p]) && forMember.take(len(s.got[i])) {
				forPlace = left
				s.give(i, p)
			}
		}
	}
	for p := range s.all {
		if s.sharers[p] > 0 {
			continue
		}
		best := -1
		for i := range s.members {
			if may[i][p] && (best < 0 || len(s.got[i]) < len(s.got[best])) {
				best = i
			}
		}
		if best >= 0 {
			s.give(best, p)
		}
	}
	for i := range s.members {
		for len(s.got[i]) < least {
			best := -1
			for p := range s.all {
				if may[i][p] && (best < 0 || s.sharers[p] < s.sharers[best]) && !slices.Contains(s.got[i], s.all[p]) {
					best = p
				}
			}
			if best < 0 {
				break
			}
			s.give(i, best)
		}
	}
}

func (s *sharing) give(i, p int) {
	s.got[i] = append(s.got[i], s.all[p])
	s.sharers[p]++
}

// mayShare tells for each partition whether the member subscribes to its topic.
func (e *Engine) mayShare(m *member, all []place) []bool {
	may := make([]bool, len(all))
	for p, x := range all {
		if p > 0 && all[p-1].topic() == x.topic() {
			may[p] = may[p-1]
		} else {
			may[p] = slices.Contains(m.topics, e.TopicName(x.topic()))
		}
	}
	return may
}
