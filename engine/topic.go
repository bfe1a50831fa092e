package engine

import (
	"slices"
	"strconv"
	"strings"
)

type topic struct {
	id         TopicID
	name       string
	internal   bool
	config     topicConfig
	partitions []*partition
}

// ValidTopicName reports whether Kafka would take name: 1 to 249 characters of
// a-z, A-Z, 0-9, dot, underscore and hyphen, and neither "." nor "..".
func ValidTopicName(name string) bool {
	if name == "" || len(name) > 249 || name == "." || name == ".." {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// wrongTopicName says why there can be no topic of a name that is not valid.
func wrongTopicName(name string) string {
	switch {
	case name == "":
		return "Topic name is invalid: the empty string is not allowed"
	case name == "." || name == "..":
		return "Topic name cannot be '" + name + "'"
	case len(name) > 249:
		return "Topic name is invalid: the length of '" + name + "' is longer than the max allowed length 249"
	}
	return "Topic name is invalid: '" + name + "' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
}

func (e *Engine) topicNamed(name string) *topic {
	if id, ok := e.topicByName[name]; ok {
		return e.topics[id]
	}
	return nil
}

func (e *Engine) topicAt(id TopicID) *topic {
	if int(id) < len(e.topics) {
		return e.topics[id]
	}
	return nil
}

func (e *Engine) partitionAt(id TopicID, p Partition) *partition {
	if int(id) >= len(e.topics) {
		return nil
	}
	t := e.topics[id]
	if t == nil || uint(p) >= uint(len(t.partitions)) {
		return nil
	}
	return t.partitions[p]
}

// makeTopic makes a topic. It has factor replicas of each partition, at most as many as
// there are brokers, or those that were placed by hand.
func (e *Engine) makeTopic(from Session, name string, partitions int32, factor int64, placed [][]int32, config topicConfig, internal bool) *topic {
	t := &topic{id: TopicID(len(e.topics)), name: name, internal: internal, config: config}
	e.topicSerial++
	e.topics = append(e.topics, t)
	e.topicByName[name] = t.id
	e.emit(Event{Kind: KindTopicCreated, Session: from, Topic: t.id, Aux: int64(partitions), Bytes: []byte(name)})
	for i := range placed {
		e.grow(t, int32(i)+1, 0, placed[i])
	}
	e.grow(t, partitions, int(min(max(factor, 1), int64(len(e.brokers)))), nil)
	if t.id == 1 {
		e.watchLogs()
	}
	return t
}

// watchLogs sets the timers of retention and of the cleaner.
func (e *Engine) watchLogs() {
	e.timers.set(timer{at: e.now + Time(e.broker.value[brkLogRetentionCheckMs]), kind: timerLogRetention})
	for i := range e.brokers {
		e.watchCleaner(e.brokers[i].id)
	}
}

// factor is how many replicas a new partition gets: as many as the first one has
// (ReplicationControlManager).
func (t *topic) factor() int {
	if rep := t.partitions[0].rep; rep != nil {
		return len(rep.reg().replicas)
	}
	return 1
}

// grow adds partitions, up to a total, with so many replicas each or with those given.
func (e *Engine) grow(t *topic, partitions int32, factor int, replicas []int32) {
	for int32(len(t.partitions)) < partitions {
		p := &partition{topic: t, index: Partition(len(t.partitions)), home: FirstBroker}
		t.partitions = append(t.partitions, p)
		switch {
		case e.recovering: // the events say where they are
		case replicas != nil:
			e.place(p, slices.Clone(replicas))
		case len(e.brokers) > 1:
			e.place(p, e.placeReplicas(t.id, p.index, factor))
		}
		e.localize(p)
	}
}

// offsetsTopic is __consumer_offsets, made when a group first needs it.
func (e *Engine) offsetsTopic() *topic {
	if e.offsets == 0 {
		config := e.internalConfig(brkOffsetsSegmentBytes)
		e.offsets = e.makeTopic(0, OffsetsTopic, int32(e.broker.value[brkOffsetsPartitions]), e.broker.value[brkOffsetsReplication], nil, config, true).id
		e.timers.set(timer{at: e.now + Time(e.broker.value[brkOffsetsCheckMs]), kind: timerOffsets})
	}
	return e.topics[e.offsets]
}

// internalConfig is that of the coordinators' topics: compacted, in segments of their own
// size.
func (e *Engine) internalConfig(segmentBytes brokerSetting) topicConfig {
	c := *e.broker.topicDefaults()
	c.value[setCleanupPolicy], c.set[setCleanupPolicy] = policyCompact, true
	c.value[setSegmentBytes], c.set[setSegmentBytes] = e.broker.value[segmentBytes], true
	return c
}

// collision finds a topic whose name differs only in dots and underscores: the names of
// Kafka's metrics could not tell the two apart.
func (e *Engine) collision(name string) string {
	for _, t := range e.topics {
		if t != nil && t.name != name && strings.ReplaceAll(t.name, ".", "_") == strings.ReplaceAll(name, ".", "_") {
			return t.name
		}
	}
	return ""
}

func (c *CreateTopic) apply(e *Engine, from Session, tok Token) {
	partitions := c.Partitions
	if partitions == -1 {
		partitions = int32(e.broker.value[brkNumPartitions])
	}
	factor := int64(c.ReplicationFactor)
	if factor < 1 {
		factor = e.broker.value[brkDefaultReplication]
	}
	code := None
	defaults := e.broker.topicDefaults()
	config, wrong := defaults.with(c.Config, defaults)
	if c.Replicas != nil {
		partitions, factor = int32(len(c.Replicas)), 1
	}
	if len(c.Replicas) > 0 && !e.validPlaces(c.Replicas, len(c.Replicas), len(c.Replicas[0])) {
		code = InvalidReplicaAssignment
	}
	switch {
	case !ValidTopicName(c.Name):
		code, wrong = InvalidTopic, wrongTopicName(c.Name)
	case e.topicNamed(c.Name) != nil || c.Name == OffsetsTopic || c.Name == TransactionsTopic || c.Name == ShareStateTopic:
		code, wrong = TopicAlreadyExists, "Topic '"+c.Name+"' already exists."
	case e.collision(c.Name) != "":
		code, wrong = InvalidTopic, "Topic '"+c.Name+"' collides with existing topic: "+e.collision(c.Name)
	case partitions < 1 || partitions > MaxPartitions:
		code, wrong = InvalidPartitions, "Number of partitions was set to an invalid non-positive value."
		if partitions > 0 {
			wrong = "There can be at most " + strconv.Itoa(MaxPartitions) + " partitions here."
		}
	case factor > int64(len(e.brokers)):
		n := strconv.FormatInt(factor, 10)
		code, wrong = InvalidReplicationFactor, "Unable to replicate the partition "+n+" time(s): The target replication factor of "+n+
			" cannot be reached because only "+strconv.Itoa(len(e.brokers))+" broker(s) are registered."
	case e.controller < 0:
		code, wrong = RequestTimedOut, "" // nobody decides
	case wrong != "":
		code = InvalidConfig
	}
	if code != None {
		e.refuse(from, tok, code, wrong)
		return
	}
	t := e.makeTopic(from, c.Name, partitions, factor, c.Replicas, config, false)
	for _, entry := range c.Config {
		e.emitConfig(from, t, entry)
	}
	e.reply(from, tok, None, &CreateTopicReply{Topic: t.id, Partitions: partitions})
}

func (c *DeleteTopic) apply(e *Engine, from Session, tok Token) {
	t := e.topicNamed(c.Name)
	switch {
	case t == nil:
		e.reply(from, tok, UnknownTopicOrPartition, nil)
		return
	case t.internal:
		e.reply(from, tok, InvalidTopic, nil)
		return
	case e.controller < 0:
		e.reply(from, tok, RequestTimedOut, nil) // nobody decides
		return
	}
	e.topicSerial++
	delete(e.topicByName, t.name)
	e.topics[t.id] = nil
	e.emit(Event{Kind: KindTopicDeleted, Session: from, Topic: t.id, Bytes: []byte(t.name)})
	e.forgetTopic(t.id, t.name)
	e.reply(from, tok, None, nil)
	e.wakeFetches(t.id, -1)
}

func (c *CreatePartitions) apply(e *Engine, from Session, tok Token) {
	t := e.topicNamed(c.Name)
	switch {
	case t == nil:
		e.reply(from, tok, UnknownTopicOrPartition, nil)
	case int(c.Count) == len(t.partitions):
		e.refuse(from, tok, InvalidPartitions, "Topic already has "+strconv.Itoa(len(t.partitions))+" partition(s).")
	case int(c.Count) < len(t.partitions):
		e.refuse(from, tok, InvalidPartitions, "The topic "+t.name+" currently has "+strconv.Itoa(len(t.partitions))+" partition(s); "+
			strconv.Itoa(int(c.Count))+" would not be an increase.")
	case t.internal || c.Count > MaxPartitions:
		e.reply(from, tok, InvalidPartitions, nil)
	case !e.validPlaces(c.Replicas, int(c.Count)-len(t.partitions), t.factor()):
		e.reply(from, tok, InvalidReplicaAssignment, nil)
	case e.controller < 0:
		e.reply(from, tok, RequestTimedOut, nil)
	default:
		e.topicSerial++
		e.emit(Event{Kind: KindPartitionsCreated, Session: from, Topic: t.id, Aux: int64(c.Count)})
		factor := t.factor()
		for i := range c.Replicas {
			e.grow(t, int32(len(t.partitions))+1, 0, c.Replicas[i])
		}
		e.grow(t, c.Count, factor, nil)
		e.reply(from, tok, None, nil)
	}
}
