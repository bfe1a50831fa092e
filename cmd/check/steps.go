package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// sourceFiles returns the project's files with one of the given endings, as git sees them:
// committed or new, but not ignored.
func sourceFiles(endings ...string) ([]string, error) {
	text, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	var list []string
	for _, name := range strings.Split(strings.TrimRight(string(text), "\x00"), "\x00") {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			continue // removed, and the removal not committed yet
		}
		for _, ending := range endings {
			if strings.HasSuffix(name, ending) {
				list = append(list, name)
				break
			}
		}
	}
	return list, nil
}

// command runs a program and returns what it said as the error when it fails.
func command(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, text)
	}
	return nil
}

// site does what make build does.
func site() tally {
	cmd := exec.Command("go", "run", "./cmd/bundle")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	t := result(cmd.Run())
	t.add(result(command(nil, "go", "build", "-trimpath", "-o", "bin/partita", "./cmd/partita")))
	return t
}

// typeCheck checks each TypeScript project: pages and workers see different globals, and
// tests see Node's.
func typeCheck() tally {
	var total tally
	for _, project := range []string{"tsconfig.json", "tsconfig.worker.json", "tsconfig.test.json"} {
		total.add(result(command(nil, "web/ui/node_modules/.bin/tsc", "--noEmit", "-p", "web/ui/"+project)))
	}
	return total
}

func formatting() tally { return result(formatted()) }

func formatted() error {
	files, err := sourceFiles(".go")
	if err != nil {
		return err
	}
	var wrong []string
	for _, name := range files {
		if strings.HasSuffix(name, "_templ.go") {
			continue // as the generator wrote it
		}
		have, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		want, err := format.Source(have)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !bytes.Equal(have, want) {
			wrong = append(wrong, name)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("not formatted (make fmt):\n  %s", strings.Join(wrong, "\n  "))
	}
	return nil
}

// templ generates the pages anew and compares: the generated code is committed, so that a
// build needs no generator, and must not lag behind its source.
func templ() tally {
	before, err := contents("_templ.go")
	if err != nil {
		return result(err)
	}
	if err := command(nil, "go", "tool", "templ", "generate"); err != nil {
		return result(err)
	}
	after, err := contents("_templ.go")
	if err != nil {
		return result(err)
	}
	var stale []string
	for name, text := range after {
		if before[name] != text {
			stale = append(stale, name)
		}
		delete(before, name)
	}
	for name := range before {
		stale = append(stale, name)
	}
	if len(stale) > 0 {
		return result(fmt.Errorf("generated anew, commit them: %s", strings.Join(stale, " ")))
	}
	return tally{passed: 1}
}

func contents(ending string) (map[string]string, error) {
	files, err := sourceFiles(ending)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		all[name] = string(data)
	}
	return all, nil
}

func vet() tally {
	t := result(command(nil, "go", "vet", "./..."))
	t.add(result(command([]string{"GOOS=js", "GOARCH=wasm"}, "go", "vet", "./engine/...", "./wasm/...")))
	return t
}

// uiTests runs web/ui's *.test.ts with Node's own test runner.
func uiTests() tally {
	dir, err := os.MkdirTemp("", "partita-ui")
	if err != nil {
		return result(err)
	}
	defer os.RemoveAll(dir)
	if err := command(nil, "go", "run", "./cmd/bundle", "-tests", dir); err != nil {
		return result(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.mjs"))
	if err != nil {
		return result(err)
	}
	text, err := exec.Command("node", append([]string{"--test", "--test-reporter=tap"}, files...)...).CombinedOutput()
	var t tally
	for _, line := range strings.Split(string(text), "\n") {
		fmt.Sscanf(line, "# pass %d", &t.passed)
		fmt.Sscanf(line, "# fail %d", &t.failed)
		fmt.Sscanf(line, "# skipped %d", &t.skipped)
	}
	if err != nil || t.passed == 0 {
		fmt.Printf("%s", text)
		t.failed = max(t.failed, 1)
	}
	return t
}
