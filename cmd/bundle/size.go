package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// largest is how many functions the report lists.
const largest = 40

// function is a function of the module with its code.
type function struct {
	name string
	code []byte
}

// home is the package of a function. In a module's names every sign that is not a letter,
// a digit or a point is an underscore: "partita_engine_script.Parse".
func (f function) home() string {
	name, _, _ := strings.Cut(f.name, ".")
	if strings.HasPrefix(name, "type_") || !strings.Contains(f.name, ".") {
		return "other"
	}
	return strings.ReplaceAll(name, "_", "/")
}

// reportSize compiles the engine with its names and says where the bytes went: first the
// whole, then for each package its code, raw and compressed on its own. A package costs
// more than its code: tables of its functions and their places lie in the data.
func reportSize(root string, w io.Writer) error {
	for _, engine := range engines {
		first, later, err := packedEngine(root, engine[1], engine[2] != "")
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s: %d bytes, %d brotli\n", engine[0], len(first), len(brotliBest(first)))
		if later != nil {
			fmt.Fprintf(w, "%s: %d bytes, %d brotli\n", engine[2], len(later), len(brotliBest(later)))
		}
	}
	named, err := compileEngine(root, engines[0][1], "-w -buildid=")
	if err != nil {
		return err
	}
	all, err := functions(named)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s\n%9s %9s %9s  package\n", engines[0][0], "functions", "code", "brotli")
	reportPackages(all, w)
	slices.SortFunc(all, func(a, b function) int { return len(b.code) - len(a.code) })
	fmt.Fprintf(w, "\n%9s  function\n", "code")
	shown := 0
	for _, f := range all {
		if shown < largest && f.home() != "runtime" {
			shown++
			fmt.Fprintf(w, "%9d  %s\n", len(f.code), f.name)
		}
	}
	return nil
}

func reportPackages(all []function, w io.Writer) {
	type sum struct {
		name  string
		count int
		code  []byte
	}
	var sums []*sum
	byName := map[string]*sum{}
	for _, f := range all {
		s := byName[f.home()]
		if s == nil {
			s = &sum{name: f.home()}
			byName[s.name] = s
			sums = append(sums, s)
		}
		s.count++
		s.code = append(s.code, f.code...)
	}
	slices.SortFunc(sums, func(a, b *sum) int { return len(b.code) - len(a.code) })
	for _, s := range sums {
		fmt.Fprintf(w, "%9d %9d %9d  %s\n", s.count, len(s.code), len(brotliBest(s.code)), s.name)
	}
}

// functions lists the functions of a module that was linked with its names.
func functions(module []byte) ([]function, error) {
	all, err := sections(module)
	if err != nil {
		return nil, err
	}
	var list []function
	imported := 0
	for _, s := range all {
		switch r := (wasmReader{rest: s.body}); s.id {
		case wasmImport:
			imported = r.number() // Go imports functions only
		case wasmCode:
			list = make([]function, r.number())
			for i := range list {
				list[i].code = r.bytes(r.number())
			}
		case wasmCustom:
			if string(r.bytes(r.number())) == "name" {
				nameFunctions(r, list, imported)
			}
		}
	}
	if len(list) == 0 || list[len(list)-1].name == "" {
		return nil, errWasm
	}
	return list, nil
}

// nameFunctions reads the names section: kind 1 holds the functions' names by number, and
// imported functions are numbered first.
func nameFunctions(r wasmReader, list []function, imported int) {
	for len(r.rest) > 0 {
		kind := r.byte()
		names := wasmReader{rest: r.bytes(r.number())}
		if kind != 1 {
			continue
		}
		for range names.number() {
			i := names.number() - imported
			name := string(names.bytes(names.number()))
			if i >= 0 && i < len(list) {
				list[i].name = name
			}
		}
	}
}
