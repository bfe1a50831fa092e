package main

import "fmt"

// calls notes the functions that a body calls by number. It walks the instructions
// (WebAssembly core specification 2.0, chapter 5.4) for what follows each.
func calls(body []byte, called map[int]bool) error {
	r := wasmReader{rest: body}
	for range r.number() { // kinds of local variables
		r.number()
		r.byte()
	}
	for len(r.rest) > 0 && !r.bad {
		switch op := r.byte(); {
		case op == 0x10: // call
			called[r.number()] = true
		case op == 0x11: // call_indirect: type, table
			r.number()
			r.number()
		case op == 0x02 || op == 0x03 || op == 0x04, // block, loop, if: a type
			op == 0x0c || op == 0x0d, // br, br_if
			op >= 0x20 && op <= 0x26, // variables, table.get, table.set
			op == 0x3f || op == 0x40, // memory.size, memory.grow
			op == 0x41 || op == 0x42: // i32.const, i64.const
			r.skip()
		case op == 0x0e: // br_table
			for range r.number() + 1 {
				r.number()
			}
		case op >= 0x28 && op <= 0x3e: // loads and stores: alignment, offset
			r.number()
			r.skip()
		case op == 0x43: // f32.const
			r.bytes(4)
		case op == 0x44: // f64.const
			r.bytes(8)
		case op == 0xfc:
			switch sub := r.number(); {
			case sub < 8: // conversions that saturate
			case sub == 10: // memory.copy
				r.bytes(2)
			case sub == 11: // memory.fill
				r.bytes(1)
			default:
				return fmt.Errorf("%w: instruction fc %d", errWasm, sub)
			}
		case op > 0xc4 || op > 0x11 && op < 0x1a || op > 0x04 && op < 0x0b:
			return fmt.Errorf("%w: instruction %x", errWasm, op)
		}
	}
	if r.bad {
		return fmt.Errorf("%w: a function ends too early", errWasm)
	}
	return nil
}

// skip reads over one number of any width.
func (r *wasmReader) skip() {
	for r.byte() >= 0x80 && !r.bad {
	}
}
