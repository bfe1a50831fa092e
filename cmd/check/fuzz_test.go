package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestFuzz: a fuzzer that finds something fails, and its finding is in the package; one that
// finds nothing does not. Neither depends on how many inputs there is time for: the finding
// is among the seeds.
func TestFuzz(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module fuzzed\n\ngo 1.26\n",
		"a_test.go": `package a

import "testing"

func FuzzGood(f *testing.F) { f.Fuzz(func(t *testing.T, b []byte) {}) }

func FuzzBad(f *testing.F) {
	f.Add([]byte("bad"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if string(b) == "bad" {
			t.Error("found")
		}
	})
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := fuzzersOf("other\t/\nfuzzed\t" + dir + "\ta_test.go\n")
	if want := []fuzzed{{"fuzzed", dir, []string{"FuzzGood", "FuzzBad"}}}; err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("found %v, %v, want %v", list, err, want)
	}
	program := filepath.Join(dir, "a.test")
	build := exec.Command("go", "test", "-c", "-fuzz=.", "-o", program)
	build.Dir = dir
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	corpora := filepath.Join(dir, "corpora")
	if err := fuzz(dir, "FuzzGood", program, corpora); err != nil {
		t.Error(err)
	}
	if err := fuzz(dir, "FuzzBad", program, corpora); err == nil || !strings.Contains(err.Error(), "found") {
		t.Errorf("the finding went unnoticed: %v", err)
	}
	if err := fuzz(dir, "FuzzNone", program, corpora); err == nil {
		t.Error("a fuzzer that is not there passed")
	}
}
