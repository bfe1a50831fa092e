package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"partita/static/manifest"
)

// build writes one site of the given files into dir.
func build(t *testing.T, dir string, files map[string]string) manifest.Manifest {
	t.Helper()
	out, err := newOutput(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := out.add(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.finish(); err != nil {
		t.Fatal(err)
	}
	names, err := manifest.Read(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func folder(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, item := range list {
		names = append(names, item.Name())
	}
	return names
}

var long = strings.Repeat("a line that repeats\n", 100)

func TestOutput(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	names := build(t, dir, map[string]string{"app.js": long, "tiny.css": "a{}"})
	app, tiny := names["app.js"], names["tiny.css"]
	if app.Raw != len(long) || app.Br == 0 || app.Gz == 0 || app.Br >= app.Raw || app.Gz >= app.Raw {
		t.Errorf("app.js: %+v", app)
	}
	if tiny.Br != 0 || tiny.Gz != 0 || tiny.Brotli() != 3 {
		t.Errorf("tiny.css kept copies that are larger: %+v", tiny)
	}
	if !strings.HasPrefix(app.Name, "app.") || !strings.HasSuffix(app.Name, ".js") || app.Name == "app.js" {
		t.Errorf("no hash in %s", app.Name)
	}
	for suffix, unpack := range map[string]func(io.Reader) (io.Reader, error){
		"":    func(r io.Reader) (io.Reader, error) { return r, nil },
		".br": func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		".gz": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	} {
		data, err := os.ReadFile(filepath.Join(dir, app.Name+suffix))
		if err != nil {
			t.Fatal(err)
		}
		r, err := unpack(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != long {
			t.Errorf("%q unpacks to %d bytes, error %v", suffix, len(got), err)
		}
	}
}

func TestOutputOfTwoBuilds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "dist")
	first := build(t, dir, map[string]string{"app.js": long, "gone.js": long + "gone"})
	packed := filepath.Join(dir, first["app.js"].Name+".br")
	// A copy that is there already is kept: this one is recognised by its size.
	if err := os.WriteFile(packed, []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".keep"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	second := build(t, dir, map[string]string{"app.js": long, "new.js": long + "new"})
	if second["app.js"].Name != first["app.js"].Name || second["app.js"].Br != len("kept") {
		t.Errorf("what did not change was made again: %+v", second["app.js"])
	}
	if second["new.js"].Hash == first["app.js"].Hash {
		t.Error("another content has the same hash")
	}
	want := []string{".keep", manifest.FileName}
	for _, name := range []string{"app.js", "new.js"} {
		base := second[name].Name
		want = append(want, base, base+".br", base+".gz")
	}
	slices.Sort(want)
	if got := folder(t, dir); !slices.Equal(got, want) {
		t.Errorf("dist holds %v, want %v", got, want)
	}
}

func TestOutputRefusesTwoOfOneName(t *testing.T) {
	out, err := newOutput(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := out.add("app.js", []byte("1")); err != nil {
		t.Fatal(err)
	}
	if err := out.add("app.js", []byte("2")); err == nil {
		t.Error("the second replaced the first")
	}
}
