package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSplit runs a program in two parts, the second linked when it is first called.
func TestSplit(t *testing.T) {
	named := small(t)
	all, err := functions(named)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := joinData(named)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseProgram(whole)
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	first, second, err := p.split(func(i int) bool {
		later := strings.HasPrefix(all[i].name, "main.") && all[i].name != "main.main"
		if later {
			moved++
		}
		return later
	})
	if err != nil || moved < 4 {
		t.Fatalf("%d functions were moved: %v", moved, err)
	}
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "first.wasm"), first, 0o644)
	os.WriteFile(filepath.Join(dir, "second.wasm"), second, 0o644)
	os.WriteFile(filepath.Join(dir, "run.mjs"), []byte(runInTwo), 0o644)
	support, err := supportCode()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command("node", "--stack-size=8192", filepath.Join(dir, "run.mjs"), support, dir)
	text, err := run.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(text), "1755\nlinked once\n") {
		t.Errorf("it says %q: %v", text, err)
	}
}

// runInTwo does what web/ui/source/later.ts does.
const runInTwo = `
import { readFileSync } from "node:fs";
import vm from "node:vm";
const [support, dir] = process.argv.slice(2);
vm.runInThisContext(readFileSync(support, "utf8"));
globalThis.fs ??= {};
const go = new globalThis.Go();
const first = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(dir + "/first.wasm")), go.importObject);
const p = first.exports;
let links = 0, n = 0;
while (p["g" + (n + 1)]) n++;
const f = (block) => {
  links++;
  new WebAssembly.Instance(new WebAssembly.Module(readFileSync(dir + "/second.wasm")), { ...go.importObject, p });
  return p.t1.get(p["g" + n].value)(block);
};
const wrapper = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 2, 7, 1, 1, 0x68, 1, 0x66, 0, 0, 7, 5, 1, 1, 0x66, 0, 0);
const stub = new WebAssembly.Instance(new WebAssembly.Module(wrapper), { h: { f } }).exports.f;
for (let i = 0; i < p.t1.length; i++) p.t1.set(i, stub);
await go.run(first);
console.error(links === 1 ? "linked once" : "linked " + links + " times");
`

func TestCalls(t *testing.T) {
	for _, c := range []struct {
		body string
		want int // the function called; -1: none; -2: an error
	}{
		{"\x00\x10\x07\x0b", 7},
		{"\x01\x02\x7f\x41\x10\x10\x83\x01\x0b", 131},               // i32.const 16, call 131
		{"\x00\x42\xff\x10\x10\x05\x0b", 5},                         // i64.const of two bytes
		{"\x00\x0e\x02\x10\x10\x10\x10\x01\x0b", 1},                 // br_table of 16s
		{"\x00\x44\x10\x10\x10\x10\x10\x10\x10\x10\x10\x02\x0b", 2}, // f64.const of 10s
		{"\x00\x43\x10\x10\x10\x10\x10\x02\x0b", 2},
		{"\x00\x28\x02\x10\x36\x02\x10\x10\x03\x0b", 3}, // load and store at offset 16
		{"\x00\x02\x40\x10\x04\x0b\x0b", 4},
		{"\x00\x11\x10\x00\x0b", -1}, // call_indirect of type 16
		{"\x00\xfc\x0a\x00\x00\xfc\x0b\x00\xfc\x02\x10\x09\x0b", 9},
		{"\x00\x20\x10\x0b", -1},
		{"\x00\xfe\x00", -2},
		{"\x00\xfc\x11", -2},
		{"\x00\x10", -2},
	} {
		called := map[int]bool{}
		err := calls([]byte(c.body), called)
		if c.want == -2 {
			if err == nil {
				t.Errorf("%x was taken", c.body)
			}
			continue
		}
		if err != nil || c.want >= 0 && !called[c.want] || len(called) > 1 || c.want < 0 && len(called) > 0 {
			t.Errorf("%x: %v, %v; want %d", c.body, called, err, c.want)
		}
	}
}

func TestMovable(t *testing.T) {
	for name, want := range map[string]bool{
		"partita_engine.__Engine_.append": true, "strings.Repeat": true, "type_.eq.partita_engine_script.flag": true,
		"runtime.gopanic": false, "internal_runtime_maps.mapassign": false, "main.start": false,
		"runtime_debug.SetGCPercent": false, "partita_wasm_port.Put": false, "memeqbody": false,
	} {
		if movable(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}
