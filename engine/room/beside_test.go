package room_test

import (
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/room"
)

// TestBeside: a second run goes in step with the room's own and is drawn apart; lines go
// to both, and the room's own run is none the wiser.
func TestBeside(t *testing.T) {
	const script = `topic create orders partitions=2
producer add p1 topic=orders rate=5/s keys=truck-1..truck-4 acks=1
consumer add c1 group=billing topics=orders process=20ms
advance 3s`
	alone, err := room.New(room.Config{Seed: 7, Script: script})
	if err != nil {
		t.Fatal(err)
	}
	r, err := room.New(room.Config{Seed: 7, Script: script + "\ncompare set process=900ms"})
	if err != nil {
		t.Fatal(err)
	}
	for at := range 200 {
		if at == 100 {
			for _, each := range []*room.Room{r, alone} {
				for _, result := range each.Script(1600, "consumer add c2 group=billing topics=orders process=20ms") {
					if result.Error != "" {
						t.Fatal(result.Error)
					}
				}
			}
		}
		for r.Advance(1600+16*engine.Time(at-100), 50) {
		}
		for alone.Advance(1600+16*engine.Time(at-100), 50) {
		}
	}
	f := r.Picture(24, "")
	if f.Compared != "process=900ms" || len(f.Figures) == 0 {
		t.Fatalf("compared %q with %d figures", f.Compared, len(f.Figures))
	}
	differs := false
	for _, d := range f.Figures {
		differs = differs || d.Here != d.There
	}
	if !differs {
		t.Errorf("a handler that takes 45 times as long makes no difference: %+v", f.Figures)
	}
	here, there := string(r.Frame(nil, 24, "")), string(r.Beside(nil, 24, ""))
	if there == "" || here[0] != room.FromFrame || there[0] != room.FromBeside || here[1:] == there[1:] {
		t.Error("the two runs are not drawn apart")
	}
	if !strings.Contains(there, "c2") {
		t.Error("the line did not reach the other run")
	}
	if got, want := r.World().Engine().Digest(), alone.World().Engine().Digest(); got != want {
		t.Errorf("digest %x with a run beside it, %x without", got, want)
	}
	r.Script(5000, "compare end")
	if len(r.Beside(nil, 24, "")) > 0 || r.Picture(24, "").Compared != "" {
		t.Error("the other run is still there")
	}
}
