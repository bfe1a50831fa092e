package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/batch"
	"partita/web/host"
)

// ListOffsets: 0 to 10. 0 answers with a list of offsets, here of at most one; 1 with the
// offset and its timestamp, 2 adds the isolation level, 4 the leader epoch, 6 is flexible,
// 7 asks for the largest timestamp (-3, KIP-734), 8 for the first offset that is stored
// locally (-4), which is the log start offset here, 9 for the last tiered one (-5), which
// does not exist, 10 adds a timeout.
func init() { on(2, 0, 10, listOffsets) }

// Special timestamps of tiered storage, which nothing here uses.
const (
	timestampEarliestLocal = -4
	timestampLatestTiered  = -5
)

func listOffsets(c *call, q *kmsg.ListOffsetsRequest, a *kmsg.ListOffsetsResponse) {
	for i := range q.Topics {
		t := &q.Topics[i]
		var topic engine.TopicID
		replies := c.askAll(len(t.Partitions), func(d host.Desk, j int) engine.Command {
			view, _ := d.Engine().Topic(t.Topic)
			topic = view.ID
			return c.listOffset(topic, &t.Partitions[j], q.IsolationLevel == 1)
		})
		out := kmsg.ListOffsetsResponseTopic{Topic: t.Topic}
		for j := range t.Partitions {
			out.Partitions = append(out.Partitions, c.listedOffset(topic, &t.Partitions[j], &replies[j]))
		}
		a.Topics = append(a.Topics, out)
	}
}

func (c *call) listOffset(topic engine.TopicID, p *kmsg.ListOffsetsRequestTopicPartition, committed bool) engine.Command {
	cmd := &engine.ListOffsets{Topic: topic, Partition: engine.Partition(p.Partition), Timestamp: p.Timestamp,
		Committed: committed, CheckEpoch: p.CurrentLeaderEpoch >= 0, LeaderEpoch: p.CurrentLeaderEpoch}
	switch {
	case p.Timestamp == timestampEarliestLocal && c.version >= 8, p.Timestamp == timestampLatestTiered && c.version >= 9:
		cmd.Timestamp = engine.TimestampEarliest
	case p.Timestamp < engine.TimestampMax || p.Timestamp == engine.TimestampMax && c.version < 7:
		return nil
	}
	return cmd
}

func (c *call) listedOffset(topic engine.TopicID, p *kmsg.ListOffsetsRequestTopicPartition, r *engine.Reply) kmsg.ListOffsetsResponseTopicPartition {
	a := kmsg.NewListOffsetsResponseTopicPartition()
	a.Partition, a.Offset, a.Timestamp = p.Partition, -1, -1
	switch {
	case r.Token == 0:
		a.ErrorCode = int16(engine.UnsupportedVersion)
		return a
	}
	a.ErrorCode = int16(r.Code)
	if p.Timestamp == timestampLatestTiered {
		return a // there is none
	}
	if r.Code == engine.None {
		if r.Offset >= 0 && (p.Timestamp >= 0 || p.Timestamp == engine.TimestampMax) {
			c.lookInside(topic, p, r)
		}
		a.Offset, a.Timestamp = int64(r.Offset), int64(r.At)
		if c.version == 0 && p.MaxNumOffsets > 0 && r.Offset >= 0 {
			a.OldStyleOffsets = []int64{a.Offset}
		}
		if a.Offset >= 0 {
			c.look(func(e *engine.Engine) {
				view, _ := e.Partition(topic, engine.Partition(p.Partition))
				a.LeaderEpoch = view.LeaderEpoch
			})
		}
	}
	return a
}

// lookInside finds the very record in a compressed batch, of which the engine only knows
// its largest timestamp.
func (c *call) lookInside(topic engine.TopicID, p *kmsg.ListOffsetsRequestTopicPartition, r *engine.Reply) {
	var found []byte
	c.look(func(e *engine.Engine) { found, _ = e.Read(topic, engine.Partition(p.Partition), r.Offset, 1) })
	h, err := batch.Parse(found)
	if err != nil || h.Codec() == batch.None {
		return
	}
	least := p.Timestamp
	if least < 0 {
		least = h.MaxTimestamp
	}
	var rec batch.Record
	for it := batch.Records(Open(found)); it.Next(&rec); {
		offset := engine.Offset(h.BaseOffset) + engine.Offset(rec.OffsetDelta)
		if at := h.Timestamp(&rec); at >= least && offset >= r.Offset {
			r.Offset, r.At = offset, engine.Time(at)
			return
		}
	}
}
