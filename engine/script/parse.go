package script

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"partita/engine/sim"
)

// Bounds of one line.
const (
	MaxLine     = 64 << 10 // bytes
	MaxSettings = 64
	maxWords    = 64
)

// Line is one parsed line: words, then settings, each in its order.
type Line struct {
	Words    []string
	Settings []Setting
	columns  []int // of Words
}

// Setting is name=value.
type Setting struct {
	Name, Value string
	Column      int // where the name begins, in characters from 1
}

// Parse takes a line apart. A line that says nothing has no words. Errors begin with
// the column, in characters from 1, at which something is wrong.
func Parse(text string) (Line, error) {
	p := parser{text: text}
	var l Line
	if len(text) > MaxLine {
		return l, refusal(sim.Phrase("a line has at most ", strconv.Itoa(MaxLine), " bytes, this one has ", strconv.Itoa(len(text))))
	}
	for i, c := range text {
		if c < ' ' && c != '\t' && (c != '\r' || i < len(text)-1) || c == 0x7f || c == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return l, p.fail(i, sim.Mark+"this character cannot stand in a line")
		}
	}
	for p.skipBlanks() {
		start := p.at
		word, name, err := p.token()
		switch {
		case err != nil:
			return l, err
		case name != "":
			if len(l.Settings) == MaxSettings {
				return l, p.fail(start, sim.Phrase("a line has at most ", strconv.Itoa(MaxSettings), " settings"))
			}
			for _, s := range l.Settings {
				if s.Name == name {
					return l, p.fail(start, sim.Phrase("", name, " is set twice"))
				}
			}
			l.Settings = append(l.Settings, Setting{name, word, p.column(start)})
		case len(l.Settings) > 0:
			return l, p.fail(start, sim.Phrase("words come before settings: put ", clip(word), " before ", l.Settings[0].Name, "=, or write it as a setting"))
		case len(l.Words) == maxWords:
			return l, p.fail(start, sim.Phrase("a line has at most ", strconv.Itoa(maxWords), " words: put quotes around what belongs together"))
		default:
			l.Words = append(l.Words, word)
			l.columns = append(l.columns, p.column(start))
		}
	}
	return l, nil
}

type parser struct {
	text string
	at   int
}

// skipBlanks moves to the next word; false at the end of the line or a comment.
func (p *parser) skipBlanks() bool {
	for p.at < len(p.text) && blank(p.text[p.at]) {
		p.at++
	}
	return p.at < len(p.text) && p.text[p.at] != '#'
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// token reads a word, or the value of a setting together with its name.
func (p *parser) token() (word, name string, err error) {
	start := p.at
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case blank(c):
			return p.text[start:p.at], "", nil
		case c == '=' && p.at == start:
			return "", "", p.fail(start, sim.Mark+"a setting needs a name before the =, as in partitions=3")
		case c == '=':
			name = p.text[start:p.at]
			p.at++
			word, err = p.value()
			return word, name, err
		case c == '"' && p.at == start:
			word, err = p.quoted()
			return word, "", err
		case c == '"':
			return "", "", p.fail(p.at, sim.Mark+"quotes go around a whole word, as in \"a value\"")
		}
		p.at++
	}
	return p.text[start:], "", nil
}

func (p *parser) value() (string, error) {
	if p.at < len(p.text) && p.text[p.at] == '"' {
		return p.quoted()
	}
	start := p.at
	for p.at < len(p.text) && !blank(p.text[p.at]) {
		if p.text[p.at] == '"' {
			return "", p.fail(p.at, sim.Mark+"quotes go around a whole value, as in key=\"truck 7\"")
		}
		p.at++
	}
	return p.text[start:p.at], nil
}

// quoted reads up to the closing quote. \" and \\ stand for themselves.
func (p *parser) quoted() (string, error) {
	open := p.at
	var out []byte
	for p.at++; p.at < len(p.text); p.at++ {
		c := p.text[p.at]
		switch {
		case c == '\\' && p.at+1 < len(p.text) && (p.text[p.at+1] == '"' || p.text[p.at+1] == '\\'):
			p.at++
			out = append(out, p.text[p.at])
		case c != '"':
			out = append(out, c)
		default:
			p.at++
			if p.at < len(p.text) && !blank(p.text[p.at]) {
				return "", p.fail(p.at, sim.Mark+"a blank must follow the closing quote")
			}
			return string(out), nil
		}
	}
	return "", p.fail(open, sim.Mark+"the quote that opens here is never closed")
}

func (p *parser) column(at int) int { return utf8.RuneCountInString(p.text[:at]) + 1 }

func (p *parser) fail(at int, text string) error {
	return refusal(sim.Phrase("column ", strconv.Itoa(p.column(at)), ": ", text))
}

// clip shortens what somebody wrote, for an error that quotes it.
func clip(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

// word gives the i-th word, empty when there are fewer.
func (l *Line) word(i int) string {
	if i < len(l.Words) {
		return l.Words[i]
	}
	return ""
}

// setting finds a setting by name.
func (l *Line) setting(name string) (string, bool) {
	for _, s := range l.Settings {
		if s.Name == name {
			return s.Value, true
		}
	}
	return "", false
}

// String writes a line as Parse reads it, with quotes where they are needed.
func (l *Line) String() string {
	var out []byte
	for i, w := range l.Words {
		if i > 0 {
			out = append(out, ' ')
		}
		out = appendQuoted(out, w, "=#\"")
	}
	return string(appendSettings(out, l.Settings))
}

func appendSettings(out []byte, settings []Setting) []byte {
	for _, s := range settings {
		if len(out) > 0 {
			out = append(out, ' ')
		}
		out = append(append(out, s.Name...), '=')
		if s.Value != "" {
			out = appendQuoted(out, s.Value, "\"")
		}
	}
	return out
}

func appendQuoted(out []byte, s, special string) []byte {
	if s != "" && !strings.ContainsAny(s, special+" \t") {
		return append(out, s...)
	}
	out = append(out, '"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			out = append(out, '\\')
		}
		out = append(out, s[i])
	}
	return append(out, '"')
}
