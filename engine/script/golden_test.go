package script_test

import (
	"embed"
	"flag"
	"os"
	"path"
	"strings"
	"testing"

	"partita/engine"
	"partita/engine/script"
	"partita/engine/sim"
)

//go:embed testdata/*.txt
var goldens embed.FS

var rewrite = flag.Bool("rewrite", false, "write what the goldens print now; commit only what you understand")

// TestGoldens runs every script of testdata and compares what each line prints with
// what stands indented below it. The digest at the end of each covers every event, so
// that the same file passing natively and under js/wasm means equal bytes.
func TestGoldens(t *testing.T) {
	files, err := goldens.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(f.Name(), ".txt"), func(t *testing.T) {
			name := path.Join("testdata", f.Name())
			bytes, err := goldens.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := string(bytes)
			got := play(t, name, want)
			switch {
			case got == want:
			case *rewrite && !t.Failed():
				if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			default:
				t.Errorf("%s prints something else; see it with -rewrite and git diff.\n%s", name, firstDifference(got, want))
			}
		})
	}
}

const indent = "    "

func play(t *testing.T, name, text string) string {
	runner := newRunner()
	var out strings.Builder
	last := ""
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if strings.HasPrefix(line, indent) {
			continue
		}
		out.WriteString(line + "\n")
		printed, err := runner.Run(line)
		if err != nil {
			t.Errorf("%s:%d: %s\n%s", name, n+1, line, err)
		}
		if printed != "" {
			out.WriteString(indent + strings.ReplaceAll(printed, "\n", "\n"+indent) + "\n")
		}
		if line != "" {
			last = line
		}
	}
	if last != "digest" {
		t.Errorf("%s does not end with digest", name)
	}
	if err := runner.World.Engine().Check(); err != nil {
		t.Error(err)
	}
	return out.String()
}

func newRunner() *script.Runner {
	r := &script.Runner{World: sim.New(sim.Config{Seed: 1, LatencyMs: 10})}
	r.World.OnNote = func(engine.Time, uint8, string) {} // as in a room, whose sentences people read
	r.Record(8<<20, func() any { return nil }, func(any) {})
	return r
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			old := "(nothing)"
			if i < len(w) {
				old = w[i]
			}
			return "printed: " + g[i] + "\n    had: " + old
		}
	}
	return "printed less than it had"
}
