package engine

import "partita/engine/batch"

const (
	digestStart  = 0xcbf29ce484222325
	digestFactor = 0x9fb21c651e98df25
)

// Digest is a running hash of every event so far. Two runs with equal digests
// had the same events. Of an appended batch it takes the CRC, which stands for all
// that the producer sent.
func (e *Engine) Digest() uint64 { return e.digest }

func (e *Engine) digestEvent(ev *Event) {
	b := ev.Bytes
	tail := uint64(len(b))
	if ev.Kind == KindAppended {
		tail, b = tail<<32|uint64(batch.CRC(b)), nil
	}
	row := [...]uint64{ // a loop over an array: calls cost more than the rest in WebAssembly
		uint64(ev.At),
		uint64(ev.Kind) | uint64(uint16(ev.Code))<<8 | uint64(ev.Session)<<32,
		uint64(ev.Topic) | uint64(uint32(ev.Partition))<<32,
		uint64(ev.Group) | uint64(ev.Member)<<32,
		uint64(ev.Offset),
		uint64(ev.End) ^ uint64(uint32(ev.Epoch))<<32,
		uint64(ev.Aux),
	}
	d := e.digest
	for _, v := range row {
		d = (d ^ v) * digestFactor
		d ^= d >> 29
	}
	for ; len(b) >= 8; b = b[8:] {
		d = (d ^ batch.Uint64(b)) * digestFactor
		d ^= d >> 29
	}
	for _, c := range b {
		tail = tail<<8 | uint64(c)
	}
	d = (d ^ tail) * digestFactor
	e.digest = d ^ d>>29
}
