package kafka

import (
	"reflect"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// FuzzDecode: what the decoder of Produce and Fetch makes of bytes is what kmsg makes of
// them, also over what a request before has left.
func FuzzDecode(f *testing.F) {
	for _, fetches := range []bool{false, true} {
		first, last := int16(3), apis[0].max
		if fetches {
			first, last = fetchWriterLeast, apis[1].max
		}
		for v := first; v <= last; v++ {
			for n := range 4 {
				body := exampleBody(fetches, v, n)
				f.Add(fetches, byte(v), body, exampleBody(fetches, last, 3-n))
				f.Add(fetches, byte(v), body[:len(body)-1], body)
			}
		}
	}
	f.Add(false, byte(9), []byte{0, 0, 1, 0, 0, 0, 0, 2, 0, 1, 0, 1, 1, 0}, []byte{})
	f.Fuzz(func(t *testing.T, fetches bool, version byte, body, before []byte) {
		var seen names
		if fetches {
			v := min(max(int16(version), fetchWriterLeast), apis[1].max)
			fast, slow := kmsg.NewFetchRequest(), kmsg.NewFetchRequest()
			fast.Version = apis[1].max
			decodeFetch(before, &fast, &seen)
			fast.Version, slow.Version = v, v
			compareDecoded(t, decodeFetch(body, &fast, &seen), &fast, &slow, body)
			return
		}
		v := min(max(int16(version), 3), apis[0].max)
		fast, slow := kmsg.NewProduceRequest(), kmsg.NewProduceRequest()
		fast.Version = apis[0].max
		decodeProduce(before, &fast, new(string), &seen)
		fast.Version, slow.Version = v, v
		compareDecoded(t, decodeProduce(body, &fast, new(string), &seen), &fast, &slow, body)
	})
}

// exampleBody is a request with n of everything.
func exampleBody(fetches bool, v int16, n int) []byte {
	if !fetches {
		q := kmsg.NewProduceRequest()
		q.Version, q.Acks = v, -1
		if n == 2 {
			q.TransactionID = kmsg.StringPtr("txn")
		}
		for range n {
			t := kmsg.ProduceRequestTopic{Topic: "orders"}
			for p := range n {
				t.Partitions = append(t.Partitions, kmsg.ProduceRequestTopicPartition{Partition: int32(p), Records: make([]byte, 60*p)})
			}
			q.Topics = append(q.Topics, t)
		}
		return q.AppendTo(nil)
	}
	q := kmsg.NewFetchRequest()
	q.Version, q.MaxWaitMillis, q.SessionEpoch, q.SessionID, q.Rack = v, 500, 7, 9, "rack"[:n]
	for range n {
		t := kmsg.FetchRequestTopic{Topic: "orders", TopicID: topicUUID("main", 3)}
		for p := range n {
			part := kmsg.NewFetchRequestTopicPartition()
			part.Partition, part.FetchOffset, part.CurrentLeaderEpoch, part.PartitionMaxBytes = int32(p), 1<<40, 4, 1<<20
			if n == 3 {
				part.HighWatermark = 5 // a tagged field
			}
			t.Partitions = append(t.Partitions, part)
		}
		q.Topics = append(q.Topics, t)
		q.ForgottenTopics = append(q.ForgottenTopics, kmsg.FetchRequestForgottenTopic{Topic: "old", Partitions: []int32{1, 2}[:n%3]})
	}
	return q.AppendTo(nil)
}

func compareDecoded(t *testing.T, decoded bool, fast, slow kmsg.Request, body []byte) {
	t.Helper()
	if _, ok := walk(shapeOf(fast.Key(), fast.GetVersion()), body, fast.IsFlexible()); !ok {
		if decoded {
			t.Fatalf("a body that has not the shape was decoded: %+v", fast)
		}
		return
	}
	err := slow.ReadFrom(body)
	switch {
	case !decoded: // kmsg's turn
	case err != nil:
		t.Fatalf("a body that kmsg refuses (%v) was decoded: %+v", err, fast)
	case !sameValue(reflect.ValueOf(fast), reflect.ValueOf(slow)):
		t.Fatalf("decoded\n%+v\nkmsg makes of it\n%+v", fast, slow)
	}
}

// sameValue is reflect.DeepEqual that takes an empty slice for none.
func sameValue(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Pointer:
		return a.IsNil() == b.IsNil() && (a.IsNil() || sameValue(a.Elem(), b.Elem()))
	case reflect.Struct:
		for i := range a.NumField() {
			if !sameValue(a.Field(i), b.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !sameValue(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		return a.Len() == 0 && b.Len() == 0
	}
	return a.Equal(b)
}

// TestDecodesWhatClientsSend: the ordinary is decoded without kmsg.
func TestDecodesWhatClientsSend(t *testing.T) {
	for n := range 3 {
		p, f := kmsg.NewProduceRequest(), kmsg.NewFetchRequest()
		for p.Version = 3; p.Version <= apis[0].max; p.Version++ {
			if !decodeProduce(exampleBody(false, p.Version, n), &p, new(string), new(names)) {
				t.Errorf("a Produce of version %d is left to kmsg", p.Version)
			}
		}
		for f.Version = fetchWriterLeast; f.Version <= apis[1].max; f.Version++ {
			if !decodeFetch(exampleBody(true, f.Version, n), &f, new(names)) {
				t.Errorf("a Fetch of version %d is left to kmsg", f.Version)
			}
		}
	}
}
