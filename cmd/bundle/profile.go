package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	_ "embed"
)

// rehearsal runs a program as a page does in its first minutes.
//
//go:embed rehearsal.mjs
var rehearsal []byte

var protocolVersion = regexp.MustCompile(`protocolVersion = (\d+)`)

// runs reports which of a program's functions its first minutes need: it runs the program
// in Node with a mark in front of every function.
func runs(root string, p *program) (ran []bool, err error) {
	dir, err := os.MkdirTemp("", "partita-rehearsal")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, data := range map[string][]byte{"marked.wasm": p.marked(), "rehearsal.mjs": rehearsal} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			return nil, err
		}
	}
	support, err := supportCode()
	if err != nil {
		return nil, err
	}
	packets, err := os.ReadFile(filepath.Join(root, "web", "ui", "source", "packets.ts"))
	if err != nil {
		return nil, err
	}
	version := protocolVersion.FindSubmatch(packets)
	if version == nil {
		return nil, errors.New("packets.ts does not say protocolVersion = a number")
	}
	cmd := exec.Command("node", filepath.Join(dir, "rehearsal.mjs"), support, filepath.Join(dir, "marked.wasm"), string(version[1]))
	var complaints strings.Builder
	cmd.Stderr = &complaints
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("rehearsing the engine: %w\n%s", err, complaints.String())
	}
	var numbers []int
	if err := json.Unmarshal(text, &numbers); err != nil {
		return nil, fmt.Errorf("rehearsing the engine: %w\n%s", err, text)
	}
	ran = make([]bool, len(p.types))
	for _, i := range numbers {
		ran[i] = true
	}
	return ran, nil
}

// marked is the program with a global for each function, c0, c1, …, that becomes 1 when
// the function is called.
func (p *program) marked() []byte {
	parts := map[byte][]byte{}
	for id, body := range p.parts {
		parts[id] = body
	}
	var globals, exports []byte
	bodies := make([][]byte, len(p.bodies))
	for i, b := range p.bodies {
		globals = append(globals, 0x7f, 1, 0x41, 0, 0x0b)
		name := fmt.Sprintf("c%d", i)
		exports = append(append(exports, byte(len(name))), name...)
		exports = binary.AppendUvarint(append(exports, 3), uint64(len(p.globals)+i))
		r := wasmReader{rest: b}
		for range r.number() { // local variables come first
			r.number()
			r.byte()
		}
		locals := b[:len(b)-len(r.rest)]
		mark := binary.AppendUvarint([]byte{0x41, 1, 0x24}, uint64(len(p.globals)+i))
		bodies[i] = append(append(append([]byte(nil), locals...), mark...), r.rest...)
	}
	parts[wasmGlobal] = appendTo(p.parts[wasmGlobal], len(bodies), globals)
	parts[wasmExport] = appendTo(p.parts[wasmExport], len(bodies), exports)
	parts[wasmCode] = code(bodies)
	return module(parts)
}

// movable reports whether a function may go into the second part of a program: Go's own
// runtime stays whole, as what it calls differs from run to run.
func movable(name string) bool {
	home, _, _ := strings.Cut(name, ".")
	for _, kept := range []string{"runtime", "internal_", "sync", "syscall", "main", "os", "time", "_rt0", "go_", "wasm", "partita_wasm"} {
		if strings.HasPrefix(home, kept) {
			return false
		}
	}
	return strings.Contains(name, ".")
}
