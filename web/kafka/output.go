package kafka

import (
	"encoding/binary"
	"net"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// output is responses that wait to be written: bytes of its own, and record batches of the
// log in between, which are written from where they lie.
type output struct {
	bytes   []byte
	lent    []lent
	size    int // of all lent bytes
	buffers net.Buffers
}

// lent is bytes that come after so many of the output's own.
type lent struct {
	after int
	bytes []byte
}

// lentLeast is the size from which on bytes are lent: for less, copying is cheaper.
const lentLeast = 4 << 10

func (o *output) waiting() int { return len(o.bytes) + o.size }

// add appends bytes that never change: they are lent if they are many.
func (o *output) add(b []byte) {
	if len(b) < lentLeast {
		o.bytes = append(o.bytes, b...)
		return
	}
	o.lent = append(o.lent, lent{len(o.bytes), b})
	o.size += len(b)
}

// writeTo writes everything with as few calls as possible.
func (o *output) writeTo(to net.Conn) (err error) {
	if len(o.lent) == 0 {
		_, err = to.Write(o.bytes)
	} else {
		all, from := o.buffers[:0], 0
		for i := range o.lent {
			all = append(all, o.bytes[from:o.lent[i].after], o.lent[i].bytes)
			from = o.lent[i].after
		}
		all = append(all, o.bytes[from:])
		o.buffers = all
		_, err = all.WriteTo(to) // takes away from all as it goes
		clear(o.buffers)
		clear(o.lent)
	}
	o.bytes, o.lent, o.size = o.bytes[:0], o.lent[:0], 0
	if cap(o.bytes) > keptMost {
		o.bytes = nil
	}
	return err
}

// respond appends a response with its length and header. more is what belongs behind the
// records of each partition of a Fetch.
func (o *output) respond(correlation int32, a kmsg.Response, more [][][]byte) {
	if f, ok := a.(*kmsg.FetchResponse); ok && f.Version >= fetchWriterLeast {
		o.respondFetch(correlation, f, more)
		return
	}
	if p, ok := a.(*kmsg.ProduceResponse); ok && p.Version >= produceWriterLeast {
		o.respondProduce(correlation, p)
		return
	}
	start := o.begin(correlation, a.IsFlexible() && a.Key() != apiVersionsKey)
	o.bytes = a.AppendTo(o.bytes)
	o.end(start, o.size)
}

func (o *output) begin(correlation int32, flexible bool) (start int) {
	start = len(o.bytes)
	o.bytes = append(o.bytes, 0, 0, 0, 0)
	o.bytes = binary.BigEndian.AppendUint32(o.bytes, uint32(correlation))
	if flexible {
		o.bytes = append(o.bytes, 0) // no tagged fields in the header
	}
	return start
}

// end fills in the length of the response that began at start, when so much was lent.
func (o *output) end(start, lentBefore int) {
	binary.BigEndian.PutUint32(o.bytes[start:], uint32(len(o.bytes)-start-4+o.size-lentBefore))
}
