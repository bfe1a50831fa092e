package main

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// memory is what linear memory holds before the program starts.
func memory(t *testing.T, module []byte) []byte {
	t.Helper()
	all, err := sections(module)
	if err != nil {
		t.Fatal(err)
	}
	var m []byte
	for _, s := range all {
		if s.id != wasmData {
			continue
		}
		pieces, err := readPieces(s.body)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pieces {
			if need := p.at + len(p.data); need > len(m) {
				m = append(m, make([]byte, need-len(m))...)
			}
			copy(m[p.at:], p.data)
		}
	}
	return m
}

// module makes a module with a custom section and these pieces of data.
func testModule(pieces ...piece) []byte {
	body := appendPieces(nil, pieces)
	m := []byte("\x00asm\x01\x00\x00\x00\x00\x02\x01x")
	m = binary.AppendUvarint(append(m, wasmData), uint64(len(body)))
	return append(m, body...)
}

func TestJoinData(t *testing.T) {
	long := bytes.Repeat([]byte{7}, 300)
	m := testModule(
		piece{0, []byte("ab")},
		piece{63, []byte("c")},
		piece{64, []byte("d")},                      // touches the one before
		piece{200_000, long},                        // after a wide gap
		piece{200_000 + 300 + widestGap, []byte{1}}, // just close enough
		piece{130, []byte("out of order")},
	)
	joined, err := joinData(m)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(memory(t, joined), memory(t, m)) {
		t.Error("memory differs")
	}
	all, _ := sections(joined)
	if len(all) != 2 || all[0].id != wasmCustom || string(all[0].body) != "\x01x" {
		t.Errorf("the other sections changed: %v", all)
	}
	pieces, _ := readPieces(all[1].body)
	if len(pieces) != 2 || pieces[0].at != 0 || pieces[1].at != 200_000 {
		t.Errorf("%d pieces: %v", len(pieces), pieces)
	}
}

func TestJoinDataRefuses(t *testing.T) {
	m := testModule(piece{8, []byte("ab")})
	for i := range len(m) {
		if out, err := joinData(m[:i]); err == nil && i != 8 && i != 12 { // 8 and 12 end between sections
			t.Errorf("cut at %d of %d: %x", i, len(m), out)
		}
	}
}

// small compiles the program in testdata.
func small(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	source, err := os.ReadFile("testdata/small.go.txt")
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(dir, "main.go"), source, 0o644)
	os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module small\n\ngo 1.26\n"), 0o644)
	cmd := exec.Command("go", "build", "-o", "small.wasm", ".")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	module, err := os.ReadFile(filepath.Join(dir, "small.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// TestPackedProgram runs a real program before and after.
func TestPackedProgram(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("there is no Node")
	}
	before := small(t)
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "small.wasm"), before, 0o644)
	after, err := joinData(before)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(memory(t, after), memory(t, before)) {
		t.Error("memory differs")
	}
	was := bytes.Count(after, []byte{0})
	if err := thinTables(after); err != nil {
		t.Fatal(err)
	}
	if now := bytes.Count(after, []byte{0}); now < was+50_000 {
		t.Errorf("only %d bytes were written over", now-was)
	}
	os.WriteFile(filepath.Join(dir, "packed.wasm"), after, 0o644)
	support, err := supportCode()
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, name := range []string{"small.wasm", "packed.wasm"} {
		run := exec.Command(node, "--stack-size=8192", filepath.Join(filepath.Dir(support), "wasm_exec_node.js"), filepath.Join(dir, name))
		text, err := run.CombinedOutput()
		if want == "" {
			want = string(text)
		}
		if err != nil || string(text) != want || !strings.HasSuffix(want, "1755\n") {
			t.Errorf("%s says %q, want %q: %v", name, text, want, err)
		}
	}
	names, err := functions(before)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(names, func(f function) bool { return f.name == "main.main" && f.home() == "main" }) {
		t.Error("no function is called main.main")
	}
}

func TestThinTablesRefuses(t *testing.T) {
	m := testModule(piece{8, append(append([]byte(nil), pcHeader...), make([]byte, 100)...)})
	if err := thinTables(m); err == nil {
		t.Error("a table of another form was taken")
	}
	if err := thinTables(testModule(piece{8, []byte("ab")})); err == nil {
		t.Error("a module without a table was taken")
	}
	if err := thinTables(m[:20]); err == nil {
		t.Error("half a module was taken")
	}
}
