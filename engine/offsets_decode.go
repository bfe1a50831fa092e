package engine

// OffsetsRecord is a record of OffsetsTopic as people can read it: a committed
// offset if Topic is set, else the metadata of a group.
type OffsetsRecord struct {
	Group   string
	Removed bool // a tombstone: what follows Topic and Partition is zero

	// A committed offset.
	Topic       string
	Partition   Partition
	Offset      Offset
	LeaderEpoch int32 // -1 if not known
	Metadata    string
	CommittedAt int64 // Unix milliseconds
	ExpiresAt   int64 // Unix milliseconds; -1 for the broker's retention, as nearly always

	// A group.
	ProtocolType string
	Protocol     string
	Generation   int32
	Leader       string
	StateSince   int64 // Unix milliseconds, -1 if not known
	Members      []OffsetsRecordMember
}

// OffsetsRecordMember is one member in the metadata of a group.
type OffsetsRecordMember struct {
	Member             string
	Instance           string
	ClientID           string
	Host               string
	RebalanceTimeoutMs int32
	SessionTimeoutMs   int32
	Subscription       []byte
	Assignment         []byte
}

// DecodeOffsetsRecord reads a key and a value of OffsetsTopic in any version before
// the flexible ones: OffsetCommitKey 0 and 1, OffsetCommitValue 0 to 3,
// GroupMetadataKey 2, GroupMetadataValue 0 to 3. The error is ErrConsumerProtocol.
func DecodeOffsetsRecord(key, value []byte) (OffsetsRecord, error) {
	k := protocolReader{b: key}
	version := k.int16()
	rec := OffsetsRecord{Group: k.string(), Removed: value == nil}
	v := protocolReader{b: value}
	switch version {
	case 0, offsetCommitKey:
		rec.Topic, rec.Partition = k.string(), Partition(k.int32())
		if value != nil {
			rec.readCommit(&v)
		}
	case groupMetadataKey:
		if value != nil {
			rec.readGroup(&v)
		}
	default:
		k.bad = true
	}
	if k.bad || v.bad || len(k.b)+len(v.b) > 0 {
		return OffsetsRecord{}, ErrConsumerProtocol
	}
	return rec, nil
}

func (rec *OffsetsRecord) readCommit(v *protocolReader) {
	version := v.int16()
	v.bad = v.bad || version < 0 || version > offsetCommitValue
	rec.LeaderEpoch, rec.ExpiresAt = -1, -1
	rec.Offset = Offset(v.int64())
	if version >= 3 {
		rec.LeaderEpoch = v.int32()
	}
	rec.Metadata, rec.CommittedAt = v.string(), v.int64()
	if version == 1 {
		rec.ExpiresAt = v.int64()
	}
}

func (rec *OffsetsRecord) readGroup(v *protocolReader) {
	version := v.int16()
	v.bad = v.bad || version < 0 || version > groupMetadataValue
	rec.StateSince = -1
	rec.ProtocolType, rec.Generation = v.string(), v.int32()
	rec.Protocol, rec.Leader = v.string(), v.string()
	if version >= 2 {
		rec.StateSince = v.int64()
	}
	for n := v.count(18); n > 0 && !v.bad; n-- {
		m := OffsetsRecordMember{Member: v.string()}
		if version >= 3 {
			m.Instance = v.string()
		}
		m.ClientID, m.Host = v.string(), v.string()
		if version >= 1 {
			m.RebalanceTimeoutMs = v.int32()
		}
		m.SessionTimeoutMs = v.int32()
		m.Subscription, m.Assignment = v.bytes(), v.bytes()
		rec.Members = append(rec.Members, m)
	}
}
