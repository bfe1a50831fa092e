package engine

// coordinatorPartition is the partition of OffsetsTopic that a group's records go
// to: Java's String.hashCode over UTF-16 code units, without its sign.
func coordinatorPartition(group string, partitions int32) int32 {
	h := int32(0)
	for _, r := range group {
		if r > 0xffff {
			r -= 0x10000
			h = 31*h + 0xd800 + r>>10
			r = 0xdc00 + r&0x3ff
		}
		h = 31*h + r
	}
	if h == -1<<31 {
		return 0
	}
	return max(h, -h) % partitions
}
