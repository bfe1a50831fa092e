//go:build !js

package swarm

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSameInWebAssembly runs seeds as a js/wasm program too, and compares all that
// happened.
func TestSameInWebAssembly(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec")
	cmd := exec.Command("go", "test", "-count=1", "-run=^TestTraces$", "-v", "-exec="+runner, ".")
	// Arguments and environment share 12 kB there, so only what matters goes along.
	for _, name := range []string{"PATH", "HOME", "GOCACHE", "GOFLAGS", "GOMODCACHE", "GOPROXY", "TMPDIR"} {
		if value, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got []string
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "trace ") {
			got = append(got, line)
		}
	}
	n := 0
	for want := range strings.Lines(traces()) {
		if n == len(got) || got[n] != want {
			t.Fatalf("after %d lines that are the same, natively:\n%sas WebAssembly:\n%s", n, want, strings.Join(got[n:min(n+1, len(got))], ""))
		}
		n++
	}
	if n != len(got) || n < 1000 {
		t.Fatalf("%d lines natively, %d as WebAssembly", n, len(got))
	}
}

// TestPlantedBugsAreFound runs TestMutants, which needs an engine of its own.
func TestPlantedBugsAreFound(t *testing.T) {
	out, err := exec.Command("go", "test", "-count=1", "-tags=mutants", "-run=^TestMutants$", ".").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "ok") {
		t.Errorf("%v\n%s", err, out)
	}
}
