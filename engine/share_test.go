package engine

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"partita/engine/batch"
)

// sharer is a member of share group "s".
type sharer struct {
	l       *lab
	id      string
	member  int32 // epoch
	session int32 // epoch
	parts   []OwnedTopic
	has     []Offset
	counts  []int16
}

func (l *lab) sharer(id string, topics ...string) *sharer {
	l.t.Helper()
	s := &sharer{l: l, id: id}
	s.beat(topics...)
	return s
}

func (s *sharer) beat(topics ...string) Code {
	s.l.t.Helper()
	r := s.l.do(&ShareGroupHeartbeat{Group: "s", Member: s.id, Epoch: s.member, Topics: topics})
	s.l.check()
	if body := r.Body.(*ConsumerGroupHeartbeatReply); r.Code == None {
		if s.member = body.Epoch; body.Assigned {
			s.parts = body.Assignment
		}
	}
	return r.Code
}

// fetch acquires up to most records of orders-0.
func (s *sharer) fetch(most int32, acks ...ShareAck) *Reply {
	s.l.t.Helper()
	orders := s.l.e.topicByName["orders"]
	r := s.l.do(&ShareFetch{Group: "s", Member: s.id, SessionEpoch: s.session, MaxBytes: 1 << 20, MaxRecords: most,
		Parts: []SharePart{{Topic: orders, Acks: acks}}})
	s.take(r)
	return r
}

func (s *sharer) take(r *Reply) {
	s.l.t.Helper()
	s.l.check()
	s.has, s.counts = nil, nil
	if r.Code != None {
		return
	}
	s.session++
	for _, p := range r.Body.(*ShareFetchReply).Parts {
		for _, a := range p.Acquired {
			for o := a.First; o <= a.Last; o++ {
				s.has = append(s.has, o)
				s.counts = append(s.counts, a.Deliveries)
			}
		}
	}
}

func (s *sharer) ack(t AckType, first, last Offset) Code {
	s.l.t.Helper()
	r := s.l.reply(&ShareAcknowledge{Group: "s", Member: s.id, SessionEpoch: s.session,
		Parts: []SharePart{{Topic: s.l.e.topicByName["orders"], Acks: []ShareAck{{first, last, []AckType{t}}}}}})
	s.l.check()
	if r.Code != None {
		return r.Code
	}
	s.session++
	return r.Body.(*ShareAcknowledgeReply).Codes[0]
}

func (s *sharer) want(offsets ...Offset) {
	s.l.t.Helper()
	if !slices.Equal(s.has, offsets) {
		s.l.t.Errorf("%s has %v, want %v", s.id, s.has, offsets)
	}
}

// shares is the state of orders-0 in one line: start, then each record.
func (l *lab) shares() string {
	g, _ := l.e.Group("s")
	for _, v := range l.e.SharePartitions(g.ID, nil) {
		if v.Topic == l.e.topicByName["orders"] && v.Partition == 0 {
			text := strconv.Itoa(int(v.Start)) + ":"
			for _, r := range v.Runs {
				for range r.End - r.First {
					text += " " + string(".A+?x"[r.State]) + strconv.Itoa(int(r.Deliveries))
				}
			}
			return text
		}
	}
	return "none"
}

func (l *lab) wantShares(want string) {
	l.t.Helper()
	if got := l.shares(); got != want {
		l.t.Errorf("state %q, want %q", got, want)
	}
}

// shareLab has a share group that reads orders from the beginning, and so many batches of
// two records in orders-0.
func shareLab(t testing.TB, batches int, defaults ...ConfigEntry) *lab {
	l := newLab(t, defaults...)
	l.do(&AlterGroupConfig{Group: "s", Entries: []ConfigEntry{{Name: "share.auto.offset.reset", Value: "earliest"}}})
	l.fill(batches)
	return l
}

func (l *lab) fill(batches int) {
	for range batches {
		l.do(&Produce{Topic: l.e.topicByName["orders"], Acks: 1, Batch: records(int64(l.now), "a", "b")})
	}
}

func TestShareRecordsAreGivenOutOnce(t *testing.T) {
	l := shareLab(t, 3)
	a, b := l.sharer("a", "orders"), l.sharer("b", "orders")
	a.fetch(1) // to the end of its batch
	a.want(0, 1)
	b.fetch(10)
	b.want(2, 3, 4, 5)
	l.wantShares("0: A1 A1 A1 A1 A1 A1")
	if x, y := a.ack(AckAccept, 0, 1), b.ack(AckAccept, 4, 5); x != None || y != None {
		t.Error(x, y)
	}
	l.wantShares("2: A1 A1 +1 +1")
	if code := a.ack(AckAccept, 2, 2); code != InvalidRecordState {
		t.Error("another member's record:", code)
	}
	if code := b.ack(AckAccept, 3, 4); code != InvalidRecordState {
		t.Error("one of two is settled already:", code)
	}
	l.wantShares("2: A1 A1 +1 +1")
	b.ack(AckRelease, 2, 2)
	b.ack(AckReject, 3, 3)
	l.wantShares("2: .1 x1 +1 +1")
	a.fetch(10)
	a.want(2)
	if a.counts[0] != 2 {
		t.Error("delivery count", a.counts)
	}
	a.fetch(10, ShareAck{2, 2, []AckType{AckAccept}})
	l.wantShares("6:")
}

