package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestReasons: what package why says, and what lines are said to equal, is in the Korean
// catalogue of the page, by its English templates.
func TestReasons(t *testing.T) {
	catalogue, err := os.ReadFile("../ui/lang/ko/reasons.ts")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^  ("(?:[^"\\]|\\.)*"|[a-z]+): "`).FindAllStringSubmatch(string(catalogue), -1) {
		key, err := strconv.Unquote(m[1])
		if err != nil {
			key = m[1]
		}
		known[key] = true
	}
	asked := 0
	for _, text := range reasons(t) {
		if !known[text] && regexp.MustCompile(`[A-Za-z]{2,} |[a-z]\?|^[a-z]+$`).MatchString(strings.ReplaceAll(text, "0x7fffffff ", "")) {
			t.Errorf("web/ui/lang/ko/reasons.ts has no %q", text)
		}
		asked++
	}
	if asked < 120 || len(known) < 120 {
		t.Errorf("%d sentences, %d translated: the test does not see them", asked, len(known))
	}
}

// TestHints: what the console tells of Kafka's tools and their flags is in the Korean
// catalogue, and so are the words around the commands that lines equal.
func TestHints(t *testing.T) {
	korean, err := os.ReadFile("../ui/lang/ko/hints.ts")
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), "../../engine/script/complete_tool.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Names[0].Name != "helps" {
			return true
		}
		for _, pair := range spec.Values[0].(*ast.CompositeLit).Elts {
			says := unquoted(pair.(*ast.CompositeLit).Elts[1].(*ast.BasicLit))
			if seen++; !strings.Contains(string(korean), "\n  "+strconv.Quote(says)+": ") {
				t.Errorf("web/ui/lang/ko/hints.ts has no %q", says)
			}
		}
		return false
	})
	if seen < 60 {
		t.Errorf("%d hints: the test does not see them", seen)
	}
}

// TestAnswers: the page's Korean knows the titles of the tables that show and help print, and
// the words of their sentences.
func TestAnswers(t *testing.T) {
	text, err := os.ReadFile("../ui/lang/ko/answers.ts")
	if err != nil {
		t.Fatal(err)
	}
	korean := strings.ReplaceAll(string(text), `\`, "")
	titles, words := 0, 0
	for _, file := range []string{"show.go", "show_cluster.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), "../../engine/script/"+file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name := named(call.Fun); name == "row" {
				for _, cell := range call.Args {
					if lit, ok := cell.(*ast.BasicLit); !ok || unquoted(lit) == "-" {
						return true // no titles
					}
				}
				for _, cell := range call.Args {
					if titles++; !strings.Contains(korean, "\n  "+cell.(*ast.BasicLit).Value+": ") {
						t.Errorf("web/ui/lang/ko/answers.ts has no title %s", cell.(*ast.BasicLit).Value)
					}
				}
			} else if name == "say" {
				ast.Inspect(call, func(n ast.Node) bool {
					if lit, ok := n.(*ast.BasicLit); ok && letter.MatchString(unquoted(lit)) {
						if words++; !strings.Contains(korean, unquoted(lit)) {
							t.Errorf("web/ui/lang/ko/answers.ts has no %s", lit.Value)
						}
					}
					return true
				})
			}
			return true
		})
	}
	if titles < 60 || words < 20 {
		t.Errorf("%d titles, %d sentences: the test does not see them", titles, words)
	}
}

// reasons lists the templates of package why: the literals that it puts into an answer.
func reasons(t *testing.T) (list []string) {
	files, _ := filepath.Glob("../../engine/why/*.go")
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "put" && len(n.Args) > 1 {
					kind := n.Args[0].(*ast.BasicLit).Value
					at := map[string]int{"'t'": 1, "'h'": 1, "'n'": 1, "'='": 1, "'f'": 1, "'o'": 2}[kind]
					if lit, ok := n.Args[max(at, 1)].(*ast.BasicLit); ok && at > 0 {
						list = append(list, unquoted(lit))
					}
				}
			case *ast.ValueSpec:
				if n.Names[0].Name == "advice" || n.Names[0].Name == "questions" {
					ast.Inspect(n, func(n ast.Node) bool {
						switch n := n.(type) {
						case *ast.KeyValueExpr:
							if lit, ok := n.Value.(*ast.BasicLit); ok {
								list = append(list, unquoted(lit))
							}
						case *ast.CompositeLit:
							if len(n.Elts) == 2 {
								if lit, ok := n.Elts[1].(*ast.BasicLit); ok {
									list = append(list, unquoted(lit))
								}
							}
						}
						return true
					})
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "said" {
					if said, ok := n.Value.(*ast.CompositeLit); ok {
						list = append(list, unquoted(said.Elts[0].(*ast.BasicLit)))
					}
				}
			}
			return true
		})
	}
	lines, _ := filepath.Glob("../../engine/script/*.go")
	for _, file := range lines {
		text, _ := os.ReadFile(file)
		for _, m := range regexp.MustCompile(`"(no Kafka setting[^"]*)"`).FindAllStringSubmatch(string(text), -1) {
			if !strings.HasSuffix(file, "_test.go") {
				list = append(list, m[1])
			}
		}
	}
	return list
}

func unquoted(lit *ast.BasicLit) string {
	text, _ := strconv.Unquote(lit.Value)
	return text
}
