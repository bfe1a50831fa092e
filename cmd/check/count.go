package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// event is one line of go test -json (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// counter reads the events of one go test run and counts leaf tests.
type counter struct {
	out      io.Writer
	total    tally
	packages map[string]*packageRun
}

// packageRun is what is known of a package whose tests are running.
type packageRun struct {
	tally   tally
	parents map[string]bool             // tests that have subtests
	broken  map[string]bool             // tests below which one has failed
	output  map[string]*strings.Builder // by test; "" is the package's own
}

func newCounter(out io.Writer) *counter {
	return &counter{out: out, packages: map[string]*packageRun{}}
}

// read counts until the stream ends. Lines that are not events are passed on: they are
// errors of the go command itself.
func (c *counter) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) == nil && e.Action != "" {
				c.count(e)
			} else {
				c.out.Write(line)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *counter) count(e event) {
	switch {
	case e.Action == "build-output":
		fmt.Fprint(c.out, e.Output)
		return
	case e.Package == "":
		return
	}
	p := c.packages[e.Package]
	if p == nil {
		p = &packageRun{parents: map[string]bool{}, broken: map[string]bool{}, output: map[string]*strings.Builder{}}
		c.packages[e.Package] = p
	}
	switch e.Action {
	case "run":
		if i := strings.LastIndexByte(e.Test, '/'); i >= 0 {
			p.parents[e.Test[:i]] = true
		}
	case "output":
		b := p.output[e.Test]
		if b == nil {
			b = &strings.Builder{}
			p.output[e.Test] = b
		}
		b.WriteString(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			c.endPackage(p, e)
		} else {
			c.endTest(p, e)
		}
	}
}

func (c *counter) endTest(p *packageRun, e event) {
	switch {
	case e.Action == "fail":
		for name := e.Test; ; {
			i := strings.LastIndexByte(name, '/')
			if i < 0 {
				break
			}
			name = name[:i]
			p.broken[name] = true
		}
		// A parent fails with its subtests; it counts itself only when it failed alone.
		if !p.broken[e.Test] {
			p.tally.failed++
			c.show(p, e)
		}
	case p.parents[e.Test]:
	case e.Action == "skip":
		p.tally.skipped++
		c.show(p, e)
	default:
		p.tally.passed++
	}
	delete(p.output, e.Test)
}

func (c *counter) endPackage(p *packageRun, e event) {
	delete(c.packages, e.Package)
	if e.Action == "fail" && p.tally.failed == 0 {
		// It did not compile, or died outside any test, or amid some that never ended.
		p.tally.failed = 1
		c.show(p, e)
		for _, name := range slices.Sorted(maps.Keys(p.output)) {
			if name != "" && !p.parents[name] {
				e.Action, e.Test = "amid", name
				c.show(p, e)
			}
		}
		e.Action = "fail"
	}
	c.total.add(p.tally)
	if p.tally != (tally{}) {
		fmt.Fprintf(c.out, "   %-4s %-24s %v (%.1f s)\n", e.Action, e.Package, p.tally, e.Elapsed)
	}
}

// show prints what a failed or skipped test said; of a skipped one, only the reason.
func (c *counter) show(p *packageRun, e event) {
	fmt.Fprintf(c.out, "-- %s %s %s\n", e.Action, e.Package, e.Test)
	b := p.output[e.Test]
	if b == nil {
		return
	}
	for line := range strings.Lines(b.String()) {
		frame := strings.HasPrefix(line, "=== ") || strings.HasPrefix(strings.TrimSpace(line), "--- SKIP")
		if e.Action != "skip" || !frame {
			fmt.Fprint(c.out, line)
		}
	}
}
