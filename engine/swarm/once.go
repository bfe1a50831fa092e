package swarm

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/batch"
)

// exactlyOnce compares what workers have read with what they have written: with
// processing.guarantee=exactly_once each record once, else at least once. It looks only
// where nothing else may take records or offsets away.
func (r *run) exactlyOnce() error {
	p := &r.plan
	if r.works == "" || !r.monitor.Promised || r.monitor.Unclean() {
		return nil
	}
	once := strings.Contains(r.works, "exactly_once")
	e := r.world.Engine()
	g, ok := e.Group(r.workers.name)
	if !ok {
		return nil
	}
	read, written := map[string]int{}, map[string]int{}
	for _, t := range p.topics {
		view, _ := e.Topic(t.name)
		for i := range engine.Partition(view.Partitions) {
			v, _ := e.Partition(view.ID, i)
			c, ok := e.Committed(g.ID, t.name, i)
			if v.LogStart > 0 {
				return nil // retention took some
			}
			if ok {
				r.values(view.ID, i, c.Offset, once, read)
			}
		}
	}
	for _, name := range p.outputs {
		view, _ := e.Topic(name)
		for i := range engine.Partition(view.Partitions) {
			v, _ := e.Partition(view.ID, i)
			r.values(view.ID, i, v.LastStable, true, written)
		}
	}
	for _, value := range slices.Sorted(maps.Keys(read)) {
		if n, m := read[value], written[value]; m < n || once && m > n {
			return errors.New("exactly-once: " + value + " was read " + itoa(int64(n)) + " times and written " + itoa(int64(m)) + " times")
		}
	}
	for _, value := range slices.Sorted(maps.Keys(written)) {
		if m := written[value]; once && read[value] == 0 {
			return errors.New("exactly-once: " + value + " was written " + itoa(int64(m)) + " times and nobody has read it")
		}
	}
	return nil
}

// values counts the records of a partition up to an offset, without those that were
// aborted if that is asked for.
func (r *run) values(id engine.TopicID, p engine.Partition, to engine.Offset, committed bool, count map[string]int) {
	e := r.world.Engine()
	aborted := e.AbortedTransactions(id, p, 0, to)
	for at := engine.Offset(0); at < to; {
		bytes := e.Peek(id, p, at, 1)
		h, err := batch.Parse(bytes)
		if err != nil {
			return
		}
		var rec batch.Record
		for it := batch.Records(bytes); !h.IsControl() && it.Next(&rec); {
			o := engine.Offset(h.BaseOffset) + engine.Offset(rec.OffsetDelta)
			gone := o >= to
			for _, a := range aborted {
				gone = gone || committed && h.IsTransactional() && a.ProducerID == h.ProducerID && o >= a.First && o < a.Marker
			}
			if !gone {
				count[string(rec.Value)]++
			}
		}
		at = engine.Offset(h.LastOffset()) + 1
	}
}
