package sim_test

import (
	"testing"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

// verdicts collects the breaches of a world.
func verdicts(w *sim.World) *[]sim.Breach {
	var list []sim.Breach
	w.OnBreach = func(b *sim.Breach) { list = append(list, *b) }
	return &list
}

func TestCustodyOfRecordsSentAgain(t *testing.T) {
	w := cabled(t)
	list := verdicts(w)
	w.Advance(500, 0)
	if len(*list) > 0 {
		t.Fatalf("breach without a fault: %+v", *list)
	}
	w.Cut("p1", 0, false, true, true)
	w.Advance(3_000, 0)
	w.Cut("p1", 0, false, true, false)
	w.SetPaused(w.Producer("p1"), true)
	w.Settle(0)
	total := w.Totals()
	if total.Duplicated == 0 || total.Duplicated != total.Appended-total.Sent {
		t.Errorf("%+v: every record in the log more than once is a duplicate", total)
	}
	if total.Acked != total.Sent || total.Lost != 0 {
		t.Errorf("%+v: all that was sent was acknowledged in the end", total)
	}
	if len(*list) == 0 || (*list)[0].Verdict != sim.Duplicated || (*list)[0].Setting != "enable.idempotence=false" {
		t.Errorf("%+v", *list)
	}
	topic, _ := w.Engine().Topic("orders")
	c, ok := w.Custody(topic.ID, 0, end(w)-1)
	if !ok || c.Producer != "p1" || !c.Acked || !c.Replicated {
		t.Errorf("the last record: %+v %v", c, ok)
	}
}

func TestCustodyWithoutAcks(t *testing.T) {
	w := sim.New(sim.Config{Seed: 7, LatencyMs: 10})
	list := verdicts(w)
	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 1, ReplicationFactor: 1}, nil)
	cfg := client.DefaultProducerConfig()
	_ = cfg.Set("enable.idempotence", "false")
	cfg.ClientID, cfg.Acks = "p1", 0
	p, _ := w.AddProducer(cfg, sim.Generator{Topic: "orders", Rate: 10_000, Value: "{n}"}, "")
	w.Advance(1_000, 0)
	w.SetFaults("p1", 0, func(f *sim.Faults) { f.Drop = 500 })
	w.Advance(5_000, 0)
	w.SetPaused(p, true)
	w.Settle(0)
	total := w.Totals()
	if total.Lost == 0 || total.Lost != total.Sent-total.Appended {
		t.Errorf("%+v: what was sent and is not in the log is lost", total)
	}
	if len(*list) == 0 || (*list)[0].Verdict != sim.Lost || (*list)[0].Setting != "acks=0" {
		t.Errorf("%+v", *list)
	}
}

func TestCustodyOfOrder(t *testing.T) {
	w := sim.New(sim.Config{Seed: 3, LatencyMs: 10})
	list := verdicts(w)
	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 1, ReplicationFactor: 1}, nil)
	cfg := client.DefaultProducerConfig()
	_ = cfg.Set("enable.idempotence", "false")
	cfg.ClientID = "p1"
	p, _ := w.AddProducer(cfg, sim.Generator{Topic: "orders", Rate: 200_000, Keys: []string{"truck-1"}, Value: "{n}"}, "")
	w.Advance(500, 0)
	w.SetFaults("p1", 0, func(f *sim.Faults) { f.Reorder = 300 })
	w.Advance(2_000, 0)
	w.SetPaused(p, true)
	w.Settle(0)
	if total := w.Totals(); total.Disordered == 0 || total.Lost+total.Duplicated > 0 {
		t.Errorf("%+v", total)
	}
	if len(*list) == 0 || (*list)[0].Verdict != sim.Disordered {
		t.Errorf("%+v", *list)
	}
}

// TestCustodyOfTwoWorlds: what becomes of a record in one world does not in another that was
// made from the same snapshot.
func TestCustodyOfTwoWorlds(t *testing.T) {
	w := cabled(t)
	topic, _ := w.Engine().Topic("orders")
	custody := func() sim.Custody {
		v, _ := w.Engine().Partition(topic.ID, 0)
		c, ok := w.Custody(topic.ID, 0, max(v.LogEnd-1, 0))
		if !ok {
			return sim.Custody{Acked: true}
		}
		return c
	}
	for at := engine.Time(1); custody().Acked; at++ {
		if w.Advance(at, 0); at == 10_000 {
			t.Fatal("each record is acknowledged as soon as it is in the log")
		}
	}
	v, _ := w.Engine().Partition(topic.ID, 0)
	last := v.LogEnd - 1
	was := w.Capture()
	for range 2 {
		w.Advance(w.Now()+2_000, 0)
		if c, ok := w.Custody(topic.ID, 0, last); !ok || !c.Acked {
			t.Errorf("two seconds later: %+v %v", c, ok)
		}
		w.Restore(was)
		if c, ok := w.Custody(topic.ID, 0, last); !ok || c.Acked {
			t.Errorf("back again: %+v %v", c, ok)
		}
	}
}
