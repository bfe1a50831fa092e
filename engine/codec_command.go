package engine

// AppendCommand appends a command as bytes.
func AppendCommand(dst []byte, c Command) []byte {
	at := len(dst)
	w := wire{b: append(dst, 0)}
	key := w.command(c)
	w.b[at] = key
	return w.b
}

// DecodeCommand reads what AppendCommand wrote. Fields of bytes alias b. It trusts
// nothing: whatever b claims, no more is allocated than a small multiple of its
// length. The error is ErrCodec.
func DecodeCommand(b []byte) (Command, error) {
	key, w := reader(b)
	c := newCommand(key)
	if c == nil {
		return nil, ErrCodec
	}
	if w.command(c); !w.done() {
		return nil, ErrCodec
	}
	return c, nil
}

func newCommand(key byte) Command {
	switch key {
	case keyProduce:
		return new(Produce)
	case keyFetch:
		return new(Fetch)
	case keyListOffsets:
		return new(ListOffsets)
	case keyMetadata:
		return new(Metadata)
	case keyOffsetCommit:
		return new(OffsetCommit)
	case keyOffsetFetch:
		return new(OffsetFetch)
	case keyJoinGroup:
		return new(JoinGroup)
	case keyHeartbeat:
		return new(Heartbeat)
	case keyLeaveGroup:
		return new(LeaveGroup)
	case keySyncGroup:
		return new(SyncGroup)
	case keyDescribeGroups:
		return new(DescribeGroups)
	case keyFindCoordinator:
		return new(FindCoordinator)
	case keyLeaderEpoch:
		return new(OffsetForLeaderEpoch)
	case keyConsumerBeat:
		return new(ConsumerGroupHeartbeat)
	case keyConsumerDescribe:
		return new(ConsumerGroupDescribe)
	case keyShareBeat:
		return new(ShareGroupHeartbeat)
	case keyShareDescribe:
		return new(ShareGroupDescribe)
	case keyShareFetch:
		return new(ShareFetch)
	case keyShareAck:
		return new(ShareAcknowledge)
	}
	return nil
}

// command walks the fields of any command and gives its key.
func (w *wire) command(c Command) byte {
	switch c := c.(type) {
	case *Produce:
		num(w, &c.Topic)
		num(w, &c.Partition)
		num(w, &c.Acks)
		w.bytes(&c.Batch)
		num(w, &c.TimeoutMs)
		w.text(&c.TransactionalID)
		num(w, &c.Version)
		return keyProduce
	case *Fetch:
		c.fields(w)
		return keyFetch
	case *ListOffsets:
		num(w, &c.Topic)
		num(w, &c.Partition)
		num(w, &c.Timestamp)
		w.flag(&c.Committed)
		w.flag(&c.CheckEpoch)
		num(w, &c.LeaderEpoch)
		return keyListOffsets
	case *Metadata:
		w.flag(&c.All)
		w.texts(&c.Names)
		return keyMetadata
	case *FindCoordinator:
		w.text(&c.Key)
		w.flag(&c.Transactional)
		return keyFindCoordinator
	case *OffsetForLeaderEpoch:
		num(w, &c.Topic)
		num(w, &c.Partition)
		num(w, &c.Epoch)
		w.flag(&c.CheckEpoch)
		num(w, &c.Current)
		return keyLeaderEpoch
	case *ShareFetch:
		w.text(&c.Group)
		w.text(&c.Member)
		num(w, &c.SessionEpoch)
		num(w, &c.MaxWaitMs)
		num(w, &c.MinBytes)
		num(w, &c.MaxBytes)
		num(w, &c.MaxRecords)
		w.shares(&c.Parts)
		w.owned(&c.Forget)
		return keyShareFetch
	case *ShareAcknowledge:
		w.text(&c.Group)
		w.text(&c.Member)
		num(w, &c.SessionEpoch)
		w.shares(&c.Parts)
		return keyShareAck
	}
	return w.groupCommand(c)
}

