package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// A WebAssembly module is eight bytes and then sections: a number, a length, a body
// (WebAssembly core specification 2.0, chapter 5).
const (
	wasmCustom = 0
	wasmImport = 2
	wasmCode   = 10
	wasmData   = 11
)

var errWasm = errors.New("this is not a WebAssembly module that Go made")

// section is one section of a module; its body aliases the module.
type section struct {
	id   byte
	body []byte
}

// wasmReader reads the numbers of a module. After the first mistake it returns zeros.
type wasmReader struct {
	rest []byte
	bad  bool
}

func (r *wasmReader) number() int {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 || v > 1<<32 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

// address reads a constant expression: i32.const n, end. Addresses are never negative.
func (r *wasmReader) address() int {
	if r.byte() != 0x41 {
		r.bad = true
	}
	v, shift := 0, 0
	for {
		b := r.byte()
		v |= int(b&0x7f) << shift
		if shift += 7; b < 0x80 || r.bad {
			break
		}
	}
	if r.byte() != 0x0b {
		r.bad = true
	}
	return v
}

func (r *wasmReader) byte() byte {
	if b := r.bytes(1); len(b) == 1 {
		return b[0]
	}
	return 0
}

func (r *wasmReader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return nil
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// sections takes a module apart.
func sections(module []byte) ([]section, error) {
	r := wasmReader{rest: module}
	if string(r.bytes(8)) != "\x00asm\x01\x00\x00\x00" {
		return nil, errWasm
	}
	var all []section
	for len(r.rest) > 0 {
		id := r.byte()
		all = append(all, section{id, r.bytes(r.number())})
	}
	if r.bad {
		return nil, errWasm
	}
	return all, nil
}

// piece is a part of linear memory that is filled before the program starts.
type piece struct {
	at   int
	data []byte
}

// widestGap is how many zeros between two pieces are written out rather than skipped.
const widestGap = 4096

// joinData writes the same module with fewer, larger pieces of data. Go's linker leaves out
// every run of eight zeros, which cuts the data into some 40,000 pieces, each with its own
// address and length. Zeros cost brotli nothing and the addresses cost it 9 % of the
// module; and one piece is copied faster than 40,000.
func joinData(module []byte) ([]byte, error) {
	all, err := sections(module)
	if err != nil {
		return nil, err
	}
	out := append([]byte(nil), module[:8]...)
	for _, s := range all {
		if s.id == wasmData {
			pieces, err := readPieces(s.body)
			if err != nil {
				return nil, err
			}
			s.body = appendPieces(nil, joinPieces(pieces))
		}
		out = binary.AppendUvarint(append(out, s.id), uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out, nil
}

func readPieces(body []byte) ([]piece, error) {
	r := wasmReader{rest: body}
	pieces := make([]piece, r.number())
	for i := range pieces {
		if kind := r.number(); kind != 0 {
			return nil, fmt.Errorf("%w: data of kind %d", errWasm, kind)
		}
		pieces[i].at = r.address()
		pieces[i].data = r.bytes(r.number())
	}
	if r.bad || len(r.rest) > 0 {
		return nil, errWasm
	}
	return pieces, nil
}

// joinPieces sorts pieces by address and joins those that lie close together. Linear memory
// is zero at first, so the zeros between them change nothing.
func joinPieces(pieces []piece) []piece {
	slices.SortFunc(pieces, func(a, b piece) int { return a.at - b.at })
	var joined []piece
	for _, p := range pieces {
		if n := len(joined); n > 0 {
			last := &joined[n-1]
			if gap := p.at - last.at - len(last.data); gap >= 0 && gap <= widestGap {
				last.data = append(append(last.data, make([]byte, gap)...), p.data...)
				continue
			}
		}
		joined = append(joined, piece{p.at, slices.Clone(p.data)})
	}
	return joined
}

func appendPieces(out []byte, pieces []piece) []byte {
	out = binary.AppendUvarint(out, uint64(len(pieces)))
	for _, p := range pieces {
		out = append(appendSigned(append(out, 0, 0x41), p.at), 0x0b)
		out = binary.AppendUvarint(out, uint64(len(p.data)))
		out = append(out, p.data...)
	}
	return out
}
