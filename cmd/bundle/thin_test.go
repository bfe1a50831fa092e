package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestThinLines(t *testing.T) {
	const source = "//go:build js\n\n// Package p.\npackage p\n\nvar text = `one\ntwo`\n\n/* a\nb */\n\n//go:noinline\nfunc f() string {\n\treturn text\n}\n"
	thin := string(thinLines([]byte(source)))
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "p.go", thin, parser.ParseComments)
	if err != nil {
		t.Fatalf("%v\n%s", err, thin)
	}
	if !strings.HasPrefix(thin, "//go:build js\n") || !strings.Contains(thin, "`one\ntwo`") {
		t.Errorf("a build constraint or a raw string changed:\n%s", thin)
	}
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.FuncDecl); ok {
			seen++
			for _, pos := range []token.Pos{f.Pos(), f.Body.List[0].Pos(), f.Body.End()} {
				if line := set.Position(pos).Line; line != 1 {
					t.Errorf("line %d", line)
				}
			}
		}
		return true
	})
	if seen != 1 {
		t.Errorf("%d functions", seen)
	}
}
