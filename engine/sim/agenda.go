package sim

import "partita/engine"

// due is one thing to do, as a value: a million of them are nothing to collect.
type due struct {
	at     engine.Time
	id     uint64
	link   *link
	parcel *parcel
	kind   dueKind
}

type dueKind uint8

const (
	dueRequest  dueKind = iota // a parcel reaches the cluster
	dueReply                   // a parcel reaches the client
	dueWake                    // a client's own deadline
	dueGenerate                // a producer makes its next record
)

// agenda is a binary heap ordered by (at, id).
type agenda struct {
	heap []due
	next uint64
}

func (a *agenda) add(d due) {
	a.next++
	d.id = a.next
	a.heap = append(a.heap, d)
	h := a.heap
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !d.before(&h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = d
}

func (a *agenda) pop() due {
	h := a.heap
	top, last := h[0], len(h)-1
	d := h[last]
	h[last] = due{}
	h = h[:last]
	a.heap = h
	if last == 0 {
		return top
	}
	i := 0
	for {
		c := 2*i + 1
		if c >= last {
			break
		}
		if c+1 < last && h[c+1].before(&h[c]) {
			c++
		}
		if !h[c].before(&d) {
			break
		}
		h[i] = h[c]
		i = c
	}
	h[i] = d
	return top
}

func (d *due) before(o *due) bool {
	if d.at != o.at {
		return d.at < o.at
	}
	return d.id < o.id
}
