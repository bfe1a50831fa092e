package engine

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// commandKinds finds the commands in the package's own source: whatever has an apply.
func commandKinds(t *testing.T) (kinds []string) {
	t.Helper()
	files, err := parser.ParseDir(token.NewFileSet(), ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files["engine"].Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "apply" {
				kinds = append(kinds, fn.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.Ident).Name)
			}
		}
	}
	return kinds
}

// TestMixerDrawsEveryCommand: none is left out of the fuzzing, and each of them has been
// more than a refusal.
func TestMixerDrawsEveryCommand(t *testing.T) {
	t.Parallel()
	drawn, done := map[string]int{}, map[string]int{}
	for seed := range uint64(60) {
		m := newMixer(t, randomBytes(seed, 4000))
		m.drawn, m.done = drawn, done
		m.begin()
		m.run(1000)
	}
	kinds := commandKinds(t)
	if len(kinds) < 60 {
		t.Fatalf("only %d commands are found", len(kinds))
	}
	for _, kind := range kinds {
		if drawn[kind] == 0 || done[kind] == 0 && kind != "Disconnect" {
			t.Errorf("%s: drawn %d times, %d times not refused", kind, drawn[kind], done[kind])
		}
	}
	for _, one := range mixerKinds {
		if got := typeName(one.draw(newMixer(t, nil))); got != one.name {
			t.Errorf("%s draws a %s", one.name, got)
		}
	}
}

// FuzzApply applies any commands to a cluster, and checks it after each. Half way it
// goes on from a snapshot as well.
func FuzzApply(f *testing.F) {
	for seed := range runs(40) {
		f.Add(randomBytes(seed, 3000))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		m := newMixer(t, in)
		m.begin()
		m.run(200)
		again := m.copy(New(Config{}))
		again.e.Restore(m.e.Snapshot())
		m.run(200)
		again.run(200)
		if m.e.Digest() != again.e.Digest() {
			t.Errorf("digest %x, and from a snapshot %x", m.e.Digest(), again.e.Digest())
		}
	})
}
