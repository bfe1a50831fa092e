package batch

// EndTxn is the marker that ends a producer's transaction in a partition.
type EndTxn struct {
	Commit           bool  // else abort
	CoordinatorEpoch int32 // of the transaction coordinator that wrote it
}

// AppendEndTxn appends a control batch with one end-of-transaction marker, dated
// timestamp. Base offset and leader epoch are stamped as for any other batch.
func AppendEndTxn(dst []byte, producerID int64, producerEpoch int16, timestamp int64, m EndTxn) []byte {
	key := [4]byte{} // int16 version 0, int16 type
	if m.Commit {
		key[3] = 1
	}
	value := [6]byte{} // int16 version 0, int32 coordinator epoch
	PutUint32(value[2:], uint32(m.CoordinatorEpoch))
	var b Builder
	b.Reset(dst)
	b.Header.Attributes = Transactional | Control
	b.Header.ProducerID, b.Header.ProducerEpoch = producerID, producerEpoch
	b.Add(timestamp, key[:], value[:], nil)
	return b.Finish()
}

// ParseEndTxn reads the marker from the record of a control batch. Later versions
// of key and value may be longer. Any other control record gives ErrControl.
func ParseEndTxn(r *Record) (EndTxn, error) {
	if len(r.Key) < 4 || len(r.Value) < 6 || int16(Uint16(r.Key)) < 0 || int16(Uint16(r.Value)) < 0 {
		return EndTxn{}, ErrControl
	}
	kind := Uint16(r.Key[2:])
	if kind > 1 {
		return EndTxn{}, ErrControl
	}
	return EndTxn{kind == 1, int32(Uint32(r.Value[2:]))}, nil
}
