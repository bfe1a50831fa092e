package room_test

import (
	"strconv"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/scene"
)

// hall is a live room and the seats in it, joined without latency, in virtual time.
type hall struct {
	t     *testing.T
	r     *room.Room
	now   engine.Time
	seats []*chair
}

type chair struct {
	seat    *room.Seat
	session room.Session
	frozen  bool
	gone    bool
	pages   int // pictures made
}

const mainScript = "topic create orders partitions=6\n"

func newHall(t *testing.T) *hall {
	t.Helper()
	r, err := room.New(room.Config{Code: "main", Live: true, Seed: 1, Start: 1_000_000, Script: mainScript,
		Broker: []engine.ConfigEntry{{Name: "group.initial.rebalance.delay.ms", Value: "0"}}})
	if err != nil {
		t.Fatal(err)
	}
	return &hall{t: t, r: r, now: 1_000_000}
}

func (h *hall) sit(settings string) *chair {
	h.t.Helper()
	timeouts := "session.timeout.ms=10s\nheartbeat.interval.ms=3000\n"
	if strings.Contains(settings, "group.protocol") {
		timeouts = "" // these are the coordinator's then
	}
	seat, err := room.NewSeat("room=main\ngroup.id=tabs\ntopics=orders\n" + timeouts + settings)
	if err != nil {
		h.t.Fatal(err)
	}
	c := &chair{seat: seat, session: h.r.Open("127.0.0.1")}
	h.seats = append(h.seats, c)
	if err := seat.Order(h.now, "online"); err != nil {
		h.t.Fatal(err)
	}
	return c
}

// run lets ms pass in steps of 50.
func (h *hall) run(ms int64) {
	h.t.Helper()
	for end := h.now + engine.Time(ms); h.now < end; {
		h.now += 50
		h.r.Advance(h.now, 0)
		for _, c := range h.seats {
			h.exchange(c)
		}
		if err := h.r.World().Engine().Check(); err != nil {
			h.t.Fatal(err)
		}
	}
}

func (h *hall) exchange(c *chair) {
	if c.gone || c.frozen {
		return
	}
	c.seat.Tick(h.now)
	c.seat.Draw(h.now)
	for packet := c.seat.Output(); packet != nil; packet = c.seat.Output() {
		if packet[0] == room.ToPage {
			c.pages++
		} else if err := h.r.Receive(h.now, c.session, packet); err != nil {
			h.t.Fatal(err)
		}
	}
	h.r.Outbox(c.session, func(packet []byte) {
		if err := c.seat.Receive(h.now, append([]byte(nil), packet...)); err != nil {
			h.t.Fatal(err)
		}
	})
}

// owned counts the partitions of each member of the group tabs, in join order.
func (h *hall) owned() []int {
	e := h.r.World().Engine()
	g, _ := e.Group("tabs")
	var counts []int
	for _, m := range e.Members(g.ID, nil) {
		a, err := engine.ParseAssignment(m.Assignment)
		if err != nil {
			h.t.Fatal(err)
		}
		n := 0
		for _, tp := range a.Partitions {
			n += len(tp.Partitions)
		}
		counts = append(counts, n)
	}
	return counts
}

func (h *hall) wantOwned(want ...int) {
	h.t.Helper()
	got := h.owned()
	if len(got) != len(want) {
		h.t.Fatalf("partitions by member: %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			h.t.Fatalf("partitions by member: %v, want %v", got, want)
		}
	}
}

func TestTabsShareAGroup(t *testing.T) {
	h := newHall(t)
	a, b, c := h.sit(""), h.sit(""), h.sit("")
	h.run(15_000)
	h.wantOwned(2, 2, 2)

	t.Log("a closed tab leaves at once")
	c.gone = true
	h.r.Close(h.now, c.session, true)
	h.run(5_000)
	h.wantOwned(3, 3)

	t.Log("a frozen tab keeps its partitions until its session times out")
	b.frozen = true
	h.run(5_000)
	h.wantOwned(3, 3)
	h.run(10_000)
	h.wantOwned(6)
	if text := h.notes(); !strings.Contains(text, "session") {
		t.Errorf("no sentence says why:\n%s", text)
	}

	t.Log("thawed, it joins again")
	b.frozen = false
	h.run(10_000)
	h.wantOwned(3, 3)
	if a.pages == 0 {
		t.Error("a seat made no picture")
	}
}

func TestLostSocketIsNotALeave(t *testing.T) {
	h := newHall(t)
	h.sit("")
	b := h.sit("")
	h.run(15_000)
	b.gone = true
	h.r.Close(h.now, b.session, false)
	h.run(4_000)
	h.wantOwned(3, 3)
	h.run(12_000)
	h.wantOwned(6)
}

