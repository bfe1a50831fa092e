package e2e

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Sizes of screens: a desk, a phone, the narrowest that WCAG asks for, a wall.
var (
	desk   = screen{1440, 900}
	phone  = screen{390, 844}
	narrow = screen{320, 640}
	wall   = screen{3840, 2160}
)

type screen struct{ width, height int64 }

// on makes a visitor's next tabs as large as a screen.
func (v *visitor) on(s screen) *visitor {
	v.looks = append(v.looks, s.resize)
	return v
}

// resize gives a tab the screen.
func (s screen) resize(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: s.height, DeviceScaleFactor: 1, Mobile: s.width < 600,
	})
	return chromedp.Void{}, err
}

// prefers sets what a visitor's next tabs are told of the person's wishes.
func (v *visitor) prefers(name, value string) *visitor {
	v.looks = append(v.looks, prefer(name, value))
	return v
}

func prefer(name, value string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: name, Value: value}},
		})
		return chromedp.Void{}, err
	}
}

// fits checks that the page cannot be scrolled sideways.
func (b *tab) fits() {
	b.t.Helper()
	var wide struct {
		Extra int
		Out   []string
	}
	b.eval(&wide, "partitaTest.wide()")
	if wide.Extra > 0 {
		b.t.Errorf("tab %s is %d px wider than the screen: %q", b.name, wide.Extra, wide.Out)
	}
}

// busy makes room main worth a look: a producer, and as many tabs as asked.
func busy(t *testing.T, s *server, tabs int) {
	t.Helper()
	s.script("main", "producer add p1 topic=orders rate=12/s keys=truck-10..truck-15")
	class := visit(t, s)
	for range tabs {
		class.open("/room/main/seat")
	}
	s.untilRoom("main", patience, "the tabs are in", func(v roomView) bool {
		return v.Groups["tabs"].State == "Stable" && len(v.Groups["tabs"].Members) == tabs
	})
}

// pages are what is looked at, and how one knows that it is complete.
var pages = []struct{ path, ready string }{
	{"/", `performance.getEntriesByName("partita-running").length > 0 && partitaTest.frame.notes.length > 0`},
	{"/room/main", `performance.getEntriesByName("partita-running").length > 0 && document.querySelectorAll(".member .chip").length >= 6`},
	{"/room/main/seat", `document.body.innerText.includes("You own") && document.body.innerText.includes("lag") && !document.body.innerText.includes("waiting for")`},
	{"/about", `partitaTest.find("h1")`},
}

// TestScreenshots looks at each page on each screen, light and dark: it fits, and it is
// drawn. The pictures are kept in the folder that PARTITA_SCREENSHOTS names, if it does.
func TestScreenshots(t *testing.T) {
	t.Parallel()
	s := serve(t)
	busy(t, s, 2)
	v := visit(t, s)
	for _, p := range pages {
		t.Run(pageName(p.path), func(t *testing.T) {
			b := v.attachFor(t, p.path)
			b.goTo(p.path)
			b.until("it is complete", p.ready)
			for _, size := range []screen{desk, phone, narrow} {
				for _, scheme := range []string{"light", "dark"} {
					b.picture(t, pageName(p.path), size, scheme)
				}
			}
		})
	}
}

