package engine

import (
	"bytes"
	"strconv"
	"testing"

	"partita/engine/batch"
)

const client = Session(7)

// records builds one batch of values, a millisecond apart from at.
func records(at int64, values ...string) []byte {
	var b batch.Builder
	b.Reset(nil)
	for i, v := range values {
		b.Add(at+int64(i), []byte("k"), []byte(v), nil)
	}
	return b.Finish()
}

// ask applies one command and gives its reply; it fails when there is none.
func ask(t *testing.T, e *Engine, at Time, cmd Command) Reply {
	t.Helper()
	replies := replies(e, at, cmd)
	if len(replies) != 1 {
		t.Fatalf("%T: %d replies, want 1", cmd, len(replies))
	}
	return replies[0]
}

func replies(e *Engine, at Time, cmd Command) []Reply {
	e.Apply(at, client, 1, cmd)
	return drain(e)
}

func drain(e *Engine) []Reply {
	got := append([]Reply(nil), e.Ready().Replies...)
	e.Advance()
	return got
}

func newTopic(t *testing.T, partitions int32, config ...ConfigEntry) (*Engine, TopicID) {
	t.Helper()
	e := New(Config{Seed: 1})
	r := ask(t, e, 0, &CreateTopic{Name: "orders", Partitions: partitions, ReplicationFactor: 1, Config: config})
	if r.Code != None {
		t.Fatalf("create: %v", r.Code)
	}
	return e, r.Body.(*CreateTopicReply).Topic
}

func TestCreateTopicRefusals(t *testing.T) {
	e, _ := newTopic(t, 1)
	for _, c := range []struct {
		cmd  CreateTopic
		want Code
	}{
		{CreateTopic{Name: "orders", Partitions: 1}, TopicAlreadyExists},
		{CreateTopic{Name: "<script>", Partitions: 1}, InvalidTopic},
		{CreateTopic{Name: "", Partitions: 1}, InvalidTopic},
		{CreateTopic{Name: "..", Partitions: 1}, InvalidTopic},
		{CreateTopic{Name: OffsetsTopic, Partitions: 1}, TopicAlreadyExists},
		{CreateTopic{Name: "t", Partitions: 0}, InvalidPartitions},
		{CreateTopic{Name: "t", Partitions: MaxPartitions + 1}, InvalidPartitions},
		{CreateTopic{Name: "t", Partitions: 1, ReplicationFactor: 3}, InvalidReplicationFactor},
		{CreateTopic{Name: "t", Partitions: 1, Config: []ConfigEntry{{Name: "no.such", Value: "1"}}}, InvalidConfig},
		{CreateTopic{Name: "t", Partitions: 1, Config: []ConfigEntry{{Name: "retention.ms", Value: "soon"}}}, InvalidConfig},
		{CreateTopic{Name: "t", Partitions: -1}, None},
	} {
		if got := ask(t, e, 0, &c.cmd).Code; got != c.want {
			t.Errorf("%+v: %v, want %v", c.cmd, got, c.want)
		}
	}
}

func TestProduceAssignsOffsetsAndStampsThem(t *testing.T) {
	e, id := newTopic(t, 2)
	for i, want := range []Offset{0, 2, 4} {
		r := ask(t, e, Time(i), &Produce{Topic: id, Partition: 1, Acks: -1, Batch: records(10, "a", "b")})
		if r.Code != None || r.Offset != want || r.At != -1 {
			t.Fatalf("produce %d: %+v, want offset %d", i, r, want)
		}
	}
	view, _ := e.Partition(id, 1)
	if view.LogStart != 0 || view.LogEnd != 6 || view.HighWatermark != 6 {
		t.Fatalf("partition: %+v", view)
	}
	got, code := e.Read(id, 1, 2, 1)
	if code != None {
		t.Fatal(code)
	}
	h, err := batch.Check(got)
	if err != nil || h.BaseOffset != 2 || h.LastOffset() != 3 || h.LeaderEpoch != 0 {
		t.Fatalf("the stored batch: %+v, %v", h, err)
	}
}

func TestProduceRefusals(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "max.message.bytes", Value: "200"})
	good := records(0, "a")
	cut := good[:len(good)-1]
	for name, c := range map[string]struct {
		cmd  Produce
		want Code
	}{
		"no such topic":     {Produce{Topic: 99, Acks: 1, Batch: good}, UnknownTopicOrPartition},
		"no such partition": {Produce{Topic: id, Partition: 1, Acks: 1, Batch: good}, UnknownTopicOrPartition},
		"negative":          {Produce{Topic: id, Partition: -1, Acks: 1, Batch: good}, UnknownTopicOrPartition},
		"acks":              {Produce{Topic: id, Acks: 2, Batch: good}, InvalidRequiredAcks},
		"too large":         {Produce{Topic: id, Acks: 1, Batch: records(0, string(make([]byte, 200)))}, MessageTooLarge},
		"cut short":         {Produce{Topic: id, Acks: 1, Batch: cut}, CorruptMessage},
		"two batches":       {Produce{Topic: id, Acks: 1, Batch: append(records(0, "a"), good...)}, CorruptMessage},
		"empty":             {Produce{Topic: id, Acks: 1}, CorruptMessage},
	} {
		if got := ask(t, e, 0, &c.cmd).Code; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if view, _ := e.Partition(id, 0); view.LogEnd != 0 {
		t.Errorf("a refused batch was appended: %+v", view)
	}
}

