package engine

import (
	"slices"
	"strings"
	"testing"
)

func TestCommitAndFetchOffsets(t *testing.T) {
	l := newLab(t)
	l.do(&CreateTopic{Name: "alpha", Partitions: 2})
	commit := func(offsets ...CommitOffset) (Code, []Code) {
		r := l.do(&OffsetCommit{Group: "g", Generation: -1, Offsets: offsets})
		return r.Code, r.Body.(*OffsetCommitReply).Codes
	}
	if code, codes := commit(CommitOffset{Topic: "nowhere"}); code != None || !slices.Equal(codes, []Code{UnknownTopicOrPartition}) {
		t.Errorf("unknown topic: %v %v", code, codes)
	}
	if _, ok := l.e.Group("g"); ok {
		t.Error("a commit to nowhere made a group")
	}
	tall := strings.Repeat("\U0001d11e", 2048) // 4,096 UTF-16 units, 8,192 bytes
	code, codes := commit(
		CommitOffset{Topic: "orders", Partition: 3, Offset: 30, LeaderEpoch: 2, Metadata: tall},
		CommitOffset{Topic: "orders", Partition: 4, Offset: 1},
		CommitOffset{Topic: "orders", Partition: 1, Offset: 1, Metadata: tall + "x"},
		CommitOffset{Topic: "alpha", Partition: 0, Offset: 7, LeaderEpoch: -1},
		CommitOffset{Topic: "orders", Partition: 0, Offset: 0, LeaderEpoch: -1})
	if code != None || !slices.Equal(codes, []Code{None, UnknownTopicOrPartition, OffsetMetadataTooLarge, None, None}) {
		t.Errorf("codes %v %v", code, codes)
	}
	commit(CommitOffset{Topic: "orders", Partition: 0, Offset: 5, LeaderEpoch: -1})
	all := []FetchedOffset{
		{Topic: "alpha", Partition: 0, Offset: 7, LeaderEpoch: -1},
		{Topic: "orders", Partition: 0, Offset: 5, LeaderEpoch: -1},
		{Topic: "orders", Partition: 3, Offset: 30, LeaderEpoch: 2, Metadata: tall},
	}
	if got := l.do(&OffsetFetch{Group: "g", All: true}).Body.(*OffsetFetchReply).Offsets; !slices.Equal(got, all) {
		t.Errorf("all: %+v", got)
	}
	if got := l.e.Offsets(l.group().ID, nil); !slices.Equal(got, all) {
		t.Errorf("view: %+v", got)
	}
	want := []FetchedOffset{all[2], {Topic: "orders", Partition: 1, Offset: -1, LeaderEpoch: -1}, {Topic: "no", Partition: -1, Offset: -1, LeaderEpoch: -1}}
	some := []TopicPartition{{"orders", 3}, {"orders", 1}, {"no", -1}}
	if got := l.do(&OffsetFetch{Group: "g", Partitions: some}).Body.(*OffsetFetchReply).Offsets; !slices.Equal(got, want) {
		t.Errorf("some: %+v", got)
	}
	if r := l.do(&OffsetFetch{Group: "unknown", Partitions: some[:1]}); r.Code != None || r.Body.(*OffsetFetchReply).Offsets[0].Offset != -1 {
		t.Errorf("unknown group: %+v", r)
	}
	if f, ok := l.e.Committed(l.group().ID, "orders", 0); !ok || f.Offset != 5 {
		t.Errorf("committed %+v", f)
	}
	if _, ok := l.e.Committed(99, "orders", 0); ok {
		t.Error("a group that is not there has an offset")
	}
}

func TestDeletedTopicTakesItsOffsetsAlong(t *testing.T) {
	l := newLab(t)
	l.do(&CreateTopic{Name: "other", Partitions: 1})
	for _, group := range []string{"g", "h"} {
		l.do(&OffsetCommit{Group: group, Generation: -1, Offsets: []CommitOffset{
			{Topic: "orders", Partition: 2}, {Topic: "other"}, {Topic: "orders"}}})
	}
	l.take()
	l.do(&DeleteTopic{Name: "orders"})
	var removed []Event
	for _, ev := range l.e.Ready().Events {
		if ev.Kind == KindOffsetRemoved {
			removed = append(removed, ev)
		}
	}
	if len(removed) != 4 || removed[0].Topic != 1 || removed[1].Partition != 2 || removed[2].Group != removed[0].Group+1 {
		t.Errorf("events %+v", removed)
	}
	if got := l.e.Offsets(l.group().ID, nil); len(got) != 1 || got[0].Topic != "other" {
		t.Errorf("offsets left: %+v", got)
	}
	tombstones := 0
	for _, rec := range l.log() {
		if rec.Removed && rec.Topic == "orders" {
			tombstones++
		}
	}
	if tombstones != 2 {
		t.Errorf("%d tombstones of g", tombstones)
	}
}

