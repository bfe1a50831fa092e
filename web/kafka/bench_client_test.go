//go:build bench

package kafka

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// The clients of make bench-wire.

const benchPartitions = 6

// benchClient is one kind of client. produce and consume give how long the records took:
// without the time in which a program starts, where it tells.
type benchClient struct {
	name    string
	many    bool // 32 at one time as well
	produce func(t *testing.T, s *benchServer, c *benchCase) time.Duration
	consume func(t *testing.T, s *benchServer, c *benchCase) time.Duration
}

var franzClient = benchClient{"franz-go", true, franzProduce, franzConsume}

// benchClients are the kinds of clients that this machine has.
func benchClients() []benchClient {
	clients := []benchClient{franzClient}
	if _, err := exec.LookPath("kcat"); err == nil {
		clients = append(clients, benchClient{"librdkafka (kcat)", true, kcatProduce, kcatConsume})
	}
	return append(clients, extraClients...)
}

// extraClients are clients that not every machine has.
var extraClients []benchClient

func (s *benchServer) client(t *testing.T, options ...kgo.Opt) *kgo.Client {
	c, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(s.addr)}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// createTopic makes a topic that keeps everything.
func (s *benchServer) createTopic(t *testing.T, name string, partitions int32) {
	c := s.client(t)
	defer c.Close()
	resp, err := kadm.NewClient(c).CreateTopics(t.Context(), partitions, 1, map[string]*string{"retention.bytes": kadm.StringPtr("-1")}, name)
	if err != nil || resp.Error() != nil {
		t.Fatal(err, resp.Error())
	}
}

func franzProduce(t *testing.T, s *benchServer, c *benchCase) time.Duration {
	value := make([]byte, c.size)
	var work sync.WaitGroup
	start := time.Now()
	for range c.clients {
		options := []kgo.Opt{kgo.DefaultProduceTopic(c.topic), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.MaxBufferedRecords(100_000)}
		if c.acks == "1" {
			options = append(options, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
		}
		client := s.client(t, options...)
		work.Go(func() {
			for range c.records / c.clients {
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
	return time.Since(start)
}

func franzConsume(t *testing.T, s *benchServer, c *benchCase) time.Duration {
	start := time.Now()
	client := s.client(t, kgo.ConsumeTopics(c.topic), kgo.FetchMaxWait(100*time.Millisecond))
	for n := 0; n < c.records; {
		fetches := client.PollFetches(t.Context())
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		n += fetches.NumRecords()
	}
	defer client.Close()
	return time.Since(start)
}

// lines gives n lines of so many bytes.
type lines struct {
	line []byte
	left int
}

func (l *lines) WriteTo(w *bufio.Writer) {
	for ; l.left > 0; l.left-- {
		w.Write(l.line)
	}
	w.Flush()
}

func kcatProduce(t *testing.T, s *benchServer, c *benchCase) time.Duration {
	line := append(bytes.Repeat([]byte{'x'}, c.size), '\n')
	var work sync.WaitGroup
	start := time.Now()
	for range c.clients {
		cmd := exec.Command("kcat", "-P", "-b", s.addr, "-t", c.topic, "-X", "acks="+c.acks, "-X", "linger.ms=5",
			"-X", "queue.buffering.max.messages=200000", "-X", "enable.idempotence="+strconv.FormatBool(c.acks == "all"))
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil || cmd.Start() != nil {
			t.Fatal(err)
		}
		work.Go(func() {
			(&lines{line, c.records / c.clients}).WriteTo(bufio.NewWriterSize(in, 64<<10))
			in.Close()
			if err := cmd.Wait(); err != nil {
				t.Error("kcat: ", err)
			}
		})
	}
	work.Wait()
	return time.Since(start)
}

func kcatConsume(t *testing.T, s *benchServer, c *benchCase) time.Duration {
	start := time.Now()
	out, err := exec.Command("kcat", "-C", "-b", s.addr, "-t", c.topic, "-o", "beginning", "-e", "-q", "-f", ".").Output()
	if err != nil || len(out) != c.records {
		t.Fatalf("kcat read %d records of %d: %v", len(out), c.records, err)
	}
	return time.Since(start)
}

// latency sends 1,000 records a second and gives how long they take to a consumer.
func (s *benchServer) latency(t *testing.T, seconds int) (p50, p99 time.Duration) {
	s.createTopic(t, "latency", 1)
	producer := s.client(t, kgo.DefaultProduceTopic("latency"), kgo.ProducerLinger(0))
	consumer := s.client(t, kgo.ConsumeTopics("latency"))
	defer producer.Close()
	defer consumer.Close()
	n := seconds * 1000
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		for range n {
			<-tick.C
			value := binary.BigEndian.AppendUint64(make([]byte, 92), uint64(time.Now().UnixNano()))
			producer.Produce(context.Background(), &kgo.Record{Value: value}, nil)
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

// benchCase is one row of the table.
type benchCase struct {
	size, clients, records int
	acks                   string
	topic                  string
}

func (c benchCase) String() string {
	return fmt.Sprintf("%d B, acks=%s, %d", c.size, c.acks, c.clients)
}
