package lang

import (
	"strconv"
	"strings"
)

// The characters that keep a phrase's words and arguments apart, as engine/sim/phrase.go
// writes them.
const (
	phraseMark = '\x01'
	argMark    = '\x02'
	argEnd     = '\x03'
)

// Tell is a phrase of the engine's in the language; other text comes back as it is. A
// phrase without a translation is shown in English.
func (l Lang) Tell(text string) string {
	if text == "" || text[0] != phraseMark {
		return text
	}
	var key strings.Builder
	var args []string
	depth, from := 0, 0
	for i, c := range text[1:] {
		switch {
		case c == argMark:
			if depth++; depth == 1 {
				from = i + 2
			}
		case c == argEnd && depth > 0:
			if depth--; depth == 0 {
				key.WriteString("{" + strconv.Itoa(len(args)) + "}")
				args = append(args, l.Tell(text[from:i+1]))
			}
		case depth == 0:
			key.WriteRune(c)
		}
	}
	template, ok := sentences[l][key.String()]
	if !ok {
		template = key.String()
	}
	return fill(template, args)
}
