package script

import (
	"strconv"
	"strings"
)

// same says how one would tell Kafka's own tools or client the same thing.
type same struct {
	// text has @2 for the third word of the line, %3 for a partition as topic:number
	// and $3 for one as Java has it.
	text  string
	flags []flag // what becomes of settings
	props string // stands before each setting that flags do not name, as name=value
	tail  string // stands before all of those
	write func(l *Line) string
}

// flag turns one setting into an option of a tool; an empty option leaves it out.
type flag struct{ setting, option string }

const server = " --bootstrap-server localhost:9092"

// Equivalent is what one would tell Kafka's own tools or client to the same effect;
// empty when there is nothing like it, or the line is wrong.
func Equivalent(line string) string {
	learn.Do(learnVerbs)
	var r Runner
	l, err := Parse(line)
	if err != nil || len(l.Words) == 0 {
		return ""
	}
	v := r.find(&l)
	switch {
	case r.err != nil:
		return ""
	case v.same.write != nil:
		return v.same.write(&l)
	}
	return v.same.expand(&l)
}

func (s *same) expand(l *Line) string {
	out := ""
	for text := s.text; text != ""; {
		i := strings.IndexAny(text, "@%$")
		if i < 0 || i+1 == len(text) || text[i+1] < '0' || text[i+1] > '9' {
			out += text
			break
		}
		out += text[:i]
		word := l.word(int(text[i+1] - '0'))
		var r Runner
		topic, p := r.splitPartition(word)
		number := itoa(int64(p))
		switch text[i] {
		case '@':
			out += arg(word)
		case '%':
			out += arg(topic + ":" + number)
		default:
			out += "new TopicPartition(" + "\"" + topic + "\"" + ", " + number + ")"
		}
		text = text[i+2:]
	}
	return out + s.options(l)
}

func (s *same) options(l *Line) (out string) {
	rest := ""
	for _, set := range l.Settings {
		value, option := kafkaValue(set), s.props
		name := set.Name
		if name == "commit" {
			name, value = "enable.auto.commit", strconv.FormatBool(value == "auto")
		}
		for _, f := range s.flags {
			if f.setting == name {
				name, option = "", f.option
			}
		}
		switch {
		case option == "":
		case name != "":
			rest += option + arg(name+"="+value)
		case strings.Contains(value, ",") && option == " --topic ":
			out += " --include " + arg(strings.ReplaceAll(value, ",", "|"))
		default:
			out += option + arg(strings.TrimSuffix(value, "/s"))
		}
	}
	return out + s.tail + rest
}

// arg writes a word as a shell takes it.
func arg(s string) string {
	for i := range len(s) {
		c := s[i] | 0x20 // letters in lower case
		if !(c >= 'a' && c <= 'z' || s[i] >= '0' && s[i] <= '9' || strings.IndexByte("._-,=:/", s[i]) >= 0) {
			return shellQuoted(s)
		}
	}
	return s
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
