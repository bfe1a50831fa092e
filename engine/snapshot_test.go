package engine

import (
	"math/rand/v2"
	"testing"

	"partita/engine/statetest"
)

// How Snapshot treats a field that holds a reference.
const (
	copied = statetest.Copied
	listed = statetest.Listed
	shared = statetest.Shared
	buffer = statetest.Buffer
)

// snapshotFields has a line for every field of the state that holds a reference: new
// state needs one here, and code in snapshot.go where it says Copied.
var snapshotFields = statetest.Fields{
	"Engine.timers.heap":          copied,
	"Engine.topics":               copied,
	"Engine.topicByName":          copied,
	"Engine.txns":                 copied,
	"Engine.txnByName":            copied,
	"txn.partitions":              copied,
	"Engine.deferred":             copied,
	"deferred.cmd":                shared, // the engine's own
	"deferred.timedOut":           shared,
	"txn.written":                 copied,
	"txn.markers":                 copied,
	"group.pending":               copied,
	"Engine.groups":               copied,
	"Engine.groupByName":          copied,
	"Engine.memberNames":          shared,
	"Engine.parked":               copied,
	"Engine.broker.own":           copied,
	"Engine.broker.texts":         shared,
	"Engine.writer":               buffer,
	"Engine.scratch":              buffer,
	"Engine.ready":                buffer,
	"Engine.open":                 buffer, // a function
	"parkedFetch.cmd.Parts":       shared, // a client that parked a fetch leaves it alone
	"topic.partitions":            copied,
	"partition.topic":             copied,
	"partition.log.segments":      listed,
	"partition.rep":               copied,
	"partition.local":             shared, // replaced, never written to
	"replication.regs":            shared, // with lent; a registration never changes
	"replication.replicas":        copied,
	"replication.main":            copied,
	"replica.epochs":              shared, // replaced, never written to
	"replica.tail":                copied,
	"replica.lead":                copied,
	"log.segments":                listed,
	"leadership.isr":              shared,
	"leadership.asked":            shared,
	"leadership.followers":        copied,
	"leadership.waiting":          copied,
	"waiter.reply.Body":           shared,
	"Engine.brokers":              copied,
	"Engine.memory":               buffer, // a function
	"parkedFetch.cmd.Into":        buffer,
	"Engine.metadata":             shared, // with lent
	"broker.held":                 copied,
	"broker.late":                 copied,
	"Engine.callers":              copied,
	"Engine.acls":                 shared, // the list is copied; a rule does not change
	"Engine.quotas":               copied,
	"Engine.rates":                copied,
	"caller.held":                 copied,
	"mutedCommand.cmd":            shared,
	"rate.windows":                copied,
	"heldCommand.cmd":             shared,
	"partition.producers.list":    copied,
	"partition.producers.open":    copied,
	"partition.producers.decided": copied,
	"partition.producers.aborted": copied,
	"segment.data":                shared,
	"segment.batches":             shared,
	"group.log":                   copied,
	"group.leader":                copied,
	"group.members":               copied,
	"group.byName":                copied,
	"group.byInstance":            copied,
	"group.votes":                 copied,
	"group.offsets":               copied,
	"topicOffsets.partitions":     copied,
	"member.protocols":            copied,
	"member.assignment":           shared,
	"JoinProtocol.Metadata":       shared,
}

func TestSnapshotCopiesEveryField(t *testing.T) {
	snapshotFields.Check(t, Engine{})
}

func randomBytes(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 7))
	in := make([]byte, n)
	for i := range in {
		in[i] = byte(r.Uint32())
	}
	return in
}

// TestSnapshotAnyInstant runs random commands of every kind, takes a snapshot somewhere,
// goes on, and then goes on from the snapshot once more.
func TestSnapshotAnyInstant(t *testing.T) {
	t.Parallel()
	for seed := range runs(500) {
		f := newMixer(t, randomBytes(seed, 1200))
		f.begin()
		f.run(rand.New(rand.NewPCG(seed, 8)).IntN(200))
		s := f.e.Snapshot()
		then := snapshotFields.Dump(f.e)
		if got := snapshotFields.Dump(s.state); got != then {
			t.Fatalf("seed %d: the snapshot differs from the engine:\n%s", seed, statetest.Difference(then, got))
		}
		snapshotFields.Apart(t, f.e, s.state)
		again := f.copy(New(Config{}))
		f.run(1000)
		if got := snapshotFields.Dump(s.state); got != then {
			t.Fatalf("seed %d: the snapshot changed afterwards:\n%s", seed, statetest.Difference(then, got))
		}
		again.e.Restore(s)
		again.run(1000)
		if a, b := f.e.Digest(), again.e.Digest(); a != b {
			t.Fatalf("seed %d: digest %x, and from the snapshot %x", seed, a, b)
		}
		if a, b := snapshotFields.Dump(f.e), snapshotFields.Dump(again.e); a != b {
			t.Fatalf("seed %d: another state from the snapshot:\n%s", seed, statetest.Difference(a, b))
		}
		if got := snapshotFields.Dump(s.state); got != then {
			t.Fatalf("seed %d: the snapshot changed by being restored:\n%s", seed, statetest.Difference(then, got))
		}
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

func BenchmarkSnapshot(b *testing.B) {
	e := New(Config{})
	e.Apply(0, 1, 1, &CreateTopic{Name: "orders", Partitions: 6})
	for i := range 60_000 {
		e.Apply(Time(i), 1, 2, &Produce{Topic: 1, Partition: Partition(i % 6), Acks: 1, Batch: records(int64(i), "some value or other", "and another")})
		e.Advance()
	}
	b.ReportAllocs()
	for b.Loop() {
		e.Restore(e.Snapshot())
	}
}
