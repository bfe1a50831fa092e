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
	d := e.digest
	d = mix(d, uint64(ev.At))
	d = mix(d, uint64(ev.Kind)|uint64(uint16(ev.Code))<<8|uint64(ev.Session)<<32)
	d = mix(d, uint64(ev.Topic)|uint64(uint32(ev.Partition))<<32)
	d = mix(d, uint64(ev.Group)|uint64(ev.Member)<<32)
	d = mix(d, uint64(ev.Offset))
	d = mix(d, uint64(ev.End)^uint64(uint32(ev.Epoch))<<32)
	d = mix(d, uint64(ev.Aux))
	b := ev.Bytes
	tail := uint64(len(b))
	if ev.Kind == KindAppended {
		e.digest = mix(d, tail<<32|uint64(batch.CRC(b)))
		return
	}
	for ; len(b) >= 8; b = b[8:] {
		d = mix(d, batch.Uint64(b))
	}
	for _, c := range b {
		tail = tail<<8 | uint64(c)
	}
	e.digest = mix(d, tail)
}

func mix(d, v uint64) uint64 {
	d = (d ^ v) * digestFactor
	return d ^ d>>29
}
