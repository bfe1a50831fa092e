package sim

import "strings"

// Sentences for people are English. So that a page can show them in another language, a
// phrase keeps its fixed words apart from what is put into them: it begins with
// Mark, and each argument stands between argMark and argEnd. An argument may be a
// phrase in turn. Without those three characters the phrase is its English text (Plain);
// with every argument replaced by {0}, {1} and so on it is the key by which a page finds
// its translation (web/lang).
const (
	Mark    = "\x01" // begins a phrase: Mark + "caught up" is one without arguments
	argMark = "\x02"
	argEnd  = "\x03"
)

// Phrase makes a phrase of fixed words and arguments in turn, beginning with words:
// Phrase("lag ", "3").
func Phrase(parts ...string) string {
	text := Mark
	for i, part := range parts {
		if i%2 == 1 {
			part = argument(part)
		}
		text += part
	}
	return text
}

// argument marks a text as one that goes into a phrase.
func argument(text string) string {
	if !strings.HasPrefix(text, Mark) {
		text = Plain(text) // what others wrote cannot close the argument
	}
	return argMark + text + argEnd
}

// Plain is the English text of a phrase, and any other text as it is.
func Plain(text string) string {
	if strings.IndexByte(text, Mark[0]) < 0 && strings.IndexByte(text, argMark[0]) < 0 && strings.IndexByte(text, argEnd[0]) < 0 {
		return text
	}
	return strings.Map(func(r rune) rune {
		if r >= 1 && r <= 3 {
			return -1
		}
		return r
	}, text)
}

// Refusal is an error that says a phrase; its Error is the English text.
type Refusal string

// Error is the phrase in English.
func (e Refusal) Error() string { return Plain(string(e)) }

// Count is a phrase such as "1 member" or "3 members".
func Count(n int64, what string) string {
	if n != 1 {
		what += "s"
	}
	return Phrase("", itoa(n), " "+what)
}
