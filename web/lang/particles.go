package lang

import (
	"strings"
	"unicode/utf8"
)

// particles chooses between forms of a Korean particle that depend on the sound before it:
// "c1[이/가]" becomes "c1이". Text without brackets comes back as it is.
func particles(text string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '[')
		if open < 0 {
			break
		}
		closed := strings.IndexByte(text[open:], ']')
		if closed < 0 {
			break
		}
		first, second, ok := strings.Cut(text[open+1:open+closed], "/")
		b.WriteString(text[:open])
		if !ok || !isParticle(first) {
			b.WriteString(text[open : open+closed+1])
		} else if before := ending(b.String()); before == closedSound || before == soundL && first != "으로" {
			b.WriteString(first)
		} else {
			b.WriteString(second)
		}
		text = text[open+closed+1:]
	}
	if b.Len() == 0 {
		return text
	}
	b.WriteString(text)
	return b.String()
}

func isParticle(form string) bool {
	switch form {
	case "이", "은", "을", "과", "으로", "이라":
		return true
	}
	return false
}

// How a word ends, to the ear.
const (
	openSound   = iota // in a vowel
	soundL             // in ㄹ, which only 으로 treats as a vowel
	closedSound        // in another consonant
)

// digits are how the names of 0 to 9 end: 영 일 이 삼 사 오 육 칠 팔 구.
var digits = [10]int{closedSound, soundL, openSound, closedSound, openSound, openSound, closedSound, soundL, soundL, openSound}

// ending says how a text ends. Brackets, quotes and the like are not heard. Latin words are
// taken as Koreans say them: topic, stream and billing are closed, order and group's plural
// are open.
func ending(text string) int {
	text = strings.TrimRight(text, "\"')]}>» \u201d\u2019`*.,")
	last, size := utf8.DecodeLastRuneInString(text)
	switch {
	case last >= '가' && last <= '힣':
		switch (last - '가') % 28 {
		case 0:
			return openSound
		case 8:
			return soundL
		}
		return closedSound
	case last >= '0' && last <= '9':
		return digits[last-'0']
	}
	switch last | 0x20 {
	case 'l':
		return soundL
	case 'm', 'n', 'b', 'c', 'k', 'p':
		return closedSound
	case 'g':
		if strings.HasSuffix(strings.ToLower(text[:len(text)-size]), "n") {
			return closedSound
		}
	}
	return openSound
}
