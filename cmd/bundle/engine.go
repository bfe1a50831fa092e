package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// engines are the WebAssembly programs: logical name in the manifest, package, and the
// logical name of the second part of one that is split.
var engines = [][3]string{{"partita.wasm", "./wasm", "partita-later.wasm"}, {"seat.wasm", "./wasm/seat", ""}}

// inlining is off where speed does not matter: every call that is inlined is code to
// download. It stays on in what runs for each record, and in Go's runtime under it.
var inlining = []string{
	"-gcflags=all=-l",
	"-gcflags=runtime=",
	"-gcflags=internal/runtime/maps=",
	"-gcflags=internal/runtime/atomic=", // a call for each load, in the collector
	"-gcflags=internal/runtime/sys=",
	"-gcflags=internal/runtime/math=",
	"-gcflags=hash/crc32=", // for each byte of a record, with what it reads them by
	"-gcflags=internal/byteorder=",
	"-gcflags=partita/engine/batch=",
}

func engineEnv() []string {
	// Green Tea, the newer collector, is 9 kB more of brotli and made for many cores.
	return append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOEXPERIMENT=nogreenteagc")
}

// buildEngines compiles the programs and packs them.
func buildEngines(root string, out *output) error {
	for _, engine := range engines {
		first, later, err := packedEngine(root, engine[1], engine[2] != "")
		if err != nil {
			return err
		}
		if err := out.add(engine[0], first); err != nil {
			return err
		}
		if later != nil {
			if err := out.add(engine[2], later); err != nil {
				return err
			}
		}
	}
	return nil
}

// packedEngine returns a program as it is published, in two parts if it is to be split.
func packedEngine(root, name string, inTwo bool) (first, later []byte, err error) {
	named, err := compileEngine(root, name, "-w -buildid=")
	if err != nil {
		return nil, nil, err
	}
	all, err := functions(named)
	if err != nil {
		return nil, nil, err
	}
	whole, err := joinData(named)
	if err != nil {
		return nil, nil, err
	}
	if err := thinTables(whole); err != nil {
		return nil, nil, err
	}
	p, err := parseProgram(whole)
	if err != nil {
		return nil, nil, err
	}
	if !inTwo {
		return module(p.parts), nil, nil // without the names
	}
	ran, err := runs(root, p)
	if err != nil {
		return nil, nil, err
	}
	return p.split(func(i int) bool { return !ran[i] && movable(all[i].name) })
}

// compileEngine returns a program as Go's linker writes it. The flags leave out paths and
// build ids, and the linker's -w debugging tables, so that the same source
// gives the same bytes, and therefore the same file name, on every machine.
func compileEngine(root, program, linking string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "partita-bundle")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	overlay, err := thinSources(root, dir)
	if err != nil {
		return nil, err
	}
	target := filepath.Join(dir, "engine.wasm")
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=" + linking, "-overlay=" + overlay, "-o", target}, inlining...)
	cmd := exec.Command("go", append(args, program)...)
	cmd.Dir = root
	cmd.Env = engineEnv()
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling %s: %w\n%s", program, err, text)
	}
	return os.ReadFile(target)
}

// supportCode returns the path of wasm_exec.js, which must come from the same Go that
// compiles the engine.
func supportCode() (string, error) {
	root, err := goRoot()
	if err != nil {
		return "", err
	}
	path := filepath.Join(root, "lib", "wasm", "wasm_exec.js")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("this Go has no WebAssembly support code: %w", err)
	}
	return path, nil
}

func goRoot() (string, error) {
	text, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	return strings.TrimSpace(string(text)), nil
}
