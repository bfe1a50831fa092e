package swarm

import (
	"strings"
	"testing"

	"partita/engine/script"
	"partita/engine/sim"
)

// found is what seeds have found, each by itself.
var found = []struct{ name, lines string }{
	{"a follower that asks a partition leader before that knows it joins the ISR", `
		cluster brokers=3 latency=18ms
		topic create t replicas=103:101
		advance 1s
		broker pause 103
		reassign t-0 102,103,101
		advance 1s
		broker resume 103
		advance 20s
		expect isr t-0 102,103,101`},
	{"poll is called though a commit begins at once", `
		topic create t
		producer add p topic=t rate=100/s
		consumer add c group=g topics=t commit=before process=0 max.poll.records=1 max.poll.interval.ms=2s auto.offset.reset=earliest
		link latency=20ms
		advance 20s
		producer pause p
		settle
		expect group g generation=1`},
	{"a committed offset that may not be read is not none", `
		cluster authorizer.class.name=StandardAuthorizer super.users=User:admin allow.everyone.if.no.acl.found=true
		topic create t
		send t a
		send t b
		consumer add c group=g topics=t auto.offset.reset=earliest commit=after
		settle
		consumer crash c
		advance 60s
		link latency=1s
		consumer restart c
		advance 5500ms
		acl deny ANONYMOUS Describe topic:t
		acl allow ANONYMOUS Read topic:t
		advance 7s
		acl remove
		advance 60s
		expect duplicates g 0`},
	{"commitSync throws when the group is denied", `
		cluster authorizer.class.name=StandardAuthorizer super.users=User:admin allow.everyone.if.no.acl.found=true
		topic create t
		producer add p topic=t rate=5/s
		link latency=0
		consumer add c group=g topics=t auto.offset.reset=earliest commit=before process=0
		advance 5s
		acl deny ANONYMOUS Read group:g
		advance 5s
		producer pause p
		settle
		expect state c failed`},
	{"a share session hears of a topic made anew", `
		topic create t
		share add s group=g topics=t
		settle
		send t a
		settle
		topic delete t
		topic create t
		advance 60s
		send t b
		advance 10s
		expect processed g t-0 0 times=1`},
	{"no topic is deleted while there is no controller", `
		cluster brokers=3
		topic create t
		link cut 101 102
		link cut 101 103
		link cut 102 103
		advance 20s
		fails topic delete t
		fails topic partitions t 5`},
	{"a marker of a topic made anew is not waited for", `
		cluster brokers=3 transaction.state.log.num.partitions=1 transaction.state.log.replication.factor=1
		topic create t replicas=102:103
		producer add p topic=t transactional.id=x rate=0
		settle
		producer begin p
		producer send p a
		settle
		broker pause 103
		producer commit p
		advance 500ms
		topic delete t
		topic create t replicas=102:103
		broker resume 103
		advance 20s
		expect txn x state=CompleteCommit`},
	{"a coordinator that is cut off goes on with its transactions", `
		cluster brokers=3 transaction.state.log.num.partitions=1 transaction.state.log.replication.factor=1 broker.session.timeout.ms=2000
		topic create t replicas=101:102:103
		producer add p topic=t transactional.id=x rate=0 transaction.timeout.ms=8000
		settle
		producer begin p
		producer send p a
		settle
		link cut 102
		advance 20s
		link heal
		advance 20s
		expect txn x state=CompleteAbort`},
	{"power takes whole record batches", `
		cluster brokers=2
		topic create t replication=2 flush.messages=20
		producer add p topic=t rate=100/s linger.ms=300 acks=1
		advance 2s
		producer pause p
		settle
		broker crash 101 unsynced
		broker crash 102 unsynced
		advance 20s
		broker start 101
		broker start 102
		advance 20s
		producer resume p
		advance 1s
		producer pause p
		settle`},
	{"records that compaction took from a share group hold nothing up", `
		cluster log.cleaner.backoff.ms=500
		topic create t cleanup.policy=compact segment.bytes=200 min.cleanable.dirty.ratio=0
		share add s group=g topics=t max.poll.records=3 process=5s acknowledge=release
		settle
		producer add p topic=t rate=20/s keys=a,b
		advance 4s
		producer pause p
		advance 8s
		share add r group=g topics=t
		consumer remove s
		settle`},
	{"locks end though the group has no coordinator", `
		cluster brokers=3 offsets.topic.num.partitions=1 offsets.topic.replication.factor=1 share.coordinator.state.topic.replication.factor=3 group.share.record.lock.duration.ms=2000
		topic create t replicas=103
		share add s group=g topics=t max.poll.records=1 process=1s
		settle
		send t a
		send t b
		advance 500ms
		consumer freeze s
		broker crash 102
		advance 60s
		broker start 102
		consumer thaw s
		settle`},
	{"what a split batch is made of keeps its place", `
		topic create t
		producer add p topic=t rate=100/s linger.ms=200 keys=a,b request.timeout.ms=300 delivery.timeout.ms=2s
		advance 1s
		topic config t max.message.bytes=300
		advance 2s
		link drop p 40%
		advance 20s
		link heal
		advance 10s
		producer pause p
		settle
		expect ledger disordered=0 duplicated=0`},
}

// TestFound runs the lines of each, and looks at every invariant all the time.
func TestFound(t *testing.T) {
	for _, f := range found {
		t.Run(f.name, func(t *testing.T) {
			w := sim.New(sim.Config{Seed: 1, LatencyMs: 10})
			runner, monitor := script.Runner{World: w}, sim.NewMonitor(w)
			for line := range strings.Lines(f.lines) {
				if line = strings.TrimSpace(line); line == "" {
					continue
				}
				if _, err := runner.Run(line); err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				err := w.Engine().Check()
				if err == nil {
					err = monitor.Look()
				}
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
			}
		})
	}
}
