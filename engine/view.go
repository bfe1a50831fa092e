package engine

// The methods below look at the cluster without changing it: no event, no reply.
// They serve viewers, and the checks in tests.

// TopicView is one topic as it is now.
type TopicView struct {
	ID         TopicID
	Name       string
	Partitions int32
	Internal   bool
	MinISR     int64 // min.insync.replicas
}

// PartitionView is one partition as it is now.
type PartitionView struct {
	LogStart      Offset
	HighWatermark Offset
	LastStable    Offset
	LogEnd        Offset
	Leader        int32 // -1: none now
	LeaderEpoch   int32
	Bytes         int64 // of all its record batches
}

// Topics calls visit for every topic in the order of creation, until it returns false.
func (e *Engine) Topics(visit func(TopicView) bool) {
	for _, t := range e.topics {
		if t != nil && !visit(t.view()) {
			return
		}
	}
}

// Topic gives the topic of that name.
func (e *Engine) Topic(name string) (TopicView, bool) {
	if t := e.topicNamed(name); t != nil {
		return t.view(), true
	}
	return TopicView{}, false
}

// TopicName is the name of a topic, empty when it is gone.
func (e *Engine) TopicName(id TopicID) string {
	if t := e.topicAt(id); t != nil {
		return t.name
	}
	return ""
}

func (t *topic) view() TopicView {
	return TopicView{ID: t.id, Name: t.name, Partitions: int32(len(t.partitions)), Internal: t.internal, MinISR: t.config.value[setMinISR]}
}

// Partition gives one partition; false when there is none.
func (e *Engine) Partition(id TopicID, index Partition) (PartitionView, bool) {
	p := e.partitionAt(id, index)
	if p == nil {
		return PartitionView{}, false
	}
	v := PartitionView{
		LogStart:      p.start,
		HighWatermark: p.highWatermark(),
		LastStable:    p.lastStable(),
		LogEnd:        p.end,
		Leader:        p.home,
		Bytes:         p.bytes,
	}
	if p.rep != nil {
		reg := p.rep.reg()
		v.LogEnd, v.Leader, v.LeaderEpoch = p.rep.main.leo, reg.leader, reg.epoch
	}
	return v, true
}

// Read gives whole record batches of one partition from the one that holds offset
// on, up to limit bytes but at least one batch; nothing past the high watermark.
// They alias the log and must not be written to.
func (e *Engine) Read(id TopicID, index Partition, offset Offset, limit int) ([]byte, Code) {
	p := e.partitionAt(id, index)
	switch {
	case p == nil:
		return nil, UnknownTopicOrPartition
	case offset < p.start || offset > p.end:
		return nil, OffsetOutOfRange
	}
	records, _ := p.read(offset, p.highWatermark(), int64(limit))
	return records, None
}

// Peek is Read up to the leader's log end, for pictures: what is not replicated yet may
// still go.
func (e *Engine) Peek(id TopicID, index Partition, offset Offset, limit int) []byte {
	p := e.partitionAt(id, index)
	if p == nil || offset < p.start || offset > p.end {
		return nil
	}
	records, _ := p.read(offset, p.end, int64(limit))
	return records
}

// MemberName is Kafka's member id of a member, also after it is gone.
func (e *Engine) MemberName(id MemberID) string {
	if int(id) < len(e.memberNames) {
		return e.memberNames[id]
	}
	return ""
}
