//go:build js && wasm

// Command seat is a tab's seat in a live room inside a Worker: a consumer, and the packets
// between it, its page and the room. It has its own program because it needs no world, no
// script and no stage. Package port says how bytes pass.
package main

import (
	"partita/engine"
	"partita/engine/room"
	"partita/wasm/port"
)

var (
	seat *room.Seat
	now  engine.Time
)

func main() { select {} }

func stop() { seat = nil }

// start begins at a time in milliseconds with settings, n bytes of lines of name=value in
// the input buffer. It returns 0 or -1000.
//
//go:wasmexport start
func start(n int32, at float64) (code int32) {
	defer port.Guard(&code, stop)
	now = engine.Time(at)
	var err error
	if seat, err = room.NewSeat(string(port.In(n))); err != nil {
		return port.Refuse(err)
	}
	return 0
}

// receive takes the packet of n bytes in the input buffer from the live room.
//
//go:wasmexport receive
func receive(n int32) (code int32) {
	defer port.Guard(&code, stop)
	if seat == nil {
		return port.Faulted
	}
	if err := seat.Receive(now, port.In(n)); err != nil {
		return port.Refuse(err)
	}
	return 0
}

// order carries out the line of n bytes in the input buffer. What it has to say (a
// refusal, or the history that was asked for) is at outputAt, with the length that order
// returns; 0 when all went well.
//
//go:wasmexport order
func order(n int32) (code int32) {
	defer port.Guard(&code, stop)
	if seat == nil {
		return port.Faulted
	}
	line := string(port.In(n))
	if line == "history" {
		return port.Put(seat.AppendHistory(nil))
	}
	if err := seat.Order(now, line); err != nil {
		return port.Put([]byte(err.Error()))
	}
	return 0
}

// tick runs what is due by at, in milliseconds, and returns how long it may rest, or
// -1000 when it stopped.
//
//go:wasmexport tick
func tick(at float64) float64 { return float64(run(engine.Time(at))) }

func run(at engine.Time) (rest int32) {
	defer port.Guard(&rest, stop)
	if seat == nil {
		return port.Faulted
	}
	now = max(now, at)
	next := seat.Tick(now)
	seat.Draw(now)
	return int32(max(0, min(next-now, 1000)))
}

// output gives the length of the next packet to pass on, at outputAt; 0 when there is
// none.
//
//go:wasmexport output
func output() (code int32) {
	defer port.Guard(&code, stop)
	if seat == nil {
		return 0
	}
	if packet := seat.Output(); packet != nil {
		return port.Put(packet)
	}
	return 0
}
