package manifest

import (
	"slices"
	"testing"
)

func TestClosure(t *testing.T) {
	m := Manifest{
		"a.js": {Imports: []string{"x.js", "y.js"}},
		"b.js": {Imports: []string{"y.js"}},
		"x.js": {Imports: []string{"y.js"}},
		"y.js": {Imports: []string{"a.js"}}, // a cycle
	}
	got, err := m.Closure("a.js", "b.js")
	if want := []string{"a.js", "b.js", "x.js", "y.js"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("closure %v, error %v; want %v", got, err, want)
	}
	if _, err := m.Closure("absent.js"); err == nil {
		t.Error("no error for a name that is not there")
	}
}

func TestBrotli(t *testing.T) {
	if got := (File{Raw: 10, Br: 4}).Brotli(); got != 4 {
		t.Errorf("%d, want the compressed size", got)
	}
	if got := (File{Raw: 10}).Brotli(); got != 10 {
		t.Errorf("%d, want the plain size of a file without a copy", got)
	}
}
