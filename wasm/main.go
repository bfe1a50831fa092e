//go:build js && wasm

// Command wasm is a room inside a Worker, behind exported functions of plain numbers:
// the playground's engine. Package port says how bytes pass.
package main

import (
	"errors"

	"partita/engine"
	"partita/engine/room"
	"partita/engine/script"
	"partita/wasm/port"
)

// budget bounds the steps of one tick, so that a frame is never late: about 4 ms.
const budget = 2000

// collectEvery is how often it is asked whether to collect garbage while nobody looks, in
// milliseconds.
const collectEvery = 1000

var (
	local *room.Room
	page  room.Session
	now   engine.Time
	frame []byte

	collectAt engine.Time
	gone      bool // a frame has, and nothing was collected since
)

func main() { select {} }

func stop() { local = nil }

// start begins at a time in milliseconds with the script of n bytes in the input buffer,
// or with the built-in one when n is 0. It returns 0 or -1000.
//
//go:wasmexport start
func start(n int32, at float64) (code int32) {
	defer port.Guard(&code, stop)
	now = engine.Time(at)
	text := string(port.In(n))
	if text == "" {
		text = script.Opening
	}
	var err error
	if local, err = room.New(room.Config{Code: "playground", Seed: 1, Start: now, Script: text}); err != nil {
		return port.Refuse(errors.New(script.Told(err)))
	}
	page = local.Open("this page")
	return 0
}

// receive takes the packet of n bytes in the input buffer from the page.
//
//go:wasmexport receive
func receive(n int32) (code int32) {
	defer port.Guard(&code, stop)
	if local == nil {
		return port.Faulted
	}
	if err := local.Receive(now, page, port.In(n)); err != nil {
		return port.Refuse(err)
	}
	return 0
}

// tick runs what is due by at, in milliseconds, and returns how long it may rest: 0 when
// work is left, -1000 when it stopped.
//
//go:wasmexport tick
func tick(at float64) float64 { return float64(run(engine.Time(at))) }

func run(at engine.Time) (rest int32) {
	defer port.Guard(&rest, stop)
	if local == nil {
		return port.Faulted
	}
	now = max(now, at)
	more := local.Advance(now, budget)
	if now >= collectAt {
		collect()
	}
	if more {
		return 0
	}
	next := now + 1000
	if due, ok := local.Deadline(); ok {
		next = min(next, due)
	}
	return int32(max(0, next-now))
}

// collect is asked for when a frame has just gone: nobody waits for the next one yet.
func collect() {
	collectAt, gone = now+collectEvery, false
	if port.Collect() {
		local.Full()
	}
}

// output gives the length of the next packet to pass on, at outputAt; 0 when there is
// none.
//
//go:wasmexport output
func output() (code int32) {
	defer port.Guard(&code, stop)
	if local == nil {
		return 0
	}
	if packet := local.Next(page); packet != nil {
		return port.Put(packet)
	}
	if cells, topic, ok := local.Wants(page); ok {
		frame = local.Frame(frame[:0], cells, topic)
		gone = true
		return port.Put(frame)
	}
	if cells, topic, ok := local.WantsBeside(page); ok {
		frame = local.Beside(frame[:0], cells, topic)
		return port.Put(frame)
	}
	if gone {
		collect()
	}
	return 0
}
