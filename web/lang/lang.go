// Package lang is the languages of the pages, and the words of those that are not English.
//
// Text is written in English where it is used. The English is also the key of another
// language's catalogue, as with gettext: nothing needs a name, and what is not translated
// yet is shown in English.
package lang

import (
	"embed"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Lang is a language, as in the lang attribute of HTML.
type Lang string

// The languages.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// names says what each language calls itself, in the order in which they are offered.
var names = []struct {
	lang Lang
	name string
}{{English, "English"}, {Korean, "한국어"}}

// Name is what the language calls itself.
func (l Lang) Name() string {
	for _, n := range names {
		if n.lang == l {
			return n.name
		}
	}
	return string(l)
}

// All are the languages.
func All() []Lang {
	var list []Lang
	for _, n := range names {
		list = append(list, n.lang)
	}
	return list
}

// Others are the languages that a page in this one offers.
func (l Lang) Others() []Lang {
	var list []Lang
	for _, n := range names {
		if n.lang != l {
			list = append(list, n.lang)
		}
	}
	return list
}

// Script is the logical name of the script with the language's words, or empty for English,
// which the pages' own scripts carry.
func (l Lang) Script() string {
	if l == English {
		return ""
	}
	return string(l) + ".js"
}

//go:embed ko/*.json
var files embed.FS

// The words of languages that are not English, by their English: of the pages, and of the
// sentences that the engine tells.
var (
	pages     = map[Lang]map[string]string{Korean: load("ko/pages.json")}
	sentences = map[Lang]map[string]string{Korean: load("ko/sentences.json")}
)

func load(name string) map[string]string {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}
	words := map[string]string{}
	if err := json.Unmarshal(text, &words); err != nil {
		panic(name + ": " + err.Error())
	}
	return words
}

// Text is an English template in the language, with {0}, {1} and so on replaced.
func (l Lang) Text(template string, args ...string) string {
	if text, ok := pages[l][template]; ok {
		template = text
	}
	return fill(template, args)
}

// fill replaces {0}, {1} and so on, each once read: what an argument says stays as it is.
func fill(template string, args []string) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(template, "{")
		number, after, closed := strings.Cut(rest, "}")
		n, err := strconv.Atoi(number)
		if !ok || !closed || err != nil || n < 0 || n >= len(args) {
			b.WriteString(template)
			return particles(b.String())
		}
		b.WriteString(before)
		b.WriteString(args[n])
		template = after
	}
}

// Cookie is the name of the cookie that keeps the language that a person chose.
const Cookie = "partita-lang"

// Param is the parameter of an address that asks for a language.
const Param = "lang"

// Of is the language that a request should be answered in: the one that its address asks
// for, else the chosen one, else the first that its browser accepts.
func Of(r *http.Request) Lang {
	if l, ok := Asked(r); ok {
		return l
	}
	if c, err := r.Cookie(Cookie); err == nil {
		if l, ok := find(c.Value); ok {
			return l
		}
	}
	return accepted(strings.Join(r.Header.Values("Accept-Language"), ","))
}

// Asked is the language that the address of a request asks for.
func Asked(r *http.Request) (Lang, bool) { return find(r.URL.Query().Get(Param)) }

// accepted picks from an Accept-Language header: the greatest weight, the first of equals.
func accepted(header string) Lang {
	best, weight := English, 0.0
	for item := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(item, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(value, 64); err != nil {
				continue
			}
		}
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if l, ok := find(primary); ok && q > weight {
			best, weight = l, q
		}
	}
	return best
}

func find(tag string) (Lang, bool) {
	for _, n := range names {
		if strings.EqualFold(tag, string(n.lang)) {
			return n.lang, true
		}
	}
	return English, false
}