func (w *wire) groupCommand(c Command) byte {
	switch c := c.(type) {
	case *JoinGroup:
		c.fields(w)
		return keyJoinGroup
	case *SyncGroup:
		c.fields(w)
		return keySyncGroup
	case *Heartbeat:
		w.member(&c.Group, &c.Member, &c.Instance)
		num(w, &c.Generation)
		return keyHeartbeat
	case *LeaveGroup:
		w.text(&c.Group)
		l := list(w, &c.Members, 3)
		for i := range l {
			w.member(&l[i].Member, &l[i].Instance, &l[i].Reason)
		}
		return keyLeaveGroup
	case *OffsetCommit:
		c.fields(w)
		return keyOffsetCommit
	case *OffsetFetch:
		w.text(&c.Group)
		w.flag(&c.All)
		l := list(w, &c.Partitions, 2)
		for i := range l {
			w.text(&l[i].Topic)
			num(w, &l[i].Partition)
		}
		w.flag(&c.RequireStable)
		w.text(&c.Member)
		num(w, &c.Epoch)
		return keyOffsetFetch
	case *DescribeGroups:
		w.texts(&c.Groups)
		return keyDescribeGroups
	case *ConsumerGroupHeartbeat:
		c.fields(w)
		return keyConsumerBeat
	case *ConsumerGroupDescribe:
		w.texts(&c.Groups)
		return keyConsumerDescribe
	case *ShareGroupDescribe:
		w.texts(&c.Groups)
		return keyShareDescribe
	case *ShareGroupHeartbeat:
		w.text(&c.Group)
		w.text(&c.Member)
		num(w, &c.Epoch)
		w.member(&c.Rack, &c.ClientID, &c.Host)
		w.texts(&c.Topics)
		return keyShareBeat
	}
	panic("engine: a command without a codec")
}

func (c *Fetch) fields(w *wire) {
	l := list(w, &c.Parts, 6)
	for i := range l {
		num(w, &l[i].Topic)
		num(w, &l[i].Partition)
		num(w, &l[i].Offset)
		num(w, &l[i].MaxBytes)
		w.flag(&l[i].CheckEpoch)
		num(w, &l[i].LeaderEpoch)
	}
	num(w, &c.MinBytes)
	num(w, &c.MaxBytes)
	num(w, &c.MaxWaitMs)
	w.flag(&c.Committed)
	w.text(&c.Rack)
}

func (c *JoinGroup) fields(w *wire) {
	w.member(&c.Group, &c.Member, &c.Instance)
	w.member(&c.ClientID, &c.Host, &c.ProtocolType)
	l := list(w, &c.Protocols, 2)
	for i := range l {
		w.text(&l[i].Name)
		w.bytes(&l[i].Metadata)
	}
	num(w, &c.SessionTimeoutMs)
	num(w, &c.RebalanceTimeoutMs)
	num(w, &c.Version)
}

func (c *SyncGroup) fields(w *wire) {
	w.member(&c.Group, &c.Member, &c.Instance)
	num(w, &c.Generation)
	w.text(&c.ProtocolType)
	w.text(&c.Protocol)
	l := list(w, &c.Assignments, 2)
	for i := range l {
		w.text(&l[i].Member)
		w.bytes(&l[i].Bytes)
	}
}

func (c *OffsetCommit) fields(w *wire) {
	w.member(&c.Group, &c.Member, &c.Instance)
	num(w, &c.Generation)
	l := list(w, &c.Offsets, 5)
	for i := range l {
		o := &l[i]
		w.text(&o.Topic)
		num(w, &o.Partition)
		num(w, &o.Offset)
		num(w, &o.LeaderEpoch)
		w.text(&o.Metadata)
	}
	num(w, &c.Version)
}

// member is three texts, as a group, a member id and an instance id.
func (w *wire) member(a, b, c *string) {
	w.text(a)
	w.text(b)
	w.text(c)
}

func (c *ConsumerGroupHeartbeat) fields(w *wire) {
	w.member(&c.Group, &c.Member, &c.Instance)
	num(w, &c.Epoch)
	w.member(&c.Rack, &c.ClientID, &c.Host)
	num(w, &c.RebalanceTimeoutMs)
	w.flag(&c.Subscribed)
	w.texts(&c.Topics)
	w.text(&c.Regex)
	w.text(&c.Assignor)
	w.flag(&c.Owns)
	w.owned(&c.Owned)
}

func (w *wire) owned(topics *[]OwnedTopic) {
	l := list(w, topics, 2)
	for i := range l {
		num(w, &l[i].Topic)
		nums(w, &l[i].Partitions)
	}
}

func (w *wire) shares(parts *[]SharePart) {
	l := list(w, parts, 3)
	for i := range l {
		num(w, &l[i].Topic)
		num(w, &l[i].Partition)
		acks := list(w, &l[i].Acks, 3)
		for j := range acks {
			num(w, &acks[j].First)
			num(w, &acks[j].Last)
			nums(w, &acks[j].Types)
		}
	}
}
