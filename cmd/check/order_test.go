package main

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestRunAll: steps that run aside begin where they stand, end before one that runs alone,
// are printed between the others and counted.
func TestRunAll(t *testing.T) {
	began, end := make(chan string, 4), make(chan bool)
	ran := func(name string, then func()) func() tally {
		return func() tally {
			began <- name
			then()
			return tally{passed: 1}
		}
	}
	var quiet []string
	apart := func(s step) (tally, string) {
		<-end
		quiet = append(quiet, s.name)
		return tally{passed: 10}, s.name + " says\n"
	}
	var out strings.Builder
	total := runAll(&out, []step{
		{"first", "", ran("first", func() {}), inTurn},
		{"quiet", "", nil, aside},
		{"still", "", nil, aside},
		{"beside", "", ran("beside", func() { end <- true; go func() { end <- true }() }), inTurn}, // none of them ends before this runs
		{"alone", "", ran("alone", func() {
			if !slices.Equal(quiet, []string{"quiet", "still"}) {
				t.Errorf("when the step that runs alone began, only %v had ended", quiet)
			}
		}), alone},
	}, apart)
	close(began)
	var order []string
	for name := range began {
		order = append(order, name)
	}
	if !slices.Equal(order, []string{"first", "beside", "alone"}) || total != (tally{passed: 23}) {
		t.Errorf("ran %v, counted %v", order, total)
	}
	last := -1
	for _, want := range []string{"== first", "== beside", "== quiet", "quiet says\n   quiet: 10", "== still", "== alone"} {
		at := strings.Index(out.String(), want)
		if at <= last {
			t.Errorf("%q is not where it should be in\n%s", want, out.String())
		}
		last = at
	}
}

// TestRunOne: a step that is the only one runs here, or a program for it would start
// programs without end.
func TestRunOne(t *testing.T) {
	var out strings.Builder
	got := runAll(&out, []step{{"quiet", "", func() tally { return tally{passed: 3} }, aside}}, func(step) (tally, string) {
		t.Error("it ran apart")
		return tally{}, ""
	})
	if got != (tally{passed: 3}) {
		t.Errorf("counted %v", got)
	}
}

func TestClosing(t *testing.T) {
	failed := errors.New("exit status 1")
	for _, c := range []struct {
		text string
		err  error
		want tally
		rest string
	}{
		{"== ui: what\nsays\n   ui: 3 passed, 0 failed (0.1 s)\n3 passed, 0 failed\n", nil, tally{passed: 3}, "says\n"},
		{"== ui: what\n   ui: 3 passed, 0 failed, 2 skipped (0.1 s)\n3 passed, 0 failed, 2 skipped\n", nil, tally{passed: 3, skipped: 2}, ""},
		{"== ui: what\nwhy\n   ui: 3 passed, 1 failed (0.1 s)\n3 passed, 1 failed\n", failed, tally{passed: 3, failed: 1}, "why\n"},
		{"== ui: what\npanic: oh\n", failed, tally{failed: 1}, "== ui: what\npanic: oh\nexit status 1\n"},
		{"", failed, tally{failed: 1}, "exit status 1\n"},
		{"3 passed, 0 failed\n", failed, tally{passed: 3, failed: 1}, "3 passed, 0 failed\nexit status 1\n"},
	} {
		if got, rest := closing([]byte(c.text), c.err); got != c.want || rest != c.rest {
			t.Errorf("%q, %v: %v and %q, want %v and %q", c.text, c.err, got, rest, c.want, c.rest)
		}
	}
}
