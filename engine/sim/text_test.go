package sim

import (
	"strings"
	"testing"
)

func TestSwap(t *testing.T) {
	pairs := []string{"%t", "orders", "%%", "%", `\t`, "\t", "%o", "%t"}
	for _, s := range []string{"", "%t", "%%t", `a\tb%`, "%o %t %%%t", "한국 %t", "%"} {
		if got, want := Swap(s, pairs...), strings.NewReplacer(pairs...).Replace(s); got != want {
			t.Errorf("Swap(%q) = %q, want %q", s, got, want)
		}
	}
	if got := Quote(`a "b" \c`); got != `"a \"b\" \\c"` {
		t.Errorf("Quote gives %s", got)
	}
}
