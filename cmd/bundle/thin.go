package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// thinSources writes copies of all Go files that go into the engine, the standard
// library's too, in which every line claims to be line 1, and returns the overlay for
// go build. Line tables are a tenth of what a browser would download (70 kB of brotli),
// and nobody reads them there: a fault still names its functions, and the same fault
// runs natively with its lines.
func thinSources(root, dir string) (overlay string, err error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{$d := .Dir}}{{range .GoFiles}}{{$d}}/{{.}}\n{{end}}", "./wasm/...")
	cmd.Dir = root
	cmd.Env = engineEnv()
	list, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("listing the engine's files: %w", err)
	}
	goroot, err := goRoot()
	if err != nil {
		return "", err
	}
	library := filepath.Join(goroot, "src") + string(filepath.Separator)
	replace := map[string]string{}
	for i, name := range strings.Fields(string(list)) {
		source, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		if source, err = cutSource(filepath.ToSlash(strings.TrimPrefix(name, library)), source); err != nil {
			return "", err
		}
		thin := filepath.Join(dir, strconv.Itoa(i)+"_"+filepath.Base(name))
		if err := os.WriteFile(thin, thinLines(source), 0o644); err != nil {
			return "", err
		}
		replace[name] = thin
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay = filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o644)
}

// thinLines puts a line directive before every line after the package clause, except
// inside raw strings and comments that span lines.
func thinLines(source []byte) []byte {
	set := token.NewFileSet()
	file := set.AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, source, nil, scanner.ScanComments)
	inside := map[int]bool{} // lines that begin inside a token
	clause := 0
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		line := file.Line(pos)
		if tok == token.PACKAGE && clause == 0 {
			clause = line
		}
		if tok == token.STRING || tok == token.COMMENT {
			for i := range strings.Count(text, "\n") {
				inside[line+i+1] = true
			}
		}
	}
	var out bytes.Buffer
	for i, line := range bytes.SplitAfter(source, []byte("\n")) {
		if i+1 > clause && !inside[i+1] && len(bytes.TrimSpace(line)) > 0 {
			out.WriteString("//line go:1\n")
		}
		out.Write(line)
	}
	return out.Bytes()
}
