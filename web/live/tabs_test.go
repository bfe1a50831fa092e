package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/sim"
	"partita/web/host"
)

// tab is a browser tab that is a consumer: the engine's own seat over a real socket.
type tab struct {
	client *socketClient
	seat   *room.Seat
	in     chan []byte
	orders chan string
	gone   chan struct{}
}

const sessionTimeout = 10 * time.Second

// sit opens a tab of a room and lets it run until its socket ends.
func (s *server) sit(name string) *tab {
	s.t.Helper()
	seat, err := room.NewSeat(fmt.Sprintf("room=main\nname=%s\ngroup.id=%s\ntopics=%s\nsession.timeout.ms=%d\nheartbeat.interval.ms=3000",
		name, host.TabsGroup, host.TabsTopic, sessionTimeout.Milliseconds()))
	if err != nil {
		s.t.Fatal(err)
	}
	b := &tab{client: s.dial("main"), seat: seat, in: make(chan []byte, 16), orders: make(chan string), gone: make(chan struct{})}
	go func() {
		defer close(b.in)
		for {
			_, packet, err := b.client.conn.ReadMessage()
			if err != nil {
				return
			}
			b.in <- packet
		}
	}()
	go b.run()
	b.orders <- "online"
	return b
}

func (b *tab) run() {
	defer close(b.gone)
	timer := time.NewTimer(0)
	frozen := false
	for {
		now := func() engine.Time { return engine.Time(time.Now().UnixMilli()) }
		var err error
		select {
		case packet, ok := <-b.in:
			if !ok {
				return
			}
			if !frozen {
				err = b.seat.Receive(now(), packet)
			}
		case line := <-b.orders:
			if frozen = line == "freeze"; !frozen {
				err = b.seat.Order(now(), line)
			}
		case <-timer.C:
		}
		if frozen {
			continue // the socket lives on, in the browser
		}
		if err != nil {
			b.client.t.Errorf("a seat: %v", err)
		}
		next := b.seat.Tick(now())
		for packet := b.seat.Output(); packet != nil; packet = b.seat.Output() {
			if packet[0] < room.ToPage && b.client.conn.WriteMessage(websocket.BinaryMessage, packet) != nil {
				return
			}
		}
		timer.Reset(time.Duration(max(1, next-now())) * time.Millisecond)
	}
}

// close ends the tab's socket as a browser does when the tab is closed.
func (b *tab) close() {
	b.client.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
	<-b.gone
	b.client.conn.Close()
}

// cut ends the tab's connection without a word.
func (b *tab) cut() {
	b.client.conn.NetConn().Close()
	<-b.gone
}

// owners says who owns how many partitions of the tabs' group: "a=3 b=3". It is empty
// while the group is not Stable.
func (s *server) owners() string {
	s.t.Helper()
	main, _ := s.rooms.Find(host.MainCode)
	var parts []string
	err := main.Look(func(w *sim.World) {
		g, ok := w.Engine().Group(host.TabsGroup)
		if !ok || g.State != engine.GroupStable {
			return
		}
		taken := map[int32]bool{}
		for _, m := range w.Engine().Members(g.ID, nil) {
			assignment, err := engine.ParseAssignment(m.Assignment)
			if err != nil {
				s.t.Error(err)
			}
			n := 0
			for _, topic := range assignment.Partitions {
				for _, p := range topic.Partitions {
					if taken[p] {
						s.t.Errorf("partition %d has two owners", p)
					}
					taken[p] = true
					n++
				}
			}
			parts = append(parts, fmt.Sprintf("%s=%d", m.ClientID, n))
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// until waits until the group looks as wanted, and gives the time that took.
func (s *server) until(want string) time.Duration {
	s.t.Helper()
	began, tick := time.Now(), time.NewTicker(10*time.Millisecond) // of virtual time
	defer tick.Stop()
	for s.owners() != want {
		if time.Since(began) > time.Minute {
			s.t.Fatalf("the owners are %q after a minute, want %q", s.owners(), want)
		}
		<-tick.C
	}
	return time.Since(began)
}

// TestTabsShareAGroup: tabs are consumers of one group; one that is closed leaves at
// once, one whose connection is cut or that freezes is missed when its session times out.
func TestTabsShareAGroup(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(b *tab)
		at   time.Duration // at least, and at most so much more
		most time.Duration
	}{
		// A heartbeat tells the one that stays, within its interval, to join again.
		{"closed", (*tab).close, 0, 4 * time.Second},
		{"cut", (*tab).cut, sessionTimeout - 4*time.Second, sessionTimeout + 4*time.Second},
		{"frozen", func(b *tab) { b.orders <- "freeze" }, sessionTimeout - 4*time.Second, sessionTimeout + 4*time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t)
				a := s.sit("a")
				s.until("a=6")
				b := s.sit("b")
				s.until("a=3 b=3")
				c.end(b)
				if took := s.until("a=6"); took < c.at || took > c.most {
					t.Errorf("the one that stays owned all after %v, want %v to %v", took, c.at, c.most)
				}
				back := s.sit("b2")
				s.until("a=3 b2=3")
				back.close()
				a.close()
				b.client.conn.Close()
			})
		})
	}
}

// TestGoodbyes: only an end that a page chooses itself is a goodbye.
func TestGoodbyes(t *testing.T) {
	for _, c := range []struct {
		code   int
		polite bool
	}{
		{websocket.CloseNormalClosure, true}, {websocket.CloseGoingAway, true}, {websocket.CloseNoStatusReceived, true},
		{websocket.CloseInternalServerErr, false}, {4000, false},
	} {
		t.Run(fmt.Sprint(c.code), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t)
				b := s.sit("b")
				s.until("b=6")
				message := websocket.FormatCloseMessage(c.code, "")
				if c.code == websocket.CloseNoStatusReceived {
					message = nil
				}
				b.client.conn.WriteControl(websocket.CloseMessage, message, time.Now().Add(time.Second))
				<-b.gone
				synctest.Wait()
				main, _ := s.rooms.Find(host.MainCode)
				main.Look(func(w *sim.World) {
					g, _ := w.Engine().Group(host.TabsGroup)
					if left := g.MemberCount == 0; left != c.polite {
						t.Errorf("the member left: %v, want %v", left, c.polite)
					}
				})
				b.client.conn.Close()
			})
		})
	}
}
