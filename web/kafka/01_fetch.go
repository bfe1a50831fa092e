package kafka

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/web/host"
)

// Fetch: 0 to 17. 0 and 1 get message sets of magic 0, 2 and 3 of magic 1, which are
// converted down; 3 bounds the whole response, 4 has record batches, the isolation level
// and aborted transactions, 5 the log start offset, 7 fetch sessions (KIP-227), 9 the
// client's leader epoch, 10 allows zstd, 11 the client's rack and the preferred replica
// (KIP-392), 12 is flexible and has the current leader (KIP-951), 13 topic ids instead of
// names, 15 moves the replica id, which clients do not have, and 17 names its directory.
//
// Diverging epochs and snapshots are for replicas, which are inside the engine.
func init() { on(1, 0, 17, fetch) }

func fetch(c *call, q *kmsg.FetchRequest, a *kmsg.FetchResponse) {
	s, full, code := c.server.sessions.begin(c.broker, q)
	if s == nil {
		a.ErrorCode = code
		return
	}
	defer c.server.sessions.end(s)
	a.SessionID = s.id
	replies := c.askAll(1, func(d host.Desk, _ int) engine.Command { return c.fetchCommand(d.Engine(), q, s) })
	c.fetching.more = c.fetching.more[:0]
	body, ok := replies[0].Body.(*engine.FetchReply)
	if !ok || len(body.Parts) != len(s.parts) {
		a.ErrorCode = int16(replies[0].Code)
		return
	}
	for i := range s.parts {
		p := &s.parts[i]
		out := c.fetched(p, &body.Parts[i])
		if !full && p.told && out.ErrorCode == 0 && len(out.RecordBatches) == 0 && p.high == out.HighWatermark && p.logStart == out.LogStartOffset {
			continue
		}
		if replica(q) {
			// Followers are inside the engine: nobody who fetches from here is one.
			out = kmsg.NewFetchResponseTopicPartition()
			out.Partition, out.ErrorCode, out.HighWatermark = p.partition, int16(engine.NotLeaderOrFollower), -1
			body.Parts[i].More = nil
		}
		p.told, p.high, p.logStart = out.ErrorCode == 0, out.HighWatermark, out.LogStartOffset
		if n := len(a.Topics); n == 0 || a.Topics[n-1].Topic != p.topic || a.Topics[n-1].TopicID != p.uuid {
			a.Topics = sized(a.Topics, n+1)
			t := &a.Topics[n]
			t.Topic, t.TopicID, t.Partitions = p.topic, p.uuid, t.Partitions[:0]
		}
		t := &a.Topics[len(a.Topics)-1]
		t.Partitions = append(t.Partitions, out)
		c.fetching.more = append(c.fetching.more, body.Parts[i].More)
	}
}

// replica tells whether who fetches says that it is a broker.
func replica(q *kmsg.FetchRequest) bool {
	if q.Version >= 15 {
		return q.ReplicaState.ID >= 0
	}
	return q.ReplicaID >= 0
}

// fetchCommand is the request in the engine's words.
func (c *call) fetchCommand(e *engine.Engine, q *kmsg.FetchRequest, s *fetchSession) engine.Command {
	w := &c.fetching
	cmd := &w.command
	*cmd = engine.Fetch{Parts: sized(cmd.Parts, len(s.parts)), Into: &w.reply, MinBytes: q.MinBytes, MaxBytes: fetchMost,
		MaxWaitMs: q.MaxWaitMillis, Committed: q.IsolationLevel == 1, Rack: q.Rack, On: c.version >= fetchWriterLeast}
	if c.version >= 3 {
		cmd.MaxBytes = min(q.MaxBytes, fetchMost)
	}
	cmd.MinBytes = min(cmd.MinBytes, cmd.MaxBytes)
	for i := range s.parts {
		p := &s.parts[i]
		if c.version >= 13 {
			p.id = topicOf(c.room, p.uuid)
		} else {
			view, _ := e.Topic(p.topic)
			p.id = view.ID
		}
		cmd.Parts[i] = engine.FetchPart{Topic: p.id, Partition: engine.Partition(p.partition), Offset: engine.Offset(p.offset),
			MaxBytes: p.maxBytes, CheckEpoch: p.epoch >= 0, LeaderEpoch: p.epoch}
	}
	return cmd
}

// fetching is what answers to Fetch requests of a connection are made with. A fetch that
// was given up may wait in the engine for some time, but then the connection has ended.
type fetching struct {
	command engine.Fetch
	reply   engine.FetchReply
	more    [][][]byte // behind the records of each partition of the response
}

// forget lets go of records: they may be deleted long before the next fetch.
func (w *fetching) forget() {
	for i := range w.reply.Parts {
		p := &w.reply.Parts[i]
		clear(p.More)
		p.Records, p.Aborted = nil, nil
	}
	clear(w.more)
}

// fetched is the response for one partition.
func (c *call) fetched(p *fetchPart, got *engine.FetchedPart) kmsg.FetchResponseTopicPartition {
	a := kmsg.NewFetchResponseTopicPartition()
	a.Partition, a.ErrorCode = p.partition, int16(got.Code)
	a.HighWatermark, a.LastStableOffset, a.LogStartOffset = int64(got.HighWatermark), int64(got.LastStableOffset), int64(got.LogStartOffset)
	a.PreferredReadReplica = -1
	if got.Code != engine.None {
		a.HighWatermark, a.LastStableOffset, a.LogStartOffset = -1, -1, -1
		if got.Code == engine.UnknownTopicOrPartition && c.version >= 13 {
			a.ErrorCode = int16(engine.UnknownTopicID)
		}
		if got.Code == engine.NotLeaderOrFollower && got.Leader != 0 {
			a.CurrentLeader.LeaderID, a.CurrentLeader.LeaderEpoch = got.Leader, got.LeaderEpoch
		}
		return a
	}
	if got.Preferred != 0 {
		a.PreferredReadReplica = got.Preferred
	}
	for _, t := range got.Aborted {
		a.AbortedTransactions = append(a.AbortedTransactions, kmsg.FetchResponseTopicPartitionAbortedTransaction{
			ProducerID: t.ProducerID, FirstOffset: int64(t.First)})
	}
	a.RecordBatches = got.Records
	switch {
	case c.version < 4:
		down, err := convertDown(got.Records, p.offset, c.version)
		if err != nil {
			a.ErrorCode = int16(engine.UnsupportedCompressionType)
		}
		a.RecordBatches = down
	case a.RecordBatches == nil:
		a.RecordBatches = []byte{} // some clients take null for a mistake
	}
	return a
}
