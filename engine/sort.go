package engine

// SortBy puts n things in order, by heap sort: less compares two of them by index and
// swap exchanges them. It is not stable, so less must be a total order. The slices
// package would do the same, at 10 kB of code for each type of element.
func SortBy(n int, less func(i, j int) bool, swap func(i, j int)) {
	for i := n/2 - 1; i >= 0; i-- {
		siftDown(i, n, less, swap)
	}
	for end := n - 1; end > 0; end-- {
		swap(0, end)
		siftDown(0, end, less, swap)
	}
}

// SortStrings puts strings in order.
func SortStrings(list []string) {
	SortBy(len(list), func(i, j int) bool { return list[i] < list[j] }, func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// InsertAt puts v into list at index i. One function for all pointers, where the slices
// package has one for each type of slice.
func InsertAt[T any](list []*T, i int, v *T) []*T {
	list = append(list, nil)
	copy(list[i+1:], list[i:])
	list[i] = v
	return list
}

// removeAt takes the pointer at index i out of list.
func removeAt[T any](list []*T, i int) []*T {
	last := len(list) - 1
	copy(list[i:], list[i+1:])
	list[last] = nil
	return list[:last]
}

func siftDown(i, n int, less func(i, j int) bool, swap func(i, j int)) {
	for {
		c := 2*i + 1
		if c >= n {
			return
		}
		if c+1 < n && less(c, c+1) {
			c++
		}
		if !less(i, c) {
			return
		}
		swap(i, c)
		i = c
	}
}
