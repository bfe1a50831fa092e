package static

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"partita/static/manifest"
)

const script = "console.log('a script that is long enough to be worth a copy')"

// testSite is a site as cmd/bundle would lay it out. The compressed copies are stand-ins:
// the server must not look inside them.
func testSite(t *testing.T) *Site {
	t.Helper()
	names := manifest.Manifest{
		"app.js":       {Name: "app.AAAA.js", Hash: "1111", Raw: len(script), Br: 2, Gz: 4},
		"partita.wasm": {Name: "partita.BBBB.wasm", Hash: "2222", Raw: 4, Br: 3},
		"tiny.css":     {Name: "tiny.CCCC.css", Hash: "3333", Raw: 1},
		"odd.bin":      {Name: "odd.DDDD.bin", Hash: "4444", Raw: 1},
		"lost.js":      {Name: "lost.EEEE.js", Hash: "5555", Raw: 1},
	}
	text, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	site, err := New(fstest.MapFS{
		manifest.FileName:      {Data: text},
		".keep":                {},
		"app.AAAA.js":          {Data: []byte(script)},
		"app.AAAA.js.br":       {Data: []byte("br")},
		"app.AAAA.js.gz":       {Data: []byte("gzip")},
		"partita.BBBB.wasm":    {Data: []byte("\x00asm")},
		"partita.BBBB.wasm.br": {Data: []byte("wbr")},
		"tiny.CCCC.css":        {Data: []byte("a")},
		"odd.DDDD.bin":         {Data: []byte("b")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// ask sends one request; header holds pairs of name and value.
func ask(t *testing.T, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	testSite(t).ServeHTTP(w, r)
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), string(body)
}

func TestEncodings(t *testing.T) {
	for _, c := range []struct{ path, accept, encoding, body, etag string }{
		{"app.AAAA.js", "", "", script, `"1111"`},
		{"app.AAAA.js", "gzip, deflate, br, zstd", "br", "br", `"1111.br"`},
		{"app.AAAA.js", "gzip", "gzip", "gzip", `"1111.gz"`},
		{"app.AAAA.js", "GZip;q=0.5", "gzip", "gzip", `"1111.gz"`},
		{"app.AAAA.js", "br;q=0, gzip;q=1.0", "gzip", "gzip", `"1111.gz"`},
		{"app.AAAA.js", "br; q=0.000, gzip; q=0", "", script, `"1111"`},
		{"app.AAAA.js", "*", "br", "br", `"1111.br"`},
		{"app.AAAA.js", "br;q=0, *", "gzip", "gzip", `"1111.gz"`},
		{"app.AAAA.js", "*;q=0", "", script, `"1111"`},
		{"app.AAAA.js", "identity", "", script, `"1111"`},
		{"app.AAAA.js", "brotli", "", script, `"1111"`},
		{"partita.BBBB.wasm", "br, gzip", "br", "wbr", `"2222.br"`},
		{"partita.BBBB.wasm", "gzip", "", "\x00asm", `"2222"`},
		{"tiny.CCCC.css", "br, gzip", "", "a", `"3333"`},
	} {
		t.Run(c.path+" "+c.accept, func(t *testing.T) {
			r, body := ask(t, "GET", Prefix+c.path, "Accept-Encoding", c.accept)
			if r.StatusCode != 200 || body != c.body {
				t.Fatalf("status %d, body %q; want 200, %q", r.StatusCode, body, c.body)
			}
			if got := r.Header.Get("Content-Encoding"); got != c.encoding {
				t.Errorf("encoding %q, want %q", got, c.encoding)
			}
			if got := r.Header.Get("ETag"); got != c.etag {
				t.Errorf("ETag %s, want %s", got, c.etag)
			}
			if r.ContentLength != int64(len(c.body)) {
				t.Errorf("length %d, want %d", r.ContentLength, len(c.body))
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	for path, want := range map[string]string{
		"app.AAAA.js":       "text/javascript; charset=utf-8",
		"partita.BBBB.wasm": "application/wasm",
		"tiny.CCCC.css":     "text/css; charset=utf-8",
		"odd.DDDD.bin":      "application/octet-stream",
	} {
		r, _ := ask(t, "GET", Prefix+path, "Accept-Encoding", "br")
		for name, want := range map[string]string{
			"Content-Type":           want,
			"Cache-Control":          "public, max-age=31536000, immutable",
			"Vary":                   "Accept-Encoding",
			"X-Content-Type-Options": "nosniff",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestHead(t *testing.T) {
	r, body := ask(t, "HEAD", Prefix+"app.AAAA.js", "Accept-Encoding", "gzip")
	if r.StatusCode != 200 || body != "" || r.ContentLength != 4 || r.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("status %d, body %q, length %d, headers %v", r.StatusCode, body, r.ContentLength, r.Header)
	}
}

func TestNotModified(t *testing.T) {
	path := Prefix + "app.AAAA.js"
	for _, c := range []struct {
		tag, accept string
		status      int
	}{
		{`"1111.br"`, "br", 304},
		{`"1111"`, "", 304},
		{`"0000", W/"1111.br"`, "br", 304},
		{"*", "br", 304},
		{`"1111"`, "br", 200}, // another encoding is another representation
		{`"0000"`, "", 200},
	} {
		r, body := ask(t, "GET", path, "Accept-Encoding", c.accept, "If-None-Match", c.tag)
		if r.StatusCode != c.status {
			t.Errorf("If-None-Match %s with %q: status %d, want %d", c.tag, c.accept, r.StatusCode, c.status)
		}
		if r.StatusCode == 304 && (body != "" || r.Header.Get("Content-Length") != "") {
			t.Errorf("If-None-Match %s: a 304 with a body or a length", c.tag)
		}
	}
}

func TestRanges(t *testing.T) {
	path := Prefix + "app.AAAA.js"
	r, body := ask(t, "GET", path, "Accept-Encoding", "br", "Range", "bytes=8-10")
	if r.StatusCode != 206 || body != script[8:11] || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("status %d, body %q, encoding %q", r.StatusCode, body, r.Header.Get("Content-Encoding"))
	}
	r, _ = ask(t, "GET", path, "Range", "bytes=9000-")
	if r.StatusCode != 416 {
		t.Errorf("a range past the end: status %d, want 416", r.StatusCode)
	}
	r, body = ask(t, "GET", path, "Range", "bytes=0-1", "If-Range", `"old"`)
	if r.StatusCode != 200 || body != script {
		t.Errorf("If-Range of another version: status %d, body %q", r.StatusCode, body)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	for _, path := range []string{
		"", ".", "manifest.json", ".keep", "app.AAAA.js.br", "app.js", "app.AAAA.js/", "..", "../static.go",
		"not-built/app.js", "App.AAAA.js", "%2e%2e/static.go",
	} {
		r, body := ask(t, "GET", Prefix+path, "Accept-Encoding", "br")
		if r.StatusCode != 404 || strings.Contains(body, "AAAA") {
			t.Errorf("%q: status %d, body %q", path, r.StatusCode, body)
		}
	}
	if r, _ := ask(t, "GET", "/other/app.AAAA.js"); r.StatusCode != 404 {
		t.Errorf("outside the prefix: status %d", r.StatusCode)
	}
	if r, _ := ask(t, "POST", Prefix+"app.AAAA.js"); r.StatusCode != 405 || r.Header.Get("Allow") == "" {
		t.Errorf("POST: status %d, Allow %q", r.StatusCode, r.Header.Get("Allow"))
	}
	if r, _ := ask(t, "GET", Prefix+"lost.EEEE.js"); r.StatusCode != 500 {
		t.Errorf("a file that the manifest names and dist lacks: status %d, want 500", r.StatusCode)
	}
}

func TestURL(t *testing.T) {
	site := testSite(t)
	if got := site.URL("app.js"); got != "/static/app.AAAA.js" {
		t.Errorf("URL is %s", got)
	}
	if got := site.URL("missing.js"); got != "/static/not-built/missing.js" {
		t.Errorf("URL of what was not built is %s", got)
	}
}

func TestSiteThatWasNotBuilt(t *testing.T) {
	if _, err := New(fstest.MapFS{".keep": {}}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("error %v; want one that says what to do", err)
	}
	if _, err := New(fstest.MapFS{manifest.FileName: {Data: []byte("[")}}); err == nil {
		t.Error("a damaged manifest was accepted")
	}
}
