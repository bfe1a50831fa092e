package kafka

import (
	"reflect"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestShapes: the shape of every request that is served fits what kmsg writes to the last
// byte, empty as well as with something in every field.
func TestShapes(t *testing.T) {
	for _, api := range apis {
		if api == nil {
			continue
		}
		for v := api.min; v <= api.max; v++ {
			q := kmsg.RequestForKey(api.key)
			q.SetVersion(v)
			checkShape(t, q)
			full(reflect.ValueOf(q).Elem(), 2)
			q.SetVersion(v)
			checkShape(t, q)
		}
	}
}

func checkShape(t *testing.T, q kmsg.Request) {
	t.Helper()
	b := q.AppendTo(nil)
	fields := shapeOf(q.Key(), q.GetVersion())
	if rest, ok := walk(fields, b, q.IsFlexible()); !ok || len(rest) > 0 {
		t.Errorf("%s version %d: walked %v, %d of %d bytes left", kmsg.NameForKey(q.Key()), q.GetVersion(), ok, len(rest), len(b))
	}
	for n := range b {
		if rest, ok := walk(fields, b[:n], q.IsFlexible()); ok && len(rest) > 0 {
			t.Errorf("%s version %d: cut to %d of %d bytes it is whole", kmsg.NameForKey(q.Key()), q.GetVersion(), n, len(b))
		}
	}
}

// full puts something into every field, and n elements into every array.
func full(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[kmsg.Tags]() {
			v.Addr().Interface().(*kmsg.Tags).Set(99, []byte("tag"))
			return
		}
		for i := range v.NumField() {
			full(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			full(v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem(), n)
	case reflect.String:
		v.SetString("some words")
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint8:
		v.SetUint(3)
	}
}
