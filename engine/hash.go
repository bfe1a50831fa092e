package engine

// Murmur2 is the hash that Kafka's Java client takes of a record's key: MurmurHash2
// of 32 bits with seed 0x9747b28c (org.apache.kafka.common.utils.Utils).
func Murmur2(key []byte) int32 {
	const m = 0x5bd1e995
	h := uint32(0x9747b28c) ^ uint32(len(key))
	for ; len(key) >= 4; key = key[4:] {
		k := uint32(key[0]) | uint32(key[1])<<8 | uint32(key[2])<<16 | uint32(key[3])<<24
		k *= m
		k ^= k >> 24
		h = h*m ^ k*m
	}
	switch len(key) {
	case 3:
		h ^= uint32(key[2]) << 16
		fallthrough
	case 2:
		h ^= uint32(key[1]) << 8
		fallthrough
	case 1:
		h = (h ^ uint32(key[0])) * m
	}
	h = (h ^ h>>13) * m
	return int32(h ^ h>>15)
}

// PartitionForKey is the partition, below partitions (at least 1), where the Java
// client's default partitioner puts a record with this key.
func PartitionForKey(key []byte, partitions int32) int32 {
	return Murmur2(key) & 0x7fffffff % partitions
}

// StringHash is Java's String.hashCode: 31*h + c over the UTF-16 code units of s.
func StringHash(s string) int32 {
	h := int32(0)
	for _, r := range s {
		if r > 0xffff { // a surrogate pair
			r -= 0x10000
			h = 31*h + (0xd800 | r>>10)
			r = 0xdc00 | r&0x3ff
		}
		h = 31*h + r
	}
	return h
}

// CoordinatorPartition is the partition of __consumer_offsets, or for a
// transactional id of __transaction_state, whose leader coordinates the group or
// the transactions called id. The topic has partitions of them, at least 1.
func CoordinatorPartition(id string, partitions int32) int32 {
	h := StringHash(id)
	if h < 0 {
		h = -h
	}
	if h < 0 {
		h = 0 // -2^31 has no positive counterpart; Kafka takes 0
	}
	return h % partitions
}
