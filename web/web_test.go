package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"partita/web/host"
)

// serve makes a server without a listener.
func serve(t *testing.T) *Server {
	t.Helper()
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func ask(t *testing.T, h http.Handler, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func TestRoutes(t *testing.T) {
	h := serve(t).Handler()
	for _, c := range []struct {
		method, path string
		status       int
		kind, says   string
	}{
		{"GET", "/", 200, "text/html", `<partita-app mode="playground" frame="`},
		{"HEAD", "/", 200, "text/html", ""},
		{"GET", "/room/main", 200, "text/html", `<partita-app mode="room" room="main">`},
		{"GET", "/room/main/seat", 200, "text/html", `<partita-seat room="main" group="tabs">`},
		{"GET", "/room/7f3k-b", 200, "text/html", `room="7f3k-b"`},
		{"GET", "/about", 200, "text/html", "What is not modelled"},
		{"GET", "/differences", 200, "text/html", "Nothing here compresses"},
		{"GET", "/healthz", 200, "application/json", `{"status":"ok"}`},
		{"GET", "/api/rooms/main", 200, "application/json", `"orders"`},
		{"GET", "/api/rooms/nowhere", 404, "application/json", `"error"`},
		{"GET", "/room/main/socket", 400, "text/plain", "WebSocket"},
		{"GET", "/static/nothing.js", 404, "text/plain", ""},
		{"GET", "/nothing", 404, "text/html", "There is no such page"},
		{"GET", "/room/main/nothing", 404, "text/html", "There is no such page"},
		{"GET", "/room/a/b/c", 404, "text/html", "There is no such page"},
		{"GET", "/room/a%2Fb", 404, "text/html", "There can be no room of that name"},
		{"GET", "/room/a_b", 404, "text/html", "letters, digits and hyphens"},
		{"GET", "/room/%3Cscript%3E", 404, "text/html", "There can be no room of that name"},
		{"GET", "/room/" + strings.Repeat("x", 33) + "/seat", 404, "text/html", "There can be no room of that name"},
		{"POST", "/", 405, "text/html", "That cannot be done here"},
		{"DELETE", "/room/main", 405, "text/html", "That cannot be done here"},
		{"POST", "/nothing", 404, "text/html", "There is no such page"},
		{"POST", "/api/rooms/main", 405, "application/json", "GET"},
	} {
		r, body := ask(t, h, c.method, c.path)
		if r.StatusCode != c.status || !strings.HasPrefix(r.Header.Get("Content-Type"), c.kind) {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.path, r.StatusCode, r.Header.Get("Content-Type"), c.status, c.kind)
		}
		if !strings.Contains(body, c.says) {
			t.Errorf("%s %s: the answer lacks %q", c.method, c.path, c.says)
		}
		if strings.Contains(body, "<script>") {
			t.Errorf("%s %s: a name became HTML", c.method, c.path)
		}
		if got := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(got, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; ") {
			t.Errorf("%s %s: policy %q", c.method, c.path, got)
		}
	}
}

func TestRedirects(t *testing.T) {
	h := serve(t).Handler()
	for path, want := range map[string]string{
		"/room": "/room/main", "/room/": "/room/main", "/room/MAIN": "/room/main", "/room/7F3K/seat": "/room/7f3k/seat",
	} {
		r, _ := ask(t, h, "GET", path)
		if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != want {
			t.Errorf("%s: %d to %q, want 303 to %s", path, r.StatusCode, r.Header.Get("Location"), want)
		}
	}
}

func TestHeaders(t *testing.T) {
	h := serve(t).Handler()
	for _, path := range []string{"/", "/about", "/nothing", "/api/rooms/main"} {
		r, _ := ask(t, h, "GET", path)
		for name, want := range map[string]string{
			"Cache-Control":              "no-store",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Referrer-Policy":            "same-origin",
			"X-Content-Type-Options":     "nosniff",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
	r, _ := ask(t, h, "POST", "/api/rooms/main/script", "Sec-Fetch-Site", "cross-site", "Content-Type", "application/json")
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("a form of another site: status %d, want 403", r.StatusCode)
	}
}

// TestInlineStyles: what moves a first picture is the only style in a page, and the policy
// of that answer names it.
func TestInlineStyles(t *testing.T) {
	h := serve(t).Handler()
	style := regexp.MustCompile(`<style>([^<]*)</style>`)
	for path, most := range map[string]int{"/": 1, "/?lang=ko": 1, "/room/main": 1, "/room/main/seat": 1, "/about": 0, "/nothing": 0} {
		r, body := ask(t, h, "GET", path)
		policy := r.Header.Get("Content-Security-Policy")
		found := style.FindAllStringSubmatch(body, -1)
		if len(found) > most || len(found) != strings.Count(body, "<style") || len(found) != strings.Count(policy, "'sha256-") {
			t.Errorf("%s: %d styles with the policy %q", path, len(found), policy)
		}
		if path == "/" && len(found) == 0 {
			t.Error("the playground's first picture stands still")
		}
		for _, f := range found {
			sum := sha256.Sum256([]byte(f[1]))
			if want := "style-src 'self' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
				t.Errorf("%s: the policy %q lacks %q", path, policy, want)
			}
		}
	}
}

// TestPolicy: the policy names the host's own sockets, and a host that is none adds nothing.
func TestPolicy(t *testing.T) {
	for host, want := range map[string]string{
		"localhost:8080":  " ws://localhost:8080 wss://localhost:8080",
		"[::1]:8080":      " ws://[::1]:8080 wss://[::1]:8080",
		"":                "",
		"a; script-src *": "",
		"a b":             "",
		"a'b":             "",
	} {
		if got := socketSource(host); got != want {
			t.Errorf("%q gives %q, want %q", host, got, want)
		}
	}
}

// TestFirstStates: a page shows what there is before any script runs.
func TestFirstStates(t *testing.T) {
	s := serve(t)
	h := s.Handler()
	_, body := ask(t, h, "GET", "/")
	for _, want := range []string{"Topic orders", "Group billing: Stable", "Group audit: Stable", ">c1<", ">p1<", "<svg class=\"first-stage\"", `fill="var(--k1)"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the playground's first state lacks %s", want)
		}
	}
	main, ok := s.rooms.Find("main")
	if !ok {
		t.Fatal("there is no main room")
	}
	if _, err := main.Script("topic create invoices partitions=2"); err != nil {
		t.Fatal(err)
	}
	_, body = ask(t, h, "GET", "/room/main")
	for _, want := range []string{"Topic invoices", "Topic orders", "Group tabs: Empty"} {
		if !strings.Contains(body, want) {
			t.Errorf("the room's first state lacks %s", want)
		}
	}
}

func TestTooManyRooms(t *testing.T) {
	s := serve(t)
	for i := range host.RoomsMost - 1 {
		if _, err := s.rooms.Visit("r-" + string(rune('a'+i%26)) + string(rune('a'+i/26))); err != nil {
			t.Fatal(err)
		}
	}
	r, body := ask(t, s.Handler(), "GET", "/room/another")
	if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, "no room left") || !strings.Contains(body, "/room/main") {
		t.Errorf("status %d, %s", r.StatusCode, body)
	}
	if r, _ := ask(t, s.Handler(), "GET", "/room/main"); r.StatusCode != 200 {
		t.Errorf("the main room: status %d", r.StatusCode)
	}
}

// TestPanic: a mistake in an answer is an error page, and the server goes on.
func TestPanic(t *testing.T) {
	s := serve(t)
	h := headers(s.recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a mistake") })))
	r, body := ask(t, h, "GET", "/")
	if r.StatusCode != 500 || !strings.Contains(body, "Something broke") || strings.Contains(body, "a mistake") {
		t.Errorf("status %d, %s", r.StatusCode, body)
	}
}

// TestListenAndServe runs the whole server on a port of its own.
func TestListenAndServe(t *testing.T) {
	s, err := New(Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx) }()
	r, err := http.Get(s.URL() + "/api/rooms/main")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var room struct{ Code string }
	if err := json.NewDecoder(r.Body).Decode(&room); err != nil || room.Code != "main" {
		t.Errorf("room %+v, %v", room, err)
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.URL(), "http://"))
	taken, err := New(Config{Addr: "127.0.0.1:" + port})
	if err != nil {
		t.Fatal(err)
	}
	if err := taken.Listen(); err == nil || !strings.Contains(err.Error(), "is in use") || !strings.Contains(err.Error(), "--addr") {
		t.Errorf("a port that is taken: %v", err)
	}
	if err := taken.Close(); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil && !errors.Is(err, http.ErrServerClosed) {
		t.Errorf("the end: %v", err)
	}
}
