package sim

import "strings"

// Swap replaces texts: pairs are an old one and what stands for it, in turn. At each place
// the first pair that fits counts, and what was put in is not looked at again. It is what
// strings.Replacer does, for a program whose every byte is loaded by a page.
func Swap(s string, pairs ...string) string {
	var out []byte
next:
	for s != "" {
		for i := 0; i < len(pairs); i += 2 {
			if rest, ok := strings.CutPrefix(s, pairs[i]); ok {
				out, s = append(out, pairs[i+1]...), rest
				continue next
			}
		}
		out, s = append(out, s[0]), s[1:]
	}
	return string(out)
}

// Quote puts a text between quotes, as a line of script has it.
func Quote(s string) string { return `"` + Swap(s, `\`, `\\`, `"`, `\"`) + `"` }
