//go:build bench

package kafka

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Apache Kafka and its own perf-test tools, for make bench-wire, where Java and the jars
// are: "make test-kafka" puts them into the user's cache.

func init() {
	cache, _ := os.UserCacheDir()
	jars := filepath.Join(cache, "partita", "apache-kafka")
	found, _ := filepath.Glob(filepath.Join(jars, "kafka*.jar"))
	if _, err := exec.LookPath("java"); err != nil || len(found) == 0 {
		return
	}
	java := func(class string, args ...string) *exec.Cmd {
		return exec.Command("java", append([]string{"-cp", filepath.Join(jars, "*"), "-Xmx1g", "-XX:+UseSerialGC", class}, args...)...)
	}
	extraServers["Apache Kafka"] = func(t *testing.T) *benchServer { return serveApache(t, java) }
	extraClients = append(extraClients, benchClient{
		name: "Kafka's perf-test",
		produce: func(t *testing.T, s *benchServer, c *benchCase) time.Duration {
			return perfTest(t, c.records, "records sent, ", " records/sec", java("org.apache.kafka.tools.ProducerPerformance", "--topic", c.topic,
				"--num-records", strconv.Itoa(c.records), "--record-size", strconv.Itoa(c.size), "--throughput", "-1",
				"--producer-props", "bootstrap.servers="+s.addr, "acks="+c.acks, "enable.idempotence="+strconv.FormatBool(c.acks == "all")))
		},
		consume: func(t *testing.T, s *benchServer, c *benchCase) time.Duration {
			return perfTest(t, c.records, "", "", java("org.apache.kafka.tools.ConsumerPerformance", "--topic", c.topic,
				"--messages", strconv.Itoa(c.records), "--bootstrap-server", s.addr, "--timeout", "60000"))
		},
	})
}

// perfTest runs a tool and gives how long it says that the records took. The producer's
// last line has the rate between before and after; the consumer's has columns.
func perfTest(t *testing.T, records int, before, after string, cmd *exec.Cmd) time.Duration {
	t.Helper()
	out, err := cmd.Output()
	text := strings.TrimSpace(string(out))
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if before != "" {
		_, last, _ = strings.Cut(last, before)
		last, _, _ = strings.Cut(last, after)
	} else if columns := strings.Split(last, ","); len(columns) > 9 {
		last = strings.TrimSpace(columns[9]) // fetch.nMsg.sec: without the time to join a group
	}
	rate, numErr := strconv.ParseFloat(strings.TrimSpace(last), 64)
	if err != nil || numErr != nil || rate <= 0 {
		t.Fatalf("%v, %v: %s", err, numErr, text)
	}
	return time.Duration(float64(records) / rate * float64(time.Second))
}

// serveApache starts a broker with Kafka's own settings, which is its controller too.
func serveApache(t *testing.T, java func(class string, args ...string) *exec.Cmd) *benchServer {
	t.Helper()
	var ports [2]int
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ports[i] = l.Addr().(*net.TCPAddr).Port
		l.Close()
	}
	dir, err := os.MkdirTemp("", "partita-bench")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "server.properties")
	text := fmt.Sprintf("process.roles=broker,controller\nnode.id=1\ncontroller.quorum.voters=1@127.0.0.1:%d\n"+
		"listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d\ncontroller.listener.names=CONTROLLER\n"+
		"log.dirs=%s\noffsets.topic.replication.factor=1\ntransaction.state.log.replication.factor=1\ntransaction.state.log.min.isr=1\n",
		ports[1], ports[0], ports[1], filepath.Join(dir, "data"))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := java("kafka.tools.StorageTool", "format", "--cluster-id", "cGFydGl0YS1yZWZlcmVlMQ", "--config", config).CombinedOutput(); err != nil {
		t.Fatalf("formatting: %v\n%s", err, out)
	}
	cmd := java("kafka.Kafka", config)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &benchServer{kind: "Apache Kafka", addr: fmt.Sprintf("127.0.0.1:%d", ports[0]), pid: cmd.Process.Pid}
	s.stop = func() { cmd.Process.Kill(); cmd.Wait(); os.RemoveAll(dir) }
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(2 * time.Minute); ; <-tick.C {
		if conn, err := net.Dial("tcp", s.addr); err == nil {
			conn.Close()
			return s
		}
		if time.Now().After(deadline) {
			s.stop()
			t.Fatal("Apache Kafka did not start")
		}
	}
}