func TestShareDeliveryCountHasALimit(t *testing.T) {
	l := shareLab(t, 1)
	a := l.sharer("a", "orders")
	a.fetch(10)
	a.ack(AckAccept, 1, 1)
	a.ack(AckRelease, 0, 0)
	for n := int16(2); n <= 5; n++ {
		a.fetch(10)
		a.want(0)
		if a.counts[0] != n {
			t.Fatal(a.counts)
		}
		l.take()
		for range 3 { // nothing is heard of the record; of the member, heartbeats
			l.now += 10_000
			l.e.Tick(l.now)
			a.beat()
		}
		kinds, _ := l.take()
		if i := slices.Index(kinds, KindShareLockExpired); i < 0 || (kinds[i+1] == KindShareArchived) != (n == 5) {
			t.Fatal(kinds)
		}
	}
	a.fetch(10)
	a.want()
	l.wantShares("2:")
}

func TestShareLockEnds(t *testing.T) {
	l := shareLab(t, 1)
	a, b := l.sharer("a", "orders"), l.sharer("b", "orders")
	a.fetch(10)
	l.wait(29_999)
	b.fetch(10)
	b.want()
	l.wait(1)
	if code := a.ack(AckAccept, 0, 1); code != InvalidRecordState {
		t.Error(code)
	}
	b.fetch(10)
	b.want(0, 1)
}

func TestShareFetchWaitsForRecords(t *testing.T) {
	l := shareLab(t, 0)
	a := l.sharer("a", "orders")
	c := &ShareFetch{Group: "s", Member: "a", MaxWaitMs: 500, MinBytes: 1, MaxBytes: 1000, MaxRecords: 10, Parts: []SharePart{{Topic: l.e.topicByName["orders"]}}}
	if r := l.do(c); r != nil {
		t.Fatalf("%+v", r)
	}
	l.take()
	l.fill(1)
	_, replies := l.take()
	i := slices.IndexFunc(replies, func(r Reply) bool { return r.Token == l.tok-1 })
	if i < 0 {
		t.Fatal("records do not wake it")
	}
	a.take(&replies[i])
	a.want(0, 1)
	c.SessionEpoch = 1
	l.do(c)
	if replies := l.wait(500); len(replies) != 1 || len(replies[0].Body.(*ShareFetchReply).Parts) != 0 {
		t.Errorf("%+v", replies)
	}
	b := l.sharer("b", "orders")
	c.Member, c.SessionEpoch = "b", 0
	l.do(c)
	l.take()
	a.session = 2
	a.ack(AckRelease, 0, 0)
	_, replies = l.take()
	b.take(&replies[0])
	b.want(0)
	l.do(&ShareFetch{Group: "s", Member: "b", SessionEpoch: 1, MaxWaitMs: 500, MinBytes: 1, MaxBytes: 1000, MaxRecords: 10})
	l.e.Apply(l.now, client, 0, &Disconnect{})
	l.take()
	if replies := l.wait(500); len(replies) != 0 {
		t.Errorf("%+v", replies)
	}
}

func TestShareSessions(t *testing.T) {
	l := shareLab(t, 2)
	a := l.sharer("a", "orders")
	fetch := func(member string, epoch int32) Code {
		return l.do(&ShareFetch{Group: "s", Member: member, SessionEpoch: epoch, MaxBytes: 1000, MaxRecords: 1}).Code
	}
	if x, y, z := fetch("a", 1), fetch("nobody", 0), fetch("a", -1); x != ShareSessionNotFound || y != UnknownMemberID || z != ShareSessionNotFound {
		t.Error(x, y, z)
	}
	a.fetch(1)
	a.want(0, 1)
	if x := fetch("a", 3); x != InvalidShareSessionEpoch {
		t.Error(x)
	}
	if x := l.do(&ShareAcknowledge{Group: "s", Member: "a"}).Code; x != InvalidShareSessionEpoch {
		t.Error(x)
	}
	if x := l.do(&ShareFetch{Group: "none", Member: "a"}).Code; x != GroupIDNotFound {
		t.Error(x)
	}
	r := l.do(&ShareAcknowledge{Group: "s", Member: "a", SessionEpoch: -1,
		Parts: []SharePart{{Topic: l.e.topicByName["orders"], Acks: []ShareAck{{0, 0, []AckType{AckAccept}}}}}})
	if r.Code != None {
		t.Error(r.Code)
	}
	l.wantShares("1: .0") // released, and counted as not delivered
	l.check()
}

