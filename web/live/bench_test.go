package live

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// BenchmarkFanOut shows one frame of 1 kB to many sockets over loopback TCP, the next one
// when the last has arrived everywhere. Both ends run in this process.
func BenchmarkFanOut(b *testing.B) {
	for _, sockets := range []int{100, 1_000} {
		b.Run(fmt.Sprintf("sockets=%d", sockets), func(b *testing.B) { fanOut(b, sockets, 1<<10) })
	}
}

func fanOut(b *testing.B, count, size int) {
	opened := make(chan *socket, count)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			b.Error(err)
			return
		}
		s := newSocket(conn)
		go s.write()
		opened <- s
	}))
	defer server.Close()

	frame := make([]byte, size)
	whole := int64(len(appendFrame(nil, websocket.BinaryMessage, frame)))
	var arrived atomic.Int64
	landed := make(chan struct{}, 1)
	var goal atomic.Int64
	listen := func(conn net.Conn) {
		buffer := make([]byte, 4<<10)
		for {
			n, err := conn.Read(buffer)
			if err != nil {
				return
			}
			if arrived.Add(int64(n)) == goal.Load() {
				landed <- struct{}{}
			}
		}
	}
	before := memory()
	list := make([]*socket, count)
	for i := range list {
		conn, _, err := websocket.DefaultDialer.Dial(strings.Replace(server.URL, "http", "ws", 1), nil)
		if err != nil {
			b.Fatal(err)
		}
		defer conn.Close()
		go listen(conn.NetConn())
		list[i] = <-opened
	}
	each := (memory() - before) / int64(count)

	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		goal.Add(whole * int64(count))
		for _, s := range list {
			s.Show(frame)
		}
		<-landed
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(count)*float64(b.N)/b.Elapsed().Seconds(), "frames/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(each), "B/socket-both-ends")
	for _, s := range list {
		s.End(nil)
		<-s.done
	}
}

// memory is what the heap and the stacks hold, in bytes.
func memory() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapInuse + stats.StackInuse)
}
