package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// below says which packages each package stands on. A package may import what it stands on
// and whatever that stands on in turn, and nothing else of the project. A new package is
// added here, with a thought about its place.
var below = map[string][]string{
	"engine/batch":  {},
	"engine":        {"engine/batch"},
	"engine/client": {"engine"},
	"engine/sim":    {"engine/client"},
	"engine/why":    {"engine/sim"},
	"engine/script": {"engine/why"},
	"engine/scene":  {"engine/script"},
	"engine/room":   {"engine/script", "engine/scene", "engine/why"},
	"engine/swarm":  {"engine/script"},
	"engine/lesson": {"engine/script"},
	"wasm":          {"engine/scene", "engine/room", "engine/lesson", "wasm/port"},
	"wasm/seat":     {"engine/room", "wasm/port"},
	"wasm/port":     {},

	"web/store": {"engine"},
	"web/host":  {"engine/room", "engine/lesson"},
	"web/live":  {"web/host"},
	"web/kafka": {"web/host"},
	"web/lang":  {},
	"web/page":  {"web/host", "web/lang", "static"},
	"web/api":   {"web/host"},
	"web":       {"web/host", "web/live", "web/page", "web/api", "web/lang", "static"},

	"static":             {"static/manifest"},
	"static/manifest":    {},
	"cmd/bundle":         {"static/manifest"},
	"cmd/check":          {},
	"cmd/partita":        {"engine/swarm", "wasm", "web", "web/host", "web/store", "web/kafka", "cmd/partita/remote"},
	"cmd/partita/remote": {},
}

// testSupport are packages that only tests may import; they may import anything.
var testSupport = []string{"engine/vectortest", "engine/statetest", "web/e2e", "web/kafka/referee"}

// owners says which package may import a third-party module. Tests of the packages in
// testOwners may too.
var (
	owners = map[string]string{
		"github.com/evanw/esbuild":          "cmd/bundle",
		"github.com/andybalholm/brotli":     "cmd/bundle",
		"github.com/gorilla/websocket":      "web/live",
		"github.com/a-h/templ":              "web/page",
		"github.com/spf13/cobra":            "cmd/partita",
		"github.com/spf13/pflag":            "cmd/partita",
		"github.com/twmb/franz-go/pkg/kmsg": "web/kafka",
		"github.com/twmb/franz-go":          "cmd/partita/remote",
		"github.com/klauspost/compress":     "web/kafka",
		"github.com/pierrec/lz4":            "web/kafka",
		"github.com/segmentio/kafka-go":     "web/kafka",
		"github.com/IBM/sarama":             "web/kafka",
		"github.com/chromedp":               "web/e2e",
	}
	testOwners = map[string][]string{
		"github.com/gorilla/websocket": {"web", "web/e2e"},
		"github.com/twmb/franz-go":     {"web/e2e", "web/kafka", "web/kafka/referee", "cmd/partita"},
		// The referee asks Apache Kafka, kfake and Partita the same, request by request.
		"github.com/twmb/franz-go/pkg/kmsg": {"web/kafka/referee"},
		"github.com/chromedp":               {"web/e2e"},
	}
)

// notInEngine are packages of the standard library that the engine does without: they are
// large in a WASM binary, or they know a clock or the outside. The swarm is in no page.
var notInEngine = []string{
	"fmt", "encoding/json", "encoding/binary", "reflect", "regexp", "log", "log/slog",
	"time", "os", "net", "net/http", "syscall", "math/rand", "crypto/rand", "context", "text/template",
}

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath   string
	Dir          string
	Name         string
	Export       string
	Standard     bool
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// own is the path inside the project: "engine/batch".
func (p pkg) own() string { return strings.TrimPrefix(p.ImportPath, "partita/") }

// list runs go list -json.
func list(t *testing.T, env []string, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,Name,Export,Standard,GoFiles,Imports,TestImports,XTestImports"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, stderr.Bytes())
	}
	var all []pkg
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// project lists the project's packages: as they are here, and wasm as it is there.
func project(t *testing.T) []pkg {
	all := slices.DeleteFunc(list(t, nil, "./..."), func(p pkg) bool { return p.own() == "wasm" || strings.HasPrefix(p.own(), "wasm/") })
	return append(all, list(t, []string{"GOOS=js", "GOARCH=wasm"}, "./wasm/...")...)
}

