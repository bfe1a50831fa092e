package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
)

// Go's table of functions (package runtime, symtab.go) is a quarter of a module's data.
// Half of it is for stacks that are printed: names, files, lines, inlined calls,
// arguments. A page prints none. What the collector and panics need stays: how deep
// frames are, and where pointers lie in them.

// pcHeader begins the table: its magic number, two zeros, the quantum of instructions and
// the size of a pointer.
var pcHeader = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// Fields of the header, of runtime.moduledata and of runtime._func, in bytes.
const (
	headerFuncs, headerNames, headerEnd = 8, 32, 72
	headerCUs                           = 40

	modulePCTab, moduleFuncs, moduleFTab = 80, 104, 128
	moduleGoFunc, moduleTypeLinks        = 320, 360
	moduleEnd                            = 384

	funcName, funcPCSP, funcFile, funcLine = 4, 16, 20, 24
	funcPCData, funcCU, funcStart          = 28, 32, 36
	funcFuncData, funcEnd                  = 43, 44
)

// Tables of a function by number (package internal/abi, symtab.go) that only printing
// and preemption by signals read: unsafe points, inlined calls, live arguments; the tree
// of inlined calls, arguments, live arguments, what a wrapper wraps.
var (
	unreadPCData   = []int{0, 2, 3}
	unreadFuncData = []int{3, 5, 6, 7}
)

// thinTables writes zeros over what nobody reads in the table of functions of a module
// whose data is joined. The module is changed in place.
func thinTables(module []byte) error {
	all, err := sections(module)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.id != wasmData {
			continue
		}
		pieces, err := readPieces(s.body)
		if err != nil {
			return err
		}
		t, err := findTables(pieces)
		if err != nil {
			return err
		}
		return t.thin()
	}
	return fmt.Errorf("%w: no data", errWasm)
}

// tables are the parts of a module's table of functions; all alias the module.
type tables struct {
	names, pctab, funcs, ftab, links []byte
	data                             []byte // the functions' own tables, and what follows them
}

func findTables(pieces []piece) (t tables, err error) {
	header := -1
	for _, p := range pieces {
		if i := bytes.Index(p.data, pcHeader); i >= 0 && i+headerEnd <= len(p.data) {
			header = p.at + i
		}
	}
	if header < 0 {
		return t, fmt.Errorf("%w: no table of functions", errWasm)
	}
	m := linear(pieces)
	memory := m.memory() // a piece leaves out the zeros around it, with which an address may begin or end
	word := func(at int) int { return int(binary.LittleEndian.Uint64(memory[at:])) }
	names := header + word(header+headerNames)
	t.names = m.bytes(names, word(header+headerCUs)-word(header+headerNames))
	// moduledata points to the header first and then to the names.
	want := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, uint64(header)), uint64(names))
	if at := bytes.Index(memory, want); at >= 0 && at+moduleEnd <= len(memory) {
		slice := func(field, size int) []byte { return m.bytes(word(at+field), word(at+field+8)*size) }
		t.pctab, t.funcs, t.ftab = slice(modulePCTab, 1), slice(moduleFuncs, 1), slice(moduleFTab, 8)
		t.links = slice(moduleTypeLinks, 4)
		t.data = m.bytes(word(at+moduleGoFunc), -1)
	}
	if t.names == nil || t.pctab == nil || t.funcs == nil || t.data == nil || len(t.ftab) < 8*word(header+headerFuncs) {
		return t, fmt.Errorf("%w: its table of functions has another form", errWasm)
	}
	return t, nil
}

// linear is memory as the data fills it.
type linear []piece

// bytes gives n bytes at an address, all that follow for -1, or nil.
func (m linear) bytes(at, n int) []byte {
	for _, p := range m {
		if i := at - p.at; i >= 0 && i < len(p.data) && i+n <= len(p.data) {
			if n < 0 {
				return p.data[i:]
			}
			return p.data[i : i+n]
		}
	}
	return nil
}

// memory is all of it, with the zeros between the pieces and room for a field at its end.
func (m linear) memory() []byte {
	var all []byte
	for _, p := range m {
		all = append(all, make([]byte, max(0, p.at+len(p.data)-len(all)))...)
		copy(all[p.at:], p.data)
	}
	return append(all, make([]byte, moduleEnd)...)
}

// thin goes over all functions.
func (t *tables) thin() error {
	clear(t.names)
	clear(t.links) // types by name, for package reflect
	var values, data use
	for i := 0; i+16 <= len(t.ftab); i += 8 { // the last entry only ends the one before
		at := int(binary.LittleEndian.Uint32(t.ftab[i+4:]))
		if at+funcEnd > len(t.funcs) {
			return fmt.Errorf("%w: a function lies outside its table", errWasm)
		}
		t.function(t.funcs[at:], &values, &data)
	}
	for at := range values.kept {
		if at > 0 {
			values.keep(at, at+valuesLength(t.pctab[at:]))
		}
	}
	values.clear(t.pctab, len(t.pctab))
	slices.Sort(data.all)
	data.all = slices.Compact(data.all)
	for i, at := range data.all {
		if i+1 < len(data.all) && !data.kept[at] && data.all[i+1] <= len(t.data) {
			clear(t.data[at:data.all[i+1]])
		}
	}
	return nil
}

// use is which offsets of a table are read.
type use struct {
	kept  map[int]bool
	all   []int
	spans [][2]int
}

func (u *use) read(at int) {
	if u.kept == nil {
		u.kept = map[int]bool{}
	}
	u.kept[at] = true
	u.all = append(u.all, at)
}

func (u *use) keep(from, to int) { u.spans = append(u.spans, [2]int{from, to}) }

// clear writes zeros over the first n bytes of a table, except over what is kept.
func (u *use) clear(table []byte, n int) {
	slices.SortFunc(u.spans, func(a, b [2]int) int { return a[0] - b[0] })
	at := 0
	for _, s := range u.spans {
		if s[0] > at {
			clear(table[at:s[0]])
		}
		at = max(at, s[1])
	}
	clear(table[min(at, n):n])
}

// function takes out of one function what nobody reads.
func (t *tables) function(f []byte, values, data *use) {
	field := func(at int) []byte { return f[at : at+4] }
	get := func(at int) int { return int(binary.LittleEndian.Uint32(f[at:])) }
	for _, at := range []int{funcName, funcFile, funcLine, funcCU, funcStart} {
		clear(field(at))
	}
	values.read(get(funcPCSP))
	pcdata, funcdata := get(funcPCData), int(f[funcFuncData])
	for i := range pcdata {
		if at := funcEnd + 4*i; slices.Contains(unreadPCData, i) {
			clear(field(at))
		} else {
			values.read(get(at))
		}
	}
	for i := range funcdata {
		at := funcEnd + 4*(pcdata+i)
		offset := get(at)
		switch {
		case offset == 1<<32-1:
		case slices.Contains(unreadFuncData, i):
			data.all = append(data.all, offset)
			binary.LittleEndian.PutUint32(f[at:], 1<<32-1)
		default:
			data.read(offset)
		}
	}
}

// valuesLength is the length of a table of values by place: pairs of numbers, until the
// difference of the values is 0 in any but the first.
func valuesLength(b []byte) int {
	n := 0
	for first := true; ; first = false {
		v, size := binary.Uvarint(b[n:])
		if size <= 0 || v == 0 && !first {
			return n + max(size, 1)
		}
		n += size
		if _, size = binary.Uvarint(b[n:]); size <= 0 {
			return n
		}
		n += size
	}
}
