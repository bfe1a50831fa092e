package engine

// epochStart says at which offset a leader epoch begins in a log.
type epochStart struct {
	epoch int32
	start Offset
}

// epochCache lists the leader epochs of one replica's log in order, as Kafka's
// LeaderEpochFileCache (KIP-101).
type epochCache []epochStart

// latest is the newest epoch, -1 when there is none.
func (c epochCache) latest() int32 {
	if n := len(c); n > 0 {
		return c[n-1].epoch
	}
	return -1
}

// assign notes that an epoch begins at an offset. An epoch that goes on keeps its
// start; entries that this one contradicts, or that are empty, go.
func (c epochCache) assign(epoch int32, start Offset) epochCache {
	if n := len(c); n > 0 && c[n-1].epoch == epoch && c[n-1].start <= start {
		return c
	}
	for n := len(c); n > 0 && (c[n-1].epoch >= epoch || c[n-1].start >= start); n-- {
		c = c[:n-1]
	}
	return append(c[:len(c):len(c)], epochStart{epoch, start}) // a snapshot may share it
}

// endFor is the largest epoch not larger than the one asked for, and where it ends in a
// log that ends at end; -1 and -1 when the log cannot say.
func (c epochCache) endFor(epoch int32, end Offset) (int32, Offset) {
	if epoch < 0 || epoch > c.latest() {
		return -1, -1
	}
	if epoch == c.latest() {
		return epoch, end
	}
	i := 0
	for c[i].epoch <= epoch {
		i++
	}
	if i == 0 {
		return epoch, c[0].start
	}
	return c[i-1].epoch, c[i].start
}

// cutEnd forgets what begins at end or later.
func (c epochCache) cutEnd(end Offset) epochCache {
	n := len(c)
	for n > 0 && c[n-1].start >= end {
		n--
	}
	return c[:n]
}

// cutStart forgets what ends at or before start, the new log start offset.
func (c epochCache) cutStart(start Offset) epochCache {
	i := 0
	for i+1 < len(c) && c[i+1].start <= start {
		i++
	}
	if len(c) == 0 || c[i].start >= start {
		return c[i:]
	}
	cut := append(epochCache(nil), c[i:]...)
	cut[0].start = start
	return cut
}

// follow takes over the epochs of the records from..to of another log.
func (c epochCache) follow(other epochCache, from, to Offset) epochCache {
	for i := range other {
		if last := i+1 == len(other); other[i].start < to && (last || other[i+1].start > from) {
			c = c.assign(other[i].epoch, max(other[i].start, from))
		}
	}
	return c
}
