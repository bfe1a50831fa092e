package client_test

import (
	"fmt"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
)

// newShares is a world with records in orders and a share group that reads them from
// the beginning.
func newShares(t *testing.T, partitions int32, each int) *world {
	w := newWorld(t)
	w.latency = 2
	w.topic("orders", partitions)
	w.do(&engine.AlterGroupConfig{Group: "g", Entries: []engine.ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"},
		{Name: "share.record.lock.duration.ms", Value: "15000"}}})
	for p := range engine.Partition(partitions) {
		for range each { // a batch each: batches are given out whole
			w.produce("orders", p, 1)
		}
	}
	return w
}

// processed counts records of the world by how often they were processed.
func (w *world) processed(total int) (never, once, again int) {
	for _, n := range w.times {
		if n == 1 {
			once++
		} else {
			again++
		}
	}
	return total - len(w.times), once, again
}

func TestShareGroupDividesRecordsNotPartitions(t *testing.T) {
	for _, mode := range []string{"implicit", "explicit"} {
		w := newShares(t, 1, 60)
		var members []*member
		for i := range 3 {
			members = append(members, w.start(fmt.Sprint("s", i), "share=true", "share.acknowledgement.mode="+mode, "process=50", "max.poll.records=4"))
		}
		w.run(30_000)
		if never, once, again := w.processed(60); once != 60 {
			t.Errorf("%s: %d never, %d once, %d more than once", mode, never, once, again)
		}
		for _, m := range members {
			if len(m.log) < 10 {
				t.Errorf("%s: %s processed %d of 60 records of one partition: %v", mode, m.name, len(m.log), m.facts)
			}
			if m.see().State != client.Stable {
				t.Errorf("%s is in state %d", m.name, m.see().State)
			}
		}
		for _, m := range members {
			m.c.Close(w.now)
		}
		w.run(w.now + 2_000)
		for _, m := range members {
			if !m.c.Closed() {
				t.Errorf("%s has not left", m.name)
			}
		}
		g, _ := w.e.Group("g")
		for _, v := range w.e.SharePartitions(g.ID, nil) {
			if v.Start != 60 {
				t.Errorf("%s: orders-%d starts at %d: %+v", mode, v.Partition, v.Start, v.Runs)
			}
		}
	}
}

func TestShareRecordsThatAreReleasedComeAgain(t *testing.T) {
	w := newShares(t, 1, 3)
	m := w.start("s", "share=true", "share.acknowledgement.mode=explicit", "acknowledge=release", "process=10")
	w.run(60_000)
	for o := range 3 { // group.share.delivery.count.limit is 5
		if n := w.times[fmt.Sprintf("orders-0@%d", o)]; n != 5 {
			t.Errorf("record %d was processed %d times", o, n)
		}
	}
	if m.did[client.FactAcknowledged] == 0 {
		t.Error("nothing was acknowledged")
	}
}

func TestShareRecordsThatAreRejectedDoNot(t *testing.T) {
	w := newShares(t, 1, 3)
	w.start("s", "share=true", "share.acknowledgement.mode=explicit", "acknowledge=reject", "process=10")
	w.run(60_000)
	if never, once, again := w.processed(3); once != 3 {
		t.Errorf("%d never, %d once, %d more than once", never, once, again)
	}
}

func TestShareLocksAreLost(t *testing.T) {
	w := newShares(t, 1, 1)
	slow := w.start("slow", "share=true", "process=20000")
	w.start("next", "share=true", "process=20000")
	w.run(90_000)
	if w.times["orders-0@0"] < 2 {
		t.Errorf("processed %v", w.times)
	}
	if !strings.Contains(strings.Join(slow.facts, "\n"), "INVALID_RECORD_STATE") {
		t.Errorf("facts of the slow one: %v", slow.facts)
	}
}

func TestShareMemberThatCrashesGivesItsRecordsBack(t *testing.T) {
	w := newShares(t, 2, 20)
	a := w.start("a", "share=true", "crash.at=polled")
	w.run(5_000)
	if !a.c.Crashed() {
		t.Fatal("it did not crash")
	}
	w.crash(a)
	w.start("b", "share=true", "process=10")
	w.run(120_000)
	if never, once, again := w.processed(40); once != 40 {
		t.Errorf("%d never, %d once, %d more than once %v %v", never, once, again, w.times, w.members[1].facts)
	}
}

func TestShareGroupOutlivesItsBrokers(t *testing.T) {
	w := newCluster(t, 3)
	w.replicated(3)
	w.do(&engine.AlterGroupConfig{Group: "g", Entries: []engine.ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
	producer := w.startProducer("p", "request.timeout.ms=3000")
	consumer := w.start("c", "share=true", "request.timeout.ms=3000")
	w.feed(producer, 0, 30, 3)
	w.do(&engine.CrashBroker{Broker: 102})
	w.feed(producer, 30, 60, 3)
	w.run(w.now + 15_000)
	w.do(&engine.StartBroker{Broker: 102})
	w.feed(producer, 60, 90, 3)
	w.run(w.now + 60_000)
	if never, _, again := times(consumer.values, 90); never > 0 || again > 10 {
		t.Errorf("%d never, %d more than once; %v", never, again, consumer.facts)
	}
}

func TestShareSettings(t *testing.T) {
	cfg := client.DefaultConsumerConfig()
	for _, pair := range []string{"share=true", "acknowledge=reject"} {
		name, value, _ := strings.Cut(pair, "=")
		if err := cfg.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if cfg.Check() == nil {
		t.Error("in implicit mode nothing can be rejected")
	}
	cfg.Set("share.acknowledgement.mode", "explicit")
	if err := cfg.Check(); err != nil {
		t.Error(err)
	}
}
