package engine

import (
	"strconv"

	"partita/engine/batch"
)

// CommitInLog holds when nothing is under way.
const CommitInLog Invariant = "commit-in-log"

// CheckAtRest looks at what holds only when nothing is under way: that the newest record
// of each committed offset in OffsetsTopic is what the group has. What was committed in
// transactions it leaves out.
func (e *Engine) CheckAtRest() error {
	t := e.topicAt(e.offsets)
	if e.offsets == 0 || t == nil {
		return nil
	}
	for _, p := range t.partitions {
		newest := p.newestCommits()
		for _, g := range e.groups {
			if g == nil || g.log != p || g.state == GroupDead {
				continue
			}
			for _, o := range g.appendOffsets(nil) {
				at, ok := newest[commitName(g.name, o.Topic, o.Partition)]
				if !ok || at != o.Offset && at >= 0 {
					return g.broken(CommitInLog, TopicPartition{o.Topic, o.Partition}.String()+" has "+itoa(o.Offset)+", its log "+itoa(at))
				}
			}
		}
	}
	return nil
}

func commitName(group, topic string, p Partition) string {
	return group + "\x00" + topic + "\x00" + strconv.Itoa(int(p))
}

// newestCommits reads a partition of OffsetsTopic from its start: committed offsets, -1
// for one that a transaction wrote.
func (p *partition) newestCommits() map[string]Offset {
	newest := map[string]Offset{}
	for _, s := range p.segments {
		for i := range s.batches {
			bytes := s.batch(i)
			h, err := batch.Parse(bytes)
			if err != nil || h.IsControl() {
				continue
			}
			var r batch.Record
			for it := batch.Records(bytes); it.Next(&r); {
				rec, err := DecodeOffsetsRecord(r.Key, r.Value)
				switch {
				case err != nil || rec.Topic == "":
				case h.IsTransactional():
					newest[commitName(rec.Group, rec.Topic, rec.Partition)] = -1
				case rec.Removed:
					delete(newest, commitName(rec.Group, rec.Topic, rec.Partition))
				default:
					newest[commitName(rec.Group, rec.Topic, rec.Partition)] = rec.Offset
				}
			}
		}
	}
	return newest
}
