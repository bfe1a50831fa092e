package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// report is what a step that ran aside has to say.
type report struct {
	step
	tally
	text string
	took time.Duration
}

// runAll runs the steps and adds up. Those that run aside are handed to apart one after
// another; what they say comes when the step beside them has ended. A step that is the only
// one has nothing to run beside.
func runAll(out io.Writer, chosen []step, apart func(step) (tally, string)) (total tally) {
	queue, reports := make(chan step, len(chosen)), make(chan report, len(chosen))
	defer close(queue)
	go func() {
		for s := range queue {
			start := time.Now()
			got, text := apart(s)
			reports <- report{s, got, text, time.Since(start)}
		}
	}()
	under := 0 // way
	collect := func(wait bool) {
		for under > 0 && (wait || len(reports) > 0) {
			r := <-reports
			under--
			fmt.Fprintf(out, "== %s: %s\n%s", r.name, r.what, r.text)
			total.add(r.tally)
			fmt.Fprintf(out, "   %s: %v (%.1f s, aside)\n", r.name, r.tally, r.took.Seconds())
		}
	}
	for _, s := range chosen {
		if s.when == aside && len(chosen) > 1 {
			queue <- s
			under++
			continue
		}
		collect(s.when == alone)
		fmt.Fprintf(out, "== %s: %s\n", s.name, s.what)
		start := time.Now()
		got := s.run()
		total.add(got)
		fmt.Fprintf(out, "   %s: %v (%.1f s)\n", s.name, got, time.Since(start).Seconds())
	}
	collect(true)
	return total
}

// apart runs a step as a program of its own, as nice as can be.
func apart(s step) (tally, string) {
	self, err := os.Executable()
	if err != nil {
		return tally{failed: 1}, err.Error() + "\n"
	}
	args := []string{self, s.name}
	if _, err := exec.LookPath("nice"); err == nil {
		args = append([]string{"nice", "-n", "19"}, args...)
	}
	text, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	return closing(text, err)
}

// closing takes the closing line from what such a program printed, and gives the rest
// without the lines that begin and end its step.
func closing(text []byte, err error) (t tally, rest string) {
	lines := strings.SplitAfter(string(bytes.TrimRight(text, "\n"))+"\n", "\n")
	lines = lines[:len(lines)-1]
	last := lines[len(lines)-1]
	n, _ := fmt.Sscanf(last, "%d passed, %d failed, %d skipped", &t.passed, &t.failed, &t.skipped)
	if n < 2 { // it did not come to its end
		return tally{failed: 1}, fmt.Sprintf("%s%v\n", text, err)
	}
	if err != nil && t.failed == 0 {
		t.failed = 1
		return t, fmt.Sprintf("%s%v\n", text, err)
	}
	return t, strings.Join(lines[1:max(1, len(lines)-2)], "")
}
