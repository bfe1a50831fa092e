package sim

import (
	"testing"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/statetest"
)

// worldFields has a line for every field of a world that holds a reference: new state
// needs one here, and code in snapshot.go where it says Copied.
var worldFields = statetest.Fields{
	"World.Hooks.OnEvent":        statetest.Buffer,
	"World.Hooks.OnReply":        statetest.Buffer,
	"World.Hooks.OnFact":         statetest.Buffer,
	"World.Hooks.OnSent":         statetest.Buffer,
	"World.Hooks.OnClear":        statetest.Buffer,
	"World.Hooks.OnNote":         statetest.Buffer,
	"World.Hooks.OnBreach":       statetest.Buffer,
	"World.brokers":              statetest.Buffer,
	"World.offsets":              statetest.Buffer,
	"World.replicas":             statetest.Buffer,
	"keeping.doomed":             statetest.Copied,
	"World.after":                statetest.Buffer,
	"Consumer.inTxn":             statetest.Copied,
	"World.exchanges":            statetest.Copied,
	"World.Hooks.OnFrozen":       statetest.Buffer,
	"World.outsiders":            statetest.Copied,
	"Outsider.sessions":          statetest.Shared,
	"World.chronicle.happened":   statetest.Shared,
	"World.chronicle.footsteps":  statetest.Shared,
	"World.chronicle.names":      statetest.Shared,
	"ledger.eras":                statetest.Copied,
	"Era.Owners":                 statetest.Shared, // written anew
	"World.applying":             statetest.Buffer, // nil between two commands
	"World.custody.topics":       statetest.Copied,
	"World.custody.breaches":     statetest.Copied,
	"keeping.held":               statetest.Shared, // until one of the two writes to it
	"keeping.newest":             statetest.Copied,
	"Producer.sender.out":        statetest.Copied,
	"Consumer.sender.out":        statetest.Copied,
	"World.called":               statetest.Buffer,
	"World.tape":                 statetest.Buffer,
	"World.spare":                statetest.Buffer,
	"World.engine":               statetest.Buffer, // Snapshot.log has it
	"World.cfg.Cluster.Settings": statetest.Shared,
	"World.cfg.Cluster.Racks":    statetest.Shared,
	"World.cfg.Broker":           statetest.Shared,
	"World.cfg.Open":             statetest.Buffer, // a function
	"World.cfg.Memory":           statetest.Buffer, // likewise
	"World.agenda.heap":          statetest.Copied,
	"World.links":                statetest.Copied,
	"World.underway":             statetest.Copied,
	"World.consumers":            statetest.Copied,
	"World.producers":            statetest.Copied,
	"World.console":              statetest.Copied,
	"World.members":              statetest.Copied,
	"World.ledgers":              statetest.Copied,
	"due.link":                   statetest.Copied,
	"due.parcel":                 statetest.Copied,
	"link.machine":               statetest.Buffer, // the client's
	"link.consumer":              statetest.Copied,
	"link.producer":              statetest.Copied,
	"link.waiting":               statetest.Copied,
	"link.wakes":                 statetest.Copied,
	"link.cable":                 statetest.Copied,
	"Consumer.cable":             statetest.Copied,
	"Producer.cable":             statetest.Copied,
	"cable.ways":                 statetest.Copied,
	"parcel.link":                statetest.Copied,
	"parcel.cmd":                 statetest.Shared, // but for a record batch, which parcel.produce has
	"parcel.reply.Body":          statetest.Shared,
	"parcel.produce.Batch":       statetest.Buffer, // copied where cmd points to it
	"Consumer.cfg.Topics":        statetest.Shared,
	"Consumer.cfg.Assignors":     statetest.Shared,
	"Consumer.machine":           statetest.Buffer, // package client tests that a clone is whole
	"Consumer.view.Partitions":   statetest.Buffer,
	"Consumer.link":              statetest.Copied,
	"Consumer.ledger":            statetest.Copied,
	"Producer.gen.Keys":          statetest.Shared,
	"Producer.machine":           statetest.Buffer,
	"Producer.link":              statetest.Copied,
	"Producer.key":               statetest.Buffer,
	"Producer.value":             statetest.Buffer,
	"memberName.consumer":        statetest.Copied,
	"ledger.topics":              statetest.Copied,
	"account.counts.pages":       statetest.Listed,
	"account.counts.own":         statetest.Buffer, // neither writes to what both have
	"account.by":                 statetest.Copied,
	"account.owner":              statetest.Copied,
}

func TestSnapshotCopiesEveryField(t *testing.T) {
	worldFields.Check(t, World{})
}

func busyWorld(t *testing.T) *World {
	t.Helper()
	w := New(Config{Seed: 5, LatencyMs: 40})
	w.Call(&engine.CreateTopic{Name: "orders", Partitions: 4}, nil)
	p := client.DefaultProducerConfig()
	p.ClientID = "p1"
	if _, err := w.AddProducer(p, Generator{Topic: "orders", Rate: 90_000, Keys: []string{"a", "b", "c"}, Value: "{n}"}, ""); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c1", "c2", "c3", "c4"} {
		cfg := client.DefaultConsumerConfig()
		cfg.ClientID, cfg.GroupID, cfg.Topics = name, "billing", []string{"orders"}
		cfg.SessionTimeoutMs, cfg.App.ProcessMs = 6_000, 7
		if _, err := w.AddConsumer(cfg, ""); err != nil {
			t.Fatal(err)
		}
	}
	w.Advance(4_000, 0)
	w.Crash(w.Consumer("c2"))
	w.Freeze(w.Consumer("c3"))
	if err := w.Send("orders", -1, []byte("a"), nil); err != nil {
		t.Fatal(err)
	}
	w.Advance(4_517, 0)
	w.Remove(w.Consumer("c4"))
	w.Advance(4_530, 0)
	return w
}

// TestSnapshotGoesOnAlike captures a world in the middle of everything, goes on, and
// goes on from the snapshot in another world: both do the same.
func TestSnapshotGoesOnAlike(t *testing.T) {
	w := busyWorld(t)
	s := w.Capture()
	then := worldFields.Dump(w)
	if got := worldFields.Dump(&s.world); got != then {
		t.Fatal("the snapshot differs from the world:\n" + statetest.Difference(then, got))
	}
	worldFields.Apart(t, w, &s.world)
	goOn := func(w *World) uint64 {
		w.Advance(9_000, 0)
		w.Thaw(w.Consumer("c3"))
		w.Restart(w.Consumer("c2"))
		w.Advance(30_000, 0)
		return w.engine.Digest()
	}
	want, end := goOn(w), worldFields.Dump(w)
	if got := worldFields.Dump(&s.world); got != then {
		t.Fatal("the snapshot changed afterwards:\n" + statetest.Difference(then, got))
	}
	for range 2 {
		again := New(Config{})
		again.Restore(s)
		if got := goOn(again); got != want {
			t.Errorf("digest %x, and from the snapshot %x", want, got)
		}
		if got := worldFields.Dump(again); got != end {
			t.Error("another state from the snapshot:\n" + statetest.Difference(end, got))
		}
	}
}
