package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// waiting is how many tests of a package run at once: those with real clients mostly wait
// for sessions to run out.
const waiting = "-parallel=4"

// endToEnd is the package that drives a browser: it runs last and alone, so that no other
// test takes the machine from under a page's timers.
const endToEnd = "partita/web/e2e"

// ownStep says whether a package's tests are a step of their own.
func ownStep(p string) bool { return p == endToEnd || p == referee }

// goTest runs go test on the packages and counts. Results are never taken from the cache:
// some tests look at files and programs that the cache does not know of.
func goTest(env, flags, packages []string) tally {
	args := append([]string{"test", "-json", "-count=1", "-timeout=8m"}, flags...)
	cmd := exec.Command("go", append(args, packages...)...)
	cmd.Env = env
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return result(err)
	}
	if err := cmd.Start(); err != nil {
		return result(err)
	}
	c := newCounter(os.Stdout)
	err = c.read(pipe)
	if waited := cmd.Wait(); err == nil {
		err = waited
	}
	if err != nil && c.total.failed == 0 {
		c.total.add(result(fmt.Errorf("go test: %w", err)))
	}
	return c.total
}

// packages lists the project's packages that match the patterns.
func packages(patterns ...string) ([]string, error) {
	text, err := exec.Command("go", append([]string{"list"}, patterns...)...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("go list: %w\n%s", err, exit.Stderr)
	}
	return strings.Fields(string(text)), err
}

func goTests() tally {
	list, err := packages("./...")
	if err != nil {
		return result(err)
	}
	return goTest(os.Environ(), []string{waiting}, slices.DeleteFunc(list, ownStep))
}

func e2eTests() tally { return goTest(os.Environ(), nil, []string{endToEnd}) }

// wasmTests runs the engine's tests once more as WebAssembly in Node: the same goldens and
// digests on both, or the engine is not one engine.
func wasmTests() tally {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return result(err)
	}
	list, err := packages("./engine/...")
	if err != nil {
		return result(err)
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec")
	env := []string{"GOOS=js", "GOARCH=wasm"}
	// Arguments and environment share 12 kB there, so only what matters goes along.
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "GOPATH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOTOOLCHAIN", "PARTITA_VECTORS"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return goTest(env, []string{"-exec=" + runner}, list)
}

// raceTests runs the server's packages, the only ones with goroutines, under the race
// detector. It needs a C compiler.
func raceTests() tally {
	list, err := packages("./web/...")
	if err != nil {
		return result(err)
	}
	list = slices.DeleteFunc(list, ownStep)
	if _, err := install("a C compiler for the race detector", "gcc libc6-dev", "gcc", "clang", "cc"); err != nil {
		return result(err)
	}
	return goTest(append(os.Environ(), "CGO_ENABLED=1"), []string{"-race", waiting}, list)
}
