package scene

import "unicode/utf8"

// Cell draws one record: its letter is the last character of the key, its hue
// follows from that letter, so that equal keys look alike and neighbours in a
// series (truck-1, truck-2) do not. A record without a key has neither.
func Cell(key, value []byte) uint32 {
	var cell uint32
	if value == nil {
		cell = CellTombstone
	}
	if len(key) == 0 {
		return cell
	}
	r, _ := utf8.DecodeLastRune(key)
	if r == utf8.RuneError || r > 0xffff || r < ' ' {
		r = '?'
	}
	return cell | uint32(r) | (uint32(r-'1')%6+1)<<16
}