func TestShareAcknowledgementsThatMakeNoSense(t *testing.T) {
	l := shareLab(t, 2)
	a := l.sharer("a", "orders")
	a.fetch(10)
	orders := l.e.topicByName["orders"]
	ack := func(acks ...ShareAck) Code {
		r := l.do(&ShareAcknowledge{Group: "s", Member: "a", SessionEpoch: a.session, Parts: []SharePart{{Topic: orders, Acks: acks}}})
		a.session++
		return r.Body.(*ShareAcknowledgeReply).Codes[0]
	}
	for _, acks := range [][]ShareAck{
		{{0, 0, nil}}, {{1, 0, []AckType{AckAccept}}}, {{0, 2, []AckType{AckAccept, AckAccept}}}, {{0, 0, []AckType{9}}},
		{{0, 1, []AckType{AckAccept}}, {1, 2, []AckType{AckAccept}}}, {{3, 4, []AckType{AckAccept}}},
	} {
		if code := ack(acks...); code != InvalidRequest {
			t.Errorf("%v: %v", acks, code)
		}
	}
	l.wantShares("0: A1 A1 A1 A1")
	if code := ack(ShareAck{0, 3, []AckType{AckGap, AckAccept, AckRelease, AckReject}}); code != None {
		t.Error(code)
	}
	l.wantShares("2: .1 x1")
	if code := ack(ShareAck{0, 1, []AckType{AckAccept}}); code != None {
		t.Error("what is done with may be settled again:", code)
	}
}

func TestShareGroupStartsAtTheEndUnlessTold(t *testing.T) {
	l := newLab(t)
	l.fill(2)
	a := l.sharer("a", "orders")
	a.fetch(10)
	a.want()
	l.fill(1)
	a.fetch(10)
	a.want(4, 5)
}

func TestShareInFlightRecordsAreLimited(t *testing.T) {
	l := shareLab(t, 60, ConfigEntry{Name: "group.share.partition.max.record.locks", Value: "100"})
	a, b := l.sharer("a", "orders"), l.sharer("b", "orders")
	a.fetch(500)
	if len(a.has) != 100 {
		t.Error(len(a.has))
	}
	b.fetch(500)
	b.want()
	a.ack(AckAccept, 0, 9)
	b.fetch(500)
	if len(b.has) != 10 || b.has[0] != 100 {
		t.Error(b.has)
	}
}

func TestShareSkipsWhatIsNotForConsumers(t *testing.T) {
	l := shareLab(t, 1)
	marker := batch.AppendEndTxn(nil, 7, 0, int64(l.now), batch.EndTxn{})
	h, err := batch.Parse(marker)
	if err != nil {
		t.Fatal(err)
	}
	l.e.append(0, l.e.partitionAt(l.e.topicByName["orders"], 0), marker, &h)
	l.fill(1)
	a := l.sharer("a", "orders")
	a.fetch(10)
	a.want(0, 1, 3, 4)
	l.wantShares("0: A1 A1 x0 A1 A1")
}

func TestShareGroupMembership(t *testing.T) {
	l := newLab(t)
	a := l.sharer("a", "orders")
	if len(a.parts) != 1 || len(a.parts[0].Partitions) != 4 || a.member != 1 {
		t.Fatalf("%+v", a)
	}
	var list []*sharer
	for _, id := range strings.Split("bcdefgh", "") {
		list = append(list, l.sharer(id, "orders"))
	}
	list = append(list, a)
	shared := map[Partition]int{}
	for _, s := range list {
		if s.beat(); len(s.parts) != 1 || len(s.parts[0].Partitions) != 1 {
			t.Fatalf("%+v", s)
		}
		shared[s.parts[0].Partitions[0]]++
	}
	for p, n := range shared {
		if n != 2 {
			t.Errorf("partition %d has %d members", p, n)
		}
	}
	d := l.do(&ShareGroupDescribe{Groups: []string{"s"}}).Body.(*ConsumerGroupDescribeReply).Groups[0]
	if d.State != "Stable" || len(d.Members) != 8 || d.Assignor != "simple" {
		t.Errorf("%+v", d)
	}
	if code := l.do(&JoinGroup{Group: "s", ProtocolType: "consumer", Protocols: []JoinProtocol{{"range", nil}}, SessionTimeoutMs: 10_000}).Code; code != InconsistentGroupProtocol {
		t.Error(code)
	}
	if code := l.do(&ConsumerGroupHeartbeat{Group: "s", Member: "x", RebalanceTimeoutMs: 1, Subscribed: true}).Code; code != GroupIDNotFound {
		t.Error(code)
	}
	a.member = -1
	if code := a.beat(); code != None {
		t.Error(code)
	}
	l.wait(44_999)
	for _, s := range list[1:7] {
		s.beat()
	}
	l.wait(1)
	if g, _ := l.e.Group("s"); g.MemberCount != 6 {
		t.Error(g.MemberCount, "members: the one that was not heard of stays")
	}
}
