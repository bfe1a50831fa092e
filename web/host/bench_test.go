package host

import (
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"partita/engine/room"
)

// countingPeer only counts its frames.
type countingPeer struct{ shown *sync.WaitGroup }

func (p *countingPeer) Send([]byte) {}
func (p *countingPeer) Show([]byte) { p.shown.Done() }
func (p *countingPeer) End(error)   {}

// BenchmarkPublish is one round of frames for viewers of a moving room: every one pulls,
// then every one is shown the newest frame. The pause between rounds is left out.
func BenchmarkPublish(b *testing.B) {
	for _, viewers := range []int{10, 1_000} {
		b.Run(fmt.Sprintf("viewers=%d", viewers), func(b *testing.B) {
			rooms, err := NewRooms(slog.New(slog.DiscardHandler))
			if err != nil {
				b.Fatal(err)
			}
			defer rooms.Stop(b.Context())
			h, _ := rooms.Visit(MainCode)
			h.Script("producer add p1 topic=orders rate=100/s keys=truck-1..truck-6")
			shown := new(sync.WaitGroup)
			sessions := make([]room.Session, viewers)
			for i := range sessions {
				sessions[i], _ = h.Open(&countingPeer{shown}, "/test")
				h.Receive(sessions[i], []byte{room.ToHello, room.Version, room.RoleViewer})
			}
			for b.Loop() {
				shown.Add(viewers)
				for _, s := range sessions {
					h.Receive(s, []byte{room.ToPull, 48, 0})
				}
				h.mu.Lock()
				h.published = time.Time{}
				h.mu.Unlock()
				h.nudge()
				shown.Wait()
			}
		})
	}
}
