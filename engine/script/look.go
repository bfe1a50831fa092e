package script

import (
	"strings"
	"unicode/utf8"

	"partita/engine"
	"partita/engine/batch"
	"partita/engine/sim"
)

// standing is where a group stands in one partition.
type standing struct {
	engine.TopicPartition
	owner     string        // empty: nobody
	committed engine.Offset // -1: none
	end       engine.Offset // log end offset
	lag       int64         // to the end, from committed or else the log start offset
}

// standings lists what a group owns or has committed: topics in the order of creation.
func (r *Runner) standings(g *engine.GroupView) (list []standing) {
	e := r.World.Engine()
	members := e.Members(g.ID, nil)
	e.Topics(func(t engine.TopicView) bool {
		owners := make([]string, t.Partitions)
		for i := range members {
			a, _ := engine.ParseAssignment(members[i].Assignment)
			for _, of := range a.Partitions {
				for _, p := range of.Partitions {
					if of.Topic == t.Name && p >= 0 && int(p) < len(owners) {
						owners[p] = r.World.MemberName(members[i].ID)
					}
				}
			}
		}
		for p := range owners {
			at := place{TopicPartition: engine.TopicPartition{Topic: t.Name, Partition: engine.Partition(p)}, id: t.ID}
			if s := r.standing(g, &at); owners[p] != "" || s.committed >= 0 {
				s.owner = owners[p]
				list = append(list, s)
			}
		}
		return true
	})
	return list
}

// standing is where a group stands in one partition; the owner is left out.
func (r *Runner) standing(g *engine.GroupView, at *place) standing {
	s := standing{TopicPartition: at.TopicPartition, committed: -1}
	if o, ok := r.World.Engine().Committed(g.ID, at.Topic, at.Partition); ok {
		s.committed = o.Offset
	}
	v, _ := r.World.Engine().Partition(at.id, at.Partition)
	s.end = v.LogEnd
	s.lag = int64(v.LogEnd - max(s.committed, v.LogStart))
	return s
}

func (r *Runner) lag(g *engine.GroupView) (lag int64) {
	for _, s := range r.standings(g) {
		lag += s.lag
	}
	return lag
}

// offsets is the number of offsets of a topic from log start to log end.
func (r *Runner) offsets(t *engine.TopicView) (n int64) {
	for p := range t.Partitions {
		v, _ := r.World.Engine().Partition(t.ID, engine.Partition(p))
		n += int64(v.LogEnd - v.LogStart)
	}
	return n
}

// records calls visit for the records of a partition from an offset on, until it
// returns false.
func (r *Runner) records(id engine.TopicID, p engine.Partition, from engine.Offset, visit func(o engine.Offset, at int64, rec *batch.Record) bool) {
	for {
		bytes, code := r.World.Engine().Read(id, p, from, 1<<16)
		if r.refused(code, sim.Phrase("there is no offset ", itoa(int64(from)), " in this partition")) || len(bytes) == 0 {
			return
		}
		for len(bytes) > 0 {
			h, err := batch.Parse(bytes)
			if !r.check(err) {
				return
			}
			var rec batch.Record
			for it := batch.Records(bytes[:h.Size()]); !h.IsControl() && it.Next(&rec); {
				o := engine.Offset(h.BaseOffset) + engine.Offset(rec.OffsetDelta)
				if o >= from && !visit(o, h.Timestamp(&rec), &rec) {
					return
				}
			}
			from = engine.Offset(h.NextOffset())
			bytes = bytes[h.Size():]
		}
	}
}

// newest finds the partition of the newest record with a key, by timestamp, or none.
// Of equal times the higher partition counts.
func (r *Runner) newest(t *engine.TopicView, key string) string {
	found, latest := engine.Offset(-1), int64(0)
	for p := range engine.Partition(t.Partitions) {
		v, _ := r.World.Engine().Partition(t.ID, p)
		r.records(t.ID, p, v.LogStart, func(_ engine.Offset, at int64, rec *batch.Record) bool {
			if rec.Key != nil && string(rec.Key) == key && (found < 0 || at >= latest) {
				found, latest = engine.Offset(p), at
			}
			return true
		})
	}
	return offset(found)
}

// offset writes an offset, and none for -1.
func offset(o engine.Offset) string {
	if o < 0 {
		return "none"
	}
	return itoa(int64(o))
}

// text shows bytes of a key or value, null for nil.
func text(b []byte) string {
	if b == nil {
		return "null"
	}
	return clip(string([]rune(string(b))))
}

// row adds cells to the table at hand.
func (r *Runner) row(cells ...string) { r.cells = append(r.cells, cells...) }

// table prints the table at hand, whose first row is a title, in columns: numbers to
// the right.
func (r *Runner) table(columns int) {
	width := make([]int, columns)
	for i, cell := range r.cells {
		width[i%columns] = max(width[i%columns], utf8.RuneCountInString(cell))
	}
	last := r.cells[len(r.cells)-columns:]
	line := ""
	for i, cell := range r.cells {
		c := i % columns
		pad := strings.Repeat(" ", width[c]-utf8.RuneCountInString(cell))
		if c > 0 && strings.Trim(last[c], "0123456789") == "" {
			line += pad + cell + "  "
		} else {
			line += cell + pad + "  "
		}
		if c == columns-1 {
			r.say(strings.TrimRight(line, " "))
			line = ""
		}
	}
	r.cells = r.cells[:0]
}
