package kafka

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine"
	"partita/engine/sim"
)

// A process that is run as PARTITA_WORKER is no test: it is franz-go's worker, which a test
// can kill.
func init() {
	if servers := os.Getenv("PARTITA_WORKER"); servers != "" {
		fmt.Println(franzWorker(servers))
		os.Exit(1)
	}
}

// franzWorker copies topic in to topic in-out in transactions, and says how far it is.
func franzWorker(servers string) error {
	ctx := context.Background()
	s, err := kgo.NewGroupTransactSession(kgo.SeedBrokers(servers), kgo.TransactionalID("etl"), kgo.ConsumerGroup("etl"), kgo.InstanceID("etl"),
		kgo.ConsumeTopics("in"), kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(500*time.Millisecond))
	if err != nil {
		return err
	}
	for {
		some := s.PollRecords(ctx, 10)
		if err := some.Err(); err != nil {
			return err
		}
		if err := s.Begin(); err != nil {
			return err
		}
		some.EachRecord(func(r *kgo.Record) {
			s.Produce(ctx, &kgo.Record{Topic: "in-out", Key: r.Key, Value: r.Value}, nil)
		})
		fmt.Println("begun")
		if err := s.Client().Flush(ctx); err != nil {
			return err
		}
		fmt.Println("written")
		if _, err := s.End(ctx, kgo.TryCommit); err != nil {
			return err
		}
		fmt.Println("committed")
	}
}

// worker is a process that prints a line for each thing that it has done.
type worker struct {
	t     testing.TB
	cmd   *exec.Cmd
	in    io.Closer
	lines chan string // closed at the end of its output
}

