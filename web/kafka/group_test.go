package kafka

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/scene"
	"partita/engine/sim"
	"partita/web/host"
)

// tab is a browser tab's consumer, without the browser.
type tab struct {
	seat    *room.Seat
	packets chan []byte // from the room, in their order
}

// Send passes a packet of the room on to the tab.
func (s *tab) Send(packet []byte) { s.packets <- slices.Clone(packet) }

// Show is nothing to a tab without a page.
func (s *tab) Show([]byte) {}

// End is nothing either: the test ends.
func (s *tab) End(error) {}

// tab lets a tab join group g and read a topic until the test ends.
func (p *place) tab(topic string) {
	p.t.Helper()
	seat, err := room.NewSeat("room=main\nname=tab-9\ntopics=" + topic + "\ngroup.id=g\npartition.assignment.strategy=range\nsession.timeout.ms=3000\nheartbeat.interval.ms=500")
	if err != nil {
		p.t.Fatal(err)
	}
	s, h := &tab{seat, make(chan []byte, 10_000)}, p.main()
	id, err := h.Open(s, "/tab")
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	p.t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		now := func() engine.Time { return engine.Time(time.Now().UnixMilli()) }
		seat.Order(now(), "online")
		for ctx.Err() == nil {
			seat.Tick(now())
			var packets [][]byte
			for packet := seat.Output(); packet != nil; packet = seat.Output() {
				if packet[0] != room.ToPage {
					packets = append(packets, slices.Clone(packet))
				}
			}
			for _, packet := range packets {
				h.Receive(id, packet)
			}
			select {
			case packet := <-s.packets:
				seat.Receive(now(), packet)
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
}

// owners waits until group g has n members which own every partition of a topic once, and
// gives their client ids.
func (p *place) owners(topic string, partitions, n int) []string {
	p.t.Helper()
	last := ""
	for limit := time.After(testMost); ; {
		var names []string
		owned := map[engine.Partition]int{}
		p.main().Look(func(w *sim.World) {
			e := w.Engine()
			g, _ := e.Group("g")
			for _, m := range e.Members(g.ID, nil) {
				names = append(names, m.ClientID)
				if a, err := engine.ParseAssignment(m.Assignment); err == nil && g.State == engine.GroupStable {
					for _, tp := range a.Partitions {
						for _, part := range tp.Partitions {
							owned[engine.Partition(part)]++
						}
					}
				}
			}
		})
		slices.Sort(names)
		complete := len(owned) == partitions
		for _, times := range owned {
			complete = complete && times == 1
		}
		if complete && len(names) == n {
			return names
		}
		last = fmt.Sprint(names, owned)
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			p.t.Fatalf("the group never had %d members that own %d partitions once each; last %s", n, partitions, last)
		}
	}
}

// TestGroupOfMany: a tab, franz-go and a client of another language share a group, with
// disjoint and complete assignments, also when the client is killed; the stage shows each.
func TestGroupOfMany(t *testing.T) {
	for name := range clients {
		t.Run(name, func(t *testing.T) { groupOfMany(t, name) })
	}
}

func groupOfMany(t *testing.T, name string) {
	p := start(t)
	p.topic("many partitions=6")
	p.tab("many")
	franz := p.franz(kgo.ClientID("franz-go"), kgo.ConsumeTopics("many"), kgo.ConsumerGroup("g"), kgo.Balancers(kgo.RangeBalancer()), kgo.HeartbeatInterval(500*time.Millisecond))
	ctx, stop := context.WithCancel(within(t))
	defer stop()
	go func() {
		for ctx.Err() == nil {
			franz.PollFetches(ctx)
		}
	}()
	args := p.program(name, "many", "group")
	other := exec.Command(args[0], args[1:]...)
	in, err := other.StdinPipe()
	if err == nil {
		err = other.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer other.Process.Kill()

	want := []string{"franz-go", name, "tab-9"}
	slices.Sort(want)
	if got := p.owners("many", 6, 3); !slices.Equal(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
	p.main().Picture(20, func(f *scene.Frame) { checkMembers(t, f, name) })
	other.Process.Kill()
	other.Wait()
	if got := p.owners("many", 6, 2); strings.Join(got, " ") != "franz-go tab-9" {
		t.Errorf("members %v after %s was killed", got, name)
	}
}

// checkMembers: clients are members of another kind than tabs, with their addresses.
func checkMembers(t *testing.T, f *scene.Frame, name string) {
	kinds := map[string]string{}
	for _, g := range f.Groups {
		if g.Name == "g" {
			for _, m := range g.Members {
				kinds[m.Name] = fmt.Sprint(m.Kind, " ", m.Host)
			}
		}
	}
	foreign := fmt.Sprint(scene.MemberForeign, " /127.0.0.1")
	want := map[string]string{"franz-go": foreign, name: foreign, "tab-9": fmt.Sprint(scene.MemberTab, " /tab")}
	if fmt.Sprint(kinds) != fmt.Sprint(want) {
		t.Errorf("the stage shows %v, want %v", kinds, want)
	}
}

var _ host.Peer = (*tab)(nil)
