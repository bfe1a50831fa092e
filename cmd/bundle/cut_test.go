package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCuts: every cut finds its function in this Go, and what is left parses.
func TestCuts(t *testing.T) {
	root, err := goRoot()
	if err != nil {
		t.Fatal(err)
	}
	for name, bodies := range cuts {
		source, err := os.ReadFile(filepath.Join(root, "src", filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			continue
		}
		cut, err := cutSource(name, source)
		if err != nil {
			t.Error(err)
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, cut, parser.SkipObjectResolution)
		if err != nil {
			t.Error(err)
			continue
		}
		found := 0
		for _, d := range file.Decls {
			if f, ok := functionOf(d); ok {
				if _, ok := bodies[functionName(f)]; ok {
					found++
				}
			}
		}
		if found < len(bodies) {
			t.Errorf("%s: %d of %d functions are there to be cut", name, found, len(bodies))
		}
		if bodies["sbrk"] == "" && len(cut) >= len(source) {
			t.Errorf("%s: nothing was cut", name)
		}
	}
}

func TestCutSource(t *testing.T) {
	const before = "package runtime\n\nimport (\n\t\"unsafe\"\n\t\"internal/abi\"\n)\n\nfunc testAtomic64() { _ = abi.X }\n\nfunc kept() unsafe.Pointer { return nil }\n"
	cut, err := cutSource("runtime/runtime1.go", []byte(before))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(strings.ReplaceAll(before, "{ _ = abi.X }", "{}"), `"internal/abi"`, `_ "internal/abi"`)
	if string(cut) != want {
		t.Errorf("got\n%s\nwant\n%s", cut, want)
	}
	if other, err := cutSource("runtime/other.go", []byte(before)); err != nil || string(other) != before {
		t.Errorf("a file without cuts was changed: %v", err)
	}
	if _, err := cutSource("runtime/runtime1.go", []byte("not Go")); err == nil {
		t.Error("what is not Go was taken")
	}
}
