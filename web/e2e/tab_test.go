package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience bounds each wait. It is far above what anything takes, so that only what never
// happens fails.
const patience = 30 * time.Second

// helpers are functions for expressions in pages: find, shown, frame.
//
//go:embed testdata/helpers.js
var helpers string

// tab is one page in a browser.
type tab struct {
	t       testing.TB
	ctx     context.Context
	name    string
	watch   *watch
	visitor *visitor
	leave   func() // closes the tab and reports what went wrong in it
}

// open opens a path of the server in a new tab and waits until it is loaded.
func (v *visitor) open(path string) *tab {
	v.t.Helper()
	b := v.attachFor(v.t, path)
	b.goTo(path)
	return b
}

// attachFor makes an empty tab for a test, which may be one of the visitor's subtests.
func (v *visitor) attachFor(t testing.TB, name string) *tab {
	t.Helper()
	return v.attach(t, name, chromedp.WithExistingBrowserContext(v.profile))
}

// attach makes an empty tab, or reaches the one that where names, and listens to it.
func (v *visitor) attach(t testing.TB, name string, where chromedp.ContextOption) *tab {
	t.Helper()
	w := newWatch(v.server, name)
	ctx, cancel := chromedp.NewContext(v.ctx, chromedp.WithListener(w.hear), where)
	b := &tab{t: t, ctx: ctx, name: name, watch: w, visitor: v}
	w.follow(ctx)
	b.leave = sync.OnceFunc(func() {
		w.leave()
		cancel()
		for _, complaint := range w.complaints() {
			t.Errorf("tab %s: %s", name, complaint)
		}
	})
	t.Cleanup(b.leave)
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: helpers})
		return chromedp.Void{}, err
	})
	b.do(v.looks...)
	return b
}

// follow runs act, which opens a new tab, and gives that tab. What it logged before it was
// reached is not heard.
func (b *tab) follow(name string, act func()) *tab {
	b.t.Helper()
	self := chromedp.FromContext(b.ctx).Target.TargetID
	found := chromedp.WaitNewTarget(b.ctx, func(info *target.Info) bool { return info.Type == "page" && info.TargetID != self })
	act()
	select {
	case id := <-found:
		made := b.visitor.attach(b.t, name, chromedp.WithTargetID(id))
		made.watch.expect("ERR_CACHE_MISS") // the debugger asks for styles that came before it
		made.eval(nil, helpers)
		return made
	case <-time.After(patience):
		b.t.Fatalf("tab %s: no new tab was opened", b.name)
		return nil
	}
}

// do runs actions and fails the test if one fails.
func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if chromedp.FromContext(b.ctx).Target == nil {
		ctx = b.ctx // the first run binds the tab's life to its context
	}
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatalf("tab %s: %v", b.name, err)
	}
}

// goTo loads a path of the server in this tab.
func (b *tab) goTo(path string) {
	b.t.Helper()
	b.do() // attached with the context that lives on
	b.do(chromedp.Navigate(b.visitor.server.url + path))
}

// front brings the tab before the others in its window: a page behind is not drawn.
func (b *tab) front() {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.BringToFront, cdp.Empty{})
		return chromedp.Void{}, err
	})
}

// close closes the tab as a person would.
func (b *tab) close() {
	b.t.Helper()
	b.watch.leave()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.Close, cdp.Empty{})
		return chromedp.Void{}, err
	})
}

// eval evaluates an expression in the page; promises are awaited. into may be nil.
func (b *tab) eval(into any, expression string) {
	b.t.Helper()
	if err := b.try(into, expression); err != nil {
		b.t.Fatalf("tab %s: %s: %v", b.name, expression, err)
	}
}

func (b *tab) try(into any, expression string) error {
	ctx, cancel := context.WithTimeout(b.ctx, patience+5*time.Second)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise))
	if err != nil || into == nil {
		return err
	}
	if len(value) == 0 {
		value = []byte("null")
	}
	return json.Unmarshal(value, into)
}

// waiting is a script that asks for expr until it is true. It runs as one evaluation:
// functions made from text are forbidden in the pages under test.
const waiting = `(async () => {
  const end = performance.now() + %d;
  for (;;) {
    let value = false, error = "";
    try { value = await (%s) } catch (e) { error = String(e) }
    if (value || performance.now() > end) return {ok: !!value, error};
    await new Promise((again) => setTimeout(again, 25));
  }
})()`

// until waits until an expression of the page is true.
func (b *tab) until(what, expression string) {
	b.t.Helper()
	b.untilIn(patience, what, expression)
}

func (b *tab) untilIn(limit time.Duration, what, expression string) {
	b.t.Helper()
	var answer struct {
		OK    bool
		Error string
	}
	script := fmt.Sprintf(waiting, limit.Milliseconds(), expression)
	err := b.try(&answer, script)
	if err != nil && (strings.Contains(err.Error(), "ontext") || strings.Contains(err.Error(), "navigated")) { // the page went elsewhere meanwhile
		err = b.try(&answer, script)
	}
	if err != nil || !answer.OK {
		b.t.Fatalf("tab %s: waited in vain until %s\n%s\n%v %s\nthe page says:\n%s", b.name, what, expression, err, answer.Error, b.text())
	}
}

// text is what the page shows, for a failed test.
func (b *tab) text() (text string) {
	if err := b.try(&text, `document.body.innerText`); err != nil {
		return err.Error()
	}
	return text
}

// quote makes a JavaScript string of a Go one.
func quote(text string) string {
	literal, _ := json.Marshal(text)
	return string(literal)
}

// point gives the middle of the first visible element that matches the selector and whose
// name holds the text, when a click there would hit it.
func (b *tab) point(selector, name string) (x, y float64) {
	b.t.Helper()
	what := fmt.Sprintf("%s named %q", selector, name)
	b.until(what+" can be reached", fmt.Sprintf("(async () => globalThis.partitaPoint = await partitaTest.reach(%s, %s))()", quote(selector), quote(name)))
	var at [2]float64
	b.eval(&at, "partitaPoint")
	return at[0], at[1]
}

// click presses the mouse on an element.
func (b *tab) click(selector, name string) {
	b.t.Helper()
	x, y := b.point(selector, name)
	b.do(chromedp.MouseClickXY(x, y))
}

// fill puts the cursor into a field, and types over what stands there.
func (b *tab) fill(selector, name, text string) {
	b.t.Helper()
	b.click(selector, name)
	b.until("the cursor is in the field", fmt.Sprintf("document.activeElement === partitaTest.find(%s, %s)", quote(selector), quote(name)))
	b.eval(nil, "document.activeElement.select()")
	b.keys(text)
}

// keys types, one key after another; kb has the names of special ones.
func (b *tab) keys(text string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(text))
}

// paste puts text where the cursor is, all at once.
func (b *tab) paste(text string) {
	b.t.Helper()
	b.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return chromedp.Void{}, err
	})
}

// has tells whether the page shows a text.
func (b *tab) has(text string) bool {
	b.t.Helper()
	var found bool
	b.eval(&found, "document.body.innerText.includes("+quote(text)+")")
	return found
}

// untilText waits until the page shows a text.
func (b *tab) untilText(text string) {
	b.t.Helper()
	b.until("it says "+strconv.Quote(text), "document.body.innerText.includes("+quote(text)+")")
}
