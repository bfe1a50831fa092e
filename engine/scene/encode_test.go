package scene

import (
	"encoding/binary"
	"flag"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files anew")

// decoder reads what AppendFrame wrote by the rules of the package comment alone: it
// knows the structs only through reflection, so it also proves the order of the fields.
type decoder struct {
	data    []byte
	at      int
	strings []string
}

func (d *decoder) take(n int) []byte {
	d.at += n
	return d.data[d.at-n : d.at]
}

func (d *decoder) u16() int { return int(binary.LittleEndian.Uint16(d.take(2))) }

func (d *decoder) value(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(d.take(1)[0] == 1)
	case reflect.Uint8:
		v.SetUint(uint64(d.take(1)[0]))
	case reflect.Uint16:
		v.SetUint(uint64(d.u16()))
	case reflect.Int32:
		v.SetInt(int64(int32(binary.LittleEndian.Uint32(d.take(4)))))
	case reflect.Uint32:
		v.SetUint(uint64(binary.LittleEndian.Uint32(d.take(4))))
	case reflect.Int64:
		v.SetInt(int64(math.Float64frombits(binary.LittleEndian.Uint64(d.take(8)))))
	case reflect.String:
		v.SetString(d.strings[d.u16()])
	case reflect.Slice:
		n := d.u16()
		if v.Type().Elem().Kind() == reflect.Uint32 {
			d.at += (4 - d.at%4) % 4
		}
		if n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
		}
		for i := range n {
			d.value(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			d.value(v.Field(i))
		}
	default:
		panic("no rule for " + v.Kind().String())
	}
}

func decode(t *testing.T, data []byte, version uint8, into any) {
	t.Helper()
	d := &decoder{data: data}
	if got := d.take(1)[0]; got != version {
		t.Fatalf("version %d, want %d", got, version)
	}
	seen := map[string]bool{}
	for range d.u16() {
		s := string(d.take(d.u16()))
		if seen[s] {
			t.Errorf("string %q stands twice in the table", s)
		}
		seen[s] = true
		d.strings = append(d.strings, s)
	}
	d.value(reflect.ValueOf(into).Elem())
	if d.at != len(data) {
		t.Errorf("%d bytes left over", len(data)-d.at)
	}
}

func TestFrameRoundTrip(t *testing.T) {
	for _, kind := range sampleKinds {
		t.Run(kind, func(t *testing.T) {
			want := sampleFrame(kind, 7)
			// What stands before the frame must not shift the alignment of the cells.
			data := AppendFrame([]byte("abc"), want)[3:]
			var got Frame
			decode(t, data, FrameVersion, &got)
			if !reflect.DeepEqual(&got, want) {
				t.Errorf("got  %+v\nwant %+v", got, *want)
			}
		})
	}
}

func TestSeatRoundTrip(t *testing.T) {
	want := sampleSeat(7)
	var got Seat
	decode(t, AppendSeat(nil, want), SeatVersion, &got)
	if !reflect.DeepEqual(&got, want) {
		t.Errorf("got  %+v\nwant %+v", got, *want)
	}
}

// More strings than the table on the stack holds, and one that is too long.
func TestManyStrings(t *testing.T) {
	want := &Frame{Room: "many"}
	for i := range 5000 {
		want.Notes = append(want.Notes, Note{Seq: int64(i), Text: "note " + strconv.Itoa(i)})
	}
	var got Frame
	decode(t, AppendFrame(nil, want), FrameVersion, &got)
	if !reflect.DeepEqual(&got, want) {
		t.Error("a frame with 5,000 strings does not come back")
	}
	long := &Frame{Room: strings.Repeat("ä", 40000)}
	decode(t, AppendFrame(nil, long), FrameVersion, &got)
	if got.Room != strings.Repeat("ä", 32767) {
		t.Errorf("a string of 80,000 bytes came back with %d", len(got.Room))
	}
}

// The golden files are what the page's own decoder is tested with.
func TestGolden(t *testing.T) {
	for name, data := range map[string][]byte{
		"frame.bin": AppendFrame(nil, sampleFrame("words", 3)),
		"seat.bin":  AppendSeat(nil, sampleSeat(3)),
	} {
		path := filepath.Join("testdata", name)
		if *rewrite {
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(data) != string(want) {
			t.Errorf("%s is out of date: the encoding changed (go test ./engine/scene -rewrite)", name)
		}
	}
}

func TestAppendFrameAllocatesNothing(t *testing.T) {
	f := sampleFrame("crowd", 3)
	buf := AppendFrame(nil, f)
	if n := testing.AllocsPerRun(20, func() { buf = AppendFrame(buf[:0], f) }); n != 0 {
		t.Errorf("%v allocations a frame", n)
	}
	s := sampleSeat(3)
	if n := testing.AllocsPerRun(20, func() { buf = AppendSeat(buf[:0], s) }); n != 0 {
		t.Errorf("%v allocations a seat", n)
	}
}

// 64 staves of 200 cells, 50 members.
func BenchmarkAppendFrame(b *testing.B) {
	f := sampleFrame("crowd", 3)
	for i := range f.Staves {
		s := &f.Staves[i]
		for len(s.Cells) < 200 {
			s.Cells = append(s.Cells, s.Cells...)
		}
		s.Cells = s.Cells[:200]
	}
	buf := AppendFrame(nil, f)
	b.SetBytes(int64(len(buf)))
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendFrame(buf[:0], f)
	}
}
