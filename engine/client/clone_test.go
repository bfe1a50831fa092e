package client

import (
	"fmt"
	"reflect"
	"testing"
	"unsafe"

	"partita/engine"
	"partita/engine/batch"
)

// shared are the types that a clone may share with its original, because nobody
// changes what is in there: commands are made anew or copied, replies are kept and
// lists of texts replaced whole.
var shared = map[reflect.Type]bool{
	reflect.TypeFor[string]():                   true,
	reflect.TypeFor[engine.TopicPartitions]():   true,
	reflect.TypeFor[engine.AssignorTopic]():     true,
	reflect.TypeFor[engine.CommitOffset]():      true,
	reflect.TypeFor[batch.RecordHeader]():       true,
	reflect.TypeFor[engine.PartitionMetadata](): true,
	reflect.TypeFor[engine.AbortedTxn]():        true,
	reflect.TypeFor[engine.SharePart]():         true,
	reflect.TypeFor[engine.AckType]():           true,
	reflect.TypeFor[engine.OwnedTopic]():        true,
}

// mayShare are byte slices and pointers that may be shared, by the path to them.
func mayShare(path string, v reflect.Value) bool {
	if v.Kind() == reflect.Slice && shared[v.Type().Elem()] {
		return true
	}
	switch pathless(path) {
	case "Producer.topics.early.Entry.Key", "Producer.topics.early.Entry.Value": // copied when they were accepted
		return true
	}
	root := pathless(path)
	if len(root) > 9 && root[:9] == "Consumer." { // records fetched, assignments, and commands made anew
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			return true
		}
		if v.Kind() == reflect.Pointer && v.Type().Elem().PkgPath() == "partita/engine" {
			return true
		}
	}
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 && lastField(root, "Key", "Value", "Batch")
}

func lastField(path string, names ...string) bool {
	for _, n := range names {
		if len(path) > len(n) && path[len(path)-len(n):] == n {
			return true
		}
	}
	return false
}

func pathless(path string) string {
	out := ""
	skip := false
	for _, r := range path {
		switch {
		case r == '[':
			skip = true
		case r == ']':
			skip = false
		case !skip:
			out += string(r)
		}
	}
	return out
}

// notCloned are fields that a clone has no need of.
var notCloned = map[string]bool{"Producer.spare": true, "Consumer.output.out.spare": true}

// comparer walks an original and its clone together.
type comparer struct {
	t     *testing.T
	twins map[unsafe.Pointer]unsafe.Pointer
}

func (c *comparer) same(path string, a, b reflect.Value) {
	if notCloned[pathless(path)] {
		return
	}
	switch a.Kind() {
	case reflect.Pointer:
		switch {
		case a.IsNil() || b.IsNil():
			if a.IsNil() != b.IsNil() {
				c.t.Errorf("%s: forgotten", path)
			}
		case a.Pointer() == b.Pointer():
			if !mayShare(path, a) {
				c.t.Errorf("%s: shared", path)
			}
		default:
			if twin, ok := c.twins[a.UnsafePointer()]; ok {
				if twin != b.UnsafePointer() {
					c.t.Errorf("%s: two copies of one thing", path)
				}
				return
			}
			c.twins[a.UnsafePointer()] = b.UnsafePointer()
			c.same(path, a.Elem(), b.Elem())
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			c.t.Errorf("%s: forgotten: %d and %d elements", path, a.Len(), b.Len())
			return
		}
		if a.Len() > 0 && a.Pointer() == b.Pointer() {
			if !mayShare(path, a) {
				c.t.Errorf("%s: shared", path)
			}
			return
		}
		for i := range a.Len() {
			c.same(fmt.Sprintf("%s[%d]", path, i), a.Index(i), b.Index(i))
		}
	case reflect.Struct:
		for i := range a.NumField() {
			c.same(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Interface:
		if a.IsNil() != b.IsNil() {
			c.t.Errorf("%s: forgotten", path)
		} else if !a.IsNil() {
			c.same(path, a.Elem(), b.Elem())
		}
	default:
		if !a.Equal(b) {
			c.t.Errorf("%s: forgotten", path)
		}
	}
}

// filler gives every field a value of its own, unexported ones too.
type filler struct {
	n     uint64
	depth int
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	if !v.CanSet() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	f.depth++
	defer func() { f.depth-- }()
	switch v.Kind() {
	case reflect.Pointer:
		if f.depth < 9 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem())
		}
	case reflect.Slice:
		if f.depth < 9 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 3))
			f.fill(v.Index(0))
			f.fill(v.Index(1))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Type != reflect.TypeFor[*producerTopic]() { // see the test
				f.fill(v.Field(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			f.fill(v.Index(i))
		}
	case reflect.Interface:
		var value reflect.Value
		switch v.Type() {
		case reflect.TypeFor[engine.Command]():
			value = reflect.ValueOf(&engine.Produce{})
		case reflect.TypeFor[engine.Body]():
			value = reflect.ValueOf(&engine.FetchReply{})
		case reflect.TypeFor[Partitioner]():
			value = reflect.ValueOf(&sticky{})
		case reflect.TypeFor[error]():
			return
		default:
			panic("no value for " + v.Type().String())
		}
		f.fill(value.Elem())
		v.Set(value)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n % 100))
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(f.n % 200)
	default:
		panic("no value for a " + v.Type().String())
	}
}

func checkClone[T any](t *testing.T, original *T, clone func(*T) *T) {
	t.Helper()
	c := comparer{t: t, twins: map[unsafe.Pointer]unsafe.Pointer{}}
	a, b := reflect.ValueOf(original), reflect.ValueOf(clone(original))
	c.same(a.Type().Elem().Name(), a, b)
}

func filled[T any]() *T {
	v := new(T)
	(&filler{}).fill(reflect.ValueOf(v).Elem())
	return v
}

func TestClonesForgetAndShareNothing(t *testing.T) {
	checkClone(t, filled[Consumer](), (*Consumer).Clone)
	p := filled[Producer]()
	for _, t := range p.topics {
		for i := range t.parts {
			for _, b := range append(t.parts[i].queue, p.sent...) {
				b.topic = p.topics[0]
			}
		}
	}
	checkClone(t, p, (*Producer).Clone)
	for _, p := range []Partitioner{filled[sticky](), filled[roundRobin]()} {
		c := comparer{t: t, twins: map[unsafe.Pointer]unsafe.Pointer{}}
		c.same("", reflect.ValueOf(p), reflect.ValueOf(p.Clone()))
	}
}
