package remote

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// table writes columns as Kafka's tools do: each as wide as its widest cell, at least as
// wide as given, one blank between.
type table struct {
	widths []int
	rows   [][]string
}

func newTable(header ...string) *table {
	t := &table{widths: make([]int, len(header))}
	t.add(header...)
	return t
}

func (t *table) add(cells ...string) {
	for i, cell := range cells {
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(cell), 15)
	}
	t.rows = append(t.rows, cells)
}

func (t *table) write(to io.Writer) error {
	w := bufio.NewWriter(to)
	for _, row := range t.rows {
		for i, cell := range row {
			w.WriteString(cell)
			if i+1 < len(row) {
				w.WriteString(strings.Repeat(" ", t.widths[i]-utf8.RuneCountInString(cell)+1))
			}
		}
		w.WriteByte('\n')
	}
	return w.Flush()
}
