package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// coldStarts is how many fresh browsers are measured.
const coldStarts = 7

// watchPicture marks the first animation frame in which a record in flight of the first
// picture, which the server drew, is elsewhere than in the one before.
const watchPicture = `(() => {
	let from;
	const look = () => {
		const flight = document.querySelector(".first .flight")?.getBoundingClientRect();
		if (flight && from && (flight.x !== from.x || flight.y !== from.y)) {
			performance.mark("picture-moves");
			return;
		}
		from ??= flight;
		if (!performance.getEntriesByName("partita-first-frame").length) requestAnimationFrame(look);
	};
	requestAnimationFrame(look);
})()`

// BenchmarkColdStart measures a first visit to the playground, each with an empty profile
// in a browser that runs already: the time from the start of the navigation to the first
// picture, which the server drew, to the first in which a record in flight has moved, to
// the first that the page's own script drew, and to the first of the visitor's own engine.
func BenchmarkColdStart(b *testing.B) {
	b.Run("here", func(b *testing.B) { benchmarkColdStart(b, 1) })
	b.Run("page-4x-slower", func(b *testing.B) { benchmarkColdStart(b, 4) }) // its main thread: a browser slows no worker
}

func benchmarkColdStart(b *testing.B, slower float64) {
	measured := map[string][]float64{}
	for b.Loop() {
		s := serve(b)
		for range coldStarts {
			for name, ms := range coldStart(b, s, slower) {
				measured[name] = append(measured[name], ms)
			}
		}
	}
	for name, list := range measured {
		slices.Sort(list)
		b.ReportMetric(list[len(list)/2], "ms-"+name+"-median")
		b.ReportMetric(list[0], "ms-"+name+"-min")
	}
	b.ReportMetric(0, "ns/op") // of seven visits: it says nothing
}

// coldStart is one visit. It gives milliseconds since the start of the navigation.
func coldStart(b *testing.B, s *server, slower float64) (measured map[string]float64) {
	v := visit(b, s)
	v.looks = append(v.looks, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: slower})
		return chromedp.Void{}, err
	}, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watchPicture})
		return chromedp.Void{}, err
	})
	tab := v.open("/")
	tab.untilMoving()
	tab.eval(&measured, `(() => {
		const at = (name) => performance.getEntriesByName(name)[0]?.startTime ?? Infinity;
		const picture = at("first-contentful-paint");
		return {
			picture, script: at("partita-first-frame"), running: at("partita-running"),
			moving: Math.max(picture, Math.min(at("picture-moves"), at("partita-moving"))), // it is seen when it is painted
		};
	})()`)
	tab.leave()
	return measured
}

// TestFirstVisitIsLight adds up what really comes over the wire on a first visit: what is
// asked for before the stage is drawn, and the panels beside it, which come after that.
func TestFirstVisitIsLight(t *testing.T) {
	t.Parallel()
	const shellMost, panelsMost, engineMost, laterMost = 60_000, 40_000, 640_000, 320_000
	b := playground(t)
	var loaded []struct {
		Name string
		Size int  // of the body, as it is compressed
		Late bool // asked for after the first picture
	}
	b.eval(&loaded, `(async () => {
		// What the worker loads is not in the page's list: the page asks for the same.
		for (const name of ["wasm", "later"]) {
			await (await fetch(document.querySelector('meta[name="partita-' + name + '"]').content, {cache: "force-cache"})).arrayBuffer();
		}
		const drawn = performance.getEntriesByName("partita-first-frame")[0].startTime;
		return [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
			.map((r) => ({ Name: r.name, Size: r.encodedBodySize, Late: r.startTime >= drawn }));
	})()`)
	shell, panels, engine, later := 0, 0, 0, 0
	for _, file := range loaded {
		switch {
		case strings.Contains(file.Name, "partita-later."):
			later += file.Size
		case strings.Contains(file.Name, ".wasm"):
			engine += file.Size
		case file.Late:
			panels += file.Size
		default:
			shell += file.Size
		}
	}
	if later > laterMost {
		t.Errorf("the rest of the engine takes %d bytes, want at most %d", later, laterMost)
	}
	if shell < 10_000 || shell > shellMost {
		t.Errorf("the page shell takes %d bytes, want at most %d", shell, shellMost)
	}
	if panels < 5_000 || panels > panelsMost {
		t.Errorf("the panels beside the stage take %d bytes, want at most %d", panels, panelsMost)
	}
	if engine < 100_000 || engine > engineMost {
		t.Errorf("the engine takes %d bytes, want at most %d", engine, engineMost)
	}
	t.Logf("shell %d bytes, panels %d bytes, engine %d bytes", shell, panels, engine)
}
