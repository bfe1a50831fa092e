package engine

import (
	"strconv"

	"partita/engine/batch"
)

// ShareStateTopic is the internal topic in which share groups keep what they know of
// their partitions (KIP-932).
const ShareStateTopic = "__share_group_state"

// Types of its records (apiKey of Kafka's schemas ShareSnapshotKey and ShareUpdateKey),
// and how many updates follow a snapshot (share.coordinator.snapshot.update.records.per.snapshot).
const (
	shareSnapshotKey        = 0
	shareUpdateKey          = 1
	shareUpdatesPerSnapshot = 500
)

// shareStateTopic is made when a share group first needs it. It is not compacted, for an
// update says only what has changed; in Kafka too its old records are deleted once there
// is a newer snapshot of each partition.
func (e *Engine) shareStateTopic() *topic {
	if e.shareStates == 0 {
		c := e.internalConfig(brkShareSegmentBytes)
		c.value[setCleanupPolicy] = policyDelete
		c.value[setRetentionMs], c.set[setRetentionMs] = -1, true
		c.value[setRetentionBytes], c.set[setRetentionBytes] = -1, true
		e.shareStates = e.makeTopic(0, ShareStateTopic, int32(e.broker.value[brkSharePartitions]), e.broker.value[brkShareReplication], nil, c, true).id
	}
	return e.topics[e.shareStates]
}

// shareLog is where the state of one partition of a share group goes: the coordinator's
// key is group, topic id and partition.
func (e *Engine) shareLog(g *group, at place) *partition {
	t := e.shareStateTopic()
	id := TopicUUID(at.topic())
	key := g.name + ":" + base64URL(id[:]) + ":" + strconv.Itoa(int(at.partition()))
	return t.partitions[CoordinatorPartition(key, int32(len(t.partitions)))]
}

// base64URL is how Kafka writes topic ids: without padding.
func base64URL(b []byte) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	var out []byte
	bits, n := uint32(0), 0
	for _, c := range b {
		bits, n = bits<<8|uint32(c), n+8
		for ; n >= 6; n -= 6 {
			out = append(out, digits[bits>>(n-6)&63])
		}
	}
	if n > 0 {
		out = append(out, digits[bits<<(6-n)&63])
	}
	return string(out)
}

// writeShare stores the start offset and the states from one offset to another: as an
// update, or as a snapshot of everything when there has been none for a while.
func (e *Engine) writeShare(g *group, sp *sharePartition, from, to Offset) {
	if !e.served(e.shareLog(g, sp.at)) {
		sp.dirty = true // rewriteShares does it
		return
	}
	w := &e.writer
	kind := uint16(shareUpdateKey)
	if sp.updates++; sp.dirty || sp.snapshots == 0 || sp.updates > shareUpdatesPerSnapshot {
		sp.dirty = false
		kind, sp.updates = shareSnapshotKey, 0
		sp.snapshots++
		from, to = sp.start, sp.end()
	}
	v := appendInt32(w.version0(), int32(sp.snapshots))
	if kind == shareSnapshotKey {
		v = batch.AppendUint32(v, 0) // state epoch
	}
	v = appendInt32(v, int32(sp.leaderEpoch))
	v = appendInt64(v, int64(sp.start))
	if kind == shareSnapshotKey {
		v = appendInt64(v, int64(e.now)) // made
		v = appendInt64(v, int64(e.now)) // written
	}
	n := 0
	var list []byte
	sp.runs(from, to, sameState, func(first, end Offset, r *shareRecord) {
		if r.state == ShareAcquired { // locks are not stored
			return
		}
		n++
		list = appendInt64(appendInt64(list, int64(first)), int64(end-1))
		list = append(list, byte(r.state), byte(r.deliveries>>8), byte(r.deliveries), 0)
	})
	v = append(appendCount(v, n), list...)
	w.value = append(v, 0)
	e.putShare(g, sp, kind, w.value)
	if kind == shareSnapshotKey {
		e.pruneShares(g, sp)
	}
}

// pruneShares lets go of what lies before the last snapshots in the log to which sp has
// just written one. Kafka does so every share.coordinator.state.topic.prune.interval.ms.
func (e *Engine) pruneShares(g *group, sp *sharePartition) {
	p := e.shareLog(g, sp.at)
	sp.snapshotAt = p.end - 1
	least := p.highWatermark()
	for _, g := range e.groups {
		if g == nil {
			continue
		}
		for _, sp := range g.shares {
			if e.shareLog(g, sp.at) == p {
				least = min(least, sp.snapshotAt)
			}
		}
	}
	if was := p.start; least > was {
		p.start = least
		e.moveLogStart(0, p, was)
	}
}

// putShare appends one record to the share state topic; a nil value is a tombstone.
func (e *Engine) putShare(g *group, sp *sharePartition, kind uint16, value []byte) {
	e.shareKey(g, sp, kind)
	e.appendShare(e.shareLog(g, sp.at), value)
}

// shareKey makes a record's key, in the writer.
func (e *Engine) shareKey(g *group, sp *sharePartition, kind uint16) []byte {
	w := &e.writer
	id := TopicUUID(sp.at.topic())
	w.key = append(appendShortString(batch.AppendUint16(w.key[:0], kind), g.name), id[:]...)
	w.key = appendInt32(w.key, int32(sp.at.partition()))
	return w.key
}

// appendShare appends a record with the writer's key.
func (e *Engine) appendShare(log *partition, value []byte) {
	w := &e.writer
	w.begin()
	w.b.Add(int64(e.now), w.key, value, nil)
	w.batch = w.b.Finish()
	e.append(0, log, w.batch, &w.b.Header)
}

// forgetShares drops the state of a share group that is deleted, or that of one topic.
func (e *Engine) forgetShares(g *group, topic TopicID) {
	var left []*sharePartition
	for _, sp := range g.shares {
		if topic == 0 || sp.at.topic() == topic {
			e.putShare(g, sp, shareSnapshotKey, nil)
		} else {
			left = append(left, sp)
		}
	}
	g.shares = left
}
