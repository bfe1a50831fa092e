package kafka

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
)

// TestFetchSession walks through a fetch session (KIP-227): it is opened, tells only what
// is new, takes and forgets partitions, and refuses epochs out of order.
func TestFetchSession(t *testing.T) {
	p := start(t)
	r := p.dial()
	fetch := func(id, epoch int32, parts, forget []int32) *kmsg.FetchResponse {
		q := kmsg.NewPtrFetchRequest()
		q.Version, q.SessionID, q.SessionEpoch, q.MaxBytes = 12, id, epoch, 1<<20
		topic := kmsg.FetchRequestTopic{Topic: host.TabsTopic}
		for _, n := range parts {
			part := kmsg.NewFetchRequestTopicPartition()
			part.Partition, part.PartitionMaxBytes, part.CurrentLeaderEpoch = n, 1<<20, -1
			topic.Partitions = append(topic.Partitions, part)
		}
		if parts != nil {
			q.Topics = []kmsg.FetchRequestTopic{topic}
		}
		if forget != nil {
			q.ForgottenTopics = []kmsg.FetchRequestForgottenTopic{{Topic: host.TabsTopic, Partitions: forget}}
		}
		return ask(r, q, kmsg.NewPtrFetchResponse())
	}
	told := func(a *kmsg.FetchResponse) (n int) {
		for i := range a.Topics {
			n += len(a.Topics[i].Partitions)
		}
		return n
	}
	opened := fetch(0, 0, []int32{0, 1, 2}, nil)
	id := opened.SessionID
	if id == 0 || told(opened) != 3 {
		t.Fatalf("opened: session %d, %d partitions", id, told(opened))
	}
	if a := fetch(id, 1, nil, nil); a.ErrorCode != 0 || told(a) != 0 {
		t.Errorf("nothing new: code %d, %d partitions", a.ErrorCode, told(a))
	}
	ask(r, produceOf(1), kmsg.NewPtrProduceResponse())
	if a := fetch(id, 2, nil, nil); told(a) != 1 || len(a.Topics[0].Partitions[0].RecordBatches) == 0 {
		t.Errorf("a new record: %d partitions", told(a))
	}
	if a := fetch(id, 3, []int32{3}, []int32{0}); told(a) != 1 || a.Topics[0].Partitions[0].Partition != 3 {
		t.Errorf("one partition for another: %+v", a.Topics)
	}
	if a := fetch(id, 3, nil, nil); a.ErrorCode != codeInvalidFetchSessionEpoch {
		t.Errorf("an epoch twice: code %d", a.ErrorCode)
	}
	if a := fetch(id, 4, nil, nil); a.ErrorCode != 0 {
		t.Errorf("the right epoch after a wrong one: code %d", a.ErrorCode)
	}
	if a := fetch(id, -1, []int32{0}, nil); a.ErrorCode != 0 || a.SessionID != 0 || told(a) != 1 {
		t.Errorf("the last request: %+v", a)
	}
	if a := fetch(id, 5, nil, nil); a.ErrorCode != codeFetchSessionIDNotFound {
		t.Errorf("a closed session: code %d", a.ErrorCode)
	}
}
