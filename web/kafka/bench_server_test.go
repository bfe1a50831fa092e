//go:build bench

package kafka

import (
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"partita/web/host"
)

// The servers of make bench-wire. Each is a process of its own, so that its processor time
// and its memory are its own.

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
	kind, addr string
	pid        int
	stop       func()
}

// serveBench starts a server: "partita", "kfake", or one of extraServers.
func serveBench(t *testing.T, kind string) *benchServer {
	t.Helper()
	if start := extraServers[kind]; start != nil {
		return start(t)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PARTITA_BENCH_SERVER="+kind)
	in, err := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err != nil || err2 != nil || cmd.Start() != nil {
		t.Fatal(err, err2)
	}
	s := &benchServer{kind: kind, pid: cmd.Process.Pid}
	if _, err := fmt.Fscanln(out, &s.addr); err != nil {
		t.Fatal(err)
	}
	s.stop = func() { in.Close(); cmd.Wait() }
	return s
}

// touchMemory uses and gives back as much memory as the next server may want. The host of
// a virtual machine gives it memory when it is first touched, which takes longer than all
// that a server does with it, and falls to whichever server happens to be first.
func touchMemory(t *testing.T, size int) {
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	syscall.Madvise(b, syscall.MADV_HUGEPAGE)
	for i := 0; i < size; i += 4096 {
		b[i] = 1
	}
	syscall.Munmap(b)
}

// extraServers are servers that not every machine has.
var extraServers = map[string]func(t *testing.T) *benchServer{}

// cpu is the processor time that the server's threads have used. A thread that has ended
// is not counted; Go's do not end, and Java's that matter neither.
func (s *benchServer) cpu() (total time.Duration) {
	threads, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.pid))
	for _, thread := range threads {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/schedstat", s.pid, thread.Name()))
		ran, _, _ := strings.Cut(string(data), " ")
		ns, _ := strconv.ParseInt(ran, 10, 64)
		total += time.Duration(ns)
	}
	return total
}

// memory is what the server holds in memory, in MiB.
func (s *benchServer) memory() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.pid))
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024
		}
	}
	return 0
}
