package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestEngineRules shows that each rule finds what it is for and leaves the rest alone.
func TestEngineRules(t *testing.T) {
	const head = "// Package p is a sample.\npackage p\n"
	for _, c := range []struct {
		rule func(*source) []string
		code string
		want string // part of the one finding; empty for none
	}{
		{(*source).mapOrder, `func f(m map[int]int) { for k := range m { println(k) } }`, "a map has no order"},
		{(*source).mapOrder, `type named map[int]int; func f(m named) { for k := range m { println(k) } }`, "a map has no order"},
		{(*source).mapOrder, `func f(m map[int]int) (s []int) { for k := range m { s = append(s, k) }; return s }`, ""},
		{(*source).mapOrder, "func f(m map[int]int) (s [9]int) {\n\tfor k := range m { // sorted below\n\ts[k] = k }; return s }", ""},
		{(*source).mapOrder, `func f(s []int) { for k := range s { println(k) } }`, ""},
		{(*source).mapOrder, `import ("maps"; "slices"); func f(m map[int]int) []int { return slices.Sorted(maps.Keys(m)) }`, ""},
		{(*source).mapOrder, `import "maps"; func f(m map[int]int) { for k := range maps.Keys(m) { println(k) } }`, "maps.Keys"},
		{(*source).goroutines, `func f() { go f() }`, "no goroutine"},
		{(*source).goroutines, `func f() { f() }`, ""},
		{(*source).floats, `var x = 1.5`, "floating-point"},
		{(*source).floats, `func f(a int) int { return int(float64(a) * 2) }`, "floating-point"},
		{(*source).floats, `const second int64 = 1e9; func f(a int64) int64 { return a * second }`, ""},
		{(*source).undocumented, `func F() {}`, "F has no comment"},
		{(*source).undocumented, "type t int\nfunc (t) F() {}", ""},
		{(*source).undocumented, "// T is one.\ntype T int\nfunc (*T) F() {}", "F has no comment"},
		{(*source).undocumented, "// All of them.\nconst (\nA = 1\nB = 2\n)", ""},
		{(*source).undocumented, "const A = 1 // one", ""},
		{(*source).undocumented, "var A, b = 1, 2", "A has no comment"},
		{(*source).undocumented, "// Kinds.\ntype (\nT int\n)", "T has no comment"},
		{(*source).foreignWords, `type MessageSet int`, "another word"},
		{(*source).foreignWords, `type T struct { ByNodeID int }`, "another word"},
		{(*source).foreignWords, `type T struct { Cursors int }`, "another word"},
		{(*source).foreignWords, `type Code int; const MessageTooLarge Code = 10`, "another word"}, // not the engine's Code
		{(*source).foreignWords, `type Nodular int; type queue int`, ""},
	} {
		s := &source{name: "p", set: token.NewFileSet()}
		file, err := parser.ParseFile(s.set, "p.go", head+c.code, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		s.files = []*ast.File{file}
		if err := s.check(importer.ForCompiler(s.set, "source", nil)); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(c.rule(s), "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s\nfound %q, want %q", c.code, got, c.want)
		}
	}
}

// TestNoSleeps: a test that sleeps is slow on a fast machine and wrong on a slow one.
func TestNoSleeps(t *testing.T) {
	inRoot(t)
	for _, name := range files(t, "_test.go") {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		complain(t, sleeps(set, file))
	}
}

// sleeps finds calls that wait for wall time. Inside synctest.Test the time is virtual, so
// there they are fine.
func sleeps(set *token.FileSet, file *ast.File) (wrong []string) {
	var virtual []*ast.CallExpr
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch qualified(call) {
		case "synctest.Test":
			virtual = append(virtual, call)
		case "time.Sleep", "chromedp.Sleep":
			for _, v := range virtual {
				if v.Pos() <= call.Pos() && call.End() <= v.End() {
					return true
				}
			}
			wrong = append(wrong, at(set.Position(call.Pos()), "%s in a test: wait for what must happen", qualified(call)))
		}
		return true
	})
	return wrong
}

// qualified returns "package.Function" of a call, or "".
func qualified(call *ast.CallExpr) string {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	from, ok := selector.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return from.Name + "." + selector.Sel.Name
}

func TestSleepsAreFound(t *testing.T) {
	for code, want := range map[string]bool{
		`func f() { time.Sleep(1) }`:                                     true,
		`func f() { run(chromedp.Sleep(1)) }`:                            true,
		`func f() { synctest.Test(t, func(t *T) { time.Sleep(1) }) }`:    false,
		`func f() { synctest.Test(t, func(t *T) {}); time.Sleep(1) }`:    true,
		`func f() { select { case <-time.After(limit): case <-done: } }`: false,
	} {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, "p_test.go", "package p\n"+code, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(sleeps(set, file)) > 0; got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
