package main

import (
	"strings"
	"testing"
)

// Each stream is what go test -json prints, shortened to the fields that matter.
func TestCounter(t *testing.T) {
	for name, c := range map[string]struct {
		stream string
		want   tally
		says   string // part of what is printed
	}{
		"leaves only": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"run","Package":"p","Test":"A/y"}
{"Action":"pass","Package":"p","Test":"A/x"}
{"Action":"pass","Package":"p","Test":"A/y"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
{"Action":"pass","Package":"p","Test":"B"}
{"Action":"pass","Package":"p"}`,
			want: tally{passed: 3},
		},
		"a failed leaf fails its parents without counting them": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"run","Package":"p","Test":"A/x/1"}
{"Action":"output","Package":"p","Test":"A/x/1","Output":"want 2, got 3\n"}
{"Action":"fail","Package":"p","Test":"A/x/1"}
{"Action":"fail","Package":"p","Test":"A/x"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`,
			want: tally{failed: 1},
			says: "want 2, got 3",
		},
		"a parent that fails by itself": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"A/x"}
{"Action":"pass","Package":"p","Test":"A/x"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`,
			want: tally{passed: 1, failed: 1},
		},
		"a skip says why": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"output","Package":"p","Test":"A","Output":"no such file\n"}
{"Action":"skip","Package":"p","Test":"A"}
{"Action":"pass","Package":"p"}`,
			want: tally{skipped: 1},
			says: "no such file",
		},
		"a package that does not compile": {
			stream: `{"ImportPath":"p","Action":"build-output","Output":"undefined: x\n"}
{"ImportPath":"p","Action":"build-fail"}
{"Action":"start","Package":"p"}
{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}
{"Action":"fail","Package":"p"}`,
			want: tally{failed: 1},
			says: "undefined: x",
		},
		"a test that never ends says where it stands": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"run","Package":"p","Test":"B"}
{"Action":"output","Package":"p","Test":"B","Output":"panic: test timed out after 8m0s\n"}
{"Action":"fail","Package":"p"}`,
			want: tally{passed: 1, failed: 1},
			says: "-- amid p B\npanic: test timed out after 8m0s\n",
		},
		"packages do not mix": {
			stream: `{"Action":"run","Package":"p","Test":"A"}
{"Action":"run","Package":"q","Test":"A"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"pass","Package":"q","Test":"A"}
{"Action":"pass","Package":"q"}
{"Action":"fail","Package":"p"}`,
			want: tally{passed: 1, failed: 1},
		},
		"no tests": {
			stream: `{"Action":"output","Package":"p","Output":"? p [no test files]\n"}
{"Action":"skip","Package":"p"}
go: a word from the go command`,
			says: "a word from the go command",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			counter := newCounter(&out)
			if err := counter.read(strings.NewReader(c.stream)); err != nil {
				t.Fatal(err)
			}
			if counter.total != c.want {
				t.Errorf("counted %+v, want %+v", counter.total, c.want)
			}
			if !strings.Contains(out.String(), c.says) {
				t.Errorf("printed %q, which lacks %q", out.String(), c.says)
			}
		})
	}
}

func TestClosingLine(t *testing.T) {
	for want, total := range map[string]tally{
		"3 passed, 0 failed":            {passed: 3},
		"3 passed, 2 failed, 1 skipped": {passed: 3, failed: 2, skipped: 1},
	} {
		if got := total.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestChoose(t *testing.T) {
	all, err := choose(nil)
	if err != nil || len(all) != len(steps) {
		t.Errorf("no names chose %d steps, error %v", len(all), err)
	}
	some, err := choose([]string{"vet", "site"})
	if err != nil || len(some) != 2 || some[0].name != "site" {
		t.Errorf("chose %v, error %v; want site, then vet", some, err)
	}
	if _, err := choose([]string{"vte"}); err == nil {
		t.Error("a step that is not there was chosen")
	}
}
