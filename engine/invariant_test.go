package engine

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// TestInvariantsAreListed: a constant of type Invariant has its sentence, and a name of
// its own.
func TestInvariantsAreListed(t *testing.T) {
	files, err := parser.ParseDir(token.NewFileSet(), ".", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[string]bool{}
	ast.Inspect(files["engine"], func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			if id, ok := v.Type.(*ast.Ident); ok && id.Name == "Invariant" {
				name, _ := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				declared[name] = true
			}
		}
		return true
	})
	for _, rule := range Invariants {
		if !declared[string(rule.Name)] {
			t.Errorf("%s is listed twice, or is no constant", rule.Name)
		}
		delete(declared, string(rule.Name))
		if !strings.HasSuffix(rule.Says, ".") {
			t.Errorf("%s: %q is no sentence", rule.Name, rule.Says)
		}
	}
	for name := range declared {
		t.Errorf("%s is not listed in Invariants", name)
	}
}
