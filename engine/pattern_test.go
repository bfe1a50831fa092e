package engine

import (
	"regexp"
	"testing"
)

func TestPatternMatchesAsRegexpDoes(t *testing.T) {
	names := []string{"", "a", "b", "aa", "ab", "abc", "orders", "orders-eu", "orders-us", "orders.dlq", "Orders", "a1", "a_1", "__consumer_offsets",
		"payments", "aaa", "aaaa", "order", "x-y", "a]", "a-", "a^", "é", "äb"}
	for _, s := range []string{"", "a", "ab", "a|b", "a|", "(a|b)*", "(ab)+c?", "orders.*", "orders-(eu|us)", "^orders$", "^a|b$", "[a-c]+", "[^a]*", ".",
		".*", ".+s", `orders\.dlq`, `\w+`, `\W`, `a\d`, `[\w-]+`, `[\d_a]*`, "a{2}", "a{2,}", "a{1,3}", "(?:a|b)b", "a*?b?", "[]a]+", "[a-]+", "[a^]+", "((a)(b)?)*c?",
		"(a*)*", "(a|a?)+", "^", "$", "a^", `\D\D`, `[.]`, "x.y", "é", "[à-ä]b"} {
		p, want := compilePattern(s), regexp.MustCompile("^(?:"+s+")$")
		if p == nil {
			t.Errorf("%q is refused", s)
			continue
		}
		for _, name := range names {
			if p.match(name) != want.MatchString(name) {
				t.Errorf("%q on %q: %v", s, name, p.match(name))
			}
		}
	}
}

func TestPatternRefuses(t *testing.T) {
	for _, s := range []string{"(", ")", "a)", "(a", "[a", "[", "*", "+a", "a**", "a{", "a{2", "a{3,2}", "a{,2}", "a{1001}", `\`, `a\`, `\b`, `\1`, `\pL`, `\Qa\E`,
		"(?i)a", "(?=a)", "(?!a)", "(?P<n>a)", "[b-a]", "[[:alpha:]]", "((a{100}){100}){100}", "?"} {
		if validPattern(s) {
			t.Errorf("%q is accepted", s)
		}
	}
}

func FuzzPattern(f *testing.F) {
	f.Add("(a|b)*[^c-d]{1,2}$", "abx")
	f.Add(`\d+\.?`, "12.")
	f.Fuzz(func(t *testing.T, s, name string) {
		p := compilePattern(s)
		if p == nil || len(name) > 100 {
			return
		}
		if want, err := regexp.Compile("^(?:" + s + ")$"); err != nil {
			t.Errorf("%q is accepted; regexp says %v", s, err)
		} else if p.match(name) != want.MatchString(name) {
			t.Errorf("%q on %q: %v", s, name, p.match(name))
		}
	})
}
