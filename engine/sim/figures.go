package sim

import "partita/engine"

// Figure is one number by which two runs are compared.
type Figure struct {
	Name  string // what it counts
	Value int64
}

// Figures counts what people compare two runs by: always the same list, so that a figure
// stands at the same place for each run.
func (w *World) Figures() []Figure {
	t := &w.custody.totals
	var rebalances, revoked, dropped, paused, behind int64
	w.engine.Groups(func(g engine.GroupView) bool {
		rebalances += int64(g.Generation)
		if l := w.ledgerNamed(g.Name); l != nil {
			revoked, dropped, paused = revoked+l.revoked, dropped+l.lost, paused+int64(l.paused)
		}
		behind += w.behind(&g)
		return true
	})
	return []Figure{
		{"records sent", t.Sent}, {"acknowledged", t.Acked}, {"given up by producers", t.Failed}, {"appended", t.Appended},
		{"lost", t.Lost}, {"duplicated", t.Duplicated}, {"out of order", t.Disordered},
		{"lag of all groups", behind}, {"rebalances", rebalances},
		{"partitions given up in good order", revoked}, {"partitions taken away", dropped},
		{"ms in which a partition had no reader", paused},
	}
}

// behind is the lag of a group, over all partitions for which it has committed.
func (w *World) behind(g *engine.GroupView) (sum int64) {
	w.offsets = w.engine.Offsets(g.ID, w.offsets[:0])
	for i := range w.offsets {
		o := &w.offsets[i]
		t, ok := w.engine.Topic(o.Topic)
		if !ok {
			continue
		}
		if v, ok := w.engine.Partition(t.ID, o.Partition); ok {
			sum += int64(v.LogEnd - max(o.Offset, v.LogStart))
		}
	}
	return sum
}
