package page

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"partita/engine/scene"
	"partita/web/lang"
)

// hostile is text that would do harm if a page took it as HTML.
const hostile = `<script>alert("x")</script>`

// frame is a small cluster in which every name that a person can choose is hostile.
func frame() *scene.Frame {
	cell := func(letter rune, hue uint32) uint32 { return uint32(letter) | hue<<16 }
	return &scene.Frame{
		Room: "main", Time: 8000,
		Topics:    []scene.Topic{{Name: hostile, Partitions: 2, InView: true, Detail: "2 partitions"}},
		Producers: []scene.Producer{{Name: hostile, Topic: hostile, Lines: []string{"key truck-*", "acks=1"}}},
		Staves: []scene.Stave{
			{Partition: 0, Leader: 101, HW: 42, LSO: 42, LEO: 43, First: 40, Cells: []uint32{cell('<', 1), cell('7', 2), cell('9', 3)}},
			{Partition: 1, Leader: 101, HW: 1, LSO: 1, LEO: 1, Cells: []uint32{scene.CellGap}},
		},
		Groups: []scene.Group{{Name: hostile, State: "Stable", Generation: 5, Protocol: "range", Hue: 1, Lag: 3, Members: []scene.Member{
			{Name: hostile, Status: "reading", Lag: 3, Chips: []scene.Chip{{Partition: 0}}},
			{Name: "c2", Status: "timed out", State: scene.MemberGone},
		}}},
		Marks: []scene.Mark{{Stave: 0, Group: 0, Member: 0, Committed: 40, Position: 42, Lag: 3}, {Stave: 1, Member: -1, Committed: -1, Position: -1, Lag: 1}},
		Notes: []scene.Note{{Seq: 1, Text: hostile}},
		Speed: 1000, Flights: []scene.Flight{
			{Kind: scene.FlightProduce, Stave: 0, Progress: 32768, Records: 3, Cell: cell('<', 2), Lasts: 400},
			{Kind: scene.FlightFetch, Stave: 1, Progress: 65535, Records: 1, Lasts: 20},
		},
	}
}

type renderer interface {
	Render(ctx context.Context, w io.Writer) error
}

func pages() map[string]renderer {
	return map[string]renderer{
		"playground":       PlaygroundPage(Playground(lang.English, frame())),
		"playground empty": PlaygroundPage(Playground(lang.English, &scene.Frame{})),
		"room":             RoomPage(Room(lang.English, "main", frame())),
		"seat":             SeatPage(Seat(lang.English, "main", hostile, frame())),
		"seat first":       SeatPage(Seat(lang.English, "main", "tabs", &scene.Frame{})),
		"differences":      DifferencesPage(DifferencesOf(lang.English)),
		"about":            AboutPage(About(lang.English)),
		"error":            ErrorPage(Error(lang.English, hostile, hostile, Way{"/room/main", hostile})),
	}
}

