package host

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

// lastAsked is where the last large page was asked for: the next memory is often in it.
var lastAsked atomic.Uintptr

// inLargePages asks for large pages around the room of b. They may reach into other
// memory of the program, which lies around it; that it is in large pages too does no
// harm. It is a wish: a system that does not know it says so, and nothing is lost.
func inLargePages(b []byte) {
	start := uintptr(unsafe.Pointer(unsafe.SliceData(b)))
	end := (start + uintptr(cap(b)) + largePage - 1) &^ (largePage - 1)
	start &^= largePage - 1
	if end-start == largePage && lastAsked.Swap(start) == start {
		return
	}
	syscall.Syscall(syscall.SYS_MADVISE, start, end-start, syscall.MADV_HUGEPAGE)
}
