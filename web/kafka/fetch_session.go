package kafka

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
)

// Codes of fetch sessions. The engine knows no sessions.
const (
	codeFetchSessionIDNotFound   = 70
	codeInvalidFetchSessionEpoch = 71
)

// Bounds of the fetch sessions of a server. The one that was not used for longest goes.
const (
	fetchSessionsMost     = 1000 // max.incremental.fetch.session.cache.slots
	fetchSessionPartsMost = 200_000
)

// fetchPart is one partition of a fetch, and what the session's client was told of it.
type fetchPart struct {
	topic     string   // as asked, before version 13
	uuid      [16]byte // as asked, from version 13
	partition int32
	offset    int64
	maxBytes  int32
	epoch     int32 // current leader epoch, -1 if not known

	id       engine.TopicID // this time; 0 if there is no such topic
	told     bool
	high     int64
	logStart int64
}

func (p *fetchPart) key() partKey { return partKey{p.topic, p.uuid, p.partition} }

// fetchSession is what a client fetches again and again without saying so (KIP-227).
type fetchSession struct {
	broker int32
	id     int32 // 0: there is no session, the request stands for itself
	epoch  int32 // of the next request
	parts  []fetchPart
	used   time.Time
	busy   bool
}

// fetchSessions are the sessions of a server.
type fetchSessions struct {
	mu    sync.Mutex
	byID  map[int32]*fetchSession
	parts int
}

// begin finds or makes the session of a request and takes over what the request says.
// full means that the response has every partition.
func (f *fetchSessions) begin(broker int32, q *kmsg.FetchRequest) (s *fetchSession, full bool, code int16) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if q.Version < 7 || q.SessionEpoch <= 0 {
		if old := f.byID[q.SessionID]; q.Version >= 7 && old != nil && !old.busy {
			f.drop(old)
		}
		s = &fetchSession{broker: broker}
		s.update(q)
		if q.Version >= 7 && q.SessionEpoch == 0 && len(s.parts) > 0 {
			f.keep(s)
		}
		return s, true, 0
	}
	s = f.byID[q.SessionID]
	if s == nil || s.broker != broker {
		return nil, false, codeFetchSessionIDNotFound
	}
	if s.epoch != q.SessionEpoch || s.busy {
		return nil, false, codeInvalidFetchSessionEpoch
	}
	s.epoch = max(1, s.epoch+1) // after 2147483647 comes 1
	s.busy, s.used = true, time.Now()
	f.parts -= len(s.parts)
	s.update(q)
	f.parts += len(s.parts)
	return s, false, 0
}

// end lets the session's next request come.
func (f *fetchSessions) end(s *fetchSession) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.busy = false
}

// keep makes a session of s, unless it is too large for one.
func (f *fetchSessions) keep(s *fetchSession) {
	if len(s.parts) > fetchSessionPartsMost/10 {
		return
	}
	for len(f.byID) >= fetchSessionsMost || f.parts+len(s.parts) > fetchSessionPartsMost {
		var oldest *fetchSession
		for _, other := range f.byID {
			if !other.busy && (oldest == nil || other.used.Before(oldest.used)) {
				oldest = other
			}
		}
		if oldest == nil {
			return
		}
		f.drop(oldest)
	}
	if f.byID == nil {
		f.byID = map[int32]*fetchSession{}
	}
	for s.id == 0 || f.byID[s.id] != nil {
		s.id = rand.Int32()
	}
	s.epoch, s.busy, s.used = 1, true, time.Now()
	f.byID[s.id] = s
	f.parts += len(s.parts)
}

func (f *fetchSessions) drop(s *fetchSession) {
	delete(f.byID, s.id)
	f.parts -= len(s.parts)
}

// fewParts is how many partitions of a session are looked through one by one.
const fewParts = 32

// partKey names a partition in a session.
type partKey struct {
	topic     string
	uuid      [16]byte
	partition int32
}

// update takes over the partitions that a request adds, changes and forgets.
func (s *fetchSession) update(q *kmsg.FetchRequest) {
	if len(q.ForgottenTopics) > 0 {
		gone := map[partKey]bool{}
		for i := range q.ForgottenTopics {
			t := &q.ForgottenTopics[i]
			for _, partition := range t.Partitions {
				gone[partKey{t.Topic, t.TopicID, partition}] = true
			}
		}
		s.parts = slices.DeleteFunc(s.parts, func(p fetchPart) bool { return gone[p.key()] })
	}
	var known map[partKey]int // in one request nothing comes twice
	before := len(s.parts)
	if before > fewParts && len(q.Topics) > 0 {
		known = make(map[partKey]int, len(s.parts))
		for i := range s.parts {
			known[s.parts[i].key()] = i
		}
	}
	for i := range q.Topics {
		t := &q.Topics[i]
		for j := range t.Partitions {
			p := &t.Partitions[j]
			key := partKey{t.Topic, t.TopicID, p.Partition}
			at, ok := known[key]
			if before <= fewParts {
				at = slices.IndexFunc(s.parts[:before], func(p fetchPart) bool { return p.key() == key })
				ok = at >= 0
			}
			if !ok {
				at = len(s.parts)
				s.parts = append(s.parts, fetchPart{topic: t.Topic, uuid: t.TopicID, partition: p.Partition})
			}
			part := &s.parts[at]
			part.offset, part.maxBytes, part.epoch = p.FetchOffset, p.PartitionMaxBytes, p.CurrentLeaderEpoch
		}
	}
}
