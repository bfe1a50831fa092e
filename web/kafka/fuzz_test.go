package kafka

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/batch"
	"partita/web/host"
)

// pipes serves connections without a network.
func pipes(t testing.TB) (*Server, *host.Rooms) {
	rooms, err := host.NewRooms(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := New(rooms, Config{})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), testMost)
		defer cancel()
		if err := errors.Join(s.Close(ctx), rooms.Stop(ctx)); err != nil {
			t.Errorf("the server did not stop: %v", err)
		}
	})
	return s, rooms
}

// absurd are valid requests in an order that makes no sense.
func absurd() (all []byte) {
	for _, api := range apis {
		if api == nil {
			continue
		}
		for _, v := range []int16{api.max, api.min} {
			q := kmsg.RequestForKey(api.key)
			q.SetVersion(v)
			all = append(all, bytesOf(q, int32(v))...)
		}
	}
	sync := kmsg.NewPtrSyncGroupRequest()
	sync.Group, sync.Generation, sync.MemberID = "g", 7, "nobody"
	leave := kmsg.NewPtrLeaveGroupRequest()
	leave.Group = "g"
	fetch := kmsg.NewPtrFetchRequest()
	fetch.Version, fetch.SessionID, fetch.SessionEpoch = 12, 99, 5
	join := kmsg.NewPtrJoinGroupRequest()
	join.Group, join.ProtocolType, join.SessionTimeoutMillis, join.RebalanceTimeoutMillis = "g", "consumer", 10_000, 10_000
	for _, q := range []kmsg.Request{sync, leave, fetch, join, produceOf(1)} {
		all = append(all, bytesOf(q, 1)...)
	}
	return all
}

// produceOf is a Produce of one record.
func produceOf(acks int16) *kmsg.ProduceRequest {
	var b batch.Builder
	b.Reset(nil)
	b.Add(1, []byte("k"), []byte("v"), nil)
	q := kmsg.NewPtrProduceRequest()
	q.Version, q.Acks = 9, acks
	q.Topics = []kmsg.ProduceRequestTopic{{Topic: host.TabsTopic, Partitions: []kmsg.ProduceRequestTopicPartition{{Records: b.Finish()}}}}
	return q
}

// FuzzConn: whatever a connection sends, the server lives, answers with whole frames, and
// serves the next connection; the cluster keeps its promises.
func FuzzConn(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte("GET / HTTP/1.1\r\nHost: kafka\r\n\r\n"))
	f.Add([]byte{0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3}) // TLS
	f.Add([]byte{0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0})    // 2 GiB are claimed
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0, 0, 0, 0})
	whole := absurd()
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	good := bytesOf(produceOf(1), 1)
	f.Add(good)
	f.Add(good[:len(good)-5])
	broken := slices.Clone(good)
	broken[len(broken)-3] ^= 1 // the CRC is wrong now
	f.Add(broken)
	f.Add(append(slices.Clone(good), bytesOf(produceOf(0), 2)...))
	s, rooms := pipes(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		converse(t, s, data)
		a := kmsg.NewPtrApiVersionsResponse()
		q := kmsg.NewPtrApiVersionsRequest()
		ours, theirs := net.Pipe()
		go s.ServeConn(theirs, engine.FirstBroker)
		ours.SetDeadline(time.Now().Add(10 * time.Second))
		if got := ask(&raw{t: t, Conn: ours}, q, a); len(got.ApiKeys) == 0 {
			t.Error("the next connection sees no APIs")
		}
		ours.Close()
		h, _ := rooms.Visit(host.MainCode)
		h.At(0, func(d host.Desk) {
			if err := d.Engine().Check(); err != nil {
				t.Error(err)
			}
		})
	})
}

// converse sends data, reads what comes back, and hangs up.
func converse(t *testing.T, s *Server, data []byte) {
	ours, theirs := net.Pipe()
	done := make(chan struct{})
	go func() { s.ServeConn(theirs, engine.FirstBroker); close(done) }()
	ours.SetDeadline(time.Now().Add(300 * time.Millisecond)) // for a parked request
	read := make(chan struct{})
	go func() {
		defer close(read)
		buffer := make([]byte, 4096)
		for {
			if _, err := ours.Read(buffer); err != nil {
				return
			}
		}
	}()
	ours.Write(data)
	select { // what was read is answered, unless it waits for more
	case <-read:
	case <-time.After(2 * time.Millisecond):
	}
	ours.Close()
	<-read
	select {
	case <-done:
	case <-time.After(testMost):
		t.Fatal("the connection was closed and is served on")
	}
}

// TestClaims: what a client only claims to send is not allocated.
func TestClaims(t *testing.T) {
	s, _ := pipes(t)
	for _, claim := range [][]byte{{0x7f, 0xff, 0xff, 0xff}, {0x80, 0, 0, 0}, {0x06, 0x3f, 0xff, 0xff, 0, 0, 0, 9}} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ours, theirs := net.Pipe()
		done := make(chan struct{})
		go func() { s.ServeConn(theirs, engine.FirstBroker); close(done) }()
		ours.Write(claim)
		ours.Close()
		<-done
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 2<<20 {
			t.Errorf("the claim %x cost %d bytes", claim, grown)
		}
	}
}
