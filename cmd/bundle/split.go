package main

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// A program is split in two: what its first minutes need, and the rest, which a page loads
// while the first part runs already. Both parts number functions alike. In the first, a
// function of the second is a stub that calls through a table of its own; linking the
// second fills that table. Memory, globals and Go's table of functions are shared, so
// neither part can tell that there are two.

const (
	wasmType     = 1
	wasmFunction = 3
	wasmTable    = 4
	wasmMemory   = 5
	wasmGlobal   = 6
	wasmExport   = 7
	wasmElement  = 9
)

// program is a module taken apart.
type program struct {
	parts    map[byte][]byte // bodies of sections
	imported int             // functions that are imported; they are numbered first
	types    []int           // of each function defined
	bodies   [][]byte
	globals  [][2]byte // type and mutability
}

func parseProgram(module []byte) (*program, error) {
	all, err := sections(module)
	if err != nil {
		return nil, err
	}
	p := &program{parts: map[byte][]byte{}}
	for _, s := range all {
		if s.id != wasmCustom {
			p.parts[s.id] = s.body
		}
	}
	r := wasmReader{rest: p.parts[wasmImport]}
	p.imported = r.number() // Go imports functions only
	r = wasmReader{rest: p.parts[wasmFunction]}
	p.types = make([]int, r.number())
	for i := range p.types {
		p.types[i] = r.number()
	}
	r = wasmReader{rest: p.parts[wasmCode]}
	p.bodies = make([][]byte, r.number())
	for i := range p.bodies {
		p.bodies[i] = r.bytes(r.number())
	}
	g := wasmReader{rest: p.parts[wasmGlobal]}
	p.globals = make([][2]byte, g.number())
	for i := range p.globals {
		p.globals[i] = [2]byte{g.byte(), g.byte()}
		g.byte() // i32.const or i64.const
		g.number()
		g.byte() // end
	}
	// Type 0 is that of every function that Go compiles: an i32 in, an i32 out.
	if r.bad || g.bad || len(p.bodies) != len(p.types) || string(p.parts[wasmType][1:6]) != "\x60\x01\x7f\x01\x7f" && !slices.Equal(p.parts[wasmType][1:6], []byte{0x60, 1, 0x7f, 1, 0x7f}) {
		return nil, fmt.Errorf("%w: its functions have another form", errWasm)
	}
	return p, nil
}

// split gives both parts; later says of each function defined whether it goes into the
// second. Only functions of Go's own form can.
func (p *program) split(later func(i int) bool) (first, second []byte, err error) {
	var moved []int
	for i, t := range p.types {
		if t == 0 && later(i) {
			moved = append(moved, i)
		}
	}
	called := map[int]bool{}
	for _, i := range moved {
		if err := calls(p.bodies[i], called); err != nil {
			return nil, nil, err
		}
	}
	return p.first(moved, called), p.second(moved, called), nil
}

// first is the program with stubs for what was moved.
func (p *program) first(moved []int, called map[int]bool) []byte {
	parts := map[byte][]byte{}
	for id, body := range p.parts {
		parts[id] = body
	}
	which := len(p.globals) // one more: which function a stub calls, for whoever must load it first
	parts[wasmGlobal] = appendTo(p.parts[wasmGlobal], 1, []byte{0x7f, 1, 0x41, 0, 0x0b})
	table := append([]byte{0x70, 0}, binary.AppendUvarint(nil, uint64(len(moved)))...)
	parts[wasmTable] = appendTo(p.parts[wasmTable], 1, table)
	parts[wasmExport] = p.exports(which, called)
	bodies := slices.Clone(p.bodies)
	for slot, i := range moved {
		number := appendSigned([]byte{0x41}, slot)
		b := append([]byte{0}, number...)
		b = append(binary.AppendUvarint(append(b, 0x24), uint64(which)), 0x20, 0)
		bodies[i] = append(append(b, number...), 0x11, 0, 1, 0x0b)
	}
	parts[wasmCode] = code(bodies)
	return module(parts)
}