// picture takes one of a state of the page, checks it, and keeps it in the folder that
// PARTITA_SCREENSHOTS names, if it does.
func (b *tab) picture(t *testing.T, state string, size screen, scheme string) {
	t.Helper()
	name := fmt.Sprintf("%s-%dx%d-%s.png", state, size.width, size.height, scheme)
	b.do(size.resize, prefer("prefers-color-scheme", scheme))
	b.eval(nil, `(async () => { for (let i = 0; i < 12; i++) await new Promise(requestAnimationFrame) })()`)
	b.fits()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	look(t, name, picture, size, scheme)
	if folder := os.Getenv("PARTITA_SCREENSHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func pageName(path string) string {
	switch path {
	case "/":
		return "playground"
	case "/room/main":
		return "room"
	case "/room/main/seat":
		return "seat"
	}
	return path[1:]
}

// look checks a picture: its size, that it is as light or dark as asked, and that there is
// something to see.
func look(t *testing.T, name string, picture []byte, size screen, scheme string) {
	t.Helper()
	image, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bounds := image.Bounds()
	if int64(bounds.Dx()) != size.width || int64(bounds.Dy()) != size.height {
		t.Errorf("%s is %v, want %v", name, bounds.Size(), size)
	}
	colours := map[uint32]bool{}
	light, points := 0, 0
	for y := bounds.Min.Y; y < bounds.Max.Y; y += 3 {
		for x := bounds.Min.X; x < bounds.Max.X; x += 3 {
			r, g, b, _ := image.At(x, y).RGBA()
			colours[r>>11<<10|g>>11<<5|b>>11] = true
			points++
			if r+g+b > 3*0x8000 {
				light++
			}
		}
	}
	if share := 100 * light / points; (share > 50) != (scheme == "light") {
		t.Errorf("%s: %d %% of it is light", name, share)
	}
	if len(colours) < 12 {
		t.Errorf("%s has %d colours: nothing is drawn", name, len(colours))
	}
}

// TestWall looks at the pages on a screen as large as a wall: they fit, no text stands on
// another, and none beyond an edge.
func TestWall(t *testing.T) {
	t.Parallel()
	s := serve(t)
	s.script("main", "producer add p1 topic=orders rate=12/s keys=truck-10..truck-15")
	b := visit(t, s).on(wall).open("/?lang=ko")
	for _, name := range []string{"the playground in Korean", "the playground"} {
		b.untilMoving()
		b.until("the panels are there", `document.querySelector("partita-console") && document.querySelector(".welcome-card")`)
		b.standsFree(name)
		b.goTo("/?lang=en")
	}
	b.untilMoving()
	b.play("pause\ncompare set acks=1")
	b.until("two runs are there", `document.querySelector(".figures td") && partitaTest.beside?.staves.length === 3`)
	b.standsFree("two runs")
	b.play("compare end\n" + rebalances("cooperative-sticky"))
	b.click(".opener", "Rebalances")
	b.click(".opener", "Coordinator")
	b.until("the ribbon and the swimlane are there", `document.querySelector("partita-ribbon td") && document.querySelectorAll("partita-lane .arrow").length > 5`)
	b.standsFree("ribbon and swimlane")
	b.play(crowd(9, 64, 50))
	b.standsFree("a crowd")
	b.goTo("/room/main")
	b.untilMoving()
	b.until("records come", `partitaTest.frame.topics[0].records > 0`)
	b.standsFree("the room")
}

// standsFree checks that texts stand neither on each other nor beyond an edge of the window.
func (b *tab) standsFree(what string) {
	b.t.Helper()
	b.eval(nil, `(async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame) })()`)
	b.fits()
	var found []string
	b.eval(&found, `[...document.body.children].filter((e) => !e.matches(".skip")).flatMap((e) => [...partitaTest.overlaps(e), ...partitaTest.texts(e)
		.filter((t) => t.x < -1 || t.y < -1 || t.right > innerWidth + 1 || t.bottom > innerHeight + 1).map((t) => t.text + " is beyond the edge")])`)
	if len(found) > 0 {
		b.t.Errorf("tab %s, %s: %d texts stand badly: %q", b.name, what, len(found), found[:min(len(found), 12)])
	}
}

// TestPhone takes the whole way of a visitor with a phone: every control can be reached.
func TestPhone(t *testing.T) {
	t.Parallel()
	for _, size := range []screen{phone, narrow} {
		t.Run(fmt.Sprint(size.width), func(t *testing.T) {
			b := visit(t, serve(t)).on(size).open("/")
			b.untilMoving()
			b.click(".steps button", "Add a consumer to billing")
			b.until("c3 is there", member("billing", "c3")+`.chips.length === 1`)
			b.fits()
			b.click(".member", "c3")
			b.click(".actions button", "Leave")
			b.click("[role=tab]", "Topic")
			b.fill("input[name=name]", "Name", "rides")
			b.click(".form button", "Add the topic")
			b.until("the topic is there", `partitaTest.find(".head button", "rides")`)
			b.fill(".console input", "A line of script", "show groups\r")
			b.until("the console answers", `partitaTest.find(".console .answer", "billing")`)
			b.click("button.play", "Pause")
			b.until("it is paused", `partitaTest.frame.paused`)
			b.click("partita-strip button", "All sentences")
			b.untilText("Topic rides is created")
			b.fits()
			b.keys("\x1b")
			b.click("nav a", "About")
			b.until("another page came", `location.pathname === "/about" && partitaTest.find("h1")`)
			b.fits()
		})
	}
}

// TestHeaderOfAPhone: it is one row on narrow phones in both languages, and leads everywhere.
func TestHeaderOfAPhone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, language := range []string{"en", "ko"} {
		b := visit(t, s).on(narrow).open("/?lang=" + language)
		b.untilMoving()
		for _, size := range []screen{narrow, {360, 740}, phone} {
			b.do(size.resize)
			b.until(fmt.Sprintf("the header is one row of %d px", size.width), `(() => {
				const boxes = [...document.querySelectorAll("header.top :is(a, button)")].filter((e) => partitaTest.shown(e)).map((e) => e.getBoundingClientRect());
				return boxes.length >= 6 && boxes.every((a) => boxes.every((b) => a.top < b.bottom && a.right <= innerWidth));
			})()`)
			b.fits()
		}
		b.do(narrow.resize)
		b.click("header nav a[href='/about']", "")
		b.until("another page came", `location.pathname === "/about"`)
		b.click("header a.brand", "")
		b.until("and back", `location.pathname === "/"`)
		b.untilMoving()
	}
}

func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	v := visit(t, serve(t)).prefers("prefers-color-scheme", "light")
	b := v.open("/about")
	b.click("header button", "Switch to dark")
	dark := `getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).slice(0, 3).every((part) => part < 90)`
	b.until("the page is dark", dark)
	for _, path := range []string{"/", "/room/main", "/room/main/seat"} {
		b.goTo(path)
		b.until(path+" is dark as well", dark)
	}
	b.click("header button", "Switch to light")
	b.until("the page is light again", "!("+dark+")")
}

// TestReducedMotion: nothing flies and nothing slides for a person who asked for that; the
// facts still change.
func TestReducedMotion(t *testing.T) {
	t.Parallel()
	b := visit(t, serve(t)).prefers("prefers-reduced-motion", "reduce").open("/")
	b.untilMoving()
	b.eval(nil, `globalThis.records = partitaTest.frame.topics[0].records`)
	b.until("records come", `partitaTest.frame.topics[0].records > records + 2 && partitaTest.frame.flights.length > 0`)
	var drawn int
	b.eval(&drawn, `(() => {
		const canvas = document.querySelector("canvas.flights");
		return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((byte) => byte > 0).length;
	})()`)
	if drawn > 0 {
		t.Errorf("%d bytes of flying records are drawn", drawn)
	}
	var moving []string
	b.eval(&moving, `document.getAnimations().filter((a) => a.playState === "running" && a.effect.getComputedTiming().duration > 1)
		.map((a) => a.effect.target.className + " " + (a.animationName ?? a.transitionProperty))`)
	if len(moving) > 0 {
		t.Errorf("animations run: %q", moving)
	}
}
