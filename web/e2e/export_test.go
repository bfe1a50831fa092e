package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"partita/web"
)

// TestExport: the playground as plain files under some path runs like the server's, and a
// link to a run leads to the same events.
func TestExport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := web.Export(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	files := httptest.NewServer(http.StripPrefix("/some/where", http.FileServer(http.Dir(dir))))
	t.Cleanup(files.Close)
	s := serve(t)
	v := visit(t, s)
	const run = "#script=topic%20create%20orders%20partitions%3D3%0Aproducer%20add%20p1%20topic%3Dorders%20rate%3D5%2Fs%0Aconsumer%20add%20c1%20group%3Dbilling%20topics%3Dorders%0Aadvance%209s%0Apause"
	digest := func(b *tab) (digest string) {
		b.until("the run is there", `partitaTest.frame?.groups.length === 1`)
		b.line("digest")
		b.until("the digest is there", `/^[0-9a-f]{16}$/.test(document.querySelector(".console .answer")?.innerText.trim())`)
		b.eval(&digest, `document.querySelector(".console .answer").innerText.trim()`)
		return digest
	}
	want := digest(v.open("/" + run))
	elsewhere := &server{url: files.URL + "/some/where"}
	alone := visit(t, elsewhere).open("/" + run)
	if got := digest(alone); got != want {
		t.Errorf("digest %s from files, %s from the server", got, want)
	}
	alone.click("a.language", "한국어")
	alone.until("the page is Korean, and the run came along", `document.documentElement.lang === "ko" && partitaTest.frame?.groups.length === 1 && partitaTest.find(".form button", "레코드 보내기")`)
	alone.audit("as a file, in Korean")
	var links []string
	alone.eval(&links, `[...document.querySelectorAll("a[href]")].map((a) => a.href)`)
	for _, link := range links {
		if strings.Contains(link, "/room/") || !strings.HasPrefix(link, elsewhere.url) {
			t.Errorf("a page without a server links to %s", link)
		}
	}
	for _, page := range []string{"/about.html", "/differences.html"} {
		alone.goTo(page)
		alone.until("it is complete", `partitaTest.find("h1")`)
		alone.audit("as a file, " + page)
	}
}
