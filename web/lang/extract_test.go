package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tellers are the packages whose Go makes sentences for people.
var tellers = []string{"sim", "scene", "room", "script", "why"}

// tables are variables whose strings go through sim.Phrase as they are.
var tables = []string{"brokerStates", "stateNames"}

// template is a sentence with its tone, as engine/sim writes them.
var template = regexp.MustCompile(`^[.+~!][A-Z$][^\n]*\.$`)

var (
	argument = regexp.MustCompile(`\{\d+\}`)
	letter   = regexp.MustCompile(`[A-Za-z]`)
)

// phrases finds the key of every sentence that the engine's Go code can tell.
func phrases(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	for _, name := range tellers {
		files, err := filepath.Glob("../../engine/" + name + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("engine/%s: %v", name, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "Count" {
					return false // it makes phrases for its callers
				}
				collect(t, n, found)
				return true
			})
		}
	}
	var keys []string
	for key := range found {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func collect(t *testing.T, n ast.Node, found map[string]bool) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text, ok := literal(n); ok && template.MatchString(text) {
			found[keyOf(text[1:])] = true
		}
	case *ast.BinaryExpr: // sim.Mark + "caught up"
		if text, ok := literal(n.Y); ok && named(n.X) == "Mark" {
			found[text] = true
		}
	case *ast.CallExpr:
		switch named(n.Fun) {
		case "Phrase":
			key := ""
			for i, arg := range n.Args {
				if i%2 == 1 {
					key += "{" + strconv.Itoa(i/2) + "}"
					continue
				}
				text, ok := literal(arg)
				if !ok {
					if index, ok := arg.(*ast.IndexExpr); ok && len(n.Args) == 1 {
						if name, ok := index.X.(*ast.Ident); ok && slices.Contains(tables, name.Name) {
							return
						}
					}
					t.Errorf("a phrase is made of words that the catalogue cannot know: %#v", arg)
					return
				}
				key += text
			}
			if letter.MatchString(argument.ReplaceAllString(key, "")) {
				found[key] = true
			}
		case "Count":
			if from, ok := n.Fun.(*ast.SelectorExpr); ok && from.X.(*ast.Ident).Name != "sim" {
				return
			}
			if text, ok := literal(n.Args[1]); ok {
				found["{0} "+text], found["{0} "+text+"s"] = true, true
			}
		}
	case *ast.ValueSpec:
		if !slices.Contains(tables, n.Names[0].Name) {
			return
		}
		ast.Inspect(n, func(m ast.Node) bool {
			if text, ok := literal(m); ok {
				found[text] = true
			}
			return true
		})
	}
}

// named is the name that an expression ends in, such as Phrase of sim.Phrase.
func named(e ast.Expr) string {
	switch f := e.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// keyOf turns the fields of a template, $W and so on, into {0}, {1} in their order.
func keyOf(text string) string {
	n := -1
	return regexp.MustCompile(`\$[A-Z]`).ReplaceAllStringFunc(text, func(string) string {
		n++
		return "{" + strconv.Itoa(n) + "}"
	})
}

// TestSentences holds the catalogue of sentences to those that there are: each translated,
// with the same arguments, and none that nobody tells any more.
func TestSentences(t *testing.T) {
	keys := phrases(t)
	if len(keys) < 100 {
		t.Fatalf("only %d sentences were found", len(keys))
	}
	if path := os.Getenv("PARTITA_SENTENCES"); path != "" { // for a translator
		if err := os.WriteFile(path, []byte(strings.Join(keys, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, "ko/sentences.json", keys, sentences[Korean])
}

// compare checks a catalogue against the keys that are in use.
func compare(t *testing.T, name string, keys []string, words map[string]string) {
	t.Helper()
	for _, key := range keys {
		text, ok := words[key]
		if !ok {
			t.Errorf("%s lacks %q", name, key)
			continue
		}
		if !regexp.MustCompile(`[가-힣]`).MatchString(text) {
			t.Errorf("%s: %q is not Korean for %q", name, text, key)
		}
		want, got := argument.FindAllString(key, -1), argument.FindAllString(text, -1)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(slices.Compact(want), slices.Compact(got)) {
			t.Errorf("%s: %q has other arguments than %q", name, text, key)
		}
	}
	for key := range words {
		if !slices.Contains(keys, key) {
			t.Errorf("%s has %q, which nobody says", name, key)
		}
	}
}