func TestAcksZeroHasNoReply(t *testing.T) {
	e, id := newTopic(t, 1)
	if got := replies(e, 0, &Produce{Topic: id, Batch: records(0, "a")}); len(got) != 0 {
		t.Fatalf("replies: %+v", got)
	}
	if view, _ := e.Partition(id, 0); view.LogEnd != 1 {
		t.Fatalf("the record is not there: %+v", view)
	}
}

func TestLogAppendTime(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "message.timestamp.type", Value: "LogAppendTime"})
	r := ask(t, e, 500, &Produce{Topic: id, Acks: 1, Batch: records(3, "a", "b")})
	if r.At != 500 {
		t.Fatalf("append time %d, want 500", r.At)
	}
	got, _ := e.Read(id, 0, 0, 1)
	if h, err := batch.Check(got); err != nil || !h.IsLogAppendTime() || h.MaxTimestamp != 500 {
		t.Fatalf("%+v, %v", h, err)
	}
}

func TestListOffsets(t *testing.T) {
	e, id := newTopic(t, 1)
	ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(100, "a", "b", "c")}) // 100, 101, 102
	ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(50, "d", "e")})       // late: 50, 51
	ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(200, "f")})
	for _, c := range []struct {
		at     int64
		offset Offset
		time   Time
	}{
		{TimestampEarliest, 0, -1}, {TimestampLatest, 6, -1}, {TimestampMax, 5, 200},
		{0, 0, 100}, {101, 1, 101}, {103, 5, 200}, {200, 5, 200}, {201, -1, -1},
	} {
		r := ask(t, e, 0, &ListOffsets{Topic: id, Timestamp: c.at})
		if r.Offset != c.offset || r.At != c.time || r.Code != None {
			t.Errorf("at %d: offset %d time %d, want %d and %d", c.at, r.Offset, r.At, c.offset, c.time)
		}
	}
}

func TestRetentionMovesTheLogStart(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "segment.bytes", Value: "200"}, ConfigEntry{Name: "retention.bytes", Value: "300"})
	for i := range 10 {
		ask(t, e, Time(i), &Produce{Topic: id, Acks: 1, Batch: records(int64(i), strconv.Itoa(i))})
	}
	before, _ := e.Partition(id, 0)
	e.Tick(300_000)
	view, _ := e.Partition(id, 0)
	if view.LogStart == 0 || view.LogEnd != 10 || view.Bytes >= before.Bytes || view.Bytes < 300 {
		t.Fatalf("after retention: %+v, before: %+v", view, before)
	}
	last := e.Ready().Events[len(e.Ready().Events)-1]
	if last.Kind != KindLogStartMoved || last.Offset != 0 || last.End != view.LogStart {
		t.Fatalf("event: %+v", last)
	}
	e.Advance()
	r := ask(t, e, 300_001, &Fetch{Parts: []FetchPart{{Topic: id, Offset: 0, MaxBytes: 1000}}, MaxBytes: 1000})
	if got := r.Body.(*FetchReply).Parts[0]; got.Code != OffsetOutOfRange || got.LogStartOffset != view.LogStart {
		t.Fatalf("a fetch below the log start: %+v", got)
	}
}

func TestReadersKeepWhatTheyWereLent(t *testing.T) {
	e, id := newTopic(t, 1)
	ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(0, "first")})
	lent, _ := e.Read(id, 0, 0, 1000)
	want := bytes.Clone(lent)
	for range 2000 {
		ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(0, "more")})
	}
	if !bytes.Equal(lent, want) {
		t.Fatal("lent bytes changed")
	}
}

func TestTimestampLimits(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "message.timestamp.before.max.ms", Value: "1000"}, ConfigEntry{Name: "message.timestamp.after.max.ms", Value: "500"})
	for _, c := range []struct {
		at   int64
		want Code
	}{{9_000, None}, {8_999, InvalidTimestamp}, {10_499, None}, {10_500, InvalidTimestamp}, {-1, None}} {
		b := batch.Builder{}
		b.Reset(nil)
		b.Add(c.at, nil, []byte("v"), nil)
		if c.at >= 0 { // the limits hold for each record
			b.Add(c.at+1, nil, []byte("v"), nil)
		}
		if r := ask(t, e, 10_000, &Produce{Topic: id, Acks: 1, Batch: b.Finish()}); r.Code != c.want {
			t.Errorf("a record of %d at 10000: %v, want %v", c.at, r.Code, c.want)
		}
	}
	ask(t, e, 10_000, &AlterConfig{Topic: "orders", Entries: []ConfigEntry{{Name: "message.timestamp.type", Value: "LogAppendTime"}}})
	if r := ask(t, e, 10_000, &Produce{Topic: id, Acks: 1, Batch: records(1, "v")}); r.Code != None {
		t.Errorf("with LogAppendTime: %v", r.Code)
	}
}

func TestCompactedTopicsWantKeys(t *testing.T) {
	e, id := newTopic(t, 1, ConfigEntry{Name: "cleanup.policy", Value: "compact"})
	var b batch.Builder
	b.Reset(nil)
	b.Add(1, []byte("k"), []byte("v"), nil)
	b.Add(1, nil, []byte("v"), nil)
	if r := ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: b.Finish()}); r.Code != InvalidRecord {
		t.Errorf("a record without a key: %v", r.Code)
	}
	if r := ask(t, e, 0, &Produce{Topic: id, Acks: 1, Batch: records(1, "v")}); r.Code != None {
		t.Errorf("records with keys: %v", r.Code)
	}
}
