package kafka

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
)

// request is one request as it came.
type request struct {
	key, version int16
	correlation  int32
	clientID     string
	frame        []byte // what memory it holds; the body aliases it
	api          *api   // nil: an ApiVersions in a version that is not served
	body         kmsg.Request
	checked      []produced // of a Produce, by topic and partition
	bare         bool       // a SASL token without a header
	kept         bool       // the engine has kept a part of the frame
}

const apiVersionsKey = 18

// frames are the bytes of requests that were answered, to be used again.
var frames sync.Pool

// readFrame reads one request's bytes after its length. What a client only claims to send
// is not allocated: beyond room bytes the frame grows with what has come.
func readFrame(r *bufio.Reader, size, room int) ([]byte, error) {
	var dst []byte
	if used, ok := frames.Get().(*[]byte); ok && cap(*used) <= pooledMost {
		dst = (*used)[:0]
	}
	if cap(dst) < size {
		dst = host.Memory(min(size, room))
	}
	for len(dst) < size {
		if len(dst) == cap(dst) {
			grown := make([]byte, len(dst), min(size, 4*cap(dst)))
			copy(grown, dst)
			dst = grown
		}
		end := min(size, cap(dst))
		n, err := io.ReadFull(r, dst[len(dst):end])
		dst = dst[:len(dst)+n]
		if err != nil {
			return dst, err
		}
	}
	return dst, nil
}

// parseRequest decodes a request whose header and body are frame. An error ends the
// connection.
func parseRequest(frame []byte) (*request, error) {
	if len(frame) < 8 {
		return nil, errShort
	}
	q := &request{
		frame: frame,
		key:   int16(binary.BigEndian.Uint16(frame)), version: int16(binary.BigEndian.Uint16(frame[2:])),
		correlation: int32(binary.BigEndian.Uint32(frame[4:])),
	}
	if q.api = served(q.key, q.version); q.api == nil {
		if q.key == apiVersionsKey {
			return q, nil // answered with what there is (KIP-511)
		}
		return nil, fmt.Errorf("%w: %s (%d) version %d", errUnknown, kmsg.NameForKey(q.key), q.key, q.version)
	}
	if len(frame) > plainMost && q.key != 0 {
		return nil, errLarge
	}
	rest, err := q.header(frame[8:])
	if err != nil {
		return nil, err
	}
	q.body = kmsg.RequestForKey(q.key)
	q.body.SetVersion(q.version)
	if q.body.IsFlexible() {
		if rest, err = skipTags(rest); err != nil {
			return nil, err
		}
	}
	if _, ok := walk(shapeOf(q.key, q.version), rest, q.body.IsFlexible()); !ok {
		return nil, fmt.Errorf("%w: %s version %d", errShort, kmsg.NameForKey(q.key), q.version)
	}
	if err := q.body.ReadFrom(rest); err != nil {
		return nil, fmt.Errorf("%s version %d: %w", kmsg.NameForKey(q.key), q.version, err)
	}
	if p, ok := q.body.(*kmsg.ProduceRequest); ok {
		q.checked = checkProduce(p)
	}
	return q, nil
}

// header reads the client id, a nullable string in every version of the header.
func (q *request) header(b []byte) (rest []byte, err error) {
	if len(b) < 2 {
		return nil, errShort
	}
	n := int(int16(binary.BigEndian.Uint16(b)))
	b = b[2:]
	if n < 0 {
		return b, nil
	}
	if n > len(b) {
		return nil, errShort
	}
	q.clientID = string(b[:n])
	return b[n:], nil
}

// skipTags moves past the tagged fields of a header (KIP-482): none means anything yet.
func skipTags(b []byte) ([]byte, error) {
	count, n := binary.Uvarint(b)
	if n <= 0 {
		return nil, errShort
	}
	b = b[n:]
	if count > uint64(len(b)) {
		return nil, errShort
	}
	for range count {
		if _, n = binary.Uvarint(b); n <= 0 { // the tag
			return nil, errShort
		}
		b = b[n:]
		size, n := binary.Uvarint(b)
		if n <= 0 || size > uint64(len(b)-n) {
			return nil, errShort
		}
		b = b[n+int(size):]
	}
	return b, nil
}
