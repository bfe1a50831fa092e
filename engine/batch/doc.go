// Package batch reads and writes Kafka's RecordBatch, message format v2 (KIP-98).
//
// The engine treats a batch as opaque bytes: it reads the 61-byte header, stamps
// the base offset and the partition leader epoch, which lie before the CRC's
// reach, and stores the rest as it came. Records are decoded only for those who
// look at them.
//
// Bytes handed in are never trusted. Every malformed input gives one of the
// errors of this package and none panics, except where a function says that it
// wants a batch that Parse has accepted.
//
// Slices handed out alias the bytes they were read from. Writing follows append:
// each function takes the slice to grow and returns it, so that a caller who
// reuses its buffers allocates nothing for a record.
package batch
