package kafka

import (
	"bytes"
	"net"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// written is what an output writes to a socket.
func written(t *testing.T, o *output) []byte {
	t.Helper()
	ours, theirs := net.Pipe()
	var b bytes.Buffer
	done := make(chan struct{})
	go func() { b.ReadFrom(ours); close(done) }()
	if err := o.writeTo(theirs); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	<-done
	return b.Bytes()
}

// TestFetchResponses: a Fetch response is written as kmsg writes it, with all records in
// their place, in every version; several wait together.
func TestFetchResponses(t *testing.T) {
	large, small := bytes.Repeat([]byte("large "), 10_000), []byte("small")
	part := func(n int32, records []byte) kmsg.FetchResponseTopicPartition {
		p := kmsg.NewFetchResponseTopicPartition()
		p.Partition, p.ErrorCode, p.HighWatermark, p.LastStableOffset, p.LogStartOffset, p.PreferredReadReplica, p.RecordBatches = n, int16(n), 7, 6, 5, -1, records
		return p
	}
	for v := int16(fetchWriterLeast); v <= apis[1].max; v++ {
		a := kmsg.NewPtrFetchResponse()
		a.Version, a.ThrottleMillis, a.SessionID = v, 9, 77
		led := part(2, small)
		led.CurrentLeader.LeaderID, led.CurrentLeader.LeaderEpoch = 103, 4
		led.AbortedTransactions = []kmsg.FetchResponseTopicPartitionAbortedTransaction{{ProducerID: 1, FirstOffset: 2}, {ProducerID: 3, FirstOffset: 4}}
		a.Topics = []kmsg.FetchResponseTopic{
			{Topic: "one", TopicID: [16]byte{1}, Partitions: []kmsg.FetchResponseTopicPartition{part(0, large), part(1, []byte{}), led}},
			{Topic: "two", TopicID: [16]byte{2}, Partitions: []kmsg.FetchResponseTopicPartition{part(0, small)}},
		}
		more := [][][]byte{{small, large}, nil, nil, {large}}
		o := &output{}
		o.respond(1, a, more)
		o.respond(2, a, more)
		got := written(t, o)
		a.Topics[0].Partitions[0].RecordBatches = slices.Concat(large, small, large)
		a.Topics[1].Partitions[0].RecordBatches = slices.Concat(small, large)
		start := 9
		if v < 12 {
			start = 8
		}
		want := a.AppendTo(nil)
		if size := start + len(want); len(got) != 2*size || !bytes.Equal(got[start:size], want) || !bytes.Equal(got[size+start:], want) {
			t.Errorf("version %d: %d bytes, want %d twice with two headers", v, len(got), len(want))
		}
		if o.waiting() != 0 || len(o.lent) != 0 {
			t.Errorf("version %d: %d bytes wait on", v, o.waiting())
		}
	}
}

// TestProduceResponses: a Produce response is written as kmsg writes it in every version.
func TestProduceResponses(t *testing.T) {
	why := "One or more records have been rejected"
	good, bad, elsewhere := kmsg.NewProduceResponseTopicPartition(), kmsg.NewProduceResponseTopicPartition(), kmsg.NewProduceResponseTopicPartition()
	good.BaseOffset, good.LogAppendTime, good.LogStartOffset = 1<<40, -1, 3
	bad.Partition, bad.ErrorCode, bad.ErrorMessage = 1, 87, &why
	bad.ErrorRecords = []kmsg.ProduceResponseTopicPartitionErrorRecord{{RelativeOffset: 1, ErrorMessage: &why}, {RelativeOffset: 2}}
	elsewhere.Partition, elsewhere.ErrorCode = 2, 6
	elsewhere.CurrentLeader.LeaderID, elsewhere.CurrentLeader.LeaderEpoch = 103, 4
	for v := int16(produceWriterLeast); v <= apis[0].max; v++ {
		a := kmsg.NewPtrProduceResponse()
		a.Version, a.ThrottleMillis = v, 9
		a.Topics = []kmsg.ProduceResponseTopic{
			{Topic: "one", Partitions: []kmsg.ProduceResponseTopicPartition{good, bad, elsewhere}}, {Topic: "two"},
		}
		o := &output{}
		o.respond(1, a, nil)
		got := written(t, o)
		if want := a.AppendTo(nil); !bytes.HasSuffix(got, want) || len(got)-len(want) > 9 {
			t.Errorf("version %d:\n%x, want\n%x", v, got, want)
		}
	}
}
