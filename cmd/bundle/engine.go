package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// engines are the WebAssembly programs: logical name in the manifest, and package.
var engines = [][2]string{{"partita.wasm", "./wasm"}, {"seat.wasm", "./wasm/seat"}}

// inlining is off where speed does not matter: every call that is inlined is code to
// download. It stays on in what runs for each record, and in Go's runtime under it.
var inlining = []string{
	"-gcflags=all=-l",
	"-gcflags=runtime=",
	"-gcflags=internal/runtime/maps=",
	"-gcflags=partita/engine=",
	"-gcflags=partita/engine/batch=",
}

func engineEnv() []string {
	// Green Tea, the newer collector, is 9 kB more of brotli and made for many cores.
	return append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOEXPERIMENT=nogreenteagc")
}

// buildEngines compiles the programs. The flags leave out paths, symbols and build ids,
// so that the same source gives the same bytes, and therefore the same name, on every
// machine.
func buildEngines(root string, out *output) error {
	dir, err := os.MkdirTemp("", "partita-bundle")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	overlay, err := thinSources(root, dir)
	if err != nil {
		return err
	}
	for _, engine := range engines {
		target := filepath.Join(dir, engine[0])
		args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-overlay=" + overlay, "-o", target}, inlining...)
		cmd := exec.Command("go", append(args, engine[1])...)
		cmd.Dir = root
		cmd.Env = engineEnv()
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("compiling %s: %w\n%s", engine[1], err, text)
		}
		data, err := os.ReadFile(target)
		if err != nil {
			return err
		}
		if err := out.add(engine[0], data); err != nil {
			return err
		}
	}
	return nil
}

// supportCode returns the path of wasm_exec.js, which must come from the same Go that
// compiles the engine.
func supportCode() (string, error) {
	text, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	path := filepath.Join(strings.TrimSpace(string(text)), "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("this Go has no WebAssembly support code: %w", err)
	}
	return path, nil
}
