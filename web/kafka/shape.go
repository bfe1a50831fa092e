package kafka

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"sync"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// kmsg believes what a request says of itself: it makes an array of as many elements as
// are claimed, and counts through as many tagged fields. So before it decodes a request of
// a stranger, the request is walked along the shape that it must have, which allocates
// nothing.

// shape is how one field lies on the wire, or, with fields, a structure.
type shape struct {
	kind   shapeKind
	size   int     // of shapeFixed, in bytes
	fields []shape // of shapeStruct and of the element of shapeArray
}

type shapeKind uint8

const (
	shapeFixed    shapeKind = iota // so many bytes
	shapeString                    // with a length of two bytes, or compact
	shapeBytes                     // with a length of four bytes, or compact
	shapeArray                     // of structures with fields, or of the one field's shape
	shapeNullable                  // a structure behind a byte that says whether it is there
	shapeTags
)

type shapeKey struct{ key, version int16 }

var shapes sync.Map // of []shape by shapeKey

// shapeOf gives the shape of a request's body. It is learned once from what kmsg writes.
func shapeOf(key, version int16) []shape {
	at := shapeKey{key, version}
	if known, ok := shapes.Load(at); ok {
		return known.([]shape)
	}
	q := kmsg.RequestForKey(key)
	q.SetVersion(version)
	learned := learn(q, reflect.ValueOf(q).Elem())
	shapes.Store(at, learned)
	return learned
}

// learn finds which fields of a structure inside q are on the wire, by changing one after
// the other and looking whether q is written differently.
func learn(q kmsg.Request, v reflect.Value) (fields []shape) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch v.Type().Field(i).Name {
		case "Version":
			continue
		case "UnknownTags":
			if q.IsFlexible() {
				fields = append(fields, shape{kind: shapeTags})
			}
			continue
		}
		before, size := q.AppendTo(nil), f.Type().Size()
		was := reflect.ValueOf(f.Interface())
		change(f)
		after := q.AppendTo(nil)
		s, fixed := shape{size: int(size)}, true
		switch f.Kind() {
		case reflect.String:
			s.kind, fixed = shapeString, false
		case reflect.Slice:
			s, fixed = element(q, f), false
		case reflect.Pointer:
			if s.kind = shapeString; f.Type().Elem().Kind() == reflect.Struct {
				s = shape{kind: shapeNullable, fields: learn(q, f.Elem())}
				fixed = false
			}
		case reflect.Struct:
			fixed = false // only ever tagged
		}
		tagged := fixed && len(after) != len(before) || f.Kind() == reflect.Struct
		if s.kind == shapeString && f.Kind() == reflect.Pointer && !tagged && !f.IsNil() {
			f.Elem().SetString("x") // where null is not allowed it is written as empty
			after = q.AppendTo(nil)
		}
		f.Set(was)
		if !bytes.Equal(before, after) && !tagged {
			fields = append(fields, s)
		}
	}
	return fields
}

// change gives a field another value. A string that may be null becomes empty, which has
// the length of null, unless it is tagged.
func change(f reflect.Value) {
	switch f.Kind() {
	case reflect.Bool:
		f.SetBool(!f.Bool())
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		f.SetInt(f.Int() ^ 1)
	case reflect.Float64:
		f.SetFloat(f.Float() + 1)
	case reflect.String:
		f.SetString(f.String() + "x")
	case reflect.Array:
		f.Index(0).SetUint(f.Index(0).Uint() ^ 1)
	case reflect.Pointer:
		if f.IsNil() {
			f.Set(reflect.New(f.Type().Elem()))
		} else {
			f.SetZero()
		}
	case reflect.Slice:
		f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		if e, ok := f.Index(0).Addr().Interface().(interface{ Default() }); ok {
			e.Default()
		}
	}
}

// element gives the shape of a slice with one element in it.
func element(q kmsg.Request, f reflect.Value) shape {
	switch e := f.Type().Elem(); e.Kind() {
	case reflect.Uint8:
		return shape{kind: shapeBytes}
	case reflect.String:
		return shape{kind: shapeArray, fields: []shape{{kind: shapeString}}}
	case reflect.Struct:
		return shape{kind: shapeArray, fields: learn(q, f.Index(0))}
	default:
		return shape{kind: shapeArray, fields: []shape{{kind: shapeFixed, size: int(e.Size())}}}
	}
}

// walk moves along a body of this shape. ok is false when the body is cut or claims what
// cannot be.
func walk(fields []shape, b []byte, flexible bool) (rest []byte, ok bool) {
	for i := range fields {
		f := &fields[i]
		n := f.size
		switch f.kind {
		case shapeString, shapeBytes, shapeArray:
			wide := 4
			if f.kind == shapeString {
				wide = 2
			}
			if n, b, ok = length(b, wide, flexible); !ok {
				return nil, false
			}
			if f.kind == shapeArray {
				if b, ok = walkEach(f.fields, b, n, flexible); !ok {
					return nil, false
				}
				n = 0
			}
		case shapeNullable:
			if len(b) == 0 {
				return nil, false
			}
			there := int8(b[0]) >= 0
			b, n = b[1:], 0
			if there {
				if b, ok = walk(f.fields, b, flexible); !ok {
					return nil, false
				}
			}
		case shapeTags:
			var err error
			if b, err = skipTags(b); err != nil {
				return nil, false
			}
			n = 0
		}
		if n = max(n, 0); n > len(b) {
			return nil, false
		}
		b = b[n:]
	}
	return b, true
}

func walkEach(fields []shape, b []byte, n int, flexible bool) (rest []byte, ok bool) {
	if n > len(b) { // the least element has a byte
		return nil, false
	}
	for range n {
		if b, ok = walk(fields, b, flexible); !ok {
			return nil, false
		}
	}
	return b, true
}

// length reads the length of a string, of bytes or of an array; -1 is null.
func length(b []byte, wide int, flexible bool) (n int, rest []byte, ok bool) {
	switch {
	case flexible:
		v, used := binary.Uvarint(b)
		if used <= 0 || v > 1<<31 {
			return 0, nil, false
		}
		return int(v) - 1, b[used:], true
	case len(b) < wide:
		return 0, nil, false
	case wide == 2:
		return int(int16(binary.BigEndian.Uint16(b))), b[2:], true
	}
	return int(int32(binary.BigEndian.Uint32(b))), b[4:], true
}
