// Package vectortest loads Kafka's test vectors. Only tests import it.
//
// The vectors are JSON files of inputs and expected outputs, described in
// engine/testdata/vectors/README.md. The environment variable PARTITA_VECTORS
// (an absolute path) names another folder to read instead.
package vectortest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// kinds says which kind each file must declare. A file that is not listed here
// cannot be loaded: nobody has decided how to read it.
var kinds = map[string]string{
	"api_versions":                "api-version",
	"assignor_cooperative_sticky": "assignor-cooperative-sticky",
	"assignor_range":              "assignor-range",
	"assignor_range_rack":         "assignor-range-rack-aware",
	"assignor_roundrobin":         "assignor-roundrobin",
	"assignor_server_range":       "assignor-server-range",
	"assignor_sticky":             "assignor-sticky",
	"assignor_uniform":            "assignor-uniform",
	"coordinator_partition":       "coordinator-partition",
	"error_codes":                 "error-code",
	"group_coordinator_rows":      "group-coordinator-row",
	"group_coordinator_scenarios": "group-coordinator-scenario",
	"leader_epoch_cache":          "leader-epoch-cache",
	"log_compaction":              "log-compaction",
	"log_segments":                "log-segment",
	"murmur2_partition":           "murmur2-partition",
	"producer_sequence":           "producer-sequence",
	"record_batches":              "record-batch",
	"replication_scenarios":       "replication-scenario",
	"transaction_coordinator":     "transaction-coordinator",
	"transaction_log":             "transaction-log",
}

// Load returns the cases of the vector file called name, without ".json". An
// absent file skips the test with its reason; a file of another format or kind,
// or one without cases, fails it.
func Load(t testing.TB, name string) []json.RawMessage {
	t.Helper()
	kind, known := kinds[name]
	if !known {
		t.Fatalf("vectors %q: not a file that this package knows", name)
	}
	path := filepath.Join(folder(t), name+".json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("vectors: %s is absent, nothing was checked", path)
	}
	if err != nil {
		t.Fatalf("vectors: %v", err)
	}
	var file struct {
		Format int
		Kind   string
		Cases  []json.RawMessage
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatalf("vectors: %s: %v", path, err)
	}
	if file.Format != 1 || file.Kind != kind {
		t.Fatalf("vectors: %s: format %d of kind %q, want format 1 of kind %q", path, file.Format, file.Kind, kind)
	}
	if len(file.Cases) == 0 {
		t.Fatalf("vectors: %s holds no case", path)
	}
	return file.Cases
}

// Each decodes every case of the vector file called name into a C and runs check
// as a subtest named after the case's id. A field that C lacks fails the case, so
// that no expectation is overlooked; id, note and source are always allowed.
func Each[C any](t *testing.T, name string, check func(t *testing.T, c C)) {
	t.Helper()
	seen := map[string]bool{}
	for _, raw := range Load(t, name) {
		var about struct{ ID string }
		if err := json.Unmarshal(raw, &about); err != nil || about.ID == "" || seen[about.ID] {
			t.Fatalf("vectors %q: case without an id of its own: %.80s (%v)", name, raw, err)
		}
		seen[about.ID] = true
		t.Run(about.ID, func(t *testing.T) {
			var c C
			Decode(t, raw, &c)
			check(t, c)
		})
	}
}

// Decode decodes one case into v, which must have a field for everything in it
// apart from id, note and source.
func Decode(t testing.TB, raw json.RawMessage, v any) {
	t.Helper()
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		t.Fatalf("case: %v", err)
	}
	for _, about := range []string{"id", "note", "source"} {
		delete(fields, about)
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		t.Fatalf("case: %v", err)
	}
	d := json.NewDecoder(bytes.NewReader(rest))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		t.Fatalf("case: %v", err)
	}
}

// folder is where the vectors are: PARTITA_VECTORS, or the module's own copy.
func folder(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("PARTITA_VECTORS"); dir != "" {
		if !filepath.IsAbs(dir) {
			t.Fatalf("PARTITA_VECTORS must be an absolute path, not %q", dir)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			t.Fatalf("PARTITA_VECTORS: %q is not a folder (%v)", dir, err)
		}
		return dir
	}
	own := filepath.Join("engine", "testdata", "vectors")
	if _, file, _, ok := runtime.Caller(0); ok && filepath.IsAbs(file) {
		dir := filepath.Join(filepath.Dir(file), "..", "..", own)
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	// Built with -trimpath: tests run in their package's folder, below go.mod.
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("vectors: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, own)
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("vectors: no go.mod above the working directory")
		}
		dir = parent
	}
}
