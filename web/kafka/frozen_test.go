package kafka

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine"
	"partita/engine/scene"
	"partita/engine/sim"
)

// reader polls as a member of group g until the test ends.
func (p *place) reader(name, topic string) *kgo.Client {
	p.t.Helper()
	c := p.franz(kgo.ClientID(name), kgo.ConsumeTopics(topic), kgo.ConsumerGroup("g"), kgo.Balancers(kgo.RangeBalancer()),
		kgo.SessionTimeout(3*time.Second), kgo.HeartbeatInterval(300*time.Millisecond), kgo.DefaultProduceTopic(topic))
	ctx, stop := context.WithCancel(within(p.t))
	done := make(chan struct{})
	p.t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			c.PollFetches(ctx)
		}
	}()
	return c
}

// membersShown are the members of group g on the stage: their names, states and what is
// said about them.
func (p *place) membersShown() (list []string) {
	p.main().Picture(20, func(f *scene.Frame) {
		for _, g := range f.Groups {
			for i := range g.Members {
				if m := &g.Members[i]; g.Name == "g" {
					list = append(list, fmt.Sprint(m.Name, " ", m.State, " ", sim.Plain(m.Status)))
				}
			}
		}
	})
	slices.Sort(list)
	return list
}

// TestFreeze: a presenter freezes a client that is run from elsewhere: its session runs
// out and others take over; thawed, it comes back. That of the same name goes on.
func TestFreeze(t *testing.T) {
	p := start(t)
	p.topic("cold partitions=4")
	p.reader("kgo", "cold")
	p.reader("kgo", "cold") // another with the same client id and address
	p.reader("alone", "cold")
	p.owners("cold", 4, 3)
	var twin engine.MemberView
	p.main().Look(func(w *sim.World) {
		g, _ := w.Engine().Group("g")
		for _, m := range w.Engine().Members(g.ID, nil) {
			if m.ClientID == "kgo" {
				twin = m
			}
		}
	})
	if got := p.refusal("member freeze g kgo"); !strings.Contains(got, "several members of g are called kgo") {
		t.Errorf("a name of two members: %q", got)
	}
	if got := p.refusal("consumer freeze alone"); got != "alone is run from elsewhere: what works on it is member freeze g alone, and member thaw" {
		t.Errorf("frozen as a consumer of the room: %q", got)
	}
	p.script("member freeze g " + twin.Name)
	p.script("member freeze g alone")
	for _, name := range []string{"alone", "kgo"} {
		want := fmt.Sprint(name, " ", scene.MemberFrozen, " frozen: no heartbeat leaves it")
		if shown := p.membersShown(); !slices.Contains(shown, want) {
			t.Errorf("the stage shows %q, want %q among it", shown, want)
		}
	}
	if got := p.refusal("member freeze g alone"); got != "alone is frozen already" {
		t.Errorf("frozen twice: %q", got)
	}
	if got := p.owners("cold", 4, 1); got[0] != "kgo" {
		t.Errorf("%v owns all", got)
	}
	if shown := p.membersShown(); !slices.Contains(shown, fmt.Sprint("alone ", scene.MemberGone, " frozen, then its session timed out")) || len(shown) != 3 {
		t.Errorf("the stage shows %q", shown)
	}
	p.script("member thaw g alone")
	p.script("member thaw g kgo")
	p.owners("cold", 4, 3)
	if got := p.refusal("member thaw g alone"); got != "no frozen member called alone: there are none yet" {
		t.Errorf("thawed twice: %q", got)
	}
}

// refusal runs a line that must not go well, and gives what it says.
func (p *place) refusal(line string) string {
	p.t.Helper()
	results, err := p.main().Script(line)
	if err != nil || results[0].Error == "" {
		p.t.Errorf("%s: %v, %v, want it refused", line, err, results)
		return ""
	}
	return results[0].Error
}

// TestFreezeEverything: of a client whose name nobody else has, nothing is answered: what
// it produces is not there until it is thawed, and a new connection is let through.
func TestFreezeEverything(t *testing.T) {
	p := start(t)
	p.topic("cold partitions=1")
	r := p.reader("both", "cold")
	p.owners("cold", 1, 1)
	if err := r.ProduceSync(within(t), kgo.StringRecord("early")).FirstErr(); err != nil {
		t.Fatal(err)
	}
	p.script("member freeze g both")
	sent := make(chan error, 1)
	go func() { sent <- r.ProduceSync(within(t), kgo.StringRecord("late")).FirstErr() }()
	if n := p.records("cold"); n != 1 {
		t.Errorf("%d records, want the one from before", n)
	}
	p.kcat("from another\n", "-P", "-t", "cold")
	if n := p.records("cold"); n != 2 {
		t.Errorf("%d records, want one of another client as well", n)
	}
	select {
	case err := <-sent:
		t.Errorf("a frozen client's record was acknowledged: %v", err)
	default:
	}
	p.script("member thaw g both")
	if err := <-sent; err != nil {
		t.Error(err)
	}
	if n := p.records("cold"); n != 3 {
		t.Errorf("%d records, want that of the thawed client too", n)
	}
}