// log decodes the records of the log that holds group g.
func (l *lab) log() (all []OffsetsRecord) {
	l.t.Helper()
	for _, b := range headersOf(l.t, l.e.groups[l.group().ID].log) {
		for _, r := range b.records {
			rec, err := DecodeOffsetsRecord(r.Key, r.Value)
			if err != nil {
				l.t.Fatalf("record %x=%x: %v", r.Key, r.Value, err)
			}
			if rec.Group == "g" {
				all = append(all, rec)
			}
		}
	}
	return all
}

func TestRecordsOfAGroup(t *testing.T) {
	l := newLab(t)
	l.now = 1_000_000
	names := l.stable(2, "one")
	stableSince := l.now
	l.do(&OffsetCommit{Group: "g", Member: names[0], Generation: 1,
		Offsets: []CommitOffset{{Topic: "orders", Partition: 3, Offset: 1, LeaderEpoch: 4, Metadata: "m"}}})
	l.do(&LeaveGroup{Group: "g", Members: []LeavingMember{{Instance: "one"}, {Member: names[1]}}})
	l.do(&DeleteTopic{Name: "orders"})
	log := l.log()
	if len(log) != 5 {
		t.Fatalf("%d records: %+v", len(log), log)
	}
	if r := log[0]; r.ProtocolType != "consumer" || r.Generation != 0 || r.Protocol != "" || len(r.Members) != 0 || r.StateSince != 1_000_000 {
		t.Errorf("new group: %+v", r)
	}
	r := log[1]
	if r.Generation != 1 || r.Protocol != "range" || r.Leader != names[0] || len(r.Members) != 2 || r.StateSince != int64(stableSince) {
		t.Errorf("stable group: %+v", r)
	} else if m := r.Members[0]; m.Member != names[0] || m.Instance != "one" || m.ClientID != "c" || m.Host != "/1.2.3.4" ||
		m.RebalanceTimeoutMs != 60_000 || m.SessionTimeoutMs != 10_000 || string(m.Subscription) != "sub" || len(m.Assignment) != 0 {
		t.Errorf("member: %+v", m)
	}
	if r := log[2]; r.Topic != "orders" || r.Partition != 3 || r.Offset != 1 || r.LeaderEpoch != 4 || r.Metadata != "m" ||
		r.CommittedAt != int64(stableSince) || r.ExpiresAt != -1 || r.Removed {
		t.Errorf("commit: %+v", r)
	}
	if r := log[3]; r.Generation != 2 || r.ProtocolType != "consumer" || r.Protocol != "" || r.Leader != "" || len(r.Members) != 0 {
		t.Errorf("empty group: %+v", r)
	}
	if r := log[4]; !r.Removed || r.Topic != "orders" || r.Partition != 3 {
		t.Errorf("tombstone: %+v", r)
	}
}

func TestDecodeOffsetsRecordRefusesGarbage(t *testing.T) {
	var w recordWriter
	w.commitKey("g", "t", 3)
	w.commitValue(&CommitOffset{Offset: 9, Metadata: "m"}, 5)
	good, err := DecodeOffsetsRecord(w.key, w.value)
	if err != nil || good.Offset != 9 || good.Metadata != "m" {
		t.Fatalf("%+v %v", good, err)
	}
	for n := range w.value {
		if _, err := DecodeOffsetsRecord(w.key, w.value[:n:n]); err == nil {
			t.Errorf("a value of %d bytes was accepted", n)
		}
	}
	for n := range w.key {
		if _, err := DecodeOffsetsRecord(w.key[:n], w.value); err == nil {
			t.Errorf("a key of %d bytes was accepted", n)
		}
	}
	// OffsetCommitValue version 1 has an expiry instead of the epoch.
	v1 := []byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 'm', 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6}
	if rec, err := DecodeOffsetsRecord(w.key, v1); err != nil || rec.Offset != 9 || rec.ExpiresAt != 6 || rec.LeaderEpoch != -1 {
		t.Errorf("version 1: %+v %v", rec, err)
	}
	if _, err := DecodeOffsetsRecord([]byte{0, 3, 0, 1, 'g'}, nil); err == nil {
		t.Error("a key of another kind was accepted")
	}
}

func TestCommitAllocatesOnlyItsReply(t *testing.T) {
	l := newLab(t)
	c := &OffsetCommit{Group: "g", Generation: -1, Offsets: []CommitOffset{{Topic: "orders"}, {Topic: "orders", Partition: 1}}}
	n := testing.AllocsPerRun(200, func() {
		c.Offsets[0].Offset++
		l.e.Apply(0, client, 1, c)
		l.e.Advance()
	})
	if n > 2 {
		t.Errorf("a commit allocates %v times", n)
	}
}
