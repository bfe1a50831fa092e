package lang

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const ui = "../ui"

// scripts are the TypeScript files of the pages, apart from tests and the catalogues.
func scripts(t *testing.T) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(ui, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "lang"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".ts") && !strings.HasSuffix(path, ".test.ts") && !strings.HasSuffix(path, ".d.ts"):
			list = append(list, path)
		}
		return nil
	})
	if err != nil || len(list) < 20 {
		t.Fatalf("%d scripts: %v", len(list), err)
	}
	return list
}

var (
	tag       = regexp.MustCompile(`<(/?)([a-z0-9-]+)((?:[^<>"]|"[^"]*")*)>`)
	attribute = regexp.MustCompile(`(?:aria-label|aria-valuetext|aria-roledescription|title|placeholder|alt|label)="([^"]*)"`)
	letters   = regexp.MustCompile(`[A-Za-z]{2,}`)
	sentence  = regexp.MustCompile("[\"`]([A-Z][a-z]+ [a-zA-Z$][^\"`]*)[\"`]")
	comment   = regexp.MustCompile(`(?m)^\s*(?://|\*|/\*).*$|\s//\s.*$`)
)

// kafkas are words that stand as they are in every language.
var kafkas = []string{"acks", "linger.ms", "retention.ms", "range", "roundrobin", "sticky", "cooperative-sticky", "earliest", "latest", "none", "all"}

// scripted are lines of script, settings and addresses: the same in every language.
var scripted = regexp.MustCompile(`^(?:consumer|producer|topic|broker|group|cluster|compare|send|show|step|play|pause|seek|next)\b|^\d+ms$|^/|^[a-z.]+=\S+$`)

// TestScriptsAsk checks that no script of a page holds words for people: they stand in
// web/ui/lang, in every language. It looks at the text of html templates, at attributes
// that are read out, and at strings that read like sentences.
func TestScriptsAsk(t *testing.T) {
	for _, file := range scripts(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range ownWords(string(text)) {
			t.Errorf("%s says %q: put it into web/ui/lang", file, found)
		}
	}
}

// ownWords lists what a script would show in every language.
func ownWords(text string) (found []string) {
	text = comment.ReplaceAllString(text, "")
	for _, html := range templates(text) {
		for _, m := range attribute.FindAllStringSubmatch(html, -1) {
			if letters.MatchString(m[1]) && !scripted.MatchString(m[1]) {
				found = append(found, m[1])
			}
		}
		code, last := 0, 0
		tags := append(tag.FindAllStringSubmatchIndex(html, -1), []int{len(html), len(html), 0, 0, 0, 0, 0, 0})
		for _, m := range tags {
			said := strings.TrimSpace(html[last:m[0]])
			if code == 0 && letters.MatchString(said) && !slices.Contains(kafkas, said) && !scripted.MatchString(said) {
				found = append(found, said)
			}
			last = m[1]
			if name := html[m[4]:m[5]]; name == "code" || name == "kbd" {
				if code++; html[m[2]:m[3]] == "/" {
					code -= 2
				}
			}
		}
	}
	for _, m := range sentence.FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// templates gives the fixed parts of every html template in a script, with a blank where
// a value goes. Templates within values are templates of their own.
func templates(text string) (list []string) {
	for i := 0; i < len(text); i++ {
		if strings.HasPrefix(text[i:], "html`") {
			var fixed string
			fixed, i = template1(text, i+len("html`"), &list)
			list = append(list, fixed)
		}
	}
	return list
}

// template1 reads a template up to its end and returns its fixed parts.
func template1(text string, i int, list *[]string) (fixed string, end int) {
	var b strings.Builder
	for ; i < len(text); i++ {
		switch {
		case text[i] == '`':
			return b.String(), i
		case strings.HasPrefix(text[i:], "${"):
			from := i + 2
			i = value(text, from)
			*list = append(*list, templates(text[from:i])...)
			b.WriteByte(' ')
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), i
}

// value finds the brace that ends a value of a template.
func value(text string, i int) int {
	for depth := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		case '`':
			_, i = template1(text, i+1, new([]string))
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		}
	}
	return i
}

// TestOwnWords checks the check: it must see what a person would.
func TestOwnWords(t *testing.T) {
	for text, want := range map[string]string{
		"html`<p>Hello there</p>`":                               "Hello there",
		"html`<p>${words.hello} <b>${x ? html`now` : \"\"}</b>`": "now",
		"html`<i aria-label=\"Close\"></i>`":                     "Close",
		"html`<i aria-label=${words.close} class=\"a b\"></i>`":  "",
		"html`<p>${a.map((b) => html`<i>${b}</i>`)}</p>`":        "",
		"html`<p>${words.try} <code>clear</code></p>`":           "",
		"html`<option>${x}</option><option>range</option>`":      "",
		"throw new Error(\"The page is gone.\");":                "The page is gone.",
		"// html`<p>Hello</p>`":                                  "",
		"html`<input placeholder=\"consumer add c1\">`":          "",
		"const line = \"consumer add c1\";":                      "",
	} {
		if got := strings.Join(ownWords(text), "|"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// TestEveryAreaIsTranslated checks that each area of words has its Korean, and that the
// Korean script hands out all of them. That each word is there, the types say.
func TestEveryAreaIsTranslated(t *testing.T) {
	script, err := os.ReadFile(ui + "/lang/ko.ts")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(ui + "/lang/*.ts")
	areas := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`\bpick\("([a-z]+)", `).FindSubmatch(text)
		if m == nil || strings.HasSuffix(file, ".test.ts") {
			continue
		}
		areas++
		if _, err := os.Stat(ui + "/lang/ko/" + filepath.Base(file)); err != nil {
			t.Errorf("%s has no Korean: %v", file, err)
		}
		if !regexp.MustCompile(`[{ ]` + string(m[1]) + `[,: }]`).Match(script[strings.LastIndex(string(script), "give("):]) {
			t.Errorf("ko.ts does not give %s", m[1])
		}
	}
	if areas < 10 {
		t.Errorf("only %d areas were found", areas)
	}
}
