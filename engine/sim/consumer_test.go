package sim_test

import (
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/client"
	"partita/engine/sim"
)

func addConsumer(t testing.TB, w *sim.World, name string) *sim.Consumer {
	t.Helper()
	cfg := client.DefaultConsumerConfig()
	cfg.ClientID, cfg.GroupID, cfg.Topics = name, "billing", []string{"orders"}
	cfg.SessionTimeoutMs, cfg.HeartbeatIntervalMs = 6_000, 1_000
	c, err := w.AddConsumer(cfg, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func settle(t testing.TB, w *sim.World) {
	t.Helper()
	if done, why := w.Settle(0); !done {
		t.Fatal(why)
	}
}

// TestFrozenConsumerFindsItsRepliesLater checks that a frozen process neither sends nor
// reads, and that what came in the meantime waits for it.
func TestFrozenConsumerFindsItsRepliesLater(t *testing.T) {
	w := newWorld(t, 100)
	c := addConsumer(t, w, "c1")
	settle(t, w)
	var facts []client.FactKind
	w.OnFact = func(_ *sim.Consumer, f *client.Fact) { facts = append(facts, f.Kind) }
	if err := w.Send("orders", 0, nil, []byte("a")); err != nil {
		t.Fatal(err)
	}
	w.Advance(w.Now()+350, 0) // the record is in the log, its fetch reply on the way
	w.Freeze(c)
	w.Advance(w.Now()+3_000, 0)
	if len(facts) != 0 || c.State() != sim.Frozen {
		t.Fatalf("a frozen consumer did %v", facts)
	}
	w.Thaw(c)
	settle(t, w)
	if len(facts) == 0 || facts[0] != client.FactPolled {
		t.Errorf("after the thaw it did %v", facts)
	}
	if _, in := c.Member(); !in {
		t.Error("it was taken out though its session had not run out")
	}
	if n := w.Processed("billing", 1, 0, 0); n != 1 {
		t.Errorf("the record was processed %d times", n)
	}
}

// TestGoneConsumersLeaveThePicture checks when a crashed consumer is hidden, that it
// can still be restarted, and that its name is free again.
func TestGoneConsumersLeaveThePicture(t *testing.T) {
	w := newWorld(t, 10)
	c := addConsumer(t, w, "c1")
	settle(t, w)
	w.Crash(c)
	w.Advance(w.Now()+5_000, 0)
	if _, in := c.Member(); !in || w.Hidden(c) {
		t.Error("its session has not run out yet")
	}
	w.Advance(w.Now()+5_000, 0)
	if _, in := c.Member(); in || w.Hidden(c) {
		t.Error("its session ran out, and it is to be seen for ten more seconds")
	}
	w.Advance(w.Now()+10_000, 0)
	if !w.Hidden(c) || w.Consumer("c1") != c {
		t.Error("it is still to be seen, or not to be found")
	}
	w.Restart(c)
	settle(t, w)
	if w.Hidden(c) || c.State() != sim.Running || c.View().State != client.Stable {
		t.Error("it did not come back")
	}
	if _, err := w.AddConsumer(c.Config(), ""); err == nil {
		t.Error("two consumers of one name")
	}
	w.Close(c)
	settle(t, w)
	w.Advance(w.Now()+10_000, 0)
	if again := addConsumer(t, w, "c1"); again == c || len(w.Consumers()) != 1 {
		t.Error("the old one did not make way")
	}
}

func TestRemoveLeavesTheGroup(t *testing.T) {
	w := newWorld(t, 10)
	c1, c2 := addConsumer(t, w, "c1"), addConsumer(t, w, "c2")
	settle(t, w)
	w.Remove(c1)
	settle(t, w)
	g, _ := w.Engine().Group("billing")
	if len(w.Consumers()) != 1 || g.MemberCount != 1 {
		t.Errorf("%d consumers and %d members", len(w.Consumers()), g.MemberCount)
	}
	w.Freeze(c2)
	w.Remove(c2)
	w.Advance(w.Now()+10_000, 0)
	g, _ = w.Engine().Group("billing")
	if len(w.Consumers()) != 0 || g.MemberCount != 0 {
		t.Errorf("%d consumers and %d members", len(w.Consumers()), g.MemberCount)
	}
}

// TestMembersFromOutsideHaveNames checks that sentences call a live client by its
// client id and never by its member id.
func TestMembersFromOutsideHaveNames(t *testing.T) {
	w := newWorld(t, 10)
	var notes []string
	w.OnNote = func(_ engine.Time, _ uint8, text string) { notes = append(notes, text) }
	member := ""
	w.OnReply = func(r *engine.Reply) {
		if body, ok := r.Body.(*engine.JoinGroupReply); ok {
			member = body.Member
		}
	}
	join := engine.JoinGroup{Group: "billing", ClientID: "tab-7", ProtocolType: "consumer",
		Protocols: []engine.JoinProtocol{{Name: "range"}}, SessionTimeoutMs: 6_000, RebalanceTimeoutMs: 6_000}
	w.Submit(sim.ExternalBase, 1, &join)
	join.Member = member
	w.Submit(sim.ExternalBase, 2, &join)
	w.Advance(20_000, 0)
	text := sim.Plain(strings.Join(notes, "\n"))
	for _, want := range []string{"tab-7 joins billing.", "tab-7 missed its session timeout. The coordinator takes it out of billing."} {
		if !strings.Contains(text, want) {
			t.Errorf("nobody says: %s\n%s", want, text)
		}
	}
	if strings.Contains(text, member) || member == "" {
		t.Errorf("the member id %q is shown:\n%s", member, text)
	}
}

// TestFlightsOfFetches checks that fetched records are seen on their way to a consumer.
func TestFlightsOfFetches(t *testing.T) {
	w := newWorld(t, 200)
	c := addConsumer(t, w, "c1")
	settle(t, w)
	if err := w.Send("orders", 2, []byte("truck-10"), nil); err != nil {
		t.Fatal(err)
	}
	seen := false
	for range 100 {
		w.Advance(w.Now()+20, 0)
		w.Flights(func(f *sim.Flight) {
			if f.Consumer == nil {
				return
			}
			seen = true
			if f.Consumer != c || f.Partition != 2 || f.Offset != 0 || f.Records != 1 || !f.Tombstone || string(f.Key) != "truck-10" {
				t.Errorf("a flight looks like this: %+v", *f)
			}
		})
	}
	if !seen {
		t.Error("no fetch was seen on its way")
	}
}