func TestTabsProcessEveryRecordOnceInOrder(t *testing.T) {
	h := newHall(t)
	a, b := h.sit(""), h.sit("")
	h.run(15_000)
	h.script("producer add p1 topic=orders rate=200/s keys=truck-1..truck-20")
	h.run(10_000)
	h.script("producer remove p1")
	h.run(5_000)
	seen := map[string]int{}
	for _, c := range []*chair{a, b} {
		for _, line := range strings.Split(string(c.seat.AppendHistory(nil)), "\n")[1:] {
			if f := strings.Split(line, ","); len(f) == 6 {
				seen[f[2]+"-"+f[3]]++
			}
		}
	}
	total := 0
	id, _ := h.r.World().Engine().Topic("orders")
	for p := range engine.Partition(6) {
		view, _ := h.r.World().Engine().Partition(id.ID, p)
		total += int(view.LogEnd)
	}
	if total < 1500 || len(seen) != total {
		t.Errorf("%d records, %d different ones processed", total, len(seen))
	}
}

func (h *hall) script(lines string) {
	h.t.Helper()
	for _, result := range h.r.Script(h.now, lines) {
		if result.Error != "" {
			h.t.Fatalf("%s: %s", result.Text, result.Error)
		}
	}
}

// notes asks for a frame and gives its sentences, found as plain text in the bytes.
func (h *hall) notes() string {
	return string(h.r.Frame(nil, 24, ""))
}

