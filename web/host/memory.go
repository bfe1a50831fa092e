package host

// largePage is the size of the pages that memory for records is asked to have, in bytes:
// the large ones of most processors.
const largePage = 2 << 20

// askedLeast is the size from which on memory for records is asked to be in large pages,
// in bytes.
const askedLeast = 32 << 10

// Memory gives room for records that are kept: an empty slice of that capacity. What is
// kept is always new memory, and to have it mapped by 4 kB costs a processor more than
// all else that is done for a record, so it is asked to come in large pages.
func Memory(size int) []byte {
	b := make([]byte, 0, size)
	if size >= askedLeast {
		inLargePages(b)
	}
	return b
}
