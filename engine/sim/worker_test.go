package sim

import (
	"fmt"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// TestWorkerInAWorld: a consumer with an output topic is one process with one link; it
// crashes where its settings say, and its successor finishes the work exactly once.
func TestWorkerInAWorld(t *testing.T) {
	w := New(Config{LatencyMs: 10})
	for _, name := range []string{"orders", "done"} {
		w.Call(&engine.CreateTopic{Name: name, Partitions: 2, ReplicationFactor: -1}, nil)
	}
	cfg := client.DefaultConsumerConfig()
	cfg.ClientID, cfg.GroupID, cfg.Topics = "w1", "workers", []string{"orders"}
	for _, s := range [][2]string{{"auto.offset.reset", "earliest"}, {"output", "done"}, {"processing.guarantee", "exactly_once"},
		{"process", "20"}, {"max.poll.records", "7"}, {"session.timeout.ms", "6000"}, {"crash.at", "committing"}} {
		if err := cfg.Set(s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	c, err := w.AddConsumer(cfg, "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 60 {
		if err := w.Send("orders", engine.Partition(i%2), []byte("k"), []byte(fmt.Sprint(i))); err != nil {
			t.Fatal(err)
		}
	}
	w.Advance(8_000, 0)
	if c.State() != Crashed {
		t.Fatalf("state %d", c.State())
	}
	w.Restart(c)
	seen := map[string]int{}
	w.OnFact = func(c *Consumer, f *client.Fact) {
		if c.Name == "reader" && f.Kind == client.FactProcessed {
			seen[string(f.Value)]++
		}
	}
	w.Advance(40_000, 0)
	reader := client.DefaultConsumerConfig()
	reader.ClientID, reader.GroupID, reader.Topics = "reader", "readers", []string{"done"}
	reader.AutoOffsetReset, reader.ReadCommitted = "earliest", true
	reader.App.ProcessMs = 1 // record by record
	if _, err := w.AddConsumer(reader, ""); err != nil {
		t.Fatal(err)
	}
	w.Advance(60_000, 0)
	if c.State() != Running || len(seen) != 60 {
		t.Errorf("state %d, %d of 60 results", c.State(), len(seen))
	}
	for value, n := range seen {
		if n != 1 {
			t.Errorf("%s came out %d times", value, n)
		}
	}
}
