package kafka

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/vectortest"
)

// TestVectorsAPIVersions: an API that Kafka has is served in the versions that Kafka 3.9 or
// 4.0 serve, or it is listed as absent.
func TestVectorsAPIVersions(t *testing.T) {
	type versions struct {
		Min, Max int16
		Served   *struct{ Min, Max int16 }
	}
	type row struct {
		Key                  int16
		Name                 string
		FirstFlexibleVersion *int16
		V3_9                 versions `json:"v3_9"`
		V4_0                 versions `json:"v4_0"`
	}
	vectortest.Each(t, "api_versions", func(t *testing.T, r row) {
		api := apis[r.Key]
		if api == nil {
			if absent[r.Key] == "" {
				t.Errorf("%s is neither served nor listed as absent", r.Name)
			}
			return
		}
		want := [2]int16{r.V3_9.Min, max(r.V3_9.Max, r.V4_0.Max, newer[r.Key])}
		if got := [2]int16{api.min, api.max}; got != want && !smaller[r.Key] {
			t.Errorf("%s is served in versions %v, want %v", r.Name, got, want)
		}
		q := kmsg.RequestForKey(r.Key)
		for v := api.min; v <= api.max; v++ {
			q.SetVersion(v)
			if flexible := r.FirstFlexibleVersion != nil && v >= *r.FirstFlexibleVersion; q.IsFlexible() != flexible {
				t.Errorf("%s version %d: flexible %v", r.Name, v, q.IsFlexible())
			}
		}
	})
}

// smaller are APIs that are served in fewer versions than Kafka's, for the reason that
// stands at the top of their files.
var smaller = map[int16]bool{66: true}

// newer are the versions that Kafka has had since: of AlterPartitionReassignments since 4.1.
var newer = map[int16]int16{45: 1}

// TestEveryAPIHasAPlace: each API that kmsg knows is served or listed, and not both.
func TestEveryAPIHasAPlace(t *testing.T) {
	for key := int16(0); key < keysMost; key++ {
		if kmsg.RequestForKey(key) == nil {
			continue
		}
		if (apis[key] != nil) == (absent[key] != "") {
			t.Errorf("%s (%d): served %v, absent %q", kmsg.NameForKey(key), key, apis[key] != nil, absent[key])
		}
	}
}

// TestEveryVersion: every version of every API answers an empty request with a response
// that can be read to its last byte, and the connection goes on.
func TestEveryVersion(t *testing.T) {
	p := start(t)
	r := p.dial()
	for _, api := range apis {
		if api == nil {
			continue
		}
		for v := api.min; v <= api.max; v++ {
			q := kmsg.RequestForKey(api.key)
			q.SetVersion(v)
			if produce, ok := q.(*kmsg.ProduceRequest); ok {
				produce.Acks = 1
			}
			ask(r, q, q.ResponseKind())
			if api.key == 36 { // out of place it ends its connection
				r = p.dial()
			}
		}
	}
}

// TestAbsent: what absent.go lists is not in ApiVersions, and who asks for it all the same
// is hung up on, and nobody else is.
func TestAbsent(t *testing.T) {
	p := start(t)
	good := p.dial()
	versions := kmsg.NewPtrApiVersionsRequest()
	versions.Version = 4
	listed := map[int16][2]int16{}
	for _, k := range ask(good, versions, kmsg.NewPtrApiVersionsResponse()).ApiKeys {
		listed[k.ApiKey] = [2]int16{k.MinVersion, k.MaxVersion}
	}
	for key := int16(0); key < keysMost; key++ {
		at, ok := listed[key]
		switch {
		case apis[key] == nil && ok:
			t.Errorf("%s is not there and in ApiVersions", kmsg.NameForKey(key))
		case apis[key] != nil && at != [2]int16{apis[key].min, apis[key].max}:
			t.Errorf("%s is served in versions %d to %d, and ApiVersions says %v", kmsg.NameForKey(key), apis[key].min, apis[key].max, at)
		}
		if absent[key] == "" {
			continue
		}
		r, q := p.dial(), kmsg.RequestForKey(key)
		r.send(q)
		if err := r.take(1, q.ResponseKind()); err == nil {
			t.Errorf("%s was answered", kmsg.NameForKey(key))
		}
	}
	ask(good, versions, kmsg.NewPtrApiVersionsResponse())
}

// TestAPIVersionsOfTheFuture: a version that is not served is answered as version 0, with
// what there is (KIP-511), and the connection goes on.
func TestAPIVersionsOfTheFuture(t *testing.T) {
	p := start(t)
	r := p.dial()
	q := kmsg.NewPtrApiVersionsRequest()
	q.Version = 4
	b := bytesOf(q, 7)
	b[7] = 99 // the version
	r.Write(b)
	a := kmsg.NewPtrApiVersionsResponse()
	if err := r.take(7, a); err != nil {
		t.Fatal(err)
	}
	if a.ErrorCode != int16(engine.UnsupportedVersion) || len(a.ApiKeys) < 20 {
		t.Errorf("code %d, %d APIs", a.ErrorCode, len(a.ApiKeys))
	}
	q.Version = 3
	again := ask(r, q, kmsg.NewPtrApiVersionsResponse())
	if again.ErrorCode != 0 || fmt.Sprint(again.ApiKeys) != fmt.Sprint(a.ApiKeys) {
		t.Errorf("version 3: code %d, %v", again.ErrorCode, again.ApiKeys)
	}
}
