package engine

// AppendReply appends a reply as bytes, all but To: the connection tells.
func AppendReply(dst []byte, r *Reply) []byte {
	at := len(dst)
	w := wire{b: append(dst, 0)}
	w.head(r)
	key := w.body(r.Body)
	w.b[at] = key
	return w.b
}

// DecodeReply reads what AppendReply wrote. Fields of bytes alias b. It trusts
// nothing: whatever b claims, no more is allocated than a small multiple of its
// length. The error is ErrCodec.
func DecodeReply(b []byte) (Reply, error) {
	var r Reply
	key, w := reader(b)
	w.head(&r)
	if key != keyNone {
		if r.Body = newBody(key); r.Body == nil {
			return Reply{}, ErrCodec
		}
	}
	if w.body(r.Body); !w.done() {
		return Reply{}, ErrCodec
	}
	return r, nil
}

// head walks what every reply has. The token is any 64 bits.
func (w *wire) head(r *Reply) {
	token := int64(r.Token)
	num(w, &token)
	r.Token = Token(token)
	num(w, &r.Code)
	num(w, &r.Offset)
	num(w, &r.At)
	num(w, &r.ThrottleMs)
	w.text(&r.Reason)
}

func newBody(key byte) Body {
	switch key {
	case keyFetch:
		return new(FetchReply)
	case keyMetadata:
		return new(MetadataReply)
	case keyOffsetCommit:
		return new(OffsetCommitReply)
	case keyOffsetFetch:
		return new(OffsetFetchReply)
	case keyJoinGroup:
		return new(JoinGroupReply)
	case keyLeaveGroup:
		return new(LeaveGroupReply)
	case keySyncGroup:
		return new(SyncGroupReply)
	case keyDescribeGroups:
		return new(DescribeGroupsReply)
	case keyFindCoordinator:
		return new(FindCoordinatorReply)
	case keyLeaderEpoch:
		return new(OffsetForLeaderEpochReply)
	case keyConsumerBeat:
		return new(ConsumerGroupHeartbeatReply)
	case keyConsumerDescribe:
		return new(ConsumerGroupDescribeReply)
	case keyShareFetch:
		return new(ShareFetchReply)
	case keyShareAck:
		return new(ShareAcknowledgeReply)
	}
	return nil
}

// body walks the fields of any body and gives its key.
func (w *wire) body(b Body) byte {
	switch b := b.(type) {
	case nil:
		return keyNone
	case *FetchReply:
		b.fields(w)
		return keyFetch
	case *MetadataReply:
		b.fields(w)
		return keyMetadata
	case *FindCoordinatorReply:
		num(w, &b.Broker)
		return keyFindCoordinator
	case *OffsetForLeaderEpochReply:
		num(w, &b.Epoch)
		num(w, &b.End)
		return keyLeaderEpoch
	case *ShareFetchReply:
		b.fields(w)
		return keyShareFetch
	case *ShareAcknowledgeReply:
		nums(w, &b.Codes)
		return keyShareAck
	}
	return w.groupBody(b)
}

func (w *wire) groupBody(b Body) byte {
	switch b := b.(type) {
	case *JoinGroupReply:
		b.fields(w)
		return keyJoinGroup
	case *SyncGroupReply:
		w.text(&b.ProtocolType)
		w.text(&b.Protocol)
		w.bytes(&b.Assignment)
		return keySyncGroup
	case *LeaveGroupReply:
		l := list(w, &b.Members, 3)
		for i := range l {
			w.text(&l[i].Member)
			w.text(&l[i].Instance)
			num(w, &l[i].Code)
		}
		return keyLeaveGroup
	case *OffsetCommitReply:
		nums(w, &b.Codes)
		return keyOffsetCommit
	case *OffsetFetchReply:
		b.fields(w)
		return keyOffsetFetch
	case *DescribeGroupsReply:
		l := list(w, &b.Groups, 8)
		for i := range l {
			l[i].fields(w)
		}
		return keyDescribeGroups
	case *ConsumerGroupHeartbeatReply:
		w.text(&b.Member)
		num(w, &b.Epoch)
		num(w, &b.HeartbeatIntervalMs)
		w.flag(&b.Assigned)
		w.owned(&b.Assignment)
		return keyConsumerBeat
	case *ConsumerGroupDescribeReply:
		b.fields(w)
		return keyConsumerDescribe
	}
	panic("engine: a reply body without a codec")
}

