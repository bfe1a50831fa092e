package engine

const (
	digestStart  = 0xcbf29ce484222325
	digestFactor = 0x9fb21c651e98df25
)

// Digest is a running hash of every event so far. Two runs with equal digests
// had the same events. Of appended records it takes the batch header, whose CRC
// stands for the rest.
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
	if ev.Kind == KindAppended {
		b = b[:headerSize]
	}
	for ; len(b) >= 8; b = b[8:] {
		d = mix(d, uint64(b[0])|uint64(b[1])<<8|uint64(b[2])<<16|uint64(b[3])<<24|
			uint64(b[4])<<32|uint64(b[5])<<40|uint64(b[6])<<48|uint64(b[7])<<56)
	}
	tail := uint64(len(b))
	for _, c := range b {
		tail = tail<<8 | uint64(c)
	}
	e.digest = mix(d, tail)
}

func mix(d, v uint64) uint64 {
	d = (d ^ v) * digestFactor
	return d ^ d>>29
}
