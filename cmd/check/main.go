// Command check runs every test of the project and counts them: types, formatting,
// generated code, go vet, the Go tests, the engine's tests again as WebAssembly, the race
// detector, the fuzzers for a few seconds each, the page's own tests, Apache Kafka as the
// referee, and the end-to-end tests in a browser. It installs what those need and a fresh
// machine lacks.
//
//	go run ./cmd/check                # all of them
//	go run ./cmd/check types vet      # the named steps only
//
// Steps that only compute run aside: beside those that mostly wait, with the processor time
// that these leave.
// Its last line is "N passed, N failed", and it fails when anything failed or nothing ran.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
)

// tally counts tests. A parent whose subtests ran is not counted beside them.
type tally struct{ passed, failed, skipped int }

func (t *tally) add(u tally) {
	t.passed += u.passed
	t.failed += u.failed
	t.skipped += u.skipped
}

// String is the closing line.
func (t tally) String() string {
	s := fmt.Sprintf("%d passed, %d failed", t.passed, t.failed)
	if t.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", t.skipped)
	}
	return s
}

// result is the tally of a check that either holds or does not. It prints why not.
func result(err error) tally {
	if err != nil {
		fmt.Println(strings.TrimRight(err.Error(), "\n"))
		return tally{failed: 1}
	}
	return tally{passed: 1}
}

// step is one part of the run.
type step struct {
	name string
	what string
	run  func() tally
	when when
}

// when says what else may run at the time of a step.
type when int

const (
	inTurn when = iota
	// aside is for steps that only compute: they run one after another beside those that
	// come after them, which mostly wait for clients' clocks, and only use what those leave.
	aside
	// alone is for what needs the machine to itself.
	alone
)

// steps in the order in which they begin: what is quick and tells most comes first, what
// needs the whole machine to itself comes last.
var steps = []step{
	{"browser", "a Chromium for the end-to-end tests", browser, inTurn},
	{"clients", "Kafka clients for the tests of the wire protocol", clients, inTurn},
	{"site", "the site and the program are built", site, inTurn},
	{"types", "TypeScript types", typeCheck, inTurn},
	{"format", "gofmt", formatting, inTurn},
	{"templ", "generated pages are up to date", templ, inTurn},
	{"vet", "go vet, native and WASM", vet, inTurn},
	{"ui", "TypeScript tests", uiTests, aside},
	{"wasm", "the engine's tests as WebAssembly", wasmTests, aside},
	{"fuzz", "every fuzzer for a few seconds", fuzzTests, aside},
	{"go", "Go tests", goTests, inTurn},
	{"race", "live rooms under the race detector", raceTests, inTurn},
	{"referee", "Apache Kafka's tools and the same work at Apache Kafka", refereeTests, inTurn},
	{"e2e", "end to end, in a browser", e2eTests, alone},
}

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: go run ./cmd/check [step ...]")
		for _, s := range steps {
			fmt.Fprintf(os.Stderr, "  %-8s %s\n", s.name, s.what)
		}
	}
	flag.Parse()
	chosen, err := choose(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		flag.Usage()
		os.Exit(2)
	}
	total := runAll(os.Stdout, chosen, apart)
	if total.passed+total.failed == 0 {
		fmt.Println("no test ran")
		total.failed = 1
	}
	fmt.Println(total)
	if total.failed > 0 {
		os.Exit(1)
	}
}

// choose returns the named steps in their own order, or all of them for no names.
func choose(names []string) ([]step, error) {
	if len(names) == 0 {
		return steps, nil
	}
	var chosen []step
	for _, s := range steps {
		if slices.Contains(names, s.name) {
			chosen = append(chosen, s)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(steps, func(s step) bool { return s.name == name }) {
			return nil, fmt.Errorf("no step is called %q", name)
		}
	}
	return chosen, nil
}