func (b *FetchReply) fields(w *wire) {
	l := list(w, &b.Parts, 11)
	for i := range l {
		p := &l[i]
		num(w, &p.Topic)
		num(w, &p.Partition)
		num(w, &p.Code)
		num(w, &p.HighWatermark)
		num(w, &p.LastStableOffset)
		num(w, &p.LogStartOffset)
		w.bytes(&p.Records)
		aborted := list(w, &p.Aborted, 2)
		for j := range aborted {
			num(w, &aborted[j].ProducerID)
			num(w, &aborted[j].First)
		}
		num(w, &p.Preferred)
		num(w, &p.LeaderEpoch)
		num(w, &p.Leader)
	}
}

func (b *MetadataReply) fields(w *wire) {
	l := list(w, &b.Topics, 5)
	for i := range l {
		t := &l[i]
		num(w, &t.Code)
		w.text(&t.Name)
		num(w, &t.Topic)
		w.flag(&t.Internal)
		parts := list(w, &t.Partitions, 5)
		for j := range parts {
			p := &parts[j]
			num(w, &p.Code)
			num(w, &p.Leader)
			num(w, &p.LeaderEpoch)
			nums(w, &p.Replicas)
			nums(w, &p.ISR)
		}
	}
	brokers := list(w, &b.Brokers, 2)
	for i := range brokers {
		num(w, &brokers[i].ID)
		w.text(&brokers[i].Rack)
	}
	num(w, &b.Controller)
}

func (b *JoinGroupReply) fields(w *wire) {
	w.text(&b.Member)
	num(w, &b.Generation)
	w.member(&b.ProtocolType, &b.Protocol, &b.Leader)
	w.flag(&b.SkipAssignment)
	l := list(w, &b.Members, 3)
	for i := range l {
		w.text(&l[i].Member)
		w.text(&l[i].Instance)
		w.bytes(&l[i].Metadata)
	}
}

func (b *OffsetFetchReply) fields(w *wire) {
	l := list(w, &b.Offsets, 6)
	for i := range l {
		o := &l[i]
		w.text(&o.Topic)
		num(w, &o.Partition)
		num(w, &o.Code)
		num(w, &o.Offset)
		num(w, &o.LeaderEpoch)
		w.text(&o.Metadata)
	}
}

func (g *DescribedGroup) fields(w *wire) {
	num(w, &g.Code)
	w.member(&g.Group, &g.State, &g.ProtocolType)
	w.text(&g.Protocol)
	num(w, &g.Generation)
	w.text(&g.Leader)
	l := list(w, &g.Members, 6)
	for i := range l {
		m := &l[i]
		w.member(&m.Member, &m.Instance, &m.ClientID)
		w.text(&m.Host)
		w.bytes(&m.Metadata)
		w.bytes(&m.Assignment)
	}
}

func (b *ConsumerGroupDescribeReply) fields(w *wire) {
	l := list(w, &b.Groups, 7)
	for i := range l {
		g := &l[i]
		num(w, &g.Code)
		w.member(&g.Group, &g.State, &g.Assignor)
		num(w, &g.Epoch)
		num(w, &g.AssignmentEpoch)
		members := list(w, &g.Members, 11)
		for j := range members {
			m := &members[j]
			w.member(&m.Member, &m.Instance, &m.Rack)
			w.member(&m.ClientID, &m.Host, &m.Regex)
			num(w, &m.Epoch)
			w.texts(&m.Topics)
			w.owned(&m.Assignment)
			w.owned(&m.Target)
			w.flag(&m.Classic)
		}
	}
}

func (b *ShareFetchReply) fields(w *wire) {
	l := list(w, &b.Parts, 6)
	for i := range l {
		p := &l[i]
		num(w, &p.Topic)
		num(w, &p.Partition)
		num(w, &p.Code)
		num(w, &p.AckCode)
		w.bytes(&p.Records)
		runs := list(w, &p.Acquired, 3)
		for j := range runs {
			num(w, &runs[j].First)
			num(w, &runs[j].Last)
			num(w, &runs[j].Deliveries)
		}
	}
	num(w, &b.LockTimeoutMs)
}
