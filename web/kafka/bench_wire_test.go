//go:build bench

package kafka

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"partita/web/host"
)

// The benchmark of make bench-wire. Each server is a process of its own, so that its
// processor time and its memory are its own; the clients are franz-go in this one.

const benchPartitions = 6

// TestMain is a server when the benchmark has started it as one.
func TestMain(m *testing.M) {
	switch os.Getenv("PARTITA_BENCH_SERVER") {
	case "partita":
		rooms, err := host.NewRooms(slog.New(slog.DiscardHandler))
		if err != nil {
			panic(err)
		}
		s := New(rooms, Config{Addr: "127.0.0.1:0"})
		if err := s.Listen(); err != nil {
			panic(err)
		}
		s.Serve()
		fmt.Println(s.Addr())
	case "kfake":
		c, err := kfake.NewCluster(kfake.NumBrokers(1))
		if err != nil {
			panic(err)
		}
		fmt.Println(c.ListenAddrs()[0])
	default:
		os.Exit(m.Run())
	}
	if path := os.Getenv("PARTITA_BENCH_PROFILE"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			panic(err)
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	var b [1]byte
	os.Stdin.Read(b[:]) // until the benchmark is done
}

// benchServer is a server process.
type benchServer struct {
	addr string
	cmd  *exec.Cmd
}

func serveBench(t *testing.T, kind string) *benchServer {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PARTITA_BENCH_SERVER="+kind)
	in, err := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal(err, err2)
	}
	var addr string
	if _, err := fmt.Fscanln(out, &addr); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Wait() })
	return &benchServer{addr, cmd}
}

// cpu is the processor time that the server has used.
func (s *benchServer) cpu() time.Duration {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+2:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is what the server holds in memory, in MiB.
func (s *benchServer) memory() int {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			return kb >> 10
		}
	}
	return 0
}

func (s *benchServer) client(t *testing.T, options ...kgo.Opt) *kgo.Client {
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(s.addr)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// figures are what one case came to.
type figures struct {
	produced, consumed  float64 // records a second
	produceCPU, readCPU float64 // server seconds a million records
	memory              int
}

type benchCase struct {
	size, clients, records int
	acks                   kgo.Acks
}

func (c benchCase) String() string {
	acks := "all"
	if c.acks == kgo.LeaderAck() {
		acks = "1"
	}
	return fmt.Sprintf("%4d B, acks=%-3s, %2d clients", c.size, acks, c.clients)
}

func (s *benchServer) run(t *testing.T, name string, c benchCase) (f figures) {
	admin := kadm.NewClient(s.client(t))
	resp, err := admin.CreateTopics(t.Context(), benchPartitions, 1, map[string]*string{"retention.bytes": kadm.StringPtr("-1")}, name)
	if err != nil || resp.Error() != nil {
		t.Fatal(err, resp.Error())
	}
	value := make([]byte, c.size)
	each := c.records / c.clients
	var work sync.WaitGroup
	before, start := s.cpu(), time.Now()
	for range c.clients {
		options := []kgo.Opt{kgo.DefaultProduceTopic(name), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.RequiredAcks(c.acks), kgo.MaxBufferedRecords(100_000)}
		if c.acks != kgo.AllISRAcks() {
			options = append(options, kgo.DisableIdempotentWrite())
		}
		client := s.client(t, options...)
		work.Go(func() {
			for range each {
				client.Produce(context.Background(), &kgo.Record{Value: value}, func(_ *kgo.Record, err error) {
					if err != nil {
						t.Error(err)
					}
				})
			}
			client.Flush(context.Background())
			client.Close()
		})
	}
	work.Wait()
	total := each * c.clients
	million := float64(total) / 1e6
	f.produced, f.produceCPU = float64(total)/time.Since(start).Seconds(), (s.cpu()-before).Seconds()/million
	before, start = s.cpu(), time.Now()
	client := s.client(t, kgo.ConsumeTopics(name), kgo.FetchMaxWait(100*time.Millisecond))
	for n := 0; n < total; {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		n += fetches.NumRecords()
	}
	f.consumed, f.readCPU = float64(total)/time.Since(start).Seconds(), (s.cpu()-before).Seconds()/million
	client.Close()
	f.memory = s.memory()
	return f
}

// latency sends 1,000 records a second and gives how long they take to a consumer.
func (s *benchServer) latency(t *testing.T, seconds int) (p50, p99 time.Duration) {
	kadm.NewClient(s.client(t)).CreateTopics(t.Context(), 1, 1, nil, "latency")
	producer := s.client(t, kgo.DefaultProduceTopic("latency"), kgo.ProducerLinger(0))
	consumer := s.client(t, kgo.ConsumeTopics("latency"))
	n := seconds * 1000
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for range n {
			<-tick.C
			producer.Produce(context.Background(), &kgo.Record{Value: binary.BigEndian.AppendUint64(make([]byte, 92), uint64(time.Now().UnixNano()))}, nil)
		}
	}()
	var all []time.Duration
	for len(all) < n {
		consumer.PollFetches(t.Context()).EachRecord(func(r *kgo.Record) {
			all = append(all, time.Since(time.Unix(0, int64(binary.BigEndian.Uint64(r.Value[92:])))))
		})
	}
	all = all[n/10:] // the clients have warmed up
	slices.Sort(all)
	return all[len(all)/2], all[len(all)*99/100]
}

func TestBenchWire(t *testing.T) {
	one, many, all := 2_000_000, 32, kgo.AllISRAcks()
	cases := []benchCase{
		{100, 1, one, kgo.LeaderAck()}, {100, 1, one, all}, {100, many, one, kgo.LeaderAck()}, {100, many, one, all},
		{1024, 1, one / 4, kgo.LeaderAck()}, {1024, 1, one / 4, all}, {1024, many, one / 4, all},
	}
	fmt.Printf("%-32s %-10s %12s %12s %14s %14s %10s\n", "case", "server", "produced/s", "consumed/s", "CPU s/M prod.", "CPU s/M cons.", "MiB")
	for i, c := range cases {
		for _, kind := range []string{"partita", "kfake"} {
			t.Run(fmt.Sprint(kind, i), func(t *testing.T) {
				f := serveBench(t, kind).run(t, "bench", c)
				fmt.Printf("%-32v %-10s %12.0f %12.0f %14.2f %14.2f %10d\n", c, kind, f.produced, f.consumed, f.produceCPU, f.readCPU, f.memory)
			})
		}
	}
	for _, kind := range []string{"partita", "kfake", "partita", "kfake"} {
		t.Run("latency", func(t *testing.T) {
			p50, p99 := serveBench(t, kind).latency(t, 3)
			fmt.Printf("1,000 records/s end to end       %-10s p50 %v  p99 %v\n", kind, p50.Round(time.Microsecond), p99.Round(time.Microsecond))
		})
	}
}
