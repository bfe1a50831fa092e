package kafka

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/web/host"
)

// longPoll is a Fetch that waits for records that do not come.
func longPoll() *kmsg.FetchRequest {
	q := kmsg.NewPtrFetchRequest()
	q.Version, q.ReplicaID, q.MaxWaitMillis, q.MinBytes, q.MaxBytes, q.SessionEpoch = 12, -1, int32(time.Hour/time.Millisecond), 1, 1<<20, -1
	p := kmsg.NewFetchRequestTopicPartition()
	p.PartitionMaxBytes, p.CurrentLeaderEpoch = 1<<20, -1
	q.Topics = []kmsg.FetchRequestTopic{{Topic: host.TabsTopic, Partitions: []kmsg.FetchRequestTopicPartition{p}}}
	return q
}

// TestGoneWhileItWaits: it is noticed that a client goes while its request is waiting, and
// what it sent behind that is given back.
func TestGoneWhileItWaits(t *testing.T) {
	s, _ := pipes(t)
	for range 3 {
		r, ended := pipe(t, s)
		r.send(longPoll())
		for range aheadMost { // a pipe takes no byte that is not read: these are read ahead
			r.send(kmsg.NewPtrApiVersionsRequest())
		}
		r.Close()
		until(t, "a client that went", ended)
	}
}

// TestManyAtOnce: requests that come in one piece are answered in their order, those that
// wait among them; one that ends the connection takes no response away from those before
// it that need not wait.
func TestManyAtOnce(t *testing.T) {
	s, _ := pipes(t)
	const count = 40
	for _, every := range []int32{7, count + 1} {
		r, ended := pipe(t, s)
		var all []byte
		for i := range int32(count) {
			if i%every == every-1 {
				q := longPoll()
				q.MaxWaitMillis = 1
				all = append(all, bytesOf(q, i)...)
				continue
			}
			all = append(all, bytesOf(kmsg.NewPtrApiVersionsRequest(), i)...)
		}
		if every > count {
			all = append(all, 0, 0, 0, 2, 0, 0) // too short for a header
		}
		go r.Write(all)
		for i := range int32(count) {
			var a kmsg.Response = kmsg.NewPtrApiVersionsResponse()
			if i%every == every-1 {
				a = kmsg.NewPtrFetchResponse()
				a.SetVersion(12)
			}
			if err := r.take(i, a); err != nil {
				t.Fatal(i, err)
			}
		}
		if every > count {
			until(t, "a request without a header", ended)
		}
	}
}
