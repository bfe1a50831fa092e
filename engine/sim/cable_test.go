package sim_test

import (
	"testing"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/client"
	"partita/engine/sim"
)

// cabled is a world with a producer of ten records a second.
func cabled(t *testing.T) *sim.World {
	t.Helper()
	w := sim.New(sim.Config{Seed: 7, LatencyMs: 10})
	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 1, ReplicationFactor: 1}, nil)
	cfg := client.DefaultProducerConfig()
	_ = cfg.Set("enable.idempotence", "false")
	cfg.ClientID, cfg.RequestTimeoutMs = "p1", 2_000
	if _, err := w.AddProducer(cfg, sim.Generator{Topic: "orders", Rate: 10_000, Value: "{n}"}, ""); err != nil {
		t.Fatal(err)
	}
	return w
}

func end(w *sim.World) engine.Offset {
	t, _ := w.Engine().Topic("orders")
	p, _ := w.Engine().Partition(t.ID, 0)
	return p.LogEnd
}

func TestCutAndMend(t *testing.T) {
	w := cabled(t)
	w.Advance(1_000, 0)
	before := end(w)
	if before < 5 {
		t.Fatalf("only %d records in a second", before)
	}
	w.Cut("p1", 0, true, false, true)
	w.Advance(6_000, 0)
	if got := end(w); got > before+1 {
		t.Errorf("%d records came through a cable that was cut", got-before)
	}
	w.Mend()
	w.SetPaused(w.Producer("p1"), true)
	w.Settle(0)
	if got, want := end(w), engine.Offset(w.Producer("p1").Sent()); got != want {
		t.Errorf("%d records in the log and %d acknowledged once the cable was mended", got, want)
	}
}

func TestRepliesLostMeanDuplicates(t *testing.T) {
	w := cabled(t)
	w.Advance(500, 0)
	w.Cut("p1", 101, false, true, true)
	w.Advance(3_000, 0)
	w.Cut("p1", 101, false, true, false)
	w.SetPaused(w.Producer("p1"), true)
	w.Settle(0)
	if got, sent := end(w), engine.Offset(w.Producer("p1").Sent()); got <= sent {
		t.Errorf("%d records in the log of %d sent: batches were to be sent again", got, sent)
	}
}

func TestFaultsAreSeeded(t *testing.T) {
	run := func() (uint64, engine.Offset) {
		w := cabled(t)
		w.SetFaults("p1", 0, func(f *sim.Faults) {
			*f = sim.Faults{Drop: 100, Duplicate: 100, Reorder: 100, Delay: 100, DelayMs: 300, JitterMs: 20}
		})
		w.Advance(30_000, 0)
		return w.Engine().Digest(), end(w)
	}
	a, n := run()
	if b, _ := run(); a != b {
		t.Error("two runs of the same seed differ")
	}
	if n < 100 {
		t.Errorf("only %d records came through", n)
	}
}

func TestSkewMovesTimestamps(t *testing.T) {
	w := cabled(t)
	w.SetSkew("p1", 3_600_000)
	w.Advance(1_000, 0)
	topic, _ := w.Engine().Topic("orders")
	bytes, _ := w.Engine().Read(topic.ID, 0, 0, 1<<16)
	h, err := batch.Parse(bytes)
	if err != nil || h.BaseTimestamp < 3_600_000 || h.BaseTimestamp > 3_601_000 {
		t.Errorf("timestamp %d, %v: the producer's clock is an hour ahead", h.BaseTimestamp, err)
	}
}
