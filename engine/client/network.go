package client

import (
	"math/rand/v2"

	"partita/engine"
)

// reconnectMs and reconnectMaxMs are reconnect.backoff.ms and its maximum;
// retryMaxMs is retry.backoff.max.ms.
const (
	reconnectMs    = 50
	reconnectMaxMs = 1_000
	retryMaxMs     = 1_000
)

// network is what a client knows of its connections: which brokers it leaves alone for
// a while because the last connection broke.
type network struct {
	chance rand.PCG
	conns  []conn
}

// conn is the connection to a broker. A consumer has a second one to its coordinator,
// as Java does, so that what waits there for the group holds up no records: its number
// is negative.
type conn struct {
	to       int32
	at       engine.Time // not before
	failures int
}

func (n *network) conn(to int32) *conn {
	for i := range n.conns {
		if n.conns[i].to == to {
			return &n.conns[i]
		}
	}
	n.conns = append(n.conns, conn{to: to})
	return &n.conns[len(n.conns)-1]
}

// usableAt is when a connection may be tried again.
func (n *network) usableAt(to int32) engine.Time { return n.conn(to).at }

// broken notes that a connection broke; works that it did not.
func (n *network) broken(to int32, now engine.Time) {
	c := n.conn(to)
	c.at = now + n.backoff(reconnectMs, reconnectMaxMs, &c.failures)
}

func (n *network) works(to int32) { n.conn(to).failures = 0 }

// backoff is how long to wait after so many failures in a row: doubled each time up to
// a maximum, and up to a fifth longer or shorter by chance (KIP-580).
func (n *network) backoff(ms, most int64, failures *int) engine.Time {
	most = max(ms, most)
	for i := 0; i < *failures && ms < most; i++ {
		ms = min(2*ms, most)
	}
	*failures++
	return engine.Time(max(1, min(most, ms*int64(800+draw(&n.chance, 401))/1_000)))
}

// leader is a partition's leader as the client knows it.
type leader struct {
	broker int32 // -1: none, or not known
	epoch  int32 // -1: not known
}

// unknownLeader is before any metadata.
var unknownLeader = leader{-1, -1}

// learn takes what metadata says, unless it is older than what is known (KIP-320).
func (l *leader) learn(m *engine.PartitionMetadata) {
	if m.LeaderEpoch >= l.epoch {
		l.broker, l.epoch = m.Leader, m.LeaderEpoch
		if m.Code == engine.LeaderNotAvailable {
			l.broker = -1
		}
	}
}

// hint takes what a broker says that is not the leader any more (KIP-951). It reports
// whether that was news.
func (l *leader) hint(broker, epoch int32) bool {
	if broker <= 0 || epoch <= l.epoch {
		return false
	}
	l.broker, l.epoch = broker, epoch
	return true
}
