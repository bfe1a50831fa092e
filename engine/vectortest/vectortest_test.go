package vectortest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// probe records how Load ends a test without ending the test around it.
type probe struct {
	testing.TB
	failed, skipped bool
}

type stop struct{}

func (p *probe) Helper()               {}
func (p *probe) Fatal(...any)          { p.failed = true; panic(stop{}) }
func (p *probe) Fatalf(string, ...any) { p.failed = true; panic(stop{}) }
func (p *probe) Skipf(string, ...any)  { p.skipped = true; panic(stop{}) }

func load(t *testing.T, name string) (p *probe) {
	p = &probe{TB: t}
	defer func() {
		if r := recover(); r != nil && r != (stop{}) {
			panic(r)
		}
	}()
	Load(p, name)
	return p
}

func TestEveryCopiedFileLoads(t *testing.T) {
	t.Setenv("PARTITA_VECTORS", "")
	files, err := filepath.Glob(filepath.Join("..", "testdata", "vectors", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors beside this package:", err)
	}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f), ".json")
		if name == "record_batch_layout" {
			continue // a reference table, without cases
		}
		if cases := Load(t, name); len(cases) == 0 {
			t.Error(name, "is empty")
		}
	}
}

func TestLoadVerdicts(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PARTITA_VECTORS", dir)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name+".json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("error_codes", `{"format":1,"kind":"error-code","cases":[{"id":"a"}]}`)
	write("api_versions", `{"format":1,"kind":"something-new","cases":[{"id":"a"}]}`)
	write("log_segments", `{"format":2,"kind":"log-segment","cases":[{"id":"a"}]}`)
	write("log_compaction", `{"format":1,"kind":"log-compaction","cases":[]}`)
	write("transaction_log", `{"format":1,`)
	for _, c := range []struct {
		name            string
		failed, skipped bool
	}{
		{"error_codes", false, false},
		{"murmur2_partition", false, true}, // absent
		{"api_versions", true, false},
		{"log_segments", true, false},
		{"log_compaction", true, false},
		{"transaction_log", true, false},
		{"no_such_name", true, false},
	} {
		if p := load(t, c.name); p.failed != c.failed || p.skipped != c.skipped {
			t.Errorf("%s: failed %v, skipped %v; want %v, %v", c.name, p.failed, p.skipped, c.failed, c.skipped)
		}
	}
	t.Setenv("PARTITA_VECTORS", "relative/path")
	if p := load(t, "error_codes"); !p.failed {
		t.Error("a relative PARTITA_VECTORS was accepted")
	}
	t.Setenv("PARTITA_VECTORS", filepath.Join(dir, "nowhere"))
	if p := load(t, "error_codes"); !p.failed {
		t.Error("a PARTITA_VECTORS that is no folder was accepted")
	}
}
