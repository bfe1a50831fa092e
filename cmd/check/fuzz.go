package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fuzzTime is how long each fuzzer runs. Their corpora are kept where the go command keeps
// them, so that runs add up.
const fuzzTime = "2s"

// fuzzed is a package with fuzzers.
type fuzzed struct {
	path, dir string
	fuzzers   []string
}

// fuzzTests finds every fuzzer and runs each for fuzzTime.
func fuzzTests() tally {
	text, err := exec.Command("go", "list", "-f", fuzzList, "./...").Output()
	if err != nil {
		return result(fmt.Errorf("listing the fuzzers: %w", err))
	}
	list, err := fuzzersOf(string(text))
	if err != nil {
		return result(err)
	}
	cache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		return result(err)
	}
	var total tally
	for _, p := range list {
		total.add(p.run(filepath.Join(strings.TrimSpace(string(cache)), "fuzz", filepath.FromSlash(p.path))))
	}
	return total
}

// fuzzList has go list print a package, its folder and its test files.
const fuzzList = `{{.ImportPath}}{{"\t"}}{{.Dir}}{{range .TestGoFiles}}{{"\t"}}{{.}}{{end}}{{range .XTestGoFiles}}{{"\t"}}{{.}}{{end}}`

// fuzzersOf finds the fuzzers in the sources: go test -list would link every test of the
// project to say the same.
func fuzzersOf(text string) (list []fuzzed, err error) {
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		p := fuzzed{path: fields[0], dir: fields[1]}
		for _, name := range fields[2:] {
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Fuzz") {
					p.fuzzers = append(p.fuzzers, f.Name.Name)
				}
			}
		}
		if len(p.fuzzers) > 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

// run builds a package's fuzzers once and runs one after another in the package's folder,
// which is where they look for their seeds and write what they find.
func (p fuzzed) run(corpora string) (total tally) {
	temp, err := os.MkdirTemp("", "partita-fuzz")
	if err != nil {
		return result(err)
	}
	defer os.RemoveAll(temp)
	program := filepath.Join(temp, "fuzz.test")
	if err := command(nil, "go", "test", "-c", "-fuzz=.", "-o", program, p.path); err != nil {
		return result(err)
	}
	for _, name := range p.fuzzers {
		got := result(fuzz(p.dir, name, program, corpora))
		fmt.Printf("   %s %s: %v\n", p.path, name, got)
		total.add(got)
	}
	return total
}

// fuzz runs one fuzzer as go test -fuzz does.
func fuzz(dir, name, program, corpora string) error {
	run := func() error {
		cmd := exec.Command(program, "-test.run=^$", "-test.fuzz=^"+name+"$", "-test.fuzztime="+fuzzTime,
			"-test.fuzzminimizetime=2s", "-test.fuzzcachedir="+corpora, "-test.paniconexit0")
		cmd.Dir = dir
		text, err := cmd.CombinedOutput()
		if err == nil && strings.Contains(string(text), "no fuzz tests to fuzz") {
			err = errors.New("there is no such fuzzer") // the program only warns
		}
		if err != nil {
			return fmt.Errorf("%s: %w\n%s", name, err, text)
		}
		return nil
	}
	err := run()
	// At the end of its time a fuzzer now and then reports its own deadline as a failure.
	// A finding names the input that it wrote; without one, once more.
	if err != nil && strings.Contains(err.Error(), "context deadline exceeded") && !strings.Contains(err.Error(), "Failing input") {
		err = run()
	}
	return err
}
