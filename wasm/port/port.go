//go:build js && wasm

// Package port is what the WebAssembly programs have in common: how bytes pass between
// a Worker and the program. The caller writes to the address that input gives, and reads
// at outputAt what the program put out. A view on memory must be taken again after every
// call, because memory may have grown.
//
// An exported function that panics returns Faulted; the text is then at outputAt, with
// the length that fault gives, and the program is not usable any more.
package port

import "unsafe"

// Faulted is what an exported function returns when it could not do its work.
const Faulted = -1000

var (
	in    []byte
	out   []byte
	trace string // of the last fault
)

// In is the first n bytes that the caller wrote to the input buffer.
func In(n int32) []byte { return in[:n] }

// Put lays bytes out at outputAt and gives their length.
func Put(bytes []byte) int32 {
	out = append(out[:0], bytes...)
	return int32(len(out))
}

// Refuse keeps the text of a fault and gives Faulted.
func Refuse(err error) int32 {
	trace = err.Error()
	return Faulted
}

// Guard is deferred by every exported function: a panic must not leave it. It reports
// the panic in code, after stop has made the program unusable.
func Guard(code *int32, stop func()) {
	p := recover()
	if p == nil {
		return
	}
	stop()
	trace = "the engine stopped"
	switch v := p.(type) {
	case string:
		trace += ": " + v
	case error:
		trace += ": " + v.Error()
	}
	*code = Faulted
}

// input gives the address of a buffer of n bytes, for the caller to write to.
//
//go:wasmexport input
func input(n int32) int32 {
	n = max(n, 1) // so that there is an address
	if int(n) > cap(in) {
		in = make([]byte, n)
	}
	in = in[:n]
	return address(in)
}

// outputAt is where the bytes of the last packet or text lie.
//
//go:wasmexport outputAt
func outputAt() int32 { return address(out) }

// fault puts the text of the last fault at outputAt and gives its length.
//
//go:wasmexport fault
func fault() int32 { return Put([]byte(trace)) }

func address(b []byte) int32 {
	if len(b) == 0 {
		return 0
	}
	return int32(uintptr(unsafe.Pointer(&b[0])))
}
