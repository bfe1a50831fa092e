//go:build js && wasm

// Command wasm is the engine inside a Worker: a room of its own (kind 0) or a seat in
// a live room (kind 1), behind exported functions of plain numbers. Bytes pass
// through linear memory: the caller writes to the address that input gives, and
// reads output at outputAt. A view on memory must be taken again after every call,
// because memory may have grown.
//
// A function that panics returns -1000; the text is then at outputAt, with
// the length that fault gives, and the engine is not usable any more.
package main

import (
	"unsafe"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/script"
)

const faulted = -1000

// budget bounds the steps of one tick, so that a frame is never late: about 4 ms.
const budget = 2000

var (
	in    []byte
	out   []byte
	local *room.Room
	page  room.Session
	seat  *room.Seat
	now   engine.Time
	trace string // of a panic or a refused start
)

func main() { select {} }

// guard turns a panic into a fault code: an export must not throw.
func guard(code *int32) {
	if p := recover(); p != nil {
		local, seat = nil, nil
		trace = "the engine stopped"
		switch v := p.(type) {
		case string:
			trace += ": " + v
		case error:
			trace += ": " + v.Error()
		}
		*code = faulted
	}
}

//go:wasmexport input
func input(n int32) int32 {
	n = max(n, 1) // an address needs a byte
	if int(n) > cap(in) {
		in = make([]byte, n)
	}
	in = in[:n]
	return address(in)
}

func address(b []byte) int32 {
	if len(b) == 0 {
		return 0
	}
	return int32(uintptr(unsafe.Pointer(&b[0])))
}

// start begins: kind 0 is a room whose opening script is the built-in one when the
// configuration is empty, kind 1 a seat whose settings lie in the input buffer as
// lines of name=value. It returns 0 or -1000.
//
//go:wasmexport start
func start(kind int32, n int32, at float64) (code int32) {
	defer guard(&code)
	now = engine.Time(at)
	text := string(in[:n])
	var err error
	if kind == 1 {
		seat, err = room.NewSeat(text)
	} else {
		if text == "" {
			text = script.Opening
		}
		local, err = room.New(room.Config{Code: "playground", Seed: 1, Start: now, Script: text})
		if err == nil {
			page = local.Open("this page")
		}
	}
	if err != nil {
		trace = err.Error()
		return faulted
	}
	return 0
}

// receive takes the packet of n bytes in the input buffer: from the page for a room,
// from the live room for a seat.
//
//go:wasmexport receive
func receive(n int32) (code int32) {
	defer guard(&code)
	var err error
	switch {
	case local != nil:
		err = local.Receive(now, page, in[:n])
	case seat != nil:
		err = seat.Receive(now, in[:n])
	}
	if err != nil {
		trace = err.Error()
		return faulted
	}
	return 0
}

// order gives a seat the line of n bytes in the input buffer; its refusal is at
// outputAt, with the length that order returns, 0 when all went well.
//
//go:wasmexport order
func order(n int32) (code int32) {
	defer guard(&code)
	if seat == nil {
		return 0
	}
	line := string(in[:n])
	if line == "history" {
		out = seat.AppendHistory(out[:0])
		return int32(len(out))
	}
	if err := seat.Order(now, line); err != nil {
		out = append(out[:0], err.Error()...)
		return int32(len(out))
	}
	return 0
}

// tick runs what is due by at, in milliseconds, and returns how long it may rest:
// 0 when work is left, -1000 when it stopped.
//
//go:wasmexport tick
func tick(at float64) (rest float64) {
	var code int32
	defer func() {
		if code == faulted {
			rest = faulted
		}
	}()
	defer guard(&code)
	now = max(now, engine.Time(at))
	next := now + 1000
	switch {
	case local != nil:
		if local.Advance(now, budget) {
			return 0
		}
		if at, ok := local.Deadline(); ok {
			next = min(next, at)
		}
		serve()
	case seat != nil:
		next = min(next, seat.Tick(now))
		seat.Draw(now)
	}
	return float64(max(0, next-now))
}

// serve answers the page's pull with a frame.
func serve() {
	if cells, topic, ok := local.Wants(page); ok {
		pulled = local.Frame(pulled[:0], cells, topic)
		havePulled = true
	}
}

var (
	pulled     []byte
	havePulled bool
)

// output gives the length of the next packet to pass on, at outputAt; 0 when there
// is none.
//
//go:wasmexport output
func output() (code int32) {
	defer guard(&code)
	switch {
	case local != nil:
		if packet := local.Next(page); packet != nil {
			out = append(out[:0], packet...)
			return int32(len(out))
		}
		serve()
		if havePulled {
			havePulled = false
			out = append(out[:0], pulled...)
			return int32(len(out))
		}
	case seat != nil:
		if packet := seat.Output(); packet != nil {
			out = append(out[:0], packet...)
			return int32(len(out))
		}
	}
	return 0
}

//go:wasmexport outputAt
func outputAt() int32 { return address(out) }

// fault puts the text of the last fault at outputAt and gives its length.
//
//go:wasmexport fault
func fault() int32 {
	out = append(out[:0], trace...)
	return int32(len(out))
}
