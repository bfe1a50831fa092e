package kafka

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/batch"
)

// pipe connects to a server without a network. The server is done with the connection when
// ended is closed.
func pipe(t testing.TB, s *Server) (r *raw, ended chan struct{}) {
	ours, theirs := net.Pipe()
	ended = make(chan struct{})
	go func() { s.ServeConn(theirs, engine.FirstBroker); close(ended) }()
	ours.SetDeadline(time.Now().Add(testMost))
	t.Cleanup(func() { ours.Close() })
	return &raw{t: t, Conn: ours}, ended
}

// until waits for the end of a connection.
func until(t *testing.T, what string, ended chan struct{}) {
	t.Helper()
	select {
	case <-ended:
	case <-time.After(testMost):
		t.Fatal(what, " is served on")
	}
}

// TestSlowConnections: who says nothing, sends a request byte by byte, or does not read
// what comes back is hung up on; who does none of that is served on.
func TestSlowConnections(t *testing.T) {
	s, _ := pipes(t)
	s.limits = limits{connections: 10, idle: 200 * time.Millisecond, frame: 200 * time.Millisecond, write: 200 * time.Millisecond}
	_, silent := pipe(t, s)
	until(t, "a silent connection", silent)

	slow, slowEnded := pipe(t, s)
	go func() {
		for _, b := range bytesOf(produceOf(1), 1) {
			if _, err := slow.Write([]byte{b}); err != nil {
				return
			}
			select {
			case <-slowEnded:
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	until(t, "a connection that sends a byte at a time", slowEnded)

	deaf, deafEnded := pipe(t, s) // a pipe has no buffer: a response that is not read is not written
	deaf.send(kmsg.NewPtrApiVersionsRequest())
	until(t, "a connection that does not read", deafEnded)

	good, goodEnded := pipe(t, s)
	for range 20 {
		if a := ask(good, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse()); len(a.ApiKeys) == 0 {
			t.Error("no APIs")
		}
		select {
		case <-goodEnded:
			t.Fatal("a good connection was ended")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestManyConnections: when as many are open as may be, the next is hung up on, and comes
// in when one has gone.
func TestManyConnections(t *testing.T) {
	s, _ := pipes(t)
	s.limits.connections = 2
	first, firstEnded := pipe(t, s)
	second, _ := pipe(t, s)
	ask(first, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
	ask(second, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
	_, ended := pipe(t, s)
	until(t, "one connection too many", ended)
	ask(second, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
	first.Close()
	until(t, "a connection that was closed", firstEnded)
	third, _ := pipe(t, s)
	ask(third, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
}

// TestMemory: large requests wait until others have gone; small ones never wait.
func TestMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(1 << 20)
		m.arrived(m.take(1<<20, nil)) // it is being answered, which may take as long as it likes
		m.take(smallMost, nil)
		waited := false
		go func() { m.take(smallMost+1, nil); waited = true }()
		time.Sleep(time.Hour)
		if synctest.Wait(); waited {
			t.Error("more was taken than there is")
		}
		m.give(1 << 20)
		if synctest.Wait(); !waited {
			t.Error("what was given back was not taken")
		}
	})
}

// TestStalledClaims: clients that claim large requests and hardly send them hold the memory
// as long as nobody else wants it. Then they are hung up on, and one that sends at a fair
// pace is not.
func TestStalledClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(4 << 20)
		gone := map[string]bool{}
		claims := func(name string, pace int) *claim {
			size, stopped := 1<<20, make(chan struct{})
			c := m.take(size, func() { gone[name] = true; close(stopped) })
			go func() {
				defer m.give(size)
				defer m.arrived(c)
				for {
					select {
					case <-stopped:
						return
					case <-t.Context().Done():
						return
					case <-time.After(time.Second / 8):
						c.came.Add(int64(pace / 8))
					}
				}
			}()
			return c
		}
		claims("silent", 0)
		claims("slow", paceLeast/2)
		claims("fair", paceLeast*2)
		claims("silent too", 0)
		time.Sleep(time.Minute / 2)
		if synctest.Wait(); len(gone) > 0 {
			t.Errorf("%v are gone though nobody waits", gone)
		}
		start := time.Now()
		m.take(3<<20, nil)
		if synctest.Wait(); !gone["silent"] || !gone["slow"] || !gone["silent too"] || gone["fair"] {
			t.Errorf("%v are gone", gone)
		}
		if took := time.Since(start); took > 0 {
			t.Errorf("one waited %v for those who had stalled long ago", took)
		}
	})
	synctest.Test(t, func(t *testing.T) { // who claims just before has its time
		m := newMemory(1 << 20)
		m.take(1<<20, func() { go m.give(1 << 20) })
		start := time.Now()
		m.take(1<<20, nil)
		if took := time.Since(start); took != patience {
			t.Errorf("one waited %v", took)
		}
	})
}

// TestStalledClients: clients that claim more than all memory and send nothing keep nobody
// from producing a large batch.
func TestStalledClients(t *testing.T) {
	s, _ := pipes(t)
	s.memory = newMemory(2 << 20)
	var ends []chan struct{}
	for range 2 {
		r, ended := pipe(t, s)
		r.Write(append(binary.BigEndian.AppendUint32(nil, 1<<20), 0, 0, 0, 9))
		ends = append(ends, ended)
	}
	q := produceOf(1)
	var b batch.Builder
	b.Reset(nil)
	b.Add(1, nil, make([]byte, 100<<10), nil)
	q.Topics[0].Partitions[0].Records = b.Finish()
	good, _ := pipe(t, s)
	a := kmsg.NewPtrProduceResponse()
	if a = ask(good, q, a); a.Topics[0].Partitions[0].ErrorCode != 0 {
		t.Errorf("%+v", a)
	}
	until(t, "at least one that claims and stalls", firstOf(ends))
}

// firstOf is closed when one of two is.
func firstOf(two []chan struct{}) chan struct{} {
	any := make(chan struct{})
	go func() {
		select {
		case <-two[0]:
		case <-two[1]:
		}
		close(any)
	}()
	return any
}

// TestLargeRequests: a request of more than 100 MiB, or one of more than 2 MiB that carries
// no records, ends its connection and no other; a batch of some megabytes is taken.
func TestLargeRequests(t *testing.T) {
	p := start(t)
	p.topic("large partitions=1 max.message.bytes=20000000 segment.bytes=20000000")
	good := p.dial()
	ask(good, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
	for _, size := range []int{requestMost + 1, 1<<31 - 1, -1} {
		r := p.dial()
		r.Write(binary.BigEndian.AppendUint32(nil, uint32(size)))
		if _, err := r.Read(make([]byte, 1)); err != io.EOF && !strings.Contains(err.Error(), "reset") {
			t.Errorf("a request of %d bytes: %v", size, err)
		}
	}
	q := kmsg.NewPtrMetadataRequest()
	q.Topics = []kmsg.MetadataRequestTopic{{Topic: kmsg.StringPtr(strings.Repeat("x", 30_000))}}
	for len(q.Topics) < 100 {
		q.Topics = append(q.Topics, q.Topics[0])
	}
	r := p.dial()
	r.Write(bytesOf(q, 1))
	if err := r.take(1, kmsg.NewPtrMetadataResponse()); err == nil {
		t.Error("a Metadata of 3 MB was answered")
	}
	c := p.franz(kgo.DefaultProduceTopic("large"), kgo.ProducerBatchMaxBytes(20<<20), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.ConsumeTopics("large"), kgo.FetchMaxPartitionBytes(20<<20))
	if err := c.ProduceSync(within(t), &kgo.Record{Value: make([]byte, 10<<20)}).FirstErr(); err != nil {
		t.Error(err)
	}
	if got := take(t, c, 1); len(got[0].Value) != 10<<20 {
		t.Errorf("%d bytes came back", len(got[0].Value))
	}
	ask(good, kmsg.NewPtrApiVersionsRequest(), kmsg.NewPtrApiVersionsResponse())
}
