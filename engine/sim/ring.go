package sim

import (
	"slices"

	"partita/engine"
)

// pageSize is how many counts stand in one page of a ring.
const pageSize = 1024

// ring is a small count for each offset of a window, by offset modulo its length. A copy
// shares its pages with the original, and whoever writes to one first makes it its own: a
// world with a million records a second is captured twice a second, and most of the window
// is the same then.
type ring struct {
	pages [][]uint8 // a power of two of them; nil where every count is 0
	own   []bool    // pages that nobody else has; empty: none
}

// len is how many offsets there is room for.
func (r *ring) len() int64 { return int64(len(r.pages)) * pageSize }

func (r *ring) page(o engine.Offset) int { return int(o/pageSize) & (len(r.pages) - 1) }

func (r *ring) count(o engine.Offset) uint8 {
	if len(r.pages) == 0 {
		return 0
	}
	if page := r.pages[r.page(o)]; page != nil {
		return page[o%pageSize]
	}
	return 0
}

// span is the counts from one offset to another, or to the end of their page, to be written.
func (r *ring) span(from, end engine.Offset) []uint8 {
	i := r.page(from)
	if len(r.own) == 0 {
		r.own = make([]bool, len(r.pages))
	}
	if !r.own[i] {
		page := make([]uint8, pageSize)
		copy(page, r.pages[i])
		r.pages[i], r.own[i] = page, true
	}
	at := from % pageSize
	return r.pages[i][at:min(at+end-from, pageSize)]
}

// grow makes room for twice as many, of which those from base to end are kept.
func (r *ring) grow(base, end engine.Offset) {
	grown := ring{pages: make([][]uint8, max(1, 2*len(r.pages)))}
	for o := base; o < end; {
		span := grown.span(o, end)
		for i := range span {
			span[i] = r.count(o)
			o++
		}
	}
	*r = grown
}

// share gives a copy. From now on neither writes to the pages that both have.
func (r *ring) share() ring {
	r.own = nil
	return ring{pages: slices.Clone(r.pages)}
}
