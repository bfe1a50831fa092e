package referee

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/sim"
	"partita/web/host"
)

// seat is a browser tab's consumer, without the browser.
type seat struct {
	mu sync.Mutex
	*room.Seat
}

// Send passes a packet of the room on to the tab.
func (s *seat) Send(packet []byte) {
	packet = slices.Clone(packet)
	go func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.Receive(engine.Time(time.Now().UnixMilli()), packet)
	}()
}

// Show is nothing to a tab without a page.
func (s *seat) Show([]byte) {}

// End is nothing either: the test ends.
func (s *seat) End(error) {}

// tab lets a tab join the group that is called as its topic, until the test ends.
func tab(t *testing.T, h *host.Host, topic, protocol string) {
	t.Helper()
	config := "room=main\nname=tab-" + topic + "\ntopics=" + topic + "\ngroup.id=" + topic + "\ngroup.protocol=" + protocol
	if protocol == "classic" { // with KIP-848 these are the broker's
		config += "\npartition.assignment.strategy=range\nsession.timeout.ms=6000\nheartbeat.interval.ms=500"
	}
	made, err := room.NewSeat(config)
	if err != nil {
		t.Fatal(err)
	}
	s := &seat{Seat: made}
	id, err := h.Open(s, "/tab")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	t.Cleanup(func() { stop(); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for first := true; ctx.Err() == nil; first = false {
			s.mu.Lock()
			now := engine.Time(time.Now().UnixMilli())
			if first {
				s.Order(now, "online")
			}
			s.Tick(now)
			var packets [][]byte
			for packet := s.Output(); packet != nil; packet = s.Output() {
				if packet[0] != room.ToPage {
					packets = append(packets, slices.Clone(packet))
				}
			}
			s.mu.Unlock()
			for _, packet := range packets {
				h.Receive(id, packet)
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
}

// owners waits until a group's members of these client ids own every partition of its topic
// once.
func owners(t *testing.T, h *host.Host, group string, partitions int, want ...string) {
	t.Helper()
	last := ""
	for limit := time.After(most); ; {
		var names []string
		owned, total := map[int32]bool{}, 0
		h.Look(func(w *sim.World) {
			g, _ := w.Engine().Group(group)
			for _, m := range w.Engine().Members(g.ID, nil) {
				names = append(names, m.ClientID)
				if a, err := engine.ParseAssignment(m.Assignment); err == nil && g.State == engine.GroupStable {
					for _, tp := range a.Partitions {
						for _, part := range tp.Partitions {
							owned[int32(part)], total = true, total+1
						}
					}
				}
			}
		})
		slices.Sort(names)
		if slices.Equal(names, want) && len(owned) == partitions && total == partitions {
			return
		}
		last = fmt.Sprint(names, owned)
		select {
		case <-time.After(20 * time.Millisecond):
		case <-limit:
			t.Fatalf("group %s never had the members %v with each partition once; last %s", group, want, last)
		}
	}
}

// TestJavaInGroup: a Java consumer shares a group with a tab and with kcat, with disjoint and
// complete assignments before and after it is killed: as a member of the classic protocol,
// as one of KIP-848, and with the others still on the classic one.
func TestJavaInGroup(t *testing.T) {
	t.Parallel()
	at, err := startPartita()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, java, tab string }{{"classic", "classic", "classic"}, {"consumer", "consumer", "consumer"}, {"mixed", "consumer", "classic"}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			javaInGroup(t, at, "java-"+c.name, c.java, c.tab)
		})
	}
}

func javaInGroup(t *testing.T, at *target, topic, javaProtocol, tabProtocol string) {
	h, err := at.rooms.Visit(host.MainCode)
	if err != nil {
		t.Fatal(err)
	}
	if results, err := h.Script("topic create " + topic + " partitions=6"); err != nil || results[0].Error != "" {
		t.Fatal(err, results)
	}
	args := []string{"--bootstrap-server", at.addr, "--topic", topic, "--group", topic, "--consumer-property", "client.id=java", "--consumer-property", "group.protocol=" + javaProtocol}
	if javaProtocol == "classic" {
		args = append(args, "--consumer-property", "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor",
			"--consumer-property", "session.timeout.ms=6000", "--consumer-property", "heartbeat.interval.ms=500")
	}
	consumer, err := java(t.Context(), tools["kafka-console-consumer"], args...)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	consumer.Stdout, consumer.Stderr = &out, &out
	kcat := exec.CommandContext(t.Context(), "kcat", "-q", "-b", at.addr, "-G", topic, "-X", "client.id=kcat", "-X", "partition.assignment.strategy=range",
		"-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=500", topic)
	for _, cmd := range []*exec.Cmd{consumer, kcat} {
		if err := cmd.Start(); err != nil {
			t.Fatalf("%v: %s", err, how)
		}
		t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	}
	tab(t, h, topic, tabProtocol)
	defer func() {
		if t.Failed() {
			consumer.Process.Kill()
			consumer.Wait()
			t.Log(out.String())
		}
	}()
	owners(t, h, topic, 6, "java", "kcat", "tab-"+topic)
	consumer.Process.Kill()
	consumer.Wait()
	owners(t, h, topic, 6, "kcat", "tab-"+topic)
}

// TestToolShare: kafka-console-share-consumer reads what it is handed.
func TestToolShare(t *testing.T) {
	t.Parallel()
	same(t, "", "kafka-topics", "--create", "--topic", "shared", "--partitions", "1")
	same(t, "", "kafka-configs", "--alter", "--entity-type", "groups", "--entity-name", "sharers", "--add-config", "share.auto.offset.reset=earliest")
	same(t, "a\nb\nc\n", "kafka-console-producer", "--topic", "shared")
	same(t, "", "kafka-console-share-consumer", "--topic", "shared", "--group", "sharers", "--max-messages", "3", "--timeout-ms", "30000")
	same(t, "", "kafka-share-groups", "--list")
}
