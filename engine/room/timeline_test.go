package room_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"partita/engine/room"
)

// lesson is ten minutes of a class: what somebody says, and when (in seconds).
var lesson = []struct {
	at   int
	line string
}{
	{0, "pause"},
	{0, "link latency=30ms"},
	{0, "topic create orders partitions=6"},
	{0, "producer add p1 topic=orders rate=8/s keys=truck-1..truck-6 value=\"ride {n}\""},
	{1, "consumer add c1 group=billing topics=orders process=100ms session.timeout.ms=10000"},
	{9, "consumer add c2 group=billing topics=orders process=100ms session.timeout.ms=10000"},
	{30, "consumer add m1 group=mail topics=orders commit=after process=20ms auto.offset.reset=earliest"},
	{60, "consumer crash c2"},
	{60, "send orders hello key=truck-9"},
	{95, "consumer restart c2"},
	{120, "consumer freeze c1"},
	{150, "consumer thaw c1"},
	{200, "producer add p2 topic=orders rate=40/s keys=null value=x acks=1"},
	{240, "topic partitions orders 8"},
	{300, "consumer stop m1"},
	{330, "producer set p2 rate=3/s"},
	{360, "consumer poll m1"},
	{400, "topic config orders retention.ms=60000"},
	{420, "consumer remove c2"},
	{500, "topic create returns partitions=2"},
	{501, "send returns 1"},
	{550, "consumer leave c1"},
}

const lessonEnd = 600

type tape struct {
	t testing.TB
	r *room.Room
}

func newTape(t testing.TB) *tape {
	t.Helper()
	r, err := room.New(room.Config{Code: "own", Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return &tape{t, r}
}

func (p *tape) do(line string) string {
	p.t.Helper()
	result := p.r.Script(0, line)[0]
	if result.Error != "" {
		p.t.Fatalf("%s: %s", line, result.Error)
	}
	return result.Output
}

func (p *tape) seek(ms int) { p.t.Helper(); p.do(fmt.Sprintf("seek %dms", ms)) }

func (p *tape) frame() []byte { return p.r.Frame(nil, 40, "") }

// play plays the lesson from the start and hands out the instants wanted, in order.
func (p *tape) play(instants []int, look func(ms int)) {
	p.t.Helper()
	for i := 0; i <= len(lesson); i++ {
		end := lessonEnd * 1000
		if i < len(lesson) {
			end = lesson[i].at * 1000
		}
		for len(instants) > 0 && instants[0] < end {
			p.seek(instants[0])
			look(instants[0])
			instants = instants[1:]
		}
		p.seek(end)
		if i < len(lesson) {
			p.do(lesson[i].line)
		}
	}
}

// TestSeekShowsTheSameFrame plays ten minutes, and then jumps to 200 instants in any
// order: the frame is the one that was there when they were first played.
func TestSeekShowsTheSameFrame(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	instants := make([]int, 200)
	for i := range instants {
		instants[i] = chance.IntN(lessonEnd * 1000)
	}
	slices.Sort(instants)
	instants = slices.Compact(instants)
	p := newTape(t)
	first := map[int][]byte{}
	p.play(instants, func(ms int) { first[ms] = p.frame() })
	end, digest := p.frame(), p.r.World().Engine().Digest()
	chance.Shuffle(len(instants), func(i, j int) { instants[i], instants[j] = instants[j], instants[i] })
	for _, ms := range instants {
		p.seek(ms)
		if got := p.frame(); !bytes.Equal(got, first[ms]) {
			t.Fatalf("at %d ms another frame than when it was played", ms)
		}
	}
	p.seek(lessonEnd * 1000)
	if got := p.r.World().Engine().Digest(); got != digest || !bytes.Equal(p.frame(), end) {
		t.Errorf("after all that the end differs: digest %x, want %x", got, digest)
	}
	if got := p.do("fork list"); strings.Contains(got, "\n") || !strings.HasSuffix(got, "(here)") {
		t.Errorf("going back and forth made forks:\n%s", got)
	}
	if n := p.r.World().Tape().Bytes(); n > 32<<20 {
		t.Errorf("the timeline takes %d bytes", n)
	}
}

// TestStepsBothWays steps through a rebalance and back: each moment looks as it did.
func TestStepsBothWays(t *testing.T) {
	p := newTape(t)
	p.play(nil, nil)
	p.seek(69_000) // the session of c2 runs out at 70 s
	var frames [][]byte
	for range 300 {
		frames = append(frames, p.frame())
		p.do("step")
	}
	for i := len(frames) - 1; i > 0; i-- {
		p.do("step back")
		if !bytes.Equal(p.frame(), frames[i]) {
			t.Fatalf("step %d back shows something else", len(frames)-i)
		}
	}
}

// TestEditedPastForks changes the past, and goes back to what was.
func TestEditedPastForks(t *testing.T) {
	p := newTape(t)
	p.play(nil, nil)
	world := p.r.World()
	digest, end := world.Engine().Digest(), p.frame()
	p.seek(100_000)
	p.do("consumer remove c1")
	if list := p.do("fork list"); strings.Count(list, "\n") != 1 || !strings.Contains(list, "2 from 100.000") {
		t.Fatal(list)
	}
	p.seek(300_000)
	if world.Consumer("c1") != nil || len(world.Producers()) != 1 {
		t.Error("what was said after the fork was done on the other way")
	}
	p.do("producer pause p1") // nothing comes after this: no fork
	other := p.frame()
	p.seek(290_000)
	p.do("consumer crash m1")
	if list := p.do("fork list"); strings.Count(list, "\n") != 2 {
		t.Error(list)
	}
	p.do("fork go 1")
	if world.Now() != 290_000 || world.Consumer("c1") == nil {
		t.Errorf("the first way at %d", world.Now())
	}
	p.seek(lessonEnd * 1000)
	if world.Engine().Digest() != digest || !bytes.Equal(p.frame(), end) {
		t.Error("the first way ends differently now")
	}
	p.do("fork go 2")
	p.seek(300_000)
	if !bytes.Equal(p.frame(), other) {
		t.Error("the second way looks different now")
	}
	for _, line := range []string{"fork go 9", "seek 1x", "step sideways"} {
		if result := p.r.Script(0, line)[0]; result.Error == "" {
			t.Errorf("%s is taken", line)
		}
	}
}

// TestLiveRoomsDoNotGoBack: their time is the wall clock's.
func TestLiveRoomsDoNotGoBack(t *testing.T) {
	h := newHall(t)
	for _, line := range []string{"seek 1s", "step", "step back", "fork list", "fork go 1"} {
		if result := h.r.Script(h.now, line)[0]; !strings.Contains(result.Error, "wall clock") {
			t.Errorf("%s: %q", line, result.Error)
		}
	}
}

// BenchmarkSeek jumps to any instant of a lesson of ten minutes.
func BenchmarkSeek(b *testing.B) {
	p := newTape(b)
	p.play(nil, nil)
	chance := rand.New(rand.NewPCG(1, 2))
	worst := time.Duration(0)
	for b.Loop() {
		start := time.Now()
		p.seek(chance.IntN(lessonEnd * 1000))
		worst = max(worst, time.Since(start))
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "ms-worst")
	b.ReportMetric(float64(p.r.World().Tape().Bytes()), "bytes-kept")
}