func html(t *testing.T, r renderer) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPagesAreClean holds every page to what the server's policy allows, and to HTML in
// which every element is closed.
func TestPagesAreClean(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|javascript:|<script[^>]*>[^<]`)
	motion := "<style>" + NewStage(lang.English, frame()).Motion + "</style>" // the policy names its hash
	for name, r := range pages() {
		t.Run(name, func(t *testing.T) {
			text := html(t, r)
			if !strings.HasPrefix(text, "<!doctype html><html lang=\"en\">") {
				t.Errorf("the page begins %.60q", text)
			}
			if found := inline.FindString(strings.Replace(text, motion, "", 1)); found != "" {
				t.Errorf("inline script or style: %q", found)
			}
			if strings.Contains(text, hostile) {
				t.Error("a name reached the page as HTML")
			}
			for _, part := range []string{"<title>", `<meta name="description" content="`, `<meta name="viewport"`, `rel="icon"`, `rel="stylesheet" href="/static/style.`, `<main id="main">`, "<h1"} {
				if strings.Count(text, part) != 1 {
					t.Errorf("the page has %q %d times, want once", part, strings.Count(text, part))
				}
			}
			balanced(t, text)
		})
	}
}

// balanced reads the page with a parser that knows which HTML elements have no end.
func balanced(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var open []string
	ids := map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			open = append(open, e.Name.Local)
			for _, a := range e.Attr {
				if a.Name.Local == "id" && ids[a.Value] {
					t.Errorf("two elements are called %s", a.Value)
				} else if a.Name.Local == "id" {
					ids[a.Value] = true
				}
			}
		case xml.EndElement:
			if last := open[len(open)-1]; last != e.Name.Local {
				t.Fatalf("%s is closed by %s", last, e.Name.Local)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) != 0 {
		t.Errorf("never closed: %v", open)
	}
}

func TestFirstStateSaysTheSameTwice(t *testing.T) {
	text := html(t, RoomPage(Room(lang.English, "main", frame())))
	for _, want := range []string{
		`<partita-app mode="room" room="main">`, "</partita-app>", `href="/room/main/seat"`,
		"40 committed, lag 3, &lt;script&gt;", "nothing committed, lag 1", "Stable · generation 5 · range",
		`aria-label="1 topic, 2 partitions in view, 1 consumer group. The tables below say the same."`,
		">&lt;</text>", `fill="var(--k2)"`, `<noscript>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestElements(t *testing.T) {
	for _, c := range []struct {
		page renderer
		want []string
	}{
		{PlaygroundPage(Playground(lang.English, frame())), []string{`<partita-app mode="playground" frame="`, `name="partita-wasm"`, `name="partita-worker"`, "playground.", `type="module"`}},
		{SeatPage(Seat(lang.English, "7f3k", "tabs", &scene.Frame{})), []string{`<partita-seat room="7f3k" group="tabs">`, "Nobody is in the group yet.", `href="/room/7f3k"`}},
		{AboutPage(About(lang.English)), []string{"trademark of the Apache", "What is not modelled"}},
	} {
		text := html(t, c.page)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("the page lacks %s", want)
			}
		}
	}
	if text := html(t, AboutPage(About(lang.English))); strings.Contains(text, "partita-wasm") {
		t.Error("the about page needs no engine")
	}
}

// TestUnreadableCellsAreNotColoured: what lies past the high watermark is drawn without
// its key's colour.
func TestUnreadableCellsAreNotColoured(t *testing.T) {
	f := frame()
	f.Flights = nil
	coloured := func() int {
		n := 0
		for _, s := range NewStage(lang.English, f).Shapes {
			for _, a := range s.Attrs {
				if a.Key == "fill" && strings.HasPrefix(a.Value.(string), "var(--k") {
					n++
				}
			}
		}
		return n
	}
	if got := coloured(); got != 2 {
		t.Errorf("%d coloured cells below a high watermark of 42, want 2", got)
	}
	f.Staves[0].HW = 43
	if got := coloured(); got != 3 {
		t.Errorf("%d coloured cells below a high watermark of 43, want 3", got)
	}
}

// TestBrokenFrames: indices that point nowhere are left out, not followed.
func TestBrokenFrames(t *testing.T) {
	f := frame()
	f.Staves[1].Topic = 9
	f.Marks = append(f.Marks, scene.Mark{Stave: 9, Group: 9, Member: 9}, scene.Mark{Member: 9})
	f.Groups[0].Members[0].Chips = append(f.Groups[0].Members[0].Chips, scene.Chip{Topic: 9})
	f.Groups[0].Hue = 9
	html(t, RoomPage(Room(lang.English, "main", f)))
}

// TestFirstPictureMoves: what is in flight is drawn where it is, and goes on from there at
// the pace of the room; in a room that is paused it holds still.
func TestFirstPictureMoves(t *testing.T) {
	f := frame()
	s := NewStage(lang.English, f)
	for _, part := range []string{
		".f0{animation:f0 400ms linear -200ms both running}@keyframes f0{0.00%{transform:translate(116.0px,", // half of its way is behind it
		"100.00%{transform:translate(267.0px,", // the middle of the slot at offset 43
		".f1{animation:f1 20ms linear -20ms both running}",
		"@media (prefers-reduced-motion:reduce)",
	} {
		if !strings.Contains(s.Motion, part) {
			t.Errorf("the style sheet lacks %s\n%s", part, s.Motion)
		}
	}
	f.Speed = 250
	if m := NewStage(lang.English, f).Motion; !strings.Contains(m, ".f0{animation:f0 1600ms linear -800ms both running}") {
		t.Errorf("at a quarter of the speed: %s", m)
	}
	f.Paused = true
	if m := NewStage(lang.English, f).Motion; strings.Contains(m, "running") || !strings.Contains(m, "both paused") {
		t.Errorf("in a room that is paused: %s", m)
	}
	f.Flights = nil
	if m := NewStage(lang.English, f).Motion; m != "" {
		t.Errorf("with nothing in flight: %s", m)
	}
}
