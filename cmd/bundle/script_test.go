package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"partita/static/manifest"
)

// sampleUI writes a small web/ui with all that a site needs.
func sampleUI(t *testing.T, change map[string]string) string {
	t.Helper()
	files := map[string]string{
		"playground.ts":         "import { shared } from './shared.ts';\nshared('playground');\n",
		"room.ts":               "import { shared } from './shared.ts';\nshared('room');\n",
		"seat.ts":               "console.log('seat');\n",
		"about.ts":              "console.log('about');\n",
		"head.ts":               "document.title = 'theme';\n",
		"lang/ko.ts":            "globalThis.words = {};\n",
		"style.css":             "body { margin: 0 }\n",
		"seat.css":              "p { margin: 0 }\n",
		"shared.ts":             "export const shared = (name: string): void => console.log('shared', name);\n",
		"source/worker.ts":      "import 'wasm_exec';\nconst go = new Go();\nvoid go;\n",
		"asset/icon.svg":        "<svg xmlns='http://www.w3.org/2000/svg'/>\n",
		"stage/easel-worker.ts": "console.log('easel');\n",
	}
	for name, text := range change {
		files[name] = text
	}
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if text == "" {
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestScripts(t *testing.T) {
	dist := filepath.Join(t.TempDir(), "dist")
	out, err := newOutput(dist)
	if err != nil {
		t.Fatal(err)
	}
	if err := buildScripts(sampleUI(t, nil), out); err != nil {
		t.Fatal(err)
	}
	text := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dist, out.names[name].Name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	for _, name := range []string{"playground.js", "room.js", "seat.js", "about.js", "head.js", "ko.js", "worker.js", "style.css", "seat.css", "icon.svg"} {
		if file := out.names[name]; file.Raw == 0 || file.Name == name {
			t.Errorf("%s: %+v", name, file)
		}
	}
	for _, name := range []string{"playground.js", "room.js"} {
		imports := out.names[name].Imports
		if len(imports) != 1 || !strings.HasPrefix(imports[0], "shared.") || !strings.Contains(text(name), imports[0]) {
			t.Errorf("%s imports %v; want the one chunk that both pages share", name, imports)
		}
	}
	// A worker is one plain script with Go's support code inside it.
	worker := text("worker.js")
	if !strings.Contains(worker, "importObject") || strings.Contains(worker, "import ") || len(out.names["worker.js"].Imports) > 0 {
		t.Errorf("worker.js is not whole: %.200s", worker)
	}
	if strings.Contains(text("head.js"), "export") {
		t.Errorf("head.js is a module: %s", text("head.js"))
	}
}

// TestScriptNamesFollowContent: a page's name changes when what it imports does, or a
// browser would keep the old page with the address of a chunk that is gone.
func TestScriptNamesFollowContent(t *testing.T) {
	names := func(change map[string]string) manifest.Manifest {
		out, err := newOutput(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if err := buildScripts(sampleUI(t, change), out); err != nil {
			t.Fatal(err)
		}
		return out.names
	}
	before := names(nil)
	same := names(nil)
	after := names(map[string]string{"shared.ts": "export const shared = (name: string): void => console.warn('other', name);\n"})
	for name := range before {
		if strings.HasPrefix(name, "shared.") {
			continue
		}
		if before[name].Name != same[name].Name {
			t.Errorf("%s: two builds of one source have two names", name)
		}
		stands := slices.Contains([]string{"playground.js", "room.js"}, name)
		if changed := before[name].Name != after[name].Name; changed != stands {
			t.Errorf("%s: changed %v, want %v", name, changed, stands)
		}
	}
}

func TestScriptMistakes(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"syntax":            {"seat.ts", "const = 1;", "seat.ts"},
		"a missing import":  {"seat.ts", "import './absent.ts';", "absent.ts"},
		"a missing page":    {"about.ts", "", "about.ts"},
		"a missing worker":  {"source/worker.ts", "", "source/worker.ts"},
		"a warning as well": {"seat.ts", "console.log(typeof location === 'nmber');", "nmber"},
		"a style mistake":   {"style.css", "body { margin: 0 ", "style.css"},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := newOutput(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			err = buildScripts(sampleUI(t, map[string]string{c.file: c.text}), out)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one that names %s", err, c.want)
			}
		})
	}
}

// TestAppStaysWhole: what the app shares with the parts that it loads later stays in one
// file with it, and a page that does without the app does not load it.
func TestAppStaysWhole(t *testing.T) {
	lazy := func(name string) string {
		return "import { shared } from '../shared.ts';\nimport { half } from './half.ts';\nexport const " + name + " = (): void => { shared('" + name + "'); half('" + name + "'); };\n"
	}
	out, err := newOutput(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	err = buildScripts(sampleUI(t, map[string]string{
		"playground.ts": "void import('./panel/app.ts');\n",
		"room.ts":       "void import('./panel/app.ts');\n",
		"seat.ts":       "import { shared } from './shared.ts';\nvoid import('./panel/help.ts').then((h) => h.help());\nshared('seat');\n",
		"panel/app.ts":  "import { shared } from '../shared.ts';\nimport { half } from './half.ts';\nshared('app'); half('app');\nvoid import('./one.ts').then((m) => m.one());\nvoid import('./two.ts').then((m) => m.two());\n",
		"panel/half.ts": "export const half = (name: string): void => console.log('half', name);\n",
		"panel/one.ts":  lazy("one"),
		"panel/two.ts":  lazy("two"),
		"panel/help.ts": "export const help = (): void => console.log('help');\n",
	}), out)
	if err != nil {
		t.Fatal(err)
	}
	closure, err := out.names.Closure("playground.js")
	if err != nil {
		t.Fatal(err)
	}
	if len(closure) > 4 { // the page, the app, what it shares with the seat, and esbuild's own
		t.Errorf("the playground needs %v", closure)
	}
	seat, err := out.names.Closure("seat.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range seat {
		data, err := os.ReadFile(filepath.Join(out.dir, out.names[name].Name))
		if err != nil || strings.Contains(string(data), "half") {
			t.Errorf("the seat loads the app in %s (%v)", name, err)
		}
	}
}
