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
