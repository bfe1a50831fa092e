package lang

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// otherwise are keys that no call of Text names: a number with its noun, and the errors
// of rooms that a page shows.
var otherwise = []string{
	"{0} topic", "{0} topics", "{0} partition", "{0} partitions", "{0} consumer group", "{0} consumer groups", "{0} member", "{0} members",
	"The server is stopping.",
	"This room broke down because of a mistake in Partita, and was closed; it is made anew for the next visitor.",
	"This room was closed because nobody was in it.",
	"A room's code has 1 to 32 characters: letters, digits and hyphens.",
	"There are 64 rooms open, which is as many as this server keeps; a room closes half an hour after the last person left it.",
}

// TestPages holds the catalogue of the pages to what templates and handlers say.
func TestPages(t *testing.T) {
	files, err := filepath.Glob("../page/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages", err)
	}
	found := map[string]bool{}
	for _, key := range otherwise {
		found[key] = true
	}
	for _, file := range append(files, "../routes.go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && named(call.Fun) == "Text" && len(call.Args) > 0 {
				if text, ok := literal(call.Args[0]); ok {
					found[text] = true
				}
			}
			return true
		})
	}
	keys := slices.Sorted(maps.Keys(found))
	if path := os.Getenv("PARTITA_PAGES"); path != "" { // for a translator
		if err := os.WriteFile(path, []byte(strings.Join(keys, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	compare(t, "ko/pages.json", keys, pages[Korean])
}

// TestTemplatesAsk checks that no template holds words of its own: they would be English
// on every page.
func TestTemplatesAsk(t *testing.T) {
	files, err := filepath.Glob("../page/*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	markup := regexp.MustCompile(`<[^>]*>|\{[^}]*\}|//.*|/[a-z/]+`)
	quoted := regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	words := regexp.MustCompile(`[A-Za-z]{2,}`)
	said := regexp.MustCompile(`(?:aria-label|title|alt|placeholder)="([^"]*[A-Za-z][^"]*)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range said.FindAllStringSubmatch(string(text), -1) {
			t.Errorf("%s says %q in every language", file, match[1])
		}
		inside := false // of a template
		for i, line := range strings.Split(string(text), "\n") {
			inside = inside && line != "}" || strings.HasPrefix(line, "templ ")
			line = strings.TrimSpace(line)
			control := regexp.MustCompile(`^(templ |for |if |switch |case |\} else|@)`).MatchString(line)
			if rest := words.FindString(markup.ReplaceAllString(quoted.ReplaceAllString(line, ""), " ")); inside && !control && rest != "" && line != "partita" {
				t.Errorf("%s:%d: %q stands there in every language", file, i+1, line)
			}
		}
	}
}
