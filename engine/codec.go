package engine

import (
	"errors"

	"partita/engine/batch"
)

// Commands and replies as bytes, for consumers at the other end of a socket, and only
// those that they send; what changes a cluster comes as script. One byte
// for the kind, which is Kafka's protocol key, and the fields in their order. This is
// Partita's own form, not Kafka's. Integers are zigzag varints; texts and lists begin
// with their length; bytes that may be null with their length plus one, or zero.

// ErrCodec: the bytes are no command or no reply.
var ErrCodec = errors.New("malformed command or reply")

// Kafka's protocol keys of the commands and of their reply bodies. keyNone is a reply
// without a body.
const (
	keyProduce          = 0
	keyNone             = 0
	keyFetch            = 1
	keyListOffsets      = 2
	keyMetadata         = 3
	keyOffsetCommit     = 8
	keyOffsetFetch      = 9
	keyFindCoordinator  = 10
	keyJoinGroup        = 11
	keyHeartbeat        = 12
	keyLeaveGroup       = 13
	keySyncGroup        = 14
	keyDescribeGroups   = 15
	keyLeaderEpoch      = 23
	keyConsumerBeat     = 68
	keyConsumerDescribe = 69
	keyShareBeat        = 76
	keyShareDescribe    = 77
	keyShareFetch       = 78
	keyShareAck         = 79
)

// wire walks the fields of a command or reply, to write them or to read them: one
// walk says both. Once something does not fit it is bad, and everything reads as zero.
type wire struct {
	b    []byte // written so far, or not yet read
	read bool
	bad  bool
}

// fail marks the bytes as bad and gives the zero length.
func (w *wire) fail() int {
	w.bad, w.b = true, nil
	return 0
}

// num is an integer.
func num[T ~int8 | ~int16 | ~int32 | ~int64 | ~uint32](w *wire, v *T) {
	if !w.read {
		w.b = batch.AppendVarint(w.b, int64(*v))
		return
	}
	wide, n := batch.Varlong(w.b)
	if n <= 0 || int64(T(wide)) != wide {
		n, wide = w.fail(), 0
	}
	*v, w.b = T(wide), w.b[n:]
}

// size is a length; each of what it counts takes at least least bytes, so that a
// length which cannot be true is noticed before anything is made of it.
func (w *wire) size(n, least int) int {
	wide := int64(n)
	num(w, &wide)
	if w.read && (wide < 0 || wide > int64(len(w.b)/least)) {
		return w.fail()
	}
	return int(wide)
}

func (w *wire) take(n int) []byte {
	b := w.b[:n:n]
	w.b = w.b[n:]
	return b
}

func (w *wire) text(s *string) {
	n := w.size(len(*s), 1)
	if w.read {
		*s = string(w.take(n))
	} else {
		w.b = append(w.b, *s...)
	}
}

// bytes are nullable, and alias what is read.
func (w *wire) bytes(b *[]byte) {
	n := int64(len(*b)) + 1
	if *b == nil {
		n = 0
	}
	num(w, &n)
	switch {
	case !w.read:
		w.b = append(w.b, *b...)
	case n < 0 || n > int64(len(w.b))+1:
		w.fail()
	case n > 0:
		*b = w.take(int(n - 1))
	}
}

// flag is true or false.
func (w *wire) flag(v *bool) {
	n := int16(0)
	if *v {
		n = 1
	}
	num(w, &n)
	*v = n == 1
	w.bad = w.bad || n>>1 != 0
}

// list is the length of *s and then, for the caller, its elements, each of at least
// least bytes. An empty list is read as nil.
func list[T any](w *wire, s *[]T, least int) []T {
	if n := w.size(len(*s), least); w.read && n > 0 {
		*s = make([]T, n)
	}
	return *s
}

func (w *wire) texts(s *[]string) {
	l := list(w, s, 1)
	for i := range l {
		w.text(&l[i])
	}
}

func nums[T ~int8 | ~int16 | ~int32 | ~int64 | ~uint32](w *wire, s *[]T) {
	l := list(w, s, 1)
	for i := range l {
		num(w, &l[i])
	}
}

// reader starts to read b after its first byte, the kind.
func reader(b []byte) (kind byte, w wire) {
	if len(b) == 0 {
		return 0, wire{read: true, bad: true}
	}
	return b[0], wire{b: b[1:], read: true}
}

// done reports whether everything was read, and nothing is left.
func (w *wire) done() bool { return !w.bad && len(w.b) == 0 }
