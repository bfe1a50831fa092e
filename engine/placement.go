package engine

import "slices"

// arrangedBrokers lists the brokers so that neighbours are in different racks, as far as
// that goes (Kafka's AdminUtils): the first of each rack, the second of each, and so on.
func (e *Engine) arrangedBrokers() (ids []int32, racks int) {
	var names []string
	for i := range e.brokers {
		if r := e.brokers[i].rack; !slices.Contains(names, r) {
			names = append(names, r)
		}
	}
	SortStrings(names)
	for round := 0; len(ids) < len(e.brokers); round++ {
		for _, rack := range names {
			n := 0
			for i := range e.brokers {
				if e.brokers[i].rack != rack {
					continue
				}
				if n == round {
					ids = append(ids, e.brokers[i].id)
				}
				n++
			}
		}
	}
	return ids, len(names)
}

// placeReplicas chooses the brokers of partition p of a topic: leaders go round, and the
// followers of each next round are shifted by one more, so that no two brokers share all
// of their partitions. A rack gets a second replica when all racks have one. Where
// Kafka draws the broker that begins, here it is the next one with each topic.
func (e *Engine) placeReplicas(t TopicID, p Partition, factor int) []int32 {
	ids, racks := e.arrangedBrokers()
	n := len(ids)
	first := (int(t) - 1 + int(p)) % n
	shift := int(p) / n * racks
	list := make([]int32, 1, factor)
	list[0] = ids[first]
	used := []string{e.brokerAt(ids[first]).rack}
	for k := 0; len(list) < factor; k++ {
		id := ids[(first+1+(shift+k)%(n-1))%n]
		rack := e.brokerAt(id).rack
		if slices.Contains(used, rack) && len(used) < racks || slices.Contains(list, id) {
			continue
		}
		list = append(list, id)
		if !slices.Contains(used, rack) {
			used = append(used, rack)
		}
	}
	return list
}

// validReplicas checks an assignment that somebody made by hand: each broker exists and
// stands there once.
func (e *Engine) validReplicas(ids []int32) bool {
	for i, id := range ids {
		if e.brokerAt(id) == nil || slices.Contains(ids[:i], id) {
			return false
		}
	}
	return len(ids) > 0
}

// validPlaces checks an assignment of n partitions with factor replicas each; nil is one.
func (e *Engine) validPlaces(places [][]int32, n, factor int) bool {
	for _, ids := range places {
		if !e.validReplicas(ids) || len(ids) != factor {
			return false
		}
	}
	return places == nil || len(places) == n
}
