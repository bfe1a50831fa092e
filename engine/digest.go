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
	e.digestRow(ev)
	d, b := e.digest, ev.Bytes
	tail := uint64(len(b))
	if ev.Kind == KindAppended {
		tail, b = tail<<32|uint64(batch.CRC(b)), nil
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

// digestAppended is digestEvent for a batch whose CRC is known.
func (e *Engine) digestAppended(ev *Event, crc uint32) {
	e.digestRow(ev)
	d := (e.digest ^ (uint64(len(ev.Bytes))<<32 | uint64(crc))) * digestFactor
	e.digest = d ^ d>>29
}

// digestRow takes the fields of an event, but not its bytes. It is written out: in
// WebAssembly an array or calls cost more than all else here.
func (e *Engine) digestRow(ev *Event) {
	d := (e.digest ^ uint64(ev.At)) * digestFactor
	d ^= d >> 29
	d = (d ^ (uint64(ev.Kind) | uint64(uint16(ev.Code))<<8 | uint64(ev.Session)<<32)) * digestFactor
	d ^= d >> 29
	d = (d ^ (uint64(ev.Topic) | uint64(uint32(ev.Partition))<<32)) * digestFactor
	d ^= d >> 29
	d = (d ^ (uint64(ev.Group) | uint64(ev.Member)<<32)) * digestFactor
	d ^= d >> 29
	d = (d ^ uint64(ev.Offset)) * digestFactor
	d ^= d >> 29
	d = (d ^ (uint64(ev.End) ^ uint64(uint32(ev.Epoch))<<32)) * digestFactor
	d ^= d >> 29
	d = (d ^ uint64(ev.Aux)) * digestFactor
	e.digest = d ^ d>>29
}
