package engine

import "slices"

// need is what a session must be allowed to do for a command.
type need struct{ op, resource, name string }

// need says what a whole command takes, by Kafka's table of operations and resources in
// protocols. Commands that ask about many things look at each themselves, and so does
// one that stands here with nothing: Metadata, the descriptions and lists, DeleteGroups.
// What an operator does to machines takes no permission, for it is not the brokers' to
// give.
func (e *Engine) need(cmd Command) need {
	switch c := cmd.(type) {
	case *Produce:
		return need{opWrite, resTopic, e.TopicName(c.Topic)}
	case *ListOffsets:
		return need{opDescribe, resTopic, e.TopicName(c.Topic)}
	case *OffsetForLeaderEpoch:
		return need{opDescribe, resTopic, e.TopicName(c.Topic)}
	case *DescribeProducers:
		return need{opRead, resTopic, e.TopicName(c.Topic)}
	case *DeleteRecords:
		return need{opDelete, resTopic, e.TopicName(c.Topic)}
	case *CreateTopic:
		return need{opCreate, resTopic, c.Name}
	case *DeleteTopic:
		return need{opDelete, resTopic, c.Name}
	case *CreatePartitions:
		return need{opAlter, resTopic, c.Name}
	case *AlterConfig:
		return need{opAlterConfigs, resTopic, c.Topic}
	case *DescribeConfigs:
		return need{opDescribeConfigs, resTopic, c.Topic}
	case *InitProducerID:
		if c.TransactionalID == "" {
			return need{opIdempotentWrite, resCluster, clusterName}
		}
		return need{opWrite, resTxn, c.TransactionalID}
	case *AddPartitionsToTxn:
		return need{opWrite, resTxn, c.TransactionalID}
	case *AddOffsetsToTxn:
		return need{opWrite, resTxn, c.TransactionalID}
	case *TxnOffsetCommit:
		return need{opWrite, resTxn, c.TransactionalID}
	case *EndTxn:
		return need{opWrite, resTxn, c.TransactionalID}
	case *FindCoordinator:
		if c.Transactional {
			return need{opDescribe, resTxn, c.Key}
		}
		return need{opDescribe, resGroup, c.Key}
	case *AlterBrokerConfig, *AlterQuotas:
		return need{opAlterConfigs, resCluster, clusterName}
	case *DescribeBrokerConfigs, *DescribeQuotas:
		return need{opDescribeConfigs, resCluster, clusterName}
	case *ElectLeaders, *AlterReassignments, *CreateACLs, *DeleteACLs:
		return need{opAlter, resCluster, clusterName}
	case *ListReassignments, *DescribeACLs:
		return need{opDescribe, resCluster, clusterName}
	}
	return groupNeed(cmd)
}

func groupNeed(cmd Command) need {
	op, group := opRead, ""
	switch c := cmd.(type) {
	case *JoinGroup:
		group = c.Group
	case *SyncGroup:
		group = c.Group
	case *Heartbeat:
		group = c.Group
	case *LeaveGroup:
		group = c.Group
	case *OffsetCommit:
		group = c.Group
	case *ConsumerGroupHeartbeat:
		group = c.Group
	case *ShareGroupHeartbeat:
		group = c.Group
	case *ShareFetch:
		group = c.Group
	case *ShareAcknowledge:
		group = c.Group
	case *OffsetFetch:
		op, group = opDescribe, c.Group
	case *OffsetDelete:
		op, group = opDelete, c.Group
	case *AlterGroupConfig:
		op, group = opAlterConfigs, c.Group
	case *DescribeGroupConfig:
		op, group = opDescribeConfigs, c.Group
	}
	return need{op, resGroup, group}
}

// refused answers a command that its session may not give. A Fetch that may read some
// partitions only is replaced by one that knows it.
func (e *Engine) refused(from Session, tok Token, cmd *Command) bool {
	n := e.need(*cmd)
	code := None
	switch c := (*cmd).(type) {
	case *CreateTopic:
		if e.allowed(from, opCreate, resCluster, clusterName) {
			n.name = ""
		}
	case *InitProducerID:
		if c.TransactionalID == "" && e.allowedAny(from, opWrite, resTopic) {
			n.name = ""
		}
	case *Fetch:
		*cmd = e.readable(from, c)
	}
	if n.name != "" {
		code = e.denied(from, n.op, n.resource, n.name)
	}
	if code == None {
		code = e.refusedToo(from, *cmd)
	}
	if code == None {
		return false
	}
	if c, ok := (*cmd).(*Produce); !ok || c.Acks != 0 {
		e.reply(from, tok, code, nil)
	}
	return true
}

// refusedToo is about what a command takes besides: all topics of a subscription, the
// group of a transaction, the transactional id of records.
func (e *Engine) refusedToo(from Session, cmd Command) (code Code) {
	switch c := cmd.(type) {
	case *Produce:
		if c.TransactionalID != "" {
			code = e.denied(from, opWrite, resTxn, c.TransactionalID)
		}
	case *AddOffsetsToTxn:
		code = e.denied(from, opRead, resGroup, c.Group)
	case *TxnOffsetCommit:
		code = e.denied(from, opRead, resGroup, c.Group)
	case *ConsumerGroupHeartbeat:
		for i := 0; i < len(c.Topics) && code == None; i++ {
			code = e.denied(from, opDescribe, resTopic, c.Topics[i])
		}
	case *ShareGroupHeartbeat:
		for i := 0; i < len(c.Topics) && code == None; i++ {
			code = e.denied(from, opDescribe, resTopic, c.Topics[i])
		}
	case *ShareFetch:
		code = e.deniedParts(from, c.Parts)
	case *ShareAcknowledge:
		code = e.deniedParts(from, c.Parts)
	}
	return code
}

func (e *Engine) deniedParts(from Session, parts []SharePart) (code Code) {
	for i := 0; i < len(parts) && code == None; i++ {
		if name := e.TopicName(parts[i].Topic); name != "" {
			code = e.denied(from, opRead, resTopic, name)
		}
	}
	return code
}

// readable marks the partitions that a session may not read.
func (e *Engine) readable(from Session, c *Fetch) *Fetch {
	marked := *c
	marked.Parts = append([]FetchPart(nil), c.Parts...)
	for i := range marked.Parts {
		f := &marked.Parts[i]
		if name := e.TopicName(f.Topic); name != "" {
			f.denied = e.denied(from, opRead, resTopic, name) != None
		}
	}
	return &marked
}

// describable tells whether a list may name the resource; nobody is told otherwise.
func (e *Engine) describable(from Session, resource, name string) bool {
	return !e.authorizing || e.allowed(from, opDescribe, resource, name)
}

// Operations are what a session may do with a resource, a bit for each by Kafka's number of
// the operation (KIP-430).
func (e *Engine) Operations(from Session, resource, name string) (bits int32) {
	of := []string{opRead, opDescribe, opDelete, opDescribeConfigs, opAlterConfigs}
	switch resource {
	case resTopic:
		of = append(of, opWrite, opCreate, opAlter)
	case resCluster:
		of, name = []string{opCreate, opClusterAction, opDescribeConfigs, opAlterConfigs, opIdempotentWrite, opAlter, opDescribe}, clusterName
	}
	for _, op := range of {
		if !e.authorizing || e.allowed(from, op, resource, name) {
			bits |= 1 << (2 + slices.Index(aclOperations, op))
		}
	}
	return bits
}
