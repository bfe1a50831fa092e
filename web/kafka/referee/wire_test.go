package referee

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
	"github.com/twmb/franz-go/pkg/kversion"
)

// versions are those of the requests, unless a test says otherwise: the newest that Apache
// Kafka 4.1 serves; but records are sent and fetched by the name of their topic.
var versions = func() *kversion.Versions {
	v := kversion.V4_1_0()
	v.SetMaxKeyVersion(kmsg.Produce.Int16(), 12)
	v.SetMaxKeyVersion(kmsg.Fetch.Int16(), 12)
	v.SetMaxKeyVersion(kmsg.OffsetCommit.Int16(), 9)
	v.SetMaxKeyVersion(kmsg.OffsetFetch.Int16(), 9)
	return v
}()

// anyVersion is the version of a request that is to get the one of versions.
const anyVersion = -1

// wire is a connection without a client's cleverness: one request, one response.
type wire struct {
	net.Conn
	correlation int32
}

func dial(addr string) (*wire, error) {
	c, err := net.Dial("tcp", addr)
	return &wire{Conn: c}, err
}

// bytesOf is a request with its length and header.
func bytesOf(q kmsg.Request, correlation int32, client string) []byte {
	b := []byte{0, 0, 0, 0}
	b = binary.BigEndian.AppendUint16(b, uint16(q.Key()))
	b = binary.BigEndian.AppendUint16(b, uint16(q.GetVersion()))
	b = binary.BigEndian.AppendUint32(b, uint32(correlation))
	b = binary.BigEndian.AppendUint16(b, uint16(len(client)))
	b = append(b, client...)
	if q.IsFlexible() {
		b = append(b, 0)
	}
	b = q.AppendTo(b)
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	return b
}

// ask sends a request and reads the response to it, or says how the connection ended.
func (w *wire) ask(q kmsg.Request, client string) (kmsg.Response, error) {
	w.correlation++
	w.SetDeadline(time.Now().Add(most / 4))
	if _, err := w.Write(bytesOf(q, w.correlation, client)); err != nil {
		return nil, err
	}
	var head [8]byte
	if _, err := io.ReadFull(w, head[:]); err != nil {
		return nil, err
	}
	if got := int32(binary.BigEndian.Uint32(head[4:])); got != w.correlation {
		return nil, fmt.Errorf("the response is to request %d, not to %d", got, w.correlation)
	}
	body := make([]byte, binary.BigEndian.Uint32(head[:])-4)
	if _, err := io.ReadFull(w, body); err != nil {
		return nil, err
	}
	a := q.ResponseKind()
	a.SetVersion(q.GetVersion())
	if a.IsFlexible() && a.Key() != kmsg.ApiVersions.Int16() {
		if len(body) == 0 || body[0] != 0 {
			return nil, errors.New("the response's header has no empty tagged fields")
		}
		body = body[1:]
	}
	return a, a.ReadFrom(body)
}
