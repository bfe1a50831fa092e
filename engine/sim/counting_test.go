package sim

import (
	"strconv"
	"strings"
	"testing"
)

func TestCounting(t *testing.T) {
	for _, template := range []string{"", "plain", "{n}", "9{n}", "order {n} of {n}9", "{n}{n}{n", "{{n}}"} {
		var c counting
		look := func(n int64) {
			want := strings.ReplaceAll(template, counter, strconv.FormatInt(n, 10))
			if !c.up(n) {
				c.write(template, n)
			}
			if string(c.bytes) != want {
				t.Fatalf("%q, record %d: %q, want %q", template, n, c.bytes, want)
			}
		}
		for n := range int64(1200) {
			look(n + 1)
		}
		look(1200)    // the same again
		look(999_998) // a jump
		look(999_999)
		look(1_000_000)
	}
}
