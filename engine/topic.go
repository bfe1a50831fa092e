package engine

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
	t := e.topicAt(id)
	if t == nil || p < 0 || int(p) >= len(t.partitions) {
		return nil
	}
	return t.partitions[p]
}

func (e *Engine) makeTopic(from Session, name string, partitions int32, config topicConfig, internal bool) *topic {
	t := &topic{id: TopicID(len(e.topics)), name: name, internal: internal, config: config}
	e.topicSerial++
	e.topics = append(e.topics, t)
	e.topicByName[name] = t.id
	t.grow(partitions)
	e.emit(Event{Kind: KindTopicCreated, Session: from, Topic: t.id, Aux: int64(partitions), Bytes: []byte(name)})
	if t.id == 1 {
		e.timers.set(timer{at: e.now + Time(e.broker.value[brkLogRetentionCheckMs]), kind: timerLogRetention})
		e.timers.set(timer{at: e.now + Time(max(1, e.broker.value[brkLogCleanerBackoffMs])), kind: timerLogCleaner})
	}
	return t
}

func (t *topic) grow(partitions int32) {
	for int32(len(t.partitions)) < partitions {
		t.partitions = append(t.partitions, &partition{topic: t, index: Partition(len(t.partitions))})
	}
}

// offsetsTopic is __consumer_offsets, made when a group first needs it.
func (e *Engine) offsetsTopic() *topic {
	if e.offsets == 0 {
		config := e.internalConfig(brkOffsetsSegmentBytes)
		e.offsets = e.makeTopic(0, OffsetsTopic, int32(e.broker.value[brkOffsetsPartitions]), config, true).id
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

func (c *CreateTopic) apply(e *Engine, from Session, tok Token) {
	partitions := c.Partitions
	if partitions == -1 {
		partitions = int32(e.broker.value[brkNumPartitions])
	}
	code := None
	defaults := e.broker.topicDefaults()
	config, wrong := defaults.with(c.Config, defaults)
	switch {
	case !ValidTopicName(c.Name):
		code = InvalidTopic
	case e.topicNamed(c.Name) != nil || c.Name == OffsetsTopic || c.Name == TransactionsTopic:
		code = TopicAlreadyExists
	case partitions < 1 || partitions > MaxPartitions:
		code = InvalidPartitions
	case c.ReplicationFactor != -1 && c.ReplicationFactor != 1 && c.ReplicationFactor != 0:
		code = InvalidReplicationFactor
	case wrong != "":
		code = InvalidConfig
	}
	if code != None {
		e.refuse(from, tok, code, wrong)
		return
	}
	t := e.makeTopic(from, c.Name, partitions, config, false)
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
	case t.internal || int(c.Count) <= len(t.partitions) || c.Count > MaxPartitions:
		e.reply(from, tok, InvalidPartitions, nil)
	default:
		e.topicSerial++
		t.grow(c.Count)
		e.emit(Event{Kind: KindPartitionsCreated, Session: from, Topic: t.id, Aux: int64(c.Count)})
		e.reply(from, tok, None, nil)
	}
}

func (c *Metadata) apply(e *Engine, from Session, tok Token) {
	names := c.Names
	if c.All {
		names = nil
		for _, t := range e.topics {
			if t != nil {
				names = append(names, t.name)
			}
		}
		SortStrings(names)
	}
	body := &MetadataReply{Topics: make([]TopicMetadata, 0, len(names))}
	for _, name := range names {
		m := TopicMetadata{Code: UnknownTopicOrPartition, Name: name}
		if t := e.topicNamed(name); t != nil {
			m = TopicMetadata{Name: name, Topic: t.id, Internal: t.internal}
			for range t.partitions {
				m.Partitions = append(m.Partitions, PartitionMetadata{
					Leader: FirstBroker, Replicas: []int32{FirstBroker}, ISR: []int32{FirstBroker}})
			}
		} else if !ValidTopicName(name) {
			m.Code = InvalidTopic
		}
		body.Topics = append(body.Topics, m)
	}
	e.reply(from, tok, None, body)
}
