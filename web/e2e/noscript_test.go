package e2e

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestWithoutScripts: a page whose scripts do not run shows the first state that the
// server drew, and says what is missing.
func TestWithoutScripts(t *testing.T) {
	t.Parallel()
	s := serve(t)
	busy(t, s, 2)
	v := visit(t, s)
	v.looks = append(v.looks, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return chromedp.Void{}, err
	})
	for path, says := range map[string][]string{
		"/":               {"switch scripts on", "Group billing: Stable", "orders-0"},
		"/room/main":      {"switch scripts on", "Group tabs: Stable", "Everybody in room main sees this cluster."},
		"/room/main/seat": {"needs scripts", "The group has 2 members now."},
		"/about":          {"About", "Licence"},
	} {
		t.Run(path, func(t *testing.T) {
			b := v.attachFor(t, path)
			b.watch.expect("/static/shared.") // preloaded modules are refused along with scripts
			b.goTo(path)
			b.eval(nil, helpers)
			b.eval(nil, `document.querySelectorAll("details").forEach((d) => (d.open = true))`)
			for _, text := range says {
				if !b.has(text) {
					t.Errorf("the page does not say %q; it says\n%s", text, b.text())
				}
			}
			var shapes int
			b.eval(&shapes, `[...document.querySelectorAll("svg.first-stage *")].filter((e) => partitaTest.shown(e)).length`)
			if path != "/about" && shapes < 20 {
				t.Errorf("the first picture has %d shapes", shapes)
			}
			b.fits()
		})
	}
}

// TestFirstPictureMoves: a record in flight goes its way before any script runs, and stands
// still for those who want no motion.
func TestFirstPictureMoves(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for _, still := range []bool{false, true} {
		v := visit(t, s)
		v.looks = append(v.looks, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
			return chromedp.Void{}, err
		})
		if still {
			v.prefers("prefers-reduced-motion", "reduce")
		}
		b := v.attachFor(t, "still"+map[bool]string{true: " please"}[still])
		b.watch.expect("/static/shared.") // preloaded modules are refused along with scripts
		b.goTo("/")
		// No timer runs where scripts do not: what is asked for is there, or it is promised.
		var seen struct{ Flights, Shown, Moving, Arrived int }
		b.eval(&seen, `(async () => {
			const flights = [...document.querySelectorAll(".first .flight")], moving = document.getAnimations();
			const arrived = await Promise.all(moving.map((a) => a.finished));
			return {flights: flights.length, shown: flights.filter((f) => f.getClientRects().length > 0).length, moving: moving.length, arrived: arrived.length};
		})()`)
		want := seen.Flights // all of them, or none
		if still {
			want = 0
		}
		if seen.Flights == 0 || seen.Shown != want || seen.Moving != want || seen.Arrived != want {
			t.Errorf("no motion wanted: %v; of %d shapes in flight %d are shown, %d move and %d arrive", still, seen.Flights, seen.Shown, seen.Moving, seen.Arrived)
		}
	}
}