// work starts a process that ends with the test.
func work(t testing.TB, env []string, args ...string) *worker {
	t.Helper()
	w := &worker{t: t, cmd: exec.Command(args[0], args[1:]...), lines: make(chan string, 1000)}
	w.cmd.Env, w.cmd.Stderr = append(os.Environ(), env...), os.Stderr
	in, err := w.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.cmd.StdoutPipe()
	if err == nil {
		err = w.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	w.in = in
	t.Cleanup(func() { w.kill() })
	go func() {
		defer close(w.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			w.lines <- s.Text()
		}
	}()
	return w
}

// until waits for a line that begins with a text.
func (w *worker) until(text string) {
	w.t.Helper()
	for limit := time.After(testMost); ; {
		select {
		case line, more := <-w.lines:
			switch {
			case !more:
				w.t.Fatalf("%v ended before it said %q", w.cmd.Args, text)
			case strings.HasPrefix(line, "error"):
				w.t.Fatalf("%v: %s", w.cmd.Args, line)
			case strings.HasPrefix(line, text):
				return
			}
		case <-limit:
			w.t.Fatalf("%v never said %q", w.cmd.Args, text)
		}
	}
}

// kill ends it as kill -9 does.
func (w *worker) kill() {
	w.cmd.Process.Kill()
	for range w.lines {
	}
	w.cmd.Wait()
}

// TestExactlyOnceWithKills: a worker that copies records in transactions is killed at every
// step, and started again each time; in the end each record came out exactly once, and
// those of a key in order.
func TestExactlyOnceWithKills(t *testing.T) {
	for name, phases := range map[string][]string{
		newest:     {"begun", "committed", "written", "offsets", "written", "committed"},
		"franz-go": {"begun", "committed", "written", "written", "begun", "committed"},
	} {
		t.Run(name, func(t *testing.T) {
			p := start(t)
			run := func() *worker {
				if name == "franz-go" {
					return work(t, []string{"PARTITA_WORKER=" + p.Addr()}, os.Args[0])
				}
				return work(t, nil, p.program(name, "in", "etl")...)
			}
			p.exactlyOnce(run, phases)
		})
	}
}

func (p *place) exactlyOnce(run func() *worker, phases []string) {
	t := p.t
	p.topic("in partitions=2")
	p.topic("in-out partitions=2")
	producer, ctx := p.franz(kgo.DefaultProduceTopic("in")), within(t)
	const n = 150
	for i := range n {
		producer.Produce(ctx, &kgo.Record{Key: fmt.Append(nil, i%7), Value: fmt.Append(nil, i)}, nil)
	}
	if err := producer.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	for _, phase := range phases {
		w := run()
		w.until(phase)
		w.kill()
	}
	last := run()
	for committed := int64(0); committed < n; last.until("committed") {
		offsets, err := kadm.NewClient(producer).FetchOffsets(ctx, "etl")
		if err != nil {
			t.Fatal(err)
		}
		committed = 0
		offsets.Each(func(o kadm.OffsetResponse) { committed += o.At })
		if committed == n {
			break
		}
	}
	last.kill()
	for part := range int32(2) { // the ends of the partitions
		c := p.franz(kgo.RecordPartitioner(kgo.ManualPartitioner()))
		if err := c.ProduceSync(ctx, &kgo.Record{Topic: "in-out", Partition: part, Value: []byte("end")}).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	seen, newest, ends := map[string]int{}, map[string]int{}, 0
	for c := p.franz(kgo.ConsumeTopics("in-out"), kgo.FetchIsolationLevel(kgo.ReadCommitted())); ends < 2; {
		f := c.PollFetches(ctx)
		if err := f.Err(); err != nil {
			t.Fatal(err)
		}
		f.EachRecord(func(r *kgo.Record) {
			value, number, key := string(r.Value), 0, string(r.Key)
			if value == "end" {
				ends++
				return
			}
			fmt.Sscan(value, &number)
			if seen[value]++; newest[key] > number {
				t.Errorf("of key %s record %d came out after %d", key, number, newest[key])
			}
			newest[key] = number
		})
	}
	for i := range n {
		if seen[fmt.Sprint(i)] != 1 {
			t.Errorf("record %d came out %d times", i, seen[fmt.Sprint(i)])
		}
	}
}

// generation is that of group g, with its members' ids.
func (p *place) generation() (generation int32, ids []string) {
	p.main().Look(func(w *sim.World) {
		g, _ := w.Engine().Group("g")
		generation = g.Generation
		for _, m := range w.Engine().Members(g.ID, nil) {
			ids = append(ids, m.Name)
		}
	})
	slices.Sort(ids)
	return generation, ids
}

// TestStaticMember: a static member that is killed and started again within its session
// gets its partitions back, as another member id of the same generation.
func TestStaticMember(t *testing.T) {
	p := start(t)
	p.topic("static partitions=4")
	p.reader("franz-go", "static")
	p.owners("static", 4, 1)
	first := work(t, nil, p.program(newest, "static", "static")...)
	first.until("assigned")
	p.owners("static", 4, 2)
	generation, ids := p.generation()
	first.kill()
	second := work(t, nil, p.program(newest, "static", "static")...)
	second.until("assigned")
	p.owners("static", 4, 2)
	again, others := p.generation()
	if again != generation || slices.Equal(ids, others) {
		t.Errorf("generation %d with %v, and %d with %v when the member was back", generation, ids, again, others)
	}
	// A second process with the same id fences the first, for good.
	third := work(t, nil, p.program("librdkafka", "static", "static")...)
	third.until("assigned")
	second.until("record fenced")
	if again, _ := p.generation(); again != generation {
		t.Errorf("generation %d when the member was replaced, want %d", again, generation)
	}
}

// TestNewestNextGroup: librdkafka and franz-go share a group of KIP-848.
func TestNewestNextGroup(t *testing.T) {
	p := start(t)
	p.topic("next partitions=6")
	c := p.franz(kgo.ClientID("franz-go"), kgo.ServerSideBalancer(), kgo.ConsumeTopics("next"), kgo.ConsumerGroup("g"))
	ctx, stop := context.WithCancel(within(t))
	defer stop()
	go func() {
		for ctx.Err() == nil {
			c.PollFetches(ctx)
		}
	}()
	w := work(t, nil, p.program(newest, "next", "next")...)
	w.until("assigned")
	if names := p.owners("next", 6, 2); !slices.Equal(names, []string{"franz-go", newest}) {
		t.Errorf("members %v", names)
	}
	p.main().Look(func(world *sim.World) {
		if g, _ := world.Engine().Group("g"); g.Kind != engine.GroupConsumer {
			t.Errorf("the group is a %v group", g.Kind)
		}
	})
	p.kcat("one\ntwo\nthree\nfour\nfive\nsix\n", "-P", "-t", "next", "-X", "sticky.partitioning.linger.ms=0")
	w.kill()
	p.owners("next", 6, 1)
	w = work(t, nil, p.program(newest, "next", "next")...)
	w.until("assigned")
	p.owners("next", 6, 2)
	w.in.Close() // it leaves
	w.until("done")
	p.owners("next", 6, 1)
}
