package engine

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// How Snapshot treats a field that holds a reference (a pointer, slice, map or
// interface). New state needs a line here, and code in snapshot.go for copied fields.
const (
	copied = "copied" // the copy has its own
	shared = "shared" // never written to once it is there, or only appended to by way of lent
	buffer = "buffer" // means nothing between two calls: the copy starts without it
)

var snapshotFields = map[string]string{
	"Engine.timers.heap":          copied,
	"Engine.topics":               copied,
	"Engine.topicByName":          copied,
	"Engine.groups":               copied,
	"Engine.groupByName":          copied,
	"Engine.memberNames":          shared,
	"Engine.parked":               copied,
	"Engine.broker.own":           copied,
	"Engine.broker.texts":         shared,
	"Engine.writer":               buffer,
	"Engine.scratch":              buffer,
	"Engine.ready":                buffer,
	"parkedFetch.cmd.Parts":       shared, // a client that parked a fetch leaves it alone
	"topic.partitions":            copied,
	"partition.topic":             copied,
	"partition.segments":          copied,
	"partition.producers.list":    copied,
	"partition.producers.open":    copied,
	"partition.producers.decided": copied,
	"partition.producers.aborted": copied,
	"segment.data":                shared,
	"segment.batches":             shared,
	"group.log":                   copied,
	"group.leader":                copied,
	"group.members":               copied,
	"group.byName":                copied,
	"group.byInstance":            copied,
	"group.votes":                 copied,
	"group.offsets":               copied,
	"topicOffsets.partitions":     copied,
	"member.protocols":            copied,
	"member.assignment":           shared,
	"JoinProtocol.Metadata":       shared,
}

// flat are structs held by value: their fields go by the path from the struct around.
func flat(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() != "math/rand/v2"
}

// fieldsOf calls visit for every field of a struct that holds a reference, those of
// structs inside included, until visit returns true for one of these.
func fieldsOf(t reflect.Type, prefix string, visit func(name string, f reflect.Type) bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name := prefix + "." + f.Name
		ft := f.Type
		for ft.Kind() == reflect.Array {
			ft = ft.Elem()
		}
		switch ft.Kind() {
		case reflect.Struct:
			if _, decided := snapshotFields[name]; decided {
				visit(name, ft)
			} else if flat(ft) {
				fieldsOf(ft, name, visit)
			}
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface, reflect.Func, reflect.Chan:
			visit(name, ft)
		}
	}
}

// TestSnapshotCopiesEveryField walks the types of the state, so that nobody forgets to
// say how a new field is copied.
func TestSnapshotCopiesEveryField(t *testing.T) {
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
		if at.Kind() != reflect.Struct || seen[at] || !flat(at) {
			return
		}
		seen[at] = true
		fieldsOf(at, at.Name(), func(name string, f reflect.Type) bool {
			how, decided := snapshotFields[name]
			used[name] = true
			switch {
			case !decided:
				t.Errorf("%s (%v) is new: copy it in snapshot.go and give it a line in snapshotFields", name, f)
			case f.Kind() == reflect.Func || f.Kind() == reflect.Chan:
				t.Errorf("%s: state is plain data, not %v", name, f)
			case how == copied:
				walk(f)
			}
			return true
		})
	}
	walk(reflect.TypeOf(Engine{}))
	for name := range snapshotFields {
		if !used[name] {
			t.Errorf("snapshotFields has %s, which is no field of the state that holds a reference", name)
		}
	}
}

// dump writes the state as text: everything that a snapshot has to keep.
type dump struct {
	out  strings.Builder
	seen map[uintptr]int
}

