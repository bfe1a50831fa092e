package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// browsers are the names under which a Chromium may be installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome"}

// chromium finds the browser. A machine without one cannot run these tests, and that is a
// failure.
func chromium() (string, error) {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium is installed, and these tests need one: apt-get install chromium, or go run ./cmd/check browser")
}

// flags of every browser: no guessing what is visible, and no request but the page's own.
// No name but this machine's can be looked up, so that a request to another host fails
// even where no test sees it. And no page for suggestions under an address bar that nobody
// sees: each window would load two, which is a second of the processor's.
var flags = map[string]any{
	"headless":                      true,
	"no-sandbox":                    true,
	"disable-gpu":                   true,
	"disable-quic":                  true,
	"no-first-run":                  true,
	"no-default-browser-check":      true,
	"disable-background-networking": true,
	"disable-component-update":      true,
	"disable-sync":                  true,
	"disable-default-apps":          true,
	"disable-extensions":            true,
	"disable-breakpad":              true,
	"disable-dev-shm-usage":         true,
	"disable-popup-blocking":        true,
	"disable-features":              "WebUIOmniboxPopup,WebUIOmniboxAimPopup",
	"hide-scrollbars":               true,
	"mute-audio":                    true,
	"force-color-profile":           "srgb",
	"host-resolver-rules":           "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
	"window-size":                   "1440,900",
}

// launch starts a browser with a profile of its own, which is gone after stop.
func launch() (ctx context.Context, stop func(), err error) {
	path, err := chromium()
	if err != nil {
		return nil, nil, err
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path)}
	for name, value := range flags {
		options = append(options, chromedp.Flag(name, value))
	}
	allocated, release := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocated, chromedp.WithErrorf(func(string, ...any) {}))
	stop = func() { cancel(); release() }
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return ctx, stop, nil
}

// shared is the one browser of all tests. Visitors have separate profiles in it.
var shared struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.stop != nil {
		shared.stop()
	}
	os.Exit(code)
}

// visitor is a person with a profile of their own: tabs share storage and nothing else
// does.
type visitor struct {
	t       testing.TB
	server  *server
	ctx     context.Context
	profile cdp.BrowserContextID
	looks   []chromedp.Action[chromedp.Void] // for each new tab, before it goes anywhere
}

// visit brings a new visitor to the server.
func visit(t testing.TB, s *server) *visitor {
	t.Helper()
	shared.once.Do(func() { shared.ctx, shared.stop, shared.err = launch() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return visitIn(t, s, shared.ctx)
}

func visitIn(t testing.TB, s *server, browser context.Context) *visitor {
	t.Helper()
	made, err := chromedp.CallBrowser(browser, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		t.Fatal("a new profile:", err)
	}
	t.Cleanup(func() {
		params := target.DisposeBrowserContextParams{BrowserContextID: made.BrowserContextID}
		if _, err := chromedp.CallBrowser(browser, target.DisposeBrowserContext, params); err != nil && browser.Err() == nil {
			t.Error("closing a profile:", err)
		}
	})
	return &visitor{t: t, server: s, ctx: browser, profile: made.BrowserContextID}
}
