package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWatch shows that a tab with a fault fails its test: each page here has one.
func TestWatch(t *testing.T) {
	const elsewhere = "http://elsewhere.invalid/x"
	pages := map[string]struct{ script, want string }{
		"fine":           {`document.title = "fine"`, ""},
		"console":        {`console.error("oh no", 7)`, `"oh no" 7`},
		"throws":         {`throw new Error("thrown")`, "thrown"},
		"rejects":        {`Promise.reject(new Error("rejected"))`, "rejected"},
		"missing":        {`fetch("/missing")`, "answered 404"},
		"elsewhere":      {`fetch("` + elsewhere + `").catch(() => {})`, "asked another host: " + elsewhere},
		"socket":         {`new WebSocket("ws://elsewhere.invalid/x")`, "asked another host: ws://elsewhere.invalid/x"},
		"policy":         {`document.body.append(Object.assign(document.createElement("style"), {textContent: "a{}"}))`, "Content Security Policy"},
		"worker":         {`new Worker("/worker.js")`, "asked another host: " + elsewhere + "?worker"},
		"worker, thrown": {`new Worker("/thrower.js")`, "in a worker"},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/page/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.PathValue("name") == "policy" {
			w.Header().Set("Content-Security-Policy", "default-src 'self'; style-src 'self'")
		}
		fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><body><script src="/script/%s.js"></script>`, r.PathValue("name"))
	})
	mux.HandleFunc("/script/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, pages[strings.TrimSuffix(r.PathValue("name"), ".js")].script)
	})
	mux.HandleFunc("/worker.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprintf(w, `const ask = () => fetch(%q).catch(() => setTimeout(ask, 50)); ask()`, elsewhere+"?worker")
	})
	mux.HandleFunc("/thrower.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `setTimeout(() => { throw new Error("in a worker") })`)
	})
	listener := httptest.NewServer(mux)
	defer listener.Close()
	for name, c := range pages {
		t.Run(name, func(t *testing.T) {
			v := visit(t, &server{t: t, url: listener.URL})
			b := v.open("/page/" + name)
			if c.want == "" {
				b.until("it is done", `document.title === "fine"`)
				if list := b.watch.complaints(); len(list) > 0 {
					t.Errorf("complaints about a page without fault: %q", list)
				}
				return
			}
			// What the page does next is heard in order, so a few of its turns are enough;
			// a worker has turns of its own.
			heard := false
			for range 400 {
				b.eval(nil, "new Promise((next) => setTimeout(next, 10))")
				if list := b.watch.complaints(); strings.Contains(strings.Join(list, "\n"), c.want) {
					heard = true
					break
				}
			}
			if !heard {
				t.Errorf("not heard: %q; only %q", c.want, b.watch.complaints())
			}
			b.watch.expect("") // all of it
		})
	}
}
