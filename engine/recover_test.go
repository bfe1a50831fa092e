package engine

import (
	"fmt"
	"testing"

	"partita/engine/batch"
	"partita/engine/statetest"
)

// seen is what people can see of a cluster that stands still.
func seen(e *Engine) (text string) {
	e.Topics(func(v TopicView) bool {
		t := e.topics[v.ID]
		text += fmt.Sprintln(v, t.config.value)
		for _, p := range t.partitions {
			text += fmt.Sprintln(p.index, p.start, p.end)
		}
		return true
	})
	for _, name := range []string{"g", "h"} {
		if g := e.groupNamed(name); g != nil {
			text += fmt.Sprintln(name, g.appendOffsets(nil))
		}
	}
	return text
}

// values are the records of a log by offset.
func values(p *partition) map[int64]string {
	all := map[int64]string{}
	for _, s := range p.segments {
		for i := range s.batches {
			h, _ := batch.Parse(s.batch(i))
			var r batch.Record
			for it := batch.Records(s.batch(i)); it.Next(&r); {
				all[h.BaseOffset+int64(r.OffsetDelta)] = fmt.Sprintf("%q=%q", r.Key, r.Value)
			}
		}
	}
	return all
}

// sameRecords: the recovered log has every record of the other one. Compaction is not
// stored, so it may have more: each engine cleans when its own time comes.
func sameRecords(t *testing.T, was, now *partition) {
	t.Helper()
	have, want := values(now), values(was)
	for o, v := range want {
		if have[o] != v {
			t.Fatalf("%s-%d: offset %d is %s, was %s", was.topic.name, was.index, o, have[o], v)
		}
	}
	if was.cleaned == 0 && len(have) != len(want) {
		t.Fatalf("%s-%d has %d records, had %d", was.topic.name, was.index, len(have), len(want))
	}
}

// TestRecover runs random commands, stores the durable events, and makes another engine
// of them: it looks the same.
func TestRecover(t *testing.T) {
	for seed := range uint64(200) {
		f := newFuzzer(t, randomBytes(seed, 400))
		var stored []Event
		f.stored = &stored
		f.do(0, &CreateTopic{Name: "orders", Partitions: 3})
		for len(f.in) > 0 {
			f.step()
		}
		again := newFuzzer(t, nil).e
		for i := range stored {
			again.Recover(&stored[i])
		}
		again.Recovered(f.now)
		if err := again.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, topic := range f.e.topics {
			for i := 0; topic != nil && i < len(topic.partitions); i++ {
				sameRecords(t, topic.partitions[i], again.topics[topic.id].partitions[i])
			}
		}
		if got, want := seen(again), seen(f.e); got != want {
			t.Fatalf("seed %d: after recovery it looks different:\n%s", seed, statetest.Difference(want, got))
		}
	}
}