// exports adds what the second part imports: tables, globals and functions.
func (p *program) exports(which int, called map[int]bool) []byte {
	var more []byte
	n := 2 + which + 1
	add := func(name string, kind byte, index int) {
		more = append(binary.AppendUvarint(more, uint64(len(name))), name...)
		more = binary.AppendUvarint(append(more, kind), uint64(index))
	}
	add("t0", 1, 0)
	add("t1", 1, 1)
	for i := range which + 1 {
		add(fmt.Sprintf("g%d", i), 3, i)
	}
	for i := range p.types {
		if index := p.imported + i; called[index] {
			add(functionExport(index), 0, index)
			n++
		}
	}
	return appendTo(p.parts[wasmExport], n, more)
}

// functionExport is the name under which a function is shared: short, as there are many.
func functionExport(index int) string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	return string([]byte{'f', digits[index/1296%36], digits[index/36%36], digits[index%36]})
}

// second is what was moved. It imports every function of the first under its number;
// those that it does not call are all one and the same import, which costs nothing.
func (p *program) second(moved []int, called map[int]bool) []byte {
	imports := p.parts[wasmImport]
	n := len(p.types)
	var more []byte
	add := func(name string, kind ...byte) {
		more = append(append(more, 1, 'p', byte(len(name))), name...)
		more = append(more, kind...)
	}
	dummy := map[int]string{}
	for i, t := range p.types {
		index := p.imported + i
		if called[index] && dummy[t] == "" {
			dummy[t] = functionExport(index)
		}
	}
	for i, t := range p.types {
		name := dummy[t]
		if index := p.imported + i; called[index] {
			name = functionExport(index)
		} else if name == "" {
			t, name = 0, dummy[0]
		}
		add(name, append([]byte{0}, binary.AppendUvarint(nil, uint64(t))...)...)
	}
	r := wasmReader{rest: p.parts[wasmTable]}
	r.number()
	add("t0", append([]byte{1}, r.rest...)...)
	add("t1", append([]byte{1, 0x70, 0}, binary.AppendUvarint(nil, uint64(len(moved)))...)...)
	r = wasmReader{rest: p.parts[wasmMemory]}
	r.number()
	add("mem", append([]byte{2}, r.rest...)...)
	for i, g := range p.globals {
		add(fmt.Sprintf("g%d", i), 3, g[0], g[1])
	}
	n += 3 + len(p.globals)
	functions := binary.AppendUvarint(nil, uint64(len(moved)))
	element := append([]byte{1, 2, 1, 0x41, 0, 0x0b, 0}, binary.AppendUvarint(nil, uint64(len(moved)))...)
	var bodies [][]byte
	for slot, i := range moved {
		functions = append(functions, 0)
		element = binary.AppendUvarint(element, uint64(p.imported+len(p.types)+slot))
		bodies = append(bodies, p.bodies[i])
	}
	return module(map[byte][]byte{
		wasmType: p.parts[wasmType], wasmImport: appendTo(imports, n, more),
		wasmFunction: functions, wasmElement: element, wasmCode: code(bodies),
	})
}

// module puts sections together, in their order.
func module(parts map[byte][]byte) []byte {
	out := []byte("\x00asm\x01\x00\x00\x00")
	for id := byte(1); id <= wasmData; id++ {
		if body, ok := parts[id]; ok {
			out = binary.AppendUvarint(append(out, id), uint64(len(body)))
			out = append(out, body...)
		}
	}
	return out
}

func code(bodies [][]byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(bodies)))
	for _, b := range bodies {
		out = append(binary.AppendUvarint(out, uint64(len(b))), b...)
	}
	return out
}

// appendTo adds n items to a section that begins with how many it has.
func appendTo(body []byte, n int, items []byte) []byte {
	r := wasmReader{rest: body}
	count := r.number()
	out := binary.AppendUvarint(nil, uint64(count+n))
	return append(append(out, r.rest...), items...)
}

// appendSigned appends a number from 0 on as a signed one.
func appendSigned(out []byte, v int) []byte {
	for ; v >= 0x40; v >>= 7 { // bit 6 of the last byte must be 0
		out = append(out, byte(v&0x7f)|0x80)
	}
	return append(out, byte(v))
}
