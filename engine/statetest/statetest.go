// Package statetest helps to test that a state is copied whole: it walks structs by
// reflection and compares. It is for tests only.
package statetest

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
)

// How a copy treats a field that holds a reference (a pointer, slice, map or interface).
const (
	Copied = "copied" // the copy has its own
	Listed = "listed" // the copy has a list of its own, of elements that are shared
	Shared = "shared" // never written to once it is there, or only appended to
	Buffer = "buffer" // means nothing between two calls: the copy starts without it
)

// Fields says how each field of a state that holds a reference is copied. A field goes
// by the name of its struct type and its own, "group.votes"; one of a struct that is a
// field itself by the path, "Engine.timers.heap".
type Fields map[string]string

// Check walks the types of a state, so that nobody forgets to say how a new field is
// copied. Structs of other packages are looked into only where they are among own.
func (fields Fields) Check(t *testing.T, state any, own ...string) {
	t.Helper()
	root := reflect.TypeOf(state)
	own = append(own, root.PkgPath())
	seen, used := map[reflect.Type]bool{}, map[string]bool{}
	var walk func(reflect.Type)
	walk = func(at reflect.Type) {
		switch at.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(at.Elem())
			return
		case reflect.Map:
			walk(at.Key())
			walk(at.Elem())
			return
		}
		if at.Kind() != reflect.Struct || seen[at] || !slices.Contains(own, at.PkgPath()) {
			return
		}
		seen[at] = true
		fields.each(at, at.Name(), func(name string, f reflect.Type) {
			how, decided := fields[name]
			used[name] = true
			switch {
			case !decided:
				t.Errorf("%s (%v) is new: write the code that copies it, and give it a line in this test", name, f)
			case how != Buffer && (f.Kind() == reflect.Func || f.Kind() == reflect.Chan):
				t.Errorf("%s: state is plain data, not %v", name, f)
			case how == Copied || how == Listed:
				walk(f)
			}
		})
	}
	walk(root)
	for name := range fields {
		if !used[name] {
			t.Errorf("%s is no field of the state that holds a reference", name)
		}
	}
}

// each calls visit for every field of a struct that holds a reference, those of structs
// inside included.
func (fields Fields) each(t reflect.Type, prefix string, visit func(name string, f reflect.Type)) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := prefix + "." + f.Name
		ft := f.Type
		for ft.Kind() == reflect.Array {
			ft = ft.Elem()
		}
		switch ft.Kind() {
		case reflect.Struct:
			if _, decided := fields[name]; decided {
				visit(name, ft)
			} else {
				fields.each(ft, name, visit)
			}
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
			visit(name, ft)
		}
	}
}

type dump struct {
	fields Fields
	out    strings.Builder
	seen   map[uintptr]int
}

// Dump writes the state that a pointer points to as text, without buffers: equal states
// give equal texts.
func (fields Fields) Dump(state any) string {
	d := dump{fields: fields, seen: map[uintptr]int{}}
	d.value(reflect.ValueOf(state), "")
	return d.out.String()
}

func (d *dump) value(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			d.out.WriteString("nil")
		} else if n, ok := d.seen[v.Pointer()]; ok {
			fmt.Fprintf(&d.out, "#%d", n)
		} else {
			d.seen[v.Pointer()] = len(d.seen)
			d.value(v.Elem(), v.Elem().Type().Name())
		}
	case reflect.Interface:
		d.value(v.Elem(), name)
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
			fmt.Fprintf(&d.out, "%q", v.Bytes())
			return
		}
		d.out.WriteString("[")
		for i := range v.Len() {
			d.value(v.Index(i), elementName(v.Index(i), name))
			d.out.WriteString(", ")
		}
		d.out.WriteString("]\n")
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return fmt.Sprint(keys[i]) < fmt.Sprint(keys[j]) })
		d.out.WriteString("{")
		for _, k := range keys {
			fmt.Fprintf(&d.out, "%v: ", k)
			d.value(v.MapIndex(k), elementName(v.MapIndex(k), name))
			d.out.WriteString(", ")
		}
		d.out.WriteString("}\n")
	case reflect.Struct:
		d.out.WriteString("{")
		for i := range v.NumField() {
			field := name + "." + v.Type().Field(i).Name
			if d.fields[field] == Buffer {
				continue
			}
			d.out.WriteString(v.Type().Field(i).Name + ":")
			d.value(v.Field(i), field)
			d.out.WriteString(" ")
		}
		d.out.WriteString("}")
	default:
		fmt.Fprintf(&d.out, "%v", v)
	}
}

// elementName is what the fields of an element go by: its type's name for a struct.
func elementName(v reflect.Value, name string) string {
	if v.Kind() == reflect.Struct {
		return v.Type().Name()
	}
	return name
}

// Apart reports copied fields that two states share.
func (fields Fields) Apart(t *testing.T, a, b any) {
	t.Helper()
	fields.apart(t, reflect.ValueOf(a), reflect.ValueOf(b), "", map[uintptr]bool{})
}

func (fields Fields) apart(t *testing.T, a, b reflect.Value, name string, seen map[uintptr]bool) {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || seen[a.Pointer()] {
			return
		}
		seen[a.Pointer()] = true
		if fields[name] == Copied && a.Pointer() == b.Pointer() {
			t.Errorf("%s: the copy has the original's own", name)
			return
		}
		fields.apart(t, a.Elem(), b.Elem(), a.Elem().Type().Name(), seen)
	case reflect.Slice, reflect.Array:
		if a.Kind() == reflect.Slice && a.Len() > 0 && a.Pointer() == b.Pointer() {
			t.Errorf("%s: the copy has the original's own array", name)
			return
		}
		if fields[name] == Listed {
			return
		}
		for i := range a.Len() {
			fields.apart(t, a.Index(i), b.Index(i), elementName(a.Index(i), name), seen)
		}
	case reflect.Map:
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			t.Errorf("%s: the copy has the original's own map", name)
			return
		}
		for _, k := range a.MapKeys() {
			fields.apart(t, a.MapIndex(k), b.MapIndex(k), elementName(a.MapIndex(k), name), seen)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			field := name + "." + a.Type().Field(i).Name
			if how := fields[field]; how != Buffer && how != Shared {
				fields.apart(t, a.Field(i), b.Field(i), field, seen)
			}
		}
	}
}

// Difference shows where two texts differ first.
func Difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	return fmt.Sprintf("…%s\n--- and ---\n…%s", a[from:min(len(a), i+100)], b[from:min(len(b), i+100)])
}
