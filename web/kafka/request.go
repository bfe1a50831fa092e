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

	// What a Produce or Fetch is decoded into, and its response: they are used again.
	produce         kmsg.ProduceRequest
	produceResponse kmsg.ProduceResponse
	fetch           kmsg.FetchRequest
	fetchResponse   kmsg.FetchResponse
	response        kmsg.Response // the one of those two; nil: a new one is to be made
	txn             string        // the Produce's transactional id
}

// requests are requests that were answered, to be used again.
var requests = sync.Pool{New: func() any { return new(request) }}

// elementsMost is how many partitions a request may have had to be used again.
const elementsMost = 1000

// recycle gives a request back to be used again. Nothing may refer to it any more.
func (q *request) recycle() {
	parts := len(q.checked) + len(q.fetch.ForgottenTopics)
	for i := range q.fetch.Topics {
		parts += len(q.fetch.Topics[i].Partitions)
	}
	if parts > elementsMost {
		return
	}
	for i := range q.fetchResponse.Topics { // records may go when their topic lets them
		clear(q.fetchResponse.Topics[i].Partitions)
	}
	for i := range q.produce.Topics {
		clear(q.produce.Topics[i].Partitions)
	}
	clear(q.checked)
	q.produceResponse.Topics, q.fetchResponse.Topics = q.produceResponse.Topics[:0], q.fetchResponse.Topics[:0]
	q.produceResponse.ThrottleMillis, q.fetchResponse.ThrottleMillis = 0, 0
	q.fetchResponse.ErrorCode, q.fetchResponse.SessionID = 0, 0
	if q.kept || q.key > 1 || q.response == nil || cap(q.frame) > pooledMost { // the engine may have parts of it
		q.frame = nil
	}
	q.api, q.body, q.response, q.checked = nil, nil, nil, q.checked[:0]
	q.clientID, q.bare, q.kept = "", false, false
	requests.Put(q)
}

const apiVersionsKey = 18

// read reads one request's bytes after its length. What a client only claims to send is
// not allocated: beyond room bytes the frame grows with what has come. A large one has a claim, which is
// told of that.
func (q *request) read(r *bufio.Reader, size, room int, claim *claim) error {
	least, dst := 0, []byte(nil)
	if key, err := r.Peek(min(2, size)); err == nil && size > 2 && key[0] == 0 && key[1] <= 1 {
		least, dst = frameLeast, q.frame[:0] // a Produce or a Fetch: their frames are used again
	}
	q.frame = nil
	if cap(dst) < size {
		dst = host.Memory(max(least, min(size, room)))
	}
	for len(dst) < size {
		if len(dst) == cap(dst) {
			grown := make([]byte, len(dst), min(size, 4*cap(dst)))
			copy(grown, dst)
			dst = grown
		}
		end := min(size, cap(dst), len(dst)+pieceMost)
		n, err := io.ReadFull(r, dst[len(dst):end])
		dst = dst[:len(dst)+n]
		if err != nil {
			return err
		}
		if claim != nil {
			claim.came.Add(int64(n))
		}
	}
	q.frame = dst
	return nil
}

// parse decodes a request whose header and body are its frame. An error ends the
// connection.
func (q *request) parse(names *names) error {
	frame := q.frame
	if len(frame) < 8 {
		return errShort
	}
	q.key, q.version = int16(binary.BigEndian.Uint16(frame)), int16(binary.BigEndian.Uint16(frame[2:]))
	q.correlation = int32(binary.BigEndian.Uint32(frame[4:]))
	if q.api = served(q.key, q.version); q.api == nil {
		if q.key == apiVersionsKey {
			return nil // answered with what there is (KIP-511)
		}
		return fmt.Errorf("%w: %s (%d) version %d", errUnknown, kmsg.NameForKey(q.key), q.key, q.version)
	}
	if len(frame) > plainMost && q.key != 0 {
		return errLarge
	}
	rest, err := q.header(frame[8:], names)
	if err != nil || q.decode(rest, names) {
		return err
	}
	q.body = kmsg.RequestForKey(q.key)
	q.body.SetVersion(q.version)
	if q.body.IsFlexible() {
		if rest, err = skipTags(rest); err != nil {
			return err
		}
	}
	if _, ok := walk(shapeOf(q.key, q.version), rest, q.body.IsFlexible()); !ok {
		return fmt.Errorf("%w: %s version %d", errShort, kmsg.NameForKey(q.key), q.version)
	}
	if err := q.body.ReadFrom(rest); err != nil {
		return fmt.Errorf("%s version %d: %w", kmsg.NameForKey(q.key), q.version, err)
	}
	if p, ok := q.body.(*kmsg.ProduceRequest); ok {
		q.checked = checkProduce(p, q.checked[:0])
	}
	return nil
}

// decode decodes an ordinary Produce or Fetch; false: it is left to kmsg.
func (q *request) decode(rest []byte, names *names) bool {
	switch {
	case q.key == 0 && q.version >= 3:
		q.produce.Version, q.produceResponse.Version = q.version, q.version
		if q.version >= 9 {
			if len(rest) == 0 || rest[0] != 0 {
				return false // tags in the header
			}
			rest = rest[1:]
		}
		if !decodeProduce(rest, &q.produce, &q.txn, names) {
			return false
		}
		q.body, q.response = &q.produce, &q.produceResponse
		q.checked = checkProduce(&q.produce, q.checked[:0])
		return true
	case q.key == 1 && q.version >= fetchWriterLeast:
		q.fetch.Version, q.fetchResponse.Version = q.version, q.version
		if q.version >= 12 {
			if len(rest) == 0 || rest[0] != 0 {
				return false
			}
			rest = rest[1:]
		}
		if !decodeFetch(rest, &q.fetch, names) {
			return false
		}
		q.body, q.response = &q.fetch, &q.fetchResponse
		return true
	}
	return false
}

// header reads the client id, a nullable string in every version of the header.
func (q *request) header(b []byte, names *names) (rest []byte, err error) {
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
	q.clientID = names.of(b[:n])
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
