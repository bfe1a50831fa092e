//go:build js && wasm

package port

import "runtime"

// Collect collects garbage if the heap has doubled since the last time, and a small heap if it
// has grown by a quarter: that takes a millisecond or two, and a browser makes fast only what it
// has seen run, so that the first collection of a large heap would take three times as long if it
// were the first. Go's own collector would spread its work over a second or more, in which each
// pointer that is written costs several times as much: with a million records a second the engine
// then falls behind. When nobody waits, all of it takes some 5 to 15 ms. Go's own begins later
// (cmd/bundle builds it so), for a call that allocates much before it returns.
//
// It reports whether the heap is full: there are 4 GiB of addresses, and the program ends where
// it gets no more of them.
func Collect() (full bool) {
	runtime.ReadMemStats(&memory)
	more := heap
	if heap < smallHeap {
		more = heap / 4
	}
	if memory.HeapAlloc >= min(heap+more+heapSpare, max(heap, heapMost)+fullSpare) {
		runtime.GC()
		runtime.ReadMemStats(&memory)
		heap = memory.HeapAlloc
	}
	return heap > heapMost
}

// In bytes.
const (
	smallHeap = 64 << 20
	heapMost  = 3 << 30
	heapSpare = 1 << 20 // keeps the smallest from being collected for little
	fullSpare = 1 << 16 // as soon as there is room again, it is seen
)

var (
	memory runtime.MemStats
	heap   uint64 // bytes after the last collection
)
