package engine

// asked is the broker that answers, as its knowledge goes; nil: the controller's own.
func (e *Engine) asked() *broker {
	if e.serving == 0 {
		return nil
	}
	return e.brokerAt(e.serving)
}

// liveBrokers lists those that a broker takes for alive.
func (e *Engine) liveBrokers(b *broker) (list []BrokerMetadata) {
	for i := range e.brokers {
		o := &e.brokers[i]
		if b == nil && !o.fenced || b != nil && b.alive&o.bit() != 0 {
			list = append(list, BrokerMetadata{ID: o.id, Rack: o.rack})
		}
	}
	return list
}

// controllerFor is whom a broker takes for the controller.
func (e *Engine) controllerFor(b *broker) int32 {
	if b == nil {
		return e.controller
	}
	return b.believe
}

func (c *DescribeCluster) apply(e *Engine, from Session, tok Token) {
	b := e.asked()
	e.reply(from, tok, None, &DescribeClusterReply{e.controllerFor(b), e.liveBrokers(b)})
}

func (c *Metadata) apply(e *Engine, from Session, tok Token) {
	b := e.asked()
	names := c.Names
	if c.All {
		names = nil
		for _, t := range e.topics {
			if t != nil && t.knownTo(b) && e.describable(from, resTopic, t.name) {
				names = append(names, t.name)
			}
		}
		SortStrings(names)
	}
	body := &MetadataReply{Topics: make([]TopicMetadata, 0, len(names)), Brokers: e.liveBrokers(b), Controller: e.controllerFor(b)}
	for _, name := range names {
		m := TopicMetadata{Code: UnknownTopicOrPartition, Name: name}
		if code := e.denied(from, opDescribe, resTopic, name); code != None {
			m.Code = code
		} else if t := e.topicNamed(name); t != nil && t.knownTo(b) {
			m = TopicMetadata{Name: name, Topic: t.id, Internal: t.internal}
			m.Partitions = make([]PartitionMetadata, 0, len(t.partitions))
			for _, p := range t.partitions {
				m.Partitions = append(m.Partitions, e.partitionMetadata(p, b))
			}
		} else if !ValidTopicName(name) {
			m.Code = InvalidTopic
		}
		body.Topics = append(body.Topics, m)
	}
	e.reply(from, tok, None, body)
}

// knownTo: the broker has heard of the topic.
func (t *topic) knownTo(b *broker) bool {
	rep := t.partitions[0].rep
	return b == nil || rep == nil || rep.known(b) != nil
}

func (e *Engine) partitionMetadata(p *partition, b *broker) PartitionMetadata {
	if p.rep == nil {
		only := []int32{p.home}
		return PartitionMetadata{Leader: p.home, Replicas: only, ISR: only}
	}
	reg := p.rep.reg()
	if b != nil {
		reg = p.rep.known(b)
	}
	if reg == nil {
		return PartitionMetadata{Code: LeaderNotAvailable, Leader: -1}
	}
	m := PartitionMetadata{Leader: reg.leader, LeaderEpoch: reg.epoch, Replicas: reg.replicas, ISR: reg.isr}
	if leader := e.brokerAt(reg.leader); leader == nil || b != nil && b.alive&leader.bit() == 0 {
		m.Code, m.Leader = LeaderNotAvailable, -1
	}
	return m
}

func (c *OffsetForLeaderEpoch) apply(e *Engine, from Session, tok Token) {
	p := e.partitionAt(c.Topic, c.Partition)
	if p == nil {
		e.reply(from, tok, UnknownTopicOrPartition, nil)
		return
	}
	r, code := e.actingFor(p, &FetchPart{CheckEpoch: c.CheckEpoch, LeaderEpoch: c.Current})
	if code != None {
		e.reply(from, tok, code, nil)
		return
	}
	epochs, end := epochCache{{0, p.start}}, p.end
	if r != nil {
		epochs, end = r.epochs, r.leo
	}
	body := &OffsetForLeaderEpochReply{}
	body.Epoch, body.End = epochs.endFor(c.Epoch, end)
	e.reply(from, tok, None, body)
}
