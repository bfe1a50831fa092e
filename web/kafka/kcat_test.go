package kafka

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// kcat runs kcat against the place.
func (p *place) kcat(input string, args ...string) string {
	p.t.Helper()
	return run(p.t, input, "kcat", append([]string{"-q", "-b", p.Addr()}, args...)...)
}

// TestKcatCodecs: what kcat sends with every codec, kcat reads.
func TestKcatCodecs(t *testing.T) {
	p := start(t)
	p.topic("codecs partitions=1")
	var want []string
	for _, codec := range []string{"none", "gzip", "snappy", "lz4", "zstd"} {
		var lines strings.Builder
		for i := range 100 { // so much alike that compressing is worth it
			fmt.Fprintf(&lines, "k%d:%s-%s-%d\n", i, codec, strings.Repeat("x", 50), i)
			want = append(want, fmt.Sprintf("k%d %s-%s-%d", i, codec, strings.Repeat("x", 50), i))
		}
		p.kcat(lines.String(), "-P", "-t", "codecs", "-K:", "-z", codec)
	}
	got := strings.Split(strings.TrimSpace(p.kcat("", "-C", "-t", "codecs", "-o", "beginning", "-e", "-f", "%k %s\n")), "\n")
	if !slices.Equal(got, want) {
		t.Errorf("%d lines, want %d; first %q, last %q", len(got), len(want), got[0], got[len(got)-1])
	}
}

// TestKcatGroup: kcat consumes as a member of a group, commits, and goes on there.
func TestKcatGroup(t *testing.T) {
	p := start(t)
	p.topic("work partitions=3")
	p.kcat("a\nb\nc\nd\ne\nf\n", "-P", "-t", "work")
	consume := func(count string) []string {
		lines := strings.Fields(p.kcat("", "-G", "workers", "-X", "auto.offset.reset=earliest", "-c", count, "-f", "%s\n", "work"))
		slices.Sort(lines)
		return lines
	}
	if got := consume("6"); !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f"}) {
		t.Errorf("the first consumer got %v", got)
	}
	p.kcat("g\n", "-P", "-t", "work")
	if got := consume("1"); !slices.Equal(got, []string{"g"}) {
		t.Errorf("the second consumer got %v, want only what is new", got)
	}
}

// TestKcatCreates: a topic that is written to and not there is made.
func TestKcatCreates(t *testing.T) {
	p := start(t)
	p.kcat("one\n", "-P", "-t", "fresh")
	if n := p.records("fresh"); n != 1 {
		t.Errorf("%d records", n)
	}
	if text := p.kcat("", "-L"); !strings.Contains(text, `topic "fresh" with 1 partitions`) || !strings.Contains(text, "broker 101 at "+p.Addr()) {
		t.Errorf("kcat -L says %s", text)
	}
}
