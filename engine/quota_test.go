package engine

import "testing"

func setQuota(t *testing.T, e *Engine, user, client, key string, value int64) {
	t.Helper()
	r := ask(t, e, e.now, &AlterQuotas{Entries: []Quota{{User: user, ClientID: client, Key: key, Value: value}}})
	if code := r.Body.(*CodesReply).Codes[0]; code != None {
		t.Fatal(code)
	}
}

// TestProducerQuota: 1,000 bytes a second over ten windows of a second before this one.
// What is above must be spread over more time; until then the session is not heard.
func TestProducerQuota(t *testing.T) {
	e, id := newTopic(t, 1)
	as(t, e, alice, &Authenticate{Principal: "User:alice", ClientID: "app"})
	setQuota(t, e, "alice", "", produceRate, 1000)
	batch := records(0, string(make([]byte, 6000-70)))
	send := &Produce{Topic: id, Acks: 1, Batch: batch}
	n := int64(len(batch))
	if r := as(t, e, alice, send); r.ThrottleMs != 0 {
		t.Fatalf("%d bytes in ten seconds: throttled for %d ms", n, r.ThrottleMs)
	}
	r := as(t, e, alice, send)
	want := 2*n*1000/1000 - 10_000 // the sum must not be more than the quota over the time
	if r.Code != None || int64(r.ThrottleMs) != want {
		t.Fatalf("throttled for %d ms, want %d", r.ThrottleMs, want)
	}
	e.Apply(e.now, alice, 2, &ListOffsets{Topic: id, Timestamp: TimestampLatest})
	e.Apply(e.now, alice, 3, &Heartbeat{Group: "g"}) // to the coordinator there is another connection
	if got := drain(e); len(got) != 1 || got[0].Token != 3 {
		t.Fatalf("while muted: %+v", got)
	}
	if r := as(t, e, bob, &ListOffsets{Topic: id, Timestamp: TimestampLatest}); r.Offset != 2 {
		t.Errorf("another session: %+v", r)
	}
	e.Tick(Time(want) - 1)
	if got := drain(e); len(got) != 0 {
		t.Fatalf("answered before the time: %+v", got)
	}
	e.Tick(Time(want))
	if got := drain(e); len(got) != 1 || got[0].Token != 2 || got[0].Offset != 2 {
		t.Fatalf("after the time: %+v", got)
	}
	if r := as(t, e, alice, &Produce{Topic: id, Acks: 1, Batch: records(0, "v")}); r.ThrottleMs == 0 {
		t.Error("the rate is forgotten at once")
	}
	e.Tick(e.now + 60_000)
	if r := as(t, e, alice, send); r.ThrottleMs != 0 {
		t.Errorf("a minute later: throttled for %d ms", r.ThrottleMs)
	}
}

func TestConsumerQuota(t *testing.T) {
	e, id := newTopic(t, 1)
	for range 4 {
		ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(0, string(make([]byte, 6000)))})
	}
	as(t, e, alice, &Authenticate{Principal: "User:alice", ClientID: "app"})
	setQuota(t, e, "", "app", consumeRate, 1000)
	fetch := &Fetch{Parts: []FetchPart{{Topic: id, MaxBytes: 1}}, MinBytes: 1, MaxBytes: 1, MaxWaitMs: 100}
	if r := as(t, e, alice, fetch); r.ThrottleMs != 0 || r.Body.(*FetchReply).Parts[0].Records == nil {
		t.Fatalf("%+v", r)
	}
	fetch.Parts[0].Offset = 1
	r := as(t, e, alice, fetch)
	if r.ThrottleMs <= 0 || r.Body.(*FetchReply).Parts[0].Records != nil {
		t.Fatalf("over the quota: %+v", r)
	}
	e.Tick(e.now + Time(r.ThrottleMs) + 10_000)
	e.Advance()
	if r := as(t, e, alice, fetch); r.ThrottleMs != 0 || r.Body.(*FetchReply).Parts[0].Records == nil {
		t.Errorf("after its time: %+v", r)
	}
}

func TestRequestQuota(t *testing.T) {
	e, _ := newTopic(t, 1)
	as(t, e, alice, &Authenticate{Principal: "User:alice"})
	setQuota(t, e, defaultEntity, "", requestShare, 1) // 10 ms a second: 100 requests
	throttled := int32(0)
	for range 1_100 {
		e.Apply(e.now, alice, 1, &Metadata{})
		for _, r := range drain(e) {
			throttled = max(throttled, r.ThrottleMs)
		}
	}
	if throttled != 10 { // of the 1,001st request alone: then it is muted
		t.Errorf("throttled for %d ms", throttled)
	}
}

// TestQuotaPrecedence is Kafka's order, the most special first.
func TestQuotaPrecedence(t *testing.T) {
	e, _ := newTopic(t, 1)
	as(t, e, alice, &Authenticate{Principal: "User:alice", ClientID: "app"})
	order := []Quota{{User: "alice", ClientID: "app"}, {User: "alice", ClientID: defaultEntity}, {User: "alice"},
		{User: defaultEntity, ClientID: "app"}, {User: defaultEntity, ClientID: defaultEntity}, {User: defaultEntity},
		{ClientID: "app"}, {ClientID: defaultEntity}}
	for i, q := range order {
		setQuota(t, e, q.User, q.ClientID, produceRate, int64(i+1))
	}
	setQuota(t, e, "bob", "", produceRate, 99)
	for i, q := range order {
		if got, _ := e.quotaFor(e.callerOf(alice), produceRate); got == nil || got.Value != int64(i+1) {
			t.Errorf("%d: %+v", i, got)
		}
		q.Key, q.Remove = produceRate, true
		ask(t, e, 0, &AlterQuotas{Entries: []Quota{q}})
	}
	if got, _ := e.quotaFor(e.callerOf(alice), produceRate); got != nil {
		t.Errorf("%+v", got)
	}
	if all := ask(t, e, 0, &DescribeQuotas{}).Body.(*DescribeQuotasReply).Entries; len(all) != 1 || all[0].User != "bob" {
		t.Errorf("%+v", all)
	}
	r := ask(t, e, 0, &AlterQuotas{Entries: []Quota{{User: "a", Key: "bytes", Value: 1}, {Key: produceRate, Value: 1}, {User: "a", Key: produceRate}}})
	for i, code := range r.Body.(*CodesReply).Codes {
		if code != InvalidRequest {
			t.Errorf("%d: %v", i, code)
		}
	}
}
