package scene

import (
	"math"
	"unicode/utf8"
)

// AppendFrame appends the encoded frame to dst; the package comment describes the
// bytes. Slices longer than 65,535 elements are cut, as are strings of more bytes.
// It allocates nothing when dst has room and the frame has at most 768 different
// strings.
func AppendFrame(dst []byte, f *Frame) []byte {
	e := encoder{out: append(dst, FrameVersion), start: len(dst)}
	e.openTable()
	e.frame(f)
	e.closeTable()
	e.frame(f)
	return e.out
}

// AppendSeat appends the encoded seat to dst, like AppendFrame.
func AppendSeat(dst []byte, s *Seat) []byte {
	e := encoder{out: append(dst, SeatVersion), start: len(dst)}
	e.openTable()
	e.seat(s)
	e.closeTable()
	e.seat(s)
	return e.out
}

// encoder walks a frame twice. The first walk writes the table of strings, the second
// the fields, so that one description of the order serves both.
type encoder struct {
	out     []byte
	start   int // where the frame begins in out
	writing bool
	count   int // strings in the table
	table   int // where the table's count stands in out
	few     [slotsFew]slot
	many    []slot // instead of few when that is full
}

// slot is a place in a hash table with open addressing: a string that lies in out.
type slot struct {
	at   int32 // of its first byte in out, from start; 0 marks a free slot
	rank uint16
	size uint16
}

const (
	slotsFew = 1024 // small enough for the stack
	most     = 1<<16 - 1
)

func (e *encoder) openTable() {
	e.table = len(e.out)
	e.out = append(e.out, 0, 0)
}

func (e *encoder) closeTable() {
	e.out[e.table] = byte(e.count)
	e.out[e.table+1] = byte(e.count >> 8)
	e.writing = true
}

// text puts a string into the table or, on the second walk, writes its index.
func (e *encoder) text(s string) {
	for len(s) > most { // never in practice: cut it between two characters
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	place := e.find(s)
	if e.writing {
		e.u16(place.rank)
		return
	}
	if place.at != 0 || e.count == most {
		return
	}
	e.out = append(e.out, byte(len(s)), byte(len(s)>>8))
	*place = slot{at: int32(len(e.out) - e.start), rank: uint16(e.count), size: uint16(len(s))}
	e.out = append(e.out, s...)
	e.count++
	if size := max(slotsFew, len(e.many)); e.count*4 > size*3 {
		e.grow(size)
	}
}

// find returns the slot of s: where it is, or the free one where it belongs.
func (e *encoder) find(s string) *slot {
	slots := e.many
	if slots == nil {
		slots = e.few[:]
	}
	hash := uint32(2166136261) // FNV-1a
	for i := 0; i < len(s); i++ {
		hash = (hash ^ uint32(s[i])) * 16777619
	}
	mask := len(slots) - 1
	for at := int(hash) & mask; ; at = (at + 1) & mask {
		place := &slots[at]
		from := e.start + int(place.at)
		if place.at == 0 || int(place.size) == len(s) && string(e.out[from:from+len(s)]) == s {
			return place
		}
	}
}

func (e *encoder) grow(size int) {
	old := e.many
	if old == nil {
		old = e.few[:]
	}
	e.many = make([]slot, 2*size)
	for _, s := range old {
		if s.at != 0 {
			from := e.start + int(s.at)
			*e.find(string(e.out[from : from+int(s.size)])) = s
		}
	}
}

// list writes the length of a slice and returns how many elements follow.
func (e *encoder) list(n int) int {
	n = min(n, most)
	e.u16(uint16(n))
	return n
}

func (e *encoder) u8(v uint8) {
	if e.writing {
		e.out = append(e.out, v)
	}
}

func (e *encoder) flag(v bool) {
	if v {
		e.u8(1)
	} else {
		e.u8(0)
	}
}

func (e *encoder) u16(v uint16) {
	if e.writing {
		e.out = append(e.out, byte(v), byte(v>>8))
	}
}

func (e *encoder) u32(v uint32) {
	if e.writing {
		e.out = append(e.out, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
}

func (e *encoder) i32(v int32) { e.u32(uint32(v)) }

// number writes an integer as float64, which a page reads without BigInt.
func (e *encoder) number(v int64) {
	bits := math.Float64bits(float64(v))
	e.u32(uint32(bits))
	e.u32(uint32(bits >> 32))
}

// cells writes the count, zero bytes up to a multiple of four, and the cells.
func (e *encoder) cells(cells []uint32) {
	if !e.writing {
		return
	}
	cells = cells[:e.list(len(cells))]
	for (len(e.out)-e.start)%4 != 0 {
		e.out = append(e.out, 0)
	}
	for _, v := range cells {
		e.out = append(e.out, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
}
