package engine

import (
	"slices"
	"strconv"
	"testing"

	"partita/engine/vectortest"
)

type segmentsCase struct {
	What   string
	Config struct {
		SegmentBytes, SegmentMs     int64
		MaxMessageBytes             int64
		SegmentIndexBytes           int64
		CleanupPolicy               []string
		RetentionMs, RetentionBytes int64
	}
	ActiveSegment struct {
		BaseOffset                   Offset
		Size                         int
		Created, FirstBatchTimestamp int64
		OffsetIndexEntries           int64
	}
	Append struct {
		BatchBytes, MaxTimestamp, Now int64
		FirstOffset, LastOffset       Offset
	}
	Now      Time
	Segments []struct {
		BaseOffset       Offset
		Size             int
		LargestTimestamp int64
	}
	LogEndOffset, HighWatermark, LogStartOffset Offset
	Expect                                      struct {
		Roll              bool
		Reason, Error     string
		NewBaseOffset     Offset
		Code              Code
		DeletedSegments   []Offset
		RemainingSegments []Offset
		LogStartOffset    Offset
		RolledNewActive   bool
	}
}

// roll appends a batch of zeros where only the sizes and times of the case count.
func (c *segmentsCase) roll(t *testing.T) {
	e, id := newTopic(t, 1)
	p := e.topics[id].partitions[0]
	config := &p.topic.config
	config.value[setSegmentBytes], config.value[setSegmentMs] = c.Config.SegmentBytes, c.Config.SegmentMs
	if c.Config.MaxMessageBytes != 0 {
		config.value[setMaxMessageBytes] = c.Config.MaxMessageBytes
	}
	if c.Config.SegmentIndexBytes != 0 {
		config.value[setSegmentIndexBytes] = c.Config.SegmentIndexBytes
	}
	a := &c.ActiveSegment
	p.start, p.end = a.BaseOffset, c.Append.FirstOffset
	p.segments = []*segment{{base: a.BaseOffset, data: make([]byte, a.Size), first: a.FirstBatchTimestamp,
		created: Time(a.Created), indexed: a.OffsetIndexEntries}}
	e.now = Time(c.Append.Now)
	if code := p.tooLarge(c.Append.BatchBytes); code != c.Expect.Code {
		t.Errorf("code %v, want %v", code, c.Expect.Code)
	}
	if c.Expect.Code != None {
		return
	}
	s := e.segmentFor(p, int(c.Append.BatchBytes), c.Append.MaxTimestamp, false)
	if rolls := len(p.segments) == 2; rolls != c.Expect.Roll || rolls && s.base != c.Expect.NewBaseOffset {
		t.Fatalf("rolls %v to %d, want %v to %d", rolls, s.base, c.Expect.Roll, c.Expect.NewBaseOffset)
	}
	if c.Expect.Roll {
		events := e.Ready().Events
		why := []string{"", "size", "time", "offset index full"}[events[len(events)-1].Aux]
		if why != c.Expect.Reason {
			t.Errorf("rolls because of %s, want %s", why, c.Expect.Reason)
		}
	}
}

// retention looks at the bases of the segments before and after.
func (c *segmentsCase) retention(t *testing.T) {
	e, id := newTopic(t, 1)
	p := e.topics[id].partitions[0]
	config := &p.topic.config
	config.value[setRetentionMs], config.value[setRetentionBytes], config.value[setCleanupPolicy] = c.Config.RetentionMs, c.Config.RetentionBytes, 0
	for _, word := range c.Config.CleanupPolicy {
		config.value[setCleanupPolicy] |= 1 << slices.Index(policyWords, word)
	}
	p.start, p.end = c.LogStartOffset, c.LogEndOffset
	for _, s := range c.Segments {
		if s.Size > 0 { // an active segment without records is none here: the next record starts it
			p.segments = append(p.segments, &segment{base: s.BaseOffset, data: make([]byte, s.Size), maxTime: s.LargestTimestamp})
			p.bytes += int64(s.Size)
		}
	}
	e.now = c.Now
	e.retainLog(p, c.HighWatermark)
	var left []Offset
	for _, s := range p.segments {
		left = append(left, s.base)
	}
	if len(left) == 0 || p.endOf(len(left)-1) < p.end || c.Segments[len(c.Segments)-1].Size == 0 {
		left = append(left, p.end)
	}
	if !slices.Equal(left, c.Expect.RemainingSegments) || p.start != c.Expect.LogStartOffset {
		t.Errorf("left %v from %d, want %v from %d", left, p.start, c.Expect.RemainingSegments, c.Expect.LogStartOffset)
	}
}

func TestVectorsLogSegments(t *testing.T) {
	vectortest.Each(t, "log_segments", func(t *testing.T, c segmentsCase) {
		switch c.What {
		case "roll":
			c.roll(t)
		case "retention":
			c.retention(t)
		default:
			t.Fatalf("unknown kind of case %q", c.What)
		}
	})
}

func TestDeleteRecords(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "segment.bytes", Value: "200"})
	for i := range 10 {
		ask(t, e, Time(i), &Produce{Topic: id, Acks: 1, Batch: records(int64(i), strconv.Itoa(i))})
	}
	for _, c := range []struct {
		before Offset
		code   Code
		start  Offset
	}{{11, OffsetOutOfRange, 0}, {-2, OffsetOutOfRange, 0}, {5, None, 5}, {3, None, 5}, {-1, None, 10}} {
		r := ask(t, e, 10, &DeleteRecords{Topic: id, Before: c.before})
		if view, _ := e.Partition(id, 0); r.Code != c.code || view.LogStart != c.start || c.code == None && r.Offset != c.start {
			t.Errorf("before %d: %v, offset %d, log start %d; want %v, %d", c.before, r.Code, r.Offset, view.LogStart, c.code, c.start)
		}
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := e.Partition(id, 0)
	many := ask(t, e, 20, &Produce{Topic: id, Acks: 1, Batch: records(100, "a", "b", "c")})
	ask(t, e, 20, &DeleteRecords{Topic: id, Before: many.Offset + 1})
	if r := ask(t, e, 20, &ListOffsets{Topic: id, Timestamp: 1}); r.Offset != many.Offset+1 || r.At != 101 {
		t.Errorf("the first record of a time is at %d, %d, below the log start", r.Offset, r.At)
	}
	e.Tick(300_000)
	if after, _ := e.Partition(id, 0); after.Bytes >= before.Bytes || after.Bytes == 0 {
		t.Errorf("%d bytes, were %d: segments below the log start go, but not the active one", after.Bytes, before.Bytes)
	}
	e.Advance()
	ask(t, e, 300_000, &AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: "cleanup.policy", Value: "compact"}}})
	if r := ask(t, e, 300_000, &DeleteRecords{Topic: id, Before: -1}); r.Code != PolicyViolation {
		t.Errorf("on a compacted topic: %v", r.Code)
	}
}
