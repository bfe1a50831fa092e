package engine

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"strings"
	"testing"
)

var everyCommand = []Command{
	new(Metadata), new(Produce), new(Fetch), new(ListOffsets), new(JoinGroup), new(SyncGroup),
	new(Heartbeat), new(LeaveGroup), new(OffsetCommit), new(OffsetFetch), new(DescribeGroups),
	new(FindCoordinator), new(OffsetForLeaderEpoch), new(ConsumerGroupHeartbeat), new(ConsumerGroupDescribe),
	new(ShareGroupHeartbeat), new(ShareGroupDescribe), new(ShareFetch), new(ShareAcknowledge),
}

var everyBody = []Body{
	new(MetadataReply), new(FetchReply), new(JoinGroupReply), new(SyncGroupReply), new(LeaveGroupReply),
	new(OffsetCommitReply), new(OffsetFetchReply), new(DescribeGroupsReply), new(FindCoordinatorReply),
	new(OffsetForLeaderEpochReply), new(ConsumerGroupHeartbeatReply), new(ConsumerGroupDescribeReply),
	new(ShareFetchReply), new(ShareAcknowledgeReply),
}

// notSent are fields that only callers in the same process use.
var notSent = map[string]bool{"Produce.Keep": true, "Fetch.On": true, "Fetch.Into": true, "FetchedPart.More": true}

// filler gives every field of a struct another value, so that fields which are
// forgotten or exchanged show.
type filler struct{ n int64 }

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		f.fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && !notSent[v.Type().Name()+"."+field.Name] {
				f.fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.String:
		v.SetString("text" + strings.Repeat("é", int(f.n%70)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 256))
	case reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(f.n) + 1<<31)
	default:
		v.SetInt(f.n * 77 % 30_000 * (1 - f.n%2*2))
	}
}

// typeName is the name of the type that a command or body points to.
func typeName(v any) string { return reflect.TypeOf(v).Elem().Name() }

// TestCodecChangesNothing: a consumer's connection carries nothing that changes topics,
// brokers or other groups.
func TestCodecChangesNothing(t *testing.T) {
	for _, c := range []Command{new(CreateTopic), new(DeleteGroups), new(CrashBroker), new(CreateACLs), new(Authenticate)} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s has a codec", typeName(c))
				}
			}()
			AppendCommand(nil, c)
		}()
	}
	known := 0
	for key := range 256 {
		if newCommand(byte(key)) != nil {
			known++
		}
	}
	if known != len(everyCommand) {
		t.Errorf("%d keys are read as commands, the tests know %d", known, len(everyCommand))
	}
}

// filledCommands is every command empty, and every one with all fields set.
func filledCommands() (all []Command) {
	for _, c := range everyCommand {
		filled := reflect.New(reflect.TypeOf(c).Elem())
		(&filler{}).fill(filled)
		all = append(all, c, filled.Interface().(Command))
	}
	return all
}

func filledReplies() []*Reply {
	all := []*Reply{{}, {Token: 1<<64 - 1, Code: -1, Offset: -1, At: 1<<63 - 1}}
	for _, b := range everyBody {
		filled := reflect.New(reflect.TypeOf(b).Elem())
		(&filler{}).fill(filled)
		all = append(all, &Reply{Body: b}, &Reply{Token: 7, Code: 3, Offset: 5, At: 9, Body: filled.Interface().(Body)})
	}
	return all
}

func TestCommandRoundTrip(t *testing.T) {
	for _, c := range filledCommands() {
		b := AppendCommand([]byte("before"), c)[len("before"):]
		got, err := DecodeCommand(b)
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%s: %v: got %+v, want %+v", typeName(c), err, got, c)
		}
		everyCut(t, typeName(c), b, func(b []byte) error { _, err := DecodeCommand(b); return err })
	}
}

func TestReplyRoundTrip(t *testing.T) {
	for _, r := range filledReplies() {
		b := AppendReply([]byte("before"), r)[len("before"):]
		got, err := DecodeReply(b)
		if err != nil || !reflect.DeepEqual(&got, r) {
			t.Errorf("%v: got %+v, want %+v", err, got, r)
		}
		everyCut(t, "reply", b, func(b []byte) error { _, err := DecodeReply(b); return err })
	}
	var to Reply
	to.To = 9
	if got, err := DecodeReply(AppendReply(nil, &to)); err != nil || got.To != 0 {
		t.Errorf("To is not sent, but %v arrived: %v", got.To, err)
	}
}

// everyCut expects an error from every prefix, and from one byte more.
func everyCut(t *testing.T, what string, b []byte, decode func([]byte) error) {
	t.Helper()
	for n := range b {
		if decode(b[:n]) == nil {
			t.Errorf("%s: the first %d of %d bytes are accepted", what, n, len(b))
		}
	}
	if decode(append(bytes.Clone(b), 0)) == nil {
		t.Errorf("%s: a byte too many is accepted", what)
	}
}

// TestCodecBytes fixes the form: both ends of a socket may be of different builds.
func TestCodecBytes(t *testing.T) {
	produce := AppendCommand(nil, &Produce{Topic: 2, Partition: 1, Acks: -1, Batch: []byte("b")})
	if got := hex.EncodeToString(produce); got != "000402010462000000" {
		t.Errorf("Produce: %s", got)
	}
	fetched := AppendReply(nil, &Reply{Token: 3, Offset: -1, At: -1,
		Body: &FetchReply{Parts: []FetchedPart{{Topic: 1, HighWatermark: 64, LastStableOffset: 64, Records: []byte{}}}}})
	if got := hex.EncodeToString(fetched); got != "0106000101000002020000800180010002"+"00000000" {
		t.Errorf("Fetch reply: %s", got)
	}
}

func TestCodecAllocates(t *testing.T) {
	huge := AppendCommand(nil, &Metadata{})
	huge = append(huge[:len(huge)-1], 0x80, 0x80, 0x80, 0x01) // claims a million names
	before := testing.AllocsPerRun(10, func() {
		if _, err := DecodeCommand(huge); err == nil {
			t.Error("a list longer than its packet is accepted")
		}
	})
	if before > 3 {
		t.Errorf("a false length costs %v allocations", before)
	}
	produce, reply := &Produce{Batch: make([]byte, 100)}, &Reply{Token: 9, Offset: 1}
	var dst []byte
	if n := testing.AllocsPerRun(100, func() {
		dst = AppendReply(AppendCommand(dst[:0], produce), reply)
	}); n != 0 {
		t.Errorf("writing costs %v allocations", n)
	}
}

func FuzzDecodeCommand(f *testing.F) {
	for _, c := range filledCommands() {
		f.Add(AppendCommand(nil, c))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := DecodeCommand(b)
		if err != nil {
			return
		}
		again, err := DecodeCommand(AppendCommand(nil, c))
		if err != nil || !reflect.DeepEqual(again, c) {
			t.Fatalf("%v: %+v became %+v", err, c, again)
		}
	})
}

func FuzzDecodeReply(f *testing.F) {
	for _, r := range filledReplies() {
		f.Add(AppendReply(nil, r))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := DecodeReply(b)
		if err != nil {
			return
		}
		again, err := DecodeReply(AppendReply(nil, &r))
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("%v: %+v became %+v", err, r, again)
		}
	})
}
