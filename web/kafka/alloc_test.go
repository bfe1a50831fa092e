//go:build !race

package kafka

import (
	"encoding/binary"
	"io"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
)

// (Not with the race detector, which lets pools forget.)

// alone keeps start from letting a test run beside others.
type alone struct{ testing.TB }

// epochAt is where the session epoch lies in a Fetch of version 11 from a client with a name
// of three letters.
const epochAt = 4 + 8 + 5 + 21

// small are the requests that clients send most, each with its response: a Produce of one
// record, and a Fetch in a session that reads one record.
func small(t testing.TB) (p *place, produce, fetch func()) {
	p = start(alone{t})
	c := p.dial()
	response := make([]byte, 64<<10)
	exchange := func(request []byte) []byte {
		if _, err := c.Write(request); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, response[:4]); err != nil {
			t.Fatal(err)
		}
		n := binary.BigEndian.Uint32(response)
		if _, err := io.ReadFull(c, response[:n]); err != nil {
			t.Fatal(err)
		}
		return response[:n]
	}
	sent := bytesOf(produceOf(1), 1)
	produce = func() { exchange(sent) }
	produce()

	q := kmsg.NewPtrFetchRequest()
	q.Version, q.MinBytes, q.MaxWaitMillis, q.SessionEpoch = 11, 1, 1000, 0
	part := kmsg.NewFetchRequestTopicPartition()
	part.PartitionMaxBytes = 1
	q.Topics = []kmsg.FetchRequestTopic{{Topic: host.TabsTopic, Partitions: []kmsg.FetchRequestTopicPartition{part}}}
	a := kmsg.NewPtrFetchResponse()
	a.Version = q.Version
	if err := a.ReadFrom(exchange(bytesOf(q, 1))[4:]); err != nil || a.ErrorCode != 0 || a.SessionID == 0 {
		t.Fatal(err, a)
	}
	q.SessionID, q.SessionEpoch = a.SessionID, 1
	again := bytesOf(q, 1)
	fetch = func() {
		binary.BigEndian.PutUint32(again[epochAt:], uint32(q.SessionEpoch))
		q.SessionEpoch++
		if got := exchange(again); len(got) < 60 {
			t.Fatalf("nothing was fetched: %x", got)
		}
	}
	return p, produce, fetch
}

// TestSmallRequestsAllocateNothing: a small request is answered in memory that was there.
// What the log grows by is less than one allocation for each.
func TestSmallRequestsAllocateNothing(t *testing.T) {
	_, produce, fetch := small(t)
	if n := testing.AllocsPerRun(2000, produce); n > 0 {
		t.Errorf("a Produce makes %v allocations", n)
	}
	if n := testing.AllocsPerRun(2000, fetch); n > 0 {
		t.Errorf("a Fetch makes %v allocations", n)
	}
}

func BenchmarkProduceRequest(b *testing.B) {
	_, produce, _ := small(b)
	b.ReportAllocs()
	for b.Loop() {
		produce()
	}
}

func BenchmarkFetchRequest(b *testing.B) {
	_, _, fetch := small(b)
	b.ReportAllocs()
	for b.Loop() {
		fetch()
	}
}
