package batch

import "errors"

// What can be wrong with bytes that should be a batch. Compare with ==; the
// errors are never wrapped.
var (
	// ErrShort: the bytes end before the batch does.
	ErrShort = errors.New("record batch: bytes end early")
	// ErrMagic: not message format v2. Formats 0 and 1 (before Kafka 0.11) are
	// recognised by this error and not read.
	ErrMagic = errors.New("record batch: magic is not 2")
	// ErrLength: the length field is smaller than the header that it must count,
	// or so large that no batch can have it.
	ErrLength = errors.New("record batch: impossible length")
	// ErrCRC: the checksum does not match the bytes.
	ErrCRC = errors.New("record batch: wrong CRC")
	// ErrCodec: the compression bits name no codec of Kafka's.
	ErrCodec = errors.New("record batch: unknown compression codec")
	// ErrCompressed: the records are compressed, so they cannot be read here.
	ErrCompressed = errors.New("record batch: records are compressed")
	// ErrCount: the record count disagrees with the records or with the last
	// offset delta.
	ErrCount = errors.New("record batch: wrong record count")
	// ErrRecord: a record's fields do not fill its length.
	ErrRecord = errors.New("record batch: malformed record")
	// ErrVarint: a varint is longer than 5 bytes, or a varlong longer than 10.
	ErrVarint = errors.New("record batch: varint is too long")
	// ErrHeader: a record has a negative number of headers, or a header whose key
	// is null.
	ErrHeader = errors.New("record batch: malformed record header")
	// ErrTrailing: bytes follow where the batch or its records should end.
	ErrTrailing = errors.New("record batch: trailing bytes")
	// ErrOffsetDelta: the records that a producer sent are not numbered 0, 1, 2
	// and so on.
	ErrOffsetDelta = errors.New("record batch: offset deltas are not consecutive")
	// ErrControl: not an end-of-transaction marker.
	ErrControl = errors.New("record batch: not an end-of-transaction marker")
)
