package main

// The tests whose files are called tidy_*_test.go hold the project to its own rules. Each
// says what is wrong and where; the rules themselves stand beside the code that checks them.

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inRoot makes the project's folder the working folder of the test.
func inRoot(t *testing.T) {
	t.Helper()
	t.Chdir("../..")
	if _, err := os.Stat("go.mod"); err != nil {
		t.Fatal(err)
	}
}

// files returns the project's files with the given endings (all for none).
func files(t *testing.T, endings ...string) []string {
	t.Helper()
	if len(endings) == 0 {
		endings = []string{""}
	}
	list, err := sourceFiles(endings...)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) == 0 {
		t.Fatalf("no file ends in %q", endings)
	}
	return list
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// maxLines is the most that one file may have; most have 100 to 350.
const maxLines = 500

func TestFileSizes(t *testing.T) {
	inRoot(t)
	for _, name := range files(t, ".go", ".ts", ".templ", ".css") {
		if strings.HasSuffix(name, "_templ.go") || strings.Contains(name, "testdata/") {
			continue
		}
		if lines := bytes.Count(read(t, name), []byte("\n")); lines > maxLines {
			t.Errorf("%s has %d lines, more than %d: it holds more than one subject", name, lines, maxLines)
		}
	}
}

func TestTopLevel(t *testing.T) {
	inRoot(t)
	allowed := []string{"cmd", "wasm", "engine", "web", "static", "go.mod", "go.sum", "Makefile", "README.md", "LICENSE", "CONTRIBUTING.md"}
	for _, name := range files(t) {
		top, _, _ := strings.Cut(name, "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s: the top level holds only %s and dotfiles", name, strings.Join(allowed, ", "))
		}
	}
}

// foreign matches what ties a file to one machine or to one place to download from. The
// words are put together here so that this file does not match itself.
var foreign = func() *regexp.Regexp {
	parts := []string{
		"proxy" + `\.golang\.org`, "sum" + `\.golang\.org`, "registry" + `\.npmjs\.org`, "registry" + `\.yarnpkg`,
		"deb" + `\.debian\.org`, "security" + `\.debian\.org`, "pypi" + `\.org`, "static" + `\.crates\.io`, "repo" + `\.maven`,
		`(^|[^\w./*-])/(` + "work|root|home" + `)/\w`, `(^|[^\w./-])/tmp/` + "wt",
	}
	return regexp.MustCompile(strings.Join(parts, "|"))
}()

func TestForeignPattern(t *testing.T) {
	for text, want := range map[string]bool{
		`"resolved": "https://registry.` + `npmjs.org/lit"`: true,
		"cd /wo" + "rk/main":        true,
		"`/ro" + "ot/go`":           true,
		"under /ho" + "me/x":        true,
		"https://example.org/work/": false,
		"framework/x, a/root/b":     false,
		"the /room/{code} page":     false,
	} {
		if got := foreign.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestNoMachineInFiles(t *testing.T) {
	inRoot(t)
	for _, name := range files(t) {
		for i, line := range bytes.Split(read(t, name), []byte("\n")) {
			if found := foreign.Find(line); found != nil {
				t.Errorf("%s:%d: %q names a machine or a download host", name, i+1, bytes.TrimSpace(found))
			}
		}
	}
}

func TestLockNamesNoAddress(t *testing.T) {
	inRoot(t)
	for _, name := range files(t, "package-lock.json") {
		if bytes.Contains(read(t, name), []byte(`"resolved"`)) {
			t.Errorf("%s has download addresses; web/ui/.npmrc keeps them out, so run npm inside web/ui", name)
		}
	}
}

// TestPagesAskNobody: a page makes no request to anybody else, so no source of a page has
// an address of another host to load from.
func TestPagesAskNobody(t *testing.T) {
	inRoot(t)
	loads := regexp.MustCompile(`(?:src|srcset|action)\s*=\s*["'{]?["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s+["'](?:https?:)?//|(?:fetch|import|Worker|WebSocket)\(\s*["'` + "`" + `](?:https?|wss?):|<link[^>]+href=["'](?:https?:)?//`)
	for _, bad := range []string{`<script src="https://x">`, `url(//x)`, `fetch("https://x")`, `<link rel=icon href="//x">`} {
		if !loads.MatchString(bad) {
			t.Errorf("the pattern misses %s", bad)
		}
	}
	list, err := sourceFiles(".templ", ".ts", ".css", ".svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range list {
		for i, line := range bytes.Split(read(t, name), []byte("\n")) {
			if loads.Match(line) {
				t.Errorf("%s:%d loads from another host: %s", name, i+1, bytes.TrimSpace(line))
			}
		}
	}
}

// complain reports a list of findings.
func complain(t *testing.T, findings []string) {
	t.Helper()
	slices.Sort(findings)
	for _, f := range slices.Compact(findings) {
		t.Error(f)
	}
}

// at formats a finding.
func at(where fmt.Stringer, format string, args ...any) string {
	return where.String() + ": " + fmt.Sprintf(format, args...)
}
