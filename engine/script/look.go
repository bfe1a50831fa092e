package script

import (
	"slices"
	"strings"

	"partita/engine"
	"partita/engine/batch"
)

// standing is where a group stands in one partition.
type standing struct {
	tp        engine.TopicPartition
	owner     string // empty: nobody
	committed engine.Offset
	end       engine.Offset // log end offset
	lag       int64         // to the end, from committed or else the log start offset
}

// standings lists what a group owns or has committed, by topic and partition.
func (r *Runner) standings(g engine.GroupView) []standing {
	e := r.World.Engine()
	var list []standing
	at := func(topic string, p engine.Partition) *standing {
		i, found := slices.BinarySearchFunc(list, engine.TopicPartition{Topic: topic, Partition: p},
			func(s standing, tp engine.TopicPartition) int {
				if c := strings.Compare(s.tp.Topic, tp.Topic); c != 0 {
					return c
				}
				return int(s.tp.Partition) - int(tp.Partition)
			})
		if !found {
			list = slices.Insert(list, i, standing{tp: engine.TopicPartition{Topic: topic, Partition: p}, committed: -1})
		}
		return &list[i]
	}
	for _, o := range e.Offsets(g.ID, nil) {
		at(o.Topic, o.Partition).committed = o.Offset
	}
	for _, m := range e.Members(g.ID, nil) {
		a, _ := engine.ParseAssignment(m.Assignment)
		for _, t := range a.Partitions {
			for _, p := range t.Partitions {
				at(t.Topic, engine.Partition(p)).owner = r.World.MemberName(m.ID)
			}
		}
	}
	for i := range list {
		s := &list[i]
		t, _ := e.Topic(s.tp.Topic)
		if v, ok := e.Partition(t.ID, s.tp.Partition); ok {
			s.end = v.LogEnd
			s.lag = int64(v.LogEnd - max(s.committed, v.LogStart))
		}
	}
	return list
}

func lagOf(list []standing) (lag int64) {
	for i := range list {
		lag += list[i].lag
	}
	return lag
}

// records calls visit for the records of a partition from an offset on, until it
// returns false.
func (r *Runner) records(id engine.TopicID, p engine.Partition, from engine.Offset, visit func(o engine.Offset, at int64, rec *batch.Record) bool) error {
	for {
		bytes, code := r.World.Engine().Read(id, p, from, 1<<16)
		if code != engine.None {
			return refused(code, "there is no offset "+itoa(int64(from))+" in this partition")
		}
		if len(bytes) == 0 {
			return nil
		}
		for len(bytes) > 0 {
			h, err := batch.Parse(bytes)
			if err != nil {
				return err
			}
			var rec batch.Record
			for it := batch.Records(bytes[:h.Size()]); it.Next(&rec); {
				o := engine.Offset(h.BaseOffset) + engine.Offset(rec.OffsetDelta)
				if o >= from && !visit(o, h.Timestamp(&rec), &rec) {
					return nil
				}
			}
			from = engine.Offset(h.BaseOffset) + engine.Offset(h.LastOffsetDelta) + 1
			bytes = bytes[h.Size():]
		}
	}
}

// newest finds the partition of the newest record with a key, by timestamp; false
// when there is none. Of equal times the higher partition counts.
func (r *Runner) newest(t engine.TopicView, key string) (found engine.Partition, ok bool, err error) {
	latest := int64(0)
	for p := engine.Partition(0); p < engine.Partition(t.Partitions); p++ {
		v, _ := r.World.Engine().Partition(t.ID, p)
		err := r.records(t.ID, p, v.LogStart, func(_ engine.Offset, at int64, rec *batch.Record) bool {
			if rec.Key != nil && string(rec.Key) == key && (!ok || at >= latest) {
				found, latest, ok = p, at, true
			}
			return true
		})
		if err != nil {
			return 0, false, err
		}
	}
	return found, ok, nil
}

// text shows bytes of a key or value, null for nil.
func text(b []byte) string {
	if b == nil {
		return "null"
	}
	return clip(strings.ToValidUTF8(string(b), "\uFFFD"))
}

// table lays out rows of cells in columns, numbers to the right.
func (r *Runner) table(rows [][]string) {
	width := make([]int, 16)
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			pad := strings.Repeat(" ", width[i]-len([]rune(cell)))
			switch {
			case i > 0 && numeric(rows[len(rows)-1][i]):
				line += pad + cell + "  "
			default:
				line += cell + pad + "  "
			}
		}
		r.say(strings.TrimRight(line, " "))
	}
}

func numeric(s string) bool {
	return s == "-" || s != "" && strings.Trim(s, "0123456789") == ""
}
