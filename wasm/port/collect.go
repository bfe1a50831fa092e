//go:build js && wasm

package port

import "runtime"

// Collect collects garbage if the heap has doubled since the last time. Go's own collector
// would spread its work over a second or more, in which each pointer that is written costs
// several times as much: with a million records a second the engine then falls behind. When
// nobody waits, all of it takes some 5 to 30 ms. Go's own begins later (cmd/bundle
// builds it so), for a call that allocates much before it returns.
func Collect() {
	runtime.ReadMemStats(&memory)
	if memory.HeapAlloc < 2*heap+heapSpare {
		return
	}
	runtime.GC()
	runtime.ReadMemStats(&memory)
	heap = memory.HeapAlloc
}

// heapSpare keeps a small heap from being collected for little, in bytes.
const heapSpare = 4 << 20

var (
	memory runtime.MemStats
	heap   uint64 // bytes after the last collection
)