func TestPacketsThatBreakTheProtocol(t *testing.T) {
	h := newHall(t)
	hello := []byte{room.ToHello, room.Version, room.RoleViewer}
	for name, packets := range map[string][][]byte{
		"empty":            {{}},
		"no hello":         {{room.ToPull, 1, 0}},
		"wrong version":    {{room.ToHello, 99, 0}},
		"wrong role":       {{room.ToHello, room.Version, 9}},
		"short hello":      {{room.ToHello}},
		"twice":            {hello, hello},
		"unknown type":     {hello, {200}},
		"short pull":       {hello, {room.ToPull, 1}},
		"short script":     {hello, {room.ToScript, 1}},
		"viewer's command": {hello, {room.ToCommand, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"garbage command":  {{room.ToHello, room.Version, room.RoleTab}, {room.ToCommand, 1, 2, 3, 4, 5, 6, 7, 8, 255, 255}},
		"too long":         {hello, make([]byte, room.MaxPacket+1)},
	} {
		s := h.r.Open("test")
		var err error
		for _, p := range packets {
			if err = h.r.Receive(h.now, s, p); err != nil {
				break
			}
		}
		if err == nil {
			t.Errorf("%s: taken", name)
		}
		h.r.Close(h.now, s, false)
	}
}

func TestScriptPacketAnswersEachLine(t *testing.T) {
	h := newHall(t)
	s := h.r.Open("test")
	h.send(s, room.ToHello, room.Version, room.RoleViewer)
	h.send(s, append([]byte{room.ToScript, 7, 0, 0, 0}, "topic create <script>\ntopic create fine\nnonsense"...)...)
	var results []byte
	h.r.Outbox(s, func(p []byte) {
		if p[0] == room.FromResult {
			results = append(results, p...)
		}
	})
	text := string(results)
	if !strings.Contains(text, "INVALID_TOPIC_EXCEPTION") || !strings.Contains(text, "nonsense") || results[1] != 7 {
		t.Errorf("results: %q", text)
	}
	if _, ok := h.r.World().Engine().Topic("fine"); !ok {
		t.Error("the line after a failed one did not run")
	}
}

func (h *hall) send(s room.Session, packet ...byte) {
	h.t.Helper()
	if err := h.r.Receive(h.now, s, packet); err != nil {
		h.t.Fatal(err)
	}
}

func TestFrameIsSharedUntilTheWorldChanges(t *testing.T) {
	h := newHall(t)
	first := h.r.Frame(nil, 25, "")
	if string(h.r.Frame(nil, 24, "")) != string(first) {
		t.Error("two viewers of one size got different frames")
	}
	if first[0] != room.FromFrame || first[1] != scene.FrameVersion {
		t.Errorf("frame begins %v", first[:2])
	}
	h.script("send orders hello key=truck-7")
	h.run(1000)
	if string(h.r.Frame(nil, 24, "")) == string(first) {
		t.Error("the frame did not change")
	}
}

func TestPlaygroundClock(t *testing.T) {
	r, err := room.New(room.Config{Seed: 1, Script: "topic create orders partitions=1"})
	if err != nil {
		t.Fatal(err)
	}
	step := func(to engine.Time) engine.Time {
		r.Advance(to, 0)
		return r.World().Now()
	}
	line := func(text string) string {
		results := r.Script(0, text)
		return results[0].Error
	}
	if got := step(100); got != 100 {
		t.Errorf("1x: %d", got)
	}
	if got := step(60_000); got != 600 {
		t.Errorf("a hidden page leaps: %d", got)
	}
	line("speed 10")
	if got := step(60_100); got != 1600 {
		t.Errorf("10x: %d", got)
	}
	line("pause")
	if got := step(60_200); got != 1600 {
		t.Errorf("paused: %d", got)
	}
	line("play")
	line("speed 0.01")
	for at := engine.Time(60_201); at <= 60_300; at++ {
		step(at)
	}
	if got := r.World().Now(); got != 1601 && got != 1602 {
		t.Errorf("0.01x: %d", got)
	}
	if line("speed 1000") == "" {
		t.Error("speed 1000 was taken")
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte{room.ToHello, room.Version, room.RoleTab, 'a'}, []byte{room.ToPull, 24, 0, 'x'})
	f.Add([]byte{room.ToHello, room.Version, room.RoleTab}, []byte{room.ToCommand, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3})
	f.Add([]byte{room.ToHello, room.Version, room.RoleViewer}, append([]byte{room.ToScript, 1, 0, 0, 0}, "consumer add c1 topics=orders group=g"...))
	f.Add([]byte{}, []byte{room.ToBye})
	f.Fuzz(func(t *testing.T, first, second []byte) {
		r, err := room.New(room.Config{Live: true, Start: 1, Script: mainScript})
		if err != nil {
			t.Fatal(err)
		}
		s := r.Open("fuzz")
		for _, p := range [][]byte{first, second} {
			if r.Receive(2, s, p) != nil {
				break
			}
		}
		r.Advance(1000, 10_000)
		r.Frame(nil, 24, "")
		r.Outbox(s, func([]byte) {})
		r.Close(1001, s, true)
		if err := r.World().Engine().Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestAsk asks about every sentence of a run: the numbers that frames give them are those
// that the world knows.
func TestAsk(t *testing.T) {
	r, err := room.New(room.Config{Script: mainScript + "\nconsumer add c1 group=g topics=orders process=10ms\nadvance 10s\nconsumer crash c1\nadvance 60s\nseek 5s\nseek 70s"})
	if err != nil {
		t.Fatal(err)
	}
	id := r.Open("")
	if err := r.Receive(0, id, []byte{room.ToHello, room.Version, room.RoleViewer}); err != nil {
		t.Fatal(err)
	}
	r.Next(id) // the welcome
	ask := func(question string) (failed bool, answer string) {
		t.Helper()
		if err := r.Receive(0, id, append([]byte{room.ToAsk, 7, 0, 0, 0}, question...)); err != nil {
			t.Fatal(err)
		}
		packet := r.Next(id)
		if len(packet) < 6 || packet[0] != room.FromAnswer || packet[1] != 7 {
			t.Fatalf("answered by %q", packet)
		}
		return packet[5] != 0, string(packet[6:])
	}
	notes := r.Picture(24, "").Notes
	if len(notes) < 5 {
		t.Fatalf("only %d notes", len(notes))
	}
	for _, n := range notes {
		failed, answer := ask("why note " + strconv.FormatInt(n.Seq, 10))
		if failed || !strings.Contains(answer, "\t$1\t"+n.Text+"\n") {
			t.Errorf("%q is answered: %s", n.Text, answer)
		}
	}
	if failed, answer := ask("why nothing"); !failed || answer == "" {
		t.Errorf("answered: %s", answer)
	}
	if failed, _ := ask("what"); !failed {
		t.Error("an unknown question was answered")
	}
}

// TestAskAboutTabs: members that are browser tabs are known by the names that frames give
// them, also after they froze and were taken out.
func TestAskAboutTabs(t *testing.T) {
	h := newHall(t)
	a := h.sit("")
	h.sit("")
	h.run(3000)
	h.script("send orders a key=k\nsend orders b")
	h.run(3000)
	for _, m := range h.r.Picture(24, "").Groups[0].Members {
		answer, err := h.r.Ask("why member tabs " + m.Name)
		if err != nil || !strings.Contains(answer, "3 / 2") && !strings.Contains(answer, "\t6\t2\t3\t0") || !strings.Contains(answer, m.Name+" joins tabs.") && !strings.Contains(answer, "joins") {
			t.Errorf("%s: %v %s", m.Name, err, answer)
		}
	}
	a.frozen = true
	h.run(15_000)
	answer, err := h.r.Ask("why group tabs")
	if err != nil || !strings.Contains(answer, "missed its session timeout") {
		t.Errorf("%v %s", err, answer)
	}
	answer, err = h.r.Ask("settings topic orders")
	if err != nil || !strings.Contains(answer, "min.insync.replicas\t1\t1\t[1,...]\tk\n") {
		t.Errorf("%v %s", err, answer)
	}
	if answer, err := h.r.Ask("complete kafka-topics --des"); err != nil || !strings.HasPrefix(answer, "--des\n--describe\t") {
		t.Errorf("%v %s", err, answer)
	}
	if answer, err := h.r.Ask("same topic delete orders"); err != nil || !strings.HasSuffix(answer, "--delete --topic orders") {
		t.Errorf("%v %s", err, answer)
	}
	if err := h.r.Receive(h.now, a.session, append([]byte{room.ToAsk, 1, 0, 0, 0}, strings.Repeat("x", 20_000)...)); err != nil {
		t.Errorf("a long question ends a session: %v", err)
	}
}
