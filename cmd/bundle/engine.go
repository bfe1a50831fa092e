package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// engineName is the engine's logical name in the manifest.
const engineName = "partita.wasm"

// inlining is off where speed does not matter: every call that is inlined is code to
// download. It stays on in what runs for each record, and in Go's runtime under it.
var inlining = []string{
	"-gcflags=all=-l",
	"-gcflags=runtime=",
	"-gcflags=internal/runtime/maps=",
	"-gcflags=partita/engine=",
	"-gcflags=partita/engine/batch=",
	"-gcflags=partita/engine/client=",
}

func engineEnv() []string {
	return append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
}

// buildEngine compiles ./wasm. The flags leave out paths, symbols and build ids, so that
// the same source gives the same bytes, and therefore the same name, on every machine.
func buildEngine(root string, out *output) error {
	dir, err := os.MkdirTemp("", "partita-bundle")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	target := filepath.Join(dir, engineName)
	overlay, err := thinSources(root, dir)
	if err != nil {
		return err
	}
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-overlay=" + overlay, "-o", target}, inlining...)
	cmd := exec.Command("go", append(args, "./wasm")...)
	cmd.Dir = root
	cmd.Env = engineEnv()
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("compiling the engine: %w\n%s", err, text)
	}
	data, err := os.ReadFile(target)
	if err != nil {
		return err
	}
	return out.add(engineName, data)
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