func dumped(e *Engine) string {
	d := dump{seen: map[uintptr]int{}}
	d.value(reflect.ValueOf(e), "Engine")
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
		if v.Type().Elem().Kind() == reflect.Uint8 {
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
			if snapshotFields[field] == buffer {
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

// aliased finds copied fields that two engines share.
func aliased(t *testing.T, a, b reflect.Value, name string, seen map[uintptr]bool) {
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || seen[a.Pointer()] {
			return
		}
		seen[a.Pointer()] = true
		if snapshotFields[name] == copied && a.Pointer() == b.Pointer() && a.Elem().Type().Name() != "segment" {
			t.Errorf("%s: the snapshot has the engine's own", name)
			return
		}
		aliased(t, a.Elem(), b.Elem(), a.Elem().Type().Name(), seen)
	case reflect.Slice, reflect.Array:
		if a.Kind() == reflect.Slice && a.Len() > 0 && a.Pointer() == b.Pointer() {
			t.Errorf("%s: the snapshot has the engine's own array", name)
			return
		}
		for i := range a.Len() {
			aliased(t, a.Index(i), b.Index(i), elementName(a.Index(i), name), seen)
		}
	case reflect.Map:
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			t.Errorf("%s: the snapshot has the engine's own map", name)
			return
		}
		for _, k := range a.MapKeys() {
			aliased(t, a.MapIndex(k), b.MapIndex(k), elementName(a.MapIndex(k), name), seen)
		}
	case reflect.Struct:
		for i := range a.NumField() {
			field := name + "." + a.Type().Field(i).Name
			if how := snapshotFields[field]; how != buffer && how != shared {
				aliased(t, a.Field(i), b.Field(i), field, seen)
			}
		}
	}
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	in := make([]byte, n)
	for i := range in {
		in[i] = byte(r.Uint32())
	}
	return in
}

// copy gives a fuzzer with the same clients around another engine.
func (f *fuzzer) copy(e *Engine) *fuzzer {
	c := *f
	c.e, c.waiting = e, maps.Clone(f.waiting)
	return &c
}

// TestSnapshotAnyInstant runs random commands, takes a snapshot somewhere, goes on, and
// then goes on from the snapshot once more.
func TestSnapshotAnyInstant(t *testing.T) {
	for seed := range uint64(500) {
		f := newFuzzer(t, randomBytes(seed, 500))
		f.do(0, &CreateTopic{Name: "orders", Partitions: 3})
		for before := rand.New(rand.NewPCG(seed, 8)).IntN(150); before > 0; before-- {
			f.step()
		}
		s := f.e.Snapshot()
		then := dumped(f.e)
		if got := dumped(s.state); got != then {
			t.Fatalf("seed %d: the snapshot differs from the engine:\n%s", seed, firstDifference(then, got))
		}
		aliased(t, reflect.ValueOf(f.e), reflect.ValueOf(s.state), "", map[uintptr]bool{})
		again := f.copy(New(Config{}))
		for len(f.in) > 0 {
			f.step()
		}
		if got := dumped(s.state); got != then {
			t.Fatalf("seed %d: the snapshot changed afterwards:\n%s", seed, firstDifference(then, got))
		}
		again.e.Restore(s)
		for len(again.in) > 0 {
			again.step()
		}
		if a, b := f.e.Digest(), again.e.Digest(); a != b {
			t.Fatalf("seed %d: digest %x, and from the snapshot %x", seed, a, b)
		}
		if a, b := dumped(f.e), dumped(again.e); a != b {
			t.Fatalf("seed %d: another state from the snapshot:\n%s", seed, firstDifference(a, b))
		}
		if got := dumped(s.state); got != then {
			t.Fatalf("seed %d: the snapshot changed by being restored:\n%s", seed, firstDifference(then, got))
		}
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

func firstDifference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	return fmt.Sprintf("…%s\n--- and ---\n…%s", a[from:min(len(a), i+100)], b[from:min(len(b), i+100)])
}

func BenchmarkSnapshot(b *testing.B) {
	e := New(Config{})
	e.Apply(0, 1, 1, &CreateTopic{Name: "orders", Partitions: 6})
	for i := range 60_000 {
		e.Apply(Time(i), 1, 2, &Produce{Topic: 1, Partition: Partition(i % 6), Acks: 1, Batch: records(int64(i), "some value or other", "and another")})
		e.Advance()
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Restore(e.Snapshot())
	}
}
