package kafka

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"partita/engine"
	"partita/engine/sim"
)

// TestFranzNextGroup: franz-go consumes in a group of KIP-848, whose assignments the broker
// makes, as two members, and as one after the other has left.
func TestFranzNextGroup(t *testing.T) {
	p := start(t)
	p.topic("next partitions=4")
	ctx, stop := context.WithCancel(within(t))
	defer stop()
	owned := make(chan int, 100)
	member := func() *kgo.Client {
		mine := 0
		c := p.franz(kgo.ServerSideBalancer(), kgo.ConsumeTopics("next"), kgo.ConsumerGroup("kip848"),
			kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { mine += len(m["next"]); owned <- mine }),
			kgo.OnPartitionsRevoked(func(_ context.Context, _ *kgo.Client, m map[string][]int32) { mine -= len(m["next"]); owned <- mine }))
		go func() {
			for ctx.Err() == nil {
				c.PollFetches(ctx)
			}
		}()
		return c
	}
	wait := func(what string, ok func(e *engine.Engine, members []engine.MemberView) bool) {
		t.Helper()
		for limit := time.After(testMost); ; {
			done := false
			p.main().Look(func(w *sim.World) {
				g, _ := w.Engine().Group("kip848")
				done = ok(w.Engine(), w.Engine().Members(g.ID, nil))
			})
			if done {
				return
			}
			select {
			case <-time.After(20 * time.Millisecond):
			case <-limit:
				t.Fatal("it never came to ", what)
			}
		}
	}
	member()
	second := member()
	wait("two members", func(_ *engine.Engine, members []engine.MemberView) bool { return len(members) == 2 })
	for n := 0; n != 2; n = <-owned { // the first gives two away, or the second gets two
	}
	described, err := kadm.NewClient(p.franz()).DescribeConsumerGroups(within(t), "kip848")
	if err != nil || len(described["kip848"].Members) != 2 {
		t.Errorf("described: %v, %+v", err, described)
	}
	second.CloseAllowingRebalance()
	wait("one member", func(_ *engine.Engine, members []engine.MemberView) bool { return len(members) == 1 })
	for n := 0; n != 4; n = <-owned {
	}
}

// TestFranzShareGroup: two members of a share group share one partition: each record goes
// to one of them, and what is released comes again.
func TestFranzShareGroup(t *testing.T) {
	p := start(t)
	p.topic("jobs partitions=1")
	q := kmsg.NewPtrIncrementalAlterConfigsRequest()
	q.Resources = []kmsg.IncrementalAlterConfigsRequestResource{{ResourceType: kmsg.ConfigResourceTypeGroupConfig, ResourceName: "crew",
		Configs: []kmsg.IncrementalAlterConfigsRequestResourceConfig{{Name: "share.auto.offset.reset", Value: kadm.StringPtr("earliest")}}}}
	if a, err := q.RequestWith(within(t), p.franz()); err != nil || a.Resources[0].ErrorCode != 0 {
		t.Fatal(err, a)
	}
	producer := p.franz(kgo.DefaultProduceTopic("jobs"))
	const n = 100
	for i := range n {
		if err := producer.ProduceSync(within(t), kgo.StringRecord(fmt.Sprint(i))).FirstErr(); err != nil {
			t.Fatal(err)
		}
	}
	type got struct {
		value    string
		released bool
	}
	ctx, stop := context.WithCancel(within(t))
	defer stop()
	all := make(chan got, 10*n)
	for range 2 {
		c := p.franz(kgo.ConsumeTopics("jobs"), kgo.ShareGroup("crew"), kgo.ShareMaxRecords(5))
		go func() {
			released := map[string]bool{}
			for ctx.Err() == nil {
				c.PollFetches(ctx).EachRecord(func(r *kgo.Record) {
					value := string(r.Value)
					again := value[len(value)-1] == '7' && !released[value] && r.DeliveryCount() < 2
					if released[value] = true; again {
						c.MarkAcks(kgo.AckRelease, r)
					} else {
						c.MarkAcks(kgo.AckAccept, r)
					}
					all <- got{value, again}
				})
				c.FlushAcks(ctx)
			}
		}()
	}
	accepted, released := map[string]int{}, 0
	for len(accepted) < n {
		select {
		case r := <-all:
			if r.released {
				released++
			} else if accepted[r.value]++; accepted[r.value] > 1 {
				t.Errorf("record %s was given out twice", r.value)
			}
		case <-within(t).Done():
			t.Fatalf("%d of %d records came", len(accepted), n)
		}
	}
	if released != n/10 {
		t.Errorf("%d records were released, want %d", released, n/10)
	}
}
