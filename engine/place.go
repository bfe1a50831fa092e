package engine

// place is one partition in one number, so that a set of partitions is a sorted list.
type place uint64

func placeOf(t TopicID, p Partition) place { return place(t)<<32 | place(uint32(p)) }

func (x place) topic() TopicID       { return TopicID(x >> 32) }
func (x place) partition() Partition { return Partition(uint32(x)) }

// pick gives those of a that are in b, or with in false those that are not.
func pick(a, b []place, in bool) (out []place) {
	for _, x := range a {
		for len(b) > 0 && b[0] < x {
			b = b[1:]
		}
		if (len(b) > 0 && b[0] == x) == in {
			out = append(out, x)
		}
	}
	return out
}

// joinPlaces is all of a and b, which have nothing in common.
//
//go:noinline
func joinPlaces(a, b []place) []place {
	if len(b) == 0 {
		return a
	}
	out := append(append(make([]place, 0, len(a)+len(b)), a...), b...)
	sortPlaces(out)
	return out
}

//go:noinline
func sortPlaces(list []place) {
	SortBy(len(list), func(i, j int) bool { return list[i] < list[j] }, func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// placesOf sorts what a client says that it owns.
//
//go:noinline
func placesOf(owned []OwnedTopic) (out []place) {
	for _, o := range owned {
		for _, p := range o.Partitions {
			out = append(out, placeOf(o.Topic, p))
		}
	}
	sortPlaces(out)
	return out
}

// ownedTopics puts places into the form of the protocol.
func ownedTopics(list []place) (out []OwnedTopic) {
	for _, x := range list {
		if n := len(out); n == 0 || out[n-1].Topic != x.topic() {
			out = append(out, OwnedTopic{Topic: x.topic()})
		}
		last := &out[len(out)-1]
		last.Partitions = append(last.Partitions, x.partition())
	}
	return out
}

// namedPlaces puts places into the form of assignors; topics that are gone are left out.
func (e *Engine) namedPlaces(list []place) (out []TopicPartitions) {
	for i, x := range list {
		if i == 0 || list[i-1].topic() != x.topic() {
			out = append(out, TopicPartitions{Topic: e.TopicName(x.topic())})
		}
		last := &out[len(out)-1]
		last.Partitions = append(last.Partitions, int32(x.partition()))
	}
	n := 0
	for _, tp := range out {
		if tp.Topic != "" {
			out[n] = tp
			n++
		}
	}
	return out[:n]
}

// placesNamed is the other way round.
func (e *Engine) placesNamed(list []TopicPartitions) (out []place) {
	for _, tp := range list {
		id := e.topicByName[tp.Topic]
		for _, p := range tp.Partitions {
			if id != 0 {
				out = append(out, placeOf(id, Partition(p)))
			}
		}
	}
	sortPlaces(out)
	return out
}

// assignmentOf puts places into the form in which clients of the classic protocol and
// viewers read them.
func (e *Engine) assignmentOf(list []place) []byte {
	a := Assignment{Partitions: e.namedPlaces(list)}
	return a.Append(nil, 1)
}
