package e2e

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// watch listens to everything that goes wrong in a tab and in its workers.
type watch struct {
	name string
	host string // the only one that may be asked

	mu       sync.Mutex
	tab      context.Context
	left     bool              // the tab is closed: what is cut off now is no failure
	urls     map[string]string // of requests under way
	workers  []target.ID
	all      []string // every address that was asked for
	wrong    []string
	expected []string
}

func newWatch(s *server, name string) *watch {
	at, _ := url.Parse(s.url)
	return &watch{name: name, host: at.Host, urls: map[string]string{}}
}

// follow says in which tab workers are to be listened to.
func (w *watch) follow(tab context.Context) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tab = tab
}

// expect makes complaints that hold the text none.
func (w *watch) expect(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.expected = append(w.expected, text)
}

func (w *watch) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.left = true
}

// complaints is what went wrong and was not expected.
func (w *watch) complaints() (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
next:
	for _, complaint := range w.wrong {
		for _, text := range w.expected {
			if strings.Contains(complaint, text) {
				continue next
			}
		}
		list = append(list, complaint)
	}
	return list
}

// asked is every address that the tab asked for.
func (w *watch) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.all)
}

// worker is the newest worker of the tab.
func (w *watch) worker() target.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.workers[len(w.workers)-1]
}

// hear takes one event. It runs in the loop that reads them, so it does not wait.
func (w *watch) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.complain("logged an error: %s", arguments(e.Args))
		}
	case *runtime.EventExceptionThrown:
		w.complain("threw: %s", exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			w.complain("logged an error: %s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		w.urls[string(e.RequestID)] = e.Request.URL
		w.ask(e.Request.URL)
	case *network.EventWebSocketCreated:
		w.ask(e.URL)
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument {
			w.complain("%s answered %d", e.Response.URL, e.Response.Status)
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			w.complain("a request failed: %s %s %s", w.urls[string(e.RequestID)], e.ErrorText, e.BlockedReason)
		}
	case *target.EventAttachedToTarget:
		if e.TargetInfo.Type == "worker" {
			w.workers = append(w.workers, e.TargetInfo.TargetID)
			go w.listenTo(w.tab, e.TargetInfo.TargetID)
		}
	}
}

// listenTo listens to a worker as well. One that is gone by then has nothing to say.
func (w *watch) listenTo(tab context.Context, id target.ID) {
	ctx, cancel := workerContext(tab, id, chromedp.WithListener(w.hear))
	if chromedp.Do(ctx) != nil {
		cancel()
	}
}

// workerContext is for actions in a worker of a tab. Its end leaves the worker alone.
func workerContext(tab context.Context, id target.ID, more ...chromedp.ContextOption) (context.Context, context.CancelFunc) {
	return chromedp.NewContext(tab, append([]chromedp.ContextOption{
		chromedp.WithTargetID(id), chromedp.WithDetachOnCancel(),
	}, more...)...)
}

// ask notes a request to a host other than the server.
func (w *watch) ask(address string) {
	w.all = append(w.all, address)
	at, err := url.Parse(address)
	if err != nil {
		w.complain("asked for an address that is none: %s", address)
		return
	}
	switch at.Scheme {
	case "http", "https", "ws", "wss":
		if at.Host != w.host {
			w.complain("asked another host: %s", address)
		}
	}
}

func (w *watch) complain(format string, args ...any) {
	if !w.left {
		w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
	}
}

func exception(d *runtime.ExceptionDetails) string {
	text := d.Text
	if d.Exception != nil {
		text += " " + d.Exception.Description
	}
	return text + " " + d.URL
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a.Description != "" {
			words = append(words, a.Description)
		} else {
			words = append(words, string(a.Value))
		}
	}
	return strings.Join(words, " ")
}
