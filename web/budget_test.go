package web

import (
	"compress/gzip"
	"io"
	"regexp"
	"strings"
	"testing"

	"partita/static"
)

// What a first visit may cost, in bytes as a browser receives them: brotli, and gzip for the
// page itself, which is made anew for each visit (1 kB is 1000 bytes). The engine is what
// must be there before the stage moves; its rest arrives while it moves.
const (
	engineBytesMost = 640_000
	laterBytesMost  = 320_000
	shellBytesMost  = 60_000
)

// TestBudgets measures the site that is built in: the engine, and the page shell, which is
// the first page's HTML with every script, style and picture that it names or imports.
func TestBudgets(t *testing.T) {
	site, err := static.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	names := site.Manifest()
	logical := map[string]string{}
	for name, file := range names {
		logical[file.Name] = name
	}
	h := serve(t).Handler()
	response, html := ask(t, h, "GET", "/")
	if response.StatusCode != 200 {
		t.Fatalf("the first page: status %d", response.StatusCode)
	}
	_, sent := ask(t, h, "GET", "/", "Accept-Encoding", "gzip, deflate, br, zstd")
	var wanted []string
	for _, match := range regexp.MustCompile(static.Prefix+`([^"'\s)]+)`).FindAllStringSubmatch(html, -1) {
		name, ok := logical[match[1]]
		if !ok {
			t.Errorf("the first page names %s, which was not built", match[0])
			continue
		}
		wanted = append(wanted, name)
	}
	all, err := names.Closure(wanted...)
	if err != nil {
		t.Fatal(err)
	}
	engine, later, shell := 0, 0, len(sent)
	t.Logf("%8d HTML of the first page (%d plain)", shell, len(html))
	for _, name := range all {
		bytes := names[name].Brotli()
		t.Logf("%8d %s", bytes, name)
		switch {
		case name == "partita-later.wasm":
			later += bytes
		case strings.HasSuffix(name, ".wasm"):
			engine += bytes
		default:
			shell += bytes
		}
	}
	for _, part := range []string{"style.css", "playground.js", "worker.js", "partita.wasm", "partita-later.wasm"} {
		if !strings.Contains(strings.Join(all, " "), part) {
			t.Errorf("%s is not among what the first page needs: the sum is too small", part)
		}
	}
	t.Logf("%8d of %d: page shell", shell, shellBytesMost)
	t.Logf("%8d of %d: engine", engine, engineBytesMost)
	if shell > shellBytesMost {
		t.Errorf("the page shell has %d bytes compressed, more than %d", shell, shellBytesMost)
	}
	if seat := names["seat.wasm"].Brotli(); seat == 0 || seat > engineBytesMost {
		t.Errorf("a seat's engine has %d bytes compressed, %d at most", seat, engineBytesMost)
	}
	t.Logf("%8d of %d: the rest of the engine", later, laterBytesMost)
	if later > laterBytesMost {
		t.Errorf("the rest of the engine has %d bytes compressed, more than %d", later, laterBytesMost)
	}
	if engine > engineBytesMost {
		t.Errorf("the engine has %d bytes compressed, more than %d", engine, engineBytesMost)
	}
}

// TestPagesAreCompressed: what arrives unpacks to the page, for those who take it only.
func TestPagesAreCompressed(t *testing.T) {
	h := serve(t).Handler()
	_, plain := ask(t, h, "GET", "/about")
	response, sent := ask(t, h, "GET", "/about", "Accept-Encoding", "br, gzip")
	if response.Header.Get("Content-Encoding") != "gzip" || response.Header.Get("Vary") != "Accept-Encoding, Accept-Language, Cookie" {
		t.Fatalf("headers %v", response.Header)
	}
	unpacker, err := gzip.NewReader(strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(unpacker)
	if err != nil || string(unpacked) != plain {
		t.Errorf("unpacked %d bytes, error %v; want the %d bytes of the page", len(unpacked), err, len(plain))
	}
	if response, _ := ask(t, h, "GET", "/about", "Accept-Encoding", "gzip;q=0"); response.Header.Get("Content-Encoding") != "" {
		t.Error("a browser that refuses gzip got it")
	}
}
