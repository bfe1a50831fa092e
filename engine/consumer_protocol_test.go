package engine

import (
	"encoding/hex"
	"reflect"
	"testing"
)

// The bytes are laid out by hand from Kafka's ConsumerProtocolSubscription.json,
// ConsumerProtocolAssignment.json and StickyAssignor.java.
func TestConsumerProtocolBytes(t *testing.T) {
	owned := []TopicPartitions{{"a", []int32{0, 2}}}
	sub := Subscription{Topics: []string{"a", "bc"}, UserData: []byte{7}, Owned: owned, Generation: 5, Rack: "r1"}
	const (
		topics    = "00000002" + "000161" + "00026263" + "00000001" + "07"
		partition = "00000001" + "000161" + "00000002" + "00000000" + "00000002"
	)
	for version, want := range []string{
		"0000" + topics,
		"0001" + topics + partition,
		"0002" + topics + partition + "00000005",
		"0003" + topics + partition + "00000005" + "00027231",
	} {
		got := sub.Append(nil, int16(version))
		if hex.EncodeToString(got) != want {
			t.Errorf("subscription version %d: %x, want %s", version, got, want)
		}
		back, err := ParseSubscription(got)
		expect := sub
		if version < 3 {
			expect.Rack = ""
		}
		if version < 2 {
			expect.Generation = -1
		}
		if version < 1 {
			expect.Owned = nil
		}
		if err != nil || !reflect.DeepEqual(back, expect) {
			t.Errorf("subscription version %d: %+v, %v", version, back, err)
		}
		for cut := range got {
			if _, err := ParseSubscription(got[:cut]); err != ErrConsumerProtocol {
				t.Errorf("subscription version %d cut at %d: %v", version, cut, err)
			}
		}
	}
	empty := Subscription{Generation: -1}
	if got := empty.Append(nil, 3); hex.EncodeToString(got) != "0003"+"00000000"+"ffffffff"+"00000000"+"ffffffff"+"ffff" {
		t.Errorf("empty subscription: %x", got)
	} else if back, err := ParseSubscription(got); err != nil || !reflect.DeepEqual(back, empty) {
		t.Errorf("empty subscription: %+v, %v", back, err)
	}
	a := Assignment{Partitions: owned, UserData: []byte{}}
	if got := a.Append(nil, 1); hex.EncodeToString(got) != "0001"+partition+"00000000" {
		t.Errorf("assignment: %x", got)
	} else if back, err := ParseAssignment(got); err != nil || !reflect.DeepEqual(back, a) {
		t.Errorf("assignment: %+v, %v", back, err)
	}
	if back, err := ParseAssignment(nil); err != nil || back.Partitions != nil {
		t.Errorf("no bytes: %+v, %v", back, err)
	}
	v1 := AppendStickyUserData(nil, owned, 9)
	if hex.EncodeToString(v1) != partition+"00000009" {
		t.Errorf("sticky user data: %x", v1)
	}
	for b, want := range map[string]int32{string(v1): 9, string(v1[:len(v1)-4]): -1} {
		if back, generation, err := ParseStickyUserData([]byte(b)); err != nil || generation != want || !reflect.DeepEqual(back, owned) {
			t.Errorf("sticky user data: %+v of %d, %v", back, generation, err)
		}
	}
	if _, _, err := ParseStickyUserData(v1[:len(v1)-5]); err != ErrConsumerProtocol {
		t.Error("sticky user data cut short:", err)
	}
}

func TestConsumerProtocolNewer(t *testing.T) {
	s := Subscription{Topics: []string{"a"}, Generation: 3, Rack: "r"}
	b := append(s.Append(nil, 3), 1, 2, 3) // fields of a version to come
	b[1] = 9
	if back, err := ParseSubscription(b); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("%+v, %v", back, err)
	}
	b[0] = 0x80
	if _, err := ParseSubscription(b); err != ErrConsumerProtocol {
		t.Error("a negative version:", err)
	}
}

// FuzzConsumerProtocol reads arbitrary bytes as each of the three. Nothing may
// panic, and what reads well must read alike after it has been written anew.
func FuzzConsumerProtocol(f *testing.F) {
	s := Subscription{Topics: []string{"a", "b"}, UserData: []byte{1}, Owned: []TopicPartitions{{"a", []int32{1}}}, Generation: 4, Rack: "r"}
	for version := range ConsumerProtocolVersion + 1 {
		f.Add(s.Append(nil, version))
	}
	a := Assignment{Partitions: s.Owned}
	f.Add(a.Append(nil, 0))
	f.Add(AppendStickyUserData(nil, s.Owned, 4))
	f.Add([]byte{0, 3, 0x7f, 255, 255, 255})
	f.Add([]byte{0, 0, 0, 0, 0, 1, 0, 0, 0x7f, 255, 255, 255})
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := ParseSubscription(b); err == nil {
			back, err := ParseSubscription(s.Append(nil, ConsumerProtocolVersion))
			if err != nil || !reflect.DeepEqual(back, s) {
				t.Errorf("subscription %+v became %+v, %v", s, back, err)
			}
		}
		if a, err := ParseAssignment(b); err == nil {
			back, err := ParseAssignment(a.Append(nil, ConsumerProtocolVersion))
			if err != nil || !reflect.DeepEqual(back, a) {
				t.Errorf("assignment %+v became %+v, %v", a, back, err)
			}
		}
		if owned, generation, err := ParseStickyUserData(b); err == nil {
			back, again, err := ParseStickyUserData(AppendStickyUserData(nil, owned, generation))
			if err != nil || again != generation || !reflect.DeepEqual(back, owned) {
				t.Errorf("user data %+v became %+v, %v", owned, back, err)
			}
		}
	})
}