// reach returns everything that a package stands on.
func reach(name string, seen map[string]bool) map[string]bool {
	for _, b := range below[name] {
		if !seen[b] {
			seen[b] = true
			reach(b, seen)
		}
	}
	return seen
}

// checkImports returns what is wrong with a package's imports.
func checkImports(p pkg) []string {
	var wrong []string
	name := p.own()
	support := slices.Contains(testSupport, name)
	if _, known := below[name]; !known && !support {
		wrong = append(wrong, name+": a package without a place; cmd/check/tidy_imports_test.go says which there are")
	}
	allowed := reach(name, map[string]bool{})
	for _, path := range p.Imports {
		own, ours := strings.CutPrefix(path, "partita/")
		switch {
		case ours && !allowed[own] && !support:
			wrong = append(wrong, name+" must not import "+own)
		case ours && slices.Contains(testSupport, own) && !support:
			wrong = append(wrong, name+" must not import "+own+" outside tests")
		case strings.HasPrefix(name, "engine") && name != "engine/swarm" && !support && slices.Contains(notInEngine, path):
			wrong = append(wrong, name+" must not import "+path)
		}
		if module := thirdParty(path); module != "" && owners[module] != name && !(support && slices.Contains(testOwners[module], name)) {
			wrong = append(wrong, name+" must not import "+path+", which belongs to "+owners[module])
		}
	}
	for _, path := range append(p.TestImports, p.XTestImports...) {
		if module := thirdParty(path); module != "" && owners[module] != name && !slices.Contains(testOwners[module], name) {
			wrong = append(wrong, "tests of "+name+" must not import "+path)
		}
	}
	return wrong
}

// thirdParty returns the module, as owners calls it, of a path that is neither ours nor of
// the standard library; a module without an owner is returned by its path.
func thirdParty(path string) string {
	first, _, _ := strings.Cut(path, "/")
	if !strings.Contains(first, ".") {
		return ""
	}
	found := ""
	for module := range owners {
		if (path == module || strings.HasPrefix(path, module+"/")) && len(module) > len(found) {
			found = module
		}
	}
	if found == "" {
		return path
	}
	return found
}

func TestCheckImports(t *testing.T) {
	for want, p := range map[string]pkg{
		"":                                  {ImportPath: "partita/engine/sim", Imports: []string{"slices", "partita/engine", "partita/engine/batch"}, TestImports: []string{"fmt", "time"}},
		"engine must not import engine/sim": {ImportPath: "partita/engine", Imports: []string{"partita/engine/sim"}},
		"engine must not import fmt":        {ImportPath: "partita/engine", Imports: []string{"fmt"}},
		"engine must not import github.com/x/y, which":     {ImportPath: "partita/engine", Imports: []string{"github.com/x/y"}},
		"web/live must not import web/kafka":               {ImportPath: "partita/web/live", Imports: []string{"partita/web/kafka"}},
		"wasm must not import web/host":                    {ImportPath: "partita/wasm", Imports: []string{"partita/web/host"}},
		"web must not import github.com/gorilla/websocket": {ImportPath: "partita/web", Imports: []string{"github.com/gorilla/websocket"}},
		"tests of engine must not import github.com/a-h":   {ImportPath: "partita/engine", TestImports: []string{"github.com/a-h/templ"}},
		"engine/extra: a package without a place":          {ImportPath: "partita/engine/extra"},
		"web/host must not import web/e2e":                 {ImportPath: "partita/web/host", Imports: []string{"partita/web/e2e"}},
	} {
		got := strings.Join(checkImports(p), "\n")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%v: %q, want %q", p, got, want)
		}
	}
}

func TestImports(t *testing.T) {
	inRoot(t)
	for _, p := range project(t) {
		complain(t, checkImports(p))
	}
}

// TestWASMDependencies: fmt, encoding/json and reflect alone are about 240 kB of brotli.
func TestWASMDependencies(t *testing.T) {
	inRoot(t)
	for _, p := range list(t, []string{"GOOS=js", "GOARCH=wasm"}, "-deps", "./wasm/...") {
		if slices.Contains([]string{"fmt", "encoding/json", "reflect"}, p.ImportPath) {
			t.Errorf("the WASM engine depends on %s (go mod why, or: GOOS=js GOARCH=wasm go list -deps ./wasm)", p.ImportPath)
		}
		if strings.Contains(strings.Split(p.ImportPath, "/")[0], ".") {
			t.Errorf("the WASM engine depends on %s; it uses only the standard library", p.ImportPath)
		}
	}
}
