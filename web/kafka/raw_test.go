package kafka

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// raw is a connection on which a test writes requests itself.
type raw struct {
	t testing.TB
	net.Conn
	correlation int32
}

func (p *place) dial() *raw {
	p.t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		p.t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(testMost))
	p.t.Cleanup(func() { c.Close() })
	return &raw{t: p.t, Conn: c}
}

// bytesOf is a request with its length and header.
func bytesOf(q kmsg.Request, correlation int32) []byte {
	b := []byte{0, 0, 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(q.Key()))
	b = binary.BigEndian.AppendUint16(b, uint16(q.GetVersion()))
	b = binary.BigEndian.AppendUint32(b, uint32(correlation))
	b = append(b, 0, 3, 'r', 'a', 'w')
	if q.IsFlexible() {
		b = append(b, 0)
	}
	b = q.AppendTo(b)
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	return b
}

func (r *raw) send(q kmsg.Request) {
	r.correlation++
	if _, err := r.Write(bytesOf(q, r.correlation)); err != nil {
		r.t.Fatal(err)
	}
}

// take reads the next response, which must be to the request with that number.
func (r *raw) take(correlation int32, a kmsg.Response) error {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	if got := int32(binary.BigEndian.Uint32(head[4:])); got != correlation {
		return fmt.Errorf("the response is to request %d, not to %d", got, correlation)
	}
	body := make([]byte, binary.BigEndian.Uint32(head[:])-4)
	if _, err := io.ReadFull(r, body); err != nil {
		return err
	}
	if a.IsFlexible() && a.Key() != apiVersionsKey {
		if len(body) == 0 || body[0] != 0 {
			return fmt.Errorf("the header has no empty tagged fields: %x", body)
		}
		body = body[1:]
	}
	if err := a.ReadFrom(body); err != nil {
		return err
	}
	if again := a.AppendTo(nil); len(again) != len(body) {
		return fmt.Errorf("%d bytes came and %d of them were read", len(body), len(again))
	}
	return nil
}

// ask sends a request and reads its response.
func ask[A kmsg.Response](r *raw, q kmsg.Request, a A) A {
	r.t.Helper()
	r.send(q)
	a.SetVersion(q.GetVersion())
	if err := r.take(r.correlation, a); err != nil {
		r.t.Fatalf("%s version %d: %v", kmsg.NameForKey(q.Key()), q.GetVersion(), err)
	}
	return a
}
