package live

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// Frames as RFC 6455, section 5.2 has them. A server's frames are not masked, and ours
// are never in fragments.
const (
	final       = 0x80
	headerMost  = 10
	controlMost = 125 // bytes in a control frame (section 5.5)
)

// appendHeader appends the header of a frame with size bytes of payload.
func appendHeader(dst []byte, opcode byte, size int) []byte {
	dst = append(dst, final|opcode)
	switch {
	case size < 126:
		return append(dst, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(dst, 127), uint64(size))
}

// appendFrame appends a whole frame.
func appendFrame(dst []byte, opcode byte, payload []byte) []byte {
	return append(appendHeader(dst, opcode, len(payload)), payload...)
}

// appendClose appends a close frame. A reason that is too long is cut.
func appendClose(dst []byte, code int, reason string) []byte {
	for len(reason) > controlMost-2 || !utf8.ValidString(reason) {
		reason = reason[:min(len(reason)-1, controlMost-2)]
	}
	dst = appendHeader(dst, websocket.CloseMessage, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(dst, uint16(code)), reason...)
}
